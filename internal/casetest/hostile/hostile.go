// Package hostile has what an attacker would write into a cluster (tests only).
package hostile

// Values are what an attacker would choose for an argument: flags, other paths, and what one shell or another expands.
var Values = []string{"", " ", "-", "--", "--all", "-a", "--prune",
	"--server=https://evil.example.com", "--kubeconfig=/x",
	"--server=https:", "../x", "a/../../b", "/../etc", "/etc/../root", "/x/..",
	".dockerconfigjson=/root/.kube/config",
	"--from-file=/root/.kube/config", "a b", "a;id", "a&b", "a|b", "a>b", "a<b", "`id`", "$(id)",
	"$HOME", "${IFS}", "%PATH%", "%a%",
	"a'b", `a"b`, `a\b`, `\'; id; \'`, "a\nb", "a\rb", "a\tb", "a\x00b", "\x1b[31m", "a\u202eb", "‘a’",
	"“a”", "a\u00a0b", "~root",
	"=ls", "@args", "@{a=1}", "{a,b}", "a{b", "*", "?", "[a]", "!1", "^a", "#a", "a#b", "(id)", "a)b",
	"${a:-b}", "$'a'", "%self",
	"<(id)", "&&id", "||id", "\\\\evil\\share", "a`nb", "$env:PATH", "--%", "{}{}", "$(id)=b",
	"a=$(id)", "a=b c", "１", "é", "İ", "\u212a",
	`{"a":"it's"}`, `{"a":"\u0027"}`, `{"a":"$(id)"}`, `{"a":"%PATH%"}`, `{"a":"b"} --all`, "[1,2",
	`{"$(id)":1}`, `{"a":"!1"}`,
	`["$patch" -all]`}
