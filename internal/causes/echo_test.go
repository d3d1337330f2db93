package causes

import (
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// TestEchoTimes holds that a symptom, which only repeats that something went wrong, joins its cause however the times
// lie: it lets each of them be said a minute after all else, and a minute before. The causes stay the same.
func TestEchoTimes(t *testing.T) {
	alone(t)
	cat := catalogue(t)
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		want := causesOf(diagnose.Run(read(t, dump), cat, diagnose.Options{Named: true}))
		for _, early := range []bool{true, false} {
			s := read(t, dump)
			if !moveSymptoms(s, early) {
				return
			}
			got := causesOf(diagnose.Run(again(s), cat, diagnose.Options{Named: true}))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("with the symptoms said (early: %t):\n%s", early, diff)
			}
		}
	})
}

// again makes a snapshot of the same objects, whose Events are in the order of their times as they are now.
func again(s *cluster.Snapshot) *cluster.Snapshot {
	b := cluster.NewBuilder(s.At)
	for _, k := range cluster.Kinds {
		for _, o := range s.OfKind(k.Name) {
			b.Add(k.Name, o)
		}
	}
	for _, r := range s.AllComplete() {
		b.Complete(r.Kind, r.Namespace)
	}
	for _, r := range s.AllAbsent() {
		b.Absent(r)
	}
	return b.Snapshot()
}

// causesOf is what is found in which Pod, and what nothing explains.
func causesOf(r *diagnose.Report) []string {
	var out []string
	for _, p := range r.Problems {
		for _, f := range p.Findings {
			out = append(out, p.Certainty+" "+p.Cause+" "+p.Blame.String()+" "+f.Subject().String())
		}
	}
	for _, u := range r.Unexplained {
		out = append(out, "unexplained "+u.Reason+" "+u.Message)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// moveSymptoms lets the symptoms among the Events of Pods be said before or after all others; false where there are
// none.
func moveSymptoms(s *cluster.Snapshot, early bool) bool {
	moved := false
	for _, p := range cluster.Objects[corev1.Pod](s) {
		var first, last time.Time
		for _, e := range s.EventsAbout(cluster.RefOf(p), p) {
			if first.IsZero() || e.FirstTimestamp.Time.Before(first) {
				first = e.FirstTimestamp.Time
			}
			if e.LastTimestamp.After(last) {
				last = e.LastTimestamp.Time
			}
		}
		for _, sign := range diagnose.Signs(s, p) {
			// A new sandbox is progress, too.
			if !sign.Symptom || sign.Kind != cluster.SignEvent || sign.Reason == "SandboxChanged" {
				continue
			}
			e, _ := cluster.Get[corev1.Event](s, sign.Ref.Namespace, sign.Ref.Name)
			if e == nil || e.LastTimestamp.IsZero() {
				continue
			}
			moved = true
			if e.LastTimestamp.Time = last.Add(time.Minute); early {
				e.LastTimestamp.Time = first.Add(-time.Minute)
			}
			e.FirstTimestamp = e.LastTimestamp
		}
	}
	return moved
}
