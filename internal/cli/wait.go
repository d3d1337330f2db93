package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/kubestuck/stuck/internal/rollout"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// minRunning is how long all must have run to have started: what ends at once has not.
const minRunning = 3 * time.Second

// retry is how long after its back-off a kubelet has asked a registry again, at the latest. The first back-off is 10 s.
const retry = 20 * time.Second

// errDone ends the following when it is known what comes of the wait.
var errDone = errors.New("enough is known")

// A wait is one wait for Pods to start.
type wait struct {
	*session
	cat          *diagnose.Catalogue
	scope        live.Scope
	place        string
	start        time.Time
	runningSince time.Time // all Pods run; zero while that is not so
	last         *diagnose.Report
	progress     rollout.Progress
	refused      map[cluster.Ref]time.Time // since when the image of a Pod is known not to come, where no Event says it
	outcome      string                    // done, nothing, stuck, dead; over when the time is up
	lastLine     string                    // on the error output

	// Pods that there were before something was changed: what is said of them may be old
	before map[types.UID]bool
	old    map[cluster.Ref]bool // those of them that are still there
}

// waitStarted waits until what the arguments name has started, cannot, or the time is up.
func (s *session) waitStarted(ctx context.Context, cat *diagnose.Catalogue, args []string) error {
	_, err := s.waitFor(ctx, cat, args)
	return err
}

// waitFor does that, and returns what came of it.
func (s *session) waitFor(ctx context.Context, cat *diagnose.Catalogue, args []string) (*wait, error) {
	client, scope, err := s.connect(&s.target, args)
	if err != nil {
		return nil, err
	}
	w := &wait{session: s, cat: cat, scope: scope, place: s.place(scope, args), start: s.Now()}
	return w, w.run(ctx, client)
}

// run waits with a client.
func (w *wait) run(ctx context.Context, client *live.Client) error {
	timed, stop := context.WithTimeout(ctx, w.wait)
	defer stop()
	o := w.collection(&w.target, w.cat)
	o.Every, o.Workload = time.Second, true
	err := live.Follow(timed, client, w.scope, o, w.update)
	switch {
	case errors.Is(err, errDone):
	case ctx.Err() != nil:
		return failed(message.Of("cli.wait.ended"), message.Of("cli.wait.again"))
	case timed.Err() != nil && w.last == nil:
		return failed(message.Of("cli.wait.no-answer", "time", w.wait.String()), message.Of("cli.wait.connection"))
	case timed.Err() != nil:
		w.outcome = "over"
	default:
		return followError(err)
	}
	return w.finish()
}

// update says how far it has come, and ends the wait when nothing more is to be expected.
func (w *wait) update(snap *cluster.Snapshot) error {
	w.last = w.answer(snap, w.cat, w.scope)
	w.old = oldPods(snap, w.before)
	w.progress = rollout.Of(snap, rollout.Target{Workload: w.scope.Owner, Pod: w.scope.Name})
	p := w.progress
	switch {
	case p.NotFound && w.scope.Name != "":
		return notFound(podOf(w.scope))
	case p.NotFound:
		return notFound(w.scope.Owner)
	}
	if line := render.WaitProgress(w.last, p.Started, p.Desired, string(p.Pending), w.options()); line != w.lastLine {
		w.lastLine = line
		fmt.Fprintln(w.Err, line)
	}
	if !p.Complete() {
		w.runningSince = time.Time{}
	} else if w.runningSince.IsZero() {
		w.runningSince = w.last.At
	}
	switch {
	case p.Failed:
		w.outcome = "dead"
	case p.Complete() && p.Desired == 0:
		w.outcome = "nothing"
	case p.Complete() && w.last.At.Sub(w.runningSince) >= minRunning:
		w.outcome = "done"
	case w.cannotStart():
		w.outcome = "stuck"
	default:
		return nil
	}
	return errDone
}

// cannotStart reports whether a Pod that counts has a proven problem that does not pass by itself.
func (w *wait) cannotStart() bool {
	return slices.ContainsFunc(w.last.Problems, func(p diagnose.Problem) bool {
		return p.Certainty == diagnose.Proven && !w.cat.Cause(p.Cause).SelfHealing &&
			slices.ContainsFunc(p.Findings, func(f diagnose.Finding) bool {
				return w.progress.Current[f.Pod] && !w.old[f.Pod] && (p.Stage != pod.StageImage || w.graceIsOver(&f))
			})
	})
}

// oldPods are the Pods of a Snapshot that are among some.
func oldPods(s *cluster.Snapshot, among map[types.UID]bool) map[cluster.Ref]bool {
	out := map[cluster.Ref]bool{}
	if len(among) == 0 {
		return out
	}
	for _, p := range cluster.Objects[corev1.Pod](s) {
		if among[p.UID] {
			out[cluster.RefOf(p)] = true
		}
	}
	return out
}

// graceIsOver reports whether an image that does not come has had the time that a registry may lag behind a push: it
// was refused again after that time, or the kubelet has had the time to ask again.
func (w *wait) graceIsOver(f *diagnose.Finding) bool {
	if w.grace == 0 {
		return true
	}
	var first, last time.Time
	for _, e := range f.Evidence {
		if !e.First.IsZero() && (first.IsZero() || e.First.Before(first)) {
			first = e.First
		}
		if e.Last.After(last) {
			last = e.Last
		}
	}
	if first.IsZero() {
		if w.refused == nil {
			w.refused = map[cluster.Ref]time.Time{}
		}
		if w.refused[f.Pod].IsZero() {
			w.refused[f.Pod] = w.last.At
		}
		first = w.refused[f.Pod]
	}
	return last.Sub(first) >= w.grace || w.last.At.Sub(first) >= w.grace+retry
}

// finish says what came of it: one line where all have started, and else the diagnosis. A program that reads the report
// gets it alone.
func (w *wait) finish() error {
	fine := w.outcome == "done" || w.outcome == "nothing"
	out := w.Out
	if w.output != "text" {
		out = w.Err
	}
	p, took := w.progress, w.Now().Sub(w.start)
	if err := render.Wait(out, w.outcome, w.place, p.Started, p.Desired, took, p.Message, w.options()); err != nil {
		return err
	}
	if !fine && w.output == "text" {
		fmt.Fprintln(w.Out)
	}
	if !fine || w.output != "text" {
		if err := w.show(w.last); err != nil {
			return err
		}
	}
	w.code = ExitFine
	if !fine && !w.exitZero {
		w.code = ExitStuck
	}
	return nil
}
