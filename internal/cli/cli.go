// Package cli is the command line: flags to a source, Run, a renderer, and an exit code.
package cli

import (
	"bytes"
	"context"
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
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/page"
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
	Asks   bool  // In is a person at a terminal, who can be asked
	Demo   fs.FS // the incident that demo diagnoses; nil where there is none

	// Terminal is the size of the terminal that Out is, and whether it is one; nil where Out itself tells that.
	Terminal func() (columns, rows int, ok bool)
	// Page shows a text in a pager; nil where there is none.
	Page func(command string, text []byte) error
	// Ticks tick while a line on Err may be written anew, until they are stopped; nil where Err is no terminal.
	Ticks func() (ticks <-chan time.Time, stop func())
}

// Main runs the command in the real world and returns its exit code.
func Main(demo fs.FS) int {
	a := world()
	a.Demo, a.Page, a.Asks = demo, inPager, term.IsTerminal(int(os.Stdin.Fd()))
	if term.IsTerminal(int(os.Stderr.Fd())) {
		a.Ticks = ticking
	}
	return a.Run(os.Args[1:])
}

// MainAsked runs the command of another program in the real world; see [App.RunAsked].
func MainAsked(name string, serve func(context.Context, *Asker) error) int {
	return world().RunAsked(name, os.Args[1:], serve)
}

// world is the command in the real world.
func world() *App {
	startHeap()
	klog.SetLogger(logr.Discard()) // client-go tells there what we tell better, or try again
	return &App{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Now: time.Now}
}

// Run runs the command with some arguments and returns its exit code.
func (a *App) Run(args []string) int {
	s := &session{App: a}
	s.language = s.languageOf(args)
	s.args = args
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

// session is one run of the command: its flags, and the exit code that comes of it.
type session struct {
	*App
	code        int
	language    string // that of all that is said: of --lang, else of the locale
	lang        string
	color       string
	causes      string
	output      string
	files       []string
	target      target
	startingFor time.Duration // a Pod that says nothing decisive for less than this is starting
	watch       bool
	wait        time.Duration
	grace       time.Duration // a registry may answer for so long that an image is not there which has just been pushed
	exitZero    bool          // exit with 0 although something is stuck
	args        []string      // the command line, to ask the same again
	view        view
	filter      filter
	budget      int // of a compact form, in tokens
	given       given
	quiet       bool // tell nothing of how much has been read
	version     bool // show the version
	converted   bool // the report was read, and cannot be asked for again
}

// formHTML is a page, which is laid out elsewhere.
const formHTML = "html"

var (
	colors = []string{"auto", "always", "never"}
	forms  = append(render.Forms(), formHTML)
	data   = []string{render.FormText, render.FormJSON, render.FormYAML} // of what is no report
)

// check refuses what a flag cannot be, before anything is done.
func (s *session) check(c *cobra.Command, _ []string) error {
	of := forms
	if c.Name() == "causes" {
		of = data
	}
	lang := s.lang
	if l := languageNamed(lang); l != "" {
		lang = l
	}
	for _, f := range []struct {
		name, value string
		of          []string
	}{{"--lang", lang, message.Languages}, {"--color", s.color, colors}, {"--output", s.output, of},
		{"--fail-on", s.filter.failOn, failOns}} {
		if f.value != "" && !slices.Contains(f.of, f.value) {
			return failed(message.Of("cli.flag.invalid", "flag", f.name, "value", f.value),
				message.Of("cli.flag.one-of", "values", strings.Join(f.of, ", ")))
		}
	}
	if len(s.view.problems) > 0 && s.output != render.FormText {
		return failed(message.Of("cli.problem.form", "form", s.output), message.Of("cli.problem.text"))
	}
	if s.budget < 0 || s.budget > 0 && s.budget < render.MinBudget {
		return failed(message.Of("cli.flag.invalid", "flag", "--budget", "value", s.budget),
			message.Of("cli.budget.least", "n", render.MinBudget))
	}
	for flag, value := range map[string]time.Duration{"--for": s.startingFor, "--grace": s.grace} {
		if value < 0 {
			return failed(message.Of("cli.flag.negative", "flag", flag, "value", value.String()),
				message.Of("cli.flag.duration"))
		}
	}
	return nil
}

// languageOf is the language that the arguments ask for, else that of the locale, if it is one of ours; else English.
// It is needed before the arguments are parsed: --help and errors of the flags are in that language, too.
func (s *session) languageOf(args []string) string {
	flagValue := ""
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			flagValue = value
		} else if arg == "--lang" && i+1 < len(args) {
			flagValue = args[i+1]
		}
	}
	if l := languageNamed(flagValue); l != "" {
		return l
	}
	for _, v := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if l := strings.ToLower(s.Getenv(v)); l != "" {
			if strings.HasPrefix(l, "zh") {
				return "zh"
			}
			break
		}
	}
	return "en"
}

// languageNamed is the language of ours that a name means: en, en-US, zh, zh-CN, zh_TW.UTF-8; "" where it is none.
func languageNamed(name string) string {
	name, _, _ = strings.Cut(strings.ToLower(name), ".")
	base, _, _ := strings.Cut(strings.ReplaceAll(name, "_", "-"), "-")
	if slices.Contains(message.Languages, base) {
		return base
	}
	return ""
}

// Lines wider than this are hard to read, however wide the terminal is.
const maxWidth = 100

// options are how to render for whatever the output is.
func (s *session) options() render.Options {
	o := render.Options{Lang: s.language, Width: 80, Budget: s.budget}
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
	if s.Terminal != nil {
		return s.Terminal()
	}
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

// setExitCode sets the exit code by a report.
func (s *session) setExitCode(r *diagnose.Report) {
	s.code = ExitFine
	if r.Lost() { // what is stuck may be in the rest
		s.code = ExitFailed
	}
	if s.filter.fails(r) {
		s.code = ExitStuck
	}
	if s.code == ExitStuck && s.exitZero {
		s.code = ExitFine
	}
}

// show writes a report in the form that was asked for and sets the exit code.
func (s *session) show(r *diagnose.Report) error {
	s.setExitCode(r)
	switch s.output {
	case render.FormText:
		return s.showText(r)
	case formHTML:
		return page.Write(s.Out, r, s.language)
	case "brief", "wide":
		var b bytes.Buffer
		if err := render.Write(&b, s.output, r, s.options()); err != nil {
			return err
		}
		return s.write(b.Bytes(), s.pager())
	}
	if aside := render.Aside(s.output, r, s.options()); aside != "" {
		fmt.Fprintln(s.Err, aside)
	}
	return render.Write(s.Out, s.output, r, s.options())
}
