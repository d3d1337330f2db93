// Package anonymize makes a Snapshot fit to be given away: pseudonyms in place of names, and secrets taken out.
package anonymize

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Pseudonyms returns the snapshot with pseudonyms in place of names: of objects and of what fields refer to, by field;
// of hosts, users, roles, projects, accounts, certificates and the like, by the form that they have in texts; of IDs
// and of addresses. A name gets the same pseudonym wherever it stands. It also returns how many names got one.
//
// What stays: what belongs to every cluster (kube-system and what is in it, the account default, registry.k8s.io,
// hosts and drivers of public software, zones and regions of clouds); names of containers, their volumes and ports, of
// environment variables, keys and labels, unless something else has the same name; tags of images, paths on nodes,
// versions, and the words of the causes. A name that is a word for which keep is true stays, too: a Pod called "volume"
// would take the word out of all messages, and with it what they say. One of a single letter is such a word.
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
	if err := n.replaceRemaining(s, kinds); err != nil {
		return nil, 0, err
	}
	to := n.renamer()
	b := cluster.NewBuilder(s.At)
	if !s.InstantKnown() {
		b.Guessed()
	}
	b.AsOf(s.AsOf)
	for _, k := range kinds {
		for _, o := range s.OfKind(k.Name) {
			renamed, err := to.object(k, o)
			if err != nil {
				return nil, 0, fmt.Errorf("cannot rename %s %s/%s: %w", k.Name, o.GetNamespace(), o.GetName(), err)
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

// replaceRemaining takes up what no field of a known meaning tells: all other fields that hold names, and what looks
// like a name in texts, gaps included.
func (n *names) replaceRemaining(s *cluster.Snapshot, kinds []cluster.Kind) error {
	for _, k := range kinds {
		for _, o := range s.OfKind(k.Name) {
			c, err := copyOf(k, o) // a visitor may set what it visits
			if err != nil {
				return fmt.Errorf("cannot read %s %s/%s: %w", k.Name, o.GetNamespace(), o.GetName(), err)
			}
			n.system = strings.HasPrefix(o.GetNamespace(), "kube-")
			visitObject(c, n)
		}
	}
	n.system = false
	for _, g := range s.Gaps {
		g.Map(n.text)
	}
	return nil
}

// name takes up the value of a field that holds a name. Those in the namespaces of the system belong to every cluster.
func (n *names) name(prefix, s string) string {
	switch {
	case n.system && prefix != "host" && prefix != "domain" && prefix != "signer":
	case prefix == "driver", prefix == "host", prefix == "domain":
		n.hostOf(prefix, s)
	case strings.HasPrefix(s, "/") || notName().MatchString(s):
	default:
		n.add(prefix, s)
	}
	n.forms(s)
	return s
}

// image takes up the reference of an image.
func (n *names) image(s string) string {
	if !n.system && !strings.HasPrefix(s, "sha256:") {
		_, ref, ok := strings.Cut(s, "://") // docker-pullable://
		if !ok {
			ref = s
		}
		n.imageParts(ref)
	}
	return s
}

// parts takes up names that are joined by signs.
func (n *names) parts(prefix, s string) string {
	n.forms(s)
	if strings.HasPrefix(strings.TrimSpace(s), "[") { // a list in JSON
		for _, m := range member().FindAllStringSubmatch(s, -1) {
			n.found(prefix, m[1])
		}
		return s
	}
	for part := range splitParts(s) {
		switch {
		case n.system && prefix != "host", providerWords[strings.ToLower(part)], addresses().MatchString(part):
		case strings.Contains(part, "."):
			n.hostOf(prefix, part)
		default:
			n.found(prefix, part)
		}
	}
	return s
}

// member is one of an object that says which it is of.
var member = match.Lazy(`"(?:name|namespace)"\s*:\s*"([^"]+)"`)

func splitParts(s string) iter.Seq[string] {
	return strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(":/@#?,=&^_[] \\", r) })
}

// providerWords are parts of the addresses of machines and disks at a cloud that say what follows.
var providerWords = wordSet(`aws gce azure kind k3s rke2 vsphere openstack docker https http tcp nfs csi kubernetes.io fc
	subscriptions resourcegroups providers microsoft.compute virtualmachines virtualmachinescalesets disks projects zones
	regions instances volumes machines hcloud digitalocean linode equinixmetal metal3 baremetalhost cluster cloud disk
	csi.storage`)

// hostOf takes up a name that has the form of a host.
func (n *names) hostOf(prefix, s string) {
	domain, _, _ := strings.Cut(s, "/")
	switch _, public := endsIn(strings.ToLower(domain), publicHosts); {
	case public:
		n.stays[domain] = true
	case !addresses().MatchString(s):
		n.add(prefix, s)
	}
}

// text takes up what stands in a text.
func (n *names) text(s string) string {
	n.forms(s)
	return s
}

// addresses are those of IPv4.
var addresses = match.Lazy(`\b(?:\d{1,3}\.){3}\d{1,3}\b`)

// names are the names that get pseudonyms, each with the prefix that tells what it is of. The first finder decides.
type names struct {
	keep   func(string) bool
	of     map[string]string
	made   map[string]bool // names of claims that are made of those of a Pod and a volume
	stays  map[string]bool // public names: none of their parts is a name
	seen   map[string]bool // texts that were looked through
	system bool            // what is visited is of a namespace of the system
}

// everywhere are names that every cluster has, and hosts that all the world pulls from.
var everywhere = match.Lazy(`^(?:kube-.*|default|kubernetes|localhost|localdomain|local|library|coredns|` +
	`system|system:.*|.*\.k8s\.io|k8s\.gcr\.io|.*\.kubernetes\.io|.*\.cluster\.local|.*\.svc|docker\.io|` +
	`.*\.docker\.(?:io|com)|` +
	`quay\.io|gcr\.io|ghcr\.io|mcr\.microsoft\.com|pause|in-tree|\d*|default-scheduler|true|false|amd64|arm64|arm|linux|` +
	`windows|runc|crun|runsc|kata.*|gvisor|nvidia|cluster\.local|svc|REDACTED|unlimited|` +
	`(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-[a-z]+)+-\d[a-z]?|(?:africa|asia|australia|europe|me|northamerica|` +
	`southamerica|us)` +
	`-[a-z]+\d(?:-[a-z])?|[a-z]+(?:us|europe|asia|uk|india|japan|australia)\d?(?:-\d)?|v?\d+(?:\.\d+)+(?:[-+].*)?)$`)

func newNames(keep func(string) bool) *names {
	return &names{keep: keep, of: map[string]string{}, stays: map[string]bool{},
		made: map[string]bool{}, seen: map[string]bool{}}
}

// add takes a name up, unless it is one that stays.
func (n *names) add(prefix, name string) {
	if n.made[name] {
		return
	}
	if m := legacyToken().FindStringSubmatch(name); m != nil {
		prefix, name = "account", m[1]
	}
	if len(name) < 2 || n.of[name] != "" || everywhere().MatchString(name) || n.keep(strings.ToLower(name)) {
		return
	}
	n.of[name] = prefix
}

// prefixes are what the pseudonyms of the names of a kind begin with.
var prefixes = map[string]string{
	"ResourceClaim": "devices", "ResourceClaimTemplate": "devices",
	"Namespace": "ns", "Pod": "pod", "Node": "node", "CSINode": "node",
	"PersistentVolumeClaim": "claim", "PersistentVolume": "pv", "StorageClass": "class", "VolumeAttachment": "attachment",
	"ConfigMap": "configmap", "Secret": "secret", "ServiceAccount": "account",
	"ReplicaSet": "workload", "Deployment": "workload", "StatefulSet": "workload", "DaemonSet": "workload",
	"Service": "service", "LimitRange": "limitrange", "ResourceQuota": "quota",
	"RuntimeClass": "runtimeclass", "PriorityClass": "priority", "Lease": "lease", "CSIDriver": "driver",
	"MutatingWebhookConfiguration": "webhook", "ValidatingWebhookConfiguration": "webhook",
	"ControllerRevision": "workload", "Job": "workload", "CronJob": "workload", "ReplicationController": "workload",
}

func (n *names) ref(r cluster.Ref) {
	n.add("ns", r.Namespace)
	if prefix := prefixes[r.Kind]; prefix != "" && !strings.HasPrefix(r.Namespace, "kube-") {
		if r.Kind == "PersistentVolume" && strings.HasPrefix(r.Name, "pvc-") {
			prefix = "pvc" // this says that it was made for a claim
		}
		if prefix == "driver" {
			n.hostOf(prefix, r.Name)
			return
		}
		n.add(prefix, r.Name)
	}
}

// lastHash is the hash of a template at the end of the name of a ReplicaSet.
var lastHash = match.Lazy(`-[bcdfghjklmnpqrstvwxz2456789]{4,10}$`)

// legacyToken is the name of a Secret with the token of a ServiceAccount.
var legacyToken = match.Lazy(`^(.+)-token-[bcdfghjklmnpqrstvwxz2456789]{5}$`)

// object takes up all names that an object has or gives.
func (n *names) object(k cluster.Kind, o metav1.Object) {
	r := cluster.Ref{Kind: k.Name, Namespace: o.GetNamespace(), Name: o.GetName()}
	n.add("ns", r.Namespace)
	if strings.HasPrefix(r.Namespace, "kube-") && k.Name != "Pod" && k.Name != "Lease" {
		return
	}
	for _, owner := range o.GetOwnerReferences() {
		if owner.Kind == "ReplicaSet" { // the Deployment's name and a hash, which tells nothing
			name := strings.TrimSuffix(owner.Name, "-"+o.GetLabels()["pod-template-hash"])
			if name == owner.Name {
				name = lastHash().ReplaceAllString(name, "")
			}
			n.ref(cluster.Ref{Kind: "Deployment", Namespace: r.Namespace, Name: name})
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
		if c := metav1.GetControllerOf(o); c != nil && c.Kind == "Pod" && strings.HasPrefix(o.Name, c.Name+"-") {
			n.ref(cluster.Ref{Kind: "Pod", Namespace: r.Namespace, Name: c.Name})
			return // the rest is the name of a volume
		}
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
			n.add("ns", s.Odd[i].Namespace)
			n.ref(cluster.Ref{Kind: "Pod", Namespace: s.Odd[i].Namespace, Name: s.Odd[i].Pod})
		}
	}
	if i := f.Images; i != nil {
		for _, p := range i.Pulls {
			n.imageParts(p.Image)
		}
		if i.Pause != nil {
			n.imageParts(i.Pause.Reference)
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
			n.imageParts(list[i].Image)
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
		v := &p.Spec.Volumes[i]
		if v.Ephemeral != nil {
			n.made[p.Name+"-"+v.Name] = true
		}
		if c := v.PersistentVolumeClaim; c != nil && strings.HasSuffix(c.ClaimName, "-"+p.Name) {
			n.made[c.ClaimName] = true // of a StatefulSet
		}
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
func (n *names) imageParts(image string) {
	if publicImage().MatchString(image) {
		return
	}
	image, _, _ = strings.Cut(image, "@")
	parts := strings.Split(image, "/")
	if len(parts) > 1 && strings.ContainsAny(parts[0], ".:") {
		host, _, _ := strings.Cut(parts[0], ":")
		if _, cloud := endsIn(strings.ToLower(host), cloudHosts); cloud {
			n.hostName(host) // its name says how to log in there
		} else if !addresses().MatchString(host) {
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
