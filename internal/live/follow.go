package live

import (
	"context"
	"maps"
	"reflect"
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
	debounce    = 200 * time.Millisecond // changes come in flocks: a snapshot is made of all that came in this time
	rereadAfter = 15 * time.Second       // what the stuck Pods name is read again after this
	minReread   = 2 * time.Second        // and not before this, however much changes
	wantedAfter = 30 * time.Second       // the workloads that lack Pods are listed again after this
	eventAge    = 5 * time.Minute        // an Event about a Pod that has started is forgotten after this
)

// Follow hands a snapshot of the scope to show whenever something changed, and once in every o.Every although nothing
// did, because time alone makes a Pod stuck. It lists and watches Pods and Events, and with o.Workload what the Pods
// belong to; what stuck Pods name is read as [Collect] does, when they begin to name something else and from time to
// time.
//
// A server that goes away later is a gap in the snapshots until it is back. It returns the error of show, that
// of the context when it ends, or why not even the Pods could be listed at first.
func Follow(ctx context.Context, c *Client, scope Scope, o Options, show func(*cluster.Snapshot) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if o.Now == nil {
		o.Now = time.Now
	}
	f := &follower{Client: c, quick: c.quick(), scope: scope, now: o.Now, changes: make(chan change),
		kinds: map[string]*kindState{},
		nodes: nodeWatch{options: o, results: make(chan *cluster.Snapshot, 1)}}
	f.start(ctx, "Pod", podOptions(scope), f.pod)
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
			news, err := f.take(ctx, change, o.Workload)
			if err != nil {
				return err
			}
			if news {
				due = f.schedule(soon, due)
			}
			continue
		case s := <-f.nodes.results:
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
		s := f.snapshot(ctx)
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
		soon.Reset(max(debounce, 4*f.took)) // a diagnosis that takes long must not be all that is done
	}
	return true
}

// quick is a client of the same server that does not ask for long.
func (c *Client) quick() *Client {
	return &Client{rest: c.rest, http: c.http, host: c.host, timeout: minReread, refused: minReread, clock: c.clock,
		limits: c.limits}
}

// follower is what is known of a scope that is being followed.
type follower struct {
	*Client
	quick   *Client // for what must not hold up all else
	scope   Scope
	now     func() time.Time
	changes chan change
	kinds   map[string]*kindState // by kind
	related *cluster.Snapshot
	read    time.Time            // when related was
	named   map[cluster.Ref]bool // what the Pods named that it was read for
	took    time.Duration        // by the last diagnosis
	nodes   nodeWatch

	wanted   *cluster.Snapshot // the workloads that lack Pods, and what stands in their way
	wantedAt time.Time         // when it was read
}

// kindState is what is known of one kind.
type kindState struct {
	filter       func(metav1.Object) metav1.Object // what to hold of an object, nil for nothing
	objects      map[cluster.Ref]metav1.Object
	listing      map[cluster.Ref]metav1.Object // the list that is coming in
	ready        bool                          // it was listed, or it is known that it cannot be
	disconnected error                         // why what changes is not known
	lists        bool                          // it is the LIST that fails
	// since when it is lost, or when it was last listed; zero before that
	since time.Time
}

// start begins to follow a kind.
func (f *follower) start(ctx context.Context, kind string, opts metav1.ListOptions,
	filter func(metav1.Object) metav1.Object) {
	f.kinds[kind] = &kindState{filter: filter, objects: map[cluster.Ref]metav1.Object{}}
	s := &stream{Client: f.Client, kind: cluster.KindOf(kind), namespace: f.scope.Namespace, opts: opts, out: f.changes}
	if kind == "Pod" {
		s.thinner = newThinner(f.counts)
	}
	go s.run(ctx)
}

// take receives a change, and reports whether it is of interest. Events are listed after the Pods, so that it is known
// which of them matter.
func (f *follower) take(ctx context.Context, c change, workload bool) (news bool, err error) {
	h := f.kinds[c.kind]
	switch c.verb {
	case listStarted:
		h.listing = map[cluster.Ref]metav1.Object{}
	case updated, deleted:
		return h.apply(c), nil
	case listed:
		h.objects, h.listing, h.since = h.listing, nil, f.now().UTC()
		if h.lists {
			h.disconnected, h.lists = nil, false
		}
		if c.kind == "Pod" && !h.ready {
			if err := f.checkNamespace(ctx, h); err != nil {
				return true, err
			}
			f.start(ctx, "Event", metav1.ListOptions{Limit: page}, f.event)
			if workload {
				f.startWorkload(ctx)
			}
		}
		h.ready = true
	case refused, disconnected:
		if c.kind != "Event" && !h.ready {
			return true, cannotList(c.kind, f.scope, c.err)
		}
		if h.disconnected == nil && !h.since.IsZero() {
			h.since = f.now().UTC()
		}
		h.listing, h.disconnected, h.lists, h.ready = nil, c.err, c.verb == refused, true
	case reconnected:
		h.disconnected = nil
	}
	return true, nil
}

// checkNamespace tells a namespace without Pods from one that is not there.
func (f *follower) checkNamespace(ctx context.Context, pods *kindState) error {
	if len(pods.objects) > 0 || f.scope.Namespace == "" {
		return nil
	}
	return (&reader{Client: f.quick, scope: f.scope}).noNamespace(ctx)
}

// apply takes over an object, and reports whether that makes a difference. Most changes of a large cluster are of
// Pods that run, in what nobody keeps of them.
func (s *kindState) apply(c change) (news bool) {
	into := s.objects
	if s.listing != nil {
		into = s.listing
	}
	ref := cluster.Ref{Kind: c.kind, Namespace: c.object.GetNamespace(), Name: c.object.GetName()}
	was := into[ref]
	delete(into, ref)
	if c.verb == deleted {
		return was != nil
	}
	if !c.clean {
		c.object.SetManagedFields(cluster.Managers(c.object.GetManagedFields()))
	}
	if o := s.filter(c.object); o != nil {
		into[ref] = o
		return was == nil || !reflect.DeepEqual(was, o)
	}
	return was != nil
}

// ready reports whether all was listed once.
func (f *follower) ready() bool {
	for _, h := range f.kinds {
		if !h.ready {
			return false
		}
	}
	return true
}

// asked is which Pods count now.
func (f *follower) asked() pod.Question { return f.scope.question(f.now().UTC(), f.nodes.options) }

// counts reports whether a Pod is kept whole.
func (f *follower) counts(p *corev1.Pod) bool {
	return f.asked().Counts(p) || p.DeletionTimestamp != nil // time alone makes it one that does not end
}

// pod keeps a Pod of the scope: what its stream has left of it.
func (f *follower) pod(o metav1.Object) metav1.Object {
	if p := o.(*corev1.Pod); f.scope.Owner.Name != "" && !owns(f.scope.Owner, p) {
		return nil
	}
	return o
}

// event keeps an Event about a Pod that waits, or one that is young: the Pod may be seen, or seen to wait, a moment
// later.
func (f *follower) event(o metav1.Object) metav1.Object {
	if e := o.(*corev1.Event); f.matters(e) || f.recent(e) {
		return e
	}
	return nil
}

func (f *follower) recent(e *corev1.Event) bool {
	return e.InvolvedObject.Kind == "Pod" && f.now().Sub(e.LastTimestamp.Time) < eventAge ||
		f.now().Sub(e.EventTime.Time) < eventAge
}

// matters reports whether an Event is about what is diagnosed.
func (f *follower) matters(e *corev1.Event) bool {
	switch about := e.InvolvedObject; about.Kind {
	case "Pod":
		p, ok := f.kinds["Pod"].objects[cluster.Ref{Kind: "Pod", Namespace: about.Namespace, Name: about.Name}].(*corev1.Pod)
		return ok && f.asked().Counts(p)
	case "Node", "PersistentVolumeClaim", "PersistentVolume":
		return true
	}
	return tells(e)
}

// snapshot makes a snapshot of what is known now.
func (f *follower) snapshot(ctx context.Context) *cluster.Snapshot {
	r := &reader{Client: f.Client, scope: f.scope, b: cluster.NewBuilder(f.now().UTC())}
	f.wants(ctx)
	r.b.Include(f.wanted) // what is followed is newer
	for kind, h := range f.kinds {
		for _, o := range h.objects {
			if p, ok := o.(*corev1.Pod); ok && f.asked().Counts(p) {
				r.stuck = append(r.stuck, p)
			}
			switch kind {
			case "Event":
			case "Pod":
				r.b.AddClean(kind, o)
			default:
				r.b.Add(kind, o)
			}
		}
	}
	if f.scope == (Scope{Namespace: f.scope.Namespace}) {
		r.b.Complete("Pod", f.scope.Namespace)
	}
	f.events(r)
	if len(r.stuck) > 0 {
		f.surroundings(ctx, r)
		f.nodes.ask(ctx, f, r.stuck)
		if f.nodes.known != nil {
			r.b.Include(f.nodes.known)
		}
		r.b.Include(f.related) // what an agent wrote says more
	}
	f.gaps(r)
	return r.b.Snapshot()
}

// events adds the Events that matter, and forgets those that did not come to.
func (f *follower) events(r *reader) {
	events := f.kinds["Event"].objects
	if !f.kinds["Event"].since.IsZero() {
		r.b.Complete("Event", f.scope.Namespace)
	}
	for ref, o := range events {
		switch e := o.(*corev1.Event); {
		case f.matters(e):
			if len(r.stuck) > 0 || tells(e) {
				r.b.Add("Event", e)
			}
		case !f.recent(e):
			delete(events, ref)
		}
	}
}

// surroundings reads what the stuck Pods name, where that is not known or no longer sure. A reading in which more fails
// than in the one before is not taken: what was known a moment ago says more than a server that does not answer.
func (f *follower) surroundings(ctx context.Context, r *reader) {
	names, covered := map[cluster.Ref]bool{}, true
	for _, refs := range r.named() {
		for _, ref := range refs {
			names[ref] = true
			covered = covered && f.named[ref]
		}
	}
	age := f.now().Sub(f.read)
	if f.related != nil && (f.kinds["Pod"].disconnected != nil || age < minReread || covered && age < rereadAfter) {
		return
	}
	related := &reader{Client: f.quick, scope: f.scope, stuck: r.stuck, b: cluster.NewBuilder(f.now().UTC())}
	related.nodeEvents(ctx)
	related.closure(ctx)
	related.revisions(ctx, f.kinds)
	related.options.ReadLogs = f.nodes.options.ReadLogs
	related.logs(ctx, f.now())
	s := related.b.Snapshot()
	f.read = f.now()
	if f.related == nil || failures(s) <= failures(f.related) {
		f.related, f.named = s, names
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
	for _, kind := range slices.Sorted(maps.Keys(f.kinds)) {
		h := f.kinds[kind]
		if h == nil || h.disconnected == nil {
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
		case apierrors.IsForbidden(h.disconnected) && !h.lists:
			what = message.Of("question.between-listings", "time", listEvery.String())
		}
		r.gap(verb, cluster.KindOf(kind), f.scope.Namespace, what, h.disconnected)
	}
}
