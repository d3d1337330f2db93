package live

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// How long what is known stays as it is.
const (
	settle  = 200 * time.Millisecond // changes come in flocks: a snapshot is made of all that came in this time
	reread  = 15 * time.Second       // what the stuck Pods name is read again after this
	spare   = 2 * time.Second        // and not before this, however much changes
	history = 5 * time.Minute        // an Event about a Pod that has started is forgotten after this
)

// Follow hands a snapshot of the scope to show whenever something changed, and once in every o.Every although nothing did,
// because time alone makes a Pod stuck. It lists and watches Pods and Events, and with o.Workload what the Pods belong to;
// what stuck Pods name is read as [Collect] does, when they begin to name something else and from time to time.
//
// A server that goes away later is a gap in the snapshots until it is back. It returns the error of show, that of the
// context when it ends, or why not even the Pods could be listed at first.
func Follow(ctx context.Context, c *Client, scope Scope, o Options, show func(*cluster.Snapshot) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if o.Now == nil {
		o.Now = time.Now
	}
	f := &follower{Client: c, hasty: c.hasty(), ctx: ctx, scope: scope, now: o.Now, changes: make(chan change), held: map[string]*held{},
		nodes: nodeWatch{options: o, heard: make(chan *cluster.Snapshot, 1)}}
	f.start("Pod", podOptions(scope), f.pod)
	again := time.NewTicker(max(o.Every, time.Second))
	defer again.Stop()
	soon := time.NewTimer(time.Hour)
	defer soon.Stop()
	due := false
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case change := <-f.changes:
			if err := f.take(change, o.Workload); err != nil {
				return err
			}
			due = f.schedule(soon, due)
			continue
		case s := <-f.nodes.heard:
			f.nodes.take(s)
			due = f.schedule(soon, due)
			continue
		case <-soon.C:
			due = false
		case <-again.C:
		}
		if !f.ready() {
			continue
		}
		began := time.Now()
		s := f.snapshot()
		if err := ctx.Err(); err != nil { // what was read while it ended is not whole
			return err
		}
		if err := show(s); err != nil {
			return err
		}
		f.took = time.Since(began)
	}
}

// schedule lets a snapshot be made soon, if that is not so yet.
func (f *follower) schedule(soon *time.Timer, due bool) bool {
	if !due {
		soon.Reset(max(settle, 4*f.took)) // a diagnosis that takes long must not be all that is done
	}
	return true
}

// hasty is a client of the same server that does not ask for long.
func (c *Client) hasty() *Client {
	return &Client{rest: c.rest, http: c.http, host: c.host, timeout: spare, refused: spare, clock: c.clock}
}

// follower is what is known of a scope that is being followed.
type follower struct {
	*Client
	hasty   *Client // for what must not hold up all else
	ctx     context.Context
	scope   Scope
	now     func() time.Time
	changes chan change
	held    map[string]*held // by kind
	around  *cluster.Snapshot
	read    time.Time            // when around was
	named   map[cluster.Ref]bool // what the Pods named that it was read for
	took    time.Duration        // by the last diagnosis
	nodes   nodeWatch
}

// held is what is known of one kind.
type held struct {
	keep    func(metav1.Object) metav1.Object // what to hold of an object, nil for nothing
	objects map[cluster.Ref]metav1.Object
	listing map[cluster.Ref]metav1.Object // the list that is coming in
	ready   bool                          // it was listed, or it is known that it cannot be
	lost    error                         // why what changes is not known
	lists   bool                          // it is the LIST that fails
	since   time.Time                     // since when it is lost, or when it was last listed; zero before that
}

// start begins to follow a kind.
func (f *follower) start(kind string, opts metav1.ListOptions, keep func(metav1.Object) metav1.Object) {
	f.held[kind] = &held{keep: keep, objects: map[cluster.Ref]metav1.Object{}}
	s := &stream{Client: f.Client, kind: cluster.KindOf(kind), namespace: f.scope.Namespace, opts: opts, out: f.changes}
	go s.run(f.ctx)
}

// take receives a change. Events are listed after the Pods, so that it is known which of them matter.
func (f *follower) take(c change, workload bool) error {
	h := f.held[c.kind]
	switch c.verb {
	case begins:
		h.listing = map[cluster.Ref]metav1.Object{}
	case put, gone:
		h.put(c)
	case listed:
		h.objects, h.listing, h.since = h.listing, nil, f.now().UTC()
		if h.lists {
			h.lost, h.lists = nil, false
		}
		if c.kind == "Pod" && !h.ready {
			if err := f.nothing(h); err != nil {
				return err
			}
			f.start("Event", metav1.ListOptions{Limit: page}, f.event)
			if workload {
				f.startWorkload()
			}
		}
		h.ready = true
	case refused, lost:
		if c.kind != "Event" && !h.ready {
			return cannotList(c.kind, f.scope, c.err)
		}
		if h.lost == nil && !h.since.IsZero() {
			h.since = f.now().UTC()
		}
		h.listing, h.lost, h.lists, h.ready = nil, c.err, c.verb == refused, true
	case back:
		h.lost = nil
	}
	return nil
}

// nothing tells a namespace without Pods from one that is not there.
func (f *follower) nothing(pods *held) error {
	if len(pods.objects) > 0 || f.scope.Namespace == "" {
		return nil
	}
	return (&reader{Client: f.hasty, ctx: f.ctx, scope: f.scope}).noNamespace()
}

func (h *held) put(c change) {
	into := h.objects
	if h.listing != nil {
		into = h.listing
	}
	ref := cluster.Ref{Kind: c.kind, Namespace: c.object.GetNamespace(), Name: c.object.GetName()}
	delete(into, ref)
	if c.verb == gone {
		return
	}
	c.object.SetManagedFields(nil)
	if o := h.keep(c.object); o != nil {
		into[ref] = o
	}
}

// ready reports whether all was listed once.
func (f *follower) ready() bool {
	for _, h := range f.held {
		if !h.ready {
			return false
		}
	}
	return true
}

// pod keeps a Pod of the scope: whole while it waits, thin when it has started.
func (f *follower) pod(o metav1.Object) metav1.Object {
	p := o.(*corev1.Pod)
	switch {
	case f.scope.Owner.Name != "" && !owns(f.scope.Owner, p):
		return nil
	case pod.Waiting(p):
		return p
	}
	return thin(p)
}

// event keeps an Event about a Pod that waits, or one that is young: the Pod may be seen, or seen to wait, a moment later.
func (f *follower) event(o metav1.Object) metav1.Object {
	if e := o.(*corev1.Event); f.matters(e) || f.young(e) {
		return e
	}
	return nil
}

func (f *follower) young(e *corev1.Event) bool {
	return e.InvolvedObject.Kind == "Pod" && f.now().Sub(e.LastTimestamp.Time) < history || f.now().Sub(e.EventTime.Time) < history
}

// matters reports whether an Event is about what is diagnosed.
func (f *follower) matters(e *corev1.Event) bool {
	switch about := e.InvolvedObject; about.Kind {
	case "Pod":
		p, ok := f.held["Pod"].objects[cluster.Ref{Kind: "Pod", Namespace: about.Namespace, Name: about.Name}].(*corev1.Pod)
		return ok && pod.Waiting(p)
	case "Node", "PersistentVolumeClaim", "PersistentVolume":
		return true
	}
	return false
}

// snapshot makes a snapshot of what is known now.
func (f *follower) snapshot() *cluster.Snapshot {
	r := &reader{Client: f.Client, ctx: f.ctx, scope: f.scope, b: cluster.NewBuilder(f.now().UTC())}
	for kind, h := range f.held {
		for _, o := range h.objects {
			if p, ok := o.(*corev1.Pod); ok && pod.Waiting(p) {
				r.stuck = append(r.stuck, p)
			}
			if kind != "Event" {
				r.b.Add(kind, o)
			}
		}
	}
	if f.scope == (Scope{Namespace: f.scope.Namespace}) {
		r.b.Complete("Pod", f.scope.Namespace)
	}
	f.events(r)
	if len(r.stuck) > 0 {
		f.surroundings(r)
		f.nodes.ask(f, r.stuck)
		if f.nodes.known != nil {
			r.b.Include(f.nodes.known)
		}
		r.b.Include(f.around) // what an agent wrote says more
	}
	f.gaps(r)
	return r.b.Snapshot()
}

// events adds the Events that matter, and forgets those that did not come to.
func (f *follower) events(r *reader) {
	events := f.held["Event"].objects
	for ref, o := range events {
		switch e := o.(*corev1.Event); {
		case f.matters(e):
			if len(r.stuck) > 0 {
				r.b.Add("Event", e)
			}
		case !f.young(e):
			delete(events, ref)
		}
	}
}

// surroundings reads what the stuck Pods name, where that is not known or no longer sure. A reading in which more fails than
// in the one before is not taken: what was known a moment ago says more than a server that does not answer.
func (f *follower) surroundings(r *reader) {
	names, covered := map[cluster.Ref]bool{}, true
	for _, refs := range r.named() {
		for _, ref := range refs {
			names[ref] = true
			covered = covered && f.named[ref]
		}
	}
	age := f.now().Sub(f.read)
	if f.around != nil && (f.held["Pod"].lost != nil || age < spare || covered && age < reread) {
		return
	}
	around := &reader{Client: f.hasty, ctx: f.ctx, scope: f.scope, stuck: r.stuck, b: cluster.NewBuilder(f.now().UTC())}
	around.nodeEvents()
	around.closure()
	s := around.b.Snapshot()
	f.read = f.now()
	if f.around == nil || failures(s) <= failures(f.around) {
		f.around, f.named = s, names
	}
}

// failures counts the gaps that are not for want of a right.
func failures(s *cluster.Snapshot) int {
	n := 0
	for _, g := range s.Gaps {
		if g.Needs.Code == "" {
			n++
		}
	}
	return n
}

// gaps says which kinds are not followed at present.
func (f *follower) gaps(r *reader) {
	for _, kind := range slices.Sorted(maps.Keys(f.held)) {
		h := f.held[kind]
		if h == nil || h.lost == nil {
			continue
		}
		verb := "watch"
		if h.lists {
			verb = "list"
		}
		what := message.Of("question.changes", "time", h.since.Format("15:04:05 UTC"))
		switch {
		case h.since.IsZero():
			what = message.Of("question.events")
		case apierrors.IsForbidden(h.lost) && !h.lists:
			what = message.Of("question.between-listings", "time", listEvery.String())
		}
		r.gap(verb, cluster.KindOf(kind), f.scope.Namespace, what, h.lost)
	}
}
