package cli

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/dump"
)

func saved(t *testing.T, options captureOptions) (string, error) {
	t.Helper()
	return savedOf(t, "stuck.yaml", options)
}

// savedOf saves what a file holds, and returns what is said then.
func savedOf(t *testing.T, file string, options captureOptions) (string, error) {
	t.Helper()
	var out bytes.Buffer
	s := &session{App: &App{Out: &out, Getenv: func(string) string { return "" }, Now: now}, lang: "en",
		files: []string{file}}
	snap, err := s.read(t.Context(), nil, new(progress))
	if err != nil {
		t.Fatal(err)
	}
	snap.At = now()
	err = s.save(snap, options)
	return out.String(), err
}

// TestCapture saves a snapshot and reads it back: what was diagnosed is what is in the folder, or in the archive.
func TestCapture(t *testing.T) {
	dir(t)
	problems := func(name string) string {
		got := command(nil, "", nil, "-f", name, "-o", "json").out
		_, list, _ := strings.Cut(got, `"problems"`)
		return regexp.MustCompile(`(?m)^\s*"(file|line)": .*$`).ReplaceAllString(list, "")
	}
	for to, name := range map[string]string{"saved": "saved", "saved.tar.gz": "saved.tar.gz", "saved.TGZ": "saved.TGZ",
		"": "stuck-20260102T035000Z.tar.gz"} {
		out, err := saved(t, captureOptions{to: to})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out, "Saved in "+name) || !strings.Contains(out, "Left out") {
			t.Errorf("-o %q: it says %q", to, out)
		}
		if diff := cmp.Diff(problems("stuck.yaml"), problems(name)); diff != "" {
			t.Errorf("-o %q: before (-) and after (+) differ:\n%s", to, diff)
		}
		before, _ := os.ReadFile(name)
		if _, err := saved(t, captureOptions{to: to}); err == nil {
			t.Errorf("%s was written over", name)
		}
		if after, _ := os.ReadFile(name); !bytes.Equal(before, after) {
			t.Errorf("%s is another one now", name)
		}
	}
}

// TestPseudonyms saves without a name: the same is wrong, and nothing tells where.
func TestPseudonyms(t *testing.T) {
	dir(t)
	out, err := saved(t, captureOptions{to: "saved", pseudonyms: true})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out, "pseudonyms") {
		t.Errorf("it says %q", out)
	}
	got := command(nil, "", nil, "-f", "saved")
	if !strings.Contains(got.out, "secret-missing") || strings.Contains(got.out, "api-tls") ||
		strings.Contains(got.out, "shop") {
		t.Errorf("%s", got.out)
	}
}

// TestCutArchive reads what is left of an archive, says that there was more, and claims nothing about what is not in
// it.
func TestCutArchive(t *testing.T) {
	dir(t)
	if _, err := saved(t, captureOptions{to: "whole.tar.gz"}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile("whole.tar.gz")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{5, len(whole) / 2, len(whole) - 9, len(whole) - 1} {
		if err := os.WriteFile("cut.tgz", whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		got := command(nil, "", nil, "-f", "cut.tgz")
		if !strings.Contains(got.out+got.err, "cut off") {
			t.Errorf("of %d bytes %d: %+v", len(whole), n, got)
		}
	}
	if !dump.IsArchive("A.Tar.Gz") || dump.IsArchive("a.gz") {
		t.Error("what is an archive is not told by its name")
	}
}
