package diagnose

import (
	"fmt"
	"testing"

	"github.com/kubestuck/stuck/internal/cluster"
)

func TestFilter(t *testing.T) {
	find := func(cause, namespace, pod string, missing int) Finding {
		f := Finding{Cause: cause, Missing: missing}
		if missing > 0 {
			f.Workload = cluster.Ref{Kind: "Deployment", Namespace: namespace, Name: pod}
		} else {
			f.Pod = cluster.Ref{Kind: "Pod", Namespace: namespace, Name: pod}
			f.Args = map[string]string{"node": "n-" + pod}
		}
		return f
	}
	for _, c := range []struct {
		filter Filter
		want   string // causes with findings; stuck, missing; hidden; unexplained
	}{
		{Filter{}, "[a:2 b:1 c:1] 4 3 {0 0} 1"},
		{Filter{Ignore: []Ignored{{"a", ""}}}, "[b:1 c:1] 3 3 {1 1} 1"},
		{Filter{Ignore: []Ignored{{"a", "shop"}}}, "[a:1 b:1 c:1] 4 3 {1 0} 1"},
		{Filter{Ignore: []Ignored{{"a", "shop"}, {"b", ""}}}, "[a:1 c:1] 3 3 {2 1} 1"},
		{Filter{Ignore: []Ignored{{"c", ""}}}, "[a:2 b:1] 4 0 {1 3} 1"},
		{Filter{Causes: []string{"b"}}, "[b:1] 1 0 {2 6} 0"},
		{Filter{Causes: []string{"x"}}, "[] 0 0 {3 7} 0"},
		{Filter{Namespace: "shop"}, "[a:1 b:1 c:1] 2 3 {1 2} 0"}, // two, and three, whose cause is not known
		{Filter{Namespace: "team"}, "[a:1] 3 0 {3 4} 1"},
		{Filter{Namespace: "none"}, "[] 1 0 {3 6} 0"},
		{Filter{Node: "n-one"}, "[a:1 b:1] 1 0 {2 6} 0"},
		{Filter{Namespace: "team", Node: "n-one"}, "[] 0 0 {3 7} 0"},
	} {
		sign := cluster.Sign{Ref: cluster.Ref{Kind: "Pod", Namespace: "team", Name: "three"}}
		r := &Report{Pods: Pods{Seen: 9, Stuck: 4, Missing: 3}, Unexplained: []cluster.Sign{sign}, Problems: []Problem{
			{Cause: "a", Findings: []Finding{find("a", "shop", "one", 0), find("a", "team", "two", 0)}},
			{Cause: "b", Findings: []Finding{find("b", "shop", "one", 0)}},
			{Cause: "c", Findings: []Finding{find("c", "shop", "web", 3)}}}}
		r.Filter(c.filter)
		var causes []string
		for _, p := range r.Problems {
			causes = append(causes, fmt.Sprintf("%s:%d", p.Cause, len(p.Findings)))
		}
		got := fmt.Sprint(causes, " ", r.Pods.Stuck, " ", r.Pods.Missing,
			" {", r.Hidden.Problems, " ", r.Hidden.Pods, "} ", len(r.Unexplained))
		if got != c.want {
			t.Errorf("%+v: %s, want %s", c.filter, got, c.want)
		}
	}
}
