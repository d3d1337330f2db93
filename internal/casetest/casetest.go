// Package casetest runs the cases of the catalogue.
//
// A case is a txtar file: a comment that tells the story, and a dump in which "# want ID" at the end of a line
// says that this very line is evidence of the cause ID ("unexplained" for a sign that no cause claims).
// Findings and wants must agree to the line, with none
// left over. A line of the story that begins with "first:" names the cause that must stand first, and with
// "effect:" causes that must be effects of it. A section en or zh, where there is one, holds what the user
// reads; -update writes it. A section found, which every case has, holds what a program reads: see [Found].
package casetest

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/render"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the texts that cases expect")

var want = regexp.MustCompile(`# want ([a-z0-9 -]+)$`)

// A Case is one txtar file.
type Case struct {
	File    string
	archive *txtar.Archive
}

// Load reads a case.
func Load(file string) (*Case, error) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		return nil, err
	}
	return &Case{file, a}, nil
}

// Dump is the dump that the case holds.
func (c *Case) Dump() fstest.MapFS {
	dump := fstest.MapFS{}
	for _, f := range c.archive.Files {
		if !golden(f.Name) {
			dump[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return dump
}

// Snapshot reads the dump that the case holds.
func (c *Case) Snapshot() (*cluster.Snapshot, error) { return cluster.Read(c.Dump(), time.Time{}) }

func golden(name string) bool { return name == "found" || name == "en" || name == "zh" }

// Run diagnoses the case and holds what comes out against what it wants.
func (c *Case) Run(t *testing.T, catalogue *diagnose.Catalogue) {
	s, err := c.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	r := diagnose.Run(s, catalogue, diagnose.Options{})
	if diff := cmp.Diff(c.wanted(), got(r)); diff != "" {
		t.Errorf("wanted (-) and found (+) differ:\n%s", diff)
	}
	c.order(t, r)
	c.texts(t, r)
}

// wanted lists "file:line id" for every want of the case.
func (c *Case) wanted() []string {
	var out []string
	for _, f := range c.archive.Files {
		for i, line := range strings.Split(string(f.Data), "\n") {
			if m := want.FindStringSubmatch(line); m != nil {
				for _, id := range strings.Fields(m[1]) {
					out = append(out, fmt.Sprintf("%s:%d %s", f.Name, i+1, id))
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// got lists the same of a report. The stall of a Pod counts where it is the only thing that is known.
func got(r *diagnose.Report) []string {
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

// order checks the lines of the story that say what stands first and what follows from it.
func (c *Case) order(t *testing.T, r *diagnose.Report) {
	for _, line := range strings.Split(string(c.archive.Comment), "\n") {
		if id, ok := strings.CutPrefix(line, "first:"); ok {
			if id = strings.TrimSpace(id); len(r.Problems) == 0 || r.Problems[0].Cause != id {
				t.Errorf("%s does not stand first", id)
			}
		}
		if id, ok := strings.CutPrefix(line, "effect:"); ok {
			id = strings.TrimSpace(id)
			is := func(f diagnose.Finding) bool { return f.Cause == id }
			if !slices.ContainsFunc(r.Problems, func(p diagnose.Problem) bool { return slices.ContainsFunc(p.Effects, is) }) {
				t.Errorf("%s is no effect of anything", id)
			}
		}
	}
}

// texts compares, or with -update rewrites, what a program and what the user read.
func (c *Case) texts(t *testing.T, r *diagnose.Report) {
	c.ensureFound()
	changed := false
	for i := range c.archive.Files {
		f := &c.archive.Files[i]
		if !golden(f.Name) {
			continue
		}
		if text := section(t, r, f.Name); !same(t, c.File+" "+f.Name, f.Data, text) {
			f.Data, changed = text, true
		}
	}
	if changed && *update {
		if err := os.WriteFile(c.File, txtar.Format(c.archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// ensureFound puts an empty section found, which no report is, where a case has none: behind the dump and before the
// texts.
func (c *Case) ensureFound() {
	is := func(f txtar.File) bool { return f.Name == "found" }
	if slices.ContainsFunc(c.archive.Files, is) {
		return
	}
	at := slices.IndexFunc(c.archive.Files, func(f txtar.File) bool { return golden(f.Name) })
	if at < 0 {
		at = len(c.archive.Files)
	}
	c.archive.Files = slices.Insert(c.archive.Files, at, txtar.File{Name: "found"})
}

// section is what stands in a section that is written: found, or the text in a language.
func section(t *testing.T, r *diagnose.Report, name string) []byte {
	t.Helper()
	if name == "found" {
		return Found(r)
	}
	var b bytes.Buffer
	if err := render.Text(&b, r, render.Options{Lang: name}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// SameFile holds a text against a file, or with -update writes the file.
func SameFile(t *testing.T, file string, got []byte) {
	t.Helper()
	want, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Errorf("%v; run go test with -update to write it", err)
		return
	}
	if !same(t, file, want, got) && *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// same reports whether two texts are the same, which is an error where they are not rewritten.
func same(t *testing.T, name string, want, got []byte) bool {
	t.Helper()
	if bytes.Equal(want, got) {
		return true
	}
	if !*update {
		t.Errorf("%s: wanted (-) and got (+) differ; where it is right now, run go test with -update:\n%s", name,
			cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
	}
	return false
}
