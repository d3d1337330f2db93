package pod

import (
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
)

// A symptom says that something went wrong, never what: it is evidence of whatever else is found, and a cause of
// nothing.
type symptom struct {
	reasons string // separated by |; empty: any
	message func() *regexp.Regexp
}

var symptoms = []symptom{
	{"BackOff",
		match.Lazy(`(?i)^back-off restarting failed container|^back-off pulling image "[^"]*"$|` +
			`^back-off (\S+ )?restarting`)},
	{"CrashLoopBackOff", match.Lazy(``)},
	{"ImagePullBackOff", match.Lazy(`(?i)^back-off pulling image "[^"]*"$|^$`)},
	{"ErrImagePull", match.Lazy(`^$`)},
	{"RunContainerError", match.Lazy(`^$`)}, // a description does not tell the message
	{"CreateContainerError", match.Lazy(`^$`)},
	{"CreateContainerConfigError", match.Lazy(`^$`)},
	{"SandboxChanged", match.Lazy(``)},
	{"Failed",
		match.Lazy(`^Error: (ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError|` +
			`RegistryUnavailable|SignatureValidationFailed)$`)},
	{"FailedSync", match.Lazy(`^$|^Error syncing pod`)},
	{"",
		match.Lazy(`(?is)unable to (attach or )?mount volumes.*(timed out waiting|timeout expired|deadline exceeded)`)},
	{"", match.Lazy(`(?i)code = Aborted desc = .*an operation with the given volume.* already exists`)},
}

// isSymptom reports whether a sign is a symptom.
func isSymptom(s *cluster.Sign) bool {
	if s.Kind == cluster.SignCondition && s.Reason == SandboxNotReady {
		return true
	}
	if s.Kind != cluster.SignEvent && s.Kind != cluster.SignWaiting {
		return false
	}
	for i := range symptoms {
		e := &symptoms[i]
		if e.reasons == "" && !strings.HasPrefix(s.Reason, "FailedM") && !strings.HasPrefix(s.Reason, "FailedA") {
			continue
		}
		if (e.reasons == "" || e.reasons == s.Reason) && e.message().MatchString(s.Message) {
			return true
		}
	}
	return false
}
