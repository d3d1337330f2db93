package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

// A Scope says which Pods are asked about. Empty fields do not narrow it.
type Scope struct {
	Namespace string // "" for all namespaces
	Name      string // of one Pod
	Selector  string // of labels
	Node      string // the Pods on one node
}

// Options of a collection.
type Options struct {
	Now func() time.Time // the clock; time.Now where nil
}

// page is how many objects a LIST that goes to etcd asks for at once.
const page = 2000

// Collect reads what a diagnosis of the scope needs. An error means that not even the Pods could be read;
// whatever else cannot be read is a gap in the snapshot.
func Collect(ctx context.Context, c *Client, scope Scope, o Options) (*cluster.Snapshot, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	r := &reader{Client: c, ctx: ctx, scope: scope, b: cluster.NewBuilder(o.Now().UTC())}
	if err := r.pods(); err != nil {
		return nil, fmt.Errorf("cannot list Pods%s: %w", r.where(scope.Namespace), err)
	}
	if len(r.stuck) > 0 {
		r.events()
		r.closure()
	}
	return r.b.Snapshot(), nil
}

// reader is one collection under way.
type reader struct {
	*Client
	ctx   context.Context
	scope Scope
	b     *cluster.Builder
	stuck []*corev1.Pod
}

func (r *reader) where(namespace string) string {
	if namespace == "" {
		return " in all namespaces"
	}
	return " in namespace " + namespace
}

// pods reads the Pods of the scope from the API server's cache. Those that run are thinned while they are decoded.
func (r *reader) pods() error {
	opts := metav1.ListOptions{ResourceVersion: "0", LabelSelector: r.scope.Selector}
	switch {
	case r.scope.Name != "":
		opts.FieldSelector = "metadata.name=" + r.scope.Name
	case r.scope.Node != "":
		opts.FieldSelector = "spec.nodeName=" + r.scope.Node
	}
	err := r.list(r.core.CoreV1().RESTClient(), "pods", r.scope.Namespace, opts, func(item []byte, isJSON bool) error {
		p := new(corev1.Pod)
		if err := decode(item, isJSON, p); err != nil {
			return err
		}
		if diagnose.Waits(p) {
			r.stuck = append(r.stuck, p)
		}
		r.b.Add("Pod", p)
		return nil
	})
	if err == nil && r.scope == (Scope{Namespace: r.scope.Namespace}) {
		r.b.Complete("Pod", r.scope.Namespace)
	}
	return err
}

// events reads the Events of the scope and keeps those about Pods that wait, and about what is not a Pod.
func (r *reader) events() {
	waits := map[string]bool{}
	for _, p := range r.stuck {
		waits[p.Namespace+"/"+p.Name] = true
	}
	opts := metav1.ListOptions{Limit: page}
	if r.scope.Name != "" {
		opts.FieldSelector = "involvedObject.name=" + r.scope.Name
	}
	err := r.list(r.core.CoreV1().RESTClient(), "events", r.scope.Namespace, opts, func(item []byte, isJSON bool) error {
		e := new(corev1.Event)
		if err := decode(item, isJSON, e); err != nil {
			return err
		}
		switch e.InvolvedObject.Kind {
		case "Pod":
			if waits[e.InvolvedObject.Namespace+"/"+e.InvolvedObject.Name] {
				r.b.Add("Event", e)
			}
		case "Node", "PersistentVolumeClaim", "PersistentVolume":
			r.b.Add("Event", e)
		}
		return nil
	})
	if err != nil {
		r.gap("list", "events", "", r.scope.Namespace, "what the kubelet and the controllers said of the Pods", err)
	}
}

// list reads one list, page by page, and hands over each item as it came.
func (r *reader) list(c rest.Interface, resource, namespace string, opts metav1.ListOptions, do func([]byte, bool) error) error {
	for {
		r.requests.Add(1)
		answer, err := c.Get().NamespaceIfScoped(namespace, namespace != "").Resource(resource).
			VersionedParams(&opts, scheme.ParameterCodec).Do(r.ctx).Raw()
		if err != nil {
			return err
		}
		next, err := eachItem(answer, do)
		if err != nil || next == "" {
			return err
		}
		opts.Continue, opts.ResourceVersion = next, ""
	}
}

// message is what protobuf types of the Kubernetes API can do.
type message interface{ Unmarshal([]byte) error }

func decode(item []byte, isJSON bool, into message) error {
	if isJSON {
		return json.Unmarshal(item, into)
	}
	return into.Unmarshal(item)
}

// decodeOne decodes the answer of a GET.
func decodeOne(answer []byte, into message) error {
	if !bytes.HasPrefix(answer, prefix) {
		return json.Unmarshal(answer, into)
	}
	raw, err := field(answer[len(prefix):], 2)
	if err != nil {
		return err
	}
	return into.Unmarshal(raw)
}

// gap records what could not be read, and what cannot be ruled out for want of it.
func (r *reader) gap(verb, resource, group, namespace, why string, err error) {
	g := cluster.Gap{What: fmt.Sprintf("%s%s: %s is not known", resource, r.where(namespace), why), Why: err.Error()}
	if apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) {
		g.Needs = fmt.Sprintf("the right to %s %s%s", verb, resource, map[bool]string{true: "", false: "." + group}[group == ""])
	}
	r.b.Gap(g)
}
