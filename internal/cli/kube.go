package cli

import (
	"errors"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/live"
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

// add defines the flags.
func (k *kubeFlags) add(flags *pflag.FlagSet) {
	k.rules = clientcmd.NewDefaultClientConfigLoadingRules()
	k.timeout = requestTimeout(live.DefaultTimeout)
	names := clientcmd.RecommendedConfigOverrideFlags("")
	names.ClusterOverrideFlags.APIServer.ShortName = "s"
	names.AuthOverrideFlags.Username.LongName = "" // basic authentication is gone from Kubernetes since 1.19
	names.AuthOverrideFlags.Password.LongName = ""
	names.Timeout.LongName = "" // ours: what it limits here is all tries together, and it has a default
	clientcmd.BindOverrideFlags(&k.overrides, flags, names)
	flags.StringVar(&k.rules.ExplicitPath, "kubeconfig", "", "Path to the kubeconfig file to use for CLI requests")
	flags.StringArrayVar(&k.userExtra, "as-user-extra", nil, "User extra KEY=VALUE to impersonate for the operation, may be repeated")
	flags.Var(&k.timeout, "request-timeout", "how long to wait for one answer, all tries together; 0 waits without limit")
}

// loader is the kubeconfig with the flags over it. Without one it is what a Pod has of the cluster that it runs in.
func (k *kubeFlags) loader() (clientcmd.ClientConfig, error) {
	if k.config != nil {
		return k.config, nil
	}
	for _, extra := range k.userExtra {
		key, value, ok := strings.Cut(extra, "=")
		if !ok || key == "" {
			return nil, failed("Write it as KEY=VALUE.", "--as-user-extra %q has no key", extra)
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
	if a := k.overrides.AuthInfo; a.Impersonate != "" && cfg.Impersonate.UserName == "" { // client-go forgets it within a cluster
		cfg.Impersonate = rest.ImpersonationConfig{
			UserName: a.Impersonate, UID: a.ImpersonateUID, Groups: a.ImpersonateGroups, Extra: a.ImpersonateUserExtra,
		}
	}
	return cfg, nil
}

// namespace is the one that the flags or the kubeconfig name, or in a cluster the Pod's own.
func (k *kubeFlags) namespace() (string, error) {
	loader, err := k.loader()
	if err != nil {
		return "", err
	}
	namespace, _, err := loader.Namespace()
	return namespace, err
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
