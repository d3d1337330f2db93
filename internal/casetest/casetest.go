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
	if *update {
		if err := c.write(r); err != nil {
			t.Fatal(err)
		}
	}
	for _, complaint := range c.Hold(r) {
		t.Error(complaint)
	}
}

// Hold holds a report against all that the case wants, and returns in words what differs.
func (c *Case) Hold(r *diagnose.Report) []string {
	var out []string
	if diff := cmp.Diff(c.wanted(), got(r)); diff != "" {
		out = append(out, "wanted (-) and found (+) differ:\n"+diff)
	}
	out = append(out, c.order(r)...)
	found := false
	for _, f := range c.archive.Files {
		if golden(f.Name) {
			found = found || f.Name == "found"
			out = append(out, differ(c.File+" "+f.Name, f.Data, section(r, f.Name))...)
		}
	}
	if !found {
		out = append(out, c.File+" has no section found; run go test with -update to write it")
	}
	return out
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
func (c *Case) order(r *diagnose.Report) []string {
	var out []string
	for _, line := range strings.Split(string(c.archive.Comment), "\n") {
		if id, ok := strings.CutPrefix(line, "first:"); ok {
			if id = strings.TrimSpace(id); len(r.Problems) == 0 || r.Problems[0].Cause != id {
				out = append(out, id+" does not stand first")
			}
		}
		if id, ok := strings.CutPrefix(line, "effect:"); ok {
			id = strings.TrimSpace(id)
			is := func(f diagnose.Finding) bool { return f.Cause == id }
			has := func(p diagnose.Problem) bool { return slices.ContainsFunc(p.Effects, is) }
			if !slices.ContainsFunc(r.Problems, has) {
				out = append(out, id+" is no effect of anything")
			}
		}
	}
	return out
}

// write rewrites what a program and what the user read, and puts a section found where there is none: behind the dump and
// before the texts.
func (c *Case) write(r *diagnose.Report) error {
	files := &c.archive.Files
	if !slices.ContainsFunc(*files, func(f txtar.File) bool { return f.Name == "found" }) {
		at := slices.IndexFunc(*files, func(f txtar.File) bool { return golden(f.Name) })
		if at < 0 {
			at = len(*files)
		}
		*files = slices.Insert(*files, at, txtar.File{Name: "found"})
	}
	changed := false
	for i := range *files {
		f := &(*files)[i]
		if !golden(f.Name) {
			continue
		}
		text := section(r, f.Name)
		changed = changed || !bytes.Equal(f.Data, text)
		f.Data = text
	}
	if !changed {
		return nil
	}
	return os.WriteFile(c.File, txtar.Format(c.archive), 0o644)
}

// section is what stands in a section that is written: found, or the text in a language.
func section(r *diagnose.Report, name string) []byte {
	if name == "found" {
		return Found(r)
	}
	var b bytes.Buffer
	if err := render.Text(&b, r, render.Options{Lang: name}); err != nil {
		return []byte(err.Error()) // which no case expects
	}
	return b.Bytes()
}

// SameFile holds a text against a file, or with -update writes the file.
func SameFile(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%v; run go test with -update to write it", err)
		return
	}
	for _, complaint := range differ(file, want, got) {
		t.Error(complaint)
	}
}

// differ says where two texts differ; nothing where they do not.
func differ(name string, want, got []byte) []string {
	if bytes.Equal(want, got) {
		return nil
	}
	diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n"))
	return []string{name + ": wanted (-) and got (+) differ; where it is right now, run go test with -update:\n" + diff}
}
