package containercrashing

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// optional: the variable that the program misses is taken from a Secret or a ConfigMap that need not be there: where it
// is not, the kubelet leaves the variable out without a word.
func (w *words) optional(key string) bool {
	for i, e := range w.spec().Env {
		if e.Name != key || e.ValueFrom == nil {
			continue
		}
		kind, name, entry, field := "", "", "", "secretKeyRef"
		if r := e.ValueFrom.SecretKeyRef; r != nil && r.Optional != nil && *r.Optional {
			kind, name, entry = "Secret", r.Name, r.Key
			w.set("secret", name)
		}
		if r := e.ValueFrom.ConfigMapKeyRef; r != nil && r.Optional != nil && *r.Optional {
			kind, name, entry, field = "ConfigMap", r.Name, r.Key, "configMapKeyRef"
			w.set("configmap", name)
		}
		if kind == "" {
			return false
		}
		w.be("unset-optional")
		w.set("variable", key)
		w.set("kind", kind)
		w.set("object", name)
		w.set("key", entry)
		w.finding.Attested = append(w.finding.Attested, "variable", "object", "key", "secret", "configmap")
		w.finding.Blame = cluster.Ref{Kind: kind, Namespace: w.Pod.Namespace, Name: name}
		w.bornOut(w.Cite(fmt.Sprintf("%s.env[%d].valueFrom.%s.optional", w.path(), i, field), "true"))
		return true
	}
	return false
}

// prefixed: all that the container takes from one ConfigMap or Secret gets a prefix, which the variable that the
// program misses does not have: from there it cannot come as the program calls it.
func (w *words) prefixed(key string) bool {
	at := -1
	for i, e := range w.spec().EnvFrom {
		if e.Prefix == "" || strings.HasPrefix(key, e.Prefix) {
			continue
		}
		if at >= 0 {
			return false
		}
		at = i
	}
	if at < 0 || !variable().MatchString(key) || key != strings.ToUpper(key) {
		return false
	}
	from, path := w.spec().EnvFrom[at], fmt.Sprintf("%s.envFrom[%d].prefix", w.path(), at)
	switch {
	case from.ConfigMapRef != nil:
		w.set("object", "ConfigMap "+from.ConfigMapRef.Name)
	case from.SecretRef != nil:
		w.set("object", "Secret "+from.SecretRef.Name)
	}
	w.be("env-prefix")
	w.set("plain", from.Prefix)
	w.cite(path, from.Prefix)
	w.edit(path, from.Prefix, diagnose.Edit{Op: "remove", Path: diagnose.PointerTo(path)})
	return true
}
