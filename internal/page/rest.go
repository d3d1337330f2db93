package page

import "github.com/kubestuck/stuck/internal/render"

// rest is what follows the problems: what no cause explains, what to look at next, what could not be read, what starts.
func (s *sheet) rest(en, zh *render.Board) {
	if len(en.Unknown) > 0 {
		s.section("unknown", "html.unknown", len(en.Unknown))
		for i := range en.Unknown {
			s.cited(&en.Unknown[i], &zh.Unknown[i])
		}
		s.in("<p class=quote>", "</p>", en.Left, zh.Left)
		s.html("</div></section>\n")
	}
	if len(en.Next) > 0 {
		s.section("next", "head.next", 0)
		for i := range en.Next {
			for j := range en.Next[i].Known {
				s.in("<p>", "</p>", en.Next[i].Known[j], zh.Next[i].Known[j])
			}
			s.html("<div class=do>")
			s.steps(0, en.Next[i].Steps, zh.Next[i].Steps)
			s.html("</div>")
		}
		s.html("</div></section>\n")
	}
	if len(en.Gaps) > 0 || en.Minor != "" {
		s.section("gaps", "head.gaps", 0)
		s.html("<ul class=list2>")
		for i := range en.Gaps {
			s.html("<li>")
			s.both(en.Gaps[i].What, zh.Gaps[i].What)
			if en.Gaps[i].Needs != "" {
				s.html("<br>")
				s.say("gap.needs", "what", "")
				s.both(en.Gaps[i].Needs, zh.Gaps[i].Needs)
			}
			s.html("</li>")
		}
		s.in("<li>", "</li>", en.Minor, zh.Minor)
		s.html("</ul></div></section>\n")
	}
	if len(en.Waiting) > 0 {
		s.section("starting", "html.starting", len(en.Waiting))
		s.table(en.Waiting, zh.Waiting)
		s.html("</div></section>\n")
	}
	s.lines("idle", "html.idle", en.Idle, zh.Idle)
	s.lines("aside", "html.aside", en.Aside, zh.Aside)
}

// section begins a part of the page. Its id is one of ours.
func (s *sheet) section(id, head string, n int) {
	s.html("<section")
	s.attr("aria-labelledby", id)
	s.html("><h2")
	s.attr("id", id)
	s.html(">")
	s.say(head)
	if n > 0 {
		s.count(n)
	}
	s.html("</h2><div class=plain>\n")
}

func (s *sheet) lines(id, head string, en, zh []string) {
	if len(en) == 0 {
		return
	}
	s.section(id, head, 0)
	s.html("<ul class=list2>")
	for i := range en {
		s.html("<li>")
		s.both(en[i], zh[i])
		s.html("</li>")
	}
	s.html("</ul></div></section>\n")
}
