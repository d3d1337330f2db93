package dump

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// A markup is what programs have put into a text that was copied out of them, as its beginning shows: a terminal
// colours, a web page entities and no-break spaces, a mail program marks of a quotation, GitHub fences.
type markup struct{ colours, entities, spaces, quoted, fenced bool }

var (
	colourCode = match.Lazy(`(?:\x1b|\^\[)\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]{0,200}\x07`)
	htmlTag    = match.Lazy(`</?(?:pre|code|span|div|p|br|b|table|tbody|tr|td)(?:\s[^<>]{0,200})?/?>`)
	htmlEntity = match.Lazy(`&(?:lt|gt|quot|amp|nbsp|#\d{1,4}|#x[0-9a-fA-F]{1,4});`)
	quoteMark  = match.Lazy(`(?m)^[ \t]*>(?:[ \t]?>)*(?: |$|\r$)|^[ \t]*>(?:[ \t]?>)*`)
	fenceLine  = match.Lazy("^[ \t]*(?:```|~~~|\\{noformat\\}|\\{code(?::[^}]*)?\\})")
	oddSpace   = match.Lazy(`(?m)[ \x{a0}:]\x{a0}|\x{a0} |^[\x{a0}\x{202f}\x{200b}\x{feff}\x{2060}]`)
)

// plainSpaces are what stands for a space, and what has no width at all.
var plainSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2007", " ", "\u200b", "", "\u2060", "",
	"\ufeff", "", "\u200e", "", "\u200f", "")

// markupOf finds the markup by the beginning of a text. A text that may hold such things of its own is left alone.
func markupOf(head []byte) (m markup) {
	if bytes.IndexByte(head, 0) >= 0 {
		return m
	}
	m.colours = bytes.IndexByte(head, 0x1b) >= 0 && colourCode().Match(head) || bytes.Contains(head, []byte("^[["))
	if bytes.IndexByte(head, '&') >= 0 && htmlEntity().Match(head) {
		rest := htmlTag().ReplaceAll(head, nil)
		escaped := !bytes.ContainsAny(rest, `"`) || !bytes.ContainsAny(rest, "<>") && !hasObjects(head) && !isObject(head)
		m.entities = escaped && !bytes.ContainsAny(rest, "<")
	}
	m.spaces = bytes.IndexByte(head, 0xc2) >= 0 && oddSpace().Match(head) ||
		bytes.IndexByte(head, 0xe2) >= 0 && oddSpace().Match(head)
	lines, quoted := 0, 0
	for line := range bytes.Lines(head) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if lines++; line[0] == '>' {
			quoted++
		}
		m.fenced = m.fenced || fenceLine().Match(line)
	}
	m.quoted = quoted > 0 && (quoted == lines || quoted > 2 && quoted*10 >= lines*6)
	return m
}

// isObject reports whether a text begins as JSON does.
func isObject(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	return len(head) > 0 && (head[0] == '{' || head[0] == '[')
}

// A plainReader takes the markup out of a text, line by line, so that lines keep their numbers.
type plainReader struct {
	in     *bufio.Reader
	of     markup
	inside bool // of a fence
	part   bool // of a line that was begun
	rest   []byte
	err    error
}

func (p *plainReader) Read(to []byte) (int, error) {
	for len(p.rest) == 0 {
		if p.err != nil {
			return 0, p.err
		}
		var line []byte
		line, p.err = p.in.ReadSlice('\n')
		begins := !p.part
		if p.part = p.err == bufio.ErrBufferFull; p.part {
			p.err = nil
		}
		p.rest = p.plain(line, begins)
	}
	n := copy(to, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

// plain is a line without markup. Of a text with fences it is empty outside of them, and each begins a new document.
func (p *plainReader) plain(line []byte, begins bool) []byte {
	text := string(line)
	if p.of.colours {
		text = colourCode().ReplaceAllString(text, "")
	}
	if p.of.quoted && begins {
		text = quoteMark().ReplaceAllString(text, "")
	}
	if p.of.entities {
		text = htmlEntity().ReplaceAllStringFunc(htmlTag().ReplaceAllString(text, ""), character)
	}
	if p.of.spaces || p.of.entities {
		text = plainSpaces.Replace(text)
	}
	if p.of.fenced {
		end := text[len(strings.TrimRight(text, "\r\n")):]
		switch {
		case begins && fenceLine().MatchString(text):
			if p.inside = !p.inside; p.inside {
				return []byte("---" + end)
			}
			return []byte(end)
		case !p.inside:
			return []byte(end)
		}
	}
	return []byte(text)
}

// character is what an entity of HTML stands for. Go's own table of all of them would weigh more than this package.
func character(entity string) string {
	switch entity {
	case "&lt;":
		return "<"
	case "&gt;":
		return ">"
	case "&quot;":
		return `"`
	case "&amp;":
		return "&"
	case "&nbsp;":
		return " "
	}
	number, base := strings.Trim(entity, "&#;"), 10
	if hex, ok := strings.CutPrefix(number, "x"); ok {
		number, base = hex, 16
	}
	n, err := strconv.ParseInt(number, base, 32)
	if err != nil || n < ' ' {
		return entity
	}
	return string(rune(n))
}

// unmarked is a text without the markup that its beginning shows. Fences count only around objects: what is read as
// people read it may stand beside them.
func unmarked(in *bufio.Reader) *bufio.Reader {
	head, _ := in.Peek(sniffed)
	m := markupOf(head)
	fenced := m.fenced
	m.fenced = false
	if m != (markup{}) {
		in = bufio.NewReaderSize(&plainReader{in: in, of: m}, sniffed)
		head, _ = in.Peek(sniffed)
		fenced = fenced || markupOf(head).fenced
	}
	if fenced && (hasObjects(head) || beginsJSON().Match(head) && bytes.Contains(head, []byte(`"kind"`))) {
		in = bufio.NewReaderSize(&plainReader{in: in, of: markup{fenced: true}}, sniffed)
	}
	return in
}
