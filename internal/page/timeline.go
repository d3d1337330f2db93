package page

import (
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/render"
)

// timelines draws how far Pods have come, each step as a bar beside what is known of it.
func (s *sheet) timelines(en, zh []*render.Blocked) {
	drawn := func(b *render.Blocked) bool { return len(b.Steps) > 0 }
	n := 0
	for _, b := range en {
		if drawn(b) {
			n++
		}
	}
	if n == 0 {
		return
	}
	s.html("<details><summary>")
	if n < len(en) {
		s.say("html.timeline.some", "n", n, "of", len(en))
	} else {
		s.say("html.timeline")
	}
	s.html("</summary>")
	for i, b := range en {
		if !drawn(b) {
			continue
		}
		s.html("<div class=wide><table class=went><caption class=mono>")
		s.both(b.Name, zh[i].Name)
		s.html("</caption><thead class=sr><tr><th scope=col>")
		s.say("timeline.step")
		s.html("</th><td></td><th scope=col>")
		s.say("label.stage")
		s.html("</th></tr></thead><tbody>\n")
		for j := range b.Steps {
			s.step(&b.Steps[j], &zh[i].Steps[j])
		}
		s.html("</tbody></table></div>\n")
	}
	s.html("</details>\n")
}

// step is one step: what cannot be told apart, or is not known, is not drawn like what is.
func (s *sheet) step(en, zh *render.Step) {
	s.html("<tr><th scope=row>")
	s.both(en.Label, zh.Label)
	s.html("</th><td><svg viewBox=\"0 0 1000 8\" preserveAspectRatio=none aria-hidden=true>")
	if en.To > 0 {
		switch en.State {
		case pod.SpanDone:
			s.html("<rect class=done")
		case pod.SpanOpen:
			s.html("<rect class=open")
		case pod.SpanOneOf:
			s.html("<rect class=\"open dim\"")
		default:
			s.html("<rect class=dim")
		}
		s.html(" height=8 x=")
		s.int(min(en.From, 994))
		s.html(" width=")
		s.int(max(en.To-en.From, 6))
		s.html(" />")
	}
	s.html("</svg></td><td>")
	s.both(en.Said, zh.Said)
	s.html("</td></tr>\n")
}
