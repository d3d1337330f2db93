package cli

import (
	"context"
	"os/signal"
	"syscall"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

// timeline shows how Pods have started, of a cluster or of what -f names.
func (s *session) timeline() *cobra.Command {
	var from target
	c := &cobra.Command{
		Use: "timeline [POD | TYPE/NAME]...",
		Example: s.examples(example{"kubectl stuck timeline api-7d4b9-x2x", "help.timeline.why"},
			example{"kubectl stuck timeline deploy/web", "help.timeline.all"},
			example{"kubectl stuck timeline -f dump/ -n shop", "help.kubectl-stuck.saved"}),
		RunE: func(_ *cobra.Command, args []string) error {
			s.target = from
			snap, scope, err := s.startsOf(args)
			if err != nil {
				return err
			}
			all, asked := diagnose.Timelines(snap, s.asking(scope))
			switch {
			case len(all) > 0:
			case len(s.files) > 0 && asked == 0:
				return s.noneFits(snap, scope, args)
			default:
				return failed(message.Of("timeline.no"), message.Of("timeline.no.why"))
			}
			r := &diagnose.Report{At: snap.At, Gaps: snap.Gaps}
			s.setExitCode(r)
			return render.Timelines(s.Out, all, r, s.options())
		},
	}
	c.Flags().StringSliceVarP(&s.files, "filename", "f", nil, "")
	from.flags(c)
	for _, flag := range []string{"inspect-secrets", "no-node", "no-logs", "ready"} {
		hide(c, flag) // of what is not read
	}
	return c
}

// startsOf is a snapshot that tells how Pods have started, whether they wait or run, and which of them are asked about.
func (s *session) startsOf(args []string) (*cluster.Snapshot, live.Scope, error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if len(s.files) > 0 {
		scope, err := s.savedScope(args)
		if err != nil {
			return nil, scope, err
		}
		p := s.progress()
		snap, err := s.read(ctx, nil, p)
		p.end()
		if err != nil {
			return nil, scope, err
		}
		return snap, named(snap, scope), nil
	}
	client, scope, err := s.connect(&s.target, args)
	if err != nil {
		return nil, scope, err
	}
	snap, err := s.progress().collect(ctx, client, scope, live.Options{Now: s.Now, Running: true})
	if err != nil {
		return nil, scope, unanswered(err)
	}
	return snap, scope, missing(snap, scope)
}
