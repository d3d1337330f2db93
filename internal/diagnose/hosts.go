package diagnose

import (
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// asked are the ways in which a command names whom it asks.
var asked = []func() *regexp.Regexp{
	match.Lazy(`://(?:[^/@\s]*@)?([a-z][a-z0-9.-]*)`),
	match.Lazy(`\b(?:nslookup|dig|getent hosts|ping|nc|ncat|telnet|host|wait-for-it(?:\.sh)?|wait-for)` +
		`(?:\s+-[\w-]+(?:\s+\d+)?)*\s+["']?([a-z][a-z0-9.-]*)`),
	match.Lazy(`(?:\s-h|--host)[=\s]\s*["']?([a-z][a-z0-9.-]*)`),
	match.Lazy(`/dev/tcp/([a-z][a-z0-9.-]*)/`),
	match.Lazy(`\b([a-z][a-z0-9-]+(?:\.[a-z0-9-]+)*):\d{2,5}\b`),
	match.Lazy(`\b([a-z][a-z0-9-]+\.[a-z0-9-]+\.svc\b[a-z0-9.-]*)`),
}

// HostsIn are the hosts that a command asks for.
func HostsIn(command string) []string {
	var out []string
	for _, re := range asked {
		for _, m := range re().FindAllStringSubmatch(command, -1) {
			out = append(out, strings.TrimRight(m[1], "."))
		}
	}
	return out
}
