package dump

import (
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestReadEventsOfEveryForm(t *testing.T) {
	first, last := metav1.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), metav1.Date(2026, 1, 2, 3, 9, 5, 0, time.UTC)
	const about = "{kind: Pod, namespace: shop, name: a, uid: u1}"
	for _, c := range []struct {
		name, text string
		last       metav1.Time
		count      int32
	}{
		{"core/v1, timestamps", `
apiVersion: v1
kind: Event
metadata: {name: e, namespace: shop, creationTimestamp: "2026-01-02T03:04:05Z"}
involvedObject: ` + about + `
firstTimestamp: "2026-01-02T03:04:05Z"
lastTimestamp: "2026-01-02T03:09:05Z"
count: 7
reason: FailedMount
message: it broke
type: Warning
source: {component: kubelet, host: n1}
`, last, 7},
		{"core/v1, eventTime", `
apiVersion: v1
kind: Event
metadata: {name: e, namespace: shop}
involvedObject: ` + about + `
eventTime: "2026-01-02T03:04:05.999999Z"
firstTimestamp: null
lastTimestamp: null
reason: FailedMount
message: it broke
type: Warning
reportingComponent: kubelet
`, first, 1},
		{"core/v1, series", `
apiVersion: v1
kind: Event
metadata: {name: e, namespace: shop}
involvedObject: ` + about + `
eventTime: "2026-01-02T03:04:05.000001Z"
series: {count: 7, lastObservedTime: "2026-01-02T03:09:05.500000Z"}
reason: FailedMount
message: it broke
type: Warning
reportingComponent: kubelet
`, last, 7},
		{"core/v1, created only", `
apiVersion: v1
kind: Event
metadata: {name: e, namespace: shop, creationTimestamp: "2026-01-02T03:04:05Z"}
involvedObject: ` + about + `
reason: FailedMount
message: it broke
type: Warning
source: {component: kubelet}
`, first, 1},
		{"events.k8s.io/v1, timestamps", `
apiVersion: events.k8s.io/v1
kind: Event
metadata: {name: e, namespace: shop}
regarding: ` + about + `
deprecatedFirstTimestamp: "2026-01-02T03:04:05Z"
deprecatedLastTimestamp: "2026-01-02T03:09:05Z"
deprecatedCount: 7
deprecatedSource: {component: kubelet}
eventTime: null
reason: FailedMount
note: it broke
type: Warning
`, last, 7},
		{"events.k8s.io/v1, eventTime", `
apiVersion: events.k8s.io/v1
kind: Event
metadata: {name: e, namespace: shop}
regarding: ` + about + `
eventTime: "2026-01-02T03:04:05.999999Z"
reason: FailedMount
note: it broke
type: Warning
reportingController: kubelet
`, first, 1},
		{"events.k8s.io/v1, series", `
apiVersion: events.k8s.io/v1
kind: Event
metadata: {name: e, namespace: shop}
regarding: ` + about + `
eventTime: "2026-01-02T03:04:05.000001Z"
series: {count: 7, lastObservedTime: "2026-01-02T03:09:05.500000Z"}
reason: FailedMount
note: it broke
type: Warning
reportingController: kubelet
`, last, 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := mustRead(t, map[string]string{"e.yaml": c.text})
			all := s.EventsAbout(cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "a"}, nil)
			if len(all) != 1 {
				t.Fatalf("%d Events, gaps %q", len(all), gaps(s))
			}
			e := all[0]
			expect(t, "first", e.FirstTimestamp.UTC(), first.UTC())
			expect(t, "last", e.LastTimestamp.UTC(), c.last.UTC())
			expect(t, "count", e.Count, c.count)
			expect(t, "said", []string{e.APIVersion, e.Reason, e.Message, e.Type, e.Source.Component},
				[]string{"v1", "FailedMount", "it broke", "Warning", "kubelet"})
		})
	}
}

func TestReadOneEventOfTwoAPIsOnce(t *testing.T) {
	core := func(name, uid string) string {
		return "apiVersion: v1\nkind: Event\nmetadata: {name: " + name + ", namespace: shop, uid: " + uid +
			"}\nmessage: it broke\n---\n"
	}
	events := func(name, uid string) string {
		return "apiVersion: events.k8s.io/v1\nkind: Event\nmetadata: {name: " + name + ", namespace: shop, uid: " + uid +
			"}\nnote: it broke\n---\n"
	}
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"same name", core("e", "u1") + events("e", "u1"), 1},
		{"same name, no UID", core("e", `""`) + events("e", `""`), 1},
		{"same UID", events("e", "u1") + core("f", "u1"), 1},
		{"other Events", core("e", "u1") + events("f", "u2"), 2},
		{"no UID, other names", core("e", `""`) + events("f", `""`), 2},
		{"one API, same UID by mistake", core("e", "u1") + core("f", "u1"), 2},
	} {
		if got := cluster.Objects[corev1.Event](mustRead(t, map[string]string{"e.yaml": c.text})); len(got) != c.want {
			t.Errorf("%s: %d Events, want %d", c.name, len(got), c.want)
		}
	}
}
