package dump

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	corev1 "k8s.io/api/core/v1"
)

const uid = "5fa6178d-85b3-4812-96a8-3c5cf1a96336"

// kubeletLog is what a kubelet of 1.33 writes.
const kubeletLog = `I1123 08:52:49.658279   11602 util.go:35] "No sandbox for pod can be found. Need to start a new one" pod="shop/app"
E1123 08:52:49.658686   11602 pod_workers.go:1338] "Error syncing pod, skipping" err="network is not ready: cni plugin not initialized" pod="shop/app" podUID="` + uid + `"
E1123 08:52:51.344932   11602 pod_workers.go:1338] "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"web\" with CreateContainerConfigError: \"couldn't find key x in ConfigMap shop/conf\"" pod="shop/web" podUID="07517c0f-6e76-4b2b-935f-6a861da04830"
E1123 08:52:52.000000   11602 kubelet.go:2400] "Container runtime network not ready" networkReady="cni plugin not initialized"
`

func readLog(t *testing.T, text string, more ...Source) *cluster.Snapshot {
	t.Helper()
	written := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	knows := func(line string) bool { return strings.Contains(line, "cni plugin not initialized") }
	s, err := ReadSources(time.Time{}, append(more, Source{Name: "kubelet.log", R: strings.NewReader(text), Time: written,
		Knows: knows})...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestReadLog makes Pods of those that a log names, with what it says of their containers; a line of no Pod stands by
// itself; and what no cause knows is not kept.
func TestReadLog(t *testing.T) {
	s := readLog(t, kubeletLog)
	f, _ := cluster.Get[nodefacts.NodeFacts](s, "", cluster.UnnamedNode)
	if f == nil || len(f.Logs) != 3 || f.Source != nodefacts.FromLog {
		t.Fatalf("%+v", f)
	}
	app, _ := cluster.Get[corev1.Pod](s, "shop", "app")
	web, _ := cluster.Get[corev1.Pod](s, "shop", "web")
	if app == nil || web == nil || string(app.UID) != uid || !app.CreationTimestamp.IsZero() {
		t.Fatalf("%+v %+v", app, web)
	}
	if ref := cluster.RefOf(web); !s.Outlined(ref) || len(web.Status.ContainerStatuses) != 1 {
		t.Errorf("%t: %+v", s.Outlined(ref), web.Status.ContainerStatuses)
	}
	if w := web.Status.ContainerStatuses[0]; w.Name != "web" || w.State.Waiting.Reason != "CreateContainerConfigError" ||
		w.State.Waiting.Message != "couldn't find key x in ConfigMap shop/conf" {
		t.Errorf("%+v", w)
	}
	made := 0
	for _, p := range cluster.Objects[corev1.Pod](s) {
		if s.MadeUp(cluster.RefOf(p)) {
			made++
		}
	}
	if made != 1 || len(cluster.Objects[corev1.Pod](s)) != 3 {
		t.Errorf("%d Pods, %d made up", len(cluster.Objects[corev1.Pod](s)), made)
	}
}

// TestReadLogBesideObjects joins a log with the Pods that are known: they tell the node, and stay as they are.
func TestReadLogBesideObjects(t *testing.T) {
	object := `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"app","namespace":"shop","uid":"` + uid + `"},` +
		`"spec":{"nodeName":"n7","containers":[{"name":"app"}]},"status":{"phase":"Pending"}}`
	s := readLog(t, kubeletLog, Source{Name: "pod.json", R: strings.NewReader(object)})
	app, _ := cluster.Get[corev1.Pod](s, "shop", "app")
	if f, _ := cluster.Get[nodefacts.NodeFacts](s, "", "n7"); f == nil || app.Spec.NodeName != "n7" ||
		len(app.Spec.Containers) != 1 {
		t.Errorf("%+v, %+v", f, app)
	}
}

// TestReadLogsOfTwoNodes keeps what is said of no Pod on each of them, and what a second component says.
func TestReadLogsOfTwoNodes(t *testing.T) {
	line := func(node, program string) string {
		return "Nov 23 08:52:52 " + node + " " + program + "[1]: time=\"2026-11-23T08:52:52Z\" level=error " +
			"msg=\"cni plugin not initialized on " + program + "\"\n"
	}
	knows := func(string) bool { return true }
	s := readLog(t, line("node-1", "kubelet"),
		Source{Name: "a", R: strings.NewReader(line("node-2", "kubelet")), Knows: knows},
		Source{Name: "b", R: strings.NewReader(line("node-2", "containerd")), Knows: knows})
	made := map[string]int{}
	for _, p := range cluster.Objects[corev1.Pod](s) {
		if s.MadeUp(cluster.RefOf(p)) {
			made[p.Spec.NodeName]++
		}
	}
	f, _ := cluster.Get[nodefacts.NodeFacts](s, "", "node-2")
	if made["node-1"] != 1 || made["node-2"] != 2 || f == nil || len(f.Logs) != 2 {
		t.Errorf("%v, %+v", made, f)
	}
}

// TestReadLogOfJournal takes the node's name and the program from what journald puts before a line, and leaves other
// programs alone.
func TestReadLogOfJournal(t *testing.T) {
	s := readLog(t, "Nov 23 08:52:52 node-3 kubelet[11602]: E1123 08:52:52.000000   11602 kubelet.go:2400] "+
		"\"Container runtime network not ready\" networkReady=\"cni plugin not initialized\"\n"+
		"Nov 23 08:52:53 node-3 sshd[1]: cni plugin not initialized\n")
	f, _ := cluster.Get[nodefacts.NodeFacts](s, "", "node-3")
	if f == nil || len(f.Logs) != 1 || f.Logs[0].Component != "kubelet" {
		t.Errorf("%+v", f)
	}
}

// TestReadLogWithoutTimes makes a Pod of a line that has no time, by its UID alone.
func TestReadLogWithoutTimes(t *testing.T) {
	s := readLog(t, "I1123 08:52:49.658279   11602 util.go:35] \"all is well\"\nE1123 08:52:49.7 no stamp that is known\n"+
		"Output: cni plugin not initialized /var/lib/kubelet/pods/"+uid+"/volumes/x\n")
	if p, _ := cluster.Get[corev1.Pod](s, "", uid); p == nil || p.Spec.NodeName != cluster.UnnamedNode {
		t.Errorf("%+v", p)
	}
}

// TestReadLogThatSaysNothing is an error that says so.
func TestReadLogThatSaysNothing(t *testing.T) {
	_, err := ReadSources(time.Time{}, Source{Name: "kubelet.log", R: strings.NewReader(
		"I1123 08:52:49.658279   11602 util.go:35] \"all is well\"\n" + strings.Repeat("x", 3*maxLine) + "\n"),
		Knows: func(string) bool { return false }})
	if err == nil || !strings.Contains(err.Error(), "no line of it says anything that is known here") {
		t.Errorf("%v", err)
	}
}

// TestToldInLog makes of lines of the kubelet what it tells the API server as well.
func TestToldInLog(t *testing.T) {
	at := func(line string) string { return "I1123 08:31:57.285944   11602 x.go:660] " + line + "\n" }
	s, err := ReadSources(time.Time{}, Source{Name: "kubelet.log", Time: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
		Knows: func(string) bool { return false }, Words: func() []string { return []string{"none"} }, R: strings.NewReader(
			at(`"Pod admission denied" podUID="600adec6-90a2-433e-b969-5df18f3effe6" pod="a/b" reason="NodePorts" `+
				`message="no port"`) +
				at(`"Unable to retrieve pull secret, the image pull may not succeed." pod="c/d" secret="c/regcred" `+
					`err="not found"`) +
				at(`"Error syncing pod" err="failed to \"CreatePodSandbox\" for \"p_e(u)\" with CreatePodSandboxError: `+
					`\"Failed to create sandbox for pod \\\"p_e(u)\\\": rpc error: it hangs\"" pod="e/p"`))})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range cluster.Objects[corev1.Pod](s) {
		got = append(got, p.Namespace+"/"+p.Name+" "+string(p.Status.Phase)+" "+p.Status.Reason+" "+p.Status.Message)
	}
	for _, e := range cluster.Objects[corev1.Event](s) {
		got = append(got, e.InvolvedObject.Name+" "+e.Reason+" "+e.Message)
	}
	want := []string{"a/b Failed NodePorts no port", "c/d Pending  ", "e/p Pending  ",
		"d FailedToRetrieveImagePullSecret Unable to retrieve some image pull secrets (regcred); " +
			"attempting to pull the image may not succeed.",
		"p FailedCreatePodSandBox Failed to create pod sandbox: rpc error: it hangs"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
