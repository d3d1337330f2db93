package redact

import "strings"

var (
	// pemBody is a line of nothing but base64, as in a key that was printed.
	pemBody = lazy(`^\s*[A-Za-z0-9+/]{60,}={0,2}\s*$`)
	// colour is how programs paint what they write on a terminal.
	colour = lazy("\x1b\\[[0-9;?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b.")
)

// Line takes what looks like a credential out of a line that any program wrote, and what is no text.
func Line(s string) string {
	if strings.IndexByte(s, 0x1b) >= 0 {
		s = colour().ReplaceAllString(s, "")
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) >= 60 && pemBody().MatchString(s) {
		return Redacted
	}
	return Text(s)
}

// Lines are lines of a log as [Line] leaves them; of a key that is printed over several of them, none is left.
func Lines(log string) []string {
	all := strings.Split(strings.TrimRight(log, "\n"), "\n")
	for i := range all {
		all[i] = strings.TrimRight(all[i], "\r")
	}
	Each(all)
	return all
}

// Each does to lines that follow one another, in place, what [Line] does to one, and takes out what stands between the
// lines at which a key begins and ends.
func Each(lines []string) {
	inKey, announced := false, 0
	for i, l := range lines {
		if announced--; announced > 0 && alone().MatchString(l) && strings.ContainsAny(l, "0123456789") {
			lines[i], announced = Redacted, 0
			continue
		}
		if announces().MatchString(l) {
			announced = 4
		}
		begins, ends := strings.LastIndex(l, "-----BEGIN "), strings.LastIndex(l, "-----END ")
		if inKey && ends < 0 && !keyLine(l) {
			inKey = false // it was cut off
		}
		switch {
		case inKey && ends < 0:
			lines[i] = Redacted
		case inKey:
			lines[i] = Line(Redacted + l[ends:])
		default:
			lines[i] = Line(l)
		}
		inKey = inKey && ends < 0 || begins >= 0 && begins > ends
	}
}

var (
	// announces is a line above one that is a password: Please use the following password to proceed:
	announces = lazy(`(?i)\b(?:password|passphrase|token|(?:api|access|secret|root|unseal) ?key)\b[^:]{0,80}:\s*$`)
	// alone is one that is nothing else than a word.
	alone = lazy(`^\s*[\w!#$%&*+./=@^~-]{8,128}\s*$`)
)

// keyLine reports whether a line may be one of a key: base64, or one of the headers of an encrypted one.
func keyLine(l string) bool {
	return !strings.Contains(strings.TrimSpace(l), " ") || strings.HasPrefix(l, "Proc-Type: ") ||
		strings.HasPrefix(l, "DEK-Info: ")
}
