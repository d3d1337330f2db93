package diagnose

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/remedy"
	"github.com/kubestuck/stuck/internal/workload"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// What a step of a cause makes anew.
const (
	restartPod       = "pod"       // the Pod, as it was
	restartElsewhere = "elsewhere" // the Pod, and on another node
	restartAgents    = "agents"    // the Pods of the network plugin's agent, on all nodes
)

// Restarts are what a step may make anew: the Pod, or a part of its node.
var Restarts = append([]string{restartPod, restartElsewhere, restartAgents}, Roles...)

// unmarked are the marks of a Pod that has none: most have none.
var unmarked = map[string]bool{}

// marksOf are the annotations of a Pod that edits take away.
func marksOf(p *corev1.Pod) map[string]bool {
	one, two, three := p.Annotations[networks] != "", p.Annotations["ovn.kubernetes.io/ip_address"] != "",
		p.Annotations["cni.projectcalico.org/ipAddrs"] != ""
	if !one && !two && !three {
		return unmarked
	}
	return map[string]bool{"annotations[" + networks + "]": one, "annotations[ovn.kubernetes.io/ip_address]": two,
		"annotations[cni.projectcalico.org/ipAddrs]": three}
}

// targetOf is what has to be changed to change a Pod, and what has to be known for it.
func (x *index) targetOf(p *corev1.Pod, stage pod.Stage) *remedy.Target {
	owner := x.workload(p)
	t := &remedy.Target{Owner: owner, Group: x.groupOf(p, owner), Pod: cluster.RefOf(p),
		Started: pod.Ran(p), OnDelete: x.onDelete(owner)}
	if len(p.Spec.Containers) > 0 {
		t.Spec, t.Marks = &p.Spec, marksOf(p)
	}
	if w, ok := workload.Of(x.snapshot.Get(owner)); ok && w.Template != nil {
		t.Pinned = w.Template.Spec.NodeName != ""
	}
	if o := x.snapshot.Get(owner); o != nil {
		t.Manager = remedy.ManagedBy(o)
	}
	refused := p.Status.Phase == corev1.PodFailed && p.Status.StartTime == nil || stage == pod.StageAccept
	t.Place = refused || p.Status.Phase == corev1.PodFailed && p.Status.Reason != ""
	if c := metav1.GetControllerOf(p); c != nil {
		switch {
		case c.Kind == "Node":
			t.Static = p.Spec.NodeName
		case c.Kind == "Job" && owner.Kind == "CronJob":
			t.Job = c.Name
		}
	}
	if p.Annotations[corev1.MirrorPodAnnotationKey] != "" {
		t.Static = p.Spec.NodeName
	}
	return t
}

// groupOf is the API group of an owner, as its Pod or the ReplicaSet between them names it; "" where it is not known.
func (x *index) groupOf(p *corev1.Pod, owner cluster.Ref) string {
	refs := slices.Clone(p.OwnerReferences)
	for _, r := range p.OwnerReferences {
		if rs, _ := cluster.Get[appsv1.ReplicaSet](x.snapshot, p.Namespace, r.Name); rs != nil {
			refs = append(refs, rs.OwnerReferences...)
		}
	}
	for _, r := range refs {
		if r.Kind == owner.Kind && r.Name == owner.Name {
			group, err := schema.ParseGroupVersion(r.APIVersion)
			if err == nil && isGroup().MatchString(group.Group) {
				return group.Group
			}
		}
	}
	return ""
}

// onDelete reports whether a DaemonSet or a StatefulSet replaces a Pod only once it is deleted.
func (x *index) onDelete(owner cluster.Ref) bool {
	switch o := x.snapshot.Get(owner).(type) {
	case *appsv1.DaemonSet:
		return o.Spec.UpdateStrategy.Type == appsv1.OnDeleteDaemonSetStrategyType
	case *appsv1.StatefulSet:
		return o.Spec.UpdateStrategy.Type == appsv1.OnDeleteStatefulSetStrategyType
	}
	return false
}

// cited are the fields of the Pod's spec that a finding has for evidence.
func (f *Finding) cited() []string {
	var out []string
	for _, s := range f.Evidence {
		if s.Kind == cluster.SignField && s.Ref == f.Pod && s.Reason != IsChanged && strings.HasPrefix(s.Path, "spec.") &&
			!slices.Contains(out, s.Path) {
			out = append(out, s.Path)
		}
	}
	return out
}

// cited stands in an edit for each field that the finding has for evidence.
const cited = "{cited}"

// edits are those of a step for this finding; not ok where something in them is not known.
func (f *Finding) edits(s *Step) ([]remedy.Edit, bool) {
	args := f.allArgs()
	var out []remedy.Edit
	for _, e := range f.target.Resolve(cmp.Or(f.Container, args["container"]), f.imageVolume(s.Set)) {
		each := []string{""}
		if e.Field+e.Remove == cited {
			each = f.cited()
		}
		for _, field := range each {
			filled, ok := e.Fill(func(name string) (string, bool) {
				if "{"+name+"}" == cited {
					return field, true
				}
				v := args[name]
				if f.unattested[name] && v != "" {
					return cmp.Or(f.answers[argument.Placeholder(name)], argument.Placeholder(name)), true
				}
				return v, v != "" && (argument.Of(name).Holds(v) || argument.Field.Holds(v))
			})
			if !ok {
				return nil, false
			}
			out = append(out, f.fillHole(filled))
		}
	}
	return out, len(out) > 0
}

// allArgs are the arguments of a finding, and those that only its remedies have.
func (f *Finding) allArgs() map[string]string {
	if len(f.known) == 0 {
		return f.Args
	}
	args := maps.Clone(f.known)
	maps.Copy(args, f.Args)
	return args
}

// act makes a step's action ready for what makes the Pod; not ok where it cannot be done to it.
func (f *Finding) act(s *Step) (remedy.Commands, bool) {
	node := f.Args["node"]
	switch {
	case f.target == nil:
		return remedy.Commands{}, false
	case s.Restart == restartPod:
		return f.place().Restart()
	case s.Restart == restartElsewhere:
		return f.target.Elsewhere(node)
	case s.Restart == restartAgents:
		return remedy.RestartAll(f.parts[roleAgent]), true
	case s.Restart != "":
		return remedy.RestartPart(f.parts[s.Restart], node), true
	case s.Logs != "":
		return remedy.Logs(f.parts[s.Logs], node), true
	case s.Describe != "":
		return remedy.Describe(f.parts[s.Describe], node), true
	}
	edits, ok := f.edits(s)
	if !ok {
		return remedy.Commands{}, false
	}
	return f.place().Set(edits)
}

// place is what has to be changed, with what the finding knows of how it ends.
func (f *Finding) place() *remedy.Target {
	if !f.Deaf {
		return f.target
	}
	t := *f.target
	t.Deaf = true
	return &t
}

// acts reports whether a step is an action: then its command is made for what makes the Pod.
func (s *Step) acts() bool { return len(s.Set) > 0 || s.Restart+s.Logs+s.Describe != "" }

// fillAction is a step with an action, ready to be shown.
// It has no command where it cannot be done to that.
func (f *Finding) fillAction(s *Step, do, because Words) Step {
	c, ok := f.act(s)
	if !ok {
		return Step{Do: do, Risk: remedy.Worst(s.Risk, remedy.None), Because: because}
	}
	for _, o := range f.others {
		if o.Variant != f.Variant {
			continue
		}
		of := *o
		of.answers = f.answers
		other, ok := of.act(s)
		if ok && len(s.Set) > 0 && other.Kind == c.Kind && other.Run != c.Run {
			c.Run += "\n" + other.Run
			c.Risk = remedy.Worst(c.Risk, other.Risk)
			c.Note = append(c.Note, other.Note...)
		}
	}
	out := Step{Do: do, Run: c.Run, Risk: remedy.Worst(s.Risk, c.Risk), Because: because, Action: c.Action, Notes: c.Note}
	for _, e := range c.Edits {
		if e.Hole != "" && !slices.Contains(out.Holes, e.Hole) {
			out.Holes = append(out.Holes, e.Hole)
		}
	}
	var left []string
	if strings.Contains(c.Run, argument.Placeholder("workload")) {
		left = append(left, "workload")
	}
	for _, e := range s.Set {
		for _, name := range Placeholders(e.Field + e.Value + e.Remove) {
			if f.unattested[name] && !slices.Contains(left, name) {
				left = append(left, name)
			}
		}
	}
	for _, name := range left {
		out.Holes = append(out.Holes, argument.Placeholder(name))
	}
	out.sayLeft(left, f.allArgs())
	return out
}

// note puts behind the words of a step what has to be known of how it is done, unless a step before it has said so.
func (s *Step) note(said *[]string) {
	for _, n := range s.Notes {
		text := n.In("en")
		if slices.Contains(*said, text) {
			continue
		}
		*said = append(*said, text)
		s.Do = Words{EN: strings.TrimRight(s.Do.EN, " ") + " " + text, ZH: s.Do.ZH + n.In("zh")}
	}
}

// Sample is a step with its command as it is for a Deployment of which nothing is known, for the pages about a cause.
func (s *Step) Sample() (remedy.Commands, bool) {
	if !s.acts() {
		return remedy.Commands{}, false
	}
	t := &remedy.Target{Owner: cluster.Ref{Kind: "Deployment", Namespace: "NAMESPACE", Name: "NAME"},
		Pod: cluster.Ref{Kind: "Pod", Namespace: "NAMESPACE", Name: "POD"}}
	if len(s.Set) == 0 {
		f := Finding{target: t, Args: map[string]string{"node": "NODE"}}
		return f.act(s)
	}
	var edits []remedy.Edit
	for _, e := range t.Resolve("CONTAINER", s.Set) {
		e, _ := e.Fill(func(name string) (string, bool) { return strings.ToUpper(name), true })
		edits = append(edits, e)
	}
	return t.Set(edits)
}

// commandArgs are the arguments of commands: there an owner of another's kind is named with its API group.
func (f *Finding) commandArgs() map[string]string {
	args := f.allArgs()
	if f.target == nil || f.target.Known() || args["workload"] != f.target.Owner.TypeName() {
		return args
	}
	args = maps.Clone(args)
	args["workload"] = f.target.Resource()
	return args
}

// isGroup is the form of an API group, which stands in a command as part of the name of a resource.
var isGroup = match.Lazy(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)

// systemOf is what is known of the system of a node; nil where nothing is.
func (x *index) systemOf(node string) *remedy.System {
	n, _ := cluster.Get[corev1.Node](x.snapshot, "", node)
	if n == nil || n.Status.NodeInfo.OSImage == "" {
		return nil
	}
	i := &n.Status.NodeInfo
	return &remedy.System{Name: node, Image: i.OSImage, Runtime: i.ContainerRuntimeVersion, Kubelet: i.KubeletVersion}
}

// imageVolume returns edits of a container's image as those of the volume that has the image, where it is of one.
func (f *Finding) imageVolume(edits []remedy.Edit) []remedy.Edit {
	image := f.Args["image"]
	if f.target.Spec == nil || image == "" || len(edits) != 1 || edits[0].Field != "container.image" {
		return edits
	}
	spec := f.target.Spec
	if slices.ContainsFunc(slices.Concat(spec.InitContainers, spec.Containers), func(c corev1.Container) bool {
		return c.Image == image
	}) {
		return edits
	}
	for i := range spec.Volumes {
		if v := &spec.Volumes[i]; v.Image != nil && v.Image.Reference == image {
			e := edits[0]
			e.Field = "volumes[" + v.Name + "].image.reference"
			return []remedy.Edit{e}
		}
	}
	return edits
}
