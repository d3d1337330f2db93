package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// remedyArgs are what the Pod and the snapshot know beside a finding's own arguments, for its remedies. What the
// finding has itself counts for more.
func (d *podRun) remedyArgs(f *Finding) map[string]string {
	out := map[string]string{}
	set := func(name, value string) {
		if value != "" {
			out[name] = value
		}
	}
	p := d.pass.Pod
	if c := pod.Container(p, cmp.Or(f.Container, f.Args["container"])); c != nil {
		set("twice", twice(c.Resources.Limits[corev1.ResourceMemory]))
		set("group", groupOfContainer(p, c))
		containerMounts(c, f, set)
	}
	for i := range p.Spec.Volumes {
		v := &p.Spec.Volumes[i]
		if v.HostPath != nil && f.Args["path"] != "" && v.HostPath.Path == f.Args["path"] {
			set("volume", v.Name)
		}
	}
	if sc := p.Spec.SecurityContext; sc != nil {
		for i, s := range sc.Sysctls {
			if s.Name == f.Args["sysctl"] {
				set("sysctlfield", fmt.Sprintf("spec.securityContext.sysctls[%d]", i))
			}
		}
	}
	switch path := f.Args["path"]; {
	case strings.HasPrefix(path, "/dev/"):
		set("devpath", path)
	default:
		set("folderpath", path)
	}
	switch wanted := strings.ToLower(f.Args["wanted"]); {
	case strings.Contains(wanted, "director"):
		set("creates", string(corev1.HostPathDirectoryOrCreate))
	case strings.Contains(wanted, "file"):
		set("creates", string(corev1.HostPathFileOrCreate))
	}
	set("account", cmp.Or(p.Spec.ServiceAccountName, "default"))
	registry := registryOf(p, f)
	set("registry", registry)
	if set("loginserver", registry); registry == "docker.io" {
		set("loginserver", "index.docker.io") // as the kubelet knows it
	}
	set("valid", validImage(f.Args["image"]))
	if part := map[string]string{"ConfigMap": "data", "Secret": "stringData"}[f.Blame.Kind]; part != "" {
		key := cmp.Or(f.Args["key"], "KEY")
		set("keypatch", JSON(map[string]any{part: map[string]string{key: "VALUE"}}))
	}
	if f.Blame.Kind == "Image" {
		set("nearimage", d.index.imageNear(f.Blame.Name))
	}
	near, have := d.meant(f)
	set("nearest", near)
	if near == "" {
		set("have", Names(have))
	}
	return out
}

// registryOf is the registry of a finding, or the one of all images of the Pod; "" where they are of several.
func registryOf(p *corev1.Pod, f *Finding) string {
	if r := f.Args["registry"]; r != "" {
		return r
	}
	var all []string
	for _, c := range slices.Concat(p.Spec.InitContainers, p.Spec.Containers) {
		all = append(all, pod.RegistryOf(c.Image))
	}
	if slices.Sort(all); len(all) == 0 || all[0] != all[len(all)-1] {
		return ""
	}
	return all[0]
}

// twice is the double of an amount of memory, and not less than what most programs need; "" for none.
func twice(q resource.Quantity) string {
	if q.IsZero() {
		return ""
	}
	double := q.DeepCopy()
	double.Add(q)
	if least := resource.MustParse("128Mi"); double.Cmp(least) < 0 {
		return least.String()
	}
	return double.String()
}

// groupOfContainer is the group that a container runs as, as far as the Pod says.
func groupOfContainer(p *corev1.Pod, c *corev1.Container) string {
	var ids []*int64
	if sc := c.SecurityContext; sc != nil {
		ids = append(ids, sc.RunAsGroup, sc.RunAsUser)
	}
	if sc := p.Spec.SecurityContext; sc != nil {
		ids = append(ids, sc.RunAsGroup, sc.RunAsUser)
	}
	if id := cmp.Or(ids...); id != nil {
		return fmt.Sprint(*id)
	}
	return ""
}

// containerMounts tells of the mounts of a container: what is mounted at the finding's path, and which one of its
// volume has a subPath or propagates.
func containerMounts(c *corev1.Container, f *Finding, set func(name, value string)) {
	var below, propagated []string
	for _, m := range c.VolumeMounts {
		if m.MountPath == f.Args["path"] {
			set("mounted", m.Name)
		}
		if v := f.Args["volume"]; m.SubPath+m.SubPathExpr != "" && (v == "" || v == m.Name) {
			below = append(below, m.MountPath)
		}
		if m.MountPropagation != nil {
			propagated = append(propagated, m.MountPath)
		}
	}
	if len(below) == 1 {
		set("mountpath", below[0])
	}
	if len(propagated) == 1 {
		set("propagated", propagated[0])
	}
}

// reference is the form of an image's name. Source: github.com/distribution/reference.
var reference = match.Lazy(`^([a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*` +
	`(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$`)

// validImage is a name that is valid and differs from one that is not by spaces around it, a scheme before it or
// capital letters; "" where nothing of this is what is wrong.
func validImage(image string) string {
	name := strings.TrimSpace(image)
	for _, scheme := range []string{"https://", "http://", "docker://"} {
		name = strings.TrimPrefix(name, scheme)
	}
	path, tag := splitTag(name)
	name = strings.ToLower(path) + tag
	if name == image || !reference().MatchString(name) {
		return ""
	}
	return name
}

// splitTag splits off the tag of an image's name, with its colon.
func splitTag(image string) (name, tag string) {
	if i := strings.LastIndex(image, ":"); i > strings.LastIndex(image, "/") {
		return image[:i], image[i:]
	}
	return image, ""
}

// meant is the name of what is there and may be meant by a name of what is not; where none is near, some that are
// there.
func (d *podRun) meant(f *Finding) (near string, have []string) {
	wanted, names := f.Blame.Name, []string(nil)
	s := d.index.snapshot
	switch f.Blame.Kind {
	case "ConfigMap", "Secret":
		if key := f.Args["key"]; key != "" && f.Args["object"] == f.Blame.Name {
			wanted, names = key, keysOf(s, f.Blame)
			break
		}
		names = d.named(f.Blame)
	case "PersistentVolumeClaim", "ServiceAccount":
		names = d.named(f.Blame)
	case "RuntimeClass":
		for _, c := range cluster.Objects[nodev1.RuntimeClass](s) {
			names = append(names, c.Name)
		}
	}
	names = slices.DeleteFunc(names, func(n string) bool { return n == wanted })
	if alike := match.Near(wanted, names); alike != "" && len(wanted) > 2 {
		return alike, nil
	}
	slices.Sort(names)
	const most = 5
	return "", names[:min(len(names), most)]
}

// named are the names of the objects of a kind in a namespace that a Pod may name.
func (d *podRun) named(r cluster.Ref) []string {
	var out []string
	for _, o := range d.index.snapshot.OfKind(r.Kind) {
		if o.GetNamespace() != r.Namespace {
			continue
		}
		if secret, ok := o.(*corev1.Secret); ok && secret.Type != "" && secret.Type != corev1.SecretTypeOpaque &&
			strings.HasPrefix(string(secret.Type), "helm.sh/") || ok && secret.Type == corev1.SecretTypeServiceAccountToken {
			continue
		}
		if r.Kind == "ConfigMap" && o.GetName() == "kube-root-ca.crt" {
			continue
		}
		out = append(out, o.GetName())
	}
	return out
}

// Keys are the keys of a ConfigMap or a Secret, in order; nil where it is not known.
func (p *Pass) Keys(r cluster.Ref) []string { return keysOf(p.Snapshot, r) }

// keysOf are the keys of a ConfigMap or a Secret.
func keysOf(s *cluster.Snapshot, r cluster.Ref) []string {
	var out []string
	switch o := s.Get(r).(type) {
	case *corev1.ConfigMap:
		for k := range o.Data {
			out = append(out, k)
		}
		for k := range o.BinaryData {
			out = append(out, k)
		}
	case *corev1.Secret:
		for k := range o.Data {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// imageNear is an image that a Pod of the cluster runs, or a node has, and that differs from one that is not there by
// its tag; the nearest of several. "" where there is none, or no one of them is nearer than the others.
func (x *index) imageNear(wanted string) string {
	if x.images == nil {
		x.images = imagesOf(x.snapshot)
	}
	var near []string
	for _, image := range x.images[repository(wanted)] {
		if image != wanted {
			near = append(near, image)
		}
	}
	if len(near) == 1 {
		return near[0]
	}
	return match.Near(wanted, near)
}

// repository is an image's name without its tag and digest.
func repository(image string) string {
	image, _, _ = strings.Cut(image, "@")
	image, _ = splitTag(image)
	return image
}

// imagesOf are the images with a tag that Pods run, or nodes have, by repository.
func imagesOf(s *cluster.Snapshot) map[string][]string {
	seen, out := map[string]bool{}, map[string][]string{}
	add := func(image string) {
		if !seen[image] {
			seen[image] = true
			if !strings.Contains(image, "@") {
				out[repository(image)] = append(out[repository(image)], image)
			}
		}
	}
	for _, p := range cluster.Objects[corev1.Pod](s) {
		for i := range p.Status.ContainerStatuses {
			if c := &p.Status.ContainerStatuses[i]; c.State.Running != nil && c.Ready {
				add(c.Image)
			}
		}
	}
	for _, n := range cluster.Objects[corev1.Node](s) {
		for _, i := range n.Status.Images {
			for _, name := range i.Names {
				add(name)
			}
		}
	}
	return out
}
