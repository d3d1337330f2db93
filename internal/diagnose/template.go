package diagnose

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/workload"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Template returns the template that the Pod was made from, nil where it is not known.
func (p *Pass) Template() *corev1.PodTemplateSpec {
	c := metav1.GetControllerOf(p.Pod)
	if c == nil {
		return nil
	}
	w, _ := workload.Of(p.Snapshot.Get(cluster.Ref{Kind: c.Kind, Namespace: p.Pod.Namespace, Name: c.Name}))
	return w.Template
}

// An Edit is one operation of a JSON patch; its path is that of a Pod: /spec/nodeSelector.
type Edit struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
	From  string `json:"from,omitempty"` // of a move
}

// JSON is a patch for a command, "" where there is none. What HTML needs escaped stays as it is: a patch with a
// backslash would fill no command.
func JSON(patch any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(patch) != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Pointer makes the path of an edit, so that a / in a key is none of the path.
func Pointer(keys ...string) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	var b strings.Builder
	for _, k := range keys {
		b.WriteString("/" + escape.Replace(k))
	}
	return b.String()
}

// PointerTo is the path of an edit of a field as it is cited: /spec/containers/0/env for spec.containers[0].env.
func PointerTo(field string) string {
	return Pointer(strings.FieldsFunc(field, func(c rune) bool { return c == '.' || c == '[' || c == ']' })...)
}

// templates are the kinds that kubectl patches, and where the template of their Pods is.
var templates = map[string]string{"Pod": "", "Deployment": "/spec/template", "StatefulSet": "/spec/template",
	"DaemonSet": "/spec/template", "ReplicaSet": "/spec/template", "ReplicationController": "/spec/template",
	"Job": "/spec/template"}

// Patch returns {patch}, the JSON patch that makes these edits where the Pod's workload keeps the template of its Pods.
// It is "" for the workload of some operator: nobody here knows where its template is.
func (p *Pass) Patch(edits ...Edit) string { return p.PatchOf(p.Pod, edits...) }

// PatchOf returns the patch for the workload of another Pod.
func (p *Pass) PatchOf(o *corev1.Pod, edits ...Edit) string {
	w := p.WorkloadOf(o)
	prefix, ok := templates[w.Kind]
	if !ok {
		return ""
	}
	all := make([]Edit, 0, len(edits)+3)
	if w.Kind == "Job" { // it is made anew, and the API server sets these
		all = append(all, Edit{Op: "remove", Path: "/spec/selector"})
		for _, label := range []string{"batch.kubernetes.io/controller-uid", "controller-uid"} {
			if o.Labels[label] != "" {
				all = append(all, Edit{Op: "remove", Path: Pointer("spec", "template", "metadata", "labels", label)})
			}
		}
	}
	for _, c := range edits {
		c.Path = prefix + c.Path
		if c.From != "" {
			c.From = prefix + c.From
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return ""
	}
	return JSON(all)
}

var changing = match.Lazy(`^kubectl -n \{namespace\} (?:(patch) \{workload\} (--type=json -p \{patch\})|` +
	`(set resources|set image|edit) \{workload\} ?(.*))$`)

// anew takes out of a Job that is written out what the API server set in it, and will set again.
const anew = `kubectl patch --local -f - --type=merge -p '{"spec":{"selector":null,"template":{"metadata":{"labels":` +
	`{"controller-uid":null,"batch.kubernetes.io/controller-uid":null}}}}}' -o yaml`

// byOwner writes the last command of a step that changes the template of {workload} for the kind of that. What cannot
// be changed in place is written out, changed, and put in the place of the old; where the Pods of a workload stay as
// they are, this one has to go. Where nobody knows how to change it, it is only shown.
func byOwner(run string, f *Finding) string {
	before, last := "", run
	if i := strings.LastIndex(run, "&& "); i >= 0 {
		before, last = run[:i+3], run[i+3:]
	}
	m := changing().FindStringSubmatch(last)
	if m == nil {
		return run
	}
	verb, rest := m[1]+m[3], m[2]+m[4]
	const get, put = "kubectl -n {namespace} get {workload} -o yaml", "kubectl replace --force -f -"
	kind, _, _ := strings.Cut(f.Args["workload"], "/")
	known := func(k string) bool { return strings.ToLower(k) == kind }
	local := "kubectl " + verb + " --local -f - " + rest + " -o yaml | "
	switch {
	case f.debug && verb == "set image": // what was put into a Pod to debug it stays as it is
		return "kubectl -n {namespace} debug {pod} -it --image=" + strings.TrimPrefix(rest, "{container}=")
	case verb == "edit" && kind == "job":
		return before + get + " | " + anew + " > job.yaml && ${EDITOR:-vi} job.yaml && kubectl replace --force -f job.yaml"
	case verb == "edit" && kind != "statefulset", kind == "pod" && verb == "set image":
		return run
	case !slices.ContainsFunc(slices.Collect(maps.Keys(templates)), known), verb == "patch" && f.Args["patch"] == "":
		return get
	case kind == "pod" || kind == "job" && verb == "patch":
		return before + get + " | " + local + put
	case kind == "job":
		return before + get + " | " + anew + " | " + local + put
	case f.Missing == 0 && slices.Contains([]string{"replicaset", "replicationcontroller", "statefulset"}, kind):
		return run + " && kubectl -n {namespace} delete pod {pod}"
	}
	return run
}

// MountOnce returns the patch that mounts one volume wherever another of the same claim is mounted, and takes that
// other out.
func (p *Pass) MountOnce(volume, other string) string {
	var edits []Edit
	mounts := func(list string, all []corev1.Container) {
		for i := range all {
			for j, m := range all[i].VolumeMounts {
				if m.Name == other {
					path := fmt.Sprintf("/spec/%s/%d/volumeMounts/%d/name", list, i, j)
					edits = append(edits, Edit{Op: "test", Path: path, Value: other},
						Edit{Op: "replace", Path: path, Value: volume})
				}
			}
		}
	}
	mounts("initContainers", p.Pod.Spec.InitContainers)
	mounts("containers", p.Pod.Spec.Containers)
	for i := range p.Pod.Spec.Volumes {
		if p.Pod.Spec.Volumes[i].Name == other {
			path := fmt.Sprintf("/spec/volumes/%d", i)
			edits = append(edits, Edit{Op: "test", Path: path + "/name", Value: other}, Edit{Op: "remove", Path: path})
		}
	}
	return p.Patch(edits...)
}

// PodsOn returns the Pods that are bound to a node.
func (p *Pass) PodsOn(node string) []*corev1.Pod { return p.podRun.index.podsOn(node) }

// Names joins names for a text and, as an argument of a list, for a command: no more than a few dozen, in order.
func Names(all []string) string {
	const most = 50
	all = slices.Compact(slices.SortedFunc(slices.Values(all), cmp.Compare))
	return strings.Join(all[:min(len(all), most)], ", ")
}

// Preemptions returns the Events in the Pod's namespace that say that a Pod had to make room for another, oldest first.
// Those Pods are mostly gone.
func (p *Pass) Preemptions() []*corev1.Event { return p.podRun.index.preemptions()[p.Pod.Namespace] }

// preemptions collects the Events of each namespace that say that a Pod was preempted.
func (x *index) preemptions() map[string][]*corev1.Event {
	if x.preempted == nil {
		x.preempted = map[string][]*corev1.Event{}
		for _, e := range cluster.Objects[corev1.Event](x.snapshot) {
			if e.Reason == "Preempted" && e.InvolvedObject.Kind == "Pod" {
				x.preempted[e.Namespace] = append(x.preempted[e.Namespace], e)
			}
		}
		for _, all := range x.preempted {
			slices.SortStableFunc(all, func(a, b *corev1.Event) int {
				return a.LastTimestamp.Compare(b.LastTimestamp.Time)
			})
		}
	}
	return x.preempted
}
