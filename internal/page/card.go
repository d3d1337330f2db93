package page

import (
	"slices"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/render"
)

// card is a problem: what, who, since when, the statement that decides, what to do first; the rest is folded.
func (s *sheet) card(i int, en, zh *render.Card) {
	s.html("<article class=card")
	s.attr("id", "p-"+en.ID)
	s.attr("aria-labelledby", "t-"+en.ID)
	if s.served != nil {
		s.attr("data-edition", en.Edition)
	}
	s.html("><header><span class=n>")
	s.int(i + 1)
	s.html("</span><h2")
	s.attr("id", "t-"+en.ID)
	s.html(">")
	s.both(en.Title, zh.Title)
	s.html("</h2><p class=sum>")
	s.say("label.blame")
	s.say("sep")
	s.html("<b>")
	s.both(en.Blame, zh.Blame)
	s.html("</b>")
	if en.Pods != "" {
		s.html(" · ")
		s.pods(en.Pods)
	}
	if en.Lasts != "" {
		s.html(" · ")
		s.both(en.Lasts, zh.Lasts)
	}
	if en.Certainty != diagnose.Proven {
		s.html(" · <span class=likely>")
		s.say("brief.likely")
		s.html("</span>")
	}
	s.html("</p></header>\n")
	s.in("<p class=why>", "</p>\n", en.Why, zh.Why)
	s.in("<p class=say>", "</p>\n", en.Decides, zh.Decides)
	s.todos("<div class=\"do sure\"><h3>", "head.confirm", en.Confirm, zh.Confirm)
	s.todos("<div class=do><h3>", "head.fix", en.Fix, zh.Fix)
	s.evidence(en, zh)
	s.blocked(en, zh)
	s.facts(en, zh)
	s.html("</article>\n")
}

// todos are things to do: the first ones up to a command, the others folded.
func (s *sheet) todos(open markup, head string, en, zh []render.Todo) {
	if len(en) == 0 {
		return
	}
	s.html(open)
	s.say(head)
	s.html("</h3>")
	shown := 1 // the first may be to look, or to decide
	if at := slices.IndexFunc(en, func(t render.Todo) bool { return t.Run != "" }); at > 0 {
		shown = 2
	}
	if len(en) <= shown+1 {
		shown = len(en) // "1 more" is hardly shorter
	}
	s.steps(0, en[:shown], zh[:shown])
	if left := len(en) - shown; left > 0 {
		s.html("<details><summary>")
		s.say("html.steps", "n", left)
		s.html("</summary>")
		s.steps(shown, en[shown:], zh[shown:])
		s.html("</details>")
	}
	s.html("</div>\n")
}

// steps are a list of things to do that goes on with a number.
func (s *sheet) steps(before int, en, zh []render.Todo) {
	s.html("<ol")
	if before > 0 {
		s.html(" start=")
		s.int(before + 1)
	}
	s.html(">")
	for i := range en {
		s.html("<li><p>")
		s.both(en[i].Do, zh[i].Do)
		s.html("</p>")
		if en[i].Run != "" {
			s.html("<div class=run><pre><code>")
			s.text(en[i].Run)
			s.html("</code></pre><button class=copy type=button>")
			s.say("html.copy")
			s.html("</button></div>")
		}
		s.html("</li>")
	}
	s.html("</ol>")
}

// evidence is all that gives a problem away, word for word.
func (s *sheet) evidence(en, zh *render.Card) {
	if len(en.Quotes) == 0 {
		return
	}
	s.html("<details><summary>")
	s.say("head.signs")
	s.count(len(en.Quotes))
	s.html("</summary>")
	for i := range en.Quotes {
		s.cited(&en.Quotes[i], &zh.Quotes[i])
	}
	s.in("<p class=quote>", "</p>", en.Left, zh.Left)
	s.html("</details>\n")
}

// count is how many there are, behind what they are.
func (s *sheet) count(n int) {
	s.html(" (")
	s.int(n)
	s.html(")")
}

// cited is a statement and where it stands.
func (s *sheet) cited(en, zh *render.Cited) {
	s.html("<div class=quote><p>")
	for i := range en.Place {
		if i > 0 {
			s.html(" · ")
		}
		s.both(en.Place[i], zh.Place[i])
	}
	s.html("</p>")
	if len(en.Said) > 0 {
		s.html("<pre>")
		for i := range en.Said {
			s.both(en.Said[i], zh.Said[i])
			s.html("\n")
		}
		s.html("</pre>")
	}
	s.in("<p>", "</p>", en.Same, zh.Same)
	s.html("</div>")
}

// blocked are the Pods of a problem, and what else follows from it.
func (s *sheet) blocked(en, zh *render.Card) {
	if n := len(en.Blocked); n > 0 {
		s.html("<details><summary>")
		s.say("html.blocked")
		s.count(n)
		s.html("</summary>")
		s.table(en.Blocked, zh.Blocked)
		s.html("</details>\n")
		s.timelines(en.Blocked, zh.Blocked)
	}
	if n := len(en.Effects); n > 0 {
		s.html("<details><summary>")
		s.say("head.effects")
		s.count(n)
		s.html("</summary><ul class=list2>")
		for i := range en.Effects {
			s.html("<li>")
			s.both(en.Effects[i], zh.Effects[i])
			s.html("</li>")
		}
		s.html("</ul></details>\n")
	}
}

// table has a row for each Pod.
func (s *sheet) table(en, zh []*render.Blocked) {
	node := slices.ContainsFunc(en, func(b *render.Blocked) bool { return b.Node != "" })
	note := slices.ContainsFunc(en, func(b *render.Blocked) bool { return b.Note != "" })
	s.html("<div class=wide><table><thead><tr>")
	heads := []string{"html.pod", "label.status", "table.for"}
	if node {
		heads = append(heads, "html.node")
	}
	if note {
		heads = append(heads, "label.stage")
	}
	for _, head := range heads {
		s.html("<th scope=col>")
		s.say(head)
		s.html("</th>")
	}
	s.html("</tr></thead><tbody")
	if len(en) > 30 {
		s.html(" class=many")
	}
	s.html(">\n")
	for i, b := range en {
		s.html("<tr><td class=mono>")
		s.both(b.Name, zh[i].Name)
		s.html("</td><td>")
		s.both(b.Status, zh[i].Status)
		s.html("</td><td class=fit>")
		s.both(b.Lasts, zh[i].Lasts)
		s.html("</td>")
		if node {
			s.html("<td class=mono>")
			s.text(b.Node)
			s.html("</td>")
		}
		if note {
			s.html("<td>")
			s.both(b.Note, zh[i].Note)
			s.html("</td>")
		}
		s.html("</tr>\n")
	}
	s.html("</tbody></table></div>")
}

// facts is what else is known of a problem.
func (s *sheet) facts(en, zh *render.Card) {
	s.html("<details><summary>")
	s.say("html.facts")
	s.html("</summary><dl class=facts>")
	for i := range en.Facts {
		s.html("<dt>")
		s.both(en.Facts[i].Label, zh.Facts[i].Label)
		s.html("</dt><dd>")
		s.both(en.Facts[i].Value, zh.Facts[i].Value)
		s.html("</dd>")
	}
	s.html("<dt>")
	s.say("page.cause")
	s.html("</dt><dd class=mono>")
	s.text(en.Cause)
	s.html("</dd></dl></details>\n")
}
