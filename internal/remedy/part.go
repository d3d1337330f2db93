package remedy

import (
	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
)

// A Part is a part of a node that runs in a Pod of its own: the agent of the network plugin, a driver.
type Part struct {
	Pod   cluster.Ref
	Maker string // the DaemonSet that makes it
}

// RestartPart makes the Pod of a part anew. Where the Pod is not known, it is to be found first.
func RestartPart(p Part, node string) Commands {
	if p.Pod.Name == "" {
		return findPart(node, "remedy.find.restart")
	}
	return Commands{Action: Action{Kind: KindRestart, On: "pod/" + p.Pod.Name}, Risk: Low,
		Run: "kubectl -n " + word("namespace", p.Pod.Namespace) + " delete pod " + word("pod", p.Pod.Name)}
}

// RestartAll makes the Pods of a part anew on all nodes, one after the other.
func RestartAll(p Part) Commands {
	if p.Maker == "" {
		c := findPart("", "remedy.find.all")
		c.Run = "kubectl get daemonsets -A"
		return c
	}
	return Commands{Action: Action{Kind: KindRestart, On: "daemonset/" + p.Maker}, Risk: Disruptive,
		Run: "kubectl -n " + word("namespace", p.Pod.Namespace) + " rollout restart daemonset/" + word("maker", p.Maker)}
}

// Logs shows what a part says.
func Logs(p Part, node string) Commands {
	if p.Pod.Name == "" {
		return findPart(node, "remedy.find.logs")
	}
	return Commands{Action: Action{Kind: KindLook, On: "pod/" + p.Pod.Name}, Risk: None,
		Run: "kubectl -n " + word("namespace", p.Pod.Namespace) + " logs " + word("pod", p.Pod.Name) +
			" --all-containers --tail=100"}
}

// Describe shows the state of a part and of what makes it.
func Describe(p Part, node string) Commands {
	if p.Pod.Name == "" {
		return findPart(node, "remedy.find.describe")
	}
	return Commands{Action: Action{Kind: KindLook, On: "pod/" + p.Pod.Name}, Risk: None,
		Run: "kubectl -n " + word("namespace", p.Pod.Namespace) + " describe daemonset/" + word("maker", p.Maker) +
			" pod/" + word("pod", p.Pod.Name)}
}

func findPart(node, code string) Commands {
	run := "kubectl get pods -A -o wide"
	if name, ok := argument.Word("node", node); ok {
		run += " --field-selector spec.nodeName=" + name
	}
	return Commands{Action: Action{Kind: KindLook, On: "pods"}, Risk: None, Run: run,
		Note: []message.Message{message.Of(code)}}
}

// Elsewhere makes the Pod anew on another node: this one takes no new Pods meanwhile.
func (t *Target) Elsewhere(node string) (Commands, bool) {
	away := *t
	away.Place = true
	c, ok := away.Restart()
	if _, named := argument.Word("node", node); !ok || !named || t.Static != "" {
		return Commands{}, false
	}
	c.Run = "kubectl cordon " + word("node", node) + " && " + c.Run
	c.Undo = "kubectl uncordon " + word("node", node)
	c.Note = append(c.Note, message.Of("remedy.uncordon", "node", node))
	return c, true
}
