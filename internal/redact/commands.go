package redact

import "strings"

// upTo is what may stand between a program and its flag in a command line.
const upTo = `\S*\s(?:[^|;&\n]*?\s)??`

// word is a value in a command line, with or without quotes.
const word = `\s*["']?([^\s"'|;&]+)`

// commands are the passwords of programs that have a way of their own to be given one.
var commands = []shape{
	flag([]string{"mysql", "mariadb"}, `\b(?:mysql|mariadb)`+upTo+`-p([^\s"'|;&]+)`, harmless),
	flag([]string{"mysql", "mariadb"}, `\b(?:mysql|mariadb)`+upTo+`-p["']([^"']+)`, harmless),
	flag([]string{"sshpass", "mongo", "login", "sqlcmd", "cqlsh", "clickhouse", "keytool", "lftp"},
		`\b(?:sshpass|mongo|login|sqlcmd|cqlsh|clickhouse|keytool|lftp)`+upTo+`-(?:p|P|pw|storepass|keypass)[ =]?`+word,
		notPassword),
	flag([]string{"redis-cli", "ldap", "zip ", "ipmitool", "snmp", "mc alias", "mc config", "xfreerdp", "7z "},
		`\b(?:redis-cli`+upTo+`-a|ldap`+upTo+`-w|(?:un)?zip`+upTo+`-P|ipmitool`+upTo+`-P|snmp`+upTo+`-[AXc]|`+
			`mc (?:alias set|config host add)\s+\S+\s+\S+\s+\S+|xfreerdp`+upTo+`/p:|7z`+upTo+`-p)`+word, harmless),
	flag([]string{"htpasswd"}, `\bhtpasswd`+upTo+`-\w*b\w*\s+\S+\s+\S+`+word, harmless),
	flag([]string{"pass:", "passin", "passout"}, `\b(?:pass|passin|passout):([^\s"'|;&]+)`, harmless),
	flag([]string{"-u ", "-u=", "-u'", `-u"`, "-user", "-creds", "--auth"},
		`(?:^|[\s"'])(?:-u|--(?:proxy-|http-)?user(?:name)?|--(?:src-|dest-)?creds|--auth)[ =]?\s*["']?`+
			`[^\s:"'=@/]+:([^\s"'|;&]+)`,
		func(v string) bool { return harmless(v) || digits(v) || strings.HasPrefix(v, "serviceaccount:") }),
	flag([]string{"-u ", "--user"}, `(?:^|[\s"'])(?:-U|--user)[ =]?\s*["']?[^\s:"'%]+%([^\s"'|;&]+)`, harmless),
	flag([]string{"--from-literal"}, `--from-literal[ =]["']?[\w.-]+=([^\s"'|;&]+)`, harmless),
	flag([]string{"-e ", "--env"}, `(?:^|[\s"'])(?:-e|--env)[ =]["']?[A-Za-z_]\w*=([^\s"'|;&]+)`, harmless),
	flag([]string{"echo "}, `echo\s+["']?([^\s"':|]+)["']?\s*\|\s*(?:\S+\s+)*?(?:--password-stdin|sudo -S|passwd)`,
		harmless),
	flag([]string{"chpasswd"}, `echo\s+["']?[^\s"':|]+:([^\s"'|]+)["']?\s*\|\s*(?:\S+\s+)*?chpasswd`, harmless),
	flag([]string{"login "}, `\blogin\s+\S+\s+password`+word, harmless), // of a .netrc
	flag([]string{"identified "}, `(?i)\bidentified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?\\?["']([^"'\\]+)`, harmless),
	flag([]string{"auth "}, `\bAUTH\s+\\?["']?([^\s"'|;&\\]+)`, notRandom), // of Redis
	flag([]string{"auth "}, `\bAUTH\s+\S+\s+\\?["']?([^\s"'|;&\\]+)`, notRandom),
	flag([]string{"snmp"}, `\bsnmp`+upTo+`-X`+word, harmless),
	flag([]string{"curl"}, `\bcurl`+upTo+`-[a-zA-Z]*u\s*["']?[^\s:"'=@/]+:([^\s"'|;&]+)`, harmless),
	flag([]string{"http "}, `\bhttps?\s(?:\S+\s)*?-a[ =]?["']?[^\s:"'=@/]+:([^\s"'|;&]+)`, harmless),
	flag([]string{"rabbitmqctl"}, `\brabbitmqctl`+upTo+`(?:add_user|change_password|authenticate_user)\s+\S+`+word,
		harmless),
	flag([]string{"rabbitmqadmin", "ncftp"}, `\b(?:rabbitmqadmin|ncftp)`+upTo+`-p[ =]?`+word, notPassword),
	flag([]string{"lftp"}, `\blftp`+upTo+`-u\s+["']?[^\s,"']+,([^\s"'|;&]+)`, harmless),
	flag([]string{"openssl"}, `\bopenssl`+upTo+`-[kK]`+word, harmless),
	flag([]string{"iscsiadm"}, `\biscsiadm\s[^|;&\n]*?auth\.password\S*\s+(?:-v|--value)[ =]`+word, harmless),
	flag([]string{"configure set"}, `\bconfigure set\s+\S*(?:secret|token|password)\S*`+word, harmless),
	flag([]string{"printf "}, `printf\s+(?:["']?%s(?:\\n)?["']?\s+)?["']?([^\s"'|%]+)["']?\s*\|\s*`+
		`(?:\S+\s+)*?(?:--password-stdin|sudo -S|passwd)`, harmless),
	flag([]string{"password", "passphrase"}, `(?i)\bpass(?:word|phrase)\b[^:\n"']{1,80}:\s+([^\s"']{8,64})`, notMadeUp),
	flag([]string{"password", "passwd", "passphrase"},
		"(?i)\\bpass(?:word|wd|phrase)\\s+\\\\?[\"'`]([^\"'`\\\\\\s]{3,64})\\\\?[\"'`]", notMadeUp),
	flag([]string{"sqlplus"}, `\bsqlplus\s(?:-\S+\s+)*[^\s/"']+/([^\s@"']+)@?`, harmless),
}

// flag is the shape of what a program is given, as group 1 of an expression.
func flag(words []string, expression string, keep func(string) bool) shape {
	re := lazy(expression)
	return shape{name: "a password of a command", words: words,
		take: func(s string) string { return group(re(), s, 1, keep) }}
}

// notMadeUp reports whether what is told of a password is the rest of a sentence, or the name of something.
func notMadeUp(v string) bool {
	v = strings.TrimRight(v, ".,:;!")
	return harmless(v) || !strings.ContainsAny(v, "0123456789") || digits(v) || strings.ToUpper(v) == v ||
		strings.ContainsAny(v, "/()[]{}") || aLabel().MatchString(v) || aHost().MatchString(v)
}

// digits reports whether a text is a number, or several with what stands between the numbers of ports and versions.
func digits(v string) bool { return strings.Trim(v, "0123456789:./-") == "" }

// notPassword reports whether what stands behind a flag -p is something else that has this flag: a port, a path, a
// project.
func notPassword(v string) bool {
	return harmless(v) || digits(v) || strings.ContainsAny(v, "/=")
}

var (
	// environmentList is a list of environment variables with their values: env=[A=b C=d], "Env":["A=b"].
	environmentList = lazy(`\b(?i:envs?|environment)\\*["']?\s*[:=]\s*\[([^\]]*)`)
	// variableValue is one that is written out as a struct: EnvVar{Name:A,Value:b,…}, KeyValue{Key:A,Value:b,},
	// {"name":"A","value":"b"}.
	variableValue = lazy(`(?:\b(?:Name|Key):\s*\\*"?|(?i:\\*["'](?:name|key)\\*["']:\s*\\*["']))[A-Za-z_]\w*` +
		`\\*["']?,?\s*\\*["']?(?i:value)\\*["']?:\s*\\*["']?([^,"'\\}]+)`)
)

// environments takes the values out of environments that kubelets and runtimes write out.
func environments(s string) string {
	var b strings.Builder
	from := 0
	for _, m := range environmentList().FindAllStringSubmatchIndex(s, -1) {
		list := s[m[2]:m[3]]
		clean := settings(list)
		if clean == list || m[2] < from {
			continue
		}
		b.WriteString(s[from:m[2]])
		b.WriteString(clean)
		from = m[3]
	}
	b.WriteString(s[from:])
	return group(variableValue(), b.String(), 1, func(v string) bool { return harmless(v) || strings.HasPrefix(v, "nil") })
}

// pair is one variable with its value in a list of them.
var pair = lazy(`([A-Za-z_][\w.-]*=)([^\s"',\]\\]+)`)

func settings(list string) string { return group(pair(), list, 2, harmless) }
