// Package anonymize makes a Snapshot fit to be given away: pseudonyms in place of names, and secrets taken out.
package anonymize

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Pseudonyms returns the snapshot with pseudonyms in place of the names of namespaces, Pods, workloads, nodes, claims,
// volumes, ConfigMaps, Secrets, ServiceAccounts, storage classes, and of image registries and repositories; of IDs and
// of IP addresses, too. A name gets the same pseudonym wherever it stands: in fields, labels, messages.
// It also returns how many names got one.
//
// What belongs to every cluster keeps its name (kube-system and what is in it, the ServiceAccount default,
// registry.k8s.io), and so do the names of containers, of their volumes, and of keys. So does a name that is a word for
// which keep is true: a Pod called "volume" would take the word out of all messages, and with it what they say. One of
// a single letter is such a word, too.
//
// Logs are left out: nobody knows which names a program writes.
func Pseudonyms(s *cluster.Snapshot, keep func(word string) bool) (*cluster.Snapshot, int, error) {
	n := newNames(keep)
	kinds := slices.DeleteFunc(slices.Clone(cluster.Kinds), func(k cluster.Kind) bool { return k.Name == "ContainerLog" })
	for _, k := range kinds {
		for _, o := range s.OfKind(k.Name) {
			n.object(k, o)
		}
	}
	for _, r := range s.AllAbsent() {
		n.ref(r)
	}
	for _, r := range s.AllComplete() {
		n.ref(r)
	}
	for _, r := range s.EventSubjects() {
		n.ref(r)
	}
	to := n.renamer()
	b := cluster.NewBuilder(s.At)
	b.AsOf(s.AsOf)
	for _, k := range kinds {
		for _, o := range s.OfKind(k.Name) {
			renamed, err := to.object(k, o)
			if err != nil {
				return nil, 0, fmt.Errorf("cannot rename %s: %w",
					cluster.Ref{Kind: k.Name, Namespace: o.GetNamespace(), Name: o.GetName()}, err)
			}
			b.Add(k.Name, renamed)
		}
	}
	for _, r := range s.AllAbsent() {
		b.Absent(to.ref(r))
	}
	for _, r := range s.AllComplete() {
		b.Complete(r.Kind, to.text(r.Namespace))
	}
	for _, g := range s.Gaps {
		b.Gap(g.Map(to.text))
	}
	for kind, n := range s.Skipped {
		b.Skip(kind, n)
	}
	b.Ignore(s.Ignored)
	return b.Snapshot(), len(to.names), nil
}

// names are the names that get pseudonyms, each with the prefix that tells what it is of. The first finder decides.
type names struct {
	keep func(string) bool
	of   map[string]string
}

// everywhere are names that every cluster has, and hosts that all the world pulls from.
var everywhere = match.Lazy(`^(?:kube-.*|default|kubernetes|localhost|localdomain|local|library|coredns|` +
	`system|.*\.k8s\.io|k8s\.gcr\.io|.*\.kubernetes\.io|.*\.cluster\.local|.*\.svc|docker\.io|.*\.docker\.(?:io|com)|` +
	`quay\.io|gcr\.io|ghcr\.io|mcr\.microsoft\.com|pause|in-tree|\d*)$`)

func newNames(keep func(string) bool) *names {
	return &names{keep, map[string]string{}}
}

// add takes a name up, unless it is one that stays.
func (n *names) add(prefix, name string) {
	if len(name) < 2 || n.of[name] != "" || everywhere().MatchString(name) || n.keep(strings.ToLower(name)) {
		return
	}
	n.of[name] = prefix
}

// prefixes are what the pseudonyms of the names of a kind begin with.
var prefixes = map[string]string{
	"ResourceClaim": "devices", "ResourceClaimTemplate": "devices",
	"Namespace": "namespace", "Pod": "pod", "Node": "node", "CSINode": "node",
	"PersistentVolumeClaim": "claim", "PersistentVolume": "pv", "StorageClass": "class", "VolumeAttachment": "attachment",
	"ConfigMap": "configmap", "Secret": "secret", "ServiceAccount": "account",
	"ReplicaSet": "workload", "Deployment": "workload", "StatefulSet": "workload", "DaemonSet": "workload",
	"Service": "service", "LimitRange": "limitrange", "ResourceQuota": "quota",
	"MutatingWebhookConfiguration": "webhook", "ValidatingWebhookConfiguration": "webhook",
	"ControllerRevision": "workload", "Job": "workload", "CronJob": "workload", "ReplicationController": "workload",
}

func (n *names) ref(r cluster.Ref) {
	n.add("namespace", r.Namespace)
	if prefix := prefixes[r.Kind]; prefix != "" && !strings.HasPrefix(r.Namespace, "kube-") {
		if r.Kind == "PersistentVolume" && strings.HasPrefix(r.Name, "pvc-") {
			prefix = "pvc" // this says that it was made for a claim
		}
		n.add(prefix, r.Name)
	}
}

// object takes up all names that an object has or gives.
func (n *names) object(k cluster.Kind, o metav1.Object) {
	r := cluster.Ref{Kind: k.Name, Namespace: o.GetNamespace(), Name: o.GetName()}
	n.add("namespace", r.Namespace)
	if strings.HasPrefix(r.Namespace, "kube-") && k.Name != "Pod" && k.Name != "Lease" {
		return
	}
	for _, owner := range o.GetOwnerReferences() {
		if owner.Kind == "ReplicaSet" { // the Deployment's name and a hash, which tells nothing
			n.ref(cluster.Ref{Kind: "Deployment", Namespace: r.Namespace,
				Name: strings.TrimSuffix(owner.Name, "-"+o.GetLabels()["pod-template-hash"])})
			continue
		}
		kind := owner.Kind
		if prefixes[kind] == "" {
			kind = "Deployment" // a workload of some operator
		}
		n.ref(cluster.Ref{Kind: kind, Namespace: r.Namespace, Name: owner.Name})
	}
	switch o := o.(type) {
	case *corev1.Event:
		n.ref(cluster.Ref{Kind: o.InvolvedObject.Kind, Namespace: o.InvolvedObject.Namespace, Name: o.InvolvedObject.Name})
		n.node(o.Source.Host)
		return
	case *corev1.Pod:
		n.pod(o)
		return
	case *corev1.Node:
		n.node(o.Name)
		for _, a := range o.Status.Addresses {
			if a.Type != corev1.NodeInternalIP && a.Type != corev1.NodeExternalIP {
				n.node(a.Address)
			}
		}
	case *nodefacts.NodeFacts:
		n.facts(o)
		return
	case *corev1.PersistentVolumeClaim:
		n.ref(cluster.Ref{Kind: "PersistentVolume", Name: o.Spec.VolumeName})
		if c := o.Spec.StorageClassName; c != nil {
			n.ref(cluster.Ref{Kind: "StorageClass", Name: *c})
		}
	case *corev1.PersistentVolume:
		n.volume(&o.Spec)
	}
	if k.Name == "Lease" && r.Namespace == "kube-node-lease" {
		n.node(r.Name)
	}
	n.ref(r)
}

// facts takes up the names that a node knows.
func (n *names) facts(f *nodefacts.NodeFacts) {
	n.node(f.Name)
	if s := f.Sandboxes; s != nil {
		for i := range s.Odd {
			n.add("namespace", s.Odd[i].Namespace)
			n.ref(cluster.Ref{Kind: "Pod", Namespace: s.Odd[i].Namespace, Name: s.Odd[i].Pod})
		}
	}
	if i := f.Images; i != nil {
		for _, p := range i.Pulls {
			n.image(p.Image)
		}
		if i.Pause != nil {
			n.image(i.Pause.Reference)
		}
	}
}

// node takes up the name of a node, and the first part of it, by which it may call itself.
func (n *names) node(name string) {
	n.add("node", name)
	if host, domain, ok := strings.Cut(name, "."); ok && !addresses().MatchString(name) {
		n.add("node", host)
		n.add("domain", domain)
	}
}

func (n *names) volume(v *corev1.PersistentVolumeSpec) {
	n.ref(cluster.Ref{Kind: "StorageClass", Name: v.StorageClassName})
	if c := v.ClaimRef; c != nil {
		n.ref(cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: c.Namespace, Name: c.Name})
	}
	if v.CSI != nil {
		n.add("handle", v.CSI.VolumeHandle)
	}
	if v.NFS != nil {
		n.host(v.NFS.Server)
	}
}

// pod takes up the names that a Pod gives. That of the Pod itself only where it is not its owner's
// with an ending that tells nothing.
func (n *names) pod(p *corev1.Pod) {
	n.node(p.Spec.NodeName)
	n.node(p.Spec.NodeSelector["kubernetes.io/hostname"])
	for _, list := range [][]corev1.Container{p.Spec.InitContainers, p.Spec.Containers} {
		for i := range list {
			n.image(list[i].Image)
			n.configs(&list[i], p.Namespace)
		}
	}
	n.add("host", p.Spec.Hostname)
	n.add("host", p.Spec.Subdomain)
	if strings.HasPrefix(p.Namespace, "kube-") {
		return
	}
	n.ref(cluster.Ref{Kind: "ServiceAccount", Namespace: p.Namespace, Name: p.Spec.ServiceAccountName})
	for _, c := range p.Spec.ResourceClaims {
		if c.ResourceClaimName != nil {
			n.ref(cluster.Ref{Kind: "ResourceClaim", Namespace: p.Namespace, Name: *c.ResourceClaimName})
		}
		if c.ResourceClaimTemplateName != nil {
			n.ref(cluster.Ref{Kind: "ResourceClaimTemplate", Namespace: p.Namespace, Name: *c.ResourceClaimTemplateName})
		}
	}
	for _, s := range p.Spec.ImagePullSecrets {
		n.ref(cluster.Ref{Kind: "Secret", Namespace: p.Namespace, Name: s.Name})
	}
	for i := range p.Spec.Volumes {
		n.source(&p.Spec.Volumes[i], p.Namespace)
	}
	if !slices.ContainsFunc(p.OwnerReferences, func(o metav1.OwnerReference) bool {
		return strings.HasPrefix(p.Name, o.Name+"-") || o.Kind == "Node"
	}) {
		n.ref(cluster.RefOf(p))
	}
}

func (n *names) configs(c *corev1.Container, namespace string) {
	for _, e := range c.EnvFrom {
		if e.SecretRef != nil {
			n.ref(cluster.Ref{Kind: "Secret", Namespace: namespace, Name: e.SecretRef.Name})
		}
		if e.ConfigMapRef != nil {
			n.ref(cluster.Ref{Kind: "ConfigMap", Namespace: namespace, Name: e.ConfigMapRef.Name})
		}
	}
	for _, e := range c.Env {
		if e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil {
			n.ref(cluster.Ref{Kind: "Secret", Namespace: namespace, Name: e.ValueFrom.SecretKeyRef.Name})
		}
		if e.ValueFrom != nil && e.ValueFrom.ConfigMapKeyRef != nil {
			n.ref(cluster.Ref{Kind: "ConfigMap", Namespace: namespace, Name: e.ValueFrom.ConfigMapKeyRef.Name})
		}
	}
}

// source takes up what a volume of a Pod names, and for a projected one each of its sources.
func (n *names) source(v *corev1.Volume, namespace string) {
	var secrets, configs []string
	if v.Secret != nil {
		secrets = append(secrets, v.Secret.SecretName)
	}
	if v.ConfigMap != nil {
		configs = append(configs, v.ConfigMap.Name)
	}
	if v.Projected != nil {
		for _, s := range v.Projected.Sources {
			if s.Secret != nil {
				secrets = append(secrets, s.Secret.Name)
			}
			if s.ConfigMap != nil {
				configs = append(configs, s.ConfigMap.Name)
			}
		}
	}
	for _, name := range secrets {
		n.ref(cluster.Ref{Kind: "Secret", Namespace: namespace, Name: name})
	}
	for _, name := range configs {
		n.ref(cluster.Ref{Kind: "ConfigMap", Namespace: namespace, Name: name})
	}
	if v.PersistentVolumeClaim != nil {
		n.ref(cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: namespace, Name: v.PersistentVolumeClaim.ClaimName})
	}
	if v.NFS != nil {
		n.host(v.NFS.Server)
	}
}

func (n *names) host(name string) {
	if !addresses().MatchString(name) {
		n.add("host", name)
	}
}

// publicImage is an image of Kubernetes itself.
var publicImage = match.Lazy(`^(?:registry\.k8s\.io|k8s\.gcr\.io|(?:docker\.io/)?rancher)/`)

// image takes up the host of an image and each part of its path, so that as many parts are left: an image of Docker Hub
// without a path is one that is open to all.
func (n *names) image(image string) {
	if publicImage().MatchString(image) {
		return
	}
	image, _, _ = strings.Cut(image, "@")
	parts := strings.Split(image, "/")
	if len(parts) > 1 && strings.ContainsAny(parts[0], ".:") {
		host, _, _ := strings.Cut(parts[0], ":")
		if !addresses().MatchString(host) {
			n.add("registry", host)
		}
		parts = parts[1:]
	}
	for i, part := range parts {
		if i == len(parts)-1 {
			part, _, _ = strings.Cut(part, ":")
		}
		if strings.ToLower(part) == part {
			n.add("image", part)
		} else {
			n.add("Image", part) // what may be wrong with it stays wrong
		}
	}
}

// renamer numbers the names in their order, so that what is ordered by name stays in order.
func (n *names) renamer() *renamer {
	to := &renamer{names: map[string]string{}, ids: map[string]string{}, nets: map[string]int{}}
	all := slices.Sorted(maps.Keys(n.of))
	count, lengths := map[string]int{}, map[int]bool{}
	for _, name := range all {
		prefix := n.of[name]
		count[prefix]++
		pseudonym := fmt.Sprintf("%s-%03d", prefix, count[prefix])
		if prefix == "registry" || prefix == "domain" {
			pseudonym += ".example" // a host without a dot would be read as a path on Docker Hub
		}
		to.names[name] = pseudonym
		lengths[len(name)] = true
	}
	to.lengths = slices.Sorted(maps.Keys(lengths))
	slices.Reverse(to.lengths)
	return to
}

// object renames a copy of an object.
func (t *renamer) object(k cluster.Kind, o metav1.Object) (metav1.Object, error) {
	raw, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, err
	}
	if m, ok := tree["metadata"].(map[string]any); ok {
		t.annotations(m)
	}
	renamed, _ := t.tree(tree, false).(map[string]any)
	if k.Name == "NodeFacts" { // its limits are no map of resources, and have fields of their own
		var facts struct {
			Limits any `json:"limits,omitempty"`
		}
		if err := json.Unmarshal(raw, &facts); err != nil {
			return nil, err
		}
		if facts.Limits != nil {
			renamed["limits"] = t.tree(facts.Limits, false)
		}
	}
	raw, err = json.Marshal(renamed)
	if err != nil {
		return nil, err
	}
	out := k.New()
	return out, json.Unmarshal(raw, out)
}
