package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/page"
	"github.com/kubestuck/stuck/internal/web"
	"github.com/spf13/cobra"
)

// web serves the answer as a page: of a cluster one that stays current, of what -f names one that stays as it is.
func (s *session) web() *cobra.Command {
	var from target
	port := 0
	c := &cobra.Command{
		Use: "web [POD | TYPE/NAME]...",
		Example: s.examples(example{"kubectl stuck web -A", "help.kubectl-stuck.all"},
			example{"kubectl stuck web -n shop --port 8080", ""},
			example{"kubectl stuck web -f dump/", ""}),
		RunE: func(_ *cobra.Command, args []string) error {
			s.target = from
			if err := s.checkFilter(); err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return s.serve(ctx, port, args)
		},
	}
	c.Flags().StringSliceVarP(&s.files, "filename", "f", nil, "")
	c.Flags().IntVar(&port, "port", 0, "")
	s.askFlags(c)
	s.filterFlags(c)
	hide(c, "fail-on") // that it was shown is all that it tells
	from.flags(c)
	return c
}

// serve answers a browser until the context ends.
func (s *session) serve(ctx context.Context, port int, args []string) error {
	cat, err := s.catalogue()
	if err != nil {
		return err
	}
	if port < 0 || port > 65535 {
		return failed(message.Of("cli.flag.invalid", "flag", "--port", "value", strconv.Itoa(port)), message.Of("web.port"))
	}
	l, err := web.Listen(port)
	if err != nil {
		why := err
		if call := (*os.SyscallError)(nil); errors.As(err, &call) {
			why = call.Err // the rest is the port again
		}
		return failedBy(err, message.Of("web.listen", "port", port, "why", reason(why)), message.Of("web.port"))
	}
	defer l.Close()
	v := &served{session: s, cat: cat, site: web.New(l, page.ServedPolicy()), listener: l}
	if len(s.files) > 0 {
		return v.saved(ctx, args)
	}
	return v.live(ctx, args)
}

// A served answer is one that a browser shows.
type served struct {
	*session
	cat      *diagnose.Catalogue
	site     *web.Site
	listener net.Listener
}

// saved serves what -f names.
func (v *served) saved(ctx context.Context, args []string) error {
	r, err := v.reportSaved(ctx, v.cat, args)
	if err != nil {
		return err
	}
	v.site.Show(web.Content{Page: func(q url.Values) []byte { return page.Served(r, page.PartOf(q), v.language, false) }})
	if err := v.tell(); err != nil {
		return err
	}
	return v.site.Serve(ctx, v.listener)
}

// live serves what a cluster answers. Its address is told when there is a first answer.
func (v *served) live(ctx context.Context, args []string) error {
	client, scope, err := v.connect(&v.target, args)
	if err != nil {
		return err
	}
	if len(v.target.parts) > 0 {
		return failed(message.Of("web.several"), message.Of("cli.wait.scope"))
	}
	return v.follow(ctx, client, scope)
}

// follow serves what a client answers, one answer after the other.
func (v *served) follow(asked context.Context, client *live.Client, scope live.Scope) error {
	ctx, stop := context.WithCancelCause(asked)
	defer stop(nil)
	o := v.collection(&v.target, v.cat)
	o.Every = watchEvery
	shown, done := false, make(chan struct{})
	err := live.Follow(ctx, client, scope, o, func(snap *cluster.Snapshot) error {
		if !shown {
			if err := missing(snap, scope); err != nil {
				return err
			}
		}
		r := v.answer(snap, v.cat, scope)
		v.site.Show(web.Content{
			Page:  func(q url.Values) []byte { return page.Served(r, page.PartOf(q), v.language, true) },
			State: func(q url.Values) []byte { return page.State(r, page.PartOf(q)) },
		})
		if shown {
			return nil
		}
		shown = true
		go func() {
			defer close(done)
			stop(v.site.Serve(ctx, v.listener))
		}()
		return v.tell()
	})
	broken := ctx.Err() != nil // the server ended before the following did
	stop(nil)
	if shown {
		<-done
	}
	switch {
	case asked.Err() != nil && shown: // who ended it has seen it
		return nil
	case asked.Err() != nil:
		return failed(message.Of("cli.watch.ended"), message.Of("cli.watch.again"))
	case broken:
		return context.Cause(ctx)
	}
	return followError(err)
}

// tell tells the person where to look.
func (v *served) tell() error {
	_, err := fmt.Fprintln(v.Out, message.Of("web.at", "url", v.site.URL(v.listener)).In(v.language))
	return err
}
