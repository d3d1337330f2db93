package cli

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/spf13/cobra"
)

// completionTimeout is how long somebody who pressed TAB waits for names.
const completionTimeout = 2 * time.Second

const noFiles = cobra.ShellCompDirectiveNoFileComp

type completions = []cobra.Completion

// typeNames are the types that can stand before a slash, and the kinds that they mean.
var typeNames = map[string]string{
	"pod": "Pod", "deploy": "Deployment", "rs": "ReplicaSet", "sts": "StatefulSet", "ds": "DaemonSet", "job": "Job",
	"cronjob": "CronJob", "node": "Node", "pvc": "PersistentVolumeClaim", "ns": "Namespace",
}

// complete lets the shell complete what a live cluster is asked about. kubectl's own functions for that would bring all
// of kubectl along.
func (t *target) complete(c *cobra.Command) {
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, word string) (completions, cobra.ShellCompDirective) {
		kind, _, slash := strings.Cut(word, "/")
		switch {
		case len(args) > 0 && !strings.Contains(args[0], "/") && kindNamed(args[0]) != "":
			return t.names(kindNamed(args[0]), "", word), noFiles
		case slash:
			return t.names(kindNamed(kind), kind+"/", word), noFiles
		}
		out := t.names("Pod", "", word)
		for _, kind := range slices.Sorted(maps.Keys(typeNames)) {
			if strings.HasPrefix(kind, word) {
				out = append(out, kind+"/")
			}
		}
		if len(out) == 1 && strings.HasSuffix(out[0], "/") {
			return out, noFiles | cobra.ShellCompDirectiveNoSpace
		}
		return out, noFiles
	}
	t.completeFlag(c, "namespace", func(word string) []string { return t.names("Namespace", "", word) })
	for flag, of := range map[string]string{"context": "contexts", "cluster": "clusters", "user": "users"} {
		t.completeFlag(c, flag, func(word string) []string { return t.config(of, word) })
	}
}

func (t *target) completeFlag(c *cobra.Command, flag string, words func(string) []string) {
	complete := func(_ *cobra.Command, _ []string, word string) (completions, cobra.ShellCompDirective) {
		return words(word), noFiles
	}
	must(c.RegisterFlagCompletionFunc(flag, complete))
}

// names asks the cluster for names that go on like the word. Where it does not answer at once there are none: TAB has
// no place for errors.
func (t *target) names(kind, prefix, word string) []string {
	if kind == "" {
		return nil
	}
	cfg, namespace, err := t.kube.connection()
	if err != nil {
		return nil
	}
	k := cluster.KindOf(kind)
	if !k.Namespaced || t.all {
		namespace = ""
	}
	client, err := live.NewClient(cfg)
	if err != nil {
		return nil
	}
	ctx, stop := context.WithTimeout(context.Background(), completionTimeout)
	defer stop()
	all, err := client.Names(ctx, k, namespace)
	if err != nil {
		return nil
	}
	return startingWith(word, prefix, all)
}

// config are the names that the kubeconfig has.
func (t *target) config(of, word string) []string {
	raw, err := t.kube.raw()
	if err != nil {
		return nil
	}
	var all []string
	switch of {
	case "contexts":
		all = slices.Collect(maps.Keys(raw.Contexts))
	case "clusters":
		all = slices.Collect(maps.Keys(raw.Clusters))
	case "users":
		all = slices.Collect(maps.Keys(raw.AuthInfos))
	}
	return startingWith(word, "", all)
}

func startingWith(word, prefix string, all []string) []string {
	var out []string
	for _, name := range all {
		if strings.HasPrefix(prefix+name, word) {
			out = append(out, prefix+name)
		}
	}
	slices.Sort(out)
	return out
}

var shells = []string{"bash", "zsh", "fish", "powershell"}

// completion prints what a shell needs to complete this command.
func (s *session) completion() *cobra.Command {
	bare := false
	c := &cobra.Command{
		Use: "completion SHELL",
		Example: s.examples(
			example{"source <(kubectl-stuck completion bash)", ""},
			example{"source <(kubectl-stuck completion zsh)", ""},
			example{"kubectl-stuck completion fish | source", ""},
			example{"kubectl-stuck completion powershell | Out-String | Invoke-Expression", ""}),
		ValidArgs: shells,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(shells, args[0]) {
				return failed(message.Of("cli.shell.one"),
					message.Of("cli.flag.one-of", "values", strings.Join(shells, ", ")))
			}
			return script(c.Root(), args[0], !bare, s.Out)
		},
	}
	c.Flags().BoolVar(&bare, "no-descriptions", false, "")
	return c
}

// script writes the completion script of a shell, with or without descriptions of what it proposes.
func script(root *cobra.Command, shell string, described bool, w io.Writer) error {
	switch {
	case shell == "bash":
		return root.GenBashCompletionV2(w, described)
	case shell == "zsh" && described:
		return root.GenZshCompletion(w)
	case shell == "zsh":
		return root.GenZshCompletionNoDesc(w)
	case shell == "fish":
		return root.GenFishCompletion(w, described)
	case described:
		return root.GenPowerShellCompletionWithDesc(w)
	}
	return root.GenPowerShellCompletion(w)
}
