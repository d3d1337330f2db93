package causes

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/anonymize"
	"github.com/kubestuck/stuck/internal/casetest"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/dump"
	corev1 "k8s.io/api/core/v1"
)

// TestPseudonyms diagnoses every recording under pseudonyms: what is wrong stays the same,
// and no name of before is left.
func TestPseudonyms(t *testing.T) {
	alone(t)
	dirs, err := filepath.Glob("testdata/captures/*/snapshot.yaml")
	if err != nil || len(dirs) == 0 {
		t.Fatal("there are no recordings")
	}
	cat := catalogue(t)
	keep := Words(All())
	for _, file := range dirs {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			s := read(t, load(t, dir))
			hidden, n, err := anonymize.Pseudonyms(s, keep)
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				t.Error("nothing got a pseudonym")
			}
			if diff := cmp.Diff(gist(diagnose.Run(s, cat, diagnose.Options{})),
				gist(diagnose.Run(hidden, cat, diagnose.Options{}))); diff != "" {
				t.Errorf("before (-) and under pseudonyms (+) differ:\n%s", diff)
			}
			var out bytes.Buffer
			if err := dump.Write(func(string) (io.WriteCloser, error) { return nopCloser{&out}, nil }, hidden); err != nil {
				t.Fatal(err)
			}
			for _, name := range told(s) {
				if keep(name) {
					continue
				}
				if at := regexp.MustCompile(`(?:^|[^0-9A-Za-z])` + regexp.QuoteMeta(name) +
					`(?:[^0-9A-Za-z]|$)`).FindIndex(out.Bytes()); at != nil {
					t.Errorf("%s is left: %q", name, out.Bytes()[max(0, at[0]-60):min(out.Len(), at[1]+60)])
				}
			}
		})
	}
}

// toldByNames are the cases in which the names themselves tell what is wrong: two are alike, or one is what another
// makes of its own; or an address is one of the cluster's; or a network has the name that a node's own one has.
var toldByNames = map[string]bool{"pvc-missing/misnamed.txtar": true, "pod-not-created/held.txtar": true,
	"init-container-waiting/later-peer.txtar": true, "container-crashing/no-api-outside.txtar": true,
	"cni-config-invalid/delegate-default.txtar": true}

// TestPseudonymsOfCases diagnoses every case under pseudonyms: what is wrong stays the same.
func TestPseudonymsOfCases(t *testing.T) {
	alone(t)
	cat, keep := catalogue(t), Words(All())
	files, err := filepath.Glob("*/*.txtar")
	if err != nil || len(files) < 100 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		if toldByNames[file] {
			continue
		}
		c, err := casetest.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := dump.Read(c.Dump(), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		s = withoutLogs(s)
		hidden, _, err := anonymize.Pseudonyms(s, keep)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if diff := cmp.Diff(gist(diagnose.Run(s, cat, diagnose.Options{})),
			gist(diagnose.Run(hidden, cat, diagnose.Options{}))); diff != "" {
			t.Errorf("%s: before (-) and under pseudonyms (+) differ:\n%s", file, diff)
		}
	}
}

// withoutLogs is a snapshot without the logs of containers, which are left out under pseudonyms.
func withoutLogs(s *cluster.Snapshot) *cluster.Snapshot {
	b := cluster.NewBuilder(s.At)
	b.Include(s)
	for _, l := range cluster.Objects[containerlog.ContainerLog](s) {
		b.Remove(cluster.Ref{Kind: "ContainerLog", Namespace: l.Namespace, Name: l.Name})
	}
	for kind, n := range s.Skipped {
		b.Skip(kind, n)
	}
	b.Ignore(s.Ignored)
	return b.Snapshot()
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// gist is what a report says, without any name.
func gist(r *diagnose.Report) []string {
	out := []string{fmt.Sprint(r.Pods, " unexplained ", len(r.Unexplained))}
	for _, p := range r.Problems {
		line := fmt.Sprint(p.Certainty, " ", p.Cause, " ", p.Blame.Kind, " findings ", len(p.Findings), " effects")
		for _, e := range p.Effects {
			line += " " + e.Cause
		}
		for i := range p.Findings {
			line += " " + p.Findings[i].Variant
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// told are the names in a recording that must not be told.
func told(s *cluster.Snapshot) []string {
	var out []string
	for _, p := range cluster.Objects[corev1.Pod](s) {
		if p.Namespace != "kube-system" {
			out = append(out, p.Namespace, p.Name, p.Spec.NodeName, string(p.UID), p.Status.PodIP)
		}
	}
	for _, n := range cluster.Objects[corev1.Node](s) {
		out = append(out, n.Name)
	}
	for _, o := range cluster.Objects[corev1.Secret](s) {
		out = append(out, o.Name)
	}
	for _, o := range cluster.Objects[corev1.PersistentVolumeClaim](s) {
		out = append(out, o.Name, o.Spec.VolumeName)
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(name string) bool { return len(name) < 2 })
}
