package cli

import (
	"testing"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
)

// TestGapNews tells of a gap once, however often it comes and goes, and of all that changes in what is followed.
func TestGapNews(t *testing.T) {
	facts := func(n int) cluster.Gap {
		return cluster.Gap{What: message.Of("gap.facts", "node", "n1", "facts", "logs", "n", n)}
	}
	kind := func(question message.Message) cluster.Gap {
		return cluster.Gap{What: message.Of("gap.kind", "resource", "pods", "question", question)}
	}
	nodes, lost := kind(message.Of("question.node")), kind(message.Of("question.changes", "time", "10:00:00 UTC"))
	var n gapNews
	for i, c := range []struct {
		gaps []cluster.Gap
		news bool
	}{
		{nil, false}, {[]cluster.Gap{facts(1)}, true}, {nil, false}, {[]cluster.Gap{facts(2)}, false},
		{[]cluster.Gap{nodes}, true}, {nil, false}, {[]cluster.Gap{nodes, facts(1)}, false},
		{[]cluster.Gap{lost}, true}, {[]cluster.Gap{lost, nodes}, false}, {nil, true}, {[]cluster.Gap{lost}, true},
	} {
		if got := n.next(&diagnose.Report{Gaps: c.gaps}); got != c.news {
			t.Errorf("%d: news %v, want %v", i, got, c.news)
		}
	}
}
