package nodelog

import (
	"strings"

	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/redact"
)

var container = match.Lazy(`&Container\{Name:([a-z0-9-]*),`)

// secretive begin what a kubelet or runtime shows of the environment of a container.
var secretive = []string{"Env:", "Envs:", "EnvVar{", "env=[", "envs=[", "envs:", `env":`, `envs":`, "Environment:",
	"Environment="}

// withoutSecrets takes out what may hold passwords, and values of environment variables: old kubelets write out the
// whole container that does not start.
func withoutSecrets(message string) string {
	const after = "} start failed in pod "
	if m := container().FindStringSubmatchIndex(message); m != nil {
		rest := ""
		if n := strings.LastIndex(message, after); n > m[1] {
			rest = message[n+1:]
		}
		message = message[:m[0]] + message[m[2]:m[3]] + rest
	}
	for _, s := range secretive {
		if n := strings.Index(message, s); n >= 0 {
			message = strings.TrimRight(message[:n], ` ,;:\"'{[(`)
		}
	}
	return redact.Text(message)
}
