// Package mounttargetconflict finds volumes that meet what the image has at the same path, and says what a ConfigMap or
// a Secret becomes there.
package mounttargetconflict

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

var folderOverFile = match.Lazy(`not a directory|is a directory|director(?:y|ies) onto a file`)

// Find reports what the runtime says, and for a ConfigMap or a Secret which of its files is meant.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if strings.Contains(strings.ToLower(m.Sign.Message), "read-only file system") {
			f.Variant = "read-only"
		}
		if c := pod.Container(p.Pod, m.Sign.Container); c != nil {
			whatIsMounted(p, c, &f)
		}
		p.Report(f)
	}
}

// whatIsMounted: a ConfigMap or a Secret is a folder wherever it is mounted, unless a subPath names one of its files;
// and a subPath that names none is made as an empty folder by the kubelet, without a word.
func whatIsMounted(p *diagnose.Pass, c *corev1.Container, f *diagnose.Finding) {
	at := slices.IndexFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return m.MountPath == f.Args["path"] })
	if at < 0 {
		return
	}
	m := &c.VolumeMounts[at]
	v := pod.Volume(p.Pod, m.Name)
	of, cited, ok := p.MadeOf(v)
	if !ok {
		return
	}
	files := p.Files(v)
	switch {
	case !folderOverFile().MatchString(match.Plain(f.Evidence[0].Message)):
		return
	case m.SubPath == "" && m.SubPathExpr == "":
		f.Variant = "folder"
		f.Args["mounted"] = v.Name
		names := slices.Sorted(maps.Keys(files))
		if files[path.Base(m.MountPath)] != "" {
			names = []string{path.Base(m.MountPath)}
		}
		if len(names) == 1 {
			f.Args["nearest"] = names[0]
		} else if names != nil {
			f.Args["have"] = diagnose.Names(names)
		}
	case m.SubPath != "" && files != nil && files[m.SubPath] == "":
		f.Variant, f.Blame = "key", of
		f.Args["key"] = m.SubPath
		f.Evidence = append(f.Evidence,
			p.Cite(fmt.Sprintf("%s.volumeMounts[%d].subPath", pod.ContainerPath(p.Pod, c.Name), at), m.SubPath))
	default:
		return
	}
	f.Args["kind"], f.Args["object"] = of.Kind, of.Name
	f.Evidence = append(f.Evidence, cited)
}
