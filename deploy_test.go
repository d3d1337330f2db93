package stuck_test

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// daemonSet is the agent's, as JSON.
func daemonSet(t *testing.T) []byte {
	t.Helper()
	for doc := range strings.SplitSeq(source(t, "deploy/agent.yaml"), "\n---\n") {
		if strings.Contains(doc, "\nkind: DaemonSet\n") {
			j, err := yaml.YAMLToJSONStrict([]byte(doc))
			if err != nil {
				t.Fatal(err)
			}
			return j
		}
	}
	t.Fatal("deploy/agent.yaml has no DaemonSet")
	return nil
}

func agentPod(t *testing.T, j []byte) (*corev1.PodSpec, *corev1.SecurityContext) {
	t.Helper()
	var d appsv1.DaemonSet
	if err := yaml.UnmarshalStrict(j, &d); err != nil {
		t.Fatal(err)
	}
	p := &d.Spec.Template.Spec
	if len(p.Containers) != 1 || p.Containers[0].SecurityContext == nil ||
		p.Containers[0].SecurityContext.Capabilities == nil {
		t.Fatalf("%+v", p)
	}
	return p, p.Containers[0].SecurityContext
}

// hostFolders are the folders of the node that a Pod mounts below /host, each where it is on the node; what is mounted
// in another way is an error. What is not there is not made on the node, and nothing can be written to.
func hostFolders(t *testing.T, p *corev1.PodSpec) (folders []string) {
	t.Helper()
	paths := map[string]string{}
	for _, v := range p.Volumes {
		if v.HostPath == nil || v.HostPath.Type == nil || *v.HostPath.Type != corev1.HostPathDirectory {
			t.Errorf("volume %s: a container runtime makes it on a node that does not have it", v.Name)
			continue
		}
		paths[v.Name] = v.HostPath.Path
	}
	for _, m := range p.Containers[0].VolumeMounts {
		from, ok := paths[m.Name]
		if !ok || path.Join("/host", from) != m.MountPath {
			t.Errorf("%s is mounted at %s", from, m.MountPath)
		}
		recursive := m.RecursiveReadOnly != nil && *m.RecursiveReadOnly == corev1.RecursiveReadOnlyIfPossible
		propagates := m.MountPropagation != nil && *m.MountPropagation == corev1.MountPropagationHostToContainer
		if !m.ReadOnly || recursive == propagates {
			t.Errorf("%s can be written to, or holds what the node unmounts", m.MountPath)
		}
		folders = append(folders, from)
	}
	if len(folders) != len(paths) {
		t.Errorf("%d volumes are mounted of %d", len(folders), len(paths))
	}
	return folders
}

// widened is what wide.patch makes of the mounts: it is a strategic merge patch, by names and by paths. What it takes
// away has to be there.
func widened(t *testing.T, p *corev1.PodSpec, patch []byte) *corev1.PodSpec {
	t.Helper()
	var d struct {
		Spec struct {
			Template struct {
				Spec struct {
					Containers []struct {
						VolumeMounts []map[string]any `json:"volumeMounts"`
					} `json:"containers"`
					Volumes []map[string]any `json:"volumes"`
				} `json:"spec"`
			} `json:"template"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal(patch, &d); err != nil {
		t.Fatal(err)
	}
	wide, c := p.DeepCopy(), &corev1.Container{}
	*c = wide.Containers[0]
	c.VolumeMounts = merge(t, c.VolumeMounts, d.Spec.Template.Spec.Containers[0].VolumeMounts, "mountPath",
		func(m corev1.VolumeMount) string { return m.MountPath })
	wide.Volumes = merge(t, wide.Volumes, d.Spec.Template.Spec.Volumes, "name",
		func(v corev1.Volume) string { return v.Name })
	wide.Containers = []corev1.Container{*c}
	return wide
}

func merge[T any](t *testing.T, have []T, patch []map[string]any, key string, of func(T) string) []T {
	t.Helper()
	for _, p := range patch {
		n := len(have)
		have = slices.DeleteFunc(slices.Clone(have), func(h T) bool { return of(h) == p[key] })
		if p["$patch"] == "delete" {
			if len(have) == n {
				t.Errorf("wide.patch takes away %v, which is not there", p[key])
			}
			continue
		}
		text, err := yaml.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var added T
		if err := yaml.UnmarshalStrict(text, &added); err != nil {
			t.Fatal(err)
		}
		have = append(have, added)
	}
	return have
}

// TestAgentMayLittle holds what deploy/README.md says of the agent: by default it has no capability, no namespace of
// the node, and of the node's files what it reads, none of which it could write to; wide.patch adds what the table
// names and nothing else.
func TestAgentMayLittle(t *testing.T) {
	p, s := agentPod(t, daemonSet(t))
	if p.HostNetwork || p.HostPID || p.HostIPC || len(s.Capabilities.Add) > 0 || s.AppArmorProfile != nil ||
		s.SELinuxOptions != nil || s.Privileged != nil || *s.AllowPrivilegeEscalation || !*s.ReadOnlyRootFilesystem {
		t.Errorf("by default it may more: %+v %+v", p, s)
	}
	readme := source(t, "deploy/README.md")
	for _, folder := range hostFolders(t, p) {
		if folder == "/" || !strings.Contains(readme, "`"+folder+"`") {
			t.Errorf("deploy/README.md does not say what %s buys", folder)
		}
	}
	patch, err := os.ReadFile("deploy/wide.patch")
	if err != nil {
		t.Fatal(err)
	}
	if got := hostFolders(t, widened(t, p, patch)); !slices.Equal(got, []string{"/"}) {
		t.Errorf("with wide.patch it sees %s of the node", got)
	}
	var parsed appsv1.DaemonSet
	if err := yaml.Unmarshal(patch, &parsed); err != nil { // not strictly: $patch is no field
		t.Fatal(err)
	}
	asJSON, err := yaml.Marshal(parsed)
	if err != nil {
		t.Fatal(err)
	}
	wide, s := agentPod(t, asJSON)
	if !wide.HostNetwork || !wide.HostPID || len(s.Capabilities.Add) != 4 ||
		wide.Containers[0].Name != p.Containers[0].Name ||
		s.AppArmorProfile.Type != corev1.AppArmorProfileTypeUnconfined || s.SELinuxOptions.Type != "spc_t" ||
		s.Privileged != nil || s.ReadOnlyRootFilesystem != nil {
		t.Errorf("wide.patch: %+v %+v", wide, s)
	}
	for _, c := range s.Capabilities.Add {
		if !strings.Contains(readme, string(c)) {
			t.Errorf("deploy/README.md does not say what %s buys", c)
		}
	}
}
