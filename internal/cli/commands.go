package cli

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

func (s *session) explain() *cobra.Command {
	return &cobra.Command{
		Use:     "explain ID",
		Short:   "Show all that is known about a cause",
		Example: "  kubectl stuck explain volume-multi-attach",
		RunE: func(_ *cobra.Command, args []string) error {
			const todo = "kubectl stuck causes lists them."
			if len(args) != 1 {
				return failed(todo, "explain takes the id of one cause")
			}
			all, err := s.all()
			if err != nil {
				return err
			}
			i := slices.IndexFunc(all, func(c *diagnose.Cause) bool { return c.ID == args[0] })
			if i < 0 {
				if near := nearest(args[0], ids(all)); len(near) > 0 {
					return failed("Did you mean "+strings.Join(near, ", ")+"? "+todo, "there is no cause %q", args[0])
				}
				return failed(todo, "there is no cause %q", args[0])
			}
			return render.Explain(s.Out, render.AboutCause(all[i], all), s.options())
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			all, err := s.all()
			if err != nil || len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var out []cobra.Completion
			for _, c := range all {
				out = append(out, cobra.CompletionWithDesc(c.ID, render.Safe(render.Title(c, "en"))))
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
	}
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
		Use:   "causes",
		Short: "List the causes that can be found",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			all, err := s.all()
			if err != nil {
				return err
			}
			write := map[string]func(io.Writer, []*diagnose.Cause, render.Options) error{"json": render.ListJSON, "yaml": render.ListYAML}[s.output]
			if write == nil {
				write = render.List
			}
			return write(s.Out, all, s.options())
		},
	}
	s.outputFlag(c)
	return c
}

func (s *session) demo() *cobra.Command {
	c := &cobra.Command{
		Use:   "demo",
		Short: "Diagnose a recorded incident, to see what an answer looks like",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			if s.Demo == nil {
				return failed("Build it from the repository: go run ./cmd/kubectl-stuck demo", "this program holds no recorded incident")
			}
			cat, err := s.catalogue()
			if err != nil {
				return err
			}
			snap, err := cluster.Read(s.Demo, time.Time{})
			if err != nil {
				return err
			}
			return s.show(run(snap, cat, s.young))
		},
	}
	s.reportFlags(c)
	return c
}

func (s *session) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version of this program",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(s.Out, versionLine())
			return err
		},
	}
}

// versionLine is what Go recorded when it built the program.
func versionLine() string {
	version, commit := "(devel)", ""
	if b, ok := debug.ReadBuildInfo(); ok {
		version = b.Main.Version
		if i := slices.IndexFunc(b.Settings, func(s debug.BuildSetting) bool { return s.Key == "vcs.revision" }); i >= 0 {
			commit = " " + b.Settings[i].Value[:min(12, len(b.Settings[i].Value))]
		}
	}
	return fmt.Sprintf("kubectl-stuck %s%s %s %s/%s", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return failed(seeHelp, "%s takes no arguments, and got %q", c.Name(), args[0])
	}
	return nil
}
