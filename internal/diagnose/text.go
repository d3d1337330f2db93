package diagnose

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
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

// lists are the arguments that are several names: in a command each is a word by itself.
var lists = map[string]bool{"nodes": true}

// flags are the arguments that are flags, which nobody but the engine writes.
var flags = map[string]bool{"previous": true}

var (
	placeholder = match.Lazy(`\{[a-z]+\}`)
	optional    = match.Lazy(`\[\[(.*?)\]\]`)
)

// Expand fills the {name} placeholders of a text. What is not known is shown as NAME,
// and a part in [[double brackets]] goes where something in it is not known.
// quote is applied to every argument: a shell's quoting in commands, nil elsewhere. A command is not filled with what
// begins with a dash: no quotes keep a program from reading it as a flag.
func Expand(text string, args map[string]string, quote func(string) string) string {
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
		switch name := p[1 : len(p)-1]; {
		case !known(p), quote != nil && strings.HasPrefix(args[name], "-") && !flags[name]:
			return strings.ToUpper(name)
		case quote != nil && lists[name]:
			words := strings.Split(args[name], ", ")
			for i, w := range words {
				words[i] = quote(w)
			}
			return strings.Join(words, " ")
		case quote != nil:
			return quote(args[name])
		default:
			return args[name]
		}
	})
}

// ShellQuote makes a word of a text for a POSIX shell, so that a command can be pasted whatever the cluster said.
func ShellQuote(s string) string {
	safe := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/:@%+=,", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !safe(r) }) < 0 {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
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
	words := func(w Words) Words { return Words{EN: Expand(w.EN, f.Args, nil), ZH: Expand(w.ZH, f.Args, nil)} }
	steps := func(in []Step) []Step {
		out := make([]Step, 0, len(in))
		for _, s := range in {
			// One that stands in double brackets whole is there only where all in it is known.
			if do := words(s.Do); do != (Words{}) {
				out = append(out, Step{do, Expand(byOwner(s.Run, f), f.Args, ShellQuote), s.Risk, words(s.Because)})
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
