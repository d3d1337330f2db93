// Package command is the lab's command line.
package command

import (
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/kubestuck/stuck/test/lab/internal/lab"
)

// DefaultDir is where a lab lives unless --dir says otherwise.
const DefaultDir = "/var/lib/stuck-lab"

// New makes the command `lab`.
func New() *cobra.Command {
	var dir, source, version string
	root := &cobra.Command{Use: "lab", Short: "A real Kubernetes on this machine, to break", SilenceUsage: true,
		SilenceErrors: true}
	root.PersistentFlags().StringVar(&dir, "dir", DefaultDir, "the lab's folder")
	root.PersistentFlags().StringVar(&source, "source", ".", "the folder test/lab of a checkout")
	root.PersistentFlags().StringVar(&version, "version", os.Getenv("LABVERSION"),
		"137 or 134; that of the running lab, else 137")
	open := func() (*lab.Lab, error) { return lab.Open(dir, source, version) }

	simple := func(use, short string, do func(l *lab.Lab) error) *cobra.Command {
		return &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
			l, err := open()
			if err != nil {
				return err
			}
			return do(l)
		}}
	}
	hold := simple("hold", "Keep the lab's namespaces (started by up)", (*lab.Lab).Hold)
	hold.Hidden = true
	root.AddCommand(
		simple("build", "Build what is missing", (*lab.Lab).Build),
		simple("up", "Start the lab", (*lab.Lab).Up),
		simple("down", "Stop the lab and forget its state", (*lab.Lab).Down),
		simple("status", "Tell what runs", (*lab.Lab).Status),
		hold, inside(open), e2eCommand(open), tourCommand(open),
	)
	for use, do := range map[string]func(l *lab.Lab, name string) error{
		"start":    (*lab.Lab).Start,
		"stop":     (*lab.Lab).Stop,
		"freeze":   func(l *lab.Lab, name string) error { return l.Signal(name, syscall.SIGSTOP) },
		"continue": func(l *lab.Lab, name string) error { return l.Signal(name, syscall.SIGCONT) },
	} {
		root.AddCommand(each(use, open, do))
	}
	root.AddCommand(tools(open)...)
	return root
}

// each makes a command that does something to every component that is named.
func each(use string, open func() (*lab.Lab, error), do func(l *lab.Lab, name string) error) *cobra.Command {
	return &cobra.Command{Use: use + " COMPONENT...", Short: use + " components of the lab", Args: cobra.MinimumNArgs(
		1), RunE: func(_ *cobra.Command, args []string) error {
		l, err := open()
		if err != nil {
			return err
		}
		for _, name := range args {
			if err := do(l, name); err != nil {
				return err
			}
		}
		return nil
	}}
}

// inside runs a command in the lab's namespaces.
func inside(open func() (*lab.Lab, error)) *cobra.Command {
	return &cobra.Command{Use: "in COMMAND...", Short: "Run a command in the lab's namespaces",
		Args: cobra.MinimumNArgs(1), DisableFlagParsing: true,
		RunE: func(_ *cobra.Command, args []string) error {
			l, err := open()
			if err != nil {
				return err
			}
			cmd := l.Inside(args[0], args[1:]...)
			cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
			return cmd.Run()
		}}
}
