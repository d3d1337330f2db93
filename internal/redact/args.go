package redact

import "strings"

// Args takes credentials out of the words of one command, in place: the lists follow one another. It returns how many
// words it changed.
func Args(lists ...[]string) int {
	n := 0
	program, before := "", ""
	for _, list := range lists {
		for i, word := range list {
			clean := argument(program, before, word)
			if clean != word {
				list[i] = clean
				n++
			}
			if program == "" && before == "" {
				program = word[strings.LastIndexByte(word, '/')+1:]
			}
			before = word
		}
	}
	return n
}

// argument is a word of a command without its credential; before is the one before it.
func argument(program, before, word string) string {
	if word == "" || word == Redacted {
		return word
	}
	if strings.HasPrefix(before, "-") && !strings.Contains(before, "=") {
		switch flag := strings.TrimLeft(before, "-"); {
		case harmless(word) || strings.HasPrefix(word, "-"):
		case shortPassword(program, before):
			if !notPassword(word) {
				return Redacted
			}
		case before == "-H" || before == "--header" || isURL(word):
		case before == "-e" || before == "--env":
			if name, value, ok := strings.Cut(word, "="); ok && !harmless(value) {
				return name + "=" + Redacted
			}
		case before == "-u" || before == "--user" || before == "--proxy-user" || before == "--creds":
			if user, password, ok := strings.Cut(word, ":"); ok && !harmless(password) && !digits(password) {
				return user + ":" + Redacted
			}
		case telling(flag) == ofAddress && strings.ContainsAny(word, "=@"):
		case telling(flag) != notTelling, flag == "key" && !strings.HasPrefix(word, "-"):
			return Redacted
		}
	}
	if v, ok := strings.CutPrefix(word, "-p"); ok && glued(program, v) {
		return "-p" + Redacted
	}
	if name, value, ok := strings.Cut(word, "="); ok && strings.HasPrefix(name, "-") && !harmless(value) {
		if t := telling(name); t > ofAddress && !isURL(value) || name == "--key" {
			return name + "=" + whole(value)
		}
	}
	return Text(word)
}

// whole is what is left of a value, all of which goes, in its quotes.
func whole(value string) string {
	for _, quote := range []string{`"`, `'`} {
		if len(value) > 1 && strings.HasPrefix(value, quote) && strings.HasSuffix(value, quote) {
			return quote + Redacted + quote
		}
	}
	return Redacted
}

// shortPassword reports whether a flag of one letter is followed by a password: that is -p for most programs, and
// another letter for some.
func shortPassword(program, flag string) bool {
	switch flag {
	case "-p":
		return true
	case "-a":
		return program == "redis-cli"
	case "-w":
		return strings.HasPrefix(program, "ldap")
	case "-P":
		return program == "zip" || program == "unzip" || program == "ipmitool" || program == "sqlcmd"
	case "-c", "-A", "-X":
		return strings.HasPrefix(program, "snmp")
	}
	return false
}

// glued reports whether what is glued to a flag -p is a password: -phunter2, and not -p8080, -parallel=4, -profile.
func glued(program, v string) bool {
	switch {
	case v == "" || v == Redacted || v == "=" || harmless(v) || digits(v) || strings.HasPrefix(v, "=") && digits(v[1:]):
		return false
	case strings.HasPrefix(program, "mysql"), strings.HasPrefix(program, "mariadb"), program == "sshpass":
		return true
	}
	name, _, _ := strings.Cut(v, "=")
	return name == v && strings.Trim(v, "abcdefghijklmnopqrstuvwxyz-_.") != "" && !camel(v)
}

// camel reports whether a word is a flag of Java's kind: -printDetails.
func camel(v string) bool {
	return strings.Trim(v, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && v[0] >= 'a'
}
