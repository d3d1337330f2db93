package csicallfailed

import (
	"regexp"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// answers are what drivers of several storages answer in words of their own, to one effect. The first that fits counts.
var answers = []struct {
	variant string
	words   func() *regexp.Regexp
}{
	{"identity", match.Lazy(`nmi response|/host/token/|no azure ?identity found|managedidentitycredential|aadsts\d+|` +
		`getaccesstoken|no ec2 imds role|refresh cached credentials|failed to (?:get|load|retrieve) (?:aws )?credentials|` +
		`no credentials|169\.254\.169\.254|code = unauthenticated|workload ?identity|metadata\.google|` +
		`unable to locate credentials|no signing credentials|iam role .{0,80}not found`)},
	{"secret", match.Lazy(`desc = empty name$|(?:user ?name|password|account ?key|access ?key|secret ?key|token|userkey|` +
		`userid) .{0,40}(?:is|are|not|cannot be|must not be) (?:empty|missing|incorrect|provided|specified|set|found)|` +
		`resource name may not be empty|` +
		`(?:missing|empty|no|cannot find|could not find) .{0,40}(?:in|from) (?:the )?secrets?\b|` +
		`secrets? \S{0,60} ?(?:does not|doesn't) (?:contain|have)|configuration file: \S+ not exist|` +
		`user ?name or password is incorrect`)},
	{"handle", match.Lazy(`(?:invalid|malformed|parse|decode|split|wrong) (?:the )?(?:csi )?volume ?(?:id|handle)|` +
		`volume ?(?:id|handle)\b.{0,80}(?:invalid|malformed|not in (?:the )?(?:right|correct|expected)|must (?:be|have))|` +
		`error parsing volume ?(?:id|handle)|rest property \[volume`)},
}

// byAnswer sets the variant of what a driver answers, and reports whether there is one. Which setting is wrong is in
// the answer alone.
func byAnswer(f *diagnose.Finding, low string) bool {
	for _, a := range answers {
		if a.words().MatchString(low) {
			f.Variant, f.Certainty = a.variant, diagnose.Likely
			return true
		}
	}
	return false
}
