package cli

import (
	"context"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/kubestuck/stuck/internal/anonymize"
	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/dump"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

// captureOptions is how a capture is saved.
type captureOptions struct {
	to         string // a folder, or an archive where the name says so; "" for an archive named by the time
	pseudonyms bool
}

// capture saves what a diagnosis of a live cluster would look at.
func (s *session) capture() *cobra.Command {
	options, from := captureOptions{}, &target{}
	c := &cobra.Command{
		Use: "capture [POD | TYPE/NAME] [-o FILE.tar.gz | -o DIR]",
		Example: s.examples(
			example{"kubectl stuck capture -n shop", "help.capture.here"},
			example{"kubectl stuck capture -o shop.tar.gz", "help.capture.to"},
			example{"kubectl stuck capture --pseudonyms", "help.capture.pseudonyms"},
			example{"kubectl stuck -f shop.tar.gz", "help.capture.read"}),
		RunE: func(_ *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			cat, err := s.catalogue()
			if err != nil {
				return err
			}
			p := s.progress()
			snap, _, err := s.collect(ctx, from, cat, args, p)
			if p.end(); err != nil {
				return err
			}
			return s.save(snap, options)
		},
	}
	c.Flags().StringVarP(&options.to, "output", "o", "", "")
	c.Flags().BoolVar(&options.pseudonyms, "pseudonyms", false, "")
	from.flags(c)
	return c
}

// save writes a snapshot into a folder or an archive that it makes, so that nothing is ever written over.
func (s *session) save(snap *cluster.Snapshot, options captureOptions) error {
	names := 0
	if options.pseudonyms {
		all, err := s.all()
		if err != nil {
			return err
		}
		if snap, names, err = anonymize.Pseudonyms(snap, causes.Words(all)); err != nil {
			return failedBy(err, message.Of("verbatim", "text", reason(err)), message.Of("cli.save.plain"))
		}
	}
	if options.to == "" {
		options.to = "stuck-" + snap.At.UTC().Format("20060102T150405Z") + ".tar.gz"
	}
	write := writeFolder
	if dump.IsArchive(options.to) {
		write = writeArchive
	}
	if err := write(options.to, snap); err != nil {
		return failedBy(err, message.Of("cli.save", "file", options.to, "why", reason(err)), message.Of("cli.save.new"))
	}
	return render.Captured(s.Out, options.to, options.pseudonyms, names, s.options())
}

func writeFolder(dir string, snap *cluster.Snapshot) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	return dump.Write(func(name string) (io.WriteCloser, error) { return create(filepath.Join(dir, name)) }, snap)
}

// writeArchive leaves nothing behind where it fails: half an archive looks like a whole one.
func writeArchive(file string, snap *cluster.Snapshot) error {
	f, err := create(file)
	if err != nil {
		return err
	}
	err = dump.WriteArchive(f, "stuck-"+snap.At.UTC().Format("20060102T150405Z"), snap)
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
