package stuck_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	code = regexp.MustCompile("(?s)```.*?```|``.*?``|`[^`]*`")
)

// TestLinks sees that what the pages of this repository point to is there.
func TestLinks(t *testing.T) {
	out, err := exec.Command("git", "ls-files", "*.md").Output()
	if err != nil {
		t.Skip("not a git checkout")
	}
	for _, file := range strings.Fields(string(out)) {
		for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(source(t, file), "code"), -1) {
			to, _, _ := strings.Cut(m[1], "#")
			if to == "" || strings.Contains(to, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), to)); err != nil {
				t.Errorf("%s points to %s, which is not there", file, m[1])
			}
		}
	}
}

var writes = regexp.MustCompile(`\.(?:Post|Put|Patch|Delete)\(\)|\.Patch\(types\.|\.Verb\(|` +
	`http\.Method(?:Post|Put|Patch|Delete)|"(?:POST|PUT|PATCH|DELETE)"`)

// TestAsksAndNeverWrites holds what SECURITY.md says of the plugin: every request that it makes is a GET, but for those
// of internal/cure, which does what a person has agreed to. The agent writes its own node's facts.
func TestAsksAndNeverWrites(t *testing.T) {
	asks := false
	walk(t, func(path string) {
		room := filepath.ToSlash(filepath.Dir(path))
		if room == "internal/cure" || room == "internal/agent" || room == "internal/livetest" ||
			strings.HasSuffix(path, "_test.go") {
			return
		}
		src := source(t, path)
		asks = asks || strings.Contains(src, ".Get()")
		if m := writes.FindString(src); m != "" {
			t.Errorf("%s has %s: a diagnosis changes nothing", path, m)
		}
	})
	if !asks {
		t.Error("no request is made any more: this test looks in the wrong place")
	}
}
