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
	"github.com/kubestuck/stuck/internal/render"
	"github.com/kubestuck/stuck/internal/rollout"
)

// steady is how long all must have run to have started: what ends at once has not.
const steady = 3 * time.Second

// errEnough ends the following when it is known what comes of the wait.
var errEnough = errors.New("enough is known")

// A wait is one wait for Pods to start.
type wait struct {
	*session
	cat     *diagnose.Catalogue
	scope   live.Scope
	place   string
	began   time.Time
	since   time.Time // since when all run
	last    *diagnose.Report
	came    rollout.Progress
	outcome string // done, nothing, stuck, dead; over when the time is up
	said    string // on the error output, last
}

// waitStarted waits until what the arguments name has started, cannot, or the time is up.
func (s *session) waitStarted(ctx context.Context, cat *diagnose.Catalogue, args []string) error {
	client, scope, err := s.connect(&s.target, args)
	if err != nil {
		return err
	}
	w := &wait{session: s, cat: cat, scope: scope, place: s.place(scope, args), began: s.Now()}
	return w.on(ctx, client)
}

// on waits with a client.
func (w *wait) on(ctx context.Context, client *live.Client) error {
	timed, stop := context.WithTimeout(ctx, w.wait)
	defer stop()
	o := w.collection(&w.target, w.cat)
	o.Every, o.Workload = time.Second, true
	err := live.Follow(timed, client, w.scope, o, w.look)
	switch {
	case errors.Is(err, errEnough):
	case ctx.Err() != nil:
		return failed(message.Of("cli.wait.ended"), message.Of("cli.wait.again"))
	case timed.Err() != nil && w.last == nil:
		return failed(message.Of("cli.wait.no-answer", "time", w.wait.String()), message.Of("cli.wait.connection"))
	case timed.Err() != nil:
		w.outcome = "over"
	default:
		return followed(err)
	}
	return w.tell()
}

// look tells how far it has come, and ends the wait when nothing more is to be expected.
func (w *wait) look(snap *cluster.Snapshot) error {
	w.last = run(snap, w.cat, w.young)
	w.came = rollout.Of(snap, rollout.Target{Workload: w.scope.Owner, Pod: w.scope.Name})
	p := w.came
	switch {
	case p.NotFound && w.scope.Name != "":
		return absent(podOf(w.scope))
	case p.NotFound:
		return absent(w.scope.Owner)
	}
	if line := render.WaitProgress(w.last, p.Started, p.Desired, string(p.Pending), w.options()); line != w.said {
		w.said = line
		fmt.Fprintln(w.Err, line)
	}
	if !p.Complete() {
		w.since = time.Time{}
	} else if w.since.IsZero() {
		w.since = w.last.At
	}
	switch {
	case p.Failed:
		w.outcome = "dead"
	case p.Complete() && p.Desired == 0:
		w.outcome = "nothing"
	case p.Complete() && w.last.At.Sub(w.since) >= steady:
		w.outcome = "done"
	case w.hopeless():
		w.outcome = "stuck"
	default:
		return nil
	}
	return errEnough
}

// hopeless tells whether a Pod that counts has a proven problem that does not pass by itself.
func (w *wait) hopeless() bool {
	return slices.ContainsFunc(w.last.Problems, func(p diagnose.Problem) bool {
		return p.Certainty == diagnose.Proven && !w.cat.Cause(p.Cause).SelfHealing &&
			slices.ContainsFunc(p.Findings, func(f diagnose.Finding) bool { return w.came.Current[f.Pod] })
	})
}

// tell says what came of it: one line where all have started, and else the diagnosis. A program that reads the report
// gets it alone.
func (w *wait) tell() error {
	fine := w.outcome == "done" || w.outcome == "nothing"
	out := w.Out
	if w.output != "text" {
		out = w.Err
	}
	if err := render.Wait(out, w.outcome, w.place, w.came.Started, w.came.Desired, w.Now().Sub(w.began), w.came.Message,
		w.options()); err != nil {
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
	if !fine && !w.zero {
		w.code = ExitStuck
	}
	return nil
}
