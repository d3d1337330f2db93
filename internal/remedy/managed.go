package remedy

import (
	"strings"

	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A Manager is what keeps an object as it was written somewhere else: what is changed in the cluster alone comes back.
type Manager struct {
	Tool string // helm, argocd, flux, operator
	Name string // of the release, the application, the Kustomization
	In   string // its namespace, where that is known
}

var managerName = match.Lazy(`^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$`)

// ManagedBy is who manages an object, by the marks that tools leave on what they apply; nil where nobody is known to.
func ManagedBy(o metav1.Object) *Manager {
	if o == nil {
		return nil
	}
	labels := o.GetLabels()
	tracking := o.GetAnnotations()["argocd.argoproj.io/tracking-id"]
	release := o.GetAnnotations()["meta.helm.sh/release-name"]
	m := Manager{}
	switch {
	case labels["helm.toolkit.fluxcd.io/name"] != "":
		m = Manager{"flux.helm", labels["helm.toolkit.fluxcd.io/name"], labels["helm.toolkit.fluxcd.io/namespace"]}
	case labels["kustomize.toolkit.fluxcd.io/name"] != "":
		m = Manager{"flux", labels["kustomize.toolkit.fluxcd.io/name"], labels["kustomize.toolkit.fluxcd.io/namespace"]}
	case tracking != "":
		m.Tool = "argocd"
		m.Name, _, _ = strings.Cut(tracking, ":")
	case labels["argocd.argoproj.io/instance"] != "":
		m = Manager{"argocd", labels["argocd.argoproj.io/instance"], ""}
	case release != "":
		m = Manager{"helm", release, o.GetAnnotations()["meta.helm.sh/release-namespace"]}
	default:
		c := metav1.GetControllerOf(o)
		if c == nil {
			return nil
		}
		m = Manager{"operator", c.Kind + "/" + c.Name, ""}
		if !managerName().MatchString(c.Kind) || !managerName().MatchString(c.Name) {
			return nil
		}
		return &m
	}
	if _, app, ok := strings.Cut(m.Name, "_"); ok && m.Tool == "argocd" {
		m.Name = app // NAMESPACE_NAME, where applications are in any namespace
	}
	if !managerName().MatchString(m.Name) || m.In != "" && !managerName().MatchString(m.In) {
		return nil
	}
	return &m
}

// Note says that a change has to be made where the object is managed as well, and where that is.
func (m *Manager) Note() message.Message {
	if m.In == "" && m.Tool != "argocd" && m.Tool != "operator" {
		return message.Of("remedy.managed."+m.Tool+".somewhere", "name", m.Name)
	}
	return message.Of("remedy.managed."+m.Tool, "name", m.Name, "in", m.In)
}
