// Package pullsecretmissing finds Pods whose registry credentials are not there or cannot be used.
package pullsecretmissing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// denied is how registries refuse somebody who brings no credentials.
var denied = match.MustExpr(`pull access denied|access forbidden|access denied|unauthorized|: denied|is denied|` +
	`no basic auth|authorization failed|authentication required|\b40[13] |does not exist or no pull access`)

// Find reports pull secrets that are absent or of the wrong type where a pull is refused, or fails and nothing says
// why. Elsewhere a missing pull secret is harmless: the image is there already, or open to all.
func Find(p *diagnose.Pass) {
	refused := slices.ContainsFunc(p.Signs, func(s cluster.Sign) bool { return !s.Symptom && denied.Match(s.Message) })
	if !refused && !failsSilently(p) {
		return
	}
	certainty := diagnose.Proven
	if !refused {
		certainty = diagnose.Likely
	}
	args := func(name string) map[string]string {
		return map[string]string{"secret": name, "registry": registry(p)}
	}
	for _, m := range p.Matches() {
		for _, name := range strings.Split(m.Args["secret"], ", ") {
			m.Args["secret"] = strings.TrimSpace(name)
			p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: args(m.Args["secret"]), Certainty: certainty,
				Evidence: []cluster.Sign{m.Sign}})
		}
	}
	for i, r := range p.Pod.Spec.ImagePullSecrets {
		path := fmt.Sprintf("spec.imagePullSecrets[%d].name", i)
		ref := cluster.Ref{Kind: "Secret", Namespace: p.Pod.Namespace, Name: r.Name}
		f := diagnose.Finding{Blame: ref, Args: args(r.Name), Certainty: certainty}
		switch s, there := cluster.Get[corev1.Secret](p.Snapshot, ref.Namespace, ref.Name); {
		case there == cluster.Absent:
			f.Evidence = []cluster.Sign{p.CiteAbsent(path, ref)}
		case there == cluster.Present && s.Type != "" && s.Type != corev1.SecretTypeDockerConfigJson &&
			s.Type != corev1.SecretTypeDockercfg:
			f.Variant, f.Args["type"] = "type", string(s.Type)
			f.Evidence = []cluster.Sign{p.Cite(path, r.Name), diagnose.Cite(ref, "type", string(s.Type))}
		case there == cluster.Present && refused && others(p, f.Args["registry"]):
			hosts, _ := pod.PullsFrom(s, f.Args["registry"])
			f.Variant, f.Args["hosts"] = "registry", strings.Join(hosts, ", ")
			f.Evidence = []cluster.Sign{p.Cite(path, r.Name),
				diagnose.Cite(ref, "metadata.annotations["+pod.RegistriesAnnotation+"]", f.Args["hosts"])}
		default:
			continue
		}
		for _, symptom := range p.Signs {
			if !refused && pulls(symptom) {
				f.Evidence = append(f.Evidence, symptom)
			}
		}
		p.Report(f)
	}
}

// others reports whether every pull secret of the Pod is known to be for other registries, so that this one gets no
// credentials.
func others(p *diagnose.Pass, registry string) bool {
	for _, r := range p.Pod.Spec.ImagePullSecrets {
		s, there := cluster.Get[corev1.Secret](p.Snapshot, p.Pod.Namespace, r.Name)
		if there != cluster.Present {
			return false
		}
		if hosts, does := pod.PullsFrom(s, registry); does || len(hosts) == 0 {
			return false
		}
	}
	return registry != ""
}

// failsSilently reports whether a pull fails and the Events that would say why are gone.
func failsSilently(p *diagnose.Pass) bool {
	fails, says := false, false
	for _, s := range p.Signs {
		fails = fails || pulls(s)
		says = says || pulls(s) && !s.Symptom
	}
	return fails && !says
}

func pulls(s cluster.Sign) bool {
	return s.Reason == "ErrImagePull" || s.Reason == "ImagePullBackOff" || strings.Contains(s.Message, "ull image")
}

// registry is where the Pod's images come from, if that is one place.
func registry(p *diagnose.Pass) string {
	of := ""
	for _, c := range slices.Concat(p.Pod.Spec.InitContainers, p.Pod.Spec.Containers) {
		if r := pod.RegistryOf(c.Image); of != "" && of != r {
			return ""
		} else {
			of = r
		}
	}
	return of
}
