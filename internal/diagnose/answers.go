package diagnose

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/remedy"
)

// Answered is [Report.Text] with what a person has chosen for what only they know, by its name in a command: IMAGE.
// Whoever calls it has seen that each value is one that its command may hold: see [Answer].
func (r *Report) Answered(f *Finding, answers map[string]string) Text {
	of := *f
	of.answers = answers
	of.known, of.Args = maps.Clone(f.known), maps.Clone(f.Args)
	for _, made := range composed {
		for _, args := range []map[string]string{of.known, of.Args} {
			for _, name := range made.holes {
				if v := answers[name]; v != "" && args[made.arg] != "" {
					args[made.arg] = strings.ReplaceAll(args[made.arg], `"`+name+`"`, JSON(v))
				}
			}
		}
	}
	return r.Texts[f.Cause].fill(&of)
}

// Maker is what has to be changed to change the Pod of a finding: what makes it, or the Pod itself where it is alone.
func (f *Finding) Maker() cluster.Ref {
	switch {
	case f.target != nil:
		return f.target.Owner
	case f.workload.Name != "":
		return f.workload
	}
	return f.Subject()
}

// answerTypes are the types of what a person fills in, by its name in a command; that of others is the argument's of
// the same name.
var answerTypes = map[string]*argument.Type{"MEMORY": argument.Quantity, "CPU": argument.Quantity,
	"AMOUNT": argument.Quantity, "SIZE": argument.Quantity, "REQUEST": argument.Quantity, "LIMIT": argument.Quantity,
	"COUNT": argument.Number, "UID": argument.Number, "FEWER": argument.Number, "NAME": argument.Name,
	"REGISTRY/NAME:TAG": argument.Image, "DIRECTORY": argument.Path}

// lists are the names in commands that stand for what a program is started with: words with a blank between, of which
// edits make a list. No shell reads them, and one may be a flag of that program.
var lists = []string{"ARGUMENTS", "COMMAND"}

// TakesWords reports whether a name in a command stands for a list of words.
func TakesWords(name string) bool { return slices.Contains(lists, name) }

// Answer reports whether a value may be filled in for a name in a command. One whose name says nothing of its type is
// of letters, digits and . _ / : @ + = , - as all words of commands are, and does not begin with a dash.
func Answer(name, value string) bool {
	if TakesWords(name) {
		return len(value) <= 512 && wordList().MatchString(value)
	}
	t := answerTypes[name]
	if t == nil {
		t = argument.Of(strings.ToLower(name))
	}
	if t == argument.Text || t == argument.Patch {
		return len(value) <= 512 && anyWord().MatchString(value)
	}
	return t.Holds(value)
}

// Meaning is what kind of value a name in a command stands for; "" where it says nothing of that, and for a list of
// words.
func Meaning(name string) string {
	if TakesWords(name) {
		return ""
	}
	t := answerTypes[name]
	if t == nil {
		t = argument.Of(strings.ToLower(name))
	}
	if t == argument.Text || t == argument.Patch {
		return ""
	}
	return t.Name
}

var (
	wordList = match.Lazy(`^[A-Za-z0-9._/:@%+=,-]+(?: [A-Za-z0-9._/:@%+=,-]+)*$`)
	anyWord  = match.Lazy(`^[A-Za-z0-9._/:@+=,][A-Za-z0-9._/:@+=,-]*$`)
	holes    = match.Lazy(`\b[A-Z][A-Z0-9]+(?:[_/:][A-Z0-9]+)*\b`)
)

// notHoles are words in capitals of commands that nobody fills in.
var notHoles = []string{"EDITOR"}

// fillHole puts what a person chose in place of the hole of an edit: in its path where that has it, else as its value.
func (f *Finding) fillHole(e remedy.Edit) remedy.Edit {
	v := f.answers[e.Hole]
	if e.Hole == "" || v == "" || strings.ContainsAny(v, "[]") {
		return e
	}
	key := "[" + e.Hole + "]"
	if !strings.Contains(e.Field+e.Remove, key) {
		e.Hole, e.Value = "", v
		if strings.Contains(v, " ") {
			e.Field = strings.TrimSuffix(e.Field, "[0]") // a program with its own arguments: they are all
		}
		return e
	}
	e.Field, e.Remove = strings.ReplaceAll(e.Field, key, "["+v+"]"), strings.ReplaceAll(e.Remove, key, "["+v+"]")
	if e.Value+e.Remove != "" {
		e.Hole = ""
	}
	return e
}

// composed are the arguments that are JSON which was composed for a command: of an object that is to be made, the
// argument that it is called by, and what only a person knows, by its name in the JSON.
var composed = []struct {
	arg, called string
	holes       []string
}{{"keypatch", "", []string{"VALUE", "KEY"}}, {"newclaim", "claim", []string{"SIZE"}},
	{"newpv", "newvolume", []string{"PATH", "HOSTNAME"}}}

// answered fills in what a person chose where a command of the catalogue has a name in capitals for it, and returns the
// names that are left. It looks at the command as it is written there, before anything of the cluster is in it.
func (f *Finding) answered(run string) (filled string, left []string) {
	filled = holes().ReplaceAllStringFunc(run, func(name string) string {
		switch v := f.answers[name]; {
		case len(name) < 3 || slices.Contains(notHoles, name):
		case v != "" && !strings.Contains(v, " "): // words that are a list stand in edits alone
			return v
		case !slices.Contains(left, name):
			left = append(left, name)
		}
		return name
	})
	for _, made := range composed {
		for _, name := range made.holes {
			if strings.Contains(run, "{"+made.arg+"}") &&
				strings.Contains(cmp.Or(f.Args[made.arg], f.known[made.arg]), `"`+name+`"`) {
				left = append(left, name)
			}
		}
	}
	return filled, left
}
