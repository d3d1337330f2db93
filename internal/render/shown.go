package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
)

// Shown is what kubectl shows of a cause, as its cases have it.
type Shown struct {
	Status   []string // in the STATUS column of Pods
	Reasons  []string // of Events
	Messages []Quote
}

// A Quote is a real message and the reason that it is given with.
type Quote struct{ Reason, Message string }

// ShownPage is the name of the index by what kubectl shows.
const ShownPage = "by-status"

// shown begins a page with what a user has on the screen.
func (d *doc) shown(s Shown) {
	if len(s.Status) > 0 {
		fmt.Fprintf(d, "\n%s\n", d.say("page.shows", "status", "`"+strings.Join(s.Status, "`, `")+"`"))
	}
	if len(s.Messages) == 0 {
		return
	}
	fmt.Fprintf(d, "\n%s\n\n", d.say("page.messages"))
	for _, q := range s.Messages {
		d.WriteString("- ")
		if q.Reason != "" {
			d.WriteString(q.Reason + d.say("sep"))
		}
		fmt.Fprintf(d, "`` %s ``\n", visible(q.Message))
	}
}

// MarkdownShown is the list of all causes in the documentation by what kubectl shows of them.
func MarkdownShown(all []*diagnose.Cause, shown map[string]Shown, lang, source string) string {
	d := &doc{lang: lang}
	d.head(source)
	fmt.Fprintf(d, "# %s\n\n[%s](%s) · [%s](%s)\n\n%s\n", d.say("page.shown"),
		languageName[other(lang)], PageName(ShownPage, other(lang)),
		d.say("page.all"), PageName("README", lang), d.say("page.seen"))
	d.by("page.status", all, func(c *diagnose.Cause) []string { return shown[c.ID].Status })
	d.by("page.events", all, func(c *diagnose.Cause) []string { return shown[c.ID].Reasons })
	return d.String()
}

// by lists causes under each word that they have.
func (d *doc) by(head string, all []*diagnose.Cause, keys func(*diagnose.Cause) []string) {
	under := map[string][]*diagnose.Cause{}
	for _, c := range all {
		for _, w := range keys(c) {
			under[w] = append(under[w], c)
		}
	}
	fmt.Fprintf(d, "\n## %s\n", d.say(head))
	for _, w := range slices.Sorted(maps.Keys(under)) {
		fmt.Fprintf(d, "\n### %s\n\n", w)
		for _, c := range under[w] {
			fmt.Fprintf(d, "- [%s](%s) (`%s`)\n", prose(Title(c, d.lang)), PageName(c.ID, d.lang), c.ID)
		}
	}
}
