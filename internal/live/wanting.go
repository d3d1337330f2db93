package live

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/workload"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Pods that are wanted and were never made: the workloads that want them are read, and what is said to stand in their
// way.

// makers are the kinds of workloads that are listed. A ReplicaSet, a CronJob and what operators bring say by an Event
// that they cannot make what they want.
var makers = []string{"Deployment", "StatefulSet", "DaemonSet", "Job"}

// workloads reads the workloads of the scope that lack Pods, or the one that is asked about.
func (r *reader) workloads(ctx context.Context) {
	switch o := r.scope.Owner; {
	case r.scope.Node != "" && r.seen == 0:
		r.read(ctx, cluster.KindOf("Node"), []cluster.Ref{{Kind: "Node", Name: r.scope.Node}})
		return
	case r.scope.Name != "" || r.scope.Node != "":
		return
	case o.Name != "":
		r.read(ctx, cluster.KindOf(o.Kind), []cluster.Ref{o})
		if w, ok := workload.Of(r.b.Get(o)); ok {
			r.wanting = append(r.wanting, w)
			r.fitting(ctx, &w)
		}
		if o.Kind == "CronJob" {
			r.lacking(ctx, cluster.KindOf("Job"))
		}
	default:
		for _, kind := range makers {
			r.lacking(ctx, cluster.KindOf(kind))
		}
	}
}

// lacking lists the workloads of a kind and keeps those that lack Pods, that nobody acts on, or that make none.
func (r *reader) lacking(ctx context.Context, k cluster.Kind) {
	_, err := r.list(ctx, k, r.scope.Namespace, whole, metav1.ListOptions{ResourceVersion: "0"},
		func(item []byte, isJSON bool) error {
			o := k.New()
			if err := decode(item, isJSON, o); err != nil {
				return err
			}
			w, ok := workload.Of(o)
			switch {
			case !ok:
			case w.Missing() > 0 || !w.Observed:
				r.b.Add(k.Name, o)
				r.wanting = append(r.wanting, w)
			case w.State != workload.Active && w.State != workload.Complete: // whoever misses its Pods is told why
				r.b.Add(k.Name, o)
			}
			return nil
		})
	if err != nil {
		r.gap("list", k, r.scope.Namespace, message.Of("question.wanted"), err)
	}
}

// warnings reads the Warnings of the scope where no Pod waits and no workload lacks any, for those of workloads which
// are not listed.
func (r *reader) warnings(ctx context.Context) {
	if r.scope.Name == "" && r.scope.Node == "" {
		r.events(ctx, metav1.ListOptions{Limit: page, FieldSelector: "type=Warning"})
	}
	if len(r.refused) > 0 { // that a Pod was made after all is no Warning
		r.refused = nil
		r.events(ctx, metav1.ListOptions{Limit: page})
	}
}

// refusing reads the workloads of which Events say that they cannot make Pods: they may have them by now, or want none
// any more.
func (r *reader) refusing(ctx context.Context) {
	named := map[string][]cluster.Ref{}
	for _, e := range r.refused {
		o := e.InvolvedObject
		ref := cluster.Ref{Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}
		if slices.Contains(workload.Kinds, o.Kind) && r.b.Get(ref) == nil && !slices.Contains(named[o.Kind], ref) {
			named[o.Kind] = append(named[o.Kind], ref)
		}
	}
	for _, kind := range workload.Kinds {
		if len(named[kind]) > 0 {
			r.read(ctx, cluster.KindOf(kind), named[kind])
		}
	}
}

// tells reports whether an Event says that an object can or cannot make Pods.
func tells(e *corev1.Event) bool {
	return workload.Refuses(e) || workload.Makes(e)
}

// An obstacle is a kind of object that can stand in the way of Pods, and the words in which the API server speaks of
// it.
type obstacle struct {
	words string
	kind  string
}

// Source of the words: admission plugins of kube-apiserver.
var obstacles = []obstacle{
	{" quota: ", "ResourceQuota"},
	{" usage per ", "LimitRange"}, {" limit to request ratio per ", "LimitRange"},
	{" webhook ", "ValidatingWebhookConfiguration"}, {" webhook ", "MutatingWebhookConfiguration"},
	{"service account ", "ServiceAccount"},
	{"PriorityClass ", "PriorityClass"},
}

// admission reads what is said to stand in the way of Pods that are wanted.
func (r *reader) admission(ctx context.Context) {
	read := map[cluster.Ref]bool{}
	for _, s := range r.refusals() {
		for _, o := range obstacles {
			k := cluster.KindOf(o.kind)
			of := cluster.Ref{Kind: o.kind}
			if k.Namespaced {
				of.Namespace = s.namespace
			}
			if strings.Contains(s.message, o.words) && !read[of] {
				read[of] = true
				r.listAll(ctx, k, of.Namespace)
			}
		}
		ns := cluster.Ref{Kind: "Namespace", Name: s.namespace}
		if strings.Contains(s.message, "because it is being terminated") && !read[ns] {
			read[ns] = true
			r.read(ctx, cluster.KindOf("Namespace"), []cluster.Ref{ns})
		}
	}
	if len(r.stuck) == 0 {
		r.listAll(ctx, cluster.KindOf("Lease"), "kube-system")
	}
}

// said is what was said of the Pods that a namespace cannot get.
type said struct{ namespace, message string }

// refusals are the words with which Pods were refused.
func (r *reader) refusals() []said {
	var out []said
	for _, e := range r.refused {
		out = append(out, said{e.InvolvedObject.Namespace, e.Message})
	}
	for _, w := range r.wanting {
		for _, c := range workload.Refused(w.Object) {
			out = append(out, said{w.Ref.Namespace, c.Message})
		}
	}
	return out
}

// wants lists the workloads that lack Pods again, where that is due: some time after the last list, and soon after an
// Event that a Pod cannot be made. A list in which more fails than in the one before is not taken.
func (f *follower) wants(ctx context.Context) {
	refused, newest := f.refused()
	age := f.now().Sub(f.wantedAt)
	if f.wanted != nil && (f.kinds["Pod"].disconnected != nil || age < minReread ||
		age < wantedAfter && newest.Before(f.wantedAt)) {
		return
	}
	r := &reader{Client: f.quick, scope: f.scope, refused: refused, b: cluster.NewBuilder(f.now().UTC())}
	if f.kinds[f.scope.Owner.Kind] == nil {
		r.workloads(ctx)
	}
	r.refusing(ctx)
	if len(r.wanting)+len(refused) > 0 {
		r.admission(ctx)
		r.revisions(ctx, f.kinds)
	}
	s := r.b.Snapshot()
	f.wantedAt = f.now()
	if f.wanted == nil || failures(s) <= failures(f.wanted) {
		f.wanted = s
	}
}

// refused are the Events which say that Pods cannot be made, and when the last of them was seen.
func (f *follower) refused() (out []*corev1.Event, newest time.Time) {
	events := f.kinds["Event"].objects
	for _, ref := range slices.SortedFunc(maps.Keys(events), cluster.Ref.Compare) {
		if e := events[ref].(*corev1.Event); workload.Refuses(e) {
			out = append(out, e)
			if e.LastTimestamp.After(newest) {
				newest = e.LastTimestamp.Time
			}
		}
	}
	return out, newest
}

// fitting reads what keeps a workload that is asked about from its Pods where nobody says it: the nodes, of a DaemonSet
// that fits none, and the Pods, of a StatefulSet, that have the names of its own.
func (r *reader) fitting(ctx context.Context, w *workload.Workload) {
	const most = 10 // of a StatefulSet, which stops at the first
	switch {
	case w.State == workload.NoNode:
		r.listAll(ctx, cluster.KindOf("Node"), "")
	case w.Ref.Kind == "StatefulSet" && w.Missing() > 0:
		var named []cluster.Ref
		for _, name := range workload.Names(w.Object, most) {
			if ref := (cluster.Ref{Kind: "Pod", Namespace: w.Ref.Namespace, Name: name}); r.b.Get(ref) == nil {
				named = append(named, ref)
			}
		}
		r.read(ctx, cluster.KindOf("Pod"), named)
	}
}
