package causefile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// variant checks what stands under a variant's name.
func (d *decoder) variant(v diagnose.Variant, joins bool, known map[string]bool) {
	at := "variants." + v.Name
	switch {
	case !joins:
		d.fault(d.lines[at], "variant", "value", v.Name)
	case !label().MatchString(v.Name):
		d.fault(d.lines[at], "variant-id", "id", strconv.Quote(v.Name))
	case len(v.Variants) > 0:
		d.fault(d.lines[at+".variants"], "variant-in-variant", "at", at)
	case v.Title == diagnose.Words{} && v.When == diagnose.Words{}:
		d.fault(d.lines[at], "variant-heading", "at", at)
	}
	d.words(at+".when", v.When, known)
	d.text(at+".", v.Text, known)
}

// text checks a text, which stands below a path. Known are the arguments that it may name.
func (d *decoder) text(in string, t diagnose.Text, known map[string]bool) {
	d.words(in+"title", t.Title, known)
	d.words(in+"why", t.Why, known)
	for i, s := range t.Confirm {
		at := fmt.Sprintf("%sconfirm[%d]", in, i)
		d.step(at, s, known)
		for _, key := range []string{at + ".risk", at + ".because"} {
			if line, there := d.lines[key]; there {
				d.fault(line, "confirm-risk", "at", key)
			}
		}
	}
	for i, s := range t.Fix {
		at := fmt.Sprintf("%sfix[%d]", in, i)
		d.step(at, s, known)
		d.risk(at, s)
	}
}

func (d *decoder) step(at string, s diagnose.Step, known map[string]bool) {
	if s.Do == (diagnose.Words{}) {
		d.fault(d.lines[at], "missing", "at", at+".do")
	}
	d.words(at+".do", s.Do, known)
	d.words(at+".because", s.Because, known)
	if d.placeholders(at+".run", s.Run, known) {
		d.typed(at+".run", s.Run, known)
	}
	d.action(at, s, known)
}

// action checks an action of a step: there is one at most, its fields are those of a Pod's template, and what they are
// set to fits them.
func (d *decoder) action(at string, s diagnose.Step, known map[string]bool) {
	given := 0
	for _, there := range []bool{s.Run != "", s.Set != nil, s.Restart != "", s.Logs != "", s.Describe != ""} {
		if there {
			given++
		}
	}
	if given > 1 {
		d.fault(d.lines[at], "actions", "at", at)
	}
	for key, value := range map[string]string{"logs": s.Logs, "describe": s.Describe} {
		if value != "" {
			d.oneOf(at+"."+key, value, diagnose.Roles)
		}
	}
	if s.Restart != "" {
		d.oneOf(at+".restart", s.Restart, diagnose.Restarts)
	}
	for i, e := range s.Set {
		in := fmt.Sprintf("%s.set[%d]", at, i)
		if err := e.Check(); err != nil {
			d.fault(d.lines[in], "edit", "at", in, "error", err.Error())
			continue
		}
		for _, text := range []string{e.Field, e.Value, e.Hole, e.Remove} {
			if !d.placeholders(in, text, known) {
				return
			}
		}
	}
}

// slotFaults are the codes of what is said of a placeholder that stands where it must not.
var slotFaults = map[string]string{argument.InQuotes: "slot-quotes", argument.InHereDoc: "slot-heredoc",
	argument.AsProgram: "slot-program", argument.Joined: "slot-joined"}

// typed checks that each placeholder of a command can be filled in, and stands where a value is a word and no more.
func (d *decoder) typed(at, run string, known map[string]bool) {
	isText := func(name string) bool { return argument.Of(name) == argument.Text }
	for _, odd := range oddSlot().FindAllStringSubmatch(run, -1) {
		if name := strings.Trim(odd[1], "{}"); !groupName().MatchString(name) {
			d.fault(d.lines[at], "placeholder", "at", at, "arg", odd[1], "known", braced(slices.Sorted(maps.Keys(known))))
		}
	}
	slots := argument.Read(run).Slots
	for _, n := range names(run) {
		arg := "{" + n + "}"
		if isText(n) {
			typed := slices.DeleteFunc(slices.Sorted(maps.Keys(known)), isText)
			d.fault(d.lines[at], "free-text", "at", at, "arg", arg, "known", braced(typed))
			continue
		}
		fault, seen := "", 0
		for _, s := range slots {
			if s.Arg == n {
				fault, seen = cmp.Or(fault, s.Fault), seen+1
			}
		}
		if seen < strings.Count(run, arg) { // behind a backslash, or in a comment
			fault = cmp.Or(fault, argument.Joined)
		}
		if fault != "" {
			d.fault(d.lines[at], slotFaults[fault],
				"at", at, "arg", arg)
		}
	}
}

// risk checks what a step of a fix says of its risk.
func (d *decoder) risk(at string, s diagnose.Step) {
	known := strings.Join(diagnose.Risks, ", ")
	line, there := d.lines[at+".risk"]
	switch real := riskOf(s.Run); {
	case !there && (s.Set != nil || s.Restart+s.Logs+s.Describe != ""): // what makes the Pod decides it
	case !there:
		d.fault(d.lines[at], "missing-of", "at", at+".risk", "known", known)
	case rank(s.Risk) < 0:
		d.fault(line, "none-of", "at", at+".risk", "value", strconv.Quote(s.Risk), "known", known)
	case real != "" && s.Risk != real && s.Because == (diagnose.Words{}):
		d.fault(line, "risk", "at", at+".risk", "value", s.Risk, "risk", real)
	}
}

// words checks one text in its languages: all are there, and they name the same arguments.
func (d *decoder) words(at string, w diagnose.Words, known map[string]bool) {
	switch {
	case w == diagnose.Words{}:
		if _, there := d.lines[at]; there {
			d.fault(d.lines[at], "missing", "at", at)
		}
	case w.EN == "":
		d.fault(d.lines[at], "language", "at", at, "lang", "en")
	case w.ZH == "":
		d.fault(d.lines[at], "language", "at", at, "lang", "zh")
	case d.placeholders(at+".en", w.EN, known) && d.placeholders(at+".zh", w.ZH, known):
		en, zh := names(w.EN), names(w.ZH)
		if one := slices.Concat(without(en, zh), without(zh, en)); len(one) > 0 {
			d.fault(d.lines[at], "languages-differ", "at", at, "args", braced(one))
		}
	}
}

// placeholders checks what a text leaves to be filled in, and reports whether that can be done.
func (d *decoder) placeholders(at, text string, known map[string]bool) bool {
	if outer := brackets().ReplaceAllString(text, ""); strings.Contains(outer, "[[") || strings.Contains(outer, "]]") {
		d.fault(d.lines[at], "brackets", "at", at)
		return false
	}
	for _, n := range names(text) {
		if !known[n] {
			d.fault(d.lines[at], "placeholder", "at", at, "arg", "{"+n+"}",
				"known", braced(slices.Sorted(maps.Keys(known))))
			return false
		}
	}
	return true
}

// oddSlot is what looks like a placeholder, and is none of a program's own: %{http_code}.
var oddSlot = match.Lazy(`(?:^|[^%])(\{[A-Za-z][A-Za-z0-9_-]*\})`)

var brackets = match.Lazy(`\[\[[^\[\]]*\]\]`)

// names are those of the placeholders in a text, each once.
func names(text string) []string {
	out := diagnose.Placeholders(text)
	slices.Sort(out)
	return slices.Compact(out)
}

func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(others, n) })
}

func braced(names []string) string { return "{" + strings.Join(names, "}, {") + "}" }
