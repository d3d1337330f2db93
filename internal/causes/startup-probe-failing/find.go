// Package startupprobefailing finds containers that run and have not passed their startup probe.
package startupprobefailing

import "github.com/kubestuck/stuck/internal/diagnose"

// Find reports the probe as it is set, and what it was answered.
func Find(p *diagnose.Pass) { p.ReportProbes("startupProbe") }
