package diagnose

import (
	"fmt"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/revision"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// addDrift tells for each finding where the Pod differs from the template of its workload in what the finding is about:
// there the template is right, and to change it does not help.
func (d *podRun) addDrift() {
	drift := revision.DriftOf(d.index.snapshot, d.pass.Pod)
	if drift == nil {
		return
	}
	for i := range d.found {
		f := &d.found[i]
		own := *drift
		own.Changes = slices.Clone(drift.Changes)
		if !markTouching(own.Changes, d.catalogue.Cause(f.Cause).Stage, f) {
			continue
		}
		f.Drift, f.Update = &own, nil
		for _, c := range own.Changes {
			if c.Touches && c.New != "" && c.New != revision.Withheld {
				s := cluster.Sign{Ref: f.Pod, Path: "spec." + c.Path, Kind: cluster.SignField, Reason: IsChanged,
					Message: c.New}
				f.addEvidence([]cluster.Sign{s}, len(f.Evidence)+1)
			}
		}
		if maker, ok := f.mutator(); ok {
			f.Blame, f.Certainty = maker, Likely
			f.exempt = exempt(d.index.snapshot, maker.Name, d.pass.Pod)
		}
	}
}

// mutator is the one webhook that can have changed the Pod.
func (f *Finding) mutator() (cluster.Ref, bool) {
	if f.Drift == nil || len(f.Drift.Makers) != 1 || f.Drift.Makers[0].Kind != "MutatingWebhookConfiguration" {
		return cluster.Ref{}, false
	}
	return f.Drift.Makers[0], true
}

// exempt is the patch after which those webhooks of a configuration that are asked about a Pod leave its namespace
// alone; "" where it is not known which these are.
func exempt(s *cluster.Snapshot, name string, p *corev1.Pod) string {
	c, _ := cluster.Get[admissionv1.MutatingWebhookConfiguration](s, "", name)
	if c == nil {
		return ""
	}
	not := metav1.LabelSelectorRequirement{Key: corev1.LabelMetadataName, Operator: metav1.LabelSelectorOpNotIn,
		Values: []string{p.Namespace}}
	var edits []Edit
	for i := range c.Webhooks {
		if !revision.Mutates(s, p, &c.Webhooks[i]) {
			continue
		}
		path, has := fmt.Sprintf("/webhooks/%d/namespaceSelector", i), c.Webhooks[i].NamespaceSelector
		switch {
		case has == nil:
			edits = append(edits, Edit{Op: "add", Path: path, Value: metav1.LabelSelector{
				MatchExpressions: []metav1.LabelSelectorRequirement{not}}})
		case has.MatchExpressions == nil:
			edits = append(edits, Edit{Op: "add", Path: path + "/matchExpressions",
				Value: []metav1.LabelSelectorRequirement{not}})
		default:
			edits = append(edits, Edit{Op: "add", Path: path + "/matchExpressions/-", Value: not})
		}
	}
	if len(edits) == 0 {
		return ""
	}
	return JSON(edits)
}

// fillsIn reports whether what the Pod has more than its template can be what a LimitRange fills in: then the template
// is where it is put right.
func (f *Finding) fillsIn() bool {
	return f.Drift != nil && slices.ContainsFunc(f.Drift.Makers, func(r cluster.Ref) bool {
		return r.Kind == "LimitRange"
	}) && !slices.ContainsFunc(f.Drift.Changes, func(c revision.Difference) bool { return c.Touches && c.Old != "" })
}

// asTemplate are the things to do about a finding in which the Pod differs from its template: they come in place of
// those that change the workload.
func asTemplate(f *Finding) []Step {
	if f.Drift == nil || f.fillsIn() {
		return nil
	}
	args := map[string]string{"workload": f.Args["workload"], "pod": f.Pod.Name, "namespace": f.Pod.Namespace}
	of := &Finding{Args: args}
	say := func(code string) Words {
		m := message.Of(code, "workload", args["workload"])
		return Words{EN: m.In("en"), ZH: m.In("zh")}
	}
	again := of.filled(Step{Do: say("fix.drift.delete"), Run: "kubectl -n {namespace} delete pod {pod}", Risk: "low"})
	if f.Drift.Held > 0 {
		again.Do, again.Risk = say("fix.drift.held"), "disruptive"
		again.Run = `kubectl -n {namespace} patch {workload} --type=merge -p '{"spec":{"updateStrategy":` +
			`{"rollingUpdate":{"partition":0}}}}' && ` + again.Run
		return []Step{of.filled(again)}
	}
	if maker, ok := f.mutator(); ok {
		args["maker"] = maker.Name
		again.Do = say("fix.drift.then")
		see := Step{Do: say("fix.drift.webhook"), Run: "kubectl get mutatingwebhookconfiguration {maker} -o yaml",
			Risk: "none"}
		if f.exempt == "" {
			return []Step{of.filled(see), again}
		}
		args["patch"] = f.exempt
		leave := Step{Do: say("fix.drift.exempt"), Run: "kubectl patch mutatingwebhookconfiguration {maker} --type=json " +
			"-p {patch} && kubectl -n {namespace} delete pod {pod}", Risk: "low"}
		return []Step{of.filled(leave), of.filled(see)}
	}
	if len(f.Drift.Makers) > 1 {
		again.Do = say("fix.drift.then")
		return []Step{{Do: say("fix.drift.webhooks"), Run: "kubectl get mutatingwebhookconfigurations", Risk: "none"}, again}
	}
	return []Step{again}
}

// changesWorkload reports whether a step changes what makes the Pod.
func changesWorkload(s Step) bool {
	return len(s.Set) > 0 || s.Risk != "none" && slices.ContainsFunc(Placeholders(s.Run), func(name string) bool {
		return name == "workload" || name == "target" || name == "owner"
	})
}
