package cli

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/dump"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
)

// given is what the files of -f gave, in the order in which they were read.
type given struct {
	files []*dump.Given
	at    map[string]*dump.Given // by name: there may be very many
	shown bool                   // of every file: --sources
}

// add takes what a file gave, or another part of it.
func (g *given) add(f dump.Given) {
	o := g.at[f.File]
	if o == nil {
		if g.at == nil {
			g.at = map[string]*dump.Given{}
		}
		o = &dump.Given{File: f.File, Objects: map[string]int{}}
		g.at[f.File], g.files = o, append(g.files, o)
	}
	for kind, n := range f.Objects {
		o.Objects[kind] += n
	}
	o.Lines, o.Left, o.Broken = o.Lines+f.Lines, o.Left || f.Left, o.Broken+f.Broken
}

// tellGiven says on the error output what the files gave: of each one with --sources, and in a line where some gave
// something else than objects, or nothing. Where nothing could be read, the error says why.
func (s *session) tellGiven(read bool) {
	g := &s.given
	if g.shown {
		for _, f := range g.files {
			s.tellErr(message.Of("sources.file", "file", f.File, "what", gaveOf(f)))
		}
	}
	pods, events, others, lines, left, passed := 0, 0, 0, 0, 0, 0
	for _, f := range g.files {
		for kind, n := range f.Objects {
			switch kind {
			case "Pod":
				pods += n
			case "Event":
				events += n
			default:
				others += n
			}
		}
		lines += f.Lines
		if len(f.Objects) == 0 && f.Lines == 0 {
			left++
		}
		if f.Left { // of what is broken the answer tells
			passed++
		}
	}
	if g.shown || read && lines+passed > 0 {
		code := "sources.line"
		if left > 0 && !g.shown {
			code = "sources.line.left"
		}
		s.tellErr(message.Of(code, "files", len(g.files), "pods", pods, "events", events, "others", others, "lines", lines,
			"left", left))
	}
}

// gaveOf says what one file gave.
func gaveOf(f *dump.Given) any {
	var parts []string
	kinds := slices.SortedFunc(maps.Keys(f.Objects), func(a, b string) int {
		return cmp.Or(-cmp.Compare(f.Objects[a], f.Objects[b]), strings.Compare(a, b))
	})
	for _, kind := range kinds {
		parts = append(parts, message.Of("sources.objects", "n", f.Objects[kind], "kind", kind).String())
	}
	objects := strings.Join(parts, ", ")
	switch {
	case f.Broken > 0 && (objects != "" || f.Lines > 0):
		return message.Of("sources.partly", "n", f.Broken, "what", firstOf(objects, f.Lines))
	case objects != "" || f.Lines > 0:
		return firstOf(objects, f.Lines)
	case f.Broken > 0:
		return message.Of("sources.broken")
	case f.Left:
		return message.Of("sources.left")
	}
	return message.Of("sources.empty")
}

func firstOf(objects string, lines int) any {
	if lines > 0 {
		return message.Of("sources.lines", "n", lines)
	}
	return message.Of("verbatim", "text", objects)
}

// tellErr says something beside the answer.
func (s *session) tellErr(m message.Message) {
	_ = render.Said(s.Err, m, "", s.options()) // whoever closed it does not want it
}
