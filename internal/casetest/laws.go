package casetest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/render"
	corev1 "k8s.io/api/core/v1"
)

// Laws holds a diagnosis of any snapshot against the laws of the design.
func Laws(t *testing.T, s *cluster.Snapshot, c *diagnose.Catalogue) {
	t.Helper()
	before := objects(s)
	r := diagnose.Run(s, c, diagnose.Options{})
	first := shown(t, r)
	if again := shown(t, diagnose.Run(s, c, diagnose.Options{})); !bytes.Equal(first, again) {
		t.Errorf("law 5 (same in, same out): a second diagnosis differs: %s", cmp.Diff(string(first), string(again)))
	}
	if diff := cmp.Diff(before, objects(s)); diff != "" {
		t.Errorf("law 5 (same in, same out): the diagnosis changed the snapshot: %s", diff)
	}
	book := bookOf(r)
	for _, p := range cluster.Objects[corev1.Pod](s) {
		noPodSilent(t, s, p, book)
	}
	evidence(t, s, r)
	harmless(t, r)
}

// objects are the Pods, Nodes and Events as values, to see that nobody writes to them.
func objects(s *cluster.Snapshot) []any {
	var out []any
	for _, p := range cluster.Objects[corev1.Pod](s) {
		out = append(out, p.DeepCopy())
	}
	for _, n := range cluster.Objects[corev1.Node](s) {
		out = append(out, n.DeepCopy())
	}
	for _, e := range cluster.Objects[corev1.Event](s) {
		out = append(out, e.DeepCopy())
	}
	return out
}

func shown(t *testing.T, r *diagnose.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := render.JSON(&b, r, render.Options{Lang: "en"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// book is where each Pod and each sign ended in a report.
type book struct {
	pods     map[cluster.Ref]bool
	starting map[cluster.Ref]bool
	signs    map[string]bool
}

func key(s cluster.Sign) string { return s.Ref.String() + " " + s.Path }

func bookOf(r *diagnose.Report) book {
	b := book{map[cluster.Ref]bool{}, map[cluster.Ref]bool{}, map[string]bool{}}
	for _, p := range r.Problems {
		for _, f := range slices.Concat(p.Findings, p.Effects) {
			b.pods[f.Pod] = true
			for _, e := range f.Evidence {
				b.signs[key(e)] = true
			}
		}
	}
	for _, s := range r.Unexplained {
		b.pods[s.Ref] = true // of a Pod's own signs and its stall
		b.signs[key(s)] = true
	}
	for _, w := range r.Starting {
		b.starting[w.Pod] = true
	}
	return b
}

// noPodSilent holds law 0 (no Pod is silent) and law 1 (nothing is dropped): no Pod that waits is left out,
// and no sign against it.
func noPodSilent(t *testing.T, s *cluster.Snapshot, p *corev1.Pod, b book) {
	t.Helper()
	ref := cluster.RefOf(p)
	signs := diagnose.Signs(s, p)
	if !pod.Waiting(p, s.At) || p.Status.Phase == corev1.PodFailed && signs == nil {
		return
	}
	if b.starting[ref] {
		return
	}
	said := b.pods[ref]
	for _, sign := range signs {
		said = said || b.signs[key(sign)]
		if !sign.Context && !b.signs[key(sign)] {
			t.Errorf("law 1 (nothing is dropped): %s: %s", ref, sign)
		}
	}
	if !said {
		t.Errorf("law 0 (no Pod is silent): %s waits and nothing is said of it", ref)
	}
}

// evidence holds law 2 (nothing is claimed without evidence), which includes that something is absent, and law 4
// (context is no complaint): what is only context stands only where it explains what ails a Pod.
func evidence(t *testing.T, s *cluster.Snapshot, r *diagnose.Report) {
	t.Helper()
	for _, p := range r.Problems {
		for _, f := range slices.Concat(p.Findings, p.Effects) {
			if len(f.Evidence) == 0 {
				t.Errorf("law 2 (nothing is claimed without evidence): %s in %s has no evidence", f.Cause, f.Pod)
			}
			for _, e := range f.Evidence {
				if e.Kind == cluster.SignField && e.Reason == diagnose.IsAbsent && !absent(s, e.Message) {
					t.Errorf("law 2 (nothing is claimed without evidence): %s in %s: %s is not known to be absent", f.Cause, f.Pod,
						e.Message)
				}
			}
		}
		for _, f := range p.Findings {
			own := slices.ContainsFunc(f.Evidence, func(e cluster.Sign) bool { return !e.Context })
			ails := slices.ContainsFunc(p.Effects, func(e diagnose.Finding) bool { return e.Pod == f.Pod })
			if !own && !ails {
				t.Errorf("law 4 (context is no complaint): %s in %s rests on its surroundings alone", f.Cause, f.Pod)
			}
		}
	}
}

// absent reports whether an object, named as Ref.String does, is known not to be there.
func absent(s *cluster.Snapshot, named string) bool {
	kind, rest, _ := strings.Cut(named, " ")
	namespace, name, ok := strings.Cut(rest, "/")
	if !ok {
		namespace, name = "", rest
	}
	return s.Absent(cluster.Ref{Kind: kind, Namespace: namespace, Name: name})
}

// harmless holds law 7 (text from the cluster is hostile): nothing that a terminal would act on gets through,
// in either language.
func harmless(t *testing.T, r *diagnose.Report) {
	t.Helper()
	for _, lang := range []string{"en", "zh"} {
		var b bytes.Buffer
		if err := render.Text(&b, r, render.Options{Lang: lang}); err != nil {
			t.Fatal(err)
		}
		for _, c := range b.String() {
			if c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == unicode.ReplacementChar) {
				t.Errorf("law 7 (text from the cluster is hostile): %s lets %s through", lang, fmt.Sprintf("%U", c))
				break
			}
		}
	}
}
