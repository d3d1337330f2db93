package cli

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

// filter says which problems are asked about, and which of them are a failure.
type filter struct {
	causes []string
	ignore []string
	failOn string
}

// What --fail-on may be.
const (
	failAny    = "any"    // whatever is stuck, for a known cause or none
	failLikely = "likely" // a problem, proven or likely
	failProven = "proven" // a problem that is proven
)

var failOns = []string{failProven, failLikely, failAny}

func (s *session) filterFlags(c *cobra.Command) {
	c.Flags().StringSliceVar(&s.filter.causes, "cause", nil, "")
	c.Flags().StringSliceVar(&s.filter.ignore, "ignore", nil, "")
	c.Flags().StringVar(&s.filter.failOn, "fail-on", failAny, "")
	complete(c, "fail-on", failOns...)
	for _, flag := range []string{"cause", "ignore"} {
		must(c.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) (
			completions, cobra.ShellCompDirective) {
			all, err := s.all()
			if err != nil {
				return nil, noFiles
			}
			var out completions
			for _, c := range all {
				out = append(out, cobra.CompletionWithDesc(c.ID, render.Safe(render.Title(c, s.language))))
			}
			return out, noFiles
		}))
	}
}

// checkFilter refuses causes that there are not, here or among some others: who misspells one would take all to be
// well.
func (s *session) checkFilter(others ...string) error {
	if len(s.filter.causes)+len(s.filter.ignore) == 0 {
		return nil
	}
	all, err := s.all()
	if err != nil {
		return err
	}
	known := append(ids(all), others...)
	for _, word := range slices.Concat(s.filter.causes, s.filter.ignore) {
		if id, _, _ := strings.Cut(word, "@"); !slices.Contains(known, id) {
			return failed(message.Of("cli.cause.none", "id", id),
				didYouMean(match.Nearest(id, known), message.Of("cli.cause.list")))
		}
	}
	return nil
}

// of is the filter as a diagnosis takes it.
func (f *filter) of() diagnose.Filter {
	out := diagnose.Filter{Causes: f.causes}
	for _, word := range f.ignore {
		cause, namespace, _ := strings.Cut(word, "@")
		out.Ignore = append(out.Ignore, diagnose.Ignored{Cause: cause, Namespace: namespace})
	}
	return out
}

// fails reports whether what a report says is a failure.
func (f *filter) fails(r *diagnose.Report) bool {
	switch f.failOn {
	case failProven:
		return slices.ContainsFunc(r.Problems, func(p diagnose.Problem) bool { return p.Certainty == diagnose.Proven })
	case failLikely:
		return len(r.Problems) > 0
	}
	return r.Pods.Stuck+r.Pods.Missing+len(r.Problems) > 0 || r.Asked != nil && r.Asked.Short()
}
