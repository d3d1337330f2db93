package diagnose

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// ConfigRefs returns every field of the Pod that names a ConfigMap or a Secret as a volume or as environment.
func (p *Pass) ConfigRefs() []pod.ConfigRef {
	if p.configRefs == nil {
		p.configRefs = pod.ConfigRefs(p.Pod)
	}
	return p.configRefs
}

// MissingConfig makes a finding of each ConfigMap or Secret that is not there: of those that signs say are
// missing, by name, with the fields that name them; and where the Pod is silent, of those known to be absent.
// An object that is there by now gets the variant "there".
func (p *Pass) MissingConfig(kind string, said map[string][]cluster.Sign) []Finding {
	refs := p.ConfigRefs()
	var out []Finding
	for _, name := range slices.Sorted(maps.Keys(said)) {
		f := p.missing(kind, name)
		if p.Unseen(f.Blame, said[name]) {
			continue // config-not-synced knows
		}
		f.Evidence = said[name]
		for _, r := range refs {
			if r.Kind == kind && r.Name == name && r.Key == "" && !r.Optional {
				f.Evidence = append(f.Evidence, p.citeConfig(&r))
			}
		}
		out = append(out, f)
	}
	out = append(out, p.unnamed(kind, said)...)
	if !p.Silent || p.Stage.Step() < pod.StageVolumes.Step() || p.Stage.Step() > pod.StageCreate.Step() {
		return out
	}
	at := map[string]int{}
	for _, r := range refs {
		if r.Kind != kind || r.Key != "" || r.Optional || r.Name == "" || said[r.Name] != nil ||
			r.Volume != "" && p.Stage.Step() > pod.StageVolumes.Step() || p.config(&r) != cluster.Absent {
			continue
		}
		i, ok := at[r.Name]
		if !ok {
			i = len(out)
			at[r.Name] = i
			f := p.missing(kind, r.Name)
			f.Certainty, f.Evidence = Likely, []cluster.Sign{p.Stall()}
			out = append(out, f)
		}
		out[i].Evidence = append(out[i].Evidence, p.citeConfig(&r))
		if r.Volume != "" {
			out[i].Certainty = Proven // environment is only read once the volumes are mounted
		}
	}
	return out
}

// unnamed makes findings of containers whose configuration is at fault, as their state says without a word of why: a
// description without Events has no more. A container that takes its environment from one object, and has to, most
// likely lacks that.
func (p *Pass) unnamed(kind string, said map[string][]cluster.Sign) (out []Finding) {
	for _, s := range p.Signs {
		if s.Kind != cluster.SignWaiting || s.Reason != "CreateContainerConfigError" || s.Message != "" {
			continue
		}
		var needed []pod.ConfigRef
		for _, r := range p.ConfigRefs() {
			if r.Container == s.Container && !r.Optional {
				needed = append(needed, r)
			}
		}
		if len(needed) != 1 || needed[0].Kind != kind || said[needed[0].Name] != nil ||
			p.config(&needed[0]) == cluster.Present {
			continue
		}
		f := p.missing(kind, needed[0].Name)
		f.Certainty, f.Container = Likely, s.Container
		f.Evidence = []cluster.Sign{s, p.citeConfig(&needed[0])}
		out = append(out, f)
	}
	return out
}

func (p *Pass) missing(kind, name string) Finding {
	f := Finding{Blame: cluster.Ref{Kind: kind, Namespace: p.Pod.Namespace, Name: name},
		Args: map[string]string{strings.ToLower(kind): name}}
	if p.config(&pod.ConfigRef{Kind: kind, Name: name}) == cluster.Present {
		f.Variant, f.Certainty = "there", Likely
	}
	return f
}

// overlooked is how long a kubelet may take to see an object that is there: it asks again for what it does not watch
// after a minute at most, and tries a volume again after two.
const overlooked = 4 * time.Minute

// Unseen reports whether the last sign that an object is missing came long after it was made: then the kubelet, or the
// API server that it asks, has an old state of it.
func (p *Pass) Unseen(of cluster.Ref, said []cluster.Sign) bool {
	o := p.Snapshot.Get(of)
	if o == nil {
		return false
	}
	made := o.GetCreationTimestamp().Time
	return !made.IsZero() && slices.ContainsFunc(said, func(s cluster.Sign) bool {
		return s.Kind == cluster.SignEvent && s.Last.Sub(made) > overlooked
	})
}

// config reports whether what a field names is there.
func (p *Pass) config(r *pod.ConfigRef) cluster.Presence {
	if r.Kind == "Secret" {
		_, there := cluster.Get[corev1.Secret](p.Snapshot, p.Pod.Namespace, r.Name)
		return there
	}
	_, there := cluster.Get[corev1.ConfigMap](p.Snapshot, p.Pod.Namespace, r.Name)
	return there
}

func (p *Pass) citeConfig(r *pod.ConfigRef) cluster.Sign {
	if p.config(r) == cluster.Absent {
		return p.CiteAbsent(r.Path, cluster.Ref{Kind: r.Kind, Namespace: p.Pod.Namespace, Name: r.Name})
	}
	return p.Cite(r.Path, r.Name)
}
