package causefile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A site's causes may be read from a folder that somebody else writes into.

// TestSlots refuses placeholders where a value would be more than a word, and what cannot be filled in.
func TestSlots(t *testing.T) {
	for _, c := range []struct{ run, want string }{
		{`vault read "{secret}"`, "has {secret} in quotes"},
		{`vault read '{secret}'`, "has {secret} in quotes"},
		{"vault read `echo {secret}`", "has {secret} in quotes"},
		{`sh -c 'vault read {secret}'`, "has {secret} in quotes"},
		{"vault read {secret} \"{secret}\"", "has {secret} in quotes"},
		{`echo "a" '{"name":"{secret}"}'`, "has {secret} in quotes"},
		{"vault write - <<EOF\nname: {secret}\nEOF", "has {secret} in a here-document"},
		{"vault write - <<<{secret}", "has {secret} in a here-document"},
		{"{secret} --version", "where the name of a program stands"},
		{"vault x && {secret}", "where the name of a program stands"},
		{"vault $({secret} x)", "where the name of a program stands"},
		{"vault read ${secret}", "behind a sign"},
		{"vault read ~{secret}", "behind a sign"},
		{`vault read \{secret}`, "behind a sign"},
		{"vault read !{secret}", "behind a sign"},
		{"vault read %{secret}%", "behind a sign"},
		{"vault list # {secret}", "behind a sign"},
		{"vault read {word}", "names {word}, which is free text"},
		{"vault read {key}", "names {key}, which nothing fills"},
		{"vault read {Secret}", "names {Secret}, which nothing fills"},
		{"vault read {secret_name}", "names {secret_name}, which nothing fills"},
		{"vault read {secret-name}", "names {secret-name}, which nothing fills"},
		{`vault read "$(vault list {secret})" 'x' {secret}`, ""},
		{"vault read secret/{secret}:{namespace} > {pod}.txt 2>&1", ""},
	} {
		data := strings.Replace(whole, "'vault read {secret}'", fmt.Sprintf("%q", c.run), 1)
		_, err := Read(fstest.MapFS{"own/cause.yaml": {Data: []byte(data)}})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%q: %v", c.run, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%q: no %q, but %v", c.run, c.want, err)
		}
	}
}

// TestBombs reads what never ends, what never begins, and what is small and becomes large.
func TestBombs(t *testing.T) {
	dir := t.TempDir()
	write := func(id, data string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, id), 0o755); err != nil {
			t.Fatal(err)
		}
		if data == "" {
			return
		}
		if err := os.WriteFile(filepath.Join(dir, id, "cause.yaml"), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := func(id, to string) {
		t.Helper()
		write(id, "")
		if err := os.Symlink(to, filepath.Join(dir, id, "cause.yaml")); err != nil {
			t.Skip(err)
		}
	}
	link("endless", "/dev/zero")
	link("proc", "/proc/self/environ")
	write("folder", "")
	if err := os.Mkdir(filepath.Join(dir, "folder", "cause.yaml"), 0o755); err != nil {
		t.Fatal(err)
	}
	write("long", "# "+strings.Repeat("x", Longest))
	write("self", "variants: &a\n  x: {variants: *a}\n")
	lol := "variants: &a0 {x: {}}\n"
	for i := range 40 {
		lol += fmt.Sprintf("k%d: &a%d {variants: {p: {variants: *a%d}, q: {variants: *a%d}}}\n", i, i+1, i, i)
	}
	write("laughs", lol+"title: {}\n")
	write("laughs-in", "variants:\n  x: &a0 {variants: {}}\n"+doubling(30))
	link("linked", filepath.Join(dir, "plain.yaml"))
	if err := os.WriteFile(filepath.Join(dir, "plain.yaml"), []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	_, err := Read(os.DirFS(dir))
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatal(err)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("it took %s", d)
	}
	too := "it is no plain file of at most 256 kB, so it is not read"
	var got []string
	for _, f := range faults {
		if m := f.Message().In("en"); strings.Contains(m, too) || strings.Contains(m, "more in it") {
			got = append(got, f.File)
		}
	}
	want := []string{"endless/cause.yaml", "folder/cause.yaml", "laughs-in/cause.yaml", "long/cause.yaml",
		"self/cause.yaml"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// doubling has variants of which each names the one before it twice.
func doubling(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  y%d: &a%d {variants: {p: *a%d, q: *a%d}}\n", i, i+1, i, i)
	}
	return b.String()
}
