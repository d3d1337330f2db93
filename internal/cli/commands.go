package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/dump"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

func (s *session) explain() *cobra.Command {
	return &cobra.Command{
		Use: "explain ID | STATUS | MESSAGE",
		Example: s.examples(example{"kubectl stuck explain secret-missing", ""},
			example{"kubectl stuck explain ImagePullBackOff", "help.explain.status"},
			example{"kubectl stuck explain 'no space left on device'", "help.explain.message"}),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return failed(message.Of("cli.explain.one"), message.Of("cli.cause.list"))
			}
			return s.explainText(strings.Join(args, " "))
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) (completions, cobra.ShellCompDirective) {
			all, err := s.all()
			if err != nil || len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var out completions
			for _, c := range all {
				out = append(out, cobra.CompletionWithDesc(c.ID, render.Safe(render.Title(c, s.language))))
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// explainText explains what a text means: a cause by its id, or those that a status or a message can come from.
func (s *session) explainText(text string) error {
	all, err := s.all()
	if err != nil {
		return err
	}
	found := causes.Search(all, text)
	if i := slices.IndexFunc(all, func(c *diagnose.Cause) bool { return c.ID == text }); i >= 0 {
		found = all[i : i+1]
	}
	switch len(found) {
	case 0:
		near := match.Nearest(text, ids(all))
		return failed(message.Of("cli.cause.none", "id", text), didYouMean(near, message.Of("cli.cause.list")))
	case 1:
		return render.Explain(s.Out, render.CauseDocOf(found[0], all), shown(found[0].ID), s.options())
	}
	return render.Fits(s.Out, text, found, s.options())
}

// maxMessages is how many real messages a page begins with on a terminal.
const maxMessages = 3

// shown is what kubectl shows of a cause.
func shown(id string) render.Shown {
	e, out := causes.ExampleOf(id), render.Shown{}
	for _, w := range e.Status {
		out.Status = append(out.Status, w.Text)
	}
	for _, m := range e.Messages[:min(len(e.Messages), maxMessages)] {
		out.Messages = append(out.Messages, render.Quote{Message: m})
	}
	return out
}

func ids(all []*diagnose.Cause) []string {
	var out []string
	for _, c := range all {
		out = append(out, c.ID)
	}
	return out
}

func (s *session) list() *cobra.Command {
	c := &cobra.Command{
		Use:  "causes",
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			all, err := s.all()
			if err != nil {
				return err
			}
			switch s.output {
			case "json":
				return render.ListJSON(s.Out, all, s.options())
			case "yaml":
				return render.ListYAML(s.Out, all, s.options())
			}
			return render.List(s.Out, all, s.options())
		},
	}
	s.outputFlag(c)
	c.AddCommand(s.checkCauses())
	return c
}

// demo shows what an answer looks like. That something is stuck in it is no news, and no reason for an exit code.
func (s *session) demo() *cobra.Command {
	c := &cobra.Command{
		Use:  "demo",
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			if s.Demo == nil {
				return failed(message.Of("cli.demo.none"), message.Of("cli.demo.build"))
			}
			cat, err := s.catalogue()
			if err != nil {
				return err
			}
			snap, err := dump.Read(s.Demo, time.Time{})
			if err != nil {
				return err
			}
			s.exitZero = true
			if err := s.checkFilter(); err != nil {
				return err
			}
			return s.show(s.answer(snap, cat, live.Scope{}))
		},
	}
	s.reportFlags(c)
	s.filterFlags(c)
	s.view.flags(c)
	hide(c, "exit-zero") // it always does
	return c
}

func (s *session) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:  "version",
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return s.writeVersion(plugin) },
	}
}

// plugin is the name of the program that kubectl runs.
const plugin = "kubectl-stuck"

func (s *session) writeVersion(program string) error {
	_, err := fmt.Fprintln(s.Out, program+" "+Version())
	return err
}

// Version is what Go recorded when it built the program.
func Version() string {
	version, commit := "(devel)", ""
	if b, ok := debug.ReadBuildInfo(); ok {
		version = b.Main.Version
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" {
				commit = " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return fmt.Sprintf("%s%s %s %s/%s", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
