package redact

import "strings"

// harmless reports whether a value is none of a secret: nothing, a place where one will be put, a file.
func harmless(v string) bool {
	v = strings.TrimRight(v, ".,:;")
	if len(v) < 2 || redacted(v) || variable(v) || isPath(v) {
		return true
	}
	switch strings.ToLower(v) {
	case "true", "false", "yes", "no", "on", "off", "null", "nil", "<nil>", "none", "undefined", "empty", "<none>",
		"<redacted>", "[redacted]", "<hidden>", "<unset>", "required", "optional", "redacted", "withheld", "stripped":
		return true
	}
	return strings.Trim(v, "*") == "" || strings.Trim(v, "x") == "" || strings.Trim(v, "X") == ""
}

// redacted reports whether a value is what was put in place of one, with what is around it.
func redacted(v string) bool {
	rest, ok := strings.CutPrefix(v, Redacted)
	return ok && (rest == "" || !inName(rest[0]))
}

// variable reports whether a text stands for something that is put in later: $(TOKEN), ${TOKEN}, $TOKEN, {{token}},
// <token>, %s.
func variable(v string) bool {
	switch {
	case strings.HasPrefix(v, "$(") && strings.HasSuffix(v, ")"), strings.HasPrefix(v, "${") && strings.HasSuffix(v, "}"),
		strings.HasPrefix(v, "{{"), strings.HasPrefix(v, "<") && strings.HasSuffix(v, ">"), v == "%s", v == "%v", v == "%q":
		return true
	}
	name, ok := strings.CutPrefix(v, "$")
	name = strings.TrimLeft(name, "({") // where a value ends at a bracket
	return ok && name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == ""
}

var (
	inRoots = lazy(`^/(?:run|var|etc|tmp|usr|opt|mnt|home|root|srv|data|dev|proc|sys|secrets?|vault|config|certs?|app)` +
		`(?:/|$)`)
	aFile     = lazy(`^(?:\.{0,2}|~)/?(?:[\w.@-]+/)*[\w@-]+\.[a-z]{2,5}$`)
	aHost     = lazy(`^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}$`)
	aLabel    = lazy(`^[a-z0-9]+(?:-[a-z0-9]+)+$`)
	anObject  = lazy(`^[a-z0-9][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*$`)
	aURL      = lazy(`^[a-z][a-z0-9+.-]*://`)
	smallword = lazy(`^[A-Za-z][A-Za-z'’-]*[.,:;!?]*$`)
)

// isPath reports whether a value is the name of a file.
func isPath(v string) bool {
	switch {
	case strings.HasPrefix(v, "./"), strings.HasPrefix(v, "../"), strings.HasPrefix(v, "~/"),
		strings.HasPrefix(v, "file:"):
		return true
	case strings.HasPrefix(v, "/"):
		return inRoots().MatchString(v) || aFile().MatchString(v)
	}
	return false
}

func isURL(v string) bool { return aURL().MatchString(v) }

// namesObject reports whether a value is the name of an object, as klog writes it: secret="shop/api-tls".
func namesObject(v string) bool { return anObject().MatchString(v) }

func alphabetic(v string) bool { return smallword().MatchString(v) }

// sayings are words with which a sentence goes on behind a colon, or behind a flag that it speaks of.
var sayings = wordSet(`a an and are as at authentication authorization bad be but by can cannot could context connection
	denied does eof empty error errors expected expired expires failed failure flag for forbidden found from get got has have
	http https in invalid is it key keys lookup match matched mismatch missing must no not object of on open option or
	parameter permission please post put rejected refused request required response rpc secret secrets server should
	signature string that the this timed timeout to token tokens unable unauthorized unexpected unknown unmarshal
	unrecognized unsupported use user value values wanted was were when with without wrong you your access failed/denied
	dial read stat write remote operation resource pods pod secret/token provide provided set unset nothing illegal`)

// prose reports whether what stands behind a name is the rest of a sentence, and no value: failed to fetch token: Get
// "https://…", invalid secret: not found. Who writes a password into a sentence uses no word for one.
func prose(s string, begin, stop int, t tells) bool {
	v := s[begin:stop]
	word := strings.ToLower(strings.TrimRight(v, ".,:;!?"))
	last := strings.HasSuffix(v, ":") || strings.TrimSpace(s[stop:]) == ""
	switch {
	case sayings[word], isURL(v), strings.HasSuffix(v, ":") && t != strongly:
		return true
	case len(v) <= 3 && strings.Trim(v, "0123456789") == "": // 401
		return true
	case t == strongly:
		return alphabetic(v) && !last && follows(s[stop:])
	case alphabetic(v) && strings.ToLower(v[1:]) == v[1:], aHost().MatchString(v), aLabel().MatchString(v):
		return true
	}
	return false
}

// spokenWords are words of what a sentence calls a secret.
var spokenWords = []string{"password ", "passwd ", "passphrase ", "secret ", "token ", "key ", "credential", "bearer "}

// inSentence is a value that stands right behind such a word: the token abc is not valid.
var inSentence = lazy(`(?i)\b(?:pass(?:word|wd|phrase)|secret|token|credentials?|(?:api|access|secret|private|` +
	`account|auth|` +
	`license|encryption|signing|session|shared|storage|ssh|deploy)[ _-]?key)(?: is| was| of|:| value|` +
	` string)? ["'` + "`" + `]?` +
	`([A-Za-z0-9+/=_.~-]{8,})`)

// spoken takes out what stands behind such a word and looks like chance. Names in Kubernetes have no capitals.
func spoken(s string) string {
	return group(inSentence(), s, 1, notRandom)
}

func notRandom(v string) bool { return !random(v) }

// random reports whether a value looks like chance: capitals, small letters and digits, or very many letters and
// digits.
func random(v string) bool {
	capital, small, digit := false, false, 0
	for i := range len(v) {
		switch c := v[i]; {
		case upper(c):
			capital = true
		case letter(c):
			small = true
		case c >= '0' && c <= '9':
			digit++
		case c == '-' || c == '.' || c == '/':
			if !capital {
				return false // a name, a host or a path
			}
		}
	}
	return digit > 0 && capital && small || digit > 3 && (capital || small) && len(v) >= 20
}

// follows reports whether a text goes on with a word.
func follows(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	return rest != "" && letter(rest[0])
}
