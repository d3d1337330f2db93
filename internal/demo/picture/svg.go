package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/kubestuck/stuck/internal/render"
)

// A cell of the terminal, and the space around all of them, in pixels.
const (
	cell   = 8.4
	line   = 20
	margin = 20
)

// classes are the styles of the text by their SGR sequences.
var classes = map[string]string{"1": "b", "2": "d", "1;31": "r", "32": "g", "33": "y", "36": "c"}

// The picture brings its own background, so that it reads as well on a light page as on a dark one.
const style = `text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",` +
	`"Noto Sans Mono CJK SC",monospace;fill:#e6edf3;white-space:pre}` +
	`.w{font-size:16px}.b{font-weight:700}.d{fill:#9198a1}.r{fill:#ff7b72;font-weight:700}` +
	`.g{fill:#7ee787}.y{fill:#e3b341}.c{fill:#79c0ff}`

var sgr = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// picture is a text with colours as it stands on a terminal.
func picture(title, text string, columns int) []byte {
	lines := strings.Split(text, "\n")
	wide, high := float64(columns)*cell+2*margin, len(lines)*line+2*margin
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %d" width="%g" height="%d" role="img">`,
		wide, high, wide, high)
	b.WriteString("\n<!-- Made by go generate ./internal/demo. Do not edit it. -->\n")
	fmt.Fprintf(&b, "<title>%s</title>\n<style>%s</style>\n", escape(title), style)
	fmt.Fprintf(&b, `<rect x=".5" y=".5" width="%g" height="%d" rx="8" fill="#0d1117" stroke="#3d444d"/>`, wide-1, high-1)
	b.WriteByte('\n')
	for i, l := range lines {
		if l != "" {
			fmt.Fprintf(&b, "<text y=\"%d\">%s</text>\n", margin+i*line+15, spans(l))
		}
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// spans are the parts of a line, each at the column where it stands and as wide as its columns, whatever font there
// is.
func spans(l string) string {
	var b strings.Builder
	at, class := 0, ""
	put := func(part string) {
		for _, run := range runs(part) {
			columns := render.Columns(run)
			if strings.TrimSpace(run) != "" {
				fmt.Fprintf(&b, `<tspan x="%.1f" textLength="%.1f"%s>%s</tspan>`, margin+float64(at)*cell, float64(columns)*cell,
					classOf(class, columns > utf8.RuneCountInString(run)), escape(run))
			}
			at += columns
		}
	}
	for l != "" {
		m := sgr.FindStringSubmatchIndex(l)
		if m == nil {
			put(l)
			break
		}
		put(l[:m[0]])
		class, l = classes[l[m[2]:m[3]]], l[m[1]:]
	}
	return b.String()
}

// classOf is the attribute for a style. Characters of two columns are a little larger, as there is more room for them.
func classOf(class string, wide bool) string {
	if wide {
		class = strings.TrimSpace(class + " w")
	}
	if class == "" {
		return ""
	}
	return ` class="` + class + `"`
}

// runs cuts a text where characters of one column meet those of two, and leaves out the spaces that it begins with.
func runs(text string) []string {
	var out []string
	last := -1
	for _, r := range text {
		w := render.Columns(string(r))
		if r == ' ' && last < 1 {
			w = 0 // leading spaces are a run of their own
		}
		if w != last {
			out = append(out, "")
			last = w
		}
		out[len(out)-1] += string(r)
	}
	return out
}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return ""
	}
	return b.String()
}
