// Package cli is the command line: flags to a source, Run, a renderer, and an exit code.
package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
	"golang.org/x/term"
	"k8s.io/klog/v2"
)

// Exit codes: what a script needs to know of the answer.
const (
	ExitFine   = 0 // nothing is stuck
	ExitStuck  = 1 // something is
	ExitFailed = 2 // the question could not be answered
)

// An App is the command with the world around it, so that a test can be that world.
type App struct {
	In     io.Reader
	Out    io.Writer
	Err    io.Writer
	Getenv func(string) string
	Now    func() time.Time
	Demo   fs.FS // the incident that demo diagnoses; nil where there is none
}

// Main runs the command in the real world and returns its exit code.
func Main(demo fs.FS) int {
	klog.SetLogger(logr.Discard()) // client-go tells there what we tell better, or try again
	a := &App{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Now: time.Now, Demo: demo}
	return a.Run(os.Args[1:])
}

// Run runs the command with some arguments and returns its exit code.
func (a *App) Run(args []string) int {
	s := &session{App: a}
	root := s.root()
	root.SetArgs(args)
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	err := root.Execute()
	switch {
	case err == nil || errors.Is(err, syscall.EPIPE): // whoever read us has seen enough
		return s.code
	default:
		s.complain(err)
		return ExitFailed
	}
}

// A failure is why the question could not be answered, and what to do about that.
type failure struct {
	what string
	todo string
}

func (f failure) Error() string { return f.what }

func failed(todo, format string, args ...any) error {
	return failure{fmt.Sprintf(format, args...), todo}
}

// complain writes an error in one or two lines. It may quote a file, and so anything.
func (s *session) complain(err error) {
	lang := s.lang
	if !slices.Contains(render.Languages, lang) { // not told yet, or wrongly
		lang = s.localeLanguage()
	}
	fmt.Fprintln(s.Err, render.Safe(render.Complaint(err.Error(), lang)))
	var f failure
	if errors.As(err, &f) && f.todo != "" {
		fmt.Fprintln(s.Err, render.Safe(render.Failure(f.todo, lang)))
	}
}

// session is one run of the command: its flags, and the exit code that comes of it.
type session struct {
	*App
	code   int
	lang   string
	color  string
	causes string
	output string
	files  []string
	target target
	young  time.Duration
	watch  bool
	wait   time.Duration
	zero   bool
}

var (
	colors = []string{"auto", "always", "never"}
	forms  = []string{"text", "json", "yaml"}
)

// check refuses what a flag cannot be, before anything is done.
func (s *session) check(*cobra.Command, []string) error {
	if s.lang == "" {
		s.lang = s.localeLanguage()
	}
	for _, f := range []struct {
		name, value string
		of          []string
	}{{"--lang", s.lang, render.Languages}, {"--color", s.color, colors}, {"--output", s.output, forms}} {
		if f.value != "" && !slices.Contains(f.of, f.value) {
			return failed("Give one of: "+strings.Join(f.of, ", ")+".", "there is no %s %q", f.name, f.value)
		}
	}
	if s.young < 0 {
		return failed("Give a length of time such as 30s or 2m.", "--for %s is negative", s.young)
	}
	return nil
}

// localeLanguage is the language of the locale, if it is one that we speak; else English.
func (s *session) localeLanguage() string {
	for _, v := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if l := strings.ToLower(s.Getenv(v)); l != "" {
			if strings.HasPrefix(l, "zh") {
				return "zh"
			}
			return "en"
		}
	}
	return "en"
}

// Lines wider than this are hard to read, however wide the terminal is.
const maxWidth = 100

// options are how to render for whatever the output is.
func (s *session) options() render.Options {
	o := render.Options{Lang: s.lang, Width: 80}
	w, _, tty := s.terminal()
	if w > 0 {
		o.Width = min(w, maxWidth)
	}
	switch s.color {
	case "always":
		o.Color = true
	case "never":
	default:
		o.Color = tty && s.Getenv("NO_COLOR") == "" && s.Getenv("TERM") != "dumb"
	}
	return o
}

// terminal is the size of the terminal that the output is, 0 where it is not known, and whether it is one.
func (s *session) terminal() (columns, rows int, ok bool) {
	f, ok := s.Out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, 0, false
	}
	columns, rows, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0, 0, true
	}
	return columns, rows, true
}

// judge sets the exit code by a report.
func (s *session) judge(r *diagnose.Report) {
	s.code = ExitFine
	if r.Pods.Stuck+len(r.Problems) > 0 && !s.zero {
		s.code = ExitStuck
	}
}

// show writes a report in the form that was asked for and sets the exit code.
func (s *session) show(r *diagnose.Report) error {
	s.judge(r)
	write := map[string]func(io.Writer, *diagnose.Report, render.Options) error{"json": render.JSON, "yaml": render.YAML}[s.output]
	if write == nil {
		write = render.Text
	}
	return write(s.Out, r, s.options())
}
