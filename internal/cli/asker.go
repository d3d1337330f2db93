package cli

import (
	"context"
	"io"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

// A Question is which Pods another program asks about.
type Question struct {
	Namespace     string // "" is that of the command line, or of the kubeconfig
	AllNamespaces bool
	Target        string // POD or TYPE/NAME; "" is all
}

// An Asker answers what another program asks, as the command line would: of a cluster, or of what -f names.
type Asker struct {
	s   *session
	cat *diagnose.Catalogue
}

// RunAsked runs the command of another program, which is made of flags alone, and lets it ask until it ends. It
// returns the exit code.
func (a *App) RunAsked(name string, args []string, serve func(context.Context, *Asker) error) int {
	s := &session{App: a, args: args, output: render.FormText}
	s.language = s.languageOf(args)
	c := &cobra.Command{Use: name, Args: noArguments, SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRunE: s.check,
		RunE: func(*cobra.Command, []string) error {
			if s.version {
				return s.writeVersion(name)
			}
			if slices.Contains(s.files, "-") {
				return failed(message.Of("mcp.input"), message.Of("mcp.input.todo"))
			}
			if err := s.checkFilter(); err != nil {
				return err
			}
			cat, err := s.catalogue()
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return serve(ctx, &Asker{s, cat})
		}}
	c.SetFlagErrorFunc(flagError)
	c.SetHelpFunc(func(c *cobra.Command, _ []string) { _ = s.showHelp(c) }) // cobra takes no error of it
	c.Flags().BoolP("help", "h", false, "")
	c.Flags().StringVar(&s.lang, "lang", "", "")
	c.Flags().StringVar(&s.causes, "causes", "", "")
	c.Flags().StringSliceVarP(&s.files, "filename", "f", nil, "")
	c.Flags().BoolVar(&s.version, "version", false, "")
	s.askFlags(c)
	s.filterFlags(c)
	hide(c, "fail-on") // nobody sees an exit code
	s.target.flags(c)
	s.describe(c)
	c.SetArgs(args)
	c.SetIn(a.In)
	c.SetOut(a.Out)
	c.SetErr(a.Err)
	if err := c.Execute(); err != nil {
		s.complain(err)
		return ExitFailed
	}
	return ExitFine
}

// Lang is the language of what is answered.
func (k *Asker) Lang() string { return k.s.language }

// session is the run of a command that asks a question, and its arguments. Nobody reads what it says beside.
func (k *Asker) session(q Question) (*session, []string) {
	s := *k.s
	s.App = &App{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Getenv: k.s.Getenv, Now: k.s.Now}
	s.given = given{}
	if q.Namespace != "" || q.AllNamespaces {
		s.target.all = q.AllNamespaces && q.Namespace == ""
		s.target.kube.overrides.Context.Namespace, s.target.kube.config = q.Namespace, nil
	}
	if q.Target == "" {
		return &s, nil
	}
	return &s, []string{q.Target}
}

// Diagnose diagnoses what is asked about.
func (k *Asker) Diagnose(ctx context.Context, q Question) (*diagnose.Report, error) {
	s, args := k.session(q)
	if len(s.files) > 0 {
		return s.reportSaved(ctx, k.cat, args)
	}
	snap, scope, err := s.collect(ctx, &s.target, k.cat, args, new(progress))
	if err != nil {
		return nil, err
	}
	return s.answer(snap, k.cat, scope), nil
}

// A Waited is what came of waiting: done, nothing, stuck, dead or over.
type Waited struct {
	Outcome       string
	Started, Want int
	Report        *diagnose.Report
}

// Wait waits until what is asked about has started, cannot, or the time is up.
func (k *Asker) Wait(ctx context.Context, q Question, most time.Duration) (*Waited, error) {
	s, args := k.session(q)
	if len(s.files) > 0 {
		return nil, failed(message.Of("cli.wait.saved"), message.Of("cli.wait.cluster"))
	}
	s.wait, s.grace = most, 10*time.Second
	w, err := s.waitFor(ctx, k.cat, args)
	if err != nil {
		return nil, err
	}
	return &Waited{w.outcome, w.progress.Started, w.progress.Desired, w.last}, nil
}

// Explain explains a cause, a status or a message.
func (k *Asker) Explain(text string) (string, error) {
	s, _ := k.session(Question{})
	var b strings.Builder
	s.Out = &b
	if err := s.explainText(text); err != nil {
		return "", err
	}
	return b.String(), nil
}

// Told is an error as it is told to people, and what to do about it.
func (k *Asker) Told(err error) (what, todo string) {
	lines := k.s.told(err)
	return lines[0], strings.Join(lines[1:], "\n")
}
