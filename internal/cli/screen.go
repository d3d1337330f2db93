package cli

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/render"
)

// What a terminal is told: xterm's own sequences, which all of today's terminals know.
const (
	openScreen  = "\x1b[?1049h\x1b[?25l" // the other screen, without a cursor
	closeScreen = "\x1b[?25h\x1b[?1049l"
	cursorHome  = "\x1b[H"
	clearLine   = "\x1b[K" // clear the rest of the line
	clearBelow  = "\x1b[J" // and all below it
	maxRecent   = 5        // changes on the screen
)

// A screen is a terminal on which the latest report stands. It is drawn in one piece over what was there, and only
// where that is different, so that nothing flickers.
type screen struct {
	out     io.Writer
	place   string
	options func() render.Options
	size    func() (columns, rows int, ok bool)

	mu      sync.Mutex // a resize comes from another goroutine
	open    bool
	last    *diagnose.Report
	recent  []diagnose.Change
	drawn   string
	columns int
	rows    int
}

// show draws a report and the latest changes.
func (s *screen) show(r *diagnose.Report, changes []diagnose.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = r
	s.recent = append(s.recent, changes...)
	s.recent = slices.Clone(s.recent[max(0, len(s.recent)-maxRecent):]) // each holds a whole report
	return s.draw()
}

// redraw draws the same again, because the terminal has another size.
func (s *screen) redraw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open {
		_ = s.draw() // whoever shows the next report learns that it cannot be written
	}
}

func (s *screen) draw() error {
	columns, rows, _ := s.size()
	lines, err := render.Screen(s.last, s.place, s.recent, rows, s.options())
	if err != nil {
		return err
	}
	text := strings.Join(lines, "\n")
	same := s.open && columns == s.columns && rows == s.rows
	if same && text == s.drawn {
		return nil
	}
	var b bytes.Buffer
	if !s.open {
		b.WriteString(openScreen)
	}
	b.WriteString(cursorHome)
	if !same { // a terminal breaks and joins lines anew when its width changes
		b.WriteString(clearBelow)
	}
	for i, l := range lines {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(l + clearLine)
	}
	b.WriteString(clearBelow)
	s.open, s.columns, s.rows, s.drawn = true, columns, rows, text
	_, err = s.out.Write(b.Bytes())
	return err
}

// close gives the terminal back as it was.
func (s *screen) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open {
		s.open = false
		_, _ = io.WriteString(s.out, closeScreen)
	}
}
