// Package render shows a Report: as text for a terminal, and in the forms that other programs and people read.
// It knows no cause and no snapshot: all that it shows is in the Report.
//
// What comes from the cluster is hostile until [visible] has made it safe;
// see also law 7 (text from the cluster is hostile).
package render

//go:generate go run ./gen

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
)

// Options of all forms.
type Options struct {
	Lang  string // en or zh
	Width int    // of the terminal in columns; 0 means 80
	Color bool

	Budget int    // of a compact form, in tokens; 0 means DefaultBudget
	More   string // how to ask for more of a problem of a compact form; "" is the command line
}

// Languages that a Report can be shown in.
var Languages = message.Languages

// textOf is what a person reads about a finding: of a report that has no text for its cause, the id.
func textOf(r *diagnose.Report, f *diagnose.Finding) diagnose.Text {
	t := r.Text(f)
	if t.Title == (diagnose.Words{}) {
		t.Title.EN = f.Cause
	}
	return t
}

// Captured says where a snapshot was saved, and what was left out of it.
// With pseudonyms it is said how many names got one.
func Captured(w io.Writer, name string, pseudonyms bool, names int, o Options) error {
	width := o.Width
	if width == 0 {
		width = 80
	}
	then := message.Of("capture.names")
	if pseudonyms {
		then = message.Of("capture.pseudonyms", "n", names)
	}
	done := message.Of("capture.done", "name", Safe(name)).In(o.Lang)
	left := message.Of("capture.left", "then", then).In(o.Lang)
	_, err := fmt.Fprintln(w, done+"\n"+strings.Join(wrap(left, width), "\n"))
	return err
}
