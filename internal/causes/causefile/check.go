package causefile

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

// SignKinds are the kinds of signs that a pattern may name. What a cause cites of objects, and that a Pod waits, nobody
// says.
var SignKinds = []string{cluster.SignEvent, cluster.SignWaiting, cluster.SignTerminated, cluster.SignRejected,
	cluster.SignCondition, cluster.SignAttachment, cluster.SignLog}

var (
	label     = match.Lazy(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	group     = match.Lazy(`\(\?P?<(\w+)>`)
	groupName = match.Lazy(`^[a-z][a-z0-9]*$`)
)

// check looks for what is wrong with a cause although its file has the right form.
func (d *decoder) check(c *diagnose.Cause, joins bool) {
	if !IsID(c.ID) {
		d.fault(0, "id", "id", strconv.Quote(c.ID))
	}
	d.oneOf("stage", string(c.Stage), stages())
	d.oneOf("blame", c.Blame, diagnose.BlameKinds())
	switch {
	case joins && c.Certainty != "":
		d.fault(d.lines["certainty"], "certainty-go")
	case c.Certainty != "":
		d.oneOf("certainty", c.Certainty, []string{diagnose.Proven, diagnose.Likely})
	}
	if !joins && len(c.Signs)+len(c.Hints) == 0 {
		d.fault(1, "no-signs")
	}
	known := d.patterns("signs", c.Signs)
	maps.Copy(known, d.patterns("hints", c.Hints))
	for _, a := range diagnose.Arguments {
		if a.Stage == "" || a.Stage == c.Stage {
			known[a.Name] = true
		}
	}
	d.args(c, joins, known)
	d.text("", c.Text, known)
	for _, key := range []string{"title", "why", "fix"} {
		if _, there := d.lines[key]; !there {
			d.fault(1, "missing", "at", key)
		}
	}
	for _, v := range c.Variants {
		d.variant(v, joins, known)
	}
}

// args checks the arguments that find.go sets, and notes them.
func (d *decoder) args(c *diagnose.Cause, joins bool, known map[string]bool) {
	if !joins && c.Args != nil {
		d.fault(d.lines["args"], "args-go")
		return
	}
	for i, a := range c.Args {
		if at := fmt.Sprintf("args[%d]", i); known[a] {
			d.fault(d.lines[at], "args-known", "at", at, "value", a)
		}
		known[a] = true
	}
}

// IsID reports whether a cause may have an id: it is the name of its folder, of its page, and a label of metrics.
func IsID(id string) bool { return label().MatchString(id) && len(id) <= 63 }

func stages() []string {
	var out []string
	for _, s := range pod.Stages {
		out = append(out, string(s))
	}
	return out
}

// oneOf checks a key that has to be there and to hold one of a few values.
func (d *decoder) oneOf(at, value string, known []string) {
	list := strings.Join(known, ", ")
	switch line, there := d.lines[at]; {
	case value == "" && !there:
		d.fault(1, "missing-of", "at", at, "known", list)
	case value != "" && !slices.Contains(known, value):
		d.fault(line, "none-of", "at", at, "value", strconv.Quote(value), "known", list)
	}
}

// patterns checks a list of patterns, and returns the names of their groups.
func (d *decoder) patterns(list string, patterns []match.Pattern) map[string]bool {
	groups := map[string]bool{}
	for i, p := range patterns {
		at := fmt.Sprintf("%s[%d]", list, i)
		if p.Empty() {
			d.fault(d.lines[at], "pattern", "at", at)
			continue
		}
		if p.Kind != "" {
			for _, kind := range strings.Split(p.Kind, "|") {
				d.oneOf(at+".kind", kind, SignKinds)
			}
		}
		for part, value := range map[string]string{"kind": p.Kind, "reason": p.Reason} {
			if value != "" && slices.Contains(strings.Split(value, "|"), "") {
				d.fault(d.lines[at+"."+part], "empty-part", "at", at+"."+part)
			}
		}
		if p.Message != "" {
			d.message(at+".message", p.Message, groups)
		}
	}
	return groups
}

// message checks a regular expression and notes the names of its groups.
func (d *decoder) message(at, message string, groups map[string]bool) {
	re, err := regexp.Compile(message)
	if bad := (*syntax.Error)(nil); errors.As(err, &bad) {
		before := max(strings.Index(message, bad.Expr), 0)
		d.fault(d.lines[at], "regexp", "at", at, "n", strconv.Itoa(utf8.RuneCountInString(message[:before])+1),
			"part", bad.Expr, "error", string(bad.Code))
		for _, m := range group().FindAllStringSubmatch(message, -1) {
			groups[m[1]] = true
		}
		return
	}
	if re.MatchString("") {
		d.fault(d.lines[at], "any-message", "at", at)
	}
	for _, name := range re.SubexpNames() {
		switch {
		case name == "":
		case groupName().MatchString(name):
			groups[name] = true
		default:
			d.fault(d.lines[at], "group", "at", at, "value", name)
		}
	}
}

// others checks what a cause says of other causes.
func (d *decoder) others(c *diagnose.Cause, own, builtin []*diagnose.Cause) {
	byID := map[string]*diagnose.Cause{}
	for _, o := range slices.Concat(own, builtin) {
		byID[o.ID] = o
	}
	if slices.ContainsFunc(builtin, func(b *diagnose.Cause) bool { return b.ID == c.ID }) {
		d.fault(0, "id-taken", "id", c.ID)
		return
	}
	for i, id := range c.Explains {
		at := fmt.Sprintf("explains[%d]", i)
		if byID[id] == nil {
			d.fault(d.lines[at], "explains", "at", at, "value", strconv.Quote(id))
		} else if way := wayTo(c.ID, id, byID, map[string]bool{}); way != nil {
			d.fault(d.lines[at], "circle", "path", strings.Join(append([]string{c.ID}, way...), " → "))
		}
	}
}

// wayTo is how one cause is explained by another, through those between them; nil where it is not.
func wayTo(to, from string, byID map[string]*diagnose.Cause, seen map[string]bool) []string {
	if from == to {
		return []string{to}
	}
	if seen[from] || byID[from] == nil {
		return nil
	}
	seen[from] = true
	for _, next := range byID[from].Explains {
		if way := wayTo(to, next, byID, seen); way != nil {
			return append([]string{from}, way...)
		}
	}
	return nil
}
