package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
)

// A Webhook is an admission webhook, where its configuration is known.
type Webhook struct {
	Ref              cluster.Ref // the configuration that it is in
	Index            int         // in webhooks of it
	Name             string      // as answers of the API server have it
	Service          string      // that it is behind; "" for one with a URL
	ServiceNamespace string
}

// ConfigArgs names the configuration in the arguments {validating} or {mutating}, by its kind.
func (w *Webhook) ConfigArgs(args map[string]string) {
	if w.Ref.Kind == "ValidatingWebhookConfiguration" {
		args["validating"] = w.Ref.Name
	} else {
		args["mutating"] = w.Ref.Name
	}
}

// Cite makes evidence of the webhook's name in its configuration.
func (w *Webhook) Cite() cluster.Sign {
	return Cite(w.Ref, fmt.Sprintf("webhooks[%d].name", w.Index), w.Name)
}

// Webhook finds an admission webhook by its name, as answers of the API server have it.
func (p *Pass) Webhook(name string) (Webhook, bool) {
	for _, c := range cluster.Objects[admissionregistrationv1.ValidatingWebhookConfiguration](p.Snapshot) {
		for i, w := range c.Webhooks {
			if w.Name == name {
				return webhook("ValidatingWebhookConfiguration", c.Name, i, name, w.ClientConfig), true
			}
		}
	}
	for _, c := range cluster.Objects[admissionregistrationv1.MutatingWebhookConfiguration](p.Snapshot) {
		for i, w := range c.Webhooks {
			if w.Name == name {
				return webhook("MutatingWebhookConfiguration", c.Name, i, name, w.ClientConfig), true
			}
		}
	}
	return Webhook{}, false
}

func webhook(kind, config string, i int, name string, c admissionregistrationv1.WebhookClientConfig) Webhook {
	w := Webhook{Ref: cluster.Ref{Kind: kind, Name: config}, Index: i, Name: name}
	if c.Service != nil {
		w.Service, w.ServiceNamespace = c.Service.Name, c.Service.Namespace
	}
	return w
}

// TemplatePath is the place of a field of a Pod's spec in the object that Ref names: in the Pod itself, or in the
// template of the workload that wants it.
func (p *Pass) TemplatePath(field string) string {
	switch {
	case p.Missing == 0:
		return "spec." + field
	case p.Ref.Kind == "CronJob":
		return "spec.jobTemplate.spec.template.spec." + field
	}
	return "spec.template.spec." + strings.TrimPrefix(field, "spec.")
}

// WorkloadOf is what has to be edited to change another Pod.
func (p *Pass) WorkloadOf(o *corev1.Pod) cluster.Ref { return p.podRun.index.workload(o) }
