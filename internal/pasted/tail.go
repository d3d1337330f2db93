package pasted

import "strings"

// A tail is what goes on a text, line by line. It is put behind the text once: there may be very many lines.
type tail struct {
	of    *string // the text; a slice that holds it may not grow before the end
	sep   string  // stands between two lines
	trim  bool    // the text has no space around it
	lines []string
}

func (t *tail) add(line string) { t.lines = append(t.lines, line) }

// end puts the lines behind the text.
func (t *tail) end() {
	if len(t.lines) == 0 {
		return
	}
	*t.of += t.sep + strings.Join(t.lines, t.sep)
	if t.trim {
		*t.of = strings.TrimSpace(*t.of)
	}
	t.lines = nil
}

// endCell puts the lines behind a cell of the last row.
func (t *tail) endCell(rows []row, name string) {
	if len(t.lines) == 0 {
		return
	}
	cells := rows[len(rows)-1].cells
	text := cells[name]
	t.of = &text
	t.end()
	cells[name] = text
}
