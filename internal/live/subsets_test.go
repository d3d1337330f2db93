package live

import (
	"math/rand"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// entangled are objects of which one Pod's diagnosis asks for most kinds: it waits for a volume, one beside it crashes,
// and a workload lacks its Pods.
func entangled() []metav1.Object {
	yes, class, handler := true, "fast", "gvisor"
	p := waitingPod("web-5d9f-x2x9k")
	p.OwnerReferences = []metav1.OwnerReference{{Kind: "ReplicaSet", Name: "web-5d9f", UID: "r", Controller: &yes}}
	p.Spec.ServiceAccountName, p.Spec.RuntimeClassName = "api", &handler
	p.Spec.Volumes = append(p.Spec.Volumes,
		corev1.Volume{Name: "tls", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "tls"}}},
		corev1.Volume{Name: "data", VolumeSource: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "data"}}})
	crashing := waitingPod("crash")
	crashing.Spec.NodeName = "n1"
	crashing.Spec.Volumes = nil
	crashing.Status.ContainerStatuses[0].RestartCount = 5
	crashing.Status.ContainerStatuses[0].State.Waiting.Reason = "CrashLoopBackOff"
	crashing.Status.ContainerStatuses[0].LastTerminationState.Terminated = &corev1.ContainerStateTerminated{ExitCode: 1,
		Reason: "Error", FinishedAt: metav1.Now()}
	unplaced := waitingPod("unplaced")
	unplaced.Spec.NodeName, unplaced.Status = "", corev1.PodStatus{Phase: corev1.PodPending}
	d, refused, q := refusedWorkload()
	d.Name, refused.Name, refused.OwnerReferences[0].Name = "lacks", "lacks-5d", "lacks"
	named := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name, Namespace: "shop"} }
	rs := &appsv1.ReplicaSet{ObjectMeta: named("web-5d9f")}
	rs.UID = "r"
	return []metav1.Object{p, crashing, unplaced, d, refused, q, rs,
		&corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n1"}},
		&nodefacts.NodeFacts{ObjectMeta: metav1.ObjectMeta{Name: "other"}},
		&corev1.PersistentVolumeClaim{ObjectMeta: named("data"), Spec: corev1.PersistentVolumeClaimSpec{
			StorageClassName: &class, VolumeName: "pv1"}, Status: corev1.PersistentVolumeClaimStatus{Phase: corev1.ClaimBound}},
		&corev1.PersistentVolume{ObjectMeta: metav1.ObjectMeta{Name: "pv1"}, Spec: corev1.PersistentVolumeSpec{
			StorageClassName: class, PersistentVolumeSource: corev1.PersistentVolumeSource{
				CSI: &corev1.CSIPersistentVolumeSource{Driver: "d.example.com", VolumeHandle: "h"}}}},
		&storagev1.VolumeAttachment{ObjectMeta: metav1.ObjectMeta{Name: "va1"}, Spec: storagev1.VolumeAttachmentSpec{
			Attacher: "d.example.com", NodeName: "n1"}}}
}

var rightOf = regexp.MustCompile(`the right to (?:get|list) ([a-z/]+)`)

// needsOf are the resources whose rights the gaps of a snapshot ask for.
func needsOf(s *cluster.Snapshot) []string {
	var out []string
	for _, g := range s.Gaps {
		for _, m := range rightOf.FindAllStringSubmatch(g.Needs.In("en"), -1) {
			out = append(out, m[1])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// withoutRights collects from a server that forbids all requests for some resources, and returns what was asked for.
func withoutRights(t *testing.T, forbidden []string) (s *cluster.Snapshot, asked []string, err error) {
	f, c := serve(t)
	for _, r := range forbidden {
		f.Forbidden = append(f.Forbidden, "get "+r, "list "+r)
	}
	for _, o := range entangled() {
		f.Put(o)
	}
	f.Kubelets = map[string]http.Handler{}
	s, err = Collect(t.Context(), c, Scope{Namespace: "shop"}, Options{ReadLogs: true, AskNodes: true,
		Now: func() time.Time { return time.Now().Add(time.Hour) }})
	for _, a := range f.Asked() {
		_, resource, _ := strings.Cut(a, " ")
		asked = append(asked, resource)
	}
	slices.Sort(asked)
	return s, slices.Compact(asked), err
}

// TestWithoutRights takes away rights in every combination that may matter: what is not known for want of one is a gap
// that names it, no gap asks for a right that is there, and nothing that may not be read is said to be absent.
func TestWithoutRights(t *testing.T) {
	_, all, err := withoutRights(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 15 || !slices.Contains(all, "secrets") || !slices.Contains(all, "pods/log") {
		t.Fatalf("too little is asked for: %s", all)
	}
	rest := slices.DeleteFunc(slices.Clone(all), func(r string) bool { return r == "pods" })
	var sets [][]string
	for i, a := range rest {
		sets = append(sets, []string{a}, slices.Delete(slices.Clone(rest), i, i+1))
		for _, b := range rest[i+1:] {
			sets = append(sets, []string{a, b})
		}
	}
	few := []string{"events", "secrets", "configmaps", "nodes", "persistentvolumeclaims", "replicasets"}
	for bits := range 1 << len(few) {
		var set []string
		for i, r := range few {
			if bits&(1<<i) != 0 {
				set = append(set, r)
			}
		}
		sets = append(sets, set)
	}
	random := rand.New(rand.NewSource(1))
	for range 100 {
		set := slices.Clone(rest)
		random.Shuffle(len(set), func(i, j int) { set[i], set[j] = set[j], set[i] })
		sets = append(sets, set[:random.Intn(len(set))])
	}
	for _, set := range append(sets, rest) {
		s, asked, err := withoutRights(t, set)
		if err != nil {
			t.Errorf("without %s there is no answer: %v", set, err)
			continue
		}
		needs := needsOf(s)
		for _, r := range set {
			if slices.Contains(asked, r) && !slices.Contains(needs, r) {
				t.Errorf("without %s no gap asks for %s, only %s", set, r, needs)
			}
		}
		for _, r := range needs {
			if !slices.Contains(set, r) {
				t.Errorf("without %s a gap asks for %s", set, r)
			}
		}
		for _, a := range append(s.AllAbsent(), s.AllComplete()...) {
			if slices.Contains(set, cluster.KindOf(a.Kind).Resource()) {
				t.Errorf("without %s it is said of %s what is there", set, a)
			}
		}
	}
	if _, _, err := withoutRights(t, []string{"pods"}); err == nil || !strings.Contains(err.Error(), "Pods") {
		t.Errorf("without pods there is an answer: %v", err)
	}
}
