// Package readinessprobefailing finds containers that run and have not passed their readiness probe.
package readinessprobefailing

import "github.com/kubestuck/stuck/internal/diagnose"

// Find reports the probe as it is set, and what it was answered.
func Find(p *diagnose.Pass) { p.ReportProbes("readinessProbe") }
