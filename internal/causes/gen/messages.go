package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/casefile"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/render"
	corev1 "k8s.io/api/core/v1"
)

// most is how many messages a page begins with.
const most = 5

// A said is a sign of a case that is evidence of a cause.
type said struct {
	cluster.Sign
	file   string // the case
	status string // of the Pod, as kubectl shows it
	rank   int    // of those that are chosen from, the lower the sooner
}

// shown reads what kubectl shows of causes: the signs that its cases say to be evidence of it. What other cases say
// of it is often the mere effect of something else.
func shown(dir string, causes []*diagnose.Cause) (map[string]render.Shown, map[string]example, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	if err != nil {
		return nil, nil, err
	}
	evidence := map[string][]said{}
	for _, file := range files {
		if err := readCase(file, evidence); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	patterns := map[string][]match.Pattern{}
	for _, c := range causes {
		patterns[c.ID] = slices.Concat(c.Signs, c.Hints)
	}
	out, examples := map[string]render.Shown{}, map[string]example{}
	for id, all := range evidence {
		out[id] = render.Shown{
			Status:   words(all, func(s said) string { return s.status }),
			Reasons:  words(all, reason),
			Messages: shortened(choose(all), patterns[id]),
		}
		examples[id] = exampleOf(all, out[id])
	}
	return out, examples, nil
}

// An example is what a cause is found by: the words that its cases show, with how many cases do, and messages.
type example struct {
	status, reasons map[string]int
	messages        []string
}

func exampleOf(all []said, s render.Shown) example {
	e := example{status: map[string]int{}, reasons: map[string]int{}}
	counted := map[string]bool{}
	count := func(words map[string]int, word, file string) {
		if key := file + " " + word; word != "" && !counted[key] {
			counted[key] = true
			words[word]++
		}
	}
	for _, a := range all {
		count(e.status, a.status, a.file)
		count(e.reasons, reason(a), a.file)
	}
	for _, q := range s.Messages {
		e.messages = append(e.messages, q.Message)
	}
	return e
}

// readCase adds what is evidence of the case's own cause.
func readCase(file string, evidence map[string][]said) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	c := casefile.Parse(file, data)
	s, err := c.Snapshot()
	if err != nil {
		return err
	}
	id, wanted := filepath.Base(filepath.Dir(file)), c.Wanted()
	for _, p := range cluster.Objects[corev1.Pod](s) {
		if !pod.Waiting(p, s.At) {
			continue
		}
		for _, sign := range diagnose.Signs(s, p) {
			if at := s.Locate(sign); slices.Contains(wanted, fmt.Sprintf("%s:%d %s", at.File, at.Line, id)) {
				evidence[id] = append(evidence[id], said{Sign: sign, file: file, status: countless(pod.Status(p))})
			}
		}
	}
	return nil
}

var initCount = regexp.MustCompile(`^Init:\d+/\d+$`)

// countless is a STATUS without the numbers in it.
func countless(status string) string { return initCount.ReplaceAllString(status, "Init:0/1") }

// reason is the reason of an Event.
func reason(s said) string {
	if s.Kind != cluster.SignEvent {
		return ""
	}
	return s.Reason
}

func words(all []said, word func(said) string) []string {
	set := map[string]bool{}
	for _, s := range all {
		if w := word(s); w != "" {
			set[w] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// choose takes a few messages that differ, of as many cases as there are, those that say what is wrong before those
// that only repeat that something is.
func choose(all []said) []render.Quote {
	before := map[string]int{} // how many there are of a case
	for i := range all {
		all[i].rank = before[all[i].file]
		before[all[i].file]++
		if all[i].Symptom {
			all[i].rank += len(all)
		}
	}
	slices.SortStableFunc(all, func(a, b said) int { return cmp.Compare(a.rank, b.rank) })
	var out []render.Quote
	seen := map[string]bool{"": true}
	for _, s := range all {
		if k := kind(s.Message); !seen[k] && len(out) < most {
			seen[k] = true
			out = append(out, render.Quote{Reason: s.Reason, Message: s.Message})
		}
	}
	return out
}

var vary = regexp.MustCompile(`"[^"]*"|'[^']*'|\S*[0-9/]\S*`)

// kind is what two messages have in common that differ only in names, numbers and paths.
func kind(message string) string {
	return strings.Join(strings.Fields(vary.ReplaceAllString(message, "")), " ")
}

// A message that is longer than long is shown by its beginning, and by what is around the words that give the cause
// away.
const long, begin, window = 380, 120, 240

func shortened(quotes []render.Quote, patterns []match.Pattern) []render.Quote {
	for i := range quotes {
		quotes[i].Message = shorten(strings.Join(strings.Fields(quotes[i].Message), " "), patterns)
	}
	return quotes
}

func shorten(text string, patterns []match.Pattern) string {
	if len(text) <= long {
		return text
	}
	from, to := len(text)-window, len(text)
	for _, p := range patterns {
		re, err := regexp.Compile("(?i)" + p.Message)
		if err != nil || p.Message == "" {
			continue
		}
		if at := re.FindStringIndex(text); at != nil {
			middle := at[0] + min(at[1]-at[0], window)/2
			from = max(0, min(middle-window/2, len(text)-window))
			to = from + window
			break
		}
	}
	if from <= begin {
		return upToSpace(text[:begin+window])
	}
	out := upToSpace(text[:begin]) + " " + text[from+strings.Index(text[from:], " ")+1:to]
	if to < len(text) {
		out = upToSpace(out)
	}
	return out
}

// upToSpace leaves out the word that is cut in two.
func upToSpace(text string) string {
	if i := strings.LastIndex(text, " "); i > 0 {
		text = text[:i]
	}
	return text + " …"
}
