package live

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
)

// few is how many objects of a kind are read one by one before a LIST is cheaper.
const few = 3

// A source is how one kind of object is read.
type source struct {
	kind, resource string
	group          string // as RBAC names it
	client         func(*Client) rest.Interface
	new            func() object
	why            string // what cannot be ruled out without it
}

type object interface {
	metav1.Object
	message
}

func core(c *Client) rest.Interface    { return c.core.CoreV1().RESTClient() }
func storage(c *Client) rest.Interface { return c.core.StorageV1().RESTClient() }

var (
	nodes       = source{"Node", "nodes", "", core, func() object { return new(corev1.Node) }, "whether the node itself is sick"}
	claims      = source{"PersistentVolumeClaim", "persistentvolumeclaims", "", core, func() object { return new(corev1.PersistentVolumeClaim) }, "whether the claims exist and are bound"}
	volumes     = source{"PersistentVolume", "persistentvolumes", "", core, func() object { return new(corev1.PersistentVolume) }, "what stands behind the claims"}
	accounts    = source{"ServiceAccount", "serviceaccounts", "", core, func() object { return new(corev1.ServiceAccount) }, "whether the ServiceAccounts exist"}
	attachments = source{"VolumeAttachment", "volumeattachments", "storage.k8s.io", storage, func() object { return new(storagev1.VolumeAttachment) }, "where the volumes are attached"}
	csiNodes    = source{"CSINode", "csinodes", "storage.k8s.io", storage, func() object { return new(storagev1.CSINode) }, "which CSI drivers the nodes have"}
	csiDrivers  = source{"CSIDriver", "csidrivers", "storage.k8s.io", storage, func() object { return new(storagev1.CSIDriver) }, "whether the CSI drivers need an attacher"}
	classes     = source{"StorageClass", "storageclasses", "storage.k8s.io", storage, func() object { return new(storagev1.StorageClass) }, "whether a claim waits for its first consumer"}
	runtimes    = source{"RuntimeClass", "runtimeclasses", "node.k8s.io", func(c *Client) rest.Interface { return c.core.NodeV1().RESTClient() }, func() object { return new(nodev1.RuntimeClass) }, "whether the RuntimeClass exists"}
	leases      = source{"Lease", "leases", "coordination.k8s.io", func(c *Client) rest.Interface { return c.core.CoordinationV1().RESTClient() }, func() object { return new(coordinationv1.Lease) }, "whether controllers and kubelets are alive"}
)

// closure reads what the stuck Pods name, and what that names in turn.
func (r *reader) closure() {
	named := r.named()
	r.read(nodes, named["Node"])
	r.read(accounts, named["ServiceAccount"])
	r.read(runtimes, named["RuntimeClass"])
	r.readNames("ConfigMap", "configmaps", named["ConfigMap"], "whether the ConfigMaps exist")
	r.readNames("Secret", "secrets", named["Secret"], "whether the Secrets exist")
	r.read(claims, named["PersistentVolumeClaim"])
	if len(named["PersistentVolumeClaim"]) > 0 {
		r.storage()
	}
	r.listAll(leases, "kube-system")
	if len(named["Node"]) > 0 {
		r.listAll(leases, "kube-node-lease")
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
		for _, c := range diagnose.ConfigRefs(p) {
			add(c.Kind, p.Namespace, c.Name)
		}
		for _, s := range p.Spec.ImagePullSecrets {
			add("Secret", p.Namespace, s.Name)
		}
		if p.Spec.RuntimeClassName != nil {
			add("RuntimeClass", "", *p.Spec.RuntimeClassName)
		}
		for i := range p.Spec.Volumes {
			add("PersistentVolumeClaim", p.Namespace, diagnose.ClaimName(p, &p.Spec.Volumes[i]))
		}
	}
	return out
}

// storage reads what stands behind claims. These kinds are small and belong together, so each is one LIST.
func (r *reader) storage() {
	for _, s := range []source{volumes, attachments, csiNodes, csiDrivers, classes} {
		r.listAll(s, "")
	}
}

// read gets objects one by one, or lists them where there are more than a few.
func (r *reader) read(s source, refs []cluster.Ref) {
	if len(refs) > few {
		r.listAll(s, r.span(refs))
		return
	}
	for _, ref := range refs {
		r.requests.Add(1)
		o := s.new()
		answer, err := s.client(r.Client).Get().NamespaceIfScoped(ref.Namespace, ref.Namespace != "").Resource(s.resource).Name(ref.Name).Do(r.ctx).Raw()
		if err == nil {
			err = decodeOne(answer, o)
		}
		switch {
		case apierrors.IsNotFound(err):
			r.b.Absent(ref)
		case err != nil:
			r.gap("get", s.resource, s.group, ref.Namespace, s.why, err)
			return
		default:
			r.b.Add(s.kind, o)
		}
	}
}

// span is the namespace that all of the objects are in; "" where there are several, or none.
func (r *reader) span(refs []cluster.Ref) string {
	for _, ref := range refs {
		if ref.Namespace != refs[0].Namespace {
			return ""
		}
	}
	return refs[0].Namespace
}

// listAll reads all objects of a kind in a namespace, from the API server's cache.
func (r *reader) listAll(s source, namespace string) {
	err := r.list(s.client(r.Client), s.resource, namespace, metav1.ListOptions{ResourceVersion: "0"}, func(item []byte, isJSON bool) error {
		o := s.new()
		if err := decode(item, isJSON, o); err != nil {
			return err
		}
		r.b.Add(s.kind, o)
		return nil
	})
	if err != nil {
		r.gap("list", s.resource, s.group, namespace, s.why, err)
		return
	}
	r.b.Complete(s.kind, namespace)
}

// readNames reads which ConfigMaps or Secrets are there: their metadata only.
func (r *reader) readNames(kind, resource string, refs []cluster.Ref, why string) {
	if len(refs) == 0 {
		return
	}
	c := r.meta.Resource(schema.GroupVersionResource{Version: "v1", Resource: resource})
	if len(refs) <= few {
		for _, ref := range refs {
			r.requests.Add(1)
			_, err := c.Namespace(ref.Namespace).Get(r.ctx, ref.Name, metav1.GetOptions{})
			switch {
			case apierrors.IsNotFound(err):
				r.b.Absent(ref)
			case err != nil:
				r.gap("get", resource, "", ref.Namespace, why, err)
				return
			default:
				r.addName(kind, ref)
			}
		}
		return
	}
	r.listNames(kind, resource, r.span(refs), why)
}

func (r *reader) listNames(kind, resource, namespace, why string) {
	c := r.meta.Resource(schema.GroupVersionResource{Version: "v1", Resource: resource})
	opts := metav1.ListOptions{ResourceVersion: "0"}
	for {
		r.requests.Add(1)
		l, err := c.Namespace(namespace).List(r.ctx, opts)
		if err != nil {
			r.gap("list", resource, "", namespace, why, err)
			return
		}
		for i := range l.Items {
			r.addName(kind, cluster.Ref{Kind: kind, Namespace: l.Items[i].Namespace, Name: l.Items[i].Name})
		}
		if l.Continue == "" {
			break
		}
		opts.Continue, opts.ResourceVersion = l.Continue, ""
	}
	r.b.Complete(kind, namespace)
}

// addName adds an object of which only the name is known.
func (r *reader) addName(kind string, ref cluster.Ref) {
	m := metav1.ObjectMeta{Namespace: ref.Namespace, Name: ref.Name}
	if kind == "Secret" {
		r.b.Add(kind, &corev1.Secret{ObjectMeta: m})
		return
	}
	r.b.Add(kind, &corev1.ConfigMap{ObjectMeta: m})
}
