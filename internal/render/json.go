// Package render shows a Report: as text for a terminal, as JSON or YAML for programs.
// It knows no cause and no snapshot: all that it shows is in the Report.
package render

import (
	"encoding/json"
	"io"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Options of all forms.
type Options struct {
	Lang  string // en or zh
	Width int    // of the terminal in columns; 0 means 80
	Color bool
}

// document is the JSON form of a Report: stuck.dev/v1alpha1. Fields are only ever added.
type document struct {
	APIVersion  string            `json:"apiVersion"`
	Kind        string            `json:"kind"`
	At          time.Time         `json:"at"`
	Problems    []problem         `json:"problems"`
	Unexplained []cluster.Sign    `json:"unexplained"`
	Starting    []diagnose.Waiter `json:"starting"`
	Gaps        []cluster.Gap     `json:"gaps"`
	Pods        diagnose.Pods     `json:"pods"`
}

type problem struct {
	diagnose.Problem
	Title   string          `json:"title"`
	Why     string          `json:"why"`
	Confirm []diagnose.Step `json:"confirm"`
	Fix     []diagnose.Step `json:"fix"`
}

// JSON writes the Report as JSON.
func JSON(w io.Writer, r *diagnose.Report, o Options) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(documentOf(r, o))
}

func documentOf(r *diagnose.Report, o Options) document {
	d := document{APIVersion: "stuck.dev/v1alpha1", Kind: "Report", At: r.At, Problems: []problem{},
		Unexplained: append([]cluster.Sign{}, r.Unexplained...), Starting: append([]diagnose.Waiter{}, r.Starting...), Gaps: append([]cluster.Gap{}, r.Gaps...), Pods: r.Pods}
	for _, p := range r.Problems {
		t := r.Text(&p, o.Lang)
		p.Effects = append([]diagnose.Finding{}, p.Effects...)
		d.Problems = append(d.Problems, problem{p, t.Title, t.Why, t.Confirm, t.Fix})
	}
	return d
}
