package causefile

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// A family is commands that have one risk: what a command may do to what still runs is the same in every cause.
type family struct{ command, risk string }

// families are tried from top to bottom, the worse first. {workload} is what has to be edited to change the Pod.
var families = []family{
	// What Pods keep in emptyDir is gone.
	{`kubectl drain .*--delete-emptydir-data`, "data-loss"},
	{`kubectl drain `, "disruptive"},
	// What runs there goes on.
	{`kubectl (cordon|uncordon) `, "none"},
	// Two Pods may write to one volume then.
	{`kubectl .*\bdelete pods? .*--force`, "data-loss"},
	{`kubectl .*\bdelete (pvc|pv|node|volumeattachment|namespace) `, "data-loss"},
	// Mostly one that has not started.
	{`kubectl .*\bdelete pods? `, "low"},
	// Its Pods are replaced, those that run as well.
	{`kubectl .*\b(edit|patch|scale|set \w+|rollout (undo|restart)) ` +
		`(\{workload\}|daemonset|deployment|statefulset)`, "disruptive"},
	{`(crictl|docker|podman) (rm|rmp) (-f|--force)`, "disruptive"},
	{`(xargs )?crictl stop`, "disruptive"},
	{`umount `, "disruptive"},
	// Without live-restore docker ends all containers; those of the others go on.
	{`systemctl (restart|stop) .*(docker|\{program\})`, "disruptive"},
	{`systemctl restart (kubelet|containerd|crio)`, "low"},
	// A tag that others use may change.
	{`docker push `, "low"},
	{`crictl rmi `, "low"},
	{`fsck `, "data-loss"},
	{`(systemctl )?reboot\b`, "disruptive"},
}

var between = match.Lazy(`&&|\|\||[;|\n]`)

// riskOf is the worst that the commands of a step can do, "" where none of them is known.
func riskOf(run string) string {
	worst := ""
	for _, command := range between().Split(strings.NewReplacer("[[", "", "]]", "").Replace(run), -1) {
		is := func(f family) bool {
			return regexp.MustCompile("^" + f.command).MatchString(strings.TrimSpace(command))
		}
		if i := slices.IndexFunc(families, is); i >= 0 && rank(families[i].risk) > rank(worst) {
			worst = families[i].risk
		}
	}
	return worst
}

// rank is how bad a risk is; -1 where it is none of the known.
func rank(risk string) int { return slices.Index(diagnose.Risks, risk) }
