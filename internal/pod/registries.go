package pod

import (
	"path"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// RegistriesAnnotation is where a snapshot keeps the hosts of the registries that a pull secret is for, separated by
// commas. It is there only where somebody asked to look into Secrets.
const RegistriesAnnotation = "stuck.dev/registries"

// hostName is a host, perhaps with a port and with * in it as the kubelet understands it.
var hostName = match.Lazy(`^[A-Za-z0-9*?\[\]-]+(?:\.[A-Za-z0-9*?\[\]-]+)*(?::\d+)?$`)

// RegistryHost is the host of a key of a pull secret: ghcr.io/team, https://index.docker.io/v1/. It is "" for what is
// none.
func RegistryHost(key string) string {
	key = strings.TrimPrefix(strings.TrimPrefix(key, "https://"), "http://")
	host, _, _ := strings.Cut(key, "/")
	if !hostName().MatchString(host) || len(host) > 260 {
		return ""
	}
	return Hub(host)
}

// PullsFrom returns the registries that a pull secret is for, and whether one of them is the given one. Without any
// hosts, it is not known.
func PullsFrom(s *corev1.Secret, registry string) (hosts []string, does bool) {
	for host := range strings.SplitSeq(s.Annotations[RegistriesAnnotation], ",") {
		if host == "" {
			continue
		}
		hosts = append(hosts, host)
		if ok, err := path.Match(host, registry); host == registry || ok && err == nil {
			does = true
		}
	}
	return hosts, does
}
