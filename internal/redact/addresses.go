package redact

import "strings"

// userInfos takes the passwords out of URLs, and a user that stands alone: that is a token more often than a name.
func userInfos(s string) string {
	var b strings.Builder
	from, at := 0, 0
	for {
		i := strings.Index(s[at:], "://")
		if i < 0 {
			break
		}
		begin := at + i + len("://")
		at = begin
		keep, end, ok := userInfo(s, begin)
		if !ok {
			continue
		}
		b.WriteString(s[from:keep])
		b.WriteString(Redacted)
		from, at = end, end
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

// userInfo finds what has to go of the user and password that begin at a place in a URL: all between keep and end.
func userInfo(s string, begin int) (keep, end int, ok bool) {
	rest := s[begin:min(len(s), begin+longest/8)]
	if n := strings.IndexAny(rest, " \t\r\n\"'`<>\\"); n >= 0 {
		rest = rest[:n]
	}
	authority := rest
	if n := strings.IndexAny(rest, "/?#"); n >= 0 {
		authority = rest[:n]
	}
	n := strings.LastIndexByte(authority, '@')
	if n < 0 { // a password that has a slash in it, which it should not
		user, password, hasPassword := strings.Cut(authority, ":")
		n = strings.IndexByte(rest, '@')
		if !hasPassword || n < 0 || user == "" || strings.HasPrefix(user, "[") || strings.Trim(password, "0123456789") == "" {
			return 0, 0, false
		}
	}
	user, password, hasPassword := strings.Cut(rest[:n], ":")
	switch {
	case !hasPassword && (user == "" || user == "git" || user == Redacted || schemeOfUsers(s[:begin]) || variable(user)):
		return 0, 0, false
	case !hasPassword || password == "x-oauth-basic":
		return begin, begin + n, true
	case password == "" || password == Redacted || variable(password):
		return 0, 0, false
	}
	return begin + len(user) + 1, begin + n, true
}

// schemeOfUsers reports whether a text ends in a scheme whose users have names: ssh://deploy@host.
func schemeOfUsers(s string) bool {
	s = strings.TrimSuffix(s, "://")
	for _, scheme := range []string{"ssh", "sftp", "scp", "rsync", "smb", "cifs", "ldap", "spiffe", "rdp", "vnc", "sip"} {
		if strings.HasSuffix(s, scheme) {
			return true
		}
	}
	return false
}

var (
	// goDSN is what Go's MySQL driver takes: app:password@tcp(db:3306)/shop.
	goDSN = lazy(`(?:^|[^\w.:/-])[\w.%+-]+:([^\s@"']+(?:@[^\s@"'(]+)*)@(?:tcp|tcp4|tcp6|unix|udp)\(`)
	// oracle is a JDBC URL of Oracle: jdbc:oracle:thin:scott/tiger@//db:1521/shop.
	oracle = lazy(`(?i)oracle:(?:thin|oci8?):[^\s/:@"']+/([^\s"'@]+)@`)
	// userOfHost is user:password@host without a scheme. An image with a digest looks like one.
	userOfHost = lazy(`(?:^|[^\w.:/@+-])([A-Za-z][\w.%+-]*):([^\s@/:"'\\,()\[\]{}]+)@([A-Za-z0-9][\w.-]*)`)
	// escapedUser is that of a URL in JSON of PHP, https:\/\/user:password@host.
	escapedUser = lazy(`:\\+/\\+/[^\s:@"'/\\]*:([^\s@"'/\\]+)@`)
	// networkUser is //user:password@host, as CIFS has it, and user%password.
	networkUser = lazy(`(?:^|[\s"'=])//[^\s/:@"']+:([^\s/@"']+)@`)
)

// userOfAddresses takes passwords out of addresses that are no URL.
func userOfAddresses(s string) string {
	s = group(goDSN(), s, 1, variable)
	s = group(oracle(), s, 1, variable)
	s = group(networkUser(), s, 1, variable)
	s = group(escapedUser(), s, 1, variable)
	var b strings.Builder
	from := 0
	for _, m := range userOfHost().FindAllStringSubmatchIndex(s, -1) {
		user, password, host := s[m[2]:m[3]], s[m[4]:m[5]], s[m[6]:m[7]]
		if strings.HasPrefix(host, "sha") || password == Redacted || variable(password) || user == "mailto" ||
			user == "acct" || user == "id" {
			continue
		}
		b.WriteString(s[from:m[4]])
		b.WriteString(Redacted)
		from = m[5]
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}
