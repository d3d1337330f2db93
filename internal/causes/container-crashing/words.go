package containercrashing

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/applog"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// words are what a container said before it ended, on their way into a finding. They come from whoever wrote the
// program: a name in them becomes an argument where an object of the Pod bears it out, or it has the form of a name.
type words struct {
	*diagnose.Pass
	container string
	args      map[string]string
	finding   *diagnose.Finding
}

// readings make a variant of each kind of words.
var readings = map[string]func(*words){
	applog.PortTaken:    (*words).portTaken,
	applog.PortRefused:  (*words).portRefused,
	applog.Forbidden:    (*words).forbidden,
	applog.SettingUnset: (*words).unset,
	applog.NoSpace:      (*words).noSpace,
	applog.NoHost:       (*words).noHost,
	applog.Refused:      (*words).refused,
	applog.WrongCPU:     (*words).wrongCPU,
	applog.NoMemory:     (*words).noMemory,
	applog.Denied:       (*words).denied,
	applog.ReadOnly:     (*words).denied,
	applog.NoFile:       (*words).noFile,
	applog.IsFolder:     (*words).isFolder,
	applog.Login:        (*words).login,
	applog.KernelLimit:  (*words).kernelLimit,
	applog.NoThreads:    (*words).noThreads,
	applog.NotEmpty:     (*words).notEmpty,
	applog.LineEnds:     (*words).lineEnds,
	applog.BadArgument:  (*words).badArgument,
	applog.Certificate:  (*words).certificate,
	applog.NoDatabase:   (*words).noDatabase,
	applog.NoResource:   (*words).noResource,
	applog.OpenFiles:    func(w *words) { w.be("open-files") },
	applog.Iptables:     (*words).iptables,
	applog.NoDriver:     (*words).noDriver,
	applog.NoAddress:    (*words).noAddress,
	applog.OtherVersion: (*words).otherVersion,
	applog.Locked:       (*words).locked,
}

// be makes the finding a variant that the words alone speak for.
func (w *words) be(variant string) {
	w.finding.Variant, w.finding.Certainty = variant, diagnose.Likely
}

// bornOut adds objects that say the same as the words.
func (w *words) bornOut(evidence ...cluster.Sign) {
	w.finding.Evidence = append(w.finding.Evidence, evidence...)
}

// cite adds a field of the Pod.
func (w *words) cite(path, value string) { w.bornOut(w.Cite(path, value)) }

// edit sets {patch} to what changes a field of the Pod that is as it was read.
func (w *words) edit(field, was string, change diagnose.Edit) {
	w.set("patch", w.Patch(diagnose.Edit{Op: "test", Path: diagnose.PointerTo(field), Value: was}, change))
}

func (w *words) set(name, value string) { w.finding.Args[name] = value }

// spec is the container in the Pod's spec.
func (w *words) spec() *corev1.Container {
	if c := pod.Container(w.Pod, w.container); c != nil {
		return c
	}
	return &corev1.Container{}
}

var (
	dnsName  = match.Lazy(`^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$`)
	variable = match.Lazy(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)
	absolute = match.Lazy(`^/[A-Za-z0-9._/@%+-]{1,200}$`)
	resource = match.Lazy(`^[a-z]{2,63}$`)
	group    = match.Lazy(`^[a-z0-9.-]{0,253}$`)
)

// has returns what the words name, where it has the form of such a name.
func (w *words) has(name string, form func() *regexp.Regexp) string {
	if v := w.args[name]; form().MatchString(v) {
		return v
	}
	return ""
}

// wrongCPU: the kernel refuses to run a program of another processor, and a script without a first line.
func (w *words) wrongCPU() { w.be("cpu") }

// noMemory: the program came to the limit that it has set itself, or that its container has. A heap that was set does
// not grow with the limit: it has to be set as well, to three quarters of it.
func (w *words) noMemory() {
	w.be("heap")
	if q, ok := w.spec().Resources.Limits[corev1.ResourceMemory]; ok {
		w.set("limit", q.String())
		w.bornOut(w.Cite(w.path()+".resources.limits.memory", q.String()))
		q.Add(q)
		w.set("double", q.String())
		for heap, runtime := range map[string]string{"jvmheap": "jvm", "nodeheap": "node"} {
			if w.args[runtime] != "" {
				w.set(heap, fmt.Sprint(q.Value()/4*3>>20))
			}
		}
	}
}

// login: what it shows as its password or token is not accepted. It reads it from a Secret, where it has just one.
func (w *words) login() {
	w.be("login")
	if w.name("Secret", "secret"); w.finding.Args["secret"] == "" {
		w.oneVariable(password)
	}
}

// name sets an argument to the ConfigMap or Secret that the container reads, where that is just one.
func (w *words) name(kind, arg string) {
	refs := w.reads(kind)
	if len(refs) == 0 {
		return
	}
	for _, r := range refs {
		if r.Name != refs[0].Name {
			return
		}
	}
	w.set(arg, refs[0].Name)
	w.bornOut(w.Cite(refs[0].Path, refs[0].Name))
}

// reads are the ConfigMaps or Secrets that the container has as environment or mounts, each by its first field.
func (w *words) reads(kind string) []pod.ConfigRef {
	var out []pod.ConfigRef
	seen := map[string]bool{}
	for _, r := range w.ConfigRefs() {
		mounts := r.Volume != "" && w.mountOf(func(m *corev1.VolumeMount) bool { return m.Name == r.Volume }) != nil
		if r.Kind == kind && r.Key == "" && !seen[r.Name] && (r.Container == w.container || mounts) &&
			!strings.HasPrefix(r.Volume, "kube-api-access-") {
			seen[r.Name] = true
			out = append(out, r)
		}
	}
	return out
}

// mountOf is a mount of the container that fits; nil for none.
func (w *words) mountOf(fits func(*corev1.VolumeMount) bool) *corev1.VolumeMount {
	c := w.spec()
	for i := range c.VolumeMounts {
		if fits(&c.VolumeMounts[i]) {
			return &c.VolumeMounts[i]
		}
	}
	return nil
}

// under is the mount that a path is in: the one with the longest path.
func (w *words) under(path string) *corev1.VolumeMount {
	var best *corev1.VolumeMount
	c := w.spec()
	for i := range c.VolumeMounts {
		m := &c.VolumeMounts[i]
		at := strings.TrimRight(m.MountPath, "/")
		if (path == at || strings.HasPrefix(path, at+"/")) && (best == nil || len(m.MountPath) > len(best.MountPath)) {
			best = m
		}
	}
	return best
}
