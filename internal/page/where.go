package page

import (
	"cmp"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/render"
)

// maxPlaces is how many nodes or workloads stand unfolded.
const maxPlaces = 12

// A place is a node or a workload that problems are at, and how many Pods each of them blocks there.
type place struct {
	name string
	pods int
	of   []int // Pods by the index of the problem
}

// where maps problems to the nodes and the workloads that they are at: one node behind all of them, and one workload
// on all nodes, are seen at a glance.
func (s *sheet) where(b *render.Board) {
	nodes := placesOf(b, func(p *render.Blocked) string { return p.Node })
	workloads := placesOf(b, func(p *render.Blocked) string { return p.Workload })
	if len(b.Cards) == 0 || len(nodes)+len(workloads) == 0 {
		return
	}
	s.html("<section aria-labelledby=where><h2 id=where>")
	s.say("html.where")
	s.html("</h2><div class=\"plain where\">\n")
	s.places("html.nodes", "html.node", nodes, b)
	s.places("html.workloads", "html.workload", workloads, b)
	s.html("</div></section>\n")
}

// placesOf are the places of all Pods, those with the most first.
func placesOf(b *render.Board, of func(*render.Blocked) string) []*place {
	var out []*place
	at := map[string]*place{}
	for i := range b.Cards {
		for _, p := range b.Cards[i].Blocked {
			name := of(p)
			if name == "" {
				continue
			}
			if at[name] == nil {
				at[name] = &place{name: name, of: make([]int, len(b.Cards))}
				out = append(out, at[name])
			}
			at[name].of[i]++
			at[name].pods++
		}
	}
	slices.SortStableFunc(out, func(a, b *place) int {
		return cmp.Or(b.pods-a.pods, cluster.CompareNames(a.name, b.name))
	})
	return out
}

func (s *sheet) places(head, kind string, all []*place, b *render.Board) {
	if len(all) == 0 {
		return
	}
	s.html("<div><h3>")
	s.say(head)
	s.count(len(all))
	s.html("</h3>")
	shown := len(all)
	if shown > maxPlaces+3 {
		shown = maxPlaces
	}
	s.placeRows(kind, all[:shown], all[0].pods, b)
	if left := len(all) - shown; left > 0 {
		s.html("<details><summary>")
		s.say("html.others", "n", left)
		s.html("</summary>")
		s.placeRows(kind, all[shown:], all[0].pods, b)
		s.html("</details>")
	}
	s.html("</div>\n")
}

func (s *sheet) placeRows(kind string, all []*place, most int, b *render.Board) {
	s.html("<table><thead><tr><th scope=col>")
	s.say(kind)
	s.html("</th><th scope=col><span class=sr>")
	s.say("label.pods")
	s.html("</span></th><th scope=col>")
	s.say("html.problems")
	s.html("</th></tr></thead><tbody>\n")
	for _, p := range all {
		s.html("<tr><td class=mono>")
		s.text(p.name)
		s.html("</td><td><span class=sr>")
		s.int(p.pods)
		s.html("</span><svg viewBox=\"0 0 100 6\" preserveAspectRatio=none aria-hidden=true><rect class=bar height=6 width=")
		s.int(max(1, p.pods*100/max(most, 1)))
		s.html(" /></svg></td><td><span class=chips>")
		for i, n := range p.of {
			if n == 0 {
				continue
			}
			s.html("<a")
			s.attr("href", "#p-"+b.Cards[i].ID)
			s.attr("title", b.Cards[i].Title)
			s.html(">#")
			s.int(i + 1)
			if n > 1 {
				s.html(" ×")
				s.int(n)
			}
			s.html("</a>")
		}
		s.html("</span></td></tr>\n")
	}
	s.html("</tbody></table>\n")
}
