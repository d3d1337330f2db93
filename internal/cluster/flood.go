package cluster

import (
	"cmp"
	"maps"
	"slices"

	"github.com/kubestuck/stuck/internal/message"
	corev1 "k8s.io/api/core/v1"
)

// maxEvents is how many Events about one object are kept. A cluster joins those that are alike, so that an object has a
// few dozen; whoever may make Events may make any number.
const maxEvents = 500

// A flood is what an object has in Events while they are added.
type flood struct {
	events  []*corev1.Event
	dropped int
}

// eventSubject is what an Event is about.
func eventSubject(e *corev1.Event) Ref {
	about := Ref{e.InvolvedObject.Kind, e.InvolvedObject.Namespace, e.InvolvedObject.Name}
	if !namespaced(about.Kind) {
		about.Namespace = "" // recorders put Events about cluster-scoped objects under "default"
	}
	return about
}

// stem counts an Event, and drops some of those about the same object where they become too many.
func (b *Builder) stem(e *corev1.Event) {
	about := eventSubject(e)
	f := b.floods[about]
	if f == nil {
		f = &flood{}
		b.floods[about] = f
	}
	if f.events = append(f.events, e); len(f.events) >= 2*maxEvents {
		b.ebb(f)
	}
}

// ebb keeps so many of the Events of a flood: of each reason the newest, as many of one as of another.
func (b *Builder) ebb(f *flood) {
	byReason := map[string][]*corev1.Event{}
	for _, e := range f.events {
		if b.Get(Ref{"Event", e.Namespace, e.Name}) == e { // it was not replaced by a later one
			byReason[e.Reason] = append(byReason[e.Reason], e)
		}
	}
	newest := func(a, b *corev1.Event) int { return b.LastTimestamp.Compare(a.LastTimestamp.Time) }
	for _, es := range byReason {
		slices.SortStableFunc(es, newest)
	}
	reasons := slices.SortedFunc(maps.Keys(byReason), func(a, b string) int {
		return cmp.Or(newest(byReason[a][0], byReason[b][0]), cmp.Compare(a, b))
	})
	f.events = f.events[:0]
	for depth, more := 0, true; more; depth++ {
		more = false
		for _, reason := range reasons {
			es := byReason[reason]
			switch {
			case depth >= len(es):
				continue
			case len(f.events) < maxEvents:
				f.events = append(f.events, es[depth])
			default:
				b.Remove(Ref{"Event", es[depth].Namespace, es[depth].Name})
				f.dropped++
			}
			more = true
		}
	}
}

// floodGaps are the gaps of the Events that were dropped: of the worst objects each one, and one of the rest.
func (b *Builder) floodGaps() {
	const most = 5
	var all []Ref
	for about, f := range b.floods {
		if len(f.events) > maxEvents {
			b.ebb(f)
		}
		if f.dropped > 0 {
			all = append(all, about)
		}
	}
	slices.SortFunc(all, func(x, y Ref) int {
		return cmp.Or(b.floods[y].dropped-b.floods[x].dropped, x.Compare(y))
	})
	for i, about := range all {
		if i == most {
			b.Gap(Gap{What: message.Of("gap.events.flooded", "n", len(all)-most),
				Why: message.Of("gap.events.flood", "limit", maxEvents)})
			break
		}
		b.Gap(Gap{What: message.Of("gap.events.dropped", "n", b.floods[about].dropped, "object", about.String()),
			Why: message.Of("gap.events.flood", "limit", maxEvents)})
	}
}
