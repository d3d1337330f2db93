package render

import (
	"bufio"
	"io"
	"strings"
)

// A HelpPage is how a command is used: paragraphs, then parts with a title each.
type HelpPage struct {
	About string // paragraphs, with an empty line between them
	Parts []HelpPart
	More  string
}

// A HelpPart is a list with a title.
type HelpPart struct {
	Title string
	Lines []HelpLine
}

// A HelpLine is a command, a flag or an example, and what is said of it.
type HelpLine struct{ Name, Text string }

// Add puts a line under a title, at its end.
func (p *HelpPage) Add(title string, l HelpLine) {
	if n := len(p.Parts); n == 0 || p.Parts[n-1].Title != title {
		p.Parts = append(p.Parts, HelpPart{Title: title})
	}
	part := &p.Parts[len(p.Parts)-1]
	part.Lines = append(part.Lines, l)
}

// The narrowest and the widest that the names of a part may be: a wider one has a line of its own.
const minHelpName, maxHelpName = 12, 28

// Help shows how a command is used.
func Help(w io.Writer, p HelpPage, o Options) error {
	width := o.Width
	if width == 0 {
		width = 80
	}
	out := bufio.NewWriter(w)
	for i, paragraph := range strings.Split(p.About, "\n\n") {
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(strings.Join(wrap(joinLines(paragraph), width), "\n") + "\n")
	}
	for _, part := range p.Parts {
		out.WriteString("\n" + part.Title + "\n")
		for _, l := range part.Lines {
			helpLine(out, l, part.nameWidth(), width)
		}
	}
	if p.More != "" {
		out.WriteString("\n" + strings.Join(wrap(p.More, width), "\n") + "\n")
	}
	return out.Flush()
}

// nameWidth is the column in which the texts of a part begin.
func (p HelpPart) nameWidth() int {
	n := minHelpName
	for _, l := range p.Lines {
		if w := Columns(l.Name) + 2; w <= maxHelpName {
			n = max(n, w)
		}
	}
	return n
}

func helpLine(out *bufio.Writer, l HelpLine, nameWidth, lineWidth int) {
	name := "  " + l.Name
	if l.Text == "" {
		out.WriteString(name + "\n")
		return
	}
	if Columns(l.Name)+2 > nameWidth {
		out.WriteString(name + "\n")
		name = ""
	}
	for _, line := range wrap(l.Text, lineWidth-nameWidth-2) {
		out.WriteString(pad(name, nameWidth+2) + line + "\n")
		name = ""
	}
}

// joinLines makes one line of a paragraph. Between two lines is a space, but not after a wide character.
func joinLines(paragraph string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(paragraph, "\n") {
		if text := []rune(b.String()); len(text) > 0 && runeWidth(text[len(text)-1]) < 2 {
			b.WriteByte(' ')
		}
		b.WriteString(line)
	}
	return b.String()
}
