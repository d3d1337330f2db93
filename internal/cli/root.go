package cli

import (
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

const seeHelp = "See kubectl stuck --help."

// root makes the command with all its subcommands. It is made anew for each run: flags hold state.
func (s *session) root() *cobra.Command {
	c := &cobra.Command{
		Use:   "kubectl-stuck [POD | TYPE/NAME]",
		Short: "Tell why Pods do not start, and what to do about it",
		Long: `Tell why Pods do not start, and what to do about it: every Pod that kubectl shows as
ContainerCreating, PodInitializing, Init:..., Pending, or waiting for any other reason.

Exit codes: 0 nothing is stuck, 1 something is, 2 the question could not be answered.

-w keeps the answer current until Ctrl-C, and exits as the last answer says. On a terminal it redraws the
screen, elsewhere it appends what changes. With -o json every change is one line:
  {"kind":"Change","change":"opened|changed|solved|replaced|gaps","at":...,
   "problem":{as in the report},"blocked":[Pods],"lasted":seconds,"gaps":[...],"pods":{...}}
The first lines are the problems that are there. One counts as solved when it has been gone for 10 s.
Kubelets are asked again after a minute.

--wait-until-started waits until all containers of all Pods of the newest revision run (not until they are
ready), and exits with 0. It exits with 1 and the diagnosis when the time is up, or before that where a proven
cause keeps them from starting that does not pass by itself.`,
		Example: `  kubectl stuck                        # the Pods of the current namespace
  kubectl stuck -A                     # of all namespaces
  kubectl stuck deploy/web -n shop     # of one Deployment; so for a Pod, a StatefulSet, a node
  kubectl stuck -w                     # and what becomes of it
  kubectl stuck deploy/web --wait-until-started 5m
  kubectl get pods,events,nodes,pvc,pv -A -o yaml | kubectl stuck -f -
  kubectl stuck -f dump/ -n shop       # of one namespace of what was saved; so for deploy/web, a Pod, a node
  kubectl stuck -f dump/ --lang zh
  kubectl stuck -f pods.yaml -f events.yaml -o json
  kubectl stuck explain volume-multi-attach`,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl stuck"},
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,

		SuggestionsMinimumDistance: 2,

		SilenceUsage:      true,
		PersistentPreRunE: s.check,
		RunE:              s.diagnose,
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return failed(seeHelp, "%v", err) })
	p := c.PersistentFlags()
	p.StringVar(&s.lang, "lang", "", "language: en or zh (default: that of the locale)")
	p.StringVar(&s.color, "color", "auto", "when to use colour: auto, always or never")
	p.StringVar(&s.causes, "causes", "", "a `DIR` with causes of your own: one folder with a cause.yaml each")
	c.Flags().StringSliceVarP(&s.files, "filename", "f", nil, "a `FILE` or folder that kubectl saved, or - for standard input; may be given again")
	s.reportFlags(c)
	s.target.flags(c)
	s.followFlags(c)
	complete(c, "lang", "en", "zh")
	complete(c, "color", colors...)
	if err := c.MarkPersistentFlagDirname("causes"); err != nil {
		panic(err)
	}
	c.AddCommand(s.explain(), s.list(), s.demo(), s.capture(), s.rbac(), s.version())
	return c
}

// reportFlags are the flags of the commands that show a report.
func (s *session) reportFlags(c *cobra.Command) {
	s.outputFlag(c)
	c.Flags().DurationVar(&s.young, "for", 30*time.Second, "how long a Pod that says nothing decisive counts as starting")
	c.Flags().BoolVar(&s.zero, "exit-zero", false, "exit with 0 although something is stuck")
}

func (s *session) outputFlag(c *cobra.Command) {
	c.Flags().StringVarP(&s.output, "output", "o", "text", "form of the output: text, json or yaml")
	complete(c, "output", forms...)
}

// complete registers the values that a flag can have. That fails for a flag that is not there only.
func complete(c *cobra.Command, flag string, values ...string) {
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err)
	}
}

// diagnose is the command itself: read what -f names, or ask the cluster; diagnose it, show the report.
func (s *session) diagnose(c *cobra.Command, args []string) error {
	if err := s.checkFollow(c); err != nil {
		return err
	}
	if len(s.files) == 0 {
		if len(args) > 0 && !strings.Contains(args[0], "/") && len(c.SuggestionsFor(args[0])) > 0 {
			return s.unknownCommand(c, args)
		}
		return s.diagnoseLive(c, args)
	}
	if len(args) > 0 && s.mistaken(c, args) {
		return s.unknownCommand(c, args)
	}
	return s.diagnoseSaved(args)
}

// mistaken tells whether a word beside -f is a slip: a file that lacks its own -f, or nearly a command.
func (s *session) mistaken(c *cobra.Command, args []string) bool {
	_, err := os.Stat(args[0])
	return err == nil || !strings.Contains(args[0], "/") && len(c.SuggestionsFor(args[0])) > 0
}

// unknownCommand is a word that is no command: a slip of the fingers, or a file.
func (s *session) unknownCommand(c *cobra.Command, args []string) error {
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return failed("Did you mean: kubectl stuck "+strings.Join(near, ", ")+"? A Pod of that name is pod/"+args[0]+".", "there is no command %q", args[0])
	}
	return failed("Give each file its own -f, or the folder that they are in.", "%q is not taken: files come after -f", args[0])
}
