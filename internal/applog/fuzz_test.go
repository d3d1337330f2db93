package applog

import (
	"strings"
	"testing"
)

// FuzzEnds holds for any log: reading it does not panic, and what is cited is a line of it.
func FuzzEnds(f *testing.F) {
	f.Add("2026/03/02 10:20:00 listen tcp :8080: bind: address already in use\nINFO stopping\n")
	f.Add("WARN connect to kafka:9092: connection refused\nERROR timed out\n")
	f.Add("panic: open /etc/app/c.yaml: no such file or directory\n\ngoroutine 1 [running]:\nmain.main()\n")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		s, ok := Ends(lines)
		if ok && (s.Line < 0 || s.Line >= len(lines) || strings.TrimSpace(lines[s.Line]) != s.Text) {
			t.Errorf("line %d of %d is not %q", s.Line, len(lines), s.Text)
		}
		for _, v := range s.Args {
			if !strings.Contains(text, v) {
				t.Errorf("%q is not in the log", v)
			}
		}
	})
}
