// Package commandnotfound finds containers whose command is not in their image.
package commandnotfound

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Find leaves out commands that are not the container's own, and sees why one is not there where the Pod shows it.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if foreign(m.Sign) {
			continue
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["nothing"] != "" {
			f.Variant = "none"
		} else if c := pod.Container(p.Pod, m.Args["container"]); c != nil {
			inSpec(p, c, &f)
		}
		p.Report(f)
	}
}

// inSpec: the command line is written as one word, a volume lies over the folder of the program, or its name is nearly
// that of one which many images have.
func inSpec(p *diagnose.Pass, c *corev1.Container, f *diagnose.Finding) {
	field, list := "command", c.Command
	if len(list) == 0 {
		field, list = "args", c.Args
	}
	if len(list) == 0 || list[0] != f.Args["command"] {
		return
	}
	at := pod.ContainerPath(p.Pod, c.Name)
	place := diagnose.PointerTo(at)
	if words := strings.Fields(list[0]); len(words) > 1 {
		f.Variant = "one-word"
		f.Evidence = append(f.Evidence, p.Cite(fmt.Sprintf("%s.%s[0]", at, field), list[0]))
		if !strings.ContainsAny(list[0], "|&;<>$`'\"\\*") {
			f.Args["patch"] = p.Patch(diagnose.Edit{Op: "test", Path: place + "/" + field + "/0", Value: list[0]},
				diagnose.Edit{Op: "replace", Path: place + "/" + field, Value: append(words, list[1:]...)})
			f.Args["words"] = strings.Join(words, ", ")
		}
		return
	}
	for i := range c.VolumeMounts {
		m := &c.VolumeMounts[i]
		if strings.HasPrefix(list[0], strings.TrimRight(m.MountPath, "/")+"/") && m.SubPath+m.SubPathExpr == "" {
			f.Variant = "covered"
			f.Args["volume"], f.Args["mountpath"] = m.Name, m.MountPath
			f.Evidence = append(f.Evidence, p.Cite(fmt.Sprintf("%s.volumeMounts[%d].mountPath", at, i), m.MountPath))
			mount := fmt.Sprintf("%s/volumeMounts/%d", place, i)
			f.Args["patch"] = p.Patch(diagnose.Edit{Op: "test", Path: mount + "/mountPath", Value: m.MountPath},
				diagnose.Edit{Op: "remove", Path: mount})
			return
		}
	}
	if near := match.Near(list[0][strings.LastIndexByte(list[0], '/')+1:], usual); near != "" {
		f.Args["meant"] = near
		f.Attested = append(f.Attested, "meant")
	}
}

// usual are programs that many images have.
var usual = []string{"sh", "bash", "sleep", "python", "python3", "node", "npm", "yarn", "java", "nginx", "httpd", "php",
	"ruby", "perl", "cat", "echo", "tail", "curl", "wget", "gunicorn", "uvicorn", "celery", "dotnet", "redis-server",
	"postgres", "mysqld", "mongod", "envoy", "caddy", "haproxy"}

// foreign reports whether a probe's command is missing, which stops no start,
// or one that the node needs for volumes and network.
func foreign(s cluster.Sign) bool {
	if s.Reason == "Unhealthy" || s.Reason == "ProbeWarning" {
		return true
	}
	for _, of := range []string{"MountVolume", "MapVolume", "AttachVolume", "Volume.", "iscsi", "pod sandbox",
		"plugin type=", "CNI", "apparmor_parser"} {
		if strings.Contains(s.Message, of) {
			return true
		}
	}
	return false
}
