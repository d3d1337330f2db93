package cluster

import (
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestFlood adds far more Events about one Pod than any has, among them a few of another reason, which stay; so do all
// about another Pod. What is dropped is said.
func TestFlood(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	b := NewBuilder(start)
	event := func(i int, pod, reason string) {
		b.Add("Event", &corev1.Event{
			ObjectMeta:     metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprintf("%s.%s.%d", pod, reason, i)},
			InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "shop", Name: pod},
			Reason:         reason, LastTimestamp: metav1.NewTime(start.Add(time.Duration(i) * time.Second))})
	}
	for i := range 3 {
		event(i, "web", "FailedMount")
	}
	for i := range 10 * maxEvents {
		event(i, "web", fmt.Sprint("Noise", i%7))
		if i < maxEvents {
			event(i, "api", "BackOff")
		}
	}
	s := b.Snapshot()
	kept := map[string]int{}
	web := s.EventsAbout(Ref{"Pod", "shop", "web"}, nil)
	for _, e := range web {
		kept[e.Reason]++
	}
	if len(web) != maxEvents || kept["FailedMount"] != 3 || kept["Noise0"] < maxEvents/8 {
		t.Errorf("of web %d Events were kept: %v", len(web), kept)
	}
	if newest := web[len(web)-1].LastTimestamp.Time; !newest.Equal(start.Add((10*maxEvents - 1) * time.Second)) {
		t.Errorf("the newest is of %v", newest)
	}
	if n := len(s.EventsAbout(Ref{"Pod", "shop", "api"}, nil)); n != maxEvents {
		t.Errorf("of api %d Events were kept", n)
	}
	if len(s.Gaps) != 1 || s.Gaps[0].What.String() != "4503 of the Events about Pod shop/web" {
		t.Errorf("gaps %v", s.Gaps)
	}
}
