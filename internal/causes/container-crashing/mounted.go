package containercrashing

import (
	"fmt"
	"path"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// pathIn is a path in a sentence.
var pathIn = match.Lazy(`/[A-Za-z0-9._/@%+-]{2,200}`)

// fileNamed is a path in the words that is in a volume of a ConfigMap or a Secret, and that volume; nil for none.
func (w *words) fileNamed() (string, *corev1.Volume) {
	for _, at := range pathIn().FindAllString(w.finding.Args["words"], 8) {
		at = strings.TrimRight(at, ".-/")
		if v, _ := w.volumeAt(at); v != nil && (v.ConfigMap != nil || v.Secret != nil) {
			return at, v
		}
	}
	return "", nil
}

// keyAt is the key that the file at a path in the container is made of. Where the keys are not known, a volume without
// items has them as its files.
func (w *words) keyAt(v *corev1.Volume, at string) string {
	file := fileAt(w.under(at), at)
	if files := w.Files(v); files != nil {
		return files[file]
	}
	return file
}

// namedInFile: the words say in which file what is wrong is, and a ConfigMap or Secret holds that.
func (w *words) namedInFile() bool {
	at, v := w.fileNamed()
	if v == nil || !w.blames(v) {
		return false
	}
	w.set("path", at)
	w.set("key", w.keyAt(v, at))
	w.finding.Attested = append(w.finding.Attested, "key")
	return true
}

// configured: the words name a file that a ConfigMap or a Secret holds. Where they name none, the texts still say where
// the container's settings come from.
func (w *words) configured() {
	if w.namedInFile() {
		w.be("config")
		return
	}
	if w.serviceLink() || w.badValue() {
		return
	}
	var from []string
	for _, kind := range []string{"ConfigMap", "Secret"} {
		for _, r := range w.reads(kind) {
			from = append(from, kind+" "+r.Name)
		}
	}
	w.set("sources", strings.Join(from[:min(len(from), 4)], ", "))
}

// isFolder: a folder is where the program expects a file. The kubelet makes one of a subPath that its ConfigMap or
// Secret has no key of. Where the keys are not known, it can be nothing else if that mount is the one that is meant.
func (w *words) isFolder() {
	at := w.has("path", absolute)
	var may []int
	c := w.spec()
	for i := range c.VolumeMounts {
		m := &c.VolumeMounts[i]
		v, _ := w.volumeAt(m.MountPath)
		_, _, configured := w.MadeOf(v)
		if m.SubPath != "" && configured && v.Name == m.Name && (at == "" || at == m.MountPath) &&
			w.Files(v)[m.SubPath] == "" {
			may = append(may, i)
		}
	}
	for _, i := range may {
		m := &c.VolumeMounts[i]
		v, _ := w.volumeAt(m.MountPath)
		if (len(may) == 1 || w.Files(v) != nil) && w.blames(v) {
			w.be("subpath")
			w.set("path", m.MountPath)
			w.set("key", m.SubPath)
			w.finding.Attested = append(w.finding.Attested, "path", "key")
			w.bornOut(w.Cite(fmt.Sprintf("%s.volumeMounts[%d].subPath", w.path(), i), m.SubPath))
			return
		}
	}
	w.configured()
}

// blames lets a finding blame the ConfigMap or Secret that a volume is made of, and reports whether it is made of one.
func (w *words) blames(v *corev1.Volume) bool {
	of, cited, ok := w.MadeOf(v)
	if ok {
		w.set("kind", of.Kind)
		w.set("object", of.Name)
		w.finding.Blame = of
		w.bornOut(cited)
	}
	return ok
}

// fileAt is the file of a volume that a path in the container means.
func fileAt(m *corev1.VolumeMount, at string) string {
	return path.Join(m.SubPath, strings.TrimPrefix(strings.TrimPrefix(at, strings.TrimRight(m.MountPath, "/")), "/"))
}

// shadowed: the container's environment has a variable twice, of which the last counts. What the values are, is not
// read.
func shadowed(p *diagnose.Pass, container string, f *diagnose.Finding) {
	c := pod.Container(p.Pod, container)
	if c == nil {
		return
	}
	seen := map[string]bool{}
	for i, e := range c.Env {
		if !seen[e.Name] {
			seen[e.Name] = true
			continue
		}
		at := pod.ContainerPath(p.Pod, container) + ".env"
		f.Variant, f.Certainty = "env-twice", diagnose.Likely
		place := diagnose.PointerTo(fmt.Sprintf("%s[%d]", at, i))
		f.Args["variable"] = e.Name
		f.Args["patch"] = p.Patch(diagnose.Edit{Op: "test", Path: place + "/name", Value: e.Name},
			diagnose.Edit{Op: "remove", Path: place})
		f.Evidence = append(f.Evidence, p.Cite(fmt.Sprintf("%s[%d].name", at, i), e.Name))
		return
	}
}
