package cli

import (
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/message"
	"github.com/spf13/cobra"
)

// root makes the command with all its subcommands. It is made anew for each run: flags hold state.
func (s *session) root() *cobra.Command {
	c := &cobra.Command{
		Use:               "kubectl-stuck [POD | TYPE/NAME]...",
		Example:           s.rootExamples(),
		Annotations:       map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl stuck"},
		Args:              cobra.ArbitraryArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true}, // ours speaks both languages
		PersistentPreRunE: s.check,
		RunE:              s.diagnose,

		SuggestionsMinimumDistance: 2,
	}
	c.SetFlagErrorFunc(flagError)
	c.SetHelpFunc(func(c *cobra.Command, _ []string) { _ = s.showHelp(c) }) // cobra takes no error of it
	c.SetUsageFunc(s.showHelp)
	p := c.PersistentFlags()
	p.BoolP("help", "h", false, "")
	p.StringVar(&s.lang, "lang", "", "")
	p.StringVar(&s.color, "color", "auto", "")
	p.StringVar(&s.causes, "causes", "", "")
	p.BoolVar(&s.quiet, "quiet", false, "")
	c.Flags().StringSliceVarP(&s.files, "filename", "f", nil, "")
	c.Flags().BoolVar(&s.given.shown, "sources", false, "")
	s.reportFlags(c)
	s.filterFlags(c)
	s.view.flags(c)
	c.Flags().BoolVar(&s.version, "version", false, "")
	s.target.flags(c)
	s.followFlags(c)
	complete(c, "lang", message.Languages...)
	complete(c, "color", colors...)
	must(c.MarkPersistentFlagDirname("causes"))
	help := s.help()
	c.SetHelpCommand(help)
	c.AddCommand(s.explain(), s.list(), s.demo(), s.fix(), s.capture(), s.rbac(), s.convert(), s.timeline(), s.web(),
		s.mcp(), s.versionCommand(), s.completion(), help)
	s.describe(c)
	return c
}

func (s *session) rootExamples() string {
	return s.examples(
		example{"kubectl stuck", "help.kubectl-stuck.here"},
		example{"kubectl stuck -A", "help.kubectl-stuck.all"},
		example{"kubectl stuck deploy/web -n shop", "help.kubectl-stuck.workload"},
		example{"kubectl stuck deploy/web pvc/data ns/shop", "help.kubectl-stuck.several"},
		example{"kubectl stuck -w", "help.kubectl-stuck.watch"},
		example{"kubectl stuck deploy/web --wait-until-started 5m", ""},
		example{"kubectl get pods,events,nodes,pvc,pv -A -o yaml | kubectl stuck -f -", ""},
		example{"kubectl stuck -f dump/ -n shop", "help.kubectl-stuck.saved"},
		example{"kubectl stuck -f pods.yaml -f events.yaml -o json", ""},
		example{"kubectl stuck explain secret-missing", "help.kubectl-stuck.knowledge"},
	)
}

// reportFlags are the flags of the commands that show a report.
func (s *session) reportFlags(c *cobra.Command) {
	s.outputFlag(c)
	s.askFlags(c)
	c.Flags().BoolVar(&s.exitZero, "exit-zero", false, "")
}

// askFlags say what of a Pod is asked.
func (s *session) askFlags(c *cobra.Command) {
	c.Flags().DurationVar(&s.startingFor, "for", 30*time.Second, "")
}

func (s *session) outputFlag(c *cobra.Command) {
	c.Flags().StringVarP(&s.output, "output", "o", "text", "")
	if c.Name() == "causes" {
		complete(c, "output", data...)
		return
	}
	complete(c, "output", forms...)
	c.Flags().IntVar(&s.budget, "budget", 0, "")
}

// complete registers the values that a flag can have.
func complete(c *cobra.Command, flag string, values ...string) {
	must(c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, noFiles)))
}

// hide leaves a flag out of the help.
func hide(c *cobra.Command, flag string) { must(c.Flags().MarkHidden(flag)) }

// must is for errors that say that a flag is not there which was defined the line before.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// diagnose is the command itself: read what -f names, or ask the cluster; diagnose it, show the report.
func (s *session) diagnose(c *cobra.Command, args []string) error {
	if s.version {
		return s.writeVersion(plugin)
	}
	if err := s.checkFollow(c); err != nil {
		return err
	}
	if err := s.checkFilter(); err != nil {
		return err
	}
	if len(s.files) == 0 {
		if len(args) > 0 && !strings.Contains(args[0], "/") && len(near(c, args[0])) > 0 {
			return s.unknownCommand(c, args)
		}
		return s.diagnoseLive(c, args)
	}
	if len(args) > 0 && s.mistaken(c, args) {
		return s.unknownCommand(c, args)
	}
	return s.diagnoseSaved(c.Context(), args)
}

// mistaken reports whether a word beside -f is a slip: a file that lacks its own -f, or nearly a command.
func (s *session) mistaken(c *cobra.Command, args []string) bool {
	_, err := os.Stat(args[0])
	return err == nil || !strings.Contains(args[0], "/") && len(near(c, args[0])) > 0
}

// unknownCommand is a word that is no command: a slip of the fingers, or a file.
func (s *session) unknownCommand(c *cobra.Command, args []string) error {
	if near := near(c, args[0]); len(near) > 0 {
		return failed(message.Of("cli.command.unknown", "word", args[0]),
			message.Of("cli.command.near", "commands", strings.Join(near, ", "), "name", args[0]))
	}
	return failed(message.Of("cli.file.flag", "word", args[0]), message.Of("cli.file.each"))
}

// near are the commands that a word may be a slip for. One letter of a short command is all that can be wrong with it:
// "fine" is a Pod, and not fix.
func near(c *cobra.Command, word string) []string {
	return slices.DeleteFunc(c.SuggestionsFor(word), func(name string) bool {
		first, last, shorter := 0, 0, min(len(name), len(word))
		for first < shorter && name[first] == word[first] {
			first++
		}
		for last < shorter-first && name[len(name)-1-last] == word[len(word)-1-last] {
			last++
		}
		return len(name) < 5 && first+last < max(len(name), len(word))-1
	})
}
