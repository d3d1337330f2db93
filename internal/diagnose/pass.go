package diagnose

import (
	"maps"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
)

// A Pass is the application of one cause to one Pod. A Find reads it and calls Report.
type Pass struct {
	Snapshot *cluster.Snapshot
	Pod      *corev1.Pod
	Ref      cluster.Ref
	Signs    []cluster.Sign  // what speaks against the Pod; for a Fallback, what nothing else has claimed
	Events   []*corev1.Event // all Events about the Pod, oldest first: progress too, and what is over
	Stage    pod.Stage       // the stage that the Pod waits in
	Waited   time.Duration   // for how long it waits there, at the most
	Silent   bool            // nobody says what is wrong: there are symptoms at the most

	// Missing is how many Pods are not made; 0 where the Pass is about a Pod. Else Ref is the workload that wants them,
	// and Pod is as its template would make it, without a name.
	Missing int
	Asked   bool // about by its name, where Ref is a workload

	podRun     *podRun
	stall      cluster.Sign
	baseArgs   map[string]string // what every finding has
	volumes    []Volume          // once asked for
	configRefs []pod.ConfigRef   // once asked for
	said       *speech           // once asked for
	sentences  []string          // once asked for
	imageNames *imageNames       // once asked for

	cause *Cause // the one that is asked
	hits  []hit  // what its patterns match
}

// A Match is a sign that one of the cause's patterns matches.
type Match struct {
	Sign cluster.Sign
	Args map[string]string // the named groups, and what every finding has: pod, namespace, node, container, image...
}

// Matches returns the signs that the cause's patterns match, in the order of the signs.
// The slice is good until the Find returns; its memory serves the next one.
func (p *Pass) Matches() []Match {
	if len(p.hits) == 0 {
		return nil
	}
	out := p.podRun.matchesBuf[:0]
	for i := range p.hits {
		out = append(out, p.matchOf(&p.hits[i]))
	}
	p.podRun.matchesBuf = out
	return out
}

func (p *Pass) matchOf(h *hit) Match {
	s := &p.podRun.signs[h.sign]
	return Match{*s, p.args(s, h)}
}

// Volumes returns the Pod's volumes with the objects behind them.
func (p *Pass) Volumes() []Volume {
	if p.volumes == nil {
		p.volumes = p.podRun.index.volumesOf(p.Pod)
	}
	return p.volumes
}

// ClaimsBound reports whether the Pod's claim of this name, or with "" all of its claims, are known to be bound by now.
func (p *Pass) ClaimsBound(name string) bool {
	bound := false
	for _, v := range p.Volumes() {
		if v.Claim == "" || name != "" && name != v.Claim {
			continue
		}
		if v.PVC == nil || v.PVC.Status.Phase != corev1.ClaimBound {
			return false
		}
		bound = true
	}
	return bound
}

// Attachments returns the VolumeAttachments of a PersistentVolume, on any node.
func (p *Pass) Attachments(pv string) []*storagev1.VolumeAttachment {
	return p.podRun.index.attachments(pv)
}

// Neighbours returns the other Pods on the Pod's node.
func (p *Pass) Neighbours() []*corev1.Pod {
	var out []*corev1.Pod
	for _, o := range p.podRun.index.podsOn(p.Pod.Spec.NodeName) {
		if o != p.Pod {
			out = append(out, o)
		}
	}
	return out
}

// UsersOf returns all Pods of the namespace that use a claim, this one too.
func (p *Pass) UsersOf(claim string) []*corev1.Pod {
	return p.podRun.index.usersOf(p.Pod.Namespace, claim)
}

// EventsOf returns the Events about another Pod, oldest first.
func (p *Pass) EventsOf(o *corev1.Pod) []*corev1.Event {
	return p.Snapshot.EventsAbout(cluster.RefOf(o), o)
}

// Node returns the Pod's node, and whether it is known to be there.
func (p *Pass) Node() (*corev1.Node, cluster.Presence) {
	if p.Pod.Spec.NodeName == "" {
		return nil, cluster.Unknown
	}
	return cluster.Get[corev1.Node](p.Snapshot, "", p.Pod.Spec.NodeName)
}

// Described reports whether a description without Events tells of the Pod. It does not say since when the Pod waits,
// and would say what its kubelet has written, which takes less than the time to ask for one.
func (p *Pass) Described() bool {
	return p.Waited == 0 && p.Snapshot.Retold(p.Ref) && !p.Snapshot.Outlined(p.Ref)
}

// Stall returns the sign that the Pod waits, which every Pod that is looked at has. It is the evidence
// of a Find that walks the objects because the Pod is Silent.
func (p *Pass) Stall() cluster.Sign { return p.stall }

// Cite makes evidence of a field of the Pod; its message is what the field holds.
func (p *Pass) Cite(path, value string) cluster.Sign { return Cite(p.Ref, path, value) }

// Reasons of signs that a cause cites.
const (
	IsValue  = "Value"  // the field holds what the message says
	IsAbsent = "Absent" // the object that the message names is known not to be there
)

// Cite makes evidence of a field of any object; its message is what the field holds.
func Cite(ref cluster.Ref, path, value string) cluster.Sign {
	return cluster.Sign{Ref: ref, Path: path, Kind: cluster.SignField, Reason: IsValue, Message: value}
}

// CiteAbsent makes evidence of a field of the Pod that names an object which is known not to be there.
func (p *Pass) CiteAbsent(path string, missing cluster.Ref) cluster.Sign {
	return cluster.Sign{Ref: p.Ref, Path: path, Kind: cluster.SignField, Reason: IsAbsent, Message: missing.String()}
}

// Report says that the cause holds. Blame and Evidence are required: nothing is claimed without evidence,
// so it panics where there is none. Certainty is Proven unless it is set. Args are laid over those of the Pod.
func (p *Pass) Report(f Finding) {
	if len(f.Evidence) == 0 {
		panic("diagnose: " + p.cause.ID + ": a finding without evidence")
	}
	f.Cause = p.cause.ID
	if f.Certainty == "" {
		f.Certainty = Proven
	}
	if f.Args["workload"] != p.baseArgs["workload"] { // not those of a Match, which have it all
		args := maps.Clone(p.baseArgs)
		maps.Copy(args, f.Args)
		f.Args = args
	}
	if f.Container == "" {
		f.Container = f.Evidence[0].Container
	}
	if flag := p.previous(f.Args["container"]); flag != "" {
		f.Args["previous"] = flag
	}
	if f.debug = pod.Ephemeral(p.Pod, f.Container); f.debug {
		f.Args = maps.Clone(f.Args)
		f.Args["workload"] = "pod/" + p.Pod.Name
	}
	maps.DeleteFunc(f.Args, func(_, value string) bool { return value == "" }) // what is not known is not there
	if p.setUnattested(&f); f.Certainty == Proven && p.contradicted(&f) {
		f.Certainty = Likely
	}
	p.podRun.add(f)
}

// reportHits reports what the patterns match, one finding for each thing to blame, with what supports it as further
// evidence.
func (p *Pass) reportHits(certainty string, support ...cluster.Sign) {
	var found []Finding
	at := map[cluster.Ref]int{}
	for _, m := range p.Matches() {
		blame := p.Blame(m.Args)
		i, ok := at[blame]
		if !ok {
			i = len(found)
			at[blame] = i
			found = append(found, Finding{Certainty: certainty, Blame: blame, Args: m.Args})
		}
		f := &found[i]
		f.Evidence = append(f.Evidence, m.Sign)
		for k, v := range m.Args {
			if f.Args[k] == "" {
				f.Args[k] = v
			}
		}
	}
	for _, f := range found {
		f.Evidence = append(f.Evidence, support...)
		p.Report(f)
	}
}

// nameless reports whether a container of the Pod has a name that no text told.
func (p *Pass) nameless(container string) bool {
	return cluster.IsUnnamed(container) && p.Snapshot.Outlined(p.Ref)
}

// args are the named groups of a match with all that the sign and the Pod say.
func (p *Pass) args(s *cluster.Sign, h *hit) map[string]string {
	args := make(map[string]string, len(p.baseArgs)+4) // a map of up to eight is one small piece of memory
	maps.Copy(args, p.baseArgs)
	h.Args(h.plain, args)
	if s.Container != "" {
		if !p.nameless(s.Container) {
			args["container"] = s.Container
		}
		if flag := p.previous(s.Container); flag != "" {
			args["previous"] = flag
		}
	}
	if s.About != nil && s.About.Kind == "Node" {
		args["node"] = s.About.Name
	}
	if s.About != nil && s.About.Kind == "PersistentVolumeClaim" {
		args["claim"] = s.About.Name
	}
	if s.Ref.Kind == "VolumeAttachment" {
		if a, _ := cluster.Get[storagev1.VolumeAttachment](p.Snapshot, "", s.Ref.Name); a != nil &&
			a.Spec.Source.PersistentVolumeName != nil {
			args["pv"] = *a.Spec.Source.PersistentVolumeName
		}
	}
	if v := volumeNamed(h.plain); v != "" && args["volume"] == "" {
		args["volume"] = v
	}
	p.imageArgs(args, h.plain, s.Reason == "FailedCreatePodSandBox")
	p.volumeArgs(args)
	p.secondaryArgs(args, h.plain)
	return args
}

// volumeNamed is the volume that a message names in the way of the kubelet and the controllers: ... failed for volume
// "data" : ... What the kubelet logs of mount(8) has its folder alone: Mount failed: ...
// /var/lib/kubelet/pods/UID/volumes/kubernetes.io~nfs/data.
func volumeNamed(plain string) string {
	_, rest, _ := strings.Cut(plain, `for volume "`)
	if name, _, ok := strings.Cut(rest, `"`); ok {
		return name
	}
	if !strings.HasPrefix(plain, "Mount failed") {
		return ""
	}
	_, rest, _ = strings.Cut(plain, "/volumes/kubernetes.io~")
	_, rest, _ = strings.Cut(rest, "/")
	if end := strings.IndexFunc(rest, notOfName); end >= 0 {
		return rest[:end]
	}
	return rest
}

// notOfName reports whether a rune cannot be in the name of a volume, which is of letters, digits, - and .
func notOfName(r rune) bool {
	return r != '-' && r != '.' && !(r >= '0' && r <= '9') && !(r >= 'a' && r <= 'z') && !(r >= 'A' && r <= 'Z')
}

// volumeArgs fills claim, pv and driver from a volume's name, which components give as
// the name in the Pod (inline volumes) or of the PersistentVolume (all others).
func (p *Pass) volumeArgs(args map[string]string) {
	name := args["volume"]
	if name == "" && args["claim"] == "" && args["pv"] == "" {
		return
	}
	for _, v := range p.Volumes() {
		byClaim := args["claim"] != "" && v.Claim == args["claim"]
		byName := name != "" && v.Name == name
		byPV := v.PVC != nil && v.PVC.Spec.VolumeName != "" &&
			(v.PVC.Spec.VolumeName == name || v.PVC.Spec.VolumeName == args["pv"]) ||
			v.PV != nil && (v.PV.Name == name || v.PV.Name == args["pv"])
		if !byClaim && !byName && !byPV {
			continue
		}
		p.fillVolume(args, &v)
		return
	}
	if args["pv"] == "" && strings.HasPrefix(name, "pvc-") {
		args["pv"] = name
	}
}

func (p *Pass) fillVolume(args map[string]string, v *Volume) {
	set := func(name, value string) {
		if args[name] == "" {
			args[name] = value
		}
	}
	set("volume", v.Name)
	set("claim", v.Claim)
	if v.PVC != nil {
		set("pv", v.PVC.Spec.VolumeName)
		if v.PVC.Spec.StorageClassName != nil {
			set("class", *v.PVC.Spec.StorageClassName)
		}
	}
	if v.PV != nil {
		set("pv", v.PV.Name)
	}
	if v.PV != nil && v.PV.Spec.CSI != nil {
		set("driver", v.PV.Spec.CSI.Driver)
	}
	if v.CSI != nil {
		set("driver", v.CSI.Driver)
	}
}
