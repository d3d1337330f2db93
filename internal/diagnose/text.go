package diagnose

import (
	"slices"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
)

// Variant is the text with what differs in a variant laid over it.
func (t Text) Variant(name string) Text {
	i := slices.IndexFunc(t.Variants, func(v Variant) bool { return v.Name == name })
	if i < 0 {
		return t
	}
	v := t.Variants[i].Text
	if v.Title != (Words{}) {
		t.Title = v.Title
	}
	if v.Why != (Words{}) {
		t.Why = v.Why
	}
	if v.Confirm != nil {
		t.Confirm = v.Confirm
	}
	if v.Fix != nil {
		t.Fix = v.Fix
	}
	return t
}

// An Argument is what a placeholder can stand for in every cause of a stage, or of all.
type Argument struct {
	Name    string
	Stage   pod.Stage // empty: all
	Meaning string
}

// Arguments are those that every finding may have, as far as they are known. Named groups of a cause's patterns come
// beside them.
var Arguments = []Argument{
	{"pod", "", "the Pod's name"},
	{"namespace", "", "its namespace"},
	{"workload", "", "what has to be edited to change the Pod, as kubectl takes it: deployment/web, or pod/web"},
	{"node", "", "its node"},
	{"container", "", "the container that the sign is about"},
	{"previous", "", "--previous, where the log that counts is that of the container's run before"},
	{"image", "", "the image of that container"},
	{"registry", "", "the registry of that image"},
	{"volume", "", "the volume that the sign is about, by its name in the Pod or that of its PersistentVolume"},
	{"claim", "", "its PersistentVolumeClaim"},
	{"pv", "", "its PersistentVolume"},
	{"class", "", "its StorageClass"},
	{"driver", "", "its CSI driver"},
	{"host", pod.StageImage, "who answered badly or not at all: the registry, a mirror, a token server"},
	{"mirrored", pod.StageImage, "the registry that this host is a mirror of"},
}

var (
	placeholder = match.Lazy(`\{[a-z]+\}`)
	optional    = match.Lazy(`\[\[(.*?)\]\]`)
)

// Expand fills the {name} placeholders of a text that a person reads. What is not known is shown as NAME, and a part in
// [[double brackets]] goes where something in it is not known.
func Expand(text string, args map[string]string) string {
	return expand(text, args, func(name string) string { return args[name] })
}

// Command fills the placeholders of a command in the same way, with values of their arguments' types alone; see
// [argument.Word]. Left are the arguments that are known and stay NAME, since no command may hold their values.
func Command(run string, args map[string]string) (command string, left []string) {
	command = expand(run, args, func(name string) string {
		word, ok := argument.Word(name, args[name])
		if !ok {
			if !slices.Contains(left, name) {
				left = append(left, name)
			}
			return argument.Placeholder(name)
		}
		return word
	})
	return command, left
}

// expand puts in place of each placeholder what is made of its argument, where that is known.
func expand(text string, args map[string]string, of func(name string) string) string {
	known := func(p string) bool { return args[p[1:len(p)-1]] != "" }
	text = optional().ReplaceAllStringFunc(text, func(part string) string {
		for _, p := range placeholder().FindAllString(part, -1) {
			if !known(p) {
				return ""
			}
		}
		return part[2 : len(part)-2]
	})
	return placeholder().ReplaceAllStringFunc(text, func(p string) string {
		name := p[1 : len(p)-1]
		if !known(p) {
			return argument.Placeholder(name)
		}
		return of(name)
	})
}

// Placeholders lists the {names} in a text.
func Placeholders(text string) []string {
	var names []string
	for _, p := range placeholder().FindAllString(text, -1) {
		names = append(names, p[1:len(p)-1])
	}
	return names
}

// fill is the text of a finding: its variant, with all placeholders filled in.
func (t Text) fill(f *Finding) Text {
	t = t.Variant(f.Variant)
	words := func(w Words) Words { return Words{EN: Expand(w.EN, f.Args), ZH: Expand(w.ZH, f.Args)} }
	steps := func(in []Step) []Step {
		out := make([]Step, 0, len(in))
		for _, s := range in {
			// One that stands in double brackets whole is there only where all in it is known.
			if do := words(s.Do); do != (Words{}) {
				out = append(out, f.filled(Step{do, byOwner(s.Run, f), s.Risk, words(s.Because)}))
			}
		}
		return out
	}
	differs := asTemplate(f)
	if differs != nil {
		t.Fix = slices.DeleteFunc(slices.Clone(t.Fix), changesWorkload)
	}
	fix := append(differs, steps(t.Fix)...)
	if back, ok := goingBack(f); ok {
		fix = slices.Insert(fix, 0, back)
	}
	return Text{Title: words(t.Title), Why: words(t.Why), Confirm: steps(t.Confirm), Fix: fix}
}

// longestShown is how much is shown of a value that no command is filled with.
const longestShown = 200

// filled is a step whose command is filled. What stays to be filled in by hand although it is known, is said.
func (f *Finding) filled(s Step) Step {
	run, left := Command(s.Run, f.Args)
	s.Run = run
	for _, name := range left {
		value := []rune(f.Args[name])
		if len(value) > longestShown {
			value = append(value[:longestShown], '…')
		}
		code := "fix.by-hand"
		if argument.Of(name) == argument.Patch {
			code = "fix.by-hand.patch"
		}
		m := message.Of(code, "arg", argument.Placeholder(name), "value", string(value))
		s.Do = Words{EN: s.Do.EN + " " + m.In("en"), ZH: s.Do.ZH + m.In("zh")}
	}
	return s
}
