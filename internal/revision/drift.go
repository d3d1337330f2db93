package revision

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// A Drift is how a Pod differs from the template that it was made of: to change the template does not help there.
type Drift struct {
	Workload cluster.Ref   `json:"workload"`         // whose template it is
	Changes  []Difference  `json:"changes"`          // old is the template, new is the Pod
	Later    bool          `json:"later"`            // it was changed after it was made
	Old      bool          `json:"old,omitempty"`    // it is of an older revision, and waits in the way of the newest
	Held     int32         `json:"held,omitempty"`   // the partition that keeps it at the older revision
	At       time.Time     `json:"at,omitzero"`      // when, where that is known
	By       string        `json:"by,omitempty"`     // the field manager that changed it then: kubectl-patch
	Makers   []cluster.Ref `json:"makers,omitempty"` // what may have changed it as it was made
}

// DriftOf returns how a Pod differs from its template in what its containers run and get; nil where it does not, or the
// template is not known.
func DriftOf(s *cluster.Snapshot, p *corev1.Pod) *Drift {
	if set := outdated(s, p); set != nil {
		old := &Drift{Workload: cluster.Ref{Kind: "StatefulSet", Namespace: set.Namespace, Name: set.Name}, Old: true,
			Held: held(set, p), Changes: Diff(essence(&set.Spec.Template.Spec, nil), essence(&p.Spec, &set.Spec.Template.Spec))}
		if len(old.Changes) > 0 {
			return old
		}
	}
	if d := onDelete(s, p); d != nil {
		return d
	}
	workload, template := templateOf(s, p)
	if template == nil {
		return nil
	}
	d := &Drift{Workload: workload, Changes: Diff(essence(template, nil), essence(&p.Spec, template))}
	if len(d.Changes) == 0 {
		return nil
	}
	for _, m := range p.ManagedFields {
		if m.Time != nil && owns(m, "f:spec") && m.Time.After(d.At) {
			d.At, d.By = m.Time.Time, m.Manager
		}
	}
	if d.Later = d.By != "" || p.Generation > 1 || redefined(s, p); !d.Later {
		d.Makers = makers(s, p)
	}
	return d
}

// outdated is the StatefulSet of a Pod that is of an older revision than its template. It makes no Pod anew that has
// never been ready: that has to be deleted. Source: kube-controller-manager, StatefulSets that are OrderedReady.
func outdated(s *cluster.Snapshot, p *corev1.Pod) *appsv1.StatefulSet {
	c := metav1.GetControllerOf(p)
	if c == nil || c.Kind != "StatefulSet" {
		return nil
	}
	set, _ := cluster.Get[appsv1.StatefulSet](s, p.Namespace, c.Name)
	mine := p.Labels[appsv1.ControllerRevisionHashLabelKey]
	if set == nil || mine == "" || set.Status.UpdateRevision == "" || mine == set.Status.UpdateRevision ||
		known(&set.Spec.Template) == nil {
		return nil
	}
	return set
}

// onDelete is how a Pod differs from the template of its DaemonSet, which makes it anew only when somebody deletes it.
func onDelete(s *cluster.Snapshot, p *corev1.Pod) *Drift {
	c := metav1.GetControllerOf(p)
	if c == nil || c.Kind != "DaemonSet" {
		return nil
	}
	set, _ := cluster.Get[appsv1.DaemonSet](s, p.Namespace, c.Name)
	if set == nil || set.Spec.UpdateStrategy.Type != appsv1.OnDeleteDaemonSetStrategyType ||
		known(&set.Spec.Template) == nil {
		return nil
	}
	changes := Diff(essence(&set.Spec.Template.Spec, nil), essence(&p.Spec, &set.Spec.Template.Spec))
	if len(changes) == 0 || p.Labels["pod-template-generation"] == fmt.Sprint(set.Generation) {
		return nil
	}
	return &Drift{Workload: cluster.Ref{Kind: c.Kind, Namespace: p.Namespace, Name: c.Name}, Old: true, Changes: changes}
}

// held is the partition of a StatefulSet that keeps a Pod at the older revision, however often it is made; 0 for none.
func held(set *appsv1.StatefulSet, p *corev1.Pod) int32 {
	r := set.Spec.UpdateStrategy.RollingUpdate
	ordinal, err := strconv.Atoi(strings.TrimPrefix(p.Name, set.Name+"-"))
	if r == nil || r.Partition == nil || err != nil || ordinal >= int(*r.Partition) {
		return 0
	}
	return *r.Partition
}

// redefined reports whether the kubelet was seen to start a container anew because the Pod's spec had changed.
func redefined(s *cluster.Snapshot, p *corev1.Pod) bool {
	return slices.ContainsFunc(s.EventsAbout(cluster.RefOf(p), p), func(e *corev1.Event) bool {
		return e.Reason == "Killing" && strings.Contains(e.Message, "definition changed")
	})
}

// Differs reports whether a Pod differs from a template in what its containers run and get.
func Differs(template, spec *corev1.PodSpec) bool {
	return len(Diff(essence(template, nil), essence(spec, template))) > 0
}

// templateOf is the template that a Pod was made of, and the workload that has it.
func templateOf(s *cluster.Snapshot, p *corev1.Pod) (cluster.Ref, *corev1.PodSpec) {
	workload, all, mine := revisions(s, p)
	for i := range all {
		if all[i].ref.Name == mine {
			return workload, &all[i].template.Spec
		}
	}
	c := metav1.GetControllerOf(p)
	if c == nil {
		return workload, nil
	}
	ref := cluster.Ref{Kind: c.Kind, Namespace: p.Namespace, Name: c.Name}
	switch o := s.Get(ref).(type) {
	case *appsv1.ReplicaSet:
		if workload.Name == "" {
			workload = ref
		}
		return workload, known(&o.Spec.Template)
	case *batchv1.Job:
		return ref, known(&o.Spec.Template)
	}
	return ref, nil // of a StatefulSet or a DaemonSet it is not known whether the Pod is of the newest template
}

// known is the spec of a template, where it was not left out.
func known(t *corev1.PodTemplateSpec) *corev1.PodSpec {
	if len(t.Spec.Containers) == 0 {
		return nil
	}
	return &t.Spec
}

// essence is what of a spec is compared: images, commands, names of environment, resources. What the API server fills
// in itself is left out: a request is the limit where the template has none.
func essence(s, template *corev1.PodSpec) *corev1.PodSpec {
	return &corev1.PodSpec{InitContainers: essences(s.InitContainers, template),
		Containers: essences(s.Containers, template)}
}

func essences(all []corev1.Container, template *corev1.PodSpec) []corev1.Container {
	var out []corev1.Container
	for i := range all {
		c := &all[i]
		e := corev1.Container{Name: c.Name, Image: c.Image, Command: c.Command, Args: c.Args, Env: c.Env,
			Resources: corev1.ResourceRequirements{Limits: c.Resources.Limits}}
		e.Resources.Requests = corev1.ResourceList{}
		for name, q := range c.Resources.Requests {
			limit, limited := c.Resources.Limits[name]
			if template == nil || !limited || q.Cmp(limit) != 0 || requests(template, c.Name, name) {
				e.Resources.Requests[name] = q
			}
		}
		out = append(out, e)
	}
	return out
}

// requests reports whether a template has a request of a resource for a container.
func requests(t *corev1.PodSpec, container string, name corev1.ResourceName) bool {
	return slices.ContainsFunc(slices.Concat(t.InitContainers, t.Containers), func(c corev1.Container) bool {
		_, ok := c.Resources.Requests[name]
		return c.Name == container && ok
	})
}

// makers are what may have changed a Pod as it was made: the limit ranges of its namespace, which fill in what is
// lacking, and the webhooks that are asked about such Pods.
func makers(s *cluster.Snapshot, p *corev1.Pod) []cluster.Ref {
	var out []cluster.Ref
	for _, r := range cluster.Objects[corev1.LimitRange](s) {
		if r.Namespace == p.Namespace && slices.ContainsFunc(r.Spec.Limits, func(l corev1.LimitRangeItem) bool {
			return l.Type == corev1.LimitTypeContainer && len(l.Default)+len(l.DefaultRequest) > 0
		}) {
			out = append(out, cluster.Ref{Kind: "LimitRange", Namespace: r.Namespace, Name: r.Name})
		}
	}
	for _, c := range cluster.Objects[admissionregistrationv1.MutatingWebhookConfiguration](s) {
		if slices.ContainsFunc(c.Webhooks, func(w admissionregistrationv1.MutatingWebhook) bool {
			return Mutates(s, p, &w)
		}) {
			out = append(out, cluster.Ref{Kind: "MutatingWebhookConfiguration", Name: c.Name})
		}
	}
	slices.SortFunc(out, func(a, b cluster.Ref) int { return cmp.Or(-cmp.Compare(a.Kind, b.Kind), a.Compare(b)) })
	return out
}

// Mutates reports whether a webhook is asked about Pods like this one when they are made. What its selectors want of a
// namespace that is not known, is taken to fit.
func Mutates(s *cluster.Snapshot, p *corev1.Pod, w *admissionregistrationv1.MutatingWebhook) bool {
	has := func(list []string, want string) bool {
		return slices.Contains(list, want) || slices.Contains(list, "*")
	}
	if !slices.ContainsFunc(w.Rules, func(r admissionregistrationv1.RuleWithOperations) bool {
		create := slices.ContainsFunc(r.Operations, func(o admissionregistrationv1.OperationType) bool {
			return o == admissionregistrationv1.Create || o == admissionregistrationv1.OperationAll
		})
		return create && has(r.APIGroups, "") && (has(r.Resources, "pods") || slices.Contains(r.Resources, "*/*"))
	}) {
		return false
	}
	if !selects(w.ObjectSelector, p.Labels) {
		return false
	}
	ns, _ := cluster.Get[corev1.Namespace](s, "", p.Namespace)
	if ns == nil {
		return selects(w.NamespaceSelector, labels.Set{corev1.LabelMetadataName: p.Namespace}) ||
			w.NamespaceSelector != nil && !byName(w.NamespaceSelector)
	}
	return selects(w.NamespaceSelector, labels.Merge(ns.Labels, labels.Set{corev1.LabelMetadataName: p.Namespace}))
}

func selects(selector *metav1.LabelSelector, of labels.Set) bool {
	if selector == nil {
		return true
	}
	s, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && s.Matches(of)
}

// byName reports whether a selector of namespaces asks for nothing but their names, which are known.
func byName(selector *metav1.LabelSelector) bool {
	for k := range selector.MatchLabels {
		if k != corev1.LabelMetadataName {
			return false
		}
	}
	return !slices.ContainsFunc(selector.MatchExpressions, func(r metav1.LabelSelectorRequirement) bool {
		return r.Key != corev1.LabelMetadataName
	})
}
