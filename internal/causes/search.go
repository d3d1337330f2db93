package causes

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// An Example is what the cases of a cause show of it. It is generated from them.
type Example struct {
	ID       string
	Status   []Word   // of its Pods
	Reasons  []Word   // of its Events
	Messages []string // some that give it away
}

// A Word is one that kubectl shows, and how often it does in the cases of a cause.
type Word struct {
	Text string
	N    int
}

// How well a cause fits a text.
const (
	byWords   = 1 + iota // what is said of it has all the words
	byExample            // a message of its cases has the text
	byHint               // a message like this fits it, and others
	byStatus             // kubectl shows the word
	bySign               // a message like this gives it away
)

// Search finds the causes that fit a text, the best first: a message of Kubernetes, a word that kubectl shows, or words
// of either.
func Search(all []*diagnose.Cause, text string) []*diagnose.Cause {
	type fit struct {
		cause     *diagnose.Cause
		points, n int
	}
	general := map[string]int{} // how many causes bring one about
	for _, c := range all {
		for _, id := range c.Explains {
			general[id]++
		}
	}
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return nil
	}
	var fits []fit
	for _, c := range all {
		f := fit{cause: c}
		add := func(points, n int) {
			if points > f.points || points == f.points && n > f.n {
				f.points, f.n = points, n
			}
		}
		e := ExampleOf(c.ID)
		shown := 0
		for _, w := range slices.Concat(e.Status, e.Reasons) {
			if strings.EqualFold(w.Text, text) || isPull(w.Text) && isPull(text) {
				shown += w.N
				add(byStatus, shown)
			}
		}
		alike := 0
		for _, m := range e.Messages {
			if strings.Contains(strings.ToLower(m), strings.ToLower(text)) {
				alike++
				add(byExample, alike)
			}
		}
		switch {
		case says(c, c.Signs, text):
			add(bySign, alike)
		case says(c, c.Hints, text):
			add(byHint, alike)
		}
		if hasWords(c, e, text) {
			add(byWords, 0)
		}
		if f.points > 0 {
			fits = append(fits, f)
		}
	}
	slices.SortStableFunc(fits, func(a, b fit) int {
		if a.points == byStatus && b.points == byStatus { // the nearest to the word is what others bring about
			return cmp.Or(min(general[b.cause.ID], 1)-min(general[a.cause.ID], 1), b.n-a.n)
		}
		return cmp.Or(b.points-a.points, last(a.cause)-last(b.cause), b.n-a.n)
	})
	var out []*diagnose.Cause
	for _, f := range fits {
		if f.points > byWords || fits[0].points == byWords {
			out = append(out, f.cause)
		}
	}
	return out
}

// isPull reports whether a word is one of the two that a Pod changes between whose image does not come.
func isPull(word string) bool {
	return strings.EqualFold(word, "ErrImagePull") || strings.EqualFold(word, "ImagePullBackOff")
}

// last puts catch-alls, and what passes by itself, behind the others that fit as well.
func last(c *diagnose.Cause) int {
	if c.Fallback || c.SelfHealing {
		return 1
	}
	return 0
}

// ExampleOf is what the cases of a built-in cause show of it.
func ExampleOf(id string) Example {
	i, ok := slices.BinarySearchFunc(examples, id, func(e Example, id string) int { return strings.Compare(e.ID, id) })
	if !ok {
		return Example{}
	}
	return examples[i]
}

// says reports whether one of some patterns of a cause matches a message, whoever says it; or its reason is the text,
// where it asks for no message. What a catch-all takes whatever it says, tells nothing of the text.
func says(c *diagnose.Cause, patterns []match.Pattern, text string) bool {
	var messages []*match.Pattern
	for _, p := range patterns {
		switch {
		case p.Kind == "rejected": // whatever a kubelet refuses a Pod with
		case p.Message != "":
			messages = append(messages, &match.Pattern{Message: p.Message})
		case !c.Fallback && slices.ContainsFunc(strings.Split(p.Reason, "|"),
			func(r string) bool { return strings.EqualFold(r, text) }):
			return true
		}
	}
	set, err := match.NewSet(messages)
	if err != nil {
		return false
	}
	const anything = "\x01\x01\x01\x01\x01\x01\x01\x01"
	always := set.Match("event", "", anything)
	return slices.ContainsFunc(set.Match("event", "", text), func(h match.Hit) bool {
		return !slices.ContainsFunc(always, func(o match.Hit) bool { return o.Pattern == h.Pattern })
	})
}

// hasWords reports whether what is said of a cause has all the words of a text.
func hasWords(c *diagnose.Cause, e Example, text string) bool {
	of := strings.ToLower(strings.Join(append([]string{c.ID, c.Title.EN, c.Title.ZH, c.Why.EN, c.Why.ZH}, e.Messages...),
		"\n"))
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if !strings.Contains(of, word) {
			return false
		}
	}
	return true
}
