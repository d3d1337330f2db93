package causes

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubestuck/stuck/internal/casefile"
	"github.com/kubestuck/stuck/internal/casetest"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// TestRecordings diagnoses what a real cluster said under real faults: the true cause, and what is truly to blame, must
// stand first, and all that is found is what testdata/found says.
func TestRecordings(t *testing.T) {
	f, err := os.Open("testdata/captures/TRUTH.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = '\t'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cat := catalogue(t)
	for _, row := range rows[1:] {
		t.Run(row[0], func(t *testing.T) {
			rep := diagnose.Run(read(t, load(t, filepath.Join("testdata/captures", row[0]))), cat, diagnose.Options{})
			holdTruth(t, rep, strings.Split(row[1], "|"), row[2])
			casetest.SameFile(t, filepath.Join("testdata/found", row[0]+".txt"), casefile.Found(rep))
		})
	}
}

func holdTruth(t *testing.T, r *diagnose.Report, causes []string, blame string) {
	t.Helper()
	if causes[0] == "none" {
		if len(r.Problems) > 0 || r.Pods.Stuck > 0 {
			t.Errorf("%d problems where all is well", len(r.Problems))
		}
		return
	}
	if len(r.Problems) == 0 {
		t.Fatalf("no problem, want %v", causes)
	}
	if p := r.Problems[0]; !slices.Contains(causes, p.Cause) ||
		blame != "" && !slices.Contains(strings.Split(blame, "|"), slashed(p.Blame)) {
		t.Errorf("%s blames %s, want %v blaming %s", p.Cause, slashed(p.Blame), causes, blame)
	}
}

// slashed is the form of a Ref in TRUTH.tsv: Kind/namespace/name, or Kind/name.
func slashed(r cluster.Ref) string {
	if r.Namespace == "" {
		return r.Kind + "/" + r.Name
	}
	return r.Kind + "/" + r.Namespace + "/" + r.Name
}
