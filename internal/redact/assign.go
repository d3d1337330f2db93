package redact

import "strings"

// assignments takes the values out that stand behind a telling name: password=x, "token": "x", --api-key x,
// X-Auth-Token: x, {\"secret\":\"x\"}, :password=>"x", token%3Dx.
func assignments(s string) string {
	var b strings.Builder
	from := 0
	for i := 0; i < len(s); {
		if !inName(s[i]) {
			i++
			continue
		}
		end := i + 1
		for end < len(s) && inName(s[end]) {
			end++
		}
		if i > 0 && s[i-1] == '\\' && end-i > 5 && s[i:i+3] == "u00" { // \u0026, an ampersand as Go writes it in JSON
			i += 5
		}
		n := named{s: s, begin: i, end: end}
		i = end
		if begin, stop := n.value(); stop > begin && begin >= from {
			b.WriteString(s[from:begin])
			b.WriteString(Redacted)
			from, i = stop, stop
		}
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

func inName(c byte) bool {
	return letter(c) || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.'
}

// named is a word in a text that may be the name of a value.
type named struct {
	s          string
	begin, end int
}

// How a name and its value are joined.
type joint int

const (
	none   joint = iota
	equals       // password=x, and all that is written by programs for programs
	colon        // password: x, which may be a sentence
	quoted       // "password": "x"
	space        // --password x
)

// value finds where the secret value stands that the name has; begin == stop where it has none.
func (n named) value() (begin, stop int) {
	at, how := n.joint()
	if how == none || (how == colon || how == quoted) && n.begin > 0 && n.s[n.begin-1] == '/' {
		// "/etc/passwd": not a directory
		return 0, 0
	}
	name := n.s[n.begin:n.end]
	t := telling(name)
	if t == notTelling && how != colon && n.onlyHere(name) {
		t = strongly
	}
	if t == notTelling {
		return 0, 0
	}
	begin, stop, inQuotes := valueAt(n.s, at, how)
	v := n.s[begin:stop]
	switch {
	case v == "" || harmless(v) || foreign(v), isURL(v) && t != strongly, !inQuotes && (v[0] == '{' || v[0] == '['):
		return 0, 0
	case t != ofAddress && partial(name, v):
		return 0, 0
	case t == ofAddress && (strings.ContainsAny(v, "=@") || isURL(v)):
		return 0, 0 // what is secret in it has a name of its own
	case (how == colon || how == space) && !inQuotes && prose(n.s, begin, stop, t):
		return 0, 0
	case strings.HasSuffix(strings.ToLower(name), "authorization"):
		return n.withoutScheme(begin, stop)
	case how == equals && t == weakly && namesObject(v):
		return 0, 0
	}
	return begin, stop
}

// foreign reports whether a text has no letter or digit of ASCII: a sentence in another script goes on with it.
func foreign(v string) bool {
	return !strings.ContainsFunc(v, func(r rune) bool { return r < 0x80 && (letter(byte(r)) || r >= '0' && r <= '9') }) &&
		v[0] >= 0x80
}

// partial reports whether a value is made of parts that have names of their own: cookies, a signature of Azure's.
func partial(name, v string) bool {
	name = strings.ToLower(name)
	return (strings.HasSuffix(name, "cookie") || strings.HasSuffix(name, "signature") || name == "sas") &&
		parts().MatchString(v)
}

var parts = lazy(`^\??[\w-]+=`)

// onlyHere reports whether a word that tells nothing in general is the name of a secret where it stands: a flag, the
// query of a URL.
func (n named) onlyHere(name string) bool {
	flag := strings.HasPrefix(name, "--") && n.starts()
	query := n.begin > 0 && strings.IndexByte("?&;#", n.s[n.begin-1]) >= 0 && n.end < len(n.s) && n.s[n.end] == '='
	if n.begin > 2 && strings.EqualFold(n.s[n.begin-3:n.begin], "%26") {
		query = true
	}
	switch strings.ToLower(strings.TrimLeft(name, "-")) {
	case "key":
		return flag || query
	case "verify", "code", "hmac", "sign", "credential", "policy", "googleaccessid", "se_sig", "q-signature",
		"q-ak", "hdnts", "hdnea", "__token__", "x-oss-credential", "samlresponse", "authkey", "auth_key":
		return query
	}
	return false
}

// starts reports whether the name begins a word.
func (n named) starts() bool {
	return n.begin == 0 || strings.IndexByte(" \t\n\"'`=([{,;|&:", n.s[n.begin-1]) >= 0
}

// joint finds how the name and a value are joined, and where the value begins.
func (n named) joint() (at int, how joint) {
	s, i := n.s, n.end
	closed := quotes(s, i)
	i += closed
	gap := blanks(s, i)
	i += gap
	if i >= len(s) {
		return 0, none
	}
	switch rest := s[i:]; {
	case strings.HasPrefix(rest, "=>"), strings.HasPrefix(rest, ":="), strings.HasPrefix(rest, "=="):
		return i + 2 + blanks(s, i+2), equals
	case rest[0] == '=':
		return i + 1 + blanks(s, i+1), equals
	case strings.HasPrefix(rest, `\u003d`), strings.HasPrefix(rest, `\u003D`):
		return i + 6, equals
	case strings.HasPrefix(rest, "%253D"), strings.HasPrefix(rest, "%253d"):
		return i + 5, equals
	case strings.HasPrefix(rest, "%3D"), strings.HasPrefix(rest, "%3d"),
		strings.HasPrefix(rest, "%3A"), strings.HasPrefix(rest, "%3a"):
		return i + 3, equals
	case rest[0] == ':':
		return n.colon(i, closed > 0, gap)
	case closed > 0 && rest[0] == ']': // $config["password"]="x"
		if next := i + 1 + blanks(s, i+1); next < len(s) && s[next] == '=' {
			return next + 1 + blanks(s, next+1), equals
		}
	case gap > 0 && s[n.begin] == '-' && n.starts() && rest[0] != '-':
		return i, space
	case closed > 0 && rest[0] == ',' && i+1 < len(s): // ["--password", "x"]
		next := i + 1 + blanks(s, i+1)
		if q := quotes(s, next); q > 0 && s[n.begin] == '-' && next+q < len(s) && s[next+q] != '-' {
			return next, space
		}
	}
	return 0, none
}

// colon is the joint of a colon at i. The volume in
//
//	MountVolume.SetUp failed for volume "secret" : secret "api-tls" not found
//
// is no name of a value.
func (n named) colon(i int, closed bool, gap int) (at int, how joint) {
	s := n.s
	next := i + 1 + blanks(s, i+1)
	switch {
	case next >= len(s):
		return 0, none
	case closed && gap > 0 && !opensMember(s[:n.begin]):
		return 0, none
	case closed:
		return next, quoted
	case gap > 0:
		return 0, none
	case next == i+1:
		if strings.HasPrefix(s[i:], "::") {
			return 0, none
		}
		return next, equals // {Password:x}
	}
	return next, colon
}

// opensMember reports whether a text ends where a member of an object begins.
func opensMember(s string) bool {
	s = strings.TrimRight(s, "\\\"' \t\r\n")
	return s == "" || strings.HasSuffix(s, "{") || strings.HasSuffix(s, ",")
}

func blanks(s string, i int) int {
	n := 0
	for i+n < len(s) && (s[i+n] == ' ' || s[i+n] == '\t') {
		n++
	}
	return n
}

// quotes is how many bytes at a place are a quote, with the backslashes before it; 0 where there is none.
func quotes(s string, i int) int {
	n := 0
	for i+n < len(s) && s[i+n] == '\\' {
		n++
	}
	if i+n < len(s) && (s[i+n] == '"' || s[i+n] == '\'' || s[i+n] == '`') {
		return n + 1
	}
	if strings.HasPrefix(s[i:], "%22") || strings.HasPrefix(s[i:], "%27") {
		return 3
	}
	if strings.HasPrefix(s[i:], "&quot;") {
		return 6
	}
	return 0
}

// valueAt is the value that begins at a place: to the end of its quotes, or to where a word ends.
func valueAt(s string, at int, how joint) (begin, stop int, inQuotes bool) {
	for at < len(s) && s[at] == '[' { // a list of one: Authorization:[x]
		at++
	}
	if strings.HasPrefix(s[at:], "|\n") || strings.HasPrefix(s[at:], ">\n") || strings.HasPrefix(s[at:], "|-\n") {
		at += strings.IndexByte(s[at:], '\n') + 1 // a block of YAML
		at += blanks(s, at)
	}
	if end := braced(s, at, how); end > 0 {
		return at + 1, end, true
	}
	n := quotes(s, at)
	if n == 0 {
		most := min(len(s)-at, longest)
		end := strings.IndexAny(s[at:at+most], stops(how))
		if end < 0 {
			end = most
		}
		for how == equals && at+end < at+most && s[at+end] == '&' && !next().MatchString(s[at+end:min(len(s), at+end+64)]) {
			more := strings.IndexAny(s[at+end+1:at+most], stops(how)) // of a password, and not before another parameter
			if more < 0 {
				end = most
				break
			}
			end += 1 + more
		}
		for _, code := range []string{"%26", `\u0026`, "%2526", "%22", "%27", "&quot;", "\\n", "\\r"} {
			if i := strings.Index(s[at:at+end], code); i >= 0 {
				end = i
			}
		}
		for end > 0 && strings.IndexByte(":.!?", s[at+end-1]) >= 0 && !strings.HasSuffix(s[at:at+end], "...") {
			end-- // of the sentence around it
		}
		return at, at + end, false
	}
	quote := s[at : at+n]
	begin = at + n
	end := min(len(s), begin+longest)
	for i := begin; i < end; i++ {
		if !strings.HasPrefix(s[i:], quote) {
			continue
		}
		if n == 1 && s[i-1] == '\\' && i > begin { // escaped
			continue
		}
		return begin, i, true
	}
	return begin, end, true
}

// next is the next parameter of a query.
var next = lazy(`^&(?:amp;)?[\w.%\[\]-]+=|^&(?:&|\s|$)`)

// braced is where a value ends that ODBC and ADO.NET have between braces, Password={a;b};, and 0 where that is none:
// there are members in it, or it is not closed.
func braced(s string, at int, how joint) int {
	if how != equals || at == 0 || s[at-1] != '=' || at == len(s) || s[at] != '{' {
		return 0
	}
	n := strings.IndexAny(s[at:min(len(s), at+longest)], "}:=\"' \n")
	if n < 2 || s[at+n] != '}' {
		return 0
	}
	return at + n
}

// longest is how many bytes a value in quotes has at most, so that what is never closed is not looked for again and
// again.
const longest = 8 << 10

// stops are the bytes at which a value ends that is not in quotes.
func stops(how joint) string {
	if how == space {
		return " \t\r\n\"'`;|)]}\\"
	}
	return " \t\r\n\"'`,;&|)]}<>\\"
}

// withoutScheme leaves the word that says how somebody authenticates: Bearer, Basic.
func (n named) withoutScheme(begin, stop int) (int, int) {
	v := n.s[begin:stop]
	scheme, rest, more := strings.Cut(v, " ")
	if more && alphabetic(scheme) && rest != "" {
		begin += len(scheme) + 1
		if !strings.ContainsAny(rest, "= ") && !harmless(rest) {
			return begin, stop
		}
		return 0, 0 // its parts have names of their own
	}
	if more || !alphabetic(v) && !harmless(v) && !strings.HasPrefix(v, "AWS4-") {
		return begin, stop
	}
	return 0, 0 // what stands behind a scheme without quotes is found by itself
}
