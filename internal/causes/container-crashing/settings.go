package containercrashing

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
)

// unset: a setting is missing: an environment variable, or a key of a file that a ConfigMap holds. What ConfigMap that
// is, is known where the container reads just one, or the words name one or its file.
func (w *words) unset() {
	key := w.args["key"]
	w.be("unset")
	w.set("key", key)
	if r := w.meant(); r != nil {
		w.finding.Variant = "unset-file"
		w.set("configmap", r.Name)
		w.finding.Blame = cluster.Ref{Kind: "ConfigMap", Namespace: w.Pod.Namespace, Name: r.Name}
		w.bornOut(w.Cite(r.Path, r.Name))
		return
	}
	if variable().MatchString(key) && key == strings.ToUpper(key) {
		w.set("variable", key)
	}
}

// meant is the ConfigMap that the words are about: one whose name or a file of which they name, or the only one that
// the container mounts, unless what is missing has the form of an environment variable.
func (w *words) meant() *pod.ConfigRef {
	refs := w.reads("ConfigMap")
	said := w.finding.Args["words"]
	for i := range refs {
		keys := w.Keys(cluster.Ref{Kind: "ConfigMap", Namespace: w.Pod.Namespace, Name: refs[i].Name})
		if mentions(said, refs[i].Name) ||
			slices.ContainsFunc(keys, func(k string) bool { return mentions(said, k) }) {
			return &refs[i]
		}
	}
	key := w.args["key"]
	if len(refs) == 1 && (refs[0].Volume == "" || key != strings.ToUpper(key)) {
		return &refs[0]
	}
	return nil
}

// mentions reports whether a text has a name in it that is long enough to mean it.
func mentions(text, name string) bool { return len(name) > 3 && strings.Contains(text, name) }
