// Package casetest runs the cases of the catalogue in tests, where -update rewrites what they expect. What a case is,
// package casefile says. Each has a section found.
package casetest

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/casefile"
	"github.com/kubestuck/stuck/internal/diagnose"
)

var update = flag.Bool("update", false, "rewrite the texts that cases expect")

// A Case is one txtar file.
type Case struct{ *casefile.Case }

// Load reads a case.
func Load(file string) (*Case, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return &Case{casefile.Parse(file, data)}, nil
}

// Dump is the dump that the case holds.
func (c *Case) Dump() fstest.MapFS {
	dump := fstest.MapFS{}
	for _, f := range c.Case.Dump() {
		dump[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return dump
}

// Run diagnoses the case and holds what comes out against what it wants.
func (c *Case) Run(t *testing.T, catalogue *diagnose.Catalogue) {
	s, err := c.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	r := diagnose.Run(s, catalogue, c.Options())
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
	if diff := cmp.Diff(c.Wanted(), casefile.Got(r)); diff != "" {
		out = append(out, "wanted (-) and found (+) differ:\n"+diff)
	}
	for _, m := range c.Order(r) {
		out = append(out, m.In("en"))
	}
	sections, err := c.Sections(r)
	if err != nil {
		return append(out, err.Error())
	}
	found := false
	for _, s := range sections {
		found = found || s.Name == "found"
		out = append(out, differ(c.Name+" "+s.Name, s.Want, s.Got)...)
	}
	if !found {
		out = append(out, c.Name+" has no section found; run go test with -update to write it")
	}
	return out
}

// write rewrites what a program and what the user read.
func (c *Case) write(r *diagnose.Report) error {
	before, err := os.ReadFile(c.Name)
	if err != nil {
		return err
	}
	after, err := c.Rewrite(r)
	if err != nil || bytes.Equal(before, after) {
		return err
	}
	return os.WriteFile(c.Name, after, 0o644)
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
