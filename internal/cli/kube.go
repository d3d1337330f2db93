package cli

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/spf13/pflag"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// kubeFlags are kubectl's flags for the cluster to ask, meaning what they mean there. They come from client-go and not
// from cli-runtime, which brings kustomize, OpenAPI and every API group along: two thirds of the program.
type kubeFlags struct {
	rules     *clientcmd.ClientConfigLoadingRules
	overrides clientcmd.ConfigOverrides
	userExtra []string
	timeout   requestTimeout
	config    clientcmd.ClientConfig // made when it is first asked for, after the flags were read
}

// add defines the flags. Their texts are in the table of messages, by their names.
func (k *kubeFlags) add(flags *pflag.FlagSet) {
	k.rules = clientcmd.NewDefaultClientConfigLoadingRules()
	k.timeout = requestTimeout(live.DefaultTimeout)
	names := clientcmd.RecommendedConfigOverrideFlags("")
	names.ClusterOverrideFlags.APIServer.ShortName = "s"
	names.AuthOverrideFlags.Username.LongName = "" // basic authentication is gone from Kubernetes since 1.19
	names.AuthOverrideFlags.Password.LongName = ""
	names.Timeout.LongName = "" // ours: what it limits here is all tries together, and it has a default
	kubectl := pflag.NewFlagSet("", pflag.ContinueOnError)
	clientcmd.BindOverrideFlags(&k.overrides, kubectl, names)
	kubectl.StringVar(&k.rules.ExplicitPath, "kubeconfig", "", "")
	kubectl.StringArrayVar(&k.userExtra, "as-user-extra", nil, "")
	kubectl.Var(&k.timeout, "request-timeout", "")
	kubectl.VisitAll(func(f *pflag.Flag) {
		if f.Name != "namespace" { // which is needed so often that it stands with ours
			must(kubectl.SetAnnotation(f.Name, inGroup, []string{"help.kubectl"}))
		}
	})
	flags.AddFlagSet(kubectl)
}

// loader is the kubeconfig with the flags over it. Without one it is what a Pod has of the cluster that it runs in.
func (k *kubeFlags) loader() (clientcmd.ClientConfig, error) {
	if k.config != nil {
		return k.config, nil
	}
	for _, extra := range k.userExtra {
		key, value, ok := strings.Cut(extra, "=")
		if !ok || key == "" {
			return nil, failed(message.Of("cli.flag.key", "value", extra), message.Of("cli.flag.pair"))
		}
		if k.overrides.AuthInfo.ImpersonateUserExtra == nil {
			k.overrides.AuthInfo.ImpersonateUserExtra = map[string][]string{}
		}
		k.overrides.AuthInfo.ImpersonateUserExtra[key] = append(k.overrides.AuthInfo.ImpersonateUserExtra[key], value)
	}
	k.config = clientcmd.NewNonInteractiveDeferredLoadingClientConfig(k.rules, &k.overrides)
	return k.config, nil
}

// restConfig is how to talk with the cluster.
func (k *kubeFlags) restConfig() (*rest.Config, error) {
	loader, err := k.loader()
	if err != nil {
		return nil, err
	}
	cfg, err := loader.ClientConfig()
	if err != nil {
		return nil, err
	}
	cfg.Timeout = k.timeout.limit()
	// client-go forgets whom to impersonate within a cluster.
	if a := k.overrides.AuthInfo; a.Impersonate != "" && cfg.Impersonate.UserName == "" {
		cfg.Impersonate = rest.ImpersonationConfig{
			UserName: a.Impersonate, UID: a.ImpersonateUID, Groups: a.ImpersonateGroups, Extra: a.ImpersonateUserExtra,
		}
	}
	return cfg, nil
}

// connection is how to talk with the cluster, and the namespace that the flags or the kubeconfig name, or in a cluster
// the Pod's own. Its errors say what to do.
func (k *kubeFlags) connection() (*rest.Config, string, error) {
	todo := message.Of("cli.cluster.give")
	loader, err := k.loader()
	if err != nil {
		return nil, "", err
	}
	if err := k.missing(); err != nil {
		return nil, "", err
	}
	cfg, err := k.restConfig()
	switch {
	case clientcmd.IsEmptyConfig(err):
		return nil, "", k.empty()
	case err != nil:
		return nil, "", failedBy(err, message.Of("cli.cluster.unusable", "why", reason(err)), todo)
	}
	namespace, _, err := loader.Namespace()
	if err != nil {
		return nil, "", failedBy(err, message.Of("cli.namespace", "why", reason(err)), todo)
	}
	return cfg, namespace, nil
}

// empty is the error where neither the flags nor a kubeconfig say which cluster is meant.
func (k *kubeFlags) empty() error {
	if raw, err := k.raw(); err == nil && len(raw.Contexts) > 0 {
		return failed(message.Of("cli.cluster.context"), give("context", slices.Sorted(maps.Keys(raw.Contexts))))
	}
	return failed(message.Of("cli.cluster.none"), message.Of("cli.cluster.give"))
}

func give(flag string, names []string) message.Message {
	return message.Of("cli.kubeconfig.give", "flag", "--"+flag, "names", strings.Join(names[:min(len(names), 8)], ", "))
}

// missing is the error where a flag names what the kubeconfig does not have, or it names that itself.
func (k *kubeFlags) missing() error {
	raw, err := k.raw()
	if err != nil {
		return nil // that it cannot be read is said by whoever needs it
	}
	for _, part := range []struct {
		flag, name string
		all        []string
	}{
		{"context", cmp.Or(k.overrides.CurrentContext, raw.CurrentContext), slices.Sorted(maps.Keys(raw.Contexts))},
		{"cluster", k.overrides.Context.Cluster, slices.Sorted(maps.Keys(raw.Clusters))},
		{"user", k.overrides.Context.AuthInfo, slices.Sorted(maps.Keys(raw.AuthInfos))},
	} {
		if part.name == "" || slices.Contains(part.all, part.name) {
			continue
		}
		todo := message.Of("cli.cluster.give")
		if near := match.Nearest(part.name, part.all); len(near) > 0 {
			todo = message.Of("cli.did-you-mean", "names", strings.Join(near, ", "))
		} else if len(part.all) > 0 {
			todo = give(part.flag, part.all)
		}
		return failed(message.Of("cli.kubeconfig.lacks", "kind", part.flag, "name", part.name), todo)
	}
	return nil
}

// raw is the kubeconfig without the flags: with all its contexts, clusters and users.
func (k *kubeFlags) raw() (clientcmdapi.Config, error) {
	loader, err := k.loader()
	if err != nil {
		return clientcmdapi.Config{}, err
	}
	return loader.RawConfig()
}

// requestTimeout is a length of time as kubectl takes it: 10 means seconds, 0 no limit.
type requestTimeout time.Duration

// Set is part of pflag.Value.
func (r *requestTimeout) Set(value string) error {
	d, err := clientcmd.ParseTimeout(value)
	if err == nil && d < 0 {
		err = errors.New("it is negative")
	}
	*r = requestTimeout(d)
	return err
}

// String is part of pflag.Value.
func (r *requestTimeout) String() string { return time.Duration(*r).String() }

// Type is part of pflag.Value.
func (r *requestTimeout) Type() string { return "duration" }

// limit is the time as a client takes it, which says 0 for its default.
func (r *requestTimeout) limit() time.Duration {
	switch time.Duration(*r) {
	case 0:
		return live.NoTimeout
	case live.DefaultTimeout:
		return 0
	}
	return time.Duration(*r)
}
