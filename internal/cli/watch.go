package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

const (
	watchEvery = 5 * time.Second  // how old an age on the screen may get
	solvedHold = 10 * time.Second // how long a problem has to be gone
)

// followFlags are the flags of what goes on for a while.
func (s *session) followFlags(c *cobra.Command) {
	c.Flags().BoolVarP(&s.watch, "watch", "w", false, "")
	c.Flags().DurationVar(&s.wait, "wait-until-started", 0, "")
	c.Flags().DurationVar(&s.grace, "grace", 10*time.Second, "")
}

// checkFollow refuses what does not go together.
func (s *session) checkFollow(c *cobra.Command) error {
	waiting := c.Flags().Changed("wait-until-started")
	switch {
	case waiting && s.wait <= 0:
		return failed(message.Of("cli.wait.no-time", "time", s.wait.String()), message.Of("cli.flag.duration"))
	case waiting && s.watch:
		return failed(message.Of("cli.wait.watch"), message.Of("cli.wait.one"))
	case (waiting || s.watch) && len(s.files) > 0:
		return failed(message.Of("cli.wait.saved"), message.Of("cli.wait.cluster"))
	case s.watch && len(s.view.problems) > 0:
		return failed(message.Of("cli.watch.problem"), message.Of("cli.watch.once"))
	case s.watch && s.output != render.FormText && s.output != render.FormJSON:
		return failed(message.Of("cli.watch.form", "form", s.output), message.Of("cli.watch.json"))
	}
	return nil
}

// place names the scope for people.
func (s *session) place(scope live.Scope, args []string) string {
	what := strings.Join(args, "/")
	if scope.Selector != "" {
		what = strings.TrimSpace(what + " -l " + scope.Selector)
	}
	return render.Place(scope.Namespace, what, s.options())
}

// follow keeps the answer current until the context ends. The exit code is that of the last answer.
func (s *session) follow(ctx context.Context, cat *diagnose.Catalogue, args []string) error {
	client, scope, err := s.connect(&s.target, args)
	if err != nil {
		return err
	}
	w := &watcher{session: s, cat: cat, scope: scope, changes: diagnose.Changes{Hold: solvedHold}}
	if _, _, tty := s.terminal(); tty && s.output == "text" && s.Getenv("TERM") != "dumb" {
		w.screen = &screen{out: s.Out, place: s.place(scope, args), options: s.options, size: s.terminal}
		defer resized(w.screen.redraw)()
	}
	return w.run(ctx, client)
}

// A watcher shows one report after the other, or what is different in it.
type watcher struct {
	*session
	cat     *diagnose.Catalogue
	scope   live.Scope
	changes diagnose.Changes
	last    *diagnose.Report
	gaps    gapNews
	screen  *screen // nil where the output is no terminal
}

// run watches with a client.
func (w *watcher) run(ctx context.Context, client *live.Client) error {
	o := w.collection(&w.target, w.cat)
	o.Every = watchEvery
	err := live.Follow(ctx, client, w.scope, o, func(snap *cluster.Snapshot) error {
		if w.last == nil {
			if err := missing(snap, w.scope); err != nil {
				return err
			}
		}
		return w.show(w.answer(snap, w.cat, w.scope))
	})
	return w.end(ctx, err)
}

// show shows the next report.
func (w *watcher) show(r *diagnose.Report) error {
	first := w.last == nil
	w.last = r
	w.setExitCode(r)
	changes := w.changes.Next(r)
	gapsChanged := w.gaps.next(r)
	switch {
	case w.screen != nil:
		if first {
			changes = nil // the report says it all
		}
		return w.screen.show(r, changes)
	case w.output == "json":
		return w.writeJSON(r, changes, gapsChanged)
	case first:
		return w.showText(r)
	}
	for i := range changes {
		if err := render.Change(w.Out, &changes[i], w.options()); err != nil {
			return err
		}
	}
	if gapsChanged {
		return render.Gaps(w.Out, r, w.options())
	}
	return nil
}

// writeJSON writes what changed as lines of JSON.
func (w *watcher) writeJSON(r *diagnose.Report, changes []diagnose.Change, gapsChanged bool) error {
	for i := range changes {
		if err := render.ChangeJSON(w.Out, &changes[i], r, w.options()); err != nil {
			return err
		}
	}
	if gapsChanged {
		return render.GapsJSON(w.Out, r)
	}
	return nil
}

// gapNews decides which gaps are news: those that were not told before, and whatever changes in what is followed. What
// else comes and goes, such as lines of logs that were too many, is none.
type gapNews struct {
	told map[string]bool
	lost string // what is not followed at present
}

// next reports whether the gaps of the next report are news.
func (n *gapNews) next(r *diagnose.Report) bool {
	if n.told == nil {
		n.told = map[string]bool{}
	}
	news, lost := false, ""
	for _, g := range r.Gaps {
		switch what := g.What.In("en"); {
		case diagnose.Unfollowed(&g):
			lost += what + "\n"
		case !n.told[gapKey(g)]:
			n.told[gapKey(g)], news = true, true
		}
	}
	news = news || lost != n.lost
	n.lost = lost
	return news
}

// gapKey tells gaps apart by what could not be read; how much of it, and why, is not the same each time.
func gapKey(g cluster.Gap) string {
	if g.What.Code == "gap.facts" || strings.HasPrefix(g.What.Code, "gap.nodes") {
		return "gap.facts" // nodes are asked again and again, and tell now more, now less
	}
	return g.What.In("en")
}

// end gives the terminal back, with the last answer on it.
func (w *watcher) end(ctx context.Context, err error) error {
	if w.screen != nil {
		w.screen.close()
	}
	if ctx.Err() == nil {
		return followError(err)
	}
	if w.last == nil {
		return failed(message.Of("cli.watch.ended"), message.Of("cli.watch.again"))
	}
	if w.screen != nil {
		return w.showText(w.last)
	}
	return nil
}

// followError is why following ended, for people: what the first LIST could not read needs a word on what to do.
func followError(err error) error {
	var list *live.ListError
	var none *live.NoNamespaceError
	if errors.As(err, &list) || errors.As(err, &none) {
		return unanswered(err)
	}
	return err
}
