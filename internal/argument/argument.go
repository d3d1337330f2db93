// Package argument declares of what type each argument of a finding is, and so what a command may hold.
//
// Names, images, owners and messages are free text for whoever may create a Pod or an Event, and whoever pastes a
// command is an administrator. So a command is filled only with a value of its argument's type. No such value begins
// with a dash, and it is made of letters, digits and . _ / : @ + = , - alone: a word like that means itself, without
// quotes, in every POSIX shell, in fish, PowerShell and cmd, and no program reads it as a flag. Patches, which are
// composed here of values and read nowhere, stand in single quotes and hold none, nor a backslash.
package argument

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"strings"
	"sync"

	"github.com/kubestuck/stuck/internal/match"
)

// A Type is what the values of an argument have in common.
type Type struct {
	Name    string // as the documentation calls it
	Meaning string // what a value of it is, and with it what a command may hold
	holds   func(value string) bool
	word    func(value string) string // nil where the value is the word
}

// longest is how long a value may be that fills a command. A reference to an image is the longest that there is.
const longest = 512

// longestPatch is how long a patch may be.
const longestPatch = 8192

// whole is a test for values that an expression matches from end to end.
func whole(expression string) func(string) bool {
	re := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:` + expression + `)$`) })
	return func(value string) bool { return len(value) <= longest && re().MatchString(value) }
}

const (
	label     = `[a-z0-9](?:[a-z0-9-]*[a-z0-9])?`
	name      = label + `(?:\.` + label + `)*`
	host      = `[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]{1,5})?`
	value     = `[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?`
	qualified = `(?:` + name + `/)?` + value
	pair      = qualified + `(?:=(?:` + value + `)?)?(?::(?:NoSchedule|PreferNoSchedule|NoExecute))?`
	component = `[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`
	tag       = `(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?`
	digest    = `(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,})?`
)

// The types.
var (
	Text = &Type{Name: "free text", Meaning: "whatever somebody wrote; it is shown, and fills no command",
		holds: func(string) bool { return false }}
	Label = &Type{Name: "DNS label", Meaning: "the name of a namespace, a container, a Service: small letters, digits, -",
		holds: whole(label)}
	Name = &Type{Name: "DNS name", Meaning: "the name of most objects: DNS labels with dots between them",
		holds: whole(name)}
	Names = &Type{Name: "DNS names", Meaning: "several of them, with a comma and a space between; in a command, words",
		holds: areNames, word: func(v string) string { return strings.ReplaceAll(v, ", ", " ") }}
	Object = &Type{Name: "object", Meaning: "what kubectl takes: deployment/web, a kind and a DNS name",
		holds: whole(`[a-z][a-z0-9]*(?:\.` + label + `)*/` + name)}
	Image = &Type{Name: "image", Meaning: "a reference to an image, as registries have them",
		holds: whole(`(?:` + host + `/)?` + component + `(?:/` + component + `)*` + tag + digest)}
	Path = &Type{Name: "path", Meaning: "an absolute path, without `..`", holds: isPath}
	File = &Type{Name: "file name", Meaning: "a single part of a path; also the name of a program or a package",
		holds: whole(`[A-Za-z0-9_][A-Za-z0-9._+@:-]*`)}
	ID = &Type{Name: "hex id", Meaning: "the id of a container or a sandbox: hexadecimal digits",
		holds: whole(`[0-9a-f]{8,64}`)}
	IP     = &Type{Name: "IP", Meaning: "an address, of IPv4 or IPv6", holds: isIP}
	Number = &Type{Name: "number", Meaning: "a whole number, not below zero",
		holds: whole(`[0-9]{1,19}`)}
	Quantity = &Type{Name: "quantity", Meaning: "an amount as Kubernetes writes it: 100m, 1.5Gi",
		holds: whole(`[0-9]{1,19}(?:\.[0-9]{1,19})?(?:[numkMGTPE]i?|[eE][0-9]{1,2})?`)}
	Field = &Type{Name: "field", Meaning: "the path of a field of a Pod, with numbers for the elements of lists",
		holds: whole(`spec(?:\.[A-Za-z]+(?:\[[0-9]{1,4}\])?)+`)}
	Key = &Type{Name: "key", Meaning: "a key of a ConfigMap or Secret, a variable, a sysctl",
		holds: whole(`[A-Za-z0-9_.][A-Za-z0-9._-]*`)}
	Host = &Type{Name: "host", Meaning: "a host's name or IPv4 address, and a port where there is one",
		holds: whole(host)}
	Qualified = &Type{Name: "qualified name", Meaning: "a label's or a taint's key, a resource: kubernetes.io/arch, cpu",
		holds: whole(qualified)}
	Pairs = &Type{Name: "pairs", Meaning: "labels, a taint, amounts: app=web,tier=db, gpu=true:NoSchedule, cpu=100m",
		holds: whole(pair + `(?:,` + pair + `)*`)}
	Kinds = &Type{Name: "API words", Meaning: "a verb, a kind or a resource of the API: get,list, pods, deployments.apps",
		holds: whole(`[A-Za-z][A-Za-z0-9]*(?:[./,-][a-z0-9]+)*`)}
	User = &Type{Name: "user", Meaning: "a user's or an account's name: system:serviceaccount:shop:web",
		holds: whole(`[A-Za-z0-9](?:[A-Za-z0-9:@._-]*[A-Za-z0-9])?`)}
	Flag = &Type{Name: "flag", Meaning: "--previous, or nothing",
		holds: func(v string) bool { return v == "--previous" }}
	Patch = &Type{Name: "patch", Meaning: "JSON that was composed here of values as plain as all others; quoted",
		holds: isPatch, word: func(v string) string { return "'" + v + "'" }}
)

// Types are all types, the plainest first.
var Types = []*Type{Label, Name, Names, Object, Image, Path, File, ID, IP, Number, Quantity, Field, Key, Host,
	Qualified, Pairs, Kinds, User, Flag, Patch, Text}

// Holds reports whether a value is of the type, and so may fill a command. No value is of the type [Text].
func (t *Type) Holds(value string) bool { return t.holds(value) }

// Of is the type of an argument: [Text] where it is not declared.
func Of(arg string) *Type {
	if t, ok := declared()[arg]; ok {
		return t
	}
	return Text
}

// Word is what a command has in place of an argument; not ok where the value is none that a command may hold.
func Word(arg, value string) (word string, ok bool) {
	t := Of(arg)
	if !t.holds(value) {
		return "", false
	}
	if t.word != nil {
		return t.word(value), true
	}
	return value, true
}

// Placeholder is what a command has where an argument has to be filled in by hand: its name in capitals.
func Placeholder(arg string) string { return strings.ToUpper(arg) }

func areNames(list string) bool {
	for _, n := range strings.Split(list, ", ") {
		if !Name.holds(n) {
			return false
		}
	}
	return true
}

var isPathForm = whole(`/|(?:/[A-Za-z0-9._@+=:,-]+)+`)

func isPath(v string) bool { return isPathForm(v) && !strings.Contains(v+"/", "/../") }

func isIP(v string) bool {
	a, err := netip.ParseAddr(v)
	return err == nil && a.Zone() == "" && v[0] != ':'
}

// patchForm keeps out what ends single quotes, what cmd expands between double ones, and backslashes. The directives of
// strategic patches are the only words with a $.
var patchForm = match.Lazy(`^[{\[](?:[A-Za-z0-9._/:@+=,~*(){}\[\]" -]|"\$(?:patch|retainKeys)")*[}\]]$`)

func isPatch(v string) bool {
	return len(v) <= longestPatch && patchForm().MatchString(v) && json.Valid([]byte(v))
}
