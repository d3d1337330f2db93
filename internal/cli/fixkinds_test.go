package cli

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/livetest"
	"github.com/kubestuck/stuck/internal/plan"
	"github.com/kubestuck/stuck/internal/remedy"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func asMap(t *testing.T, v any) map[string]any {
	t.Helper()
	var out map[string]any
	data, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// alone is a ReplicaSet without a Deployment, whose image is not there: it is changed, and then its Pod deleted.
func alone(p *play) {
	one := int32(1)
	r := replicaSet("x", "")
	r.Name, r.UID, r.OwnerReferences, r.Annotations = "web", "web", nil, nil
	r.Spec.Replicas = &one
	r.Spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
	r.Spec.Template = corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "web"}},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: wrong}}}}
	r.Status.Replicas = 1
	p.Put(r)
	stuck := podWith("new", "b", wrong, false)
	stuck.OwnerReferences = by("ReplicaSet", "web")
	p.Put(stuck)
	notFoundEvent(p, stuck)
}

func notFoundEvent(p *play, stuck *corev1.Pod) {
	e := eventFor(stuck, "Warning", "Failed", `Failed to pull image "`+wrong+`": rpc error: code = NotFound desc = `+
		`failed to pull and unpack image "`+wrong+`": failed to resolve reference "`+wrong+`": `+wrong+`: not found`)
	e.InvolvedObject.FieldPath = "spec.containers{app}"
	p.Put(e)
}

// TestFixHalfDone: where the first of two actions is done and the second is refused, it says so and offers the undo.
func TestFixHalfDone(t *testing.T) {
	for _, answer := range []string{"yes", "no"} {
		inBubble(t, func(t *testing.T, p *play) {
			alone(p)
			p.scope = live.Scope{Namespace: "shop", Owner: cluster.Ref{Kind: "ReplicaSet", Namespace: "shop", Name: "web"}}
			p.Answers = func(w livetest.Write) *livetest.Answer {
				if w.Verb == "delete" && !w.Dry {
					return &livetest.Answer{Code: http.StatusForbidden, Reason: metav1.StatusReasonForbidden, Message: "not today"}
				}
				return nil
			}
			code := p.runFix(t, t.Context(), []string{"1", old, "yes", answer}, fixFlags{})
			p.wants(t, code, ExitFailed, "1 of 2 changes were made before", "not today", "Take it back?")
			want := map[string]string{"yes": wrong, "no": old}[answer]
			r := p.Get("ReplicaSet", "shop", "web").(*appsv1.ReplicaSet)
			if got := r.Spec.Template.Spec.Containers[0].Image; got != want {
				t.Errorf("the image is %s, want %s", got, want)
			}
		})
	}
}

// TestFixAsksForValues: what only a person knows is asked for until it is one that can stand there, or given with
// --set; without either nothing is done.
func TestFixAsksForValues(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		alone(p)
		p.scope = live.Scope{Namespace: "shop", Owner: cluster.Ref{Kind: "ReplicaSet", Namespace: "shop", Name: "web"}}
		flags := fixFlags{yes: true, maxRisk: remedy.Disruptive}
		p.wants(t, p.runFix(t, t.Context(), nil, flags), ExitFailed, "--set IMAGE=VALUE")
		flags.set = []string{"IMAGE=--all"}
		p.wants(t, p.runFix(t, t.Context(), nil, flags), ExitFailed, `IMAGE cannot be "--all"`)
		code := p.runFix(t, t.Context(), []string{"1", "Not an image", "$(id)", old, "no"}, fixFlags{})
		p.wants(t, code, ExitStuck, "this cannot stand for IMAGE", "+      - image: "+old)
		flags.set = []string{"IMAGE=" + old}
		p.Controller = func(w livetest.Write) {
			if w.Verb == "delete" {
				made := podWith("new", "c", old, true)
				made.OwnerReferences = by("ReplicaSet", "web")
				p.Put(made)
			}
		}
		p.wants(t, p.runFix(t, t.Context(), nil, flags), ExitFine)
	})
}

// crashing is a Pod alone that is killed for want of memory, with data in an emptyDir.
func crashing(p *play, volumes ...corev1.Volume) *corev1.Pod {
	pod := podWith("x", "y", old, false)
	pod.Name, pod.OwnerReferences, pod.Spec.Volumes = "job", nil, volumes
	pod.UID = "job"
	pod.Spec.RestartPolicy = corev1.RestartPolicyAlways
	pod.Spec.Containers[0].Resources.Limits = corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("8Mi")}
	pod.Status.Phase = corev1.PodRunning
	ended := corev1.ContainerStateTerminated{Reason: "OOMKilled", ExitCode: 137,
		StartedAt: metav1.Now(), FinishedAt: metav1.Now()}
	pod.Status.ContainerStatuses[0] = corev1.ContainerStatus{Name: "app", Image: old, RestartCount: 3,
		State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff",
			Message: "back-off 40s restarting failed container=app pod=job_shop(job)"}},
		LastTerminationState: corev1.ContainerState{Terminated: &ended}}
	p.Put(pod)
	p.scope = live.Scope{Namespace: "shop", Name: "job"}
	p.Controller = func(w livetest.Write) {
		if w.Verb == "create" {
			time.Sleep(time.Second)
			made := p.Get("Pod", "shop", "job").(*corev1.Pod).DeepCopy()
			made.Status = podWith("x", "y", old, true).Status
			p.Put(made)
		}
	}
	return p.Get("Pod", "shop", "job").(*corev1.Pod)
}

// TestFixDataLossAsksForTheName: what can lose data is done for a person who types its name, and for nobody else.
func TestFixDataLossAsksForTheName(t *testing.T) {
	data := corev1.Volume{Name: "data", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}
	inBubble(t, func(t *testing.T, p *play) {
		crashing(p, data)
		p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{yes: true, maxRisk: remedy.Disruptive}), ExitFailed, "lose data")
		p.wants(t, p.runFix(t, t.Context(), []string{"1", "yes"}, fixFlags{}), ExitStuck, "Type job", "Nothing was changed")
		if p.Get("Pod", "shop", "job").GetUID() != "job" {
			t.Fatal("the Pod is another")
		}
		file, made := p.written(t)
		approved := fixFlags{apply: file, approve: made.Hash, yes: true}
		p.wants(t, p.runFix(t, t.Context(), nil, approved), ExitFailed, "lose data")
		p.wants(t, p.runFix(t, t.Context(), []string{"yes"}, approved), ExitStuck, "Type job")
		if p.Get("Pod", "shop", "job").GetUID() != "job" {
			t.Fatal("the Pod is another")
		}
		p.wants(t, p.runFix(t, t.Context(), []string{"1", "job"}, fixFlags{}), ExitFine)
		if p.Get("Pod", "shop", "job").GetUID() == "job" {
			t.Error("the Pod is the same")
		}
	})
	inBubble(t, func(t *testing.T, p *play) {
		crashing(p, data)
		file, made := p.written(t)
		p.wants(t, p.runFix(t, t.Context(), []string{"job"}, fixFlags{apply: file, approve: made.Hash}), ExitFine)
		if p.Get("Pod", "shop", "job").GetUID() == "job" {
			t.Error("the Pod is the same")
		}
	})
}

// TestPlanIsBounded reads no more of a file than a plan may have.
func TestPlanIsBounded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, 50<<30); err != nil { // of holes
		t.Skip(err)
	}
	data, err := readUpTo(file, plan.MaxSize+1)
	if err != nil || len(data) != plan.MaxSize+1 {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	if _, err := plan.Decode(data); err == nil {
		t.Error("it is a plan")
	}
}

// TestFixReplace: a Pod alone is deleted and made anew with the change, and taken back to the same spec.
func TestFixReplace(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		was := crashing(p)
		file := filepath.Join(t.TempDir(), "record.yaml")
		p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{record: file}), ExitFine, "memory: 64Mi", "it is gone until")
		is := p.Get("Pod", "shop", "job").(*corev1.Pod)
		if got := is.Spec.Containers[0].Resources.Limits.Memory().String(); got != "64Mi" {
			t.Errorf("the limit is %s", got)
		}
		p.wants(t, p.runFix(t, t.Context(), []string{"yes"}, fixFlags{undo: file}), ExitFine)
		is = p.Get("Pod", "shop", "job").(*corev1.Pod)
		if plan.State(asMap(t, is)) != plan.State(asMap(t, was)) {
			t.Errorf("another spec came back: %v", is.Spec)
		}
	})
}

// TestFixReplaceTwice: a Pod that was made anew twice gets back what it was at first, although what takes the second
// change back makes another Pod of it than the first change had left.
func TestFixReplaceTwice(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		was := crashing(p)
		file := filepath.Join(t.TempDir(), "record.yaml")
		for _, limit := range []string{"64Mi", "128Mi"} {
			p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{record: file}), ExitFine, "memory: "+limit)
			is := p.Get("Pod", "shop", "job").(*corev1.Pod)
			is.Status = *was.Status.DeepCopy()
			p.Put(is)
		}
		for _, file := range []string{strings.Replace(file, ".yaml", "-2.yaml", 1), file} { // none replaced the other
			p.runFix(t, t.Context(), []string{"yes"}, fixFlags{undo: file})
		}
		if is := p.Get("Pod", "shop", "job").(*corev1.Pod); plan.State(asMap(t, is)) != plan.State(asMap(t, was)) {
			t.Errorf("another spec came back: %v", is.Spec)
		}
	})
}

// TestFixNotMadeAnew: a Pod that was deleted and is refused then is in the record, and --undo brings it back.
func TestFixNotMadeAnew(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		was := crashing(p)
		refuse := true
		p.Answers = func(w livetest.Write) *livetest.Answer {
			if w.Verb == "create" && w.Resource == "pods" && !w.Dry && refuse {
				return &livetest.Answer{Code: http.StatusForbidden, Reason: metav1.StatusReasonForbidden, Message: "exceeded quota"}
			}
			return nil
		}
		file := filepath.Join(t.TempDir(), "record.yaml")
		p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{record: file}), ExitFailed, "could not be made anew",
			"exceeded quota", "--undo")
		refuse = false
		p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{undo: file, yes: true}), ExitFine, "Taken back")
		if is := p.Get("Pod", "shop", "job"); is == nil || plan.State(asMap(t, is)) != plan.State(asMap(t, was)) {
			t.Errorf("it did not come back: %v", is)
		}
	})
}

// TestFixLikely: what is only likely is shown, and cannot be chosen.
func TestFixLikely(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		stuck := podWith("x", "y", wrong, false)
		stuck.Name, stuck.OwnerReferences = "web", nil
		p.Put(stuck)
		e := eventFor(stuck, "Warning", "Failed", `Failed to pull image "`+wrong+`": no such image`)
		e.InvolvedObject.FieldPath = "spec.containers{app}"
		p.Put(e)
		p.scope = live.Scope{Namespace: "shop", Name: "web"}
		for _, typed := range [][]string{{"1", "yes"}, nil} {
			flags := fixFlags{yes: typed == nil, maxRisk: remedy.Disruptive, set: []string{"IMAGE=" + old}}
			p.wants(t, p.runFix(t, t.Context(), typed, flags), ExitStuck, "Only likely", "Nothing of this can be done")
		}
		if got := p.Get("Pod", "shop", "web").(*corev1.Pod).Spec.Containers[0].Image; got != wrong {
			t.Errorf("the image is %s", got)
		}
	})
}
