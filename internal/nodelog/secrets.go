package nodelog

import (
	"strings"

	"github.com/kubestuck/stuck/internal/anonymize"
	"github.com/kubestuck/stuck/internal/match"
)

var (
	container = match.Lazy(`&Container\{Name:([a-z0-9-]*),`)
	// password is one in the options of a mount (username=u,password=p; name=admin,secret=s), and userInfo one in a
	// URL.
	password = match.Lazy(`(?i)(\b(?:pass(?:word|wd)?[:=]|(?:secret|token|credential)=))[^\s,;"'\\]+`)
	userInfo = match.Lazy(`(://[^/\s:@]*:)[^/\s@]+@`)
	bearer   = match.Lazy(`(?i)(\b(?:bearer|basic) )[a-z0-9._~+/-]{16,}=*`)
)

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
	message = password().ReplaceAllString(message, "${1}"+anonymize.Redacted)
	message = userInfo().ReplaceAllString(message, "${1}"+anonymize.Redacted+"@")
	message = bearer().ReplaceAllString(message, "${1}"+anonymize.Redacted)
	for _, s := range secretive {
		if n := strings.Index(message, s); n >= 0 {
			message = strings.TrimRight(message[:n], ` ,;:\"'{[(`)
		}
	}
	return message
}
