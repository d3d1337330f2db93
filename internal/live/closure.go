package live

import (
	"context"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// maxGets is how many objects of a kind are read one by one before a LIST is cheaper.
const maxGets = 3

// questions are, for each kind, what cannot be answered without it.
var questions = map[string]message.Message{
	"Node":                  message.Of("question.node"),
	"NodeFacts":             message.Of("question.node-facts"),
	"ServiceAccount":        message.Of("question.service-account"),
	"RuntimeClass":          message.Of("question.runtime-class"),
	"ConfigMap":             message.Of("question.configmap"),
	"Secret":                message.Of("question.secret"),
	"PersistentVolumeClaim": message.Of("question.claim"),
	"PersistentVolume":      message.Of("question.volume"),
	"ResourceClaim":         message.Of("question.resource-claim"),
	"ResourceClaimTemplate": message.Of("question.resource-claim"),
	"VolumeAttachment":      message.Of("question.attachment"),
	"CSINode":               message.Of("question.csi-node"),
	"CSIDriver":             message.Of("question.csi-driver"),
	"StorageClass":          message.Of("question.storage-class"),
	"Lease":                 message.Of("question.lease"),
	"Service":               message.Of("question.service"),
	"Deployment":            message.Of("question.workload"),
	"StatefulSet":           message.Of("question.workload"),
	"DaemonSet":             message.Of("question.workload"),
	"ReplicaSet":            message.Of("question.revisions"),
	"ControllerRevision":    message.Of("question.revisions"),
	"Job":                   message.Of("question.wanted"),
	"CronJob":               message.Of("question.wanted"),
	"ReplicationController": message.Of("question.wanted"),
	"ResourceQuota":         message.Of("question.refused"),
	"LimitRange":            message.Of("question.refused"),
	"Namespace":             message.Of("question.refused"),

	"ValidatingWebhookConfiguration": message.Of("question.refused"),
	"MutatingWebhookConfiguration":   message.Of("question.refused"),
	"PriorityClass":                  message.Of("question.refused"),
}

// closure reads what the stuck Pods name, and what that names in turn.
func (r *reader) closure(ctx context.Context) {
	named := r.named()
	for _, kind := range []string{"Node", "ServiceAccount", "RuntimeClass", "ConfigMap", "Secret",
		"PersistentVolumeClaim", "ResourceClaim", "ResourceClaimTemplate"} {
		k := cluster.KindOf(kind)
		if kind == "Node" && slices.ContainsFunc(r.stuck, unplaced) { // what keeps a Pod off is a matter of all nodes
			r.listAll(ctx, k, "")
			continue
		}
		if !namesOnly(k) || !r.options.InspectSecrets || len(named[kind]) > maxInspected {
			r.read(ctx, k, named[kind])
		}
		if namesOnly(k) && r.options.InspectSecrets {
			r.inspect(ctx, k, named[kind])
		}
	}
	r.similarClaims(ctx, named["PersistentVolumeClaim"])
	r.facts(ctx, named["Node"])
	if len(named["PersistentVolumeClaim"]) > 0 { // what stands behind claims is small and belongs together
		for _, kind := range []string{"PersistentVolume", "VolumeAttachment", "CSINode", "CSIDriver", "StorageClass"} {
			r.listAll(ctx, cluster.KindOf(kind), "")
		}
	}
	lease := cluster.KindOf("Lease")
	r.listAll(ctx, lease, "kube-system")
	if len(named["Node"]) > 0 {
		r.listAll(ctx, lease, "kube-node-lease")
	}
}

// unplaced reports whether a Pod has no node.
func unplaced(p *corev1.Pod) bool { return p.Spec.NodeName == "" }

// similarClaims lists the claims of each namespace in which one that is named is not there: another may be meant.
func (r *reader) similarClaims(ctx context.Context, claims []cluster.Ref) {
	k, listed := cluster.KindOf("PersistentVolumeClaim"), map[string]bool{}
	if len(claims) > maxGets { // then they were listed
		return
	}
	for _, c := range claims {
		if r.b.Get(c) == nil && !listed[c.Namespace] {
			listed[c.Namespace] = true
			r.listAll(ctx, k, c.Namespace)
		}
	}
}

// named are the objects that the stuck Pods name, by kind.
func (r *reader) named() map[string][]cluster.Ref {
	seen := map[cluster.Ref]bool{}
	out := map[string][]cluster.Ref{}
	add := func(kind, namespace, name string) {
		ref := cluster.Ref{Kind: kind, Namespace: namespace, Name: name}
		if name != "" && !seen[ref] {
			seen[ref] = true
			out[kind] = append(out[kind], ref)
		}
	}
	for _, p := range r.stuck {
		add("Node", "", p.Spec.NodeName)
		add("ServiceAccount", p.Namespace, p.Spec.ServiceAccountName)
		for _, c := range pod.ConfigRefs(p) {
			add(c.Kind, p.Namespace, c.Name)
		}
		for _, s := range p.Spec.ImagePullSecrets {
			add("Secret", p.Namespace, s.Name)
		}
		if p.Spec.RuntimeClassName != nil {
			add("RuntimeClass", "", *p.Spec.RuntimeClassName)
		}
		for _, c := range p.Spec.ResourceClaims {
			if c.ResourceClaimName != nil {
				add("ResourceClaim", p.Namespace, *c.ResourceClaimName)
			}
			if c.ResourceClaimTemplateName != nil {
				add("ResourceClaimTemplate", p.Namespace, *c.ResourceClaimTemplateName)
			}
		}
		for i := range p.Spec.Volumes {
			add("PersistentVolumeClaim", p.Namespace, pod.ClaimName(p, &p.Spec.Volumes[i]))
		}
	}
	return out
}

// read gets objects one by one, or lists them where there are more than a few.
func (r *reader) read(ctx context.Context, k cluster.Kind, refs []cluster.Ref) {
	if len(refs) > maxGets {
		r.listAll(ctx, k, span(refs))
		return
	}
	for _, ref := range refs {
		accept := whole
		if namesOnly(k) {
			accept = metaOnly
		}
		answer, err := r.get(ctx, k, ref.Namespace, ref.Name, accept)
		var o metav1.Object
		if err == nil {
			o, err = r.object(k, func(into any) error { return decodeOne(answer, into) })
		}
		switch {
		case apierrors.IsNotFound(err) && !apierrors.IsUnexpectedServerError(err): // the server knows the kind
			r.b.Absent(ref)
		case apierrors.IsForbidden(err) && r.all(ctx, k, span(refs)) == nil: // who may list need not be allowed to get
			return
		case err != nil:
			r.gap("get", k, ref.Namespace, questions[k.Name], err)
			return
		default:
			r.b.Add(k.Name, o)
		}
	}
}

// listAll reads all objects of a kind in a namespace, and says where it cannot.
func (r *reader) listAll(ctx context.Context, k cluster.Kind, namespace string) {
	if err := r.all(ctx, k, namespace); err != nil {
		r.gap("list", k, namespace, questions[k.Name], err)
	}
}

// all reads all objects of a kind in a namespace, from the API server's cache. What was refused once is not asked
// again.
func (r *reader) all(ctx context.Context, k cluster.Kind, namespace string) error {
	if err := r.unlisted[cluster.Ref{Kind: k.Name, Namespace: namespace}]; err != nil {
		return err
	}
	accept := whole
	if namesOnly(k) {
		accept = metaList
	}
	_, err := r.list(ctx, k, namespace, accept, metav1.ListOptions{ResourceVersion: "0"},
		func(item []byte, isJSON bool) error {
			o, err := r.object(k, func(into any) error { return decode(item, isJSON, into) })
			if err == nil {
				r.b.Add(k.Name, o)
			}
			return err
		})
	if err == nil {
		r.b.Complete(k.Name, namespace)
	}
	r.mayList(k, namespace, err)
	return err
}

// mayList remembers that a list is refused.
func (r *reader) mayList(k cluster.Kind, namespace string, err error) {
	if !apierrors.IsForbidden(err) {
		return
	}
	if r.unlisted == nil {
		r.unlisted = map[cluster.Ref]error{}
	}
	r.unlisted[cluster.Ref{Kind: k.Name, Namespace: namespace}] = err
}

// namesOnly reports whether only the metadata of a kind is asked for, so that no value ever comes over the wire.
func namesOnly(k cluster.Kind) bool { return k.Name == "Secret" || k.Name == "ConfigMap" }

// object decodes an object; of a Secret or ConfigMap there is only the metadata.
func (r *reader) object(k cluster.Kind, decode func(any) error) (metav1.Object, error) {
	o := k.New()
	if !namesOnly(k) {
		return o, decode(o)
	}
	var m metav1.PartialObjectMetadata
	if err := decode(&m); err != nil {
		return nil, err
	}
	o.SetName(m.Name)
	o.SetNamespace(m.Namespace)
	return o, nil
}

// span is the namespace that all of the objects are in; "" where there are several.
func span(refs []cluster.Ref) string {
	for _, ref := range refs {
		if ref.Namespace != refs[0].Namespace {
			return ""
		}
	}
	return refs[0].Namespace
}
