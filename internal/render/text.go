package render

import (
	"fmt"
	"io"

	"github.com/kubestuck/stuck/internal/diagnose"
)

// Text writes the Report for a terminal.
func Text(w io.Writer, r *diagnose.Report, o Options) error {
	for _, p := range r.Problems {
		t := r.Text(&p, o.Lang)
		fmt.Fprintf(w, "%s (%d)\n  %s\n", t.Title, p.Pods(), t.Why)
	}
	return nil
}
