package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/livetest"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// A play is a cluster in a bubble, and the command that looks at it.
type play struct {
	*livetest.Server
	s         *session
	client    *live.Client
	out, errs bytes.Buffer
	scope     live.Scope     // of kubectl stuck fix; Deployment web where empty
	before    map[int]func() // what happens before a person types a line
}

// inBubble runs a play. Sleeping takes no time in it.
func inBubble(t *testing.T, do func(*testing.T, *play)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server, cfg := livetest.Serve(t)
		client, err := live.NewClient(cfg)
		if err != nil {
			t.Fatal(err)
		}
		p := &play{Server: server, client: client}
		p.s = &session{App: &App{Out: &p.out, Err: &p.errs, Getenv: func(string) string { return "" }, Now: time.Now},
			language: "en", output: "text", startingFor: 30 * time.Second, target: target{noNode: true}}
		do(t, p)
	})
}

func catalogue(t *testing.T) *diagnose.Catalogue {
	t.Helper()
	c, err := (&session{}).catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// runWait waits for a Deployment, and tells after how long it ended and with which exit code.
func (p *play) runWait(t *testing.T, scope live.Scope, most time.Duration) (time.Duration, int) {
	t.Helper()
	p.s.wait = most
	began := time.Now()
	w := &wait{session: p.s, cat: catalogue(t), scope: scope, place: "deploy/web", start: began}
	if err := w.run(t.Context(), p.client); err != nil {
		p.s.complain(err)
		p.s.code = ExitFailed
	}
	return time.Since(began), p.s.code
}

var deploy = live.Scope{Namespace: "shop", Owner: cluster.Ref{Kind: "Deployment", Namespace: "shop", Name: "web"}}

// webAt is the Deployment at a generation, as its controller has seen it.
func webAt(generation, observed int64, revision string, updated int32) *appsv1.Deployment {
	two := int32(2)
	return &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "shop", UID: "web",
		Generation:  generation,
		Annotations: map[string]string{"deployment.kubernetes.io/revision": revision}},
		Spec:   appsv1.DeploymentSpec{Replicas: &two},
		Status: appsv1.DeploymentStatus{ObservedGeneration: observed, UpdatedReplicas: updated}}
}

func by(kind, name string) []metav1.OwnerReference {
	yes := true
	return []metav1.OwnerReference{{Kind: kind, Name: name, UID: types.UID(name), Controller: &yes}}
}

func replicaSet(hash, revision string) *appsv1.ReplicaSet {
	return &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Name: "web-" + hash, Namespace: "shop",
		UID: types.UID("web-" + hash), OwnerReferences: by("Deployment", "web"),
		Annotations: map[string]string{"deployment.kubernetes.io/revision": revision}}}
}

// podOfWeb is a Pod of a ReplicaSet of the Deployment: one that runs, or one that waits for a volume.
func podOfWeb(hash, name string, runs bool) *corev1.Pod {
	now := metav1.Now()
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "web-" + hash + "-" + name, Namespace: "shop",
		UID: types.UID(name), CreationTimestamp: now, OwnerReferences: by("ReplicaSet", "web-"+hash),
		Labels: map[string]string{"pod-template-hash": hash}},
		Spec: corev1.PodSpec{NodeName: "n1", Containers: []corev1.Container{{Name: "app", Image: "app:1"}},
			Volumes: []corev1.Volume{{Name: "conf",
				VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
					LocalObjectReference: corev1.LocalObjectReference{Name: "conf"}}}}}},
		Status: corev1.PodStatus{Phase: corev1.PodPending, StartTime: &now,
			ContainerStatuses: []corev1.ContainerStatus{{Name: "app",
				State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}}}}}
	if runs {
		p.Status.Phase = corev1.PodRunning
		p.Status.ContainerStatuses[0].State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: now}}
	}
	return p
}

func eventFor(p *corev1.Pod, kind, reason, message string) *corev1.Event {
	now := metav1.Now()
	return &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: p.Name + "." + reason, Namespace: "shop"}, Type: kind,
		Reason: reason, Message: message, Count: 1, FirstTimestamp: now, LastTimestamp: now,
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "shop", Name: p.Name, UID: p.UID}}
}

const noConf = `MountVolume.SetUp failed for volume "conf" : configmap "conf" not found`

// TestWaitForRollout waits through a rollout: the old Pods that run do not count, nor does a controller that has not
// seen the change.
func TestWaitForRollout(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		p.Put(webAt(2, 1, "1", 2))
		p.Put(replicaSet("old", "1"))
		p.Put(podOfWeb("old", "a", true))
		p.Put(podOfWeb("old", "b", true))
		go func() {
			time.Sleep(10 * time.Second)
			p.Put(replicaSet("new", "2"))
			p.Put(webAt(2, 2, "2", 0))
			time.Sleep(10 * time.Second)
			p.Put(podOfWeb("new", "c", false))
			p.Put(webAt(2, 2, "2", 1))
			time.Sleep(10 * time.Second)
			p.Put(podOfWeb("new", "c", true))
			time.Sleep(10 * time.Second)
			p.Put(podOfWeb("new", "d", true))
			p.Remove(podOfWeb("old", "a", true))
			p.Put(webAt(2, 2, "2", 2))
		}()
		took, code := p.runWait(t, deploy, 5*time.Minute)
		if code != ExitFine || took < 43*time.Second || took > 50*time.Second {
			t.Errorf("exit code %d after %s", code, took)
		}
		if !strings.HasPrefix(p.out.String(), "deploy/web: 2 Pods have started, after 4") ||
			strings.Count(p.out.String(), "\n") != 1 {
			t.Errorf("it says %q", p.out.String())
		}
		want := []string{"0 of 2 Pods started; the latest change has not been seen by its controller yet",
			"0 of 2 Pods started; not all Pods of the latest revision have been made yet",
			"1 of 2 Pods started; not all Pods of the latest revision have been made yet", "2 of 2 Pods started"}
		if got := strings.Split(strings.TrimSpace(p.errs.String()), "\n"); !slices.Equal(got, want) {
			t.Errorf("on the way it says %q", got)
		}
	})
}

// TestWaitEndsWhereItIsProven gives the diagnosis as soon as a Pod cannot start, long before the time is up.
func TestWaitEndsWhereItIsProven(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		p.Put(webAt(1, 1, "1", 2))
		p.Put(replicaSet("new", "1"))
		pod := podOfWeb("new", "a", false)
		p.Put(pod)
		p.Put(podOfWeb("new", "b", true))
		go func() {
			time.Sleep(5 * time.Second)
			p.Put(eventFor(pod, "Warning", "FailedMount", noConf))
		}()
		took, code := p.runWait(t, deploy, 5*time.Minute)
		if code != ExitStuck || took > 8*time.Second || !strings.Contains(p.out.String(), "ConfigMap conf does not exist") {
			t.Errorf("exit code %d after %s: %s%s", code, took, p.out.String(), p.errs.String())
		}
	})
}

// TestWaitGivesARegistryGrace does not take the first "not found" for the last word: a registry may lag behind a push.
// What it says again after the grace, it means.
func TestWaitGivesARegistryGrace(t *testing.T) {
	for name, c := range map[string]struct {
		grace, comes time.Duration // when the image is there; 0 for never
		code         int
		after, until time.Duration
	}{
		"it comes":        {10 * time.Second, 8 * time.Second, ExitFine, 8 * time.Second, 30 * time.Second},
		"it never comes":  {10 * time.Second, 0, ExitStuck, 10 * time.Second, 25 * time.Second},
		"without a grace": {0, 0, ExitStuck, 0, 8 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, p *play) {
				p.s.grace = c.grace
				d := webAt(1, 1, "1", 1)
				one := int32(1)
				d.Spec.Replicas = &one
				p.Put(d)
				p.Put(replicaSet("new", "1"))
				pod := podOfWeb("new", "a", false)
				pod.Spec.Volumes = nil
				pod.Status.ContainerStatuses[0].State.Waiting.Reason = "ErrImagePull"
				p.Put(pod)
				failed := eventFor(pod, "Warning", "Failed", `Failed to pull image "app:1": rpc error: code = NotFound desc = `+
					`failed to pull and unpack image "docker.io/library/app:1": failed to resolve image: `+
					`docker.io/library/app:1: not found`)
				p.Put(failed)
				go func() {
					if c.comes > 0 {
						time.Sleep(c.comes)
						p.Put(podOfWeb("new", "a", true))
						return
					}
					time.Sleep(13 * time.Second)
					again := failed.DeepCopy()
					again.Count, again.LastTimestamp = 2, metav1.Now()
					p.Put(again)
				}()
				took, code := p.runWait(t, deploy, 2*time.Minute)
				time.Sleep(15 * time.Second) // the cluster ends, too
				if code != c.code || took < c.after || took > c.until {
					t.Errorf("exit code %d after %s: %s%s", code, took, p.out.String(), p.errs.String())
				}
			})
		})
	}
}

// TestWaitGoesOn waits to the end where what is proven can pass by itself, or holds up an old Pod only.
func TestWaitGoesOn(t *testing.T) {
	for name, set := range map[string]func(*play){
		"unschedulable": func(p *play) {
			pod := podOfWeb("new", "a", false)
			pod.Spec.NodeName, pod.Status = "", corev1.PodStatus{Phase: corev1.PodPending,
				Conditions: []corev1.PodCondition{{Type: "PodScheduled", Status: "False", Reason: "Unschedulable",
					Message: "0/1 nodes are available: 1 Insufficient cpu."}}}
			p.Put(pod)
			p.Put(eventFor(pod, "Warning", "FailedScheduling", "0/1 nodes are available: 1 Insufficient cpu."))
		},
		"old": func(p *play) {
			p.Put(replicaSet("old", "0"))
			pod := podOfWeb("old", "a", false)
			p.Put(pod)
			p.Put(eventFor(pod, "Warning", "FailedMount", noConf))
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, p *play) {
				p.Put(webAt(1, 1, "1", 2))
				p.Put(replicaSet("new", "1"))
				set(p)
				took, code := p.runWait(t, deploy, 5*time.Minute)
				if out := p.out.String(); code != ExitStuck || took != 5*time.Minute ||
					!strings.HasPrefix(out, "deploy/web: 0 of 2 Pods have started after 5 min, and the time is up\n") ||
					!strings.Contains(out, "1. ") {
					t.Errorf("exit code %d after %s: %s%s", code, took, out, p.errs.String())
				}
			})
		})
	}
}

// TestWaitForNothing waits for what is not there, or asks for no Pods.
func TestWaitForNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		if took, code := p.runWait(t, deploy, time.Minute); code != ExitFailed || took > 2*time.Second ||
			!strings.Contains(p.errs.String(), "there is no Deployment web in namespace shop") {
			t.Errorf("exit code %d after %s: %s", code, took, p.errs.String())
		}
		none := int32(0)
		d := webAt(1, 1, "1", 0)
		d.Spec.Replicas = &none
		p.Put(d)
		p.Put(replicaSet("new", "1"))
		if took, code := p.runWait(t, deploy, time.Minute); code != ExitFine || took > 2*time.Second ||
			!strings.Contains(p.out.String(), "no Pods are asked for") {
			t.Errorf("exit code %d after %s: %s%s", code, took, p.out.String(), p.errs.String())
		}
	})
}

// TestWaitForACrash does not take a container that ends at once for one that has started.
func TestWaitForACrash(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		pod := podOfWeb("new", "a", true)
		p.Put(pod)
		go func() {
			time.Sleep(time.Second)
			pod := pod.DeepCopy()
			pod.Status.ContainerStatuses[0].State = corev1.ContainerState{
				Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}}
			p.Put(pod)
		}()
		if took, code := p.runWait(t, live.Scope{Namespace: "shop"}, time.Minute); code != ExitStuck || took != time.Minute {
			t.Errorf("exit code %d after %s", code, took)
		}
	})
}

// watches watches while a story is told, and then ends it as Ctrl-C does.
func (p *play) watches(t *testing.T, story func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		story()
		stop()
	}()
	w := &watcher{session: p.s, cat: catalogue(t), scope: live.Scope{Namespace: "shop"},
		changes: diagnose.Changes{Hold: solvedHold}}
	if err := w.run(ctx, p.client); err != nil {
		t.Error(err)
	}
}

// story is a Pod that waits for a ConfigMap, a second one, and both solved.
func (p *play) story() {
	time.Sleep(time.Second)
	a, b := podOfWeb("new", "a", false), podOfWeb("new", "b", false)
	p.Put(a)
	p.Put(eventFor(a, "Warning", "FailedMount", noConf))
	time.Sleep(time.Minute)
	p.Put(b)
	p.Put(eventFor(b, "Warning", "FailedMount", noConf))
	time.Sleep(time.Minute)
	p.Put(podOfWeb("new", "a", true))
	p.Put(podOfWeb("new", "b", true))
	time.Sleep(time.Minute)
}

func TestWatchAppends(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {"No Pods in namespace shop\n", "00:00:01 UTC  opened: ConfigMap conf does not exist\n",
			"\n00:01:01 UTC  changed: ConfigMap conf does not exist\n   Pods  shop/web-new-a, shop/web-new-b\n",
			"00:02:01 UTC  solved, after 2 min: ConfigMap conf does not exist\n"},
		"zh": {"命名空间 shop 里没有 Pod\n", "00:00:01 UTC  出现：ConfigMap conf 不存在\n", "\n00:01:01 UTC  有变化：",
			"00:02:01 UTC  已解决，历时 2 分钟：ConfigMap conf 不存在\n"},
	} {
		inBubble(t, func(t *testing.T, p *play) {
			p.s.language = lang
			p.watches(t, p.story)
			rest := p.out.String()
			for _, w := range want {
				_, after, ok := strings.Cut(rest, w)
				if !ok {
					t.Errorf("%q is not, or not in this order, in\n%s", w, p.out.String())
				}
				rest = after
			}
			if rest != "" || p.s.code != ExitFine {
				t.Errorf("exit code %d, and at last %q", p.s.code, rest)
			}
		})
	}
}

func TestWatchJSON(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		p.s.output = "json"
		p.watches(t, func() {
			p.story()
			p.Down(true)
			time.Sleep(time.Minute)
			p.Down(false)
			time.Sleep(time.Minute)
		})
		var got []string
		for line := range strings.Lines(p.out.String()) {
			var c struct {
				Kind, Change string
				Problem      *struct{ Cause string }
				Blocked      []cluster.Ref
				Gaps         []cluster.Gap
			}
			if err := json.Unmarshal([]byte(line), &c); err != nil || c.Kind != "Change" {
				t.Fatalf("%v in %s", err, line)
			}
			s := c.Change
			if c.Problem != nil {
				s += " " + c.Problem.Cause
			}
			for _, b := range c.Blocked {
				s += " " + b.Name
			}
			if len(c.Gaps) > 0 {
				s += " some"
			}
			if len(got) == 0 || got[len(got)-1] != s {
				got = append(got, s)
			}
		}
		want := "opened configmap-missing web-new-a|changed configmap-missing web-new-a web-new-b|" +
			"solved configmap-missing web-new-a web-new-b|gaps some|gaps"
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("got  %s\nwant %s", s, want)
		}
	})
}
