package cli

import (
	"context"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

// saving is how a capture is saved.
type saving struct {
	to         string // a folder, or an archive where the name says so; "" for an archive named by the time
	pseudonyms bool
}

// capture saves what a diagnosis of a live cluster would look at.
func (s *session) capture() *cobra.Command {
	how, from := saving{}, &target{}
	c := &cobra.Command{
		Use:   "capture [POD | TYPE/NAME] [-o FILE.tar.gz | -o DIR]",
		Short: "Save what a diagnosis looks at, to diagnose it elsewhere or attach it to a ticket",
		Example: `  kubectl stuck capture -n shop                  # as stuck-TIME.tar.gz, here
  kubectl stuck capture -n shop -o shop.tar.gz   # or -o DIR
  kubectl stuck capture -n shop --pseudonyms     # no name of yours in it
  kubectl stuck -f shop.tar.gz`,
		RunE: func(_ *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			cat, err := s.catalogue()
			if err != nil {
				return err
			}
			snap, err := s.collect(ctx, from, cat, args)
			if err != nil {
				return err
			}
			return s.save(snap, how)
		},
	}
	c.Flags().StringVarP(&how.to, "output", "o", "", "the `FILE`.tar.gz or the folder to make (default stuck-TIME.tar.gz)")
	c.Flags().BoolVar(&how.pseudonyms, "pseudonyms", false, "put pseudonyms in place of names, IDs and IP addresses, everywhere the same")
	from.flags(c)
	return c
}

// save writes a snapshot into a folder or an archive that it makes, so that nothing is ever written over.
func (s *session) save(snap *cluster.Snapshot, how saving) error {
	const todo = "Give a folder or a .tar.gz that is not there yet, where you may write: -o NAME"
	arguments, names := cluster.Redact(snap), 0
	if how.pseudonyms {
		all, err := s.all()
		if err != nil {
			return err
		}
		if snap, names, err = cluster.Pseudonyms(snap, causes.Words(all)); err != nil {
			return failed("Save it without --pseudonyms.", "%v", err)
		}
	}
	if how.to == "" {
		how.to = "stuck-" + snap.At.UTC().Format("20060102T150405Z") + ".tar.gz"
	}
	write := writeFolder
	if cluster.IsArchive(how.to) {
		write = writeArchive
	}
	if err := write(how.to, snap); err != nil {
		return failed(todo, "cannot save %s: %s", how.to, reason(err, ""))
	}
	return render.Captured(s.Out, how.to, arguments, how.pseudonyms, names, s.options())
}

func writeFolder(dir string, snap *cluster.Snapshot) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	return cluster.Write(func(name string) (io.WriteCloser, error) { return create(filepath.Join(dir, name)) }, snap)
}

// writeArchive leaves nothing behind where it fails: half an archive looks like a whole one.
func writeArchive(file string, snap *cluster.Snapshot) error {
	f, err := create(file)
	if err != nil {
		return err
	}
	err = cluster.WriteArchive(f, "stuck-"+snap.At.UTC().Format("20060102T150405Z"), snap)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(file)
	}
	return err
}

func create(file string) (*os.File, error) {
	return os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
}
