package cli

import (
	"context"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

// capture saves what a diagnosis of a live cluster would look at.
func (s *session) capture() *cobra.Command {
	dir, from := "", &target{}
	c := &cobra.Command{
		Use:     "capture [POD | TYPE/NAME] -o DIR",
		Short:   "Save what a diagnosis looks at, to diagnose it elsewhere or attach it to a ticket",
		Example: "  kubectl stuck capture -n shop -o shop-stuck\n  kubectl stuck -f shop-stuck",
		RunE: func(_ *cobra.Command, args []string) error {
			if dir == "" {
				return failed("Give a folder that is not there yet: -o DIR", "there is no -o")
			}
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			snap, err := s.collect(ctx, from, args)
			if err != nil {
				return err
			}
			return s.save(snap, dir)
		},
	}
	c.Flags().StringVarP(&dir, "output", "o", "", "the folder to make")
	from.flags(c)
	return c
}

// save writes a snapshot into a folder that it makes, so that nothing is ever written over.
func (s *session) save(snap *cluster.Snapshot, dir string) error {
	const todo = "Give a folder that is not there yet, where you may write: -o DIR"
	if err := os.Mkdir(dir, 0o700); err != nil {
		return failed(todo, "cannot make %s: %s", dir, reason(err, ""))
	}
	arguments := cluster.Redact(snap)
	err := cluster.Write(func(name string) (io.WriteCloser, error) {
		return os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	}, snap)
	if err != nil {
		return failed(todo, "%v", err)
	}
	return render.Captured(s.Out, dir, arguments, s.options())
}
