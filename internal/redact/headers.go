package redact

import "strings"

var (
	// scheme is what an Authorization header says: how, and what.
	scheme = lazy(`(?i)\b(?:bearer|basic|negotiate|apikey|ssws|oauth|authorization: ?(?:token|key|aws|hmac))[\s+]+` +
		`["']?([A-Za-z0-9._~+/=:-]{4,})`)
	// parameter is one of a challenge: Bearer realm="https://auth.example.com/token". It asks for a credential.
	parameter = lazy(`^[A-Za-z_-]+=(?:$|["\\])`)
	// digest is the answer in a Digest.
	digest = lazy(`(?i)\b(?:response|nonce|cnonce)=\\?"([^"\\]+)`)

	cookieHeader = lazy(`(?i)\b(?:set-)?cookies?2?\\?["']?\s*[:=]\s*\[?\\?["']?`)
	cookiePair   = lazy(`^([\w!#$%&'*+.^|~-]+)=("[^"]*"|[^;\s"'\\,\]}]*)(;[ ]?|$|)`)
)

// authorizations takes credentials out of what stands behind the name of a scheme, wherever that is.
func authorizations(s string) string {
	s = group(scheme(), s, 1, func(v string) bool {
		v = strings.TrimRight(v, ".:")
		return parameter().MatchString(v) || variable(v) || alphabetic(v) && strings.ToLower(v[1:]) == v[1:]
	})
	if strings.Contains(strings.ToLower(s), "digest username") {
		s = group(digest(), s, 1, nil)
	}
	return s
}

// cookies takes the values out of a header of cookies; what a server says of one stays.
func cookies(s string) string {
	var b strings.Builder
	from := 0
	for _, m := range cookieHeader().FindAllStringIndex(s, -1) {
		at := m[1]
		for at >= from {
			pair := cookiePair().FindStringSubmatchIndex(s[at:])
			if pair == nil {
				break
			}
			name, value := s[at+pair[2]:at+pair[3]], s[at+pair[4]:at+pair[5]]
			if !attributes[strings.ToLower(name)] && value != "" && value != Redacted {
				b.WriteString(s[from : at+pair[4]])
				b.WriteString(Redacted)
				from = at + pair[5]
			}
			if pair[6] == pair[7] {
				break
			}
			at += pair[1]
		}
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

var attributes = wordSet(`path domain expires max-age samesite secure httponly version comment priority partitioned`)
