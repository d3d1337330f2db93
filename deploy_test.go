package stuck_test

import (
	"os"
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

// TestAgentMayLittle holds what deploy/README.md says of the agent: by default it has no capability, no namespace of
// the node, and mounts nothing that it could write to; wide.patch adds what the table names and nothing else.
func TestAgentMayLittle(t *testing.T) {
	p, s := agentPod(t, daemonSet(t))
	if p.HostNetwork || p.HostPID || p.HostIPC || len(s.Capabilities.Add) > 0 || s.AppArmorProfile != nil ||
		s.SELinuxOptions != nil || s.Privileged != nil || *s.AllowPrivilegeEscalation || !*s.ReadOnlyRootFilesystem {
		t.Errorf("by default it may more: %+v %+v", p, s)
	}
	for _, m := range p.Containers[0].VolumeMounts {
		if !m.ReadOnly {
			t.Errorf("%s can be written to", m.MountPath)
		}
	}
	patch, err := os.ReadFile("deploy/wide.patch")
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := yaml.YAMLToJSONStrict(patch)
	if err != nil {
		t.Fatal(err)
	}
	wide, s := agentPod(t, asJSON)
	if !wide.HostNetwork || !wide.HostPID || len(s.Capabilities.Add) != 4 ||
		wide.Containers[0].Name != p.Containers[0].Name ||
		s.AppArmorProfile.Type != corev1.AppArmorProfileTypeUnconfined || s.SELinuxOptions.Type != "spc_t" ||
		s.Privileged != nil || s.ReadOnlyRootFilesystem != nil || len(wide.Volumes)+len(wide.Containers[0].VolumeMounts) > 0 {
		t.Errorf("wide.patch: %+v %+v", wide, s)
	}
	readme := source(t, "deploy/README.md")
	for _, c := range s.Capabilities.Add {
		if !strings.Contains(readme, string(c)) {
			t.Errorf("deploy/README.md does not say what %s buys", c)
		}
	}
}
