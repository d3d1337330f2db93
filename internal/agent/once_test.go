package agent

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// run runs the command where the host is called Node-1.Example and no API server is.
func run(t *testing.T, env map[string]string, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	a := &App{Out: &o, Err: &e, Getenv: func(k string) string { return env[k] }, Hostname: func() (string, error) {
		return "Node-1.Example", nil
	}}
	code = a.Run(t.Context(), args)
	return o.String(), e.String(), code
}

// machine is a folder that stands for a machine of which little is there.
func machine(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// TestOnce prints facts that can be read back, and nothing of what an API server would add.
func TestOnce(t *testing.T) {
	bare, named := machine(t, nil), machine(t, map[string]string{"etc/hostname": "Other-Node\n",
		"etc/os-release": `PRETTY_NAME="CentOS Linux 7 (Core)"`})
	for _, c := range []struct {
		env  map[string]string
		args []string
		want string
	}{
		{nil, []string{"--root", bare}, "node-1.example"},
		{nil, []string{"--root", named}, "other-node"},
		{map[string]string{"NODE_NAME": "n7"}, []string{"--root", named}, "n7"},
		{map[string]string{"NODE_NAME": "n7"}, []string{"--root", named, "--node", "n8"}, "n8"},
	} {
		out, errs, code := run(t, c.env, append(c.args, "--once")...)
		var f nodefacts.NodeFacts
		if err := yaml.UnmarshalStrict([]byte(out), &f); err != nil || code != exitFine || errs != "" {
			t.Fatalf("%v: exit %d, %v, %s", c.args, code, err, errs)
		}
		if f.Name != c.want || f.Kind != "NodeFacts" || f.APIVersion != "stuck.dev/v1alpha1" || f.At.IsZero() {
			t.Errorf("%v: %s %s %s at %s, want the name %s", c.args, f.APIVersion, f.Kind, f.Name, f.At, c.want)
		}
		if strings.Contains(out, "creationTimestamp") || strings.Contains(out, "managedFields") ||
			strings.Contains(out, "null") {
			t.Errorf("%v: this is not worth printing:\n%s", c.args, out)
		}
	}
}

func TestWrongFlags(t *testing.T) {
	for _, args := range []string{"--explain", "--every 1s", "--every 1h", "--once --explain --lang fr",
		"--once --explain -o yaml", "--once more", "--no-such-flag"} {
		if out, errs, code := run(t, nil, strings.Fields(args)...); code != exitFailed || out != "" ||
			strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit %d, %q, %q", args, code, out, errs)
		}
	}
	for _, args := range []string{"--help", "--version"} {
		if out, _, code := run(t, nil, args); code != exitFine || out == "" {
			t.Errorf("%s: exit %d, %q", args, code, out)
		}
	}
}

// shown is what --explain shows of facts, and the exit code.
func shown(t *testing.T, f *nodefacts.NodeFacts, lang, output string, folders map[string]folder) (string, int) {
	t.Helper()
	cat, err := diagnose.NewCatalogue(causes.All())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s := &session{App: &App{Out: &out}, lang: lang, output: output}
	if err := s.show(f, folders, cat); err != nil {
		t.Fatal(err)
	}
	return out.String(), s.code
}

// full are facts of a node with a full disk, of whose Pods nothing is known.
func full() *nodefacts.NodeFacts {
	f := facts()
	*f.FileSystems[0].BytesFree, f.Logs = 0, nil
	return f
}

// TestExplainsTheNode says what would stop a new Pod, and says of no Pod that it is stopped.
func TestExplainsTheNode(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {"No Pod of node n1 is known to wait.\n", "\nWhat this node would stop a new Pod with\n",
			"/var/lib/containerd on node n1 is full"},
		"zh": {"没有发现节点 n1 上有卡住的 Pod。\n", "\n这个节点会让新 Pod 卡在哪里\n", "/var/lib/containerd"},
	} {
		out, code := shown(t, full(), lang, "text", nil)
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s: %q is not in\n%s", lang, w, out)
			}
		}
		if code != exitStuck || strings.Contains(out, "made-up") || strings.Contains(out, "ContainerCreating") {
			t.Errorf("%s: exit %d; the Pod that is made up must not be seen:\n%s", lang, code, out)
		}
		fine := facts()
		fine.Logs = nil
		if out, code := shown(t, fine, lang, "text", nil); code != exitFine || out != want[0] {
			t.Errorf("%s: of a node that is well: exit %d\n%s", lang, code, out)
		}
	}
	out, _ := shown(t, full(), "en", "json", nil)
	var r struct {
		Problems []struct {
			Cause, Certainty string
			Blame            struct{ Kind, Name string }
			Findings         []map[string]any
		}
		Pods struct{ Seen, Stuck int }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Problems) != 1 || r.Problems[0].Cause != "node-disk-full" || r.Problems[0].Certainty != diagnose.Likely ||
		r.Problems[0].Blame.Name != "n1" || r.Pods.Seen != 0 {
		t.Fatalf("%+v", r)
	}
	if _, ok := r.Problems[0].Findings[0]["pod"]; ok || strings.Contains(out, "made-up") {
		t.Errorf("a finding names a Pod that is not there:\n%s", out)
	}
}

// TestExplainsPods diagnoses Pods by the lines about them, and does not tell twice what is told of a Pod.
func TestExplainsPods(t *testing.T) {
	f := full()
	f.Logs = []nodefacts.LogLine{{Component: "kubelet", PodUID: "u1", Count: 3,
		First: metav1.NewTime(start.Add(-10 * time.Minute)), Last: metav1.NewTime(start),
		Message: `"Failed to create sandbox for pod" err="rpc error: code = Unknown desc = failed to create ` +
			`containerd task: write /run/x: no space left on device" pod="shop/web-7f9c"`}}
	out, code := shown(t, f, "en", "text", nil)
	if code != exitStuck || !strings.Contains(out, "1 problem blocks 1 of 1 Pod") || !strings.Contains(out,
		"shop/web-7f9c") || !strings.Contains(out, "is full") || strings.Contains(out,
		"What this node would stop a new Pod with") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	if out, _ := shown(t, f, "en", "text", map[string]folder{}); !strings.HasPrefix(out, "No Pod of node n1") {
		t.Errorf("the Pod has no folder any more, so it is gone:\n%s", out)
	}
}

// TestPodsOf finds the Pods that do not get on, by whatever they left.
func TestPodsOf(t *testing.T) {
	at := func(ago time.Duration) metav1.Time { return metav1.NewTime(start.Add(-ago)) }
	line := func(uid, message string, ago time.Duration) nodefacts.LogLine {
		return nodefacts.LogLine{Component: "kubelet", PodUID: uid, Message: message, First: at(time.Hour),
			Last: at(ago)}
	}
	f := facts()
	f.Logs = []nodefacts.LogLine{
		line("klog", `"Error syncing pod, skipping" err="x" pod="shop/a" podUID="klog"`, time.Minute),
		line("quoted", `msg="y pod=\"shop/b\""`, time.Minute),
		line("cri", `RunPodSandbox for &PodSandboxMetadata{Name:c,Uid:cri,Namespace:shop,Attempt:0,} failed, error`,
			time.Minute),
		line("nameless", "x", time.Minute),
		line("over", `pod="shop/started"`, 10*time.Minute),
		line("gone", `pod="shop/deleted"`, time.Minute),
		line("", `pod="shop/nobody"`, time.Minute),
	}
	f.Sandboxes = &nodefacts.Sandboxes{
		Odd: []nodefacts.Sandbox{
			{PodUID: "sandbox", Namespace: "shop", Pod: "d", Created: at(time.Minute)},
			{PodUID: "done", Namespace: "shop", Pod: "job", Created: at(time.Hour)},
			{PodUID: "orphan", Namespace: "shop", Pod: "orphan", Orphan: true},
			{PodUID: "ready", Namespace: "shop", Pod: "ready", Ready: true},
		},
		OddContainers: []nodefacts.Container{{PodUID: "done", Name: "main"}, {PodUID: "klog", Name: "app"},
			{PodUID: "klog", Name: "app", Attempt: 1}}}
	dirs := map[string]folder{"empty": {start.Add(-time.Hour), true}}
	for _, uid := range []string{"klog", "quoted", "cri", "nameless", "over", "sandbox", "done", "ready"} {
		dirs[uid] = folder{made: start}
	}
	got := map[string]string{}
	for _, p := range podsOf(f, dirs) {
		got[string(p.UID)] = p.Namespace + "/" + p.Name
		if p.Spec.NodeName != "n1" || p.CreationTimestamp.IsZero() || p.UID == "klog" && len(p.Spec.Containers) != 1 {
			t.Errorf("%+v", p)
		}
	}
	want := map[string]string{"klog": "shop/a", "quoted": "shop/b", "cri": "shop/c", "nameless": "/nameless",
		"sandbox": "shop/d", "empty": "/empty"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

// TestFolders tells the folders of Pods that never had a container from the others.
func TestFolders(t *testing.T) {
	root := machine(t, map[string]string{
		"data/pods/new/volumes/kubernetes.io~secret/x":  "",
		"data/pods/started/containers/app/1a2b3c":       "",
		"data/pods/cleaned/etc-hosts":                   "",
		"data/pods/a-file":                              "",
		"var/lib/kubelet/pods/elsewhere/volumes/ignore": "",
	})
	f := facts()
	f.Kubelet = &nodefacts.Kubelet{RootDir: "/data"}
	got := map[string]bool{}
	for uid, d := range (&folderReader{root: root}).read(t.Context(), f) {
		got[uid] = d.empty
	}
	if diff := cmp.Diff(map[string]bool{"new": true, "started": false, "cleaned": false}, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
	if (&folderReader{root: t.TempDir()}).read(t.Context(), f) != nil {
		t.Error("folders that cannot be read are not known, rather than none")
	}
}
