package live

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/dump"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

const recordings = "../causes/testdata/captures/"

func recorded(t *testing.T, name string) *cluster.Snapshot {
	t.Helper()
	s, err := dump.Read(os.DirFS(recordings+name), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// problems are the causes that are found, and what is to blame.
func problems(t *testing.T, s *cluster.Snapshot) []string {
	t.Helper()
	c, err := diagnose.NewCatalogue(causes.All())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range diagnose.Run(s, c, diagnose.Options{}).Problems {
		out = append(out, p.Certainty+" "+p.Cause+" "+p.Blame.String())
	}
	return out
}

// TestLiveSaysWhatTheDumpSays asks a server that holds a recording: the closure of what the stuck Pods name must
// suffice for the same answer as the whole recording gives.
func TestLiveSaysWhatTheDumpSays(t *testing.T) {
	all, err := os.ReadDir(recordings)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if !d.IsDir() {
			continue
		}
		t.Run(d.Name(), func(t *testing.T) {
			whole, server := recorded(t, d.Name()), record(t, recordings+d.Name())
			asked, err := collect(t, server, Scope{Namespace: d.Name()}, whole.At)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(problems(t, whole), problems(t, asked)); diff != "" {
				t.Errorf("dump (-) and live (+) differ:\n%s", diff)
			}
			if len(asked.Gaps) > 0 {
				t.Errorf("gaps: %v", asked.Gaps)
			}
			if len(server.asked) > 25 {
				t.Errorf("%d requests", len(server.asked))
			}
		})
	}
}

// TestUnplaced reads all nodes where a Pod has none, the Event that tells of the Pod which had to go, and all claims
// where one is not there.
func TestUnplaced(t *testing.T) {
	const name = "vol-pvc-missing"
	whole, server := recorded(t, name), record(t, recordings+name)
	server.objects["nodes"] = append(server.objects["nodes"], map[string]any{"kind": "Node", "apiVersion": "v1",
		"metadata": map[string]any{"name": "far"}})
	server.objects["persistentvolumeclaims"] = append(server.objects["persistentvolumeclaims"], map[string]any{
		"kind": "PersistentVolumeClaim", "apiVersion": "v1",
		"metadata": map[string]any{"name": "near", "namespace": name}})
	server.objects["events"] = append(server.objects["events"], map[string]any{"kind": "Event", "apiVersion": "v1",
		"metadata": map[string]any{"name": "gone.1", "namespace": name}, "reason": "Preempted",
		"involvedObject": map[string]any{"kind": "Pod", "name": "gone", "namespace": name}})
	s, err := collect(t, server, Scope{Namespace: name}, whole.At)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []cluster.Ref{{Kind: "Node", Name: "far"}, {Kind: "Event", Namespace: name, Name: "gone.1"},
		{Kind: "PersistentVolumeClaim", Namespace: name, Name: "near"}} {
		if !s.Has(want) {
			t.Errorf("%s was not read", want)
		}
	}
	if !s.Complete("Node", "") {
		t.Error("that these are all nodes is not known")
	}
}

// TestForbidden takes rights away one by one: each becomes a gap that names the right, and the rest is still answered.
func TestForbidden(t *testing.T) {
	const name = "vol-multiattach"
	at := recorded(t, name).At
	for _, resource := range []string{"events", "nodes", "persistentvolumeclaims", "persistentvolumes",
		"volumeattachments", "leases", "configmaps", "serviceaccounts", "csinodes", "csidrivers", "storageclasses",
		"deployments", "statefulsets", "daemonsets", "jobs"} {
		t.Run(resource, func(t *testing.T) {
			server := record(t, recordings+name)
			server.forbidden = []string{resource}
			s, err := collect(t, server, Scope{Namespace: name}, at)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(s.Gaps, func(g cluster.Gap) bool {
				return strings.Contains(g.Needs.String(),
					resource)
			}) {
				t.Errorf("no gap names %s: %v", resource, s.Gaps)
			}
			if resource != "events" && len(problems(t, s)) == 0 {
				t.Error("nothing is found any more")
			}
		})
	}
	server := record(t, recordings+name)
	server.forbidden = []string{"pods"}
	if _, err := collect(t, server, Scope{Namespace: name}, at); err == nil || !strings.Contains(err.Error(),
		"Pods in namespace "+name) {
		t.Errorf("without Pods there is no answer: %v", err)
	}
}

// TestNothingStuck lists the Pods, the workloads that could lack some, and Warnings: whoever asks about a healthy
// namespace costs the API server no more.
func TestNothingStuck(t *testing.T) {
	server := record(t, recordings+"ctl-ok")
	if _, err := collect(t, server, Scope{Namespace: "ctl-ok"}, recorded(t, "ctl-ok").At); err != nil {
		t.Fatal(err)
	}
	if len(server.asked) != 6 {
		t.Errorf("asked %v", server.asked)
	}
}

// TestPages reads Events page by page and loses none.
func TestPages(t *testing.T) {
	const name = "cni-exhausted"
	whole, server := recorded(t, name), record(t, recordings+name)
	server.page = 2
	s, err := collect(t, server, Scope{Namespace: name}, whole.At)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(problems(t, whole), problems(t, s)); diff != "" {
		t.Errorf("dump (-) and live (+) differ:\n%s", diff)
	}
}

// TestScopes asks about one Pod of two: the other is left out.
func TestScopes(t *testing.T) {
	const name = "cfg-envfrom-missing"
	whole := recorded(t, name)
	for _, pod := range cluster.Objects[corev1.Pod](whole) {
		s, err := collect(t, record(t, recordings+name), Scope{Namespace: name, Name: pod.Name}, whole.At)
		if err != nil {
			t.Fatal(err)
		}
		if got := cluster.Objects[corev1.Pod](s); len(got) != 1 || got[0].Name != pod.Name {
			t.Errorf("asked about %s, got %d Pods", pod.Name, len(got))
		}
	}
}

func TestOwns(t *testing.T) {
	yes := true
	of := func(kind, name, hash string) *corev1.Pod {
		return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"pod-template-hash": hash},
			OwnerReferences: []metav1.OwnerReference{{Kind: kind, Name: name, Controller: &yes}}}}
	}
	web := cluster.Ref{Kind: "Deployment", Name: "web"}
	for _, c := range []struct {
		owner cluster.Ref
		pod   *corev1.Pod
		want  bool
	}{
		{web, of("ReplicaSet", "web-6dc48", "6dc48"), true},
		{web, of("ReplicaSet", "web-admin-6dc48", "6dc48"), false},
		{web, &corev1.Pod{}, false},
		{cluster.Ref{Kind: "StatefulSet", Name: "db"}, of("StatefulSet", "db", ""), true},
		{cluster.Ref{Kind: "StatefulSet", Name: "db"}, of("DaemonSet", "db", ""), false},
	} {
		if got := owns(c.owner, c.pod); got != c.want {
			t.Errorf("%s owns a Pod of %v: %v, want %v", c.owner, c.pod.OwnerReferences, got, c.want)
		}
	}
}

// TestProtobuf reads a list as API servers send it.
func TestProtobuf(t *testing.T) {
	list := corev1.PodList{ListMeta: metav1.ListMeta{ResourceVersion: "7", Continue: "more"}, Items: []corev1.Pod{
		{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, {ObjectMeta: metav1.ObjectMeta{Name: "b"}}}}
	raw, err := list.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := (&runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: "v1", Kind: "PodList"},
		Raw: raw}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	answer := append(slices.Clone(prefix), envelope...)
	meta, err := eachItem(bytes.NewReader(answer), 1<<20, func(item []byte, isJSON bool) error {
		var p corev1.Pod
		err := decode(item, isJSON, &p)
		names = append(names, p.Name)
		return err
	})
	if err != nil || meta != (listMeta{"7", "more"}) || !slices.Equal(names, []string{"a", "b"}) {
		t.Errorf("names %v, meta %v, %v", names, meta, err)
	}
	for cut := range answer { // an answer that ends anywhere is an error or shorter, never a panic
		eachItem(bytes.NewReader(answer[:cut]), 1<<20, func(item []byte, isJSON bool) error {
			return decode(item, isJSON, new(corev1.Pod))
		})
	}
}

// TestGetOnly answers whoever may only get Pods about one that is asked about by its name: once, and while it is
// watched.
func TestGetOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, c := serve(t)
		f.Forbidden = []string{"list pods", "watch pods", "list events", "watch events"}
		f.Put(waitingPod("web"))
		scope := Scope{Namespace: "shop", Name: "web"}
		s, err := Collect(t.Context(), c, scope, Options{})
		if err != nil || len(cluster.Objects[corev1.Pod](s)) != 1 {
			t.Fatalf("%v", err)
		}
		if s, err := Collect(t.Context(), c, Scope{Namespace: "shop", Name: "wbe"}, Options{}); err != nil ||
			len(cluster.Objects[corev1.Pod](s)) != 0 {
			t.Errorf("one that is not there: %v", err)
		}
		if _, err := Collect(t.Context(), c, Scope{Namespace: "shop"}, Options{}); err == nil {
			t.Error("a namespace was answered")
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		seen := 0
		if err := Follow(ctx, c, scope, Options{}, func(s *cluster.Snapshot) error {
			seen = max(seen, len(cluster.Objects[corev1.Pod](s)))
			return nil
		}); ctx.Err() == nil || seen != 1 {
			t.Errorf("followed: %v, %d Pods", err, seen)
		}
	})
}
