package remedy

import (
	"strings"
	"testing"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

const podSpec = `
nodeName: n1
restartPolicy: Always
imagePullSecrets: [{name: old}]
securityContext: {runAsNonRoot: true, sysctls: [{name: kernel.shm, value: "1"}, {name: net.core, value: "2"}]}
initContainers: [{name: wait, image: "w:1", command: [sh, -c, x]}]
containers:
- name: app
  image: "x:1"
  args: [--port, "80"]
  ports: [{containerPort: 80}, {containerPort: 81, hostPort: 81}]
  envFrom: [{configMapRef: {name: one}}, {secretRef: {name: two}}]
  env: [{name: MODE, valueFrom: {configMapKeyRef: {name: c, key: mode}}}]
  volumeMounts: [{name: v, mountPath: /etc/app}]
volumes: [{name: v, configMap: {name: c}}, {name: tmp, emptyDir: {}}]
`

func specOf(t *testing.T, text string) *corev1.PodSpec {
	t.Helper()
	var s corev1.PodSpec
	if err := yaml.UnmarshalStrict([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

func target(t *testing.T, kind string) *Target {
	t.Helper()
	name := "web"
	if kind == "Pod" {
		name = "web-1"
	}
	return &Target{Owner: cluster.Ref{Kind: kind, Namespace: "shop", Name: name},
		Pod: cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "web-1"}, Spec: specOf(t, podSpec)}
}

func unknown(string) (string, bool) { return "", false }

// TestEdits holds what an edit becomes in a strategic merge patch: lists by their keys, and whole where they have none.
func TestEdits(t *testing.T) {
	for _, c := range []struct {
		edit Edit
		want string
	}{
		{Edit{Field: "container.image", Hole: "IMAGE"}, `{"containers":[{"image":"IMAGE","name":"app"}]}`},
		{Edit{Field: "container.command", Value: "sleep 86400"},
			`{"containers":[{"command":["sleep","86400"],"name":"app"}]}`},
		{Edit{Field: "container.resources.limits.memory", Value: "64Mi"},
			`{"containers":[{"name":"app","resources":{"limits":{"memory":"64Mi"}}}]}`},
		{Edit{Field: "container.resources.limits[nvidia.com/gpu]", Value: "1"},
			`{"containers":[{"name":"app","resources":{"limits":{"nvidia.com/gpu":"1"}}}]}`},
		{Edit{Field: "container.securityContext.runAsUser", Hole: "USER"},
			`{"containers":[{"name":"app","securityContext":{"runAsUser":USER}}]}`},
		{Edit{Field: "container.readinessProbe.httpGet.port", Hole: "PORT"},
			`{"containers":[{"name":"app","readinessProbe":{"httpGet":{"port":PORT}}}]}`},
		{Edit{Field: "container.readinessProbe.httpGet.port", Value: "8080"},
			`{"containers":[{"name":"app","readinessProbe":{"httpGet":{"port":8080}}}]}`},
		{Edit{Field: "container.entry", Hole: "COMMAND"}, `{"containers":[{"args":["COMMAND","80"],"name":"app"}]}`},
		{Edit{Field: "container.entry", Value: "/bin/web"}, `{"containers":[{"args":["/bin/web","80"],"name":"app"}]}`},
		{Edit{Field: "container.words", Hole: "ARGUMENTS"}, `{"containers":[{"args":["ARGUMENTS"],"name":"app"}]}`},
		{Edit{Field: "spec.containers[0].envFrom[1].secretRef.name", Value: "near"},
			`{"containers":[{"envFrom":[{"configMapRef":{"name":"one"}},{"secretRef":{"name":"near"}}],"name":"app"}]}`},
		{Edit{Field: "spec.containers[0].env[0].valueFrom.configMapKeyRef.key", Value: "Mode"},
			`{"containers":[{"env":[{"name":"MODE","valueFrom":{"configMapKeyRef":{"key":"Mode"}}}],"name":"app"}]}`},
		{Edit{Remove: "spec.containers[0].ports[1].hostPort"},
			`{"containers":[{"name":"app","ports":[{"containerPort":81,"hostPort":null}]}]}`},
		{Edit{Remove: "spec.securityContext.sysctls[0]"},
			`{"securityContext":{"sysctls":[{"name":"net.core","value":"2"}]}}`},
		{Edit{Remove: "any.securityContext.runAsNonRoot"}, `{"securityContext":{"runAsNonRoot":null}}`},
		{Edit{Field: "any.securityContext.seccompProfile", Value: `{"type":"RuntimeDefault"}`},
			`{"containers":[{"name":"app","securityContext":{"seccompProfile":{"type":"RuntimeDefault"}}}]}`},
		{Edit{Field: "imagePullSecrets[{near}]", Value: "{}", Hole: "SECRET"}, `{"imagePullSecrets":[{"name":"SECRET"}]}`},
		{Edit{Remove: "imagePullSecrets[old]"}, `{"imagePullSecrets":[{"$patch":"delete","name":"old"}]}`},
		{Edit{Field: "container.volumeMounts[/dev/shm]", Value: `{"name":"dshm"}`},
			`{"containers":[{"name":"app","volumeMounts":[{"mountPath":"/dev/shm","name":"dshm"}]}]}`},
		{Edit{Field: "nodeSelector[kubernetes.io/arch]", Hole: "ARCH"}, `{"nodeSelector":{"kubernetes.io/arch":"ARCH"}}`},
		{Edit{Field: "container.imagePullPolicy", Value: "{near}", Hole: "POLICY"},
			`{"containers":[{"imagePullPolicy":"POLICY","name":"app"}]}`},
		// What would change nothing, or is not there, is no remedy.
		{Edit{Remove: "hostNetwork"}, ""},
		{Edit{Field: "container.volumeMounts[/no/where].subPath", Hole: "KEY"}, ""},
		{Edit{Field: "spec.containers[4].image", Hole: "IMAGE"}, ""},
		{Edit{Field: "container.imagePullPolicy", Value: "{near}"}, ""},
		{Edit{Field: "nodeName", Value: "{near}"}, ""},
	} {
		tg := target(t, "Deployment")
		if err := c.edit.Check(); err != nil {
			t.Errorf("%v: %v", c.edit, err)
		}
		got, all := "", []Edit(nil)
		known := true
		for _, e := range tg.Resolve("app", []Edit{c.edit}) {
			e, ok := e.Fill(unknown)
			known = known && ok
			all = append(all, e)
		}
		if made, ok := tg.Set(all); ok && known {
			_, got, _ = strings.Cut(made.Run, `{"spec":{"template":{"spec":`)
			got = strings.TrimSuffix(got, `}}}'`)
		}
		if got != c.want {
			t.Errorf("%v: got %s, want %s", c.edit, got, c.want)
		}
	}
}

// TestEditFaults holds that a cause cannot name a field that no Pod has.
func TestEditFaults(t *testing.T) {
	for _, e := range []Edit{{}, {Field: "image"}, {Field: "image", Value: "x"}, {Field: "container.limits", Hole: "X"},
		{Field: "container.image", Hole: "x"}, {Field: "container.securityContext.runAsUser", Value: "root"},
		{Field: "containers.name", Value: "x"}, {Field: "containers[", Value: "x"}, {Remove: "hostNetwork", Value: "x"},
		{Field: "any.securityContext.seccompProfile", Value: `{"kind":"RuntimeDefault"}`}} {
		if e.Check() == nil {
			t.Errorf("%v is taken", e)
		}
	}
}

// TestOwners holds how a Pod is changed by what makes it.
func TestOwners(t *testing.T) {
	edit := []Edit{{Field: "containers[app].resources.limits.memory", Value: "64Mi"}}
	const in = `{"containers":[{"name":"app","resources":{"limits":{"memory":"64Mi"}}}]}`
	const inTemplate = ` -p '{"spec":{"template":{"spec":` + in + `}}}'`
	const write, put = `kubectl -n shop get pod web-1 -o yaml | kubectl patch --local -f - -p `,
		` -o yaml | kubectl replace --force -f -`
	const away = `'{"spec":{"containers":[{"name":"app","resources":{"limits":{"memory":"64Mi"}}}],"nodeName":null}}'`
	for _, c := range []struct {
		kind, want, risk string
		change           func(*Target)
	}{
		{"Deployment", `kubectl -n shop patch deployment/web` + inTemplate, Disruptive, nil},
		{"DaemonSet", `kubectl -n shop patch daemonset/web` + inTemplate, Disruptive, nil},
		{"StatefulSet", `kubectl -n shop patch statefulset/web` + inTemplate + ` && kubectl -n shop delete pod web-1`,
			Disruptive, nil},
		{"ReplicaSet", `kubectl -n shop patch replicaset/web` + inTemplate + ` && kubectl -n shop delete pod web-1`, Low,
			nil},
		{"Pod", write + away + put, Low, nil},
		{"Pod", write + away + put, DataLoss,
			func(t *Target) { t.Started = true }},
		{"Job", `kubectl -n shop get job/web -o yaml | kubectl patch --local -f - -p '{"spec":{"selector":null,"template":` +
			`{"metadata":{"labels":{"batch.kubernetes.io/controller-uid":null,"controller-uid":null}},"spec":` + in +
			`}}}' -o yaml | kubectl replace --force -f -`, Disruptive, nil},
		{"CronJob", `kubectl -n shop patch cronjob/web -p '{"spec":{"jobTemplate":{"spec":{"template":{"spec":` + in +
			`}}}}}' && kubectl -n shop delete job web-7 && kubectl -n shop create job web-7 --from=cronjob/web`, Low,
			func(t *Target) { t.Job = "web-7" }},
		{"Rollout", `kubectl -n shop get rollout.argoproj.io/web -o yaml`, Disruptive,
			func(t *Target) { t.Group = "argoproj.io" }},
	} {
		tg := target(t, c.kind)
		if c.change != nil {
			c.change(tg)
		}
		if got, ok := tg.Set(edit); !ok || got.Run != c.want || got.Risk != c.risk {
			t.Errorf("%s: got %s (%s), want %s (%s)", c.kind, got.Run, got.Risk, c.want, c.risk)
		}
	}
}

// TestRedacted holds that what stands in place of a credential is written over none.
func TestRedacted(t *testing.T) {
	tg := target(t, "Deployment")
	tg.Spec.Containers[0].Args = []string{"serve", "--password=REDACTED"}
	got, ok := tg.Set(tg.Resolve("app", []Edit{{Field: "container.entry", Hole: "COMMAND"}}))
	if !ok || strings.Contains(got.Run, "REDACTED") {
		t.Errorf("%v %s", ok, got.Run)
	}
}

// TestImageOfPod holds that the one field of a Pod alone that can be changed is changed in place.
func TestImageOfPod(t *testing.T) {
	got, _ := target(t, "Pod").Set([]Edit{{Field: "containers[app].image", Hole: "IMAGE"}})
	if want := "kubectl -n shop set image pod/web-1 app=IMAGE"; got.Run != want {
		t.Errorf("got %s, want %s", got.Run, want)
	}
}
