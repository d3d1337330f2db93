package page

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
)

// twoProblems is a report of two problems in two namespaces, and a Pod that is stuck for no known cause.
func twoProblems() *diagnose.Report {
	find := func(cause, namespace, node string) diagnose.Problem {
		blame := cluster.Ref{Kind: "Secret", Namespace: namespace, Name: "x"}
		return diagnose.Problem{Cause: cause, Certainty: diagnose.Proven, Blame: blame, Findings: []diagnose.Finding{{
			Cause: cause, Certainty: diagnose.Proven, Blame: blame, Args: map[string]string{"node": node},
			Pod: cluster.Ref{Kind: "Pod", Namespace: namespace, Name: "p"}}}}
	}
	return &diagnose.Report{At: time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC),
		Pods:        diagnose.Pods{Seen: 9, Stuck: 3},
		Problems:    []diagnose.Problem{find("secret-missing", "shop", "n1"), find("image-missing", "team", "n2")},
		Unexplained: []cluster.Sign{{Ref: cluster.Ref{Kind: "Pod", Namespace: "team", Name: "odd"}, Message: "odd"}}}
}

// The address says which part of the answer a page shows; the page says how much it leaves out, and what else there is.
func TestServedPart(t *testing.T) {
	for query, want := range map[string]struct {
		causes, verdict string
	}{
		"":                            {"secret-missing image-missing", "2 problems block 2 of 9 Pods"},
		"namespace=shop":              {"secret-missing", "1 problem blocks 1 of 9 Pods; not shown: 1 problem, 2 Pods"},
		"node=n2":                     {"image-missing", "1 problem blocks 1 of 9 Pods; not shown: 1 problem, 2 Pods"},
		"cause=image-missing&lang=zh": {"image-missing", "未显示：1 个问题"},
		"namespace=shop&node=n2":      {"", "not shown: 2 problems, 3 Pods"},
	} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		page := string(Served(twoProblems(), PartOf(q), "en", true))
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		causes, selected := "", url.Values{}
		for n := range doc.Descendants() {
			switch {
			case n.Data == "dd" && n.FirstChild != nil && strings.HasSuffix(n.FirstChild.Data, "-missing"):
				causes += " " + n.FirstChild.Data
			case n.Data == "option" && attr(n, "selected") == "there":
				selected.Set(attr(n.Parent, "name"), attr(n, "value"))
			case n.Data == "input" && attr(n, "checked") == "there" && attr(n, "value") == "zh":
				selected.Set("lang", "zh")
			case n.Data == "a" && attr(n, "id") == "fresh" && attr(n, "href") != "?"+q.Encode():
				t.Errorf("%s: another page is at %s", query, attr(n, "href"))
			}
		}
		if strings.TrimSpace(causes) != want.causes || !strings.Contains(page, want.verdict) {
			t.Errorf("%s: %s, want %s, and %s", query, causes, want.causes, want.verdict)
		}
		if selected.Encode() != q.Encode() {
			t.Errorf("%s: what is chosen is shown as %s", query, selected.Encode())
		}
		for _, choice := range []string{"value=\"shop\"", "value=\"team\"", "value=\"n1\"", "value=\"image-missing\""} {
			if !strings.Contains(page, choice) {
				t.Errorf("%s: there is no %s to choose", query, choice)
			}
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Val == "" {
			return "there"
		} else if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// A page finds in a newer state what is different: the ids and editions of both are the same where nothing is.
func TestState(t *testing.T) {
	stateOf := func(r *diagnose.Report, p Part) state {
		var s state
		if err := json.Unmarshal(State(r, p), &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := stateOf(twoProblems(), Part{})
	r := twoProblems()
	page := string(Served(r, Part{}, "en", true))
	for id, edition := range before.Problems {
		if !strings.Contains(page, `id="p-`+id+`"`) || !strings.Contains(page, `data-edition="`+edition+`"`) {
			t.Errorf("the page has no problem %s of edition %s", id, edition)
		}
	}
	if len(before.Problems) != 2 || !strings.Contains(page, `data-rest="`+before.Rest+`"`) {
		t.Errorf("the page does not know the state %+v", before)
	}
	r.At = r.At.Add(time.Minute) // time alone is no news
	if got := stateOf(r, Part{}); !cmp.Equal(got.Problems, before.Problems) || got.Rest != before.Rest ||
		got.At != before.At+60_000 || got.AsOf[0] != "As of 2026-11-23 09:31:00 UTC" || got.Old[0] != "" {
		t.Errorf("a minute later: %+v, before %+v", got, before)
	}
	one := r.Problems[0].Findings[0]
	one.Pod.Name = "other"
	r.Problems[0].Findings = append(r.Problems[0].Findings, one)
	r.Unexplained = nil
	r.Gaps = []cluster.Gap{{What: message.Of("gap.kind", "resource", "pods", "question",
		message.Of("question.changes", "time", "09:30"))}}
	got := stateOf(r, Part{})
	id := r.Problems[0].ID()
	if got.Problems[id] == before.Problems[id] || len(got.Problems) != 2 || got.Rest == before.Rest || got.Old[0] == "" ||
		got.Old[1] == "" {
		t.Errorf("with another Pod, and a server that is gone: %+v, before %+v", got, before)
	}
	if got := stateOf(r, Part{Namespace: "team"}); len(got.Problems) != 1 || got.Problems[id] != "" {
		t.Errorf("of a namespace: %+v", got)
	}
}

// An answer that stays as it is says nothing of being current.
func TestServedOnce(t *testing.T) {
	page := string(Served(twoProblems(), Part{}, "en", false))
	if strings.Contains(page, "id=fresh") || strings.Contains(page, "role=alert") || !strings.Contains(page, "id=filter") {
		t.Error("a saved answer is shown as one that changes, or cannot be filtered")
	}
	if n := len(Served(&diagnose.Report{}, Part{}, "en", true)); n > 60_000 {
		t.Errorf("a page without data has %d bytes", n)
	}
}
