package cli

import (
	"context"
	"fmt"
	"os/signal"
	"strings"
	"syscall"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/spf13/cobra"
)

// target is which Pods of a live cluster are asked about, as kubectl's users say it.
type target struct {
	kube     kubeFlags
	all      bool
	selector string
	inspect  bool // look into Secrets
	noNode   bool // leave the kubelets alone
	ready    bool // Pods count, too, that have been ready and are not
	noLogs   bool // read no logs
	parts    []part
}

// flags defines the flags: those that kubectl has as well mean here what they mean there.
func (t *target) flags(c *cobra.Command) {
	t.kube.add(c.Flags())
	c.Flags().BoolVarP(&t.all, "all-namespaces", "A", false, "")
	c.Flags().StringVarP(&t.selector, "selector", "l", "", "")
	c.Flags().BoolVar(&t.inspect, "inspect-secrets", false, "")
	c.Flags().BoolVar(&t.noNode, "no-node", false, "")
	c.Flags().BoolVar(&t.ready, "ready", false, "")
	c.Flags().BoolVar(&t.noLogs, "no-logs", false, "")
	t.complete(c)
}

// collection are the options with which a cluster is read.
func (s *session) collection(t *target, cat *diagnose.Catalogue) live.Options {
	return live.Options{Now: s.Now, InspectSecrets: t.inspect, ReadLogs: !t.noLogs, AskNodes: !t.noNode, Ready: t.ready,
		Knows: cat.Knows}
}

// scope says which Pods the arguments mean; without any all of the namespace. Where they name several things, or what
// no scope can say, it is what has all of them, and parts says which they are.
func (t *target) scope(namespace string, args []string) (live.Scope, error) {
	t.parts = nil
	if len(args) == 0 {
		s := live.Scope{Namespace: namespace, Selector: t.selector}
		if t.all {
			s.Namespace = ""
		}
		return s, nil
	}
	var parts []part
	for _, word := range words(args) {
		p, err := t.partOf(namespace, word)
		if err != nil {
			return p.Scope, err
		}
		parts = append(parts, p)
	}
	if len(parts) == 1 && parts[0].claim == "" {
		return parts[0].Scope, nil
	}
	t.parts = parts
	return scopeOf(parts), nil
}

// shortNames are kubectl's for the kinds that can be asked about.
var shortNames = map[string]string{
	"po": "Pod", "no": "Node", "deploy": "Deployment", "rs": "ReplicaSet", "sts": "StatefulSet", "ds": "DaemonSet",
	"job": "Job", "cj": "CronJob", "rc": "ReplicationController",
	"ns": "Namespace", "pvc": "PersistentVolumeClaim",
}

// kindNamed is the kind that a word means as kubectl takes it: short, in the singular or in the plural, with its group
// behind a dot or without; "" where it is none that can be asked about.
func kindNamed(word string) string {
	word, _, _ = strings.Cut(strings.ToLower(word), ".")
	for short, kind := range shortNames {
		if long := strings.ToLower(kind); word == short || word == long || word == long+"s" {
			return kind
		}
	}
	return ""
}

// diagnoseLive asks the API server of the current context: once, or with -w and --wait-until-started for a while.
func (s *session) diagnoseLive(c *cobra.Command, args []string) error {
	cat, err := s.catalogue()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if _, err := s.target.scope("", args); err == nil && len(s.target.parts) > 0 && (s.watch || s.wait > 0) {
		return failed(message.Of("cli.wait.several"), message.Of("cli.wait.scope"))
	}
	switch {
	case s.watch:
		return s.follow(ctx, cat, args)
	case s.wait > 0:
		return s.waitStarted(ctx, cat, args)
	}
	p := s.progress()
	snap, scope, err := s.collect(ctx, &s.target, cat, args, p)
	var r *diagnose.Report
	if err == nil {
		r = s.answer(snap, cat, scope)
	}
	if p.end(); err != nil {
		return err
	}
	return s.show(r)
}

// connect makes a client of the cluster that the flags name, and the scope of what the arguments do.
func (s *session) connect(t *target, args []string) (*live.Client, live.Scope, error) {
	cfg, namespace, err := t.kube.connection()
	if err != nil {
		return nil, live.Scope{}, err
	}
	scope, err := t.scope(namespace, args)
	if err != nil {
		return nil, live.Scope{}, err
	}
	client, err := live.NewClient(cfg)
	if err != nil {
		return nil, live.Scope{}, failedBy(err, message.Of("verbatim", "text", reason(err)),
			message.Of("cli.cluster.give"))
	}
	return client, scope, nil
}

// collect makes a snapshot of what the arguments name, and says what that is.
func (s *session) collect(
	ctx context.Context, t *target, cat *diagnose.Catalogue, args []string, p *progress,
) (*cluster.Snapshot, live.Scope, error) {
	client, scope, err := s.connect(t, args)
	if err != nil {
		return nil, scope, err
	}
	snap, err := p.read(ctx, client, scope, s.collection(t, cat))
	if err != nil {
		return nil, scope, unanswered(err)
	}
	for i := range t.parts {
		if err := t.parts[i].missing(snap); err != nil {
			return nil, scope, err
		}
	}
	return snap, scope, missing(snap, scope)
}

// missing is the error where what a scope names is known not to be there.
func missing(s *cluster.Snapshot, scope live.Scope) error {
	named := scope.Owner
	switch {
	case scope.Name != "" && !s.Has(podOf(scope)):
		return notFound(podOf(scope))
	case scope.Node != "":
		named = cluster.Ref{Kind: "Node", Name: scope.Node}
	}
	if named.Name != "" && s.Absent(named) {
		return notFound(named)
	}
	return nil
}

func podOf(scope live.Scope) cluster.Ref {
	return cluster.Ref{Kind: "Pod", Namespace: scope.Namespace, Name: scope.Name}
}

// notFound is the error where what was named is not there.
func notFound(r cluster.Ref) error {
	if r.Namespace == "" {
		return failed(message.Of("cli.object.none.cluster", "kind", r.Kind, "name", r.Name),
			message.Of("cli.object.list.cluster", "kinds", strings.ToLower(r.Kind)+"s"))
	}
	return failed(message.Of("cli.object.none", "kind", r.Kind, "name", r.Name, "namespace", r.Namespace),
		message.Of("cli.object.list", "namespace", r.Namespace, "kinds", strings.ToLower(r.Kind)+"s"))
}

// rbac prints the rights that a diagnosis needs.
func (s *session) rbac() *cobra.Command {
	namespace, proxy, secrets := "", false, false
	c := &cobra.Command{
		Use: "rbac",
		Example: s.examples(example{"kubectl stuck rbac | kubectl apply -f -", ""},
			example{"kubectl stuck rbac -n shop", "help.rbac.namespace"}),
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			if proxy && namespace != "" {
				return failed(message.Of("cli.rbac.proxy"), message.Of("cli.rbac.leave"))
			}
			role := live.Role(namespace)
			if secrets {
				role += live.SecretRule
			}
			if proxy {
				role += live.NodeProxy
			}
			_, err := fmt.Fprint(s.Out, role)
			return err
		},
	}
	c.Flags().BoolVar(&proxy, "with-node-proxy", false, "")
	c.Flags().BoolVar(&secrets, "with-secrets", false, "")
	c.Flags().StringVarP(&namespace, "namespace", "n", "", "")
	return c
}
