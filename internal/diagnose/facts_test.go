package diagnose

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/dump"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

// full is a catalogue of two causes: one that a sentence proves, one that only facts do.
func full(t *testing.T) *Catalogue {
	t.Helper()
	c, err := NewCatalogue([]*Cause{
		{ID: "disk", Stage: pod.StageSandbox, Blame: "Node", Certainty: Proven,
			Signs: []match.Pattern{{Message: "no space left"}},
			Hints: []match.Pattern{{Message: "slow disk"}}},
		{ID: "net", Stage: pod.StageNetwork, Blame: "Node", Certainty: Proven,
			Signs: []match.Pattern{{Message: "no network"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	header = `{apiVersion: stuck.dev/v1alpha1, kind: SnapshotInfo, at: "2026-01-02T03:50:00Z", complete: [{kind: Event}]}
`
	stuckPod = `
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, uid: u-api, creationTimestamp: "2026-01-02T03:00:00Z"}
spec: {nodeName: n1, containers: [{name: app}]}
status:
  phase: Pending
  startTime: "2026-01-02T03:00:01Z"
  containerStatuses: [{name: app, state: {waiting: {reason: ContainerCreating}}}]
---
apiVersion: v1
kind: Pod
metadata: {name: ok, namespace: shop, uid: u-ok}
spec: {nodeName: n2, containers: [{name: app}]}
status: {phase: Running, containerStatuses: [{name: app, state: {running: {}}}]}
`
	failing = `
apiVersion: v1
kind: Event
metadata: {name: api.1, namespace: shop}
involvedObject: {kind: Pod, namespace: shop, name: api, uid: u-api}
type: Warning
reason: FailedCreatePodSandBox
firstTimestamp: "2026-01-02T03:01:00Z"
lastTimestamp: "2026-01-02T03:48:00Z"
message: there is no network
`
	pulling = `
apiVersion: v1
kind: Event
metadata: {name: api.2, namespace: shop}
involvedObject: {kind: Pod, namespace: shop, name: api, uid: u-api}
type: Normal
reason: Pulling
firstTimestamp: "2026-01-02T03:49:00Z"
lastTimestamp: "2026-01-02T03:49:00Z"
message: Pulling image
`
)

// facts are those of a node, read at a time, with a line about Pod api.
func facts(node, at string, more ...string) string {
	return strings.Join(append([]string{`
apiVersion: stuck.dev/v1alpha1
kind: NodeFacts
metadata: {name: ` + node + `}
at: "` + at + `"
source: agent
logs:
- {component: containerd, podUID: u-api, message: no space left on device, count: 3,
  first: "2026-01-02T03:40:00Z", last: "2026-01-02T03:48:00Z"}`}, more...), "\n") + "\n"
}

func diagnosis(t *testing.T, c *Catalogue, objects ...string) *Report {
	t.Helper()
	s, err := dump.Read(fstest.MapFS{"snapshot.yaml": {Data: []byte(header)},
		"all.yaml": {Data: []byte(strings.Join(objects, "---"))}}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return Run(s, c, Options{})
}

// summary is a report in short: "cause certainty <- evidence" for each finding, what is unexplained, and the gaps.
func summary(r *Report) []string {
	var out []string
	place := func(s cluster.Sign) string { return s.Ref.Kind + "." + s.Path }
	for _, p := range r.Problems {
		for _, f := range slices.Concat(p.Findings, p.Effects) {
			line := f.Cause + " " + f.Certainty + " <-"
			for _, e := range f.Evidence {
				line += " " + place(e)
			}
			out = append(out, line)
		}
	}
	for _, s := range r.Unexplained {
		out = append(out, "? "+place(s))
	}
	for _, g := range r.Gaps {
		out = append(out, "gap "+g.What.String())
	}
	return out
}

func TestFacts(t *testing.T) {
	stall := "? Pod.status.containerStatuses[0].state.waiting.reason"
	unread := `unread: [{path: memory, why: "open /proc/meminfo: permission denied"}]`
	for name, c := range map[string]struct {
		objects []string
		want    []string
	}{
		"a line about a silent Pod proves": {[]string{stuckPod, facts("n1", "2026-01-02T03:49:30Z")},
			[]string{"disk proven <- NodeFacts.logs[0].message"}},
		"where Events speak a line is context": {[]string{stuckPod, failing, facts("n1", "2026-01-02T03:49:30Z")},
			[]string{"net proven <- Event.message"}},
		"what was before progress is over": {[]string{stuckPod, pulling, facts("n1", "2026-01-02T03:49:30Z")},
			[]string{stall}},
		"lines of another node": {[]string{stuckPod, facts("n2", "2026-01-02T03:49:30Z")},
			[]string{stall}},
		"ten minutes are not too old": {[]string{stuckPod, facts("n1", "2026-01-02T03:40:00Z")},
			[]string{"disk proven <- NodeFacts.logs[0].message"}},
		"old facts are not used, and that is said": {[]string{stuckPod, facts("n1", "2026-01-02T03:30:00Z")},
			[]string{stall, "gap facts of node n1: they are of another time, so they were not used"}},
		"facts of tomorrow are not used either": {[]string{stuckPod, facts("n1", "2026-01-02T05:00:00Z")},
			[]string{stall, "gap facts of node n1: they are of another time, so they were not used"}},
		"by a clock that is known to be 20 minutes behind": {[]string{stuckPod,
			facts("n1", "2026-01-02T03:30:00Z", "clock: {offsetMillis: -1200000}")},
			[]string{"disk proven <- NodeFacts.logs[0].message"}},
		"what could not be read is a gap": {[]string{stuckPod, failing, facts("n1", "2026-01-02T03:49:30Z", unread)},
			[]string{"net proven <- Event.message", "gap facts of node n1: memory is not known"}},
		"but not of a node that no stuck Pod is on": {[]string{stuckPod, failing,
			facts("n2", "2026-01-02T03:49:30Z", unread)}, []string{"net proven <- Event.message"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, summary(diagnosis(t, full(t), c.objects...))); diff != "" {
				t.Errorf("want (-), got (+):\n%s", diff)
			}
		})
	}
}

func TestKnows(t *testing.T) {
	c := full(t)
	for line, want := range map[string]bool{
		`E0102 03:04:05.678901 1 kubelet.go:1] "Failed" err="write /x: No Space Left on device"`: true,
		"a slow disk": false, // a hint proves nothing
		"all is well": false,
		"":            false,
	} {
		if got := c.Knows(line); got != want {
			t.Errorf("Knows(%q) = %t", line, got)
		}
	}
}

func TestAmount(t *testing.T) {
	for n, want := range map[int64]string{-1: "-1 B", 0: "0 B", 1023: "1023 B", 1024: "1 KiB", 1536: "1.5 KiB",
		1 << 20: "1 MiB", 41016094720: "38.2 GiB", 107374182400: "100 GiB",
		1023<<20 + 1<<19: "1 GiB", 1<<63 - 1: "8 EiB"} {
		if got := Amount(n); got != want {
			t.Errorf("Amount(%d) = %s, want %s", n, got, want)
		}
	}
}

// TestProof is what a Find does with facts: it proves by them what other causes only hint at, or rules a cause out.
func TestProof(t *testing.T) {
	event := func(message string) string { return strings.Replace(failing, "there is no network", message, 1) }
	late := facts("n1", "2026-01-02T03:49:30Z")
	for name, c := range map[string]struct {
		find    func(*Pass)
		objects []string
		want    []string
	}{
		"a hint is likely": {func(*Pass) {}, []string{stuckPod, event("slow disk"), late},
			[]string{"disk likely <- Event.message"}},
		"a fact proves it": {func(p *Pass) {
			p.Prove(p.Hints(), Finding{Evidence: []cluster.Sign{p.CiteFact("source", "agent")}})
		},
			[]string{stuckPod, event("slow disk"), late}, []string{"disk proven <- Event.message NodeFacts.source"}},
		"a fact fits it": {func(p *Pass) { p.Support(p.CiteFact("source", "agent")) },
			[]string{stuckPod, event("slow disk"), late}, []string{"disk likely <- Event.message NodeFacts.source"}},
		"facts rule it out": {func(p *Pass) {
			if p.Later() != nil {
				p.RuleOut()
			}
		}, []string{stuckPod, event("slow disk"), late}, []string{"? Event.message"}},
		"facts from before the failure do not": {func(p *Pass) {
			if p.Later() != nil {
				p.RuleOut()
			}
		}, []string{stuckPod, event("slow disk"), facts("n1", "2026-01-02T03:47:00Z")},
			[]string{"disk likely <- Event.message"}},
		"a fact alone is no complaint where something else is said": {func(p *Pass) {
			p.Prove(nil, Finding{Evidence: []cluster.Sign{p.CiteFact("source", "agent")}})
		},
			[]string{stuckPod, event("no network"), late}, []string{"net proven <- Event.message"}},
		"a silent Pod makes it likely": {func(p *Pass) {
			p.Prove(nil, Finding{Evidence: []cluster.Sign{p.CiteFact("source", "agent")}})
		},
			[]string{stuckPod, strings.ReplaceAll(late, "u-api", "u-other")},
			[]string{"disk likely <- NodeFacts.source Pod.status.containerStatuses[0].state.waiting.reason"}},
		"the words of another cause": {func(p *Pass) {
			p.Prove(p.MatchesOf("net"), Finding{Evidence: []cluster.Sign{p.CiteFact("source", "agent")}})
		},
			[]string{stuckPod, event("no network"), late},
			[]string{"disk proven <- Event.message NodeFacts.source", "net proven <- Event.message"}},
		"near in time": {func(p *Pass) {
			for _, at := range []string{"2026-01-02T02:50:00Z", "2026-01-02T02:52:00Z", "2026-01-02T03:20:00Z",
				"2026-01-02T03:58:00Z", "2026-01-02T03:59:00Z"} {
				when, _ := time.Parse(time.RFC3339, at)
				if ms := p.NearAny(p.Hints(), when); len(ms) > 0 {
					p.Prove(ms, Finding{Evidence: []cluster.Sign{p.CiteFact(at[11:16], "")}})
				}
			}
		}, []string{stuckPod, event("slow disk"), late},
			[]string{"disk proven <- Event.message NodeFacts.02:52 NodeFacts.03:20 NodeFacts.03:58"}},
	} {
		t.Run(name, func(t *testing.T) {
			cat := full(t)
			cat.Cause("disk").Find = c.find
			if diff := cmp.Diff(c.want, summary(diagnosis(t, cat, c.objects...))); diff != "" {
				t.Errorf("want (-), got (+):\n%s", diff)
			}
		})
	}
}
