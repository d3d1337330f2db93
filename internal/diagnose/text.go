package diagnose

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/cluster"
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
	{"cited", "", "the fields of the Pod that the finding has for evidence: in an edit, it is made once for each"},
	{"nearest", "", "the name of what is there and may be meant by that of the thing to blame, which is not"},
	{"nearimage", "", "the one image on the nodes that differs from the one to blame by nothing but its tag"},
	{"have", "", "up to five names of such things, where none is near"},
	{"keypatch", "", "the patch that puts the key {key} into the ConfigMap or Secret to blame; VALUE is to be filled in"},
	{"account", "", "the ServiceAccount of the Pod"},
	{"loginserver", "", "what a pull secret names as the registry"},
	{"twice", "", "the double of the container's memory limit, at least 128Mi"},
	{"group", "", "the group that the container runs as"},
	{"mounted", "", "the volume that the container mounts at {path}"},
	{"folderpath", "", "{path}, where that is not below /dev"},
	{"devpath", "", "{path}, where that is a device"},
	{"mountpath", "", "where it mounts {volume} with a subPath"},
	{"propagated", "", "where it mounts something with mountPropagation"},
	{"sysctlfield", "", "the field of the Pod that sets {sysctl}"},
	{"creates", "", "the hostPath type that makes what is {wanted}"},
	{"valid", "", "the image's name as it would be valid, where it is a matter of spelling"},
	{"host", pod.StageImage, "who answered badly or not at all: the registry, a mirror, a token server"},
	{"mirrored", pod.StageImage, "the registry that this host is a mirror of"},
}

var (
	placeholder = match.Lazy(`\{[a-z][a-z0-9]*\}`)
	optional    = match.Lazy(`\[\[(.*?)\]\]`)
)

// Expand fills the {name} placeholders of a text that a person reads. What is not known is shown as NAME, and a part in
// [[double brackets]] goes where something in it is not known.
func Expand(text string, args map[string]string) string {
	return expand(text, args, func(name string) string { return args[name] })
}

// Command fills the placeholders of a command in the same way, with values of their arguments' types alone; see
// [argument.Word]. Without are arguments that it must not hold. Left are those that are known and stay NAME all the
// same.
func Command(run string, args map[string]string, without map[string]bool) (command string, left []string) {
	command = expand(run, args, func(name string) string {
		word, ok := argument.Word(name, args[name])
		if !ok || without[name] {
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
	text = withoutUnknown(text, known)
	return placeholder().ReplaceAllStringFunc(text, func(p string) string {
		name := p[1 : len(p)-1]
		if !known(p) {
			return argument.Placeholder(name)
		}
		return of(name)
	})
}

// withoutUnknown takes out of a text the parts in [[double brackets]] in which something is not known, and the brackets
// of the others. Where a part with a space at its end goes from between a Latin and a Chinese letter, a space is left.
func withoutUnknown(text string, known func(string) bool) string {
	var b strings.Builder
	last := 0
	for _, at := range optional().FindAllStringIndex(text, -1) {
		b.WriteString(text[last:at[0]])
		part := text[at[0]+2 : at[1]-2]
		last = at[1]
		if !slices.ContainsFunc(placeholder().FindAllString(part, -1), func(p string) bool { return !known(p) }) {
			b.WriteString(part)
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(b.String())
		after, _ := utf8.DecodeRuneInString(text[at[1]:])
		if latin(before) && unicode.Is(unicode.Han, after) || unicode.Is(unicode.Han, before) && latin(after) {
			b.WriteByte(' ')
		}
	}
	b.WriteString(text[last:])
	return b.String()
}

func latin(r rune) bool { return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// ended is a text of a step as a sentence.
func (w Words) ended() Words {
	end := func(text, point string) string {
		if r, _ := utf8.DecodeLastRuneInString(text); text == "" || strings.ContainsRune(".。？！?!:：…", r) {
			return text
		}
		return text + point
	}
	return Words{EN: end(w.EN, "."), ZH: end(w.ZH, "。")}
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
	args := f.allArgs()
	words := func(w Words) Words {
		return Words{EN: Expand(w.EN, args), ZH: Expand(w.ZH, args)}.ofNode(args["node"])
	}
	fill := func(s *Step) Step { // without a text where it is none for this finding
		do, because := words(s.Do).ended(), words(s.Because)
		switch {
		case do == (Words{}): // it stands in double brackets whole, and not all in it is known
			return Step{}
		case s.acts():
			return f.fillAction(s, do, because)
		}
		run, holes := f.answered(byOwner(s.Run, f))
		made := f.filled(Step{Do: do, Run: run, Risk: s.Risk, Because: because, Holes: holes})
		run, notes, ok := f.system.Adapt(made.Run)
		if !ok {
			return Step{}
		}
		made.Run, made.Notes = run, notes
		return made
	}
	differs := asTemplate(f)
	if differs != nil {
		t.Fix = slices.DeleteFunc(slices.Clone(t.Fix), changesWorkload)
	}
	fix := append(differs, f.doable(t.Fix, fill)...)
	if back, ok := goingBack(f); ok {
		fix = slices.Insert(fix, 0, back)
	}
	if len(fix) > 0 {
		fix[0].Do = fix[0].Do.first()
	}
	prose := func(w Words) Words { return words(w.described(args)) }
	return Text{Title: prose(t.Title), Why: prose(t.Why), Confirm: f.doable(t.Confirm, fill), Fix: fix}
}

// needed are the arguments without which a command is about nothing. Nobody can be asked to fill them in: who reads it
// does not know them either.
var needed = []string{"node", "pod", "namespace", "workload", "container", "claim", "pv", "driver"}

// logNode is the node whose log was read, where a text would name it and the log does not.
var logNode = match.Lazy(`(?i)(?:node |节点 )?\(unknown\)`)

// ofNode is a text that says which node is meant where its name is not known.
func (w Words) ofNode(node string) Words {
	if node != cluster.UnnamedNode || !strings.Contains(w.EN, node) {
		return w
	}
	return Words{EN: capital(logNode().ReplaceAllString(w.EN, "the node of this log")),
		ZH: logNode().ReplaceAllString(w.ZH, "日志所属的节点")}
}

// first is a text of a step as it reads where no step stands before it: it is no alternative.
func (w Words) first() Words {
	if en, ok := strings.CutPrefix(w.EN, "Or"); ok {
		w.EN = capital(strings.TrimLeft(en, ", "))
	}
	w.ZH = strings.TrimLeft(strings.TrimPrefix(w.ZH, "或者"), "， ")
	return w
}

// capital is a sentence with a capital letter at its start.
func capital(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}

// doable are the steps that can be done for a finding, each once. One whose command is about something that is not
// known is left out, unless nothing is left then: its words may help.
func (f *Finding) doable(steps []Step, fill func(*Step) Step) []Step {
	var out, spare []Step
	var said []string
	var noName []message.Message
	args := f.allArgs()
	for i := range steps {
		if name := cannotBeMade(&steps[i], args); name != "" {
			noName = []message.Message{message.Of("fix.no-name", "name", shorten(name))}
			continue
		}
		step := steps[i]
		if args["container"] == "" { // then kubectl takes the only one
			step.Run = strings.ReplaceAll(step.Run, " -c {container}", "")
		}
		made := fill(&step)
		if made.Do != (Words{}) {
			made.Notes, noName = append(noName, made.Notes...), nil
		}
		same := func(o Step) bool { return made.Run != "" && o.Run == made.Run }
		missing := func(name string) bool {
			return slices.Contains(needed, name) && (args[name] == "" || args[name] == cluster.UnnamedNode)
		}
		switch bare := optional().ReplaceAllString(step.Run, ""); {
		case made.Do == (Words{}), slices.ContainsFunc(out, same):
		case slices.ContainsFunc(Placeholders(bare), missing), steps[i].acts() && made.Run == "":
			made.Run = ""
			spare = append(spare, made)
		default:
			made.note(&said)
			out = append(out, made)
		}
	}
	if len(out)+len(spare) == 0 && noName != nil { // nothing is said of what to do instead
		only := Step{Notes: noName}
		only.note(&said)
		return []Step{only}
	}
	if len(out) == 0 {
		return spare
	}
	return out
}

// cannotBeMade is the name of what a step makes, where nothing can have that name; "" where it can.
func cannotBeMade(s *Step, args map[string]string) string {
	called := ""
	if m := creates().FindStringSubmatch(s.Run); m != nil {
		called = m[1]
	}
	for _, made := range composed {
		if made.called != "" && strings.Contains(s.Run, "{"+made.arg+"}") {
			called = made.called
		}
	}
	if called == "" || argument.Of(called).Holds(args[called]) {
		return ""
	}
	return args[called]
}

// creates is a command that makes an object of a name.
var creates = match.Lazy(`kubectl(?: -n \{namespace\})? create (?:secret \S+|\w+) \{(\w+)\}`)

// filled is a step whose command is filled: one that changes something with nothing that only hearsay has.
func (f *Finding) filled(s Step) Step {
	var without map[string]bool
	if s.Risk != "" && s.Risk != Risks[0] || argument.Changes(s.Run) {
		without = f.unattested
	}
	args := f.commandArgs()
	if len(f.answers) > 0 {
		args, without = maps.Clone(args), maps.Clone(without)
		for _, name := range Placeholders(s.Run) {
			v := f.answers[argument.Placeholder(name)]
			if v != "" && (without[name] || !argument.Of(name).Holds(args[name])) {
				args[name] = v // a person has filled it in by hand
				delete(without, name)
			}
		}
	}
	run, left := Command(s.Run, args, without)
	s.Run = run
	for _, name := range left {
		s.Holes = append(s.Holes, argument.Placeholder(name))
	}
	s.sayLeft(left, args)
	return s
}

// sayLeft says of each argument that stays to be filled in by hand although it is known, what the cluster has in its
// place, and why it is not in the command.
func (s *Step) sayLeft(left []string, args map[string]string) {
	for _, code := range []string{"fix.by-hand", "fix.by-hand.hearsay", "fix.by-hand.patch"} {
		var en, zh []string
		for _, name := range left {
			if byHand(name, args[name]) != code {
				continue
			}
			m := message.Of("fix.by-hand.value", "arg", argument.Placeholder(name), "value", shorten(args[name]))
			en, zh = append(en, m.In("en")), append(zh, m.In("zh"))
		}
		if len(en) > 0 {
			s.Do.EN += " " + message.Of(code, "list", strings.Join(en, ", ")).In("en")
			s.Do.ZH += message.Of(code, "list", strings.Join(zh, "、")).In("zh")
		}
	}
}

// byHand is the code of what is said of a value that stays to be filled in by hand: why.
func byHand(arg, value string) string {
	_, fits := argument.Word(arg, value)
	switch {
	case fits:
		return "fix.by-hand.hearsay"
	case argument.Of(arg) == argument.Patch:
		return "fix.by-hand.patch"
	}
	return "fix.by-hand"
}

// shorten leaves so much of a value as is shown where no command is filled with it.
func shorten(value string) string {
	const longest = 200
	if r := []rune(value); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return value
}
