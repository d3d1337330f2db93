package diagnose_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/dump"
)

// TestMinorGaps has what the role view cannot read stand last and be counted where it decides nothing of what is stuck:
// everything where the cause is proven, what belongs to other stages where it is not.
func TestMinorGaps(t *testing.T) {
	gap := func(resource, question string) string {
		return `- {code: gap.kind, args: {resource: ` + resource + `, question: {code: ` + question + `}, ` +
			`why: {code: verbatim, args: {text: forbidden}}}, what: x, why: forbidden}` + "\n"
	}
	info := `apiVersion: stuck.dev/v1alpha1
kind: SnapshotInfo
at: "2026-03-02T11:00:00Z"
complete: [{kind: Event}]
gaps:
` + gap("resourcequotas", "question.refused") + gap("deployments", "question.wanted") + gap("nodes", "question.node") +
		gap("secrets", "question.secret")
	said := `---
apiVersion: v1
kind: Event
metadata: {name: api.1, namespace: shop}
involvedObject: {kind: Pod, namespace: shop, name: api, uid: u-1}
type: Warning
reason: FailedMount
lastTimestamp: "2026-03-02T10:59:00Z"
message: 'MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found'
`
	for name, c := range map[string]struct {
		pods  string
		minor []string
	}{
		"nothing is known": {pod("api", "u-1"), []string{"resourcequotas"}},
		"it is proven":     {pod("api", "u-1") + said, []string{"resourcequotas", "nodes", "secrets"}},
	} {
		s, err := dump.Read(fstest.MapFS{"snapshot.yaml": {Data: []byte(info)}, "pods.yaml": {Data: []byte(c.pods)}},
			time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		cat, err := diagnose.NewCatalogue(causes.All())
		if err != nil {
			t.Fatal(err)
		}
		r := diagnose.Run(s, cat, diagnose.Options{})
		var got []string
		for _, g := range r.Gaps[len(r.Gaps)-r.MinorGaps:] {
			got = append(got, g.What.Args["resource"].(string))
		}
		if len(got) != len(c.minor) || len(r.Gaps) != 4 {
			t.Errorf("%s: %v cannot matter, want %v; %v", name, got, c.minor, r.Gaps)
		}
	}
}
