package live

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/workload"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A Scope says which Pods are asked about. Empty fields do not narrow it.
type Scope struct {
	Namespace string      // "" for all namespaces
	Name      string      // of one Pod
	Selector  string      // of labels
	Node      string      // the Pods on one node
	Owner     cluster.Ref // the Pods of one Deployment, StatefulSet, DaemonSet, ReplicaSet or Job
}

// Options of a collection.
type Options struct {
	Now func() time.Time // the clock; time.Now where nil
	// look into the Secrets and ConfigMaps that stuck Pods name: for keys and registries, never for values
	InspectSecrets bool
	ReadLogs       bool              // read the last lines of the logs of what crashes
	AskNodes       bool              // ask the kubelets of the nodes that stuck Pods are on, through the API server
	Knows          func(string) bool // whether a cause knows what a line of a log says; none is kept where nil
	Every          time.Duration     // of Follow: how long there is no snapshot while nothing changes; 1 s at least
	Workload       bool              // of Follow: look at the workload of the scope too
	Ready          bool              // Pods count, too, that have been ready and are not
	Running        bool              // Pods that run are read as whole as those that wait
	Seen           func()            // is told of each Pod that was read; may be nil
}

// question is which Pods count at a time.
func (s Scope) question(at time.Time, o Options) pod.Question {
	return pod.Question{At: at, Ready: o.Ready, Named: s.Name != "" || s.Owner.Name != ""}
}

// page is how many objects a LIST that goes to etcd asks for at once.
const page = 2000

// Collect reads what a diagnosis of the scope needs. An error means that not even the Pods could be read;
// whatever else cannot be read is a gap in the snapshot.
func Collect(ctx context.Context, c *Client, scope Scope, o Options) (*cluster.Snapshot, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	now := o.Now().UTC()
	ctx, cancel := context.WithTimeoutCause(ctx, c.wholeTime(), c.tooLong())
	defer cancel()
	r := &reader{Client: c, scope: scope, options: o, asked: scope.question(now, o), b: cluster.NewBuilder(now)}
	if err := r.pods(ctx); err != nil {
		return nil, cannotList("Pod", scope, err)
	}
	if r.seen == 0 && scope.Namespace != "" {
		if err := r.noNamespace(ctx); err != nil {
			return nil, err
		}
	}
	r.workloads(ctx)
	if len(r.stuck)+len(r.wanting) == 0 {
		r.warnings(ctx)
	} else {
		r.events(ctx, metav1.ListOptions{Limit: page})
	}
	r.refusing(ctx)
	if len(r.wanting)+len(r.refused) > 0 {
		r.admission(ctx)
	}
	if len(r.stuck) > 0 {
		r.nodeEvents(ctx)
		r.closure(ctx)
		r.neighbours(ctx)
	}
	if len(r.stuck)+len(r.wanting) > 0 {
		r.revisions(ctx, nil)
	}
	if len(r.stuck) > 0 {
		r.logs(ctx, now)
		r.kubelets(ctx)
	}
	return r.b.Snapshot(), nil
}

// A ListError is that what has to be known, the Pods or their workload, could not be listed.
type ListError struct {
	Kind      string
	Namespace string // "" for all
	Err       error
}

func (e *ListError) Error() string {
	return e.Message().In("en")
}

func (e *ListError) Unwrap() error { return e.Err }

// Message says what could not be listed, and why.
func (e *ListError) Message() message.Message {
	k := cluster.KindOf(e.Kind)
	return in("live.list", k, e.Namespace, "kinds", e.Kind+"s", "why", message.Because(e.Err))
}

func cannotList(kind string, scope Scope, err error) error {
	return &ListError{kind, scope.Namespace, err}
}

// reader is one collection under way.
type reader struct {
	*Client
	scope   Scope
	options Options
	asked   pod.Question
	b       *cluster.Builder
	stuck   []*corev1.Pod
	wanting []workload.Workload // that lack Pods, or that is asked about
	refused []*corev1.Event     // which say that Pods cannot be made
	related *cluster.Snapshot   // what is known besides of what was read; nil for nothing
	seen    int                 // Pods that the server told of
	differ  map[string]bool     // namespaces in which a stuck Pod is not as its template says
	// kinds in a namespace that may not be listed
	unlisted map[cluster.Ref]error
}

// pods reads the Pods of the scope from the API server's cache. Those that run are trimmed while they are decoded.
func (r *reader) pods(ctx context.Context) error {
	waiting := map[cluster.Ref]*corev1.Pod{} // a list that is begun anew tells of a Pod twice
	counts := func(p *corev1.Pod) bool { return r.options.Running || r.asked.Counts(p) }
	t := newThinner(counts)
	take := func(p *corev1.Pod, thin bool) {
		if r.seen++; r.options.Seen != nil {
			r.options.Seen()
		}
		if r.scope.Owner.Name != "" && !owns(r.scope.Owner, p) {
			return
		}
		delete(waiting, cluster.RefOf(p))
		switch {
		case thin:
			r.b.AddClean("Pod", p)
			return
		case counts(p):
			waiting[cluster.RefOf(p)] = p
		}
		r.b.Add("Pod", p)
	}
	opts := podOptions(r.scope)
	_, err := r.list(ctx, cluster.KindOf("Pod"), r.scope.Namespace, whole, opts, func(item []byte, isJSON bool) error {
		p, thin, err := t.read(item, isJSON)
		if err == nil {
			take(p, thin)
		}
		return err
	})
	if o, ok := r.only(ctx, cluster.KindOf("Pod"), r.scope.Namespace, opts, err); ok {
		if err = nil; o != nil {
			take(t.take(o.(*corev1.Pod)))
		}
	}
	for _, ref := range slices.SortedFunc(maps.Keys(waiting), cluster.Ref.Compare) {
		r.stuck = append(r.stuck, waiting[ref])
	}
	if err == nil && r.scope == (Scope{Namespace: r.scope.Namespace}) {
		r.b.Complete("Pod", r.scope.Namespace)
	}
	return err
}

// only gets the one object that a LIST was to select by its name, where that was forbidden: many may get an object and
// not list. It reports whether that could be answered; the object is nil where it is not there.
func (c *Client) only(ctx context.Context, k cluster.Kind, namespace string, opts metav1.ListOptions, err error) (
	metav1.Object, bool) {
	name, named := strings.CutPrefix(opts.FieldSelector, "metadata.name=")
	if !named || namespace == "" || opts.LabelSelector != "" || !apierrors.IsForbidden(err) {
		return nil, false
	}
	answer, err := c.get(ctx, k, namespace, name, whole)
	if apierrors.IsNotFound(err) {
		return nil, true
	}
	o := k.New()
	if err == nil {
		err = decodeOne(answer, o)
	}
	return o, err == nil
}

// podOptions select the Pods of a scope, as far as an API server can.
func podOptions(scope Scope) metav1.ListOptions {
	opts := metav1.ListOptions{ResourceVersion: "0", LabelSelector: scope.Selector}
	switch {
	case scope.Name != "":
		opts.FieldSelector = "metadata.name=" + scope.Name
	case scope.Node != "":
		opts.FieldSelector = "spec.nodeName=" + scope.Node
	}
	return opts
}

// owns reports whether a Pod belongs to a workload. That of a Deployment's ReplicaSet is the Deployment's name with the
// Pods' template hash.
func owns(owner cluster.Ref, p *corev1.Pod) bool {
	c := metav1.GetControllerOf(p)
	if c == nil {
		return false
	}
	if owner.Kind == "Deployment" {
		return c.Kind == "ReplicaSet" && c.Name == owner.Name+"-"+p.Labels["pod-template-hash"]
	}
	if owner.Kind == "CronJob" {
		return c.Kind == "Job" && RunOf(owner.Name, c.Name)
	}
	return c.Kind == owner.Kind && c.Name == owner.Name
}

// RunOf reports whether a Job is a run of a CronJob by its name: that of the CronJob with the minute behind it.
func RunOf(cronJob, job string) bool {
	minute, ok := strings.CutPrefix(job, cronJob+"-")
	return ok && minute != "" && strings.Trim(minute, "0123456789") == ""
}

// events reads Events of the scope and keeps those about Pods that wait, about what is around them, and about workloads
// that can or cannot make Pods.
func (r *reader) events(ctx context.Context, opts metav1.ListOptions) {
	waits := map[cluster.Ref]bool{}
	for _, p := range r.stuck {
		waits[cluster.RefOf(p)] = true
	}
	_, err := r.list(ctx, cluster.KindOf("Event"), r.scope.Namespace, whole, opts, func(item []byte, isJSON bool) error {
		if !isJSON && r.scope.Owner.Kind != "Job" && aboutOther(item, waits) {
			return nil
		}
		e := new(corev1.Event)
		if err := decode(item, isJSON, e); err != nil {
			return err
		}
		switch about := e.InvolvedObject; about.Kind {
		case "Pod":
			if waits[cluster.Ref{Kind: "Pod", Namespace: about.Namespace, Name: about.Name}] || e.Reason == preempted ||
				r.scope.Owner.Kind == "Job" && strings.HasPrefix(about.Name, r.scope.Owner.Name+"-") {
				r.b.Add("Event", e)
			}
		case "Node", "PersistentVolumeClaim", "PersistentVolume":
			r.b.Add("Event", e)
		default:
			if tells(e) {
				r.b.Add("Event", e)
			}
			if workload.Refuses(e) {
				r.refused = append(r.refused, e)
			}
		}
		return nil
	})
	if err != nil {
		r.gap("list", cluster.KindOf("Event"), r.scope.Namespace, message.Of("question.events"), err)
		return
	}
	if opts.FieldSelector == "" { // those that say something of a start are in the snapshot
		r.b.Complete("Event", r.scope.Namespace)
	}
}

// preempted is the reason of an Event about a Pod that had to make room for another: it is gone, and the one in its
// place waits.
const preempted = "Preempted"

// aboutOther reports whether an Event in protobuf is about a Pod, and none that waits. Most are, and need not be
// decoded.
func aboutOther(item []byte, waits map[cluster.Ref]bool) bool {
	about, _ := field(item, 2)
	if kind, _ := field(about, 1); string(kind) != "Pod" {
		return false
	}
	namespace, _ := field(about, 2)
	name, _ := field(about, 3)
	reason, _ := field(item, 3)
	return string(reason) != preempted &&
		!waits[cluster.Ref{Kind: "Pod", Namespace: string(namespace), Name: string(name)}]
}

// nodeEvents reads the Events about nodes where the scope is a namespace: they are kept in the namespace default.
func (r *reader) nodeEvents(ctx context.Context) {
	on := map[string]bool{}
	for _, p := range r.stuck {
		on[p.Spec.NodeName] = p.Spec.NodeName != ""
	}
	delete(on, "")
	if r.scope.Namespace == "" || r.scope.Namespace == metav1.NamespaceDefault || len(on) == 0 {
		return
	}
	opts := metav1.ListOptions{Limit: page, FieldSelector: "involvedObject.kind=Node"}
	_, err := r.list(ctx, cluster.KindOf("Event"), metav1.NamespaceDefault, whole, opts,
		func(item []byte, isJSON bool) error {
			e := new(corev1.Event)
			err := decode(item, isJSON, e)
			if err == nil && on[e.InvolvedObject.Name] {
				r.b.Add("Event", e)
			}
			return err
		})
	if err != nil {
		r.gap("list", cluster.KindOf("Event"), metav1.NamespaceDefault, message.Of("question.node-events"), err)
	}
}

// gap records what could not be read, and what cannot be ruled out for want of it.
func (r *reader) gap(verb string, k cluster.Kind, namespace string, question message.Message, err error) {
	g := cluster.Gap{What: in("gap.kind", k, namespace, "resource", k.Resource(), "question", question),
		Why: message.Because(err)}
	if verb == "list" {
		r.mayList(k, namespace, err)
	}
	if apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) {
		resource := k.Resource()
		if k.Group != "" {
			resource += "." + k.Group
		}
		code := "gap.right"
		if namesOnly(k) {
			code = "gap.values"
		}
		g.Needs = in(code, k, namespace, "verb", verb, "resource", resource)
	}
	r.b.Gap(g)
}

// in is a message about a kind: of what is in no namespace, in all of them, or in one.
func in(code string, k cluster.Kind, namespace string, args ...any) message.Message {
	switch {
	case !k.Namespaced:
		return message.Of(code, args...)
	case namespace == "":
		return message.Of(code+".cluster", args...)
	}
	return message.Of(code+".namespace", append(args, "namespace", namespace)...)
}
