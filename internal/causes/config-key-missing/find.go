// Package configkeymissing finds Pods that name a key which is not in their ConfigMap or Secret.
package configkeymissing

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

var (
	ofEnv    = match.Lazy(`(?i)couldn't find key (\S+) in (configmap|secret) [^/\s]+/([^\s,\]]+)`)
	ofVolume = match.Lazy(`(?i)references non-existent (?:(config|secret) )?key:? ?([^\s,\]]*)`)
	keyless  = match.Lazy(`\.$`)
)

// Find reports each key that the kubelet does not find, with the field that names it, and each that a silent Pod needs
// and that is known not to be there.
func Find(p *diagnose.Pass) {
	refs := p.ConfigRefs()
	for _, m := range p.Matches() {
		plain := match.Plain(m.Sign.Message)
		for _, g := range ofEnv().FindAllStringSubmatch(plain, -1) {
			report(p, m.Sign, pod.ConfigRef{Kind: kindOf(g[2]), Name: g[3], Key: g[1]}, refs)
		}
		for _, g := range ofVolume().FindAllStringSubmatch(plain, -1) {
			report(p, m.Sign, resolve(refs, kindOf(g[1]), keyless().ReplaceAllString(g[2], ""), m.Args["volume"]), refs)
		}
	}
	if !p.Silent || p.Stage != pod.StageVolumes {
		return
	}
	for _, r := range refs {
		if r.Key != "" && r.Volume != "" && !r.Optional && lacks(p, &r) {
			p.Report(diagnose.Finding{Blame: blame(p, &r), Args: args(&r),
				Evidence: []cluster.Sign{p.Cite(r.Path, r.Key), p.Stall()}})
		}
	}
}

func kindOf(word string) string {
	switch strings.ToLower(word) {
	case "secret":
		return "Secret"
	case "configmap", "config":
		return "ConfigMap"
	}
	return ""
}

// resolve finds the object that a volume takes a key from; the kubelet names only the volume and the key.
func resolve(refs []pod.ConfigRef, kind, key, volume string) pod.ConfigRef {
	for _, r := range refs {
		if r.Volume == volume && (kind == "" || r.Kind == kind) && (key == "" || r.Key == key) {
			r.Key = key
			return r
		}
	}
	return pod.ConfigRef{Kind: kind, Key: key, Volume: volume}
}

func report(p *diagnose.Pass, said cluster.Sign, r pod.ConfigRef, refs []pod.ConfigRef) {
	f := diagnose.Finding{Blame: blame(p, &r), Args: args(&r), Evidence: []cluster.Sign{said}}
	for _, o := range refs {
		if o.Kind == r.Kind && o.Name == r.Name && o.Key == r.Key && o.Key != "" && !o.Optional &&
			(said.Container == "" || o.Container == said.Container) {
			f.Evidence = append(f.Evidence, p.Cite(o.Path, o.Key))
		}
	}
	p.Report(f)
}

func args(r *pod.ConfigRef) map[string]string {
	out := map[string]string{}
	set := func(k, v string) {
		if v != "" {
			out[k] = v
		}
	}
	set("key", r.Key)
	set("volume", r.Volume)
	set("object", r.Name)
	set("kind", r.Kind)
	set(strings.ToLower(r.Kind), r.Name)
	return out
}

func blame(p *diagnose.Pass, r *pod.ConfigRef) cluster.Ref { return p.Blame(args(r)) }

// lacks reports whether the object is there and the key is known not to be in it.
func lacks(p *diagnose.Pass, r *pod.ConfigRef) bool {
	if r.Kind == "Secret" {
		s, there := cluster.Get[corev1.Secret](p.Snapshot, p.Pod.Namespace, r.Name)
		if there != cluster.Present || len(s.Data) == 0 { // a dump may leave the keys out
			return false
		}
		_, ok := s.Data[r.Key]
		return !ok
	}
	c, there := cluster.Get[corev1.ConfigMap](p.Snapshot, p.Pod.Namespace, r.Name)
	if there != cluster.Present || len(c.Data)+len(c.BinaryData) == 0 {
		return false
	}
	_, text := c.Data[r.Key]
	_, binary := c.BinaryData[r.Key]
	return !text && !binary
}
