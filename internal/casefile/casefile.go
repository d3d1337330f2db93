// Package casefile reads the cases of causes, and says in what a diagnosis differs from what they want.
//
// A case is a txtar file: a comment that tells the story, and a dump in which "# want ID" at the end of a line
// says that this very line is evidence of the cause ID ("unexplained" for a sign that no cause claims).
// Findings and wants must agree to the line, with none left over. A line of the story that begins with "first:" names
// the cause that must stand first, and with "effect:" causes that must be effects of it. One with "asked:" says what
// was asked: "named" where the Pods were asked about by name, "ready" where it was asked whether they are ready. A
// section found holds what a program reads, see [Found], and a section en or zh what the user reads.
package casefile

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/dump"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"golang.org/x/tools/txtar"
)

var (
	want  = match.Lazy(`# want ([a-z0-9 -]+)$`)
	wants = match.Lazy(`(?m) *# want [a-z0-9 -]+$`)
)

// A Case is one txtar file.
type Case struct {
	Name    string
	archive *txtar.Archive
}

// Parse reads a case. Whatever is no section of it is its story, so nothing can be wrong with its form.
func Parse(name string, data []byte) *Case { return &Case{name, txtar.Parse(data)} }

// Dump is the files of the dump that the case holds. What kubectl prints for people has no comments: a want is taken
// out of it.
func (c *Case) Dump() []txtar.File {
	out := slices.DeleteFunc(slices.Clone(c.archive.Files), func(f txtar.File) bool { return written(f.Name) })
	for i := range out {
		if strings.HasSuffix(out[i].Name, ".txt") {
			out[i].Data = wants().ReplaceAll(out[i].Data, nil)
		}
	}
	return out
}

// Snapshot reads that dump.
func (c *Case) Snapshot() (*cluster.Snapshot, error) {
	fsys, err := txtar.FS(&txtar.Archive{Files: c.Dump()})
	if err != nil {
		return nil, err
	}
	return dump.Read(fsys, time.Time{})
}

// written reports whether a section is made of the report rather than of the dump.
func written(name string) bool { return name == "found" || name == "en" || name == "zh" }

// Wanted lists "file:line id" for every want of the case.
func (c *Case) Wanted() []string {
	var out []string
	for _, f := range c.archive.Files {
		for i, line := range strings.Split(string(f.Data), "\n") {
			if m := want().FindStringSubmatch(line); m != nil {
				for _, id := range strings.Fields(m[1]) {
					out = append(out, fmt.Sprintf("%s:%d %s", f.Name, i+1, id))
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// Got lists the same of a report. The stall of a Pod counts where it is the only thing that is known.
func Got(r *diagnose.Report) []string {
	var out []string
	note := func(id string, s cluster.Sign) { out = append(out, fmt.Sprintf("%s:%d %s", s.File, s.Line, id)) }
	for _, p := range r.Problems {
		for _, f := range slices.Concat(p.Findings, p.Effects) {
			for _, e := range f.Evidence {
				if e.Kind != cluster.SignStall {
					note(f.Cause, e)
				}
			}
		}
	}
	for _, s := range r.Unexplained {
		note("unexplained", s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Options are those with which the case is diagnosed: what a line of the story says was asked.
func (c *Case) Options() diagnose.Options {
	var o diagnose.Options
	for line := range strings.Lines(string(c.archive.Comment)) {
		if asked, ok := strings.CutPrefix(line, "asked:"); ok {
			o.Named = o.Named || strings.TrimSpace(asked) == "named"
			o.Ready = o.Ready || strings.TrimSpace(asked) == "ready"
		}
	}
	return o
}

// Order holds a report against the lines of the story that say what stands first and what follows from it.
func (c *Case) Order(r *diagnose.Report) []message.Message {
	var out []message.Message
	for _, line := range strings.Split(string(c.archive.Comment), "\n") {
		if id, ok := strings.CutPrefix(line, "first:"); ok {
			if id = strings.TrimSpace(id); len(r.Problems) == 0 || r.Problems[0].Cause != id {
				out = append(out, message.Of("case.first", "id", id))
			}
		}
		if id, ok := strings.CutPrefix(line, "effect:"); ok {
			id = strings.TrimSpace(id)
			is := func(f diagnose.Finding) bool { return f.Cause == id }
			if !slices.ContainsFunc(r.Problems, func(p diagnose.Problem) bool { return slices.ContainsFunc(p.Effects, is) }) {
				out = append(out, message.Of("case.effect", "id", id))
			}
		}
	}
	return out
}

// A Section is one that is made of a report: as the case has it, and as it is.
type Section struct {
	Name      string
	Want, Got []byte
}

// Sections are those that the case has.
func (c *Case) Sections(r *diagnose.Report) ([]Section, error) {
	var out []Section
	for _, f := range c.archive.Files {
		if !written(f.Name) {
			continue
		}
		got := Found(r)
		if f.Name != "found" {
			var b bytes.Buffer
			if err := render.Text(&b, r, render.Options{Lang: f.Name}); err != nil {
				return nil, err
			}
			got = b.Bytes()
		}
		out = append(out, Section{f.Name, f.Data, got})
	}
	return out, nil
}

// Differences are all in which a diagnosis of the case differs from what it wants.
func (c *Case) Differences(catalogue *diagnose.Catalogue) ([]message.Message, error) {
	s, err := c.Snapshot()
	if err != nil {
		return nil, err
	}
	r := diagnose.Run(s, catalogue, c.Options())
	var out []message.Message
	wanted, got := c.Wanted(), Got(r)
	for _, w := range wanted {
		if place, id, _ := strings.Cut(w, " "); !slices.Contains(got, w) {
			out = append(out, message.Of("case.wanted", "place", place, "id", id))
		}
	}
	for _, g := range got {
		if place, id, _ := strings.Cut(g, " "); !slices.Contains(wanted, g) {
			out = append(out, message.Of("case.found", "place", place, "id", id))
		}
	}
	out = append(out, c.Order(r)...)
	sections, err := c.Sections(r)
	for _, s := range sections {
		if !bytes.Equal(s.Want, s.Got) {
			out = append(out, difference(s))
		}
	}
	return out, err
}

// difference names the first line in which a section is not what it should be.
func difference(s Section) message.Message {
	want, got := strings.Split(string(s.Want), "\n"), strings.Split(string(s.Got), "\n")
	i := 0
	for i < len(want) && i < len(got) && want[i] == got[i] {
		i++
	}
	line := func(lines []string) any {
		if i < len(lines) {
			return strconv.Quote(lines[i])
		}
		return message.Of("case.no-line")
	}
	return message.Of("case.section", "section", s.Name, "n", i+1, "want", line(want), "got", line(got))
}

// Rewrite is the file with all that is made of the report as it is now, and with a section found.
func (c *Case) Rewrite(r *diagnose.Report) ([]byte, error) {
	c.ensureFound()
	sections, err := c.Sections(r)
	if err != nil {
		return nil, err
	}
	for i, f := range c.archive.Files {
		for _, s := range sections {
			if s.Name == f.Name {
				c.archive.Files[i].Data = s.Got
			}
		}
	}
	return txtar.Format(c.archive), nil
}

// ensureFound puts an empty section found, which no report is, where a case has none: behind the dump and before the
// texts.
func (c *Case) ensureFound() {
	if slices.ContainsFunc(c.archive.Files, func(f txtar.File) bool { return f.Name == "found" }) {
		return
	}
	at := slices.IndexFunc(c.archive.Files, func(f txtar.File) bool { return written(f.Name) })
	if at < 0 {
		at = len(c.archive.Files)
	}
	c.archive.Files = slices.Insert(c.archive.Files, at, txtar.File{Name: "found"})
}
