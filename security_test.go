package stuck_test

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

var (
	testName = regexp.MustCompile("`(Test\\w+)`")
	testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
)

// TestSecurityTable holds that each line of the tables in docs/security.md names a test that there is.
func TestSecurityTable(t *testing.T) {
	out, err := exec.Command("git", "ls-files", "*_test.go").Output()
	if err != nil {
		t.Skip("not a git checkout")
	}
	there := map[string]bool{}
	for _, file := range strings.Fields(string(out)) {
		for _, m := range testFunc.FindAllStringSubmatch(source(t, file), -1) {
			there[m[1]] = true
		}
	}
	lines := 0
	for line := range strings.Lines(source(t, "docs/security.md")) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "| ") || strings.HasSuffix(line, "| Held by |") {
			continue
		}
		lines++
		cells := strings.Split(strings.Trim(line, "|"), " | ")
		held := testName.FindAllStringSubmatch(cells[len(cells)-1], -1)
		if len(held) == 0 {
			t.Errorf("no test holds this: %s", line)
		}
		for _, m := range held {
			if !there[m[1]] {
				t.Errorf("there is no %s, which holds this: %s", m[1], line)
			}
		}
	}
	if lines < 8 {
		t.Errorf("%d lines were found", lines)
	}
}
