package anonymize

import (
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

var (
	// bearer is a credential in a header; jwt, awsKey and gitToken are credentials by their own form.
	bearer   = match.Lazy(`(?i)(\b(?:bearer|basic) )[a-z0-9._~+/-]{16,}=*`)
	jwt      = match.Lazy(`\beyJ[\w-]{8,}\.[\w-]{8,}\.?[\w-]*`)
	awsKey   = match.Lazy(`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`)
	gitToken = match.Lazy(`\b(?:gh[pousr]_|github_pat_|glpat-|xox[abpr]-|sk-)[\w-]{16,}`)
	// pemBody is a line of nothing but base64, as in a key that was printed.
	pemBody = match.Lazy(`^\s*[A-Za-z0-9+/]{60,}={0,2}\s*$`)
	// colour is how programs paint what they write on a terminal.
	colour = match.Lazy("\x1b\\[[0-9;?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b.")
)

// Line takes what looks like a credential out of a line that any program wrote, and what is no text.
func Line(s string) string {
	s = colour().ReplaceAllString(strings.ToValidUTF8(s, "\uFFFD"), "")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	if pemBody().MatchString(s) {
		return Redacted
	}
	s = secretArg().ReplaceAllString(s, "${1}"+Redacted)
	s = userInfo().ReplaceAllString(s, "${1}"+Redacted+"@")
	s = bearer().ReplaceAllString(s, "${1}"+Redacted)
	s = jwt().ReplaceAllString(s, Redacted)
	s = awsKey().ReplaceAllString(s, Redacted)
	return gitToken().ReplaceAllString(s, Redacted)
}

// Lines are the lines of a log as [Line] leaves them.
func Lines(log string) []string {
	var out []string
	for _, l := range strings.Split(strings.TrimRight(log, "\n"), "\n") {
		out = append(out, Line(strings.TrimRight(l, "\r")))
	}
	return out
}
