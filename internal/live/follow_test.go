package live

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/livetest"
	"github.com/kubestuck/stuck/internal/message"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// serve starts a server and makes a client of it.
func serve(t *testing.T) (*livetest.Server, *Client) {
	t.Helper()
	f, cfg := livetest.Serve(t)
	c, err := NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return f, c
}

// waitingPod is a Pod that has a node and no container yet. It names a ConfigMap.
func waitingPod(name string) *corev1.Pod {
	now := metav1.Now()
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "shop", UID: types.UID(name),
		CreationTimestamp: now},
		Spec: corev1.PodSpec{NodeName: "n1", Containers: []corev1.Container{{Name: "app", Image: "app:1"}},
			Volumes: []corev1.Volume{{Name: "conf", VolumeSource: corev1.VolumeSource{
				ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{
					Name: "conf"}}}}}},
		Status: corev1.PodStatus{Phase: corev1.PodPending, StartTime: &now,
			ContainerStatuses: []corev1.ContainerStatus{
				{Name: "app", State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{
					Reason: "ContainerCreating"}}}}}}
}

// runs makes a Pod one that has started.
func runs(p *corev1.Pod) *corev1.Pod {
	p = p.DeepCopy()
	p.Status.Phase = corev1.PodRunning
	p.Status.ContainerStatuses[0].State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{
		StartedAt: metav1.Now()}}
	return p
}

func failedMount(p *corev1.Pod) *corev1.Event {
	now := metav1.Now()
	return &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: p.Name + ".1", Namespace: "shop"}, Type: "Warning",
		Reason:         "FailedMount",
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "shop", Name: p.Name, UID: p.UID},
		FirstTimestamp: now, LastTimestamp: now, Count: 1,
		Message: `MountVolume.SetUp failed for volume "conf" : configmap "conf" not found`}
}

// follow follows the namespace shop. story runs in a bubble, where sleeping takes no time; it calls begin when all is
// there that is to be listed. What was diagnosed is returned, each different answer once.
func follow(t *testing.T, story func(f *livetest.Server, begin func())) (answers []string) {
	t.Helper()
	cat, err := diagnose.NewCatalogue(causes.All())
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		f, c := serve(t)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		story(f, func() {
			began := time.Now()
			go func() {
				ended <- Follow(ctx, c, Scope{Namespace: "shop"}, Options{Every: 5 * time.Second},
					func(s *cluster.Snapshot) error {
						if answer := tell(diagnose.Run(s, cat, diagnose.Options{})); len(answers) == 0 ||
							answers[len(answers)-1] != answer {
							answers = append(answers, answer)
							t.Log(time.Since(began), answer)
						}
						return nil
					})
			}()
		})
		stop()
		if err := <-ended; err != context.Canceled {
			t.Errorf("it ended with %v", err)
		}
	})
	return answers
}

func tell(r *diagnose.Report) string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, fmt.Sprintf("%s %s %d", p.Certainty, p.Cause, len(p.Findings)))
	}
	for _, g := range r.Gaps {
		out = append(out, "gap: "+g.What.String())
	}
	return fmt.Sprintf("%d seen, %d starting: %s", r.Pods.Seen, r.Pods.Starting, strings.Join(out, "; "))
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wanted (-) and diagnosed (+) differ:\n%s", diff)
	}
}

const missing = "proven configmap-missing 1"

// TestProblemOpensAndIsSolved sees a Pod come, wait for a ConfigMap, and run when that is there.
func TestProblemOpensAndIsSolved(t *testing.T) {
	same(t, follow(t, func(f *livetest.Server, begin func()) {
		begin()
		time.Sleep(10 * time.Second)
		p := waitingPod("web")
		f.Put(p)
		time.Sleep(time.Second)
		f.Put(failedMount(p))
		time.Sleep(time.Minute)
		f.Put(runs(p))
		time.Sleep(time.Minute)
		f.Remove(p)
		time.Sleep(time.Minute)
	}), "0 seen, 0 starting: ", "1 seen, 1 starting: ", "1 seen, 0 starting: "+missing, "1 seen, 0 starting: ",
		"0 seen, 0 starting: ")
}

// TestTimeAloneMakesStuck sees a Pod that says nothing turn from starting to stuck while nothing comes from the server.
func TestTimeAloneMakesStuck(t *testing.T) {
	got := follow(t, func(f *livetest.Server, begin func()) {
		f.Put(waitingPod("web"))
		begin()
		time.Sleep(time.Minute)
	})
	if len(got) < 2 || got[0] != "1 seen, 1 starting: " || strings.Contains(got[len(got)-1], "1 starting") {
		t.Errorf("diagnosed %q", got)
	}
}

// TestForgotten watches a server that answers 410: all is listed anew, and what happened in between is seen.
func TestForgotten(t *testing.T) {
	var asked []string
	same(t, follow(t, func(f *livetest.Server, begin func()) {
		p := waitingPod("web")
		f.Put(p)
		f.Put(failedMount(p))
		begin()
		time.Sleep(10 * time.Second)
		f.Put(runs(p))
		f.Forget()
		f.Cut()
		time.Sleep(time.Minute)
		asked = f.Asked()
	}), "1 seen, 0 starting: "+missing, "1 seen, 0 starting: ")
	if n := count(asked, "list pods"); n != 2 {
		t.Errorf("Pods were listed %d times: %v", n, asked)
	}
}

func count(asked []string, what string) (n int) {
	for _, a := range asked {
		if a == what {
			n++
		}
	}
	return n
}

// TestServerGoesAway loses the server half-way: what was known stays, a gap says since when nothing new is, and it goes
// on when the server is back.
func TestServerGoesAway(t *testing.T) {
	got := follow(t, func(f *livetest.Server, begin func()) {
		p := waitingPod("web")
		f.Put(p)
		f.Put(failedMount(p))
		begin()
		time.Sleep(20 * time.Second)
		f.Down(true)
		time.Sleep(5 * time.Minute)
		f.Put(runs(p))
		f.Down(false)
		time.Sleep(5 * time.Minute)
	})
	disconnected := regexp.MustCompile("what changed since [0-9:]+ UTC is not known")
	for i := range got {
		got[i] = disconnected.ReplaceAllString(got[i], "GAP")
	}
	// Pods and Events come and go one after the other
	same(t, slices.DeleteFunc(got, func(s string) bool { return strings.Count(s, "GAP") == 1 }),
		"1 seen, 0 starting: "+missing, "1 seen, 0 starting: "+missing+
			"; gap: events in namespace shop: GAP; gap: pods in namespace shop: GAP", "1 seen, 0 starting: ")
}

// TestFewRequests watches 30 stuck Pods for ten minutes of which little is new: the lists are asked for once, and what
// they name a bounded number of times.
func TestFewRequests(t *testing.T) {
	follow(t, func(f *livetest.Server, begin func()) {
		for i := range 30 {
			p := waitingPod(fmt.Sprint("web-", i))
			f.Put(p)
			f.Put(failedMount(p))
		}
		begin()
		time.Sleep(10 * time.Minute)
		// those about nodes are read with what the Pods name
		if pods, events := count(f.Asked(), "list pods"), count(f.Asked(), "list events"); pods != 1 || events > 1+41 {
			t.Errorf("Pods were listed %d times, Events %d times", pods, events)
		}
		// every 15 s: a node and its Events, an account, a ConfigMap, two lists of leases; every 30 s: four kinds of
		// workloads
		if n := len(f.Asked()); n > 41*8+21*4 {
			t.Errorf("%d requests in ten minutes", n)
		}
	})
}

// TestMayNotWatch has the right to list only: it lists from time to time, and says what right it lacks.
func TestMayNotWatch(t *testing.T) {
	got := follow(t, func(f *livetest.Server, begin func()) {
		f.Forbidden = []string{"watch pods", "watch events"}
		f.Put(waitingPod("web"))
		begin()
		time.Sleep(time.Minute)
		f.Put(runs(waitingPod("web")))
		time.Sleep(time.Minute)
	})
	if last := got[len(got)-1]; !strings.HasPrefix(last, "1 seen, 0 starting: gap: events") || !strings.Contains(last,
		"gap: pods") {
		t.Errorf("diagnosed %q", got)
	}
}

// TestMayNotListEvents is still answered, with a gap.
func TestMayNotListEvents(t *testing.T) {
	same(t, follow(t, func(f *livetest.Server, begin func()) {
		f.Forbidden = []string{"list events"}
		begin()
		time.Sleep(time.Minute)
	}), "0 seen, 0 starting: gap: events in namespace shop: "+message.Of("question.events").In("en")+" is not known")
}

// TestPodsCannotBeListed ends at once, with what was tried.
func TestPodsCannotBeListed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, c := serve(t)
		err := Follow(t.Context(), c, Scope{Namespace: "shpo"}, Options{}, func(*cluster.Snapshot) error { return nil })
		if err == nil || err.Error() != "namespace shpo does not exist" {
			t.Errorf("it ended with %v", err)
		}
		f.Forbidden = []string{"list pods"}
		err = Follow(t.Context(), c, Scope{Namespace: "shop"}, Options{}, func(*cluster.Snapshot) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "cannot list Pods in namespace shop") {
			t.Errorf("it ended with %v", err)
		}
	})
}

// TestForgets holds no Event about a Pod that has started for longer than it may matter, and of the Pod not what nobody
// asks for.
func TestForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &follower{now: time.Now, scope: Scope{Namespace: "shop"}, wanted: cluster.NewBuilder(time.Now()).Snapshot(),
			wantedAt: time.Now().Add(time.Hour)}
		f.kinds = map[string]*kindState{"Pod": {filter: f.pod, objects: map[cluster.Ref]metav1.Object{}},
			"Event": {filter: f.event, objects: map[cluster.Ref]metav1.Object{}}}
		p := runs(waitingPod("web"))
		p.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "PASSWORD", Value: "x"}}
		p.Spec.Containers[0].Args = []string{"--token=x"}
		thinned, _ := newThinner(f.counts).take(p)
		for _, o := range []metav1.Object{thinned, failedMount(p)} {
			kind := reflect.TypeOf(o).Elem().Name()
			f.kinds[kind].apply(change{kind: kind, verb: updated, object: o})
		}
		if kept := f.kinds["Pod"].objects[cluster.RefOf(p)].(*corev1.Pod); len(kept.Spec.Containers[0].Env)+
			len(kept.Spec.Containers[0].Args) > 0 {
			t.Errorf("held is %v", kept.Spec)
		}
		f.snapshot(t.Context())
		if n := len(f.kinds["Event"].objects); n != 1 {
			t.Errorf("%d Events are held at first", n)
		}
		time.Sleep(eventAge)
		f.snapshot(t.Context())
		if n := len(f.kinds["Event"].objects); n != 0 {
			t.Errorf("%d Events are held in the end", n)
		}
	})
}

// TestChangesInFlocks makes a Pod that names something else come every 300 ms: what they name is read every two seconds
// at most.
func TestChangesInFlocks(t *testing.T) {
	follow(t, func(f *livetest.Server, begin func()) {
		begin()
		for i := range 100 {
			p := waitingPod(fmt.Sprint("web-", i))
			p.Spec.Volumes[0].ConfigMap.Name = p.Name
			f.Put(p)
			time.Sleep(300 * time.Millisecond)
		}
		if n := count(f.Asked(), "get nodes"); n > 16 || n < 10 {
			t.Errorf("the node was read %d times in 30 s", n)
		}
	})
}
