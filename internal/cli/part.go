package cli

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
)

// A part is one of the things that the arguments name.
type part struct {
	live.Scope
	claim string // the Pods that mount this claim
}

// words are the arguments as TYPE/NAME or POD. kubectl takes TYPE NAME... as well.
func words(args []string) []string {
	if len(args) < 2 || strings.Contains(args[0], "/") || kindNamed(args[0]) == "" {
		return args
	}
	var out []string
	for _, name := range args[1:] {
		if !strings.Contains(name, "/") {
			name = args[0] + "/" + name
		}
		out = append(out, name)
	}
	return out
}

// partOf is what one argument means: POD, pod/POD, deploy/NAME and other owners, node/NAME, pvc/NAME, ns/NAME.
func (t *target) partOf(namespace, word string) (part, error) {
	p := part{Scope: live.Scope{Namespace: namespace, Selector: t.selector}}
	if t.all {
		p.Namespace = ""
	}
	kind, name, ok := strings.Cut(word, "/")
	if !ok {
		kind, name = "pod", word
	}
	switch of := kindNamed(kind); of {
	case "Pod":
		p.Name = name
	case "Node":
		p.Node, p.Namespace = name, ""
		return p, nil
	case "Namespace":
		p.Namespace = name
		return p, nil
	case "PersistentVolumeClaim":
		p.claim = name
	case "":
		return p, failed(message.Of("cli.scope.kind", "kind", kind), message.Of("cli.scope.kinds"))
	default:
		p.Owner = cluster.Ref{Kind: of, Namespace: p.Namespace, Name: name}
	}
	if t.all {
		return p, failed(message.Of("cli.scope.namespaced", "object", word), message.Of("cli.scope.leave"))
	}
	return p, nil
}

// scopeOf is a scope that has all of some parts: what is read for them at once.
func scopeOf(parts []part) live.Scope {
	out := live.Scope{Namespace: parts[0].Namespace, Selector: parts[0].Selector}
	for _, p := range parts {
		if p.Namespace != out.Namespace || p.Node != "" {
			out.Namespace = ""
		}
	}
	return out
}

// has reports whether a Pod is asked about by a part.
func (p *part) has(pod *corev1.Pod, workload cluster.Ref, selector labels.Selector) bool {
	if !inScope(p.Scope, selector, pod, workload) {
		return false
	}
	if p.claim == "" {
		return true
	}
	for _, v := range pod.Spec.Volumes {
		switch {
		case v.PersistentVolumeClaim != nil && v.PersistentVolumeClaim.ClaimName == p.claim,
			v.Ephemeral != nil && pod.Name+"-"+v.Name == p.claim:
			return true
		}
	}
	return false
}

// missing is the error where what a part names is known not to be there.
func (p *part) missing(s *cluster.Snapshot) error {
	if p.claim != "" {
		of := cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: p.Namespace, Name: p.claim}
		if s.Absent(of) {
			return notFound(of)
		}
		return nil
	}
	return missing(s, p.Scope)
}
