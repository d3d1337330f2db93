package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/render"
)

// TestScreen draws a report once, again only where it is different or the terminal is, and gives the terminal back.
func TestScreen(t *testing.T) {
	var out bytes.Buffer
	columns := 80
	s := &screen{out: &out, place: "shop", size: func() (int, int, bool) { return columns, 24, true },
		options: func() render.Options { return render.Options{Lang: "en", Width: columns} }}
	drawn := func(do func() error) string {
		out.Reset()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	show := func(seen int) func() error {
		return func() error { return s.show(&diagnose.Report{Pods: diagnose.Pods{Seen: seen}}, nil) }
	}
	if got := drawn(show(3)); !strings.HasPrefix(got, openScreen+cursorHome) || !strings.Contains(got, "3 Pods seen") {
		t.Errorf("at first %q", got)
	}
	if got := drawn(show(3)); got != "" {
		t.Errorf("drawn again: %q", got)
	}
	if got := drawn(show(4)); !strings.HasPrefix(got, cursorHome) || strings.Contains(got, cursorHome+clearBelow) ||
		!strings.Contains(got, "4 Pods seen"+clearLine) {
		t.Errorf("when it differs: %q", got)
	}
	columns = 60
	if got := drawn(func() error { s.redraw(); return nil }); !strings.HasPrefix(got, cursorHome+clearBelow) {
		t.Errorf("when the terminal differs: %q", got)
	}
	if got := drawn(func() error { s.close(); s.close(); s.redraw(); return nil }); got != closeScreen {
		t.Errorf("at last %q", got)
	}
}
