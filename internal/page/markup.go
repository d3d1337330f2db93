package page

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/message"
)

// markup is HTML that is written as it is. Only a constant becomes one: nothing here converts a text into it, which a
// test holds. html/template would do as much and is 4.4 MB.
type markup string

// A sheet is a page under construction.
type sheet struct {
	b      bytes.Buffer
	served *served // nil where the page is a file
}

// html writes HTML of ours.
func (s *sheet) html(m markup) { s.b.WriteString(string(m)) }

// text writes a text that means nothing but itself.
func (s *sheet) text(text string) { s.b.WriteString(escape(text)) }

// attr writes an attribute: of whatever value, it does not end before its quote does.
func (s *sheet) attr(name markup, value string) {
	s.b.WriteString(" " + string(name) + `="` + escape(value) + `"`)
}

func (s *sheet) int(n int) { s.b.WriteString(strconv.Itoa(n)) }

// both writes a text in both languages, of which one is shown.
func (s *sheet) both(en, zh string) {
	if en == zh {
		s.text(en)
		return
	}
	s.html(`<span lang=en>`)
	s.text(en)
	s.html(`</span><span lang=zh>`)
	s.text(zh)
	s.html(`</span>`)
}

// say writes a text of the page in both languages.
func (s *sheet) say(code string, values ...any) {
	m := message.Of(code, values...)
	s.both(m.In("en"), m.In("zh"))
}

// in writes a text in both languages within an element.
func (s *sheet) in(open, end markup, en, zh string) {
	if en+zh == "" {
		return
	}
	s.html(open)
	s.both(en, zh)
	s.html(end)
}

// escape takes from a text all that means something to HTML, within a quoted attribute as well.
func escape(text string) string {
	return escapes.Replace(text)
}

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "\x00", "\uFFFD",
	"\r", "&#13;")
