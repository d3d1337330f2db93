// Package cluster holds what is known about a cluster at one instant.
//
// A [Snapshot] is read-only. A [Builder] makes one, for whoever reads files (package dump) or asks an API server
// (package live). The package opens nothing and knows no clock.
package cluster

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/redact"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// A Snapshot is everything known about a cluster at one instant.
type Snapshot struct {
	At      time.Time      // the instant, at the latest
	AsOf    time.Time      // the instant at the earliest, where nothing told it; else zero
	Gaps    []Gap          // what could not be read
	Skipped map[string]int // objects of kinds that a snapshot does not keep, by kind
	Ignored int            // files that are not meant to hold objects (logs)

	instantKnown bool                             // the instant was told, by whoever took the snapshot
	objects      map[string]map[Ref]metav1.Object // by kind
	sorted       map[string][]metav1.Object       // by kind, in the order of their Refs
	events       map[Ref][]*corev1.Event          // by what they are about, oldest first
	madeUp       map[Ref]bool                     // Pods that stand for what is said of none
	ofEvents     map[Ref]bool                     // Pods that only Events tell of
	retold       map[Ref]bool                     // Pods that only a text tells of; true where it is a log or a table
	absent       map[Ref]bool                     // objects that were asked for by name and are not there
	listed       map[Ref]bool                     // lists read in full: Ref{Kind, Namespace, ""}
	origins      map[Ref]Origin
	usual        *Origin      // of objects that are in neither map: most of a dump are of one file
	unplaced     map[Ref]bool // objects that have no origin
}

// Get finds the object of type T that has the given name, and reports whether it is known to be there.
func Get[T any](s *Snapshot, namespace, name string) (*T, Presence) {
	r := Ref{reflect.TypeFor[T]().Name(), namespace, name}
	if o, ok := any(s.objects[r.Kind][r]).(*T); ok {
		return o, Present
	}
	if s.Absent(r) {
		return nil, Absent
	}
	return nil, Unknown
}

// Objects returns the objects of type T ordered by namespace and name. The slice is the caller's.
func Objects[T any](s *Snapshot) []*T {
	of := s.sorted[reflect.TypeFor[T]().Name()]
	out := make([]*T, 0, len(of))
	for _, o := range of {
		if t, ok := any(o).(*T); ok {
			out = append(out, t)
		}
	}
	return out
}

// OfKind returns the objects of a kind ordered by namespace and name. The slice is the caller's.
func (s *Snapshot) OfKind(kind string) []metav1.Object { return slices.Clone(s.sorted[kind]) }

// AllAbsent returns what was asked for by name and is not there, in order.
func (s *Snapshot) AllAbsent() []Ref { return slices.SortedFunc(maps.Keys(s.absent), Ref.Compare) }

// AllComplete returns the lists that were read in full, in order: a Ref without a name each, and without a namespace
// where it is of all namespaces.
func (s *Snapshot) AllComplete() []Ref { return slices.SortedFunc(maps.Keys(s.listed), Ref.Compare) }

// EventSubjects returns what Events are about, in order.
func (s *Snapshot) EventSubjects() []Ref { return slices.SortedFunc(maps.Keys(s.events), Ref.Compare) }

// AnyEvents reports whether there is an Event about anything.
func (s *Snapshot) AnyEvents() bool { return len(s.events) > 0 }

// InstantKnown reports whether whoever took the snapshot told its instant.
func (s *Snapshot) InstantKnown() bool { return s.instantKnown }

// Has reports whether an object is in the snapshot.
func (s *Snapshot) Has(r Ref) bool { return s.objects[r.Kind][r] != nil }

// Get returns an object of any kind; nil where it is not in the snapshot.
func (s *Snapshot) Get(r Ref) metav1.Object { return s.objects[r.Kind][r] }

// Absent reports whether an object is known not to be there.
func (s *Snapshot) Absent(r Ref) bool {
	return !s.Has(r) && (s.absent[r] || s.Complete(r.Kind, r.Namespace) || r.Name != "" && !Possible(r.Name))
}

// Complete reports whether every object of a kind in a namespace is in the snapshot, so that one that is not is absent.
func (s *Snapshot) Complete(kind, namespace string) bool {
	return s.listed[Ref{kind, namespace, ""}] || s.listed[Ref{kind, "", ""}]
}

// Retold reports whether only a text for people tells of a Pod: what that does not show may be set all the same.
func (s *Snapshot) Retold(r Ref) bool {
	_, ok := s.retold[r]
	return ok
}

// Outlined reports whether only a log or a table tells of a Pod.
func (b *Builder) Outlined(r Ref) bool { return b.s.retold[r] }

// OfEvents reports whether only Events tell of a Pod. Whoever has these makes the same of them.
func (s *Snapshot) OfEvents(r Ref) bool { return s.ofEvents[r] }

// Outlined reports whether only a log or a table tells of a Pod: what made it, and how it is set, is not known.
func (s *Snapshot) Outlined(r Ref) bool { return s.retold[r] }

// MadeUp reports whether a Pod stands for what is said of none. It must not be seen.
func (s *Snapshot) MadeUp(r Ref) bool { return s.madeUp[r] }

// EventsAbout returns the Events about an object, oldest first.
// An Event that names a UID is only about the object with that UID.
func (s *Snapshot) EventsAbout(r Ref, o metav1.Object) []*corev1.Event {
	all := s.events[r]
	mine := all[:0:0]
	for _, e := range all {
		if uid := e.InvolvedObject.UID; uid == "" || o == nil || o.GetUID() == "" || uid == o.GetUID() ||
			mirrors(r, o, string(uid)) {
			mine = append(mine, e)
		}
	}
	return mine
}

// mirrors reports whether a UID in an Event means this object although it is not its UID:
// kubelets name a static Pod by the hash of its manifest and a Node by its name.
func mirrors(r Ref, o metav1.Object, uid string) bool {
	return uid == r.Name && r.Kind == "Node" || r.Kind == "Pod" && o.GetAnnotations()["kubernetes.io/config.mirror"] == uid
}

// RefOf names a Pod.
func RefOf(p *corev1.Pod) Ref { return Ref{"Pod", p.Namespace, p.Name} }

// A Builder collects what becomes a Snapshot. The zero value is not usable: call [NewBuilder].
type Builder struct {
	s       *Snapshot
	taken   time.Time // the latest instant that a snapshot.yaml tells
	written time.Time // when the newest of the files was written
	asOf    time.Time // the instant at the earliest, where a snapshot.yaml tells that nothing told it
	guessed bool      // the given instant is no more than a guess
	floods  map[Ref]*flood
}

// soon is how long after the newest time in it a file may be written to be believed to be of that time: in a cluster
// that runs, something happens every few minutes.
const soon = time.Hour

// NewBuilder returns an empty Builder for a snapshot of the given instant.
// With a zero instant, the latest that a snapshot.yaml tells is taken. Where none does, it is not before the newest
// time that any object tells, and not after the files were written, which may have been years later.
func NewBuilder(at time.Time) *Builder {
	return &Builder{floods: map[Ref]*flood{}, s: &Snapshot{
		At: at, Skipped: map[string]int{}, objects: map[string]map[Ref]metav1.Object{},
		sorted: map[string][]metav1.Object{},
		events: map[Ref][]*corev1.Event{}, listed: map[Ref]bool{}, absent: map[Ref]bool{}, origins: map[Ref]Origin{},
		madeUp: map[Ref]bool{}, retold: map[Ref]bool{}, ofEvents: map[Ref]bool{}}}
}

// Add puts an object of one of the [Kinds] into the snapshot. It takes the object over and removes from it
// what a snapshot must not hold (values of Secrets, ConfigMaps and environment variables, credentials in any text) or
// need not.
// Of two objects with the same name the later one counts.
func (b *Builder) Add(kind string, o metav1.Object) Ref {
	Trim(o)
	return b.AddClean(kind, o)
}

// AddClean puts an object into the snapshot that went through [Clean], all of it or part by part, and holds no more
// than a snapshot may. The parts may be shared with other objects: they are left as they are.
func (b *Builder) AddClean(kind string, o metav1.Object) Ref {
	r := Ref{kind, o.GetNamespace(), o.GetName()}
	if i := kindIndex(kind); i >= 0 {
		// Clients leave the kind out, and files may tell an older version.
		if t, ok := o.(interface{ GetObjectKind() schema.ObjectKind }); ok {
			t.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{
				Group: Kinds[i].Group, Version: Kinds[i].Version, Kind: kind})
		}
	}
	if b.s.objects[kind] == nil {
		b.s.objects[kind] = map[Ref]metav1.Object{}
	}
	if b.s.usual != nil && b.s.objects[kind][r] == nil {
		b.s.unplaced[r] = true
	}
	if !b.outdated(r, o) {
		b.s.objects[kind][r] = o
	}
	if e, ok := o.(*corev1.Event); ok {
		b.stem(e)
	}
	return r
}

// AddFrom adds an object of a file as [Builder.Add] does, and keeps where it stands for [Snapshot.Locate]. It reports
// whether the object counts: facts of a node do not where later ones are there.
func (b *Builder) AddFrom(kind string, o metav1.Object, from Origin) (Ref, bool) {
	Trim(o)
	return b.AddCleanFrom(kind, o, from)
}

// AddCleanFrom adds an object of a file that went through [Trim].
func (b *Builder) AddCleanFrom(kind string, o metav1.Object, from Origin) (Ref, bool) {
	r := b.AddClean(kind, o)
	if b.s.objects[kind][r] != o {
		return r, false
	}
	b.place(r, from)
	return r, true
}

// Remove takes out an object that turned out to be another one's double.
func (b *Builder) Remove(r Ref) {
	delete(b.s.objects[r.Kind], r)
	delete(b.s.origins, r)
	delete(b.s.unplaced, r)
}

// Get returns an object that was added; nil where there is none of this name yet.
func (b *Builder) Get(r Ref) metav1.Object { return b.s.objects[r.Kind][r] }

// Known reports whether objects of a kind were added, or a list of them that was read in full.
func (b *Builder) Known(kind string) bool {
	for r := range b.s.listed {
		if r.Kind == kind {
			return true
		}
	}
	return len(b.s.objects[kind]) > 0
}

// OfKind returns the objects of a kind that were added, in order.
func (b *Builder) OfKind(kind string) []metav1.Object {
	var out []metav1.Object
	for _, r := range slices.SortedFunc(maps.Keys(b.s.objects[kind]), Ref.Compare) {
		out = append(out, b.s.objects[kind][r])
	}
	return out
}

// ByName returns all that was added but Events, by name, in order.
func (b *Builder) ByName() map[string][]Ref {
	out := map[string][]Ref{}
	for kind, objects := range b.s.objects {
		for ref := range objects {
			if kind != "Event" {
				out[ref.Name] = append(out[ref.Name], ref)
			}
		}
	}
	for _, refs := range out {
		slices.SortFunc(refs, Ref.Compare)
	}
	return out
}

// outdated reports whether an object is what a node knew about itself before it knew what is there already:
// facts of a node may come from the API and from a file at once.
func (b *Builder) outdated(r Ref, o metav1.Object) bool {
	older, ok := o.(*nodefacts.NodeFacts)
	newer, there := b.s.objects[r.Kind][r].(*nodefacts.NodeFacts)
	return ok && there && older.At.Before(&newer.At)
}

// Complete records that all objects of a kind in a namespace ("" for all namespaces) were added.
func (b *Builder) Complete(kind, namespace string) { b.s.listed[Ref{kind, namespace, ""}] = true }

// Absent records that an object was asked for by its name and is not there.
func (b *Builder) Absent(r Ref) { b.s.absent[r] = true }

// MadeUp records that a Pod stands for what is said of none: lines of a log that name no Pod.
func (b *Builder) MadeUp(r Ref) { b.s.madeUp[r] = true }

// Retold records that only a text for people tells of a Pod, and whether that is no more than an outline: a log or a
// table.
func (b *Builder) Retold(r Ref, outline bool) { b.s.retold[r] = outline }

// OfEvents records that only Events tell of a Pod, which is no more than an outline of it.
func (b *Builder) OfEvents(r Ref) { b.s.ofEvents[r], b.s.retold[r] = true, true }

// Gap records something that could not be read. What a server or a file said of it may hold a credential.
func (b *Builder) Gap(g Gap) { b.s.Gaps = append(b.s.Gaps, g.Map(redact.Text)) }

// Skip counts n objects of a kind that a snapshot does not keep.
func (b *Builder) Skip(kind string, n int) { b.s.Skipped[kind] += n }

// Ignore counts n files that are not meant to hold objects.
func (b *Builder) Ignore(n int) { b.s.Ignored += n }

// TakenAt records the instant of which a dump says that it is. Of several the latest counts.
func (b *Builder) TakenAt(at time.Time) {
	if at.After(b.taken) {
		b.taken = at.UTC()
	}
}

// AsOf records that the instant is not known, and not before this one.
func (b *Builder) AsOf(at time.Time) {
	if at.After(b.asOf) {
		b.asOf = at.UTC()
	}
}

// Guessed records that the instant was not told by whoever took the snapshot.
func (b *Builder) Guessed() { b.guessed = true }

// WrittenAt records when a file was written that holds something. Of several the latest counts.
func (b *Builder) WrittenAt(at time.Time) {
	if at.After(b.written) {
		b.written = at
	}
}

// Snapshot returns the snapshot. The Builder must not be used afterwards.
func (b *Builder) Snapshot() *Snapshot {
	s := b.s
	b.floodGaps()
	s.keepImages()
	for kind, of := range s.objects {
		refs := slices.SortedFunc(maps.Keys(of), Ref.Compare)
		s.sorted[kind] = make([]metav1.Object, len(refs))
		for i, r := range refs {
			s.sorted[kind][i] = of[r]
		}
	}
	for _, e := range Objects[corev1.Event](s) {
		about := eventSubject(e)
		s.events[about] = append(s.events[about], e)
	}
	for _, es := range s.events {
		slices.SortStableFunc(es, func(a, b *corev1.Event) int { return a.LastTimestamp.Compare(b.LastTimestamp.Time) })
	}
	if s.At.IsZero() {
		s.At = b.taken
	}
	s.instantKnown = !s.At.IsZero() && !b.guessed && b.asOf.IsZero()
	if b.asOf.Equal(s.At) { // it says no more than that nobody told the instant
		b.asOf = time.Time{}
	}
	if s.At.IsZero() {
		s.At = newest(s, b.written)
		if b.written.After(s.At.Add(soon)) {
			s.AsOf = s.At
		}
		if b.written.After(s.At) {
			s.At = b.written.UTC()
		}
	}
	if s.AsOf.IsZero() {
		s.AsOf = b.asOf
	}
	b.s = nil
	return s
}

func namespaced(kind string) bool {
	i := kindIndex(kind)
	return i < 0 || Kinds[i].Namespaced
}

func kindIndex(kind string) int {
	return slices.IndexFunc(Kinds, func(k Kind) bool { return k.Name == kind })
}
