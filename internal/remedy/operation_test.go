package remedy

import (
	"encoding/json"
	"testing"
)

// TestOperations reads commands as what the API server does for them, and none that is done elsewhere, that no one word
// of is known, or that touches a Secret.
func TestOperations(t *testing.T) {
	for run, want := range map[string]string{
		"kubectl -n shop rollout undo deployment/web --to-revision=3": `[{"verb":"rollback","object":{"kind":"Deployment",` +
			`"namespace":"shop","name":"web"},"revision":3}]`,
		"kubectl -n shop delete pod web-1": `[{"verb":"delete","object":{"kind":"Pod","namespace":"shop","name":"web-1"}}]`,
		"kubectl -n shop delete pod web-1 --grace-period=0 --force": `[{"verb":"delete","object":{"kind":"Pod",` +
			`"namespace":"shop","name":"web-1"},"grace":0}]`,
		"kubectl uncordon n1": `[{"verb":"patch","object":{"kind":"Node","name":"n1"},"patches":[{"type":"merge",` +
			`"body":{"spec":{"unschedulable":false}}}]}]`,
		"kubectl taint nodes n1 gpu=true:NoSchedule-": `[{"verb":"patch","object":{"kind":"Node","name":"n1"},"patches":` +
			`[{"type":"untaint","body":{"effect":"NoSchedule","key":"gpu"}}]}]`,
		`kubectl -n shop patch --type=json -p '[{"op":"remove","path":"/spec/schedulingGates"}]' pod web`: `[{"verb":` +
			`"patch","object":{"kind":"Pod","namespace":"shop","name":"web"},"patches":[{"type":"json","body":` +
			`[{"op":"remove","path":"/spec/schedulingGates"}]}]}]`,
		`kubectl -n shop patch replicaset/web -p '{"a":"b c"}' && kubectl -n shop delete pod x`: `[{"verb":"patch",` +
			`"object":{"kind":"ReplicaSet","namespace":"shop","name":"web"},"patches":[{"type":"strategic","body":` +
			`{"a":"b c"}}]},{"verb":"delete","object":{"kind":"Pod","namespace":"shop","name":"x"}}]`,
		`kubectl -n shop get pod web -o yaml | kubectl patch --local -f - -p '{"a":1}' -o yaml | ` +
			`kubectl replace --force -f -`: `[{"verb":"replace","object":{"kind":"Pod","namespace":"shop","name":"web"},` +
			`"patches":[{"type":"strategic","body":{"a":1}}]}]`,
		"kubectl -n shop scale deployment/web --replicas=2": `[{"verb":"patch","object":{"kind":"Deployment","namespace":` +
			`"shop","name":"web"},"patches":[{"type":"merge","body":{"spec":{"replicas":2}}}]}]`,
		"kubectl -n shop create job run --from=cronjob/web": `[{"verb":"create","object":{"kind":"Job","namespace":"shop",` +
			`"name":"run"},"from":"web"}]`,
		"kubectl -n shop create serviceaccount web": `[{"verb":"create","object":{"kind":"ServiceAccount","namespace":` +
			`"shop","name":"web"},"body":{}}]`,

		"kubectl -n shop describe pod web":                                         "",
		"kubectl -n shop edit deployment/web":                                      "",
		"kubectl drain n1 --ignore-daemonsets":                                     "",
		"kubectl -n shop delete pods --field-selector=status.phase=Failed":         "",
		"kubectl -n shop delete pod a b":                                           "",
		"kubectl delete pod a":                                                     "",
		"kubectl -n shop delete secret a":                                          "",
		"kubectl -n shop delete secret/a":                                          "",
		"kubectl -n shop delete pod ../../secrets/a":                               "",
		`kubectl -n shop patch secret a -p '{"stringData":{"KEY":"VALUE"}}'`:       "",
		"kubectl -n shop create secret generic a --from-literal=KEY=VALUE":         "",
		"kubectl -n shop create configmap a --from-file=FILE":                      "",
		"kubectl -n shop delete pod a --server=https://evil":                       "",
		"kubectl -n shop delete pod a; reboot":                                     "",
		"kubectl -n shop delete pod a && reboot":                                   "",
		"kubectl -n shop delete pod $(id)":                                         "",
		"kubectl -n shop delete pod `id`":                                          "",
		`kubectl -n shop delete pod "a"`:                                           "",
		"sudo kubectl -n shop delete pod a":                                        "",
		"kubectl -n shop exec a -- kill 1":                                         "",
		"kubectl -n shop get pod a -o yaml | sh":                                   "",
		"kubectl -n shop get secret a -o yaml | kubectl replace --force -f -":      "",
		"kubectl -n shop get pod a -o yaml > a.yaml && kubectl -n shop delete pod": "",
		"kubectl taint nodes n1 gpu=true:NoSchedule":                               "",
		"systemctl restart kubelet":                                                "",
	} {
		ops, ok := Operations(run)
		got := ""
		if ok {
			data, err := json.Marshal(ops)
			if err != nil {
				t.Fatal(err)
			}
			got = string(data)
		}
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", run, got, want)
		}
	}
}

// TestApply changes objects as the API server does: lists by their keys, and what is null goes.
func TestApply(t *testing.T) {
	const pod = `{"kind":"Pod","metadata":{"labels":{"a":"1"}},"spec":{"nodeName":"n1","containers":[{"name":"app",` +
		`"image":"x","env":[{"name":"A","value":"1"}]},{"name":"b"}],"volumes":[{"name":"v","emptyDir":{}}]}}`
	const node = `{"kind":"Node","spec":{"taints":[{"key":"gpu","effect":"NoSchedule"},{"key":"x"}]}}`
	for _, c := range []struct{ object, form, patch, want string }{
		{pod, Strategic, `{"spec":{"nodeName":null,"containers":[{"name":"app","image":"y"}]}}`, `{"kind":"Pod","metadata":` +
			`{"labels":{"a":"1"}},"spec":{"containers":[{"env":[{"name":"A","value":"1"}],"image":"y","name":"app"},` +
			`{"name":"b"}],"volumes":[{"emptyDir":{},"name":"v"}]}}`},
		{pod, Strategic, `{"spec":{"volumes":[{"name":"v","$patch":"delete"}],"containers":[{"name":"app","env":[{"name":` +
			`"B","value":"2"}]}]}}`, `{"kind":"Pod","metadata":{"labels":{"a":"1"}},"spec":{"containers":[{"env":[{"name":` +
			`"A","value":"1"},{"name":"B","value":"2"}],"image":"x","name":"app"},{"name":"b"}],"nodeName":"n1","volumes":[]}}`},
		{pod, images, `{"app":"z"}`, `{"kind":"Pod","metadata":{"labels":{"a":"1"}},"spec":{"containers":[{"env":[{"name":` +
			`"A","value":"1"}],"image":"z","name":"app"},{"name":"b"}],"nodeName":"n1","volumes":[{"emptyDir":{},` +
			`"name":"v"}]}}`},
		{node, untaint, `{"key":"gpu","effect":""}`, `{"kind":"Node","spec":{"taints":[{"key":"x"}]}}`},
		{node, JSONPatch, `[{"op":"test","path":"/spec/taints/0/key","value":"gpu"},{"op":"remove","path":"/spec/taints/1"}]`,
			`{"kind":"Node","spec":{"taints":[{"effect":"NoSchedule","key":"gpu"}]}}`},
		{node, JSONPatch, `[{"op":"test","path":"/spec/taints/0/key","value":"cpu"}]`, ""},
		{node, JSONPatch, `[{"op":"replace","path":"/spec/a~1b","value":1}]`, ""},
	} {
		var object map[string]any
		if err := json.Unmarshal([]byte(c.object), &object); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := (Patch{c.form, json.RawMessage(c.patch)}).Apply(object); err == nil {
			data, _ := json.Marshal(object)
			got = string(data)
		}
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.patch, got, c.want)
		}
	}
}
