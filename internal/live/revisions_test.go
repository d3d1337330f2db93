package live

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"
)

// recordCase makes a server that holds the objects of a case.
func recordCase(t *testing.T, file string) *server {
	t.Helper()
	a, err := txtar.ParseFile("../causes/" + file)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{objects: map[string][]map[string]any{}}
	for _, f := range a.Files {
		if !strings.HasSuffix(f.Name, ".yaml") || f.Name == "snapshot.yaml" {
			continue
		}
		for _, doc := range strings.Split(string(f.Data), "\n---\n") {
			var o map[string]any
			if err := yaml.Unmarshal([]byte(doc), &o); err != nil {
				t.Fatal(err)
			}
			k := cluster.KindOf(o["kind"].(string))
			s.objects[k.Resource()] = append(s.objects[k.Resource()], o)
		}
	}
	return s
}

// TestWhatChangedIsRead asks for a Deployment's revisions when a Pod of it is stuck: two requests tell what was changed
// and by whom, and where they are refused the rest of the answer is the same.
func TestWhatChangedIsRead(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 10, 0, 0, time.UTC)
	c, err := diagnose.NewCatalogue(causes.All())
	if err != nil {
		t.Fatal(err)
	}
	for _, forbidden := range [][]string{nil, {"replicasets", "deployments"}} {
		s := recordCase(t, "container-crashing/changed.txtar")
		s.forbidden = forbidden
		snap, err := collect(t, s, Scope{Namespace: "shop"}, at)
		if err != nil {
			t.Fatal(err)
		}
		r := diagnose.Run(snap, c, diagnose.Options{})
		if len(r.Problems) != 1 || len(s.asked) > 13 {
			t.Fatalf("%d problems after %v", len(r.Problems), s.asked)
		}
		switch u := r.Problems[0].Findings[0].Update; {
		case forbidden != nil && (u != nil || len(r.Gaps) < 2):
			t.Errorf("what may not be read was read, or is no gap: %v", r.Gaps)
		case forbidden == nil && (u == nil || u.By != "kubectl-edit" || !u.Running || u.Earlier != 7):
			t.Errorf("got %+v", u)
		}
	}
}

// TestWhoChangesPodsIsRead asks for webhooks only where a Pod is not as its template says.
func TestWhoChangesPodsIsRead(t *testing.T) {
	for file, want := range map[string]bool{"container-crashing/drift-webhook.txtar": true,
		"container-crashing/changed.txtar": false} {
		s := recordCase(t, file)
		namespace := "shop"
		if want {
			namespace = "sg-s-mutating-limits"
		}
		snap, err := collect(t, s, Scope{Namespace: namespace}, time.Date(2026, 11, 28, 12, 21, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		asked := slices.ContainsFunc(s.asked, func(uri string) bool {
			return strings.Contains(uri, "/mutatingwebhookconfigurations")
		})
		if there := len(snap.OfKind("MutatingWebhookConfiguration")) > 0; asked != want || there != want {
			t.Errorf("%s: asked %v, there %v: %v", file, asked, there, s.asked)
		}
	}
}
