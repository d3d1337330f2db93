package diagnose

import (
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/workload"
	corev1 "k8s.io/api/core/v1"
)

// A DeadEnd is a Pod, or a workload whose Pods are not made, of which no cause is known: how far it has come, and what
// to look at next. It stands for all that wait at the same stage.
type DeadEnd struct {
	Of    cluster.Ref       // which one
	Stage pod.Stage         // where it waits
	Alike int               // how many others wait at that stage and no cause is known
	Known []message.Message // how far it has come
	Steps []NextStep        // what to look at
}

// A NextStep is one thing to look at.
type NextStep struct {
	Do  message.Message
	Run string // a command for a POSIX shell
}

// maxDeadEnds is how many stages with Pods of which no cause is known are told of.
const maxDeadEnds = 3

// look is one thing to look at: a message, and the command. What needs an argument that is not known is left out.
type look struct{ do, run string }

const kubeletLog = `journalctl -u kubelet --since=-30min --no-pager | ` +
	`grep -F -e {namespace}/{pod} -e {uid} | tail -n 20`

var (
	describe = look{"next.describe", `kubectl -n {namespace} describe pod {pod}`}
	kubelet  = look{"next.kubelet", kubeletLog}
	sandbox  = look{"next.sandbox", `crictl pods --label io.kubernetes.pod.uid={uid}`}
	runtime  = look{"next.runtime",
		`journalctl -u containerd -u crio --since=-30min --no-pager | grep -F -e {pod} -e level=error | tail -n 20`}
	containers = look{"next.containers", `crictl ps -a --label io.kubernetes.pod.uid={uid}`}
	network    = look{"next.network",
		`kubectl get pods -A -o wide --field-selector spec.nodeName={node}`}
	node = look{"next.node", `kubectl describe node {node}`}
	logs = look{"next.log", `kubectl -n {namespace} logs {pod} --all-containers --prefix --tail=50`}
)

// looks are what to look at where a Pod waits at a stage, the nearest first.
var looks = map[pod.Stage][]look{
	pod.StageAdmission: {
		{"next.workload", `kubectl -n {namespace} describe {workload}`},
		{"next.limits", `kubectl -n {namespace} describe resourcequota,limitrange`},
		{"next.warnings", `kubectl -n {namespace} get events --field-selector type=Warning`},
		{"next.manager", `kubectl -n kube-system get lease kube-controller-manager -o yaml`},
	},
	pod.StageSchedule: {
		describe,
		{"next.scheduler", `kubectl -n kube-system get lease {lease} -o yaml`},
		{"next.scheduler.own", `kubectl get pods -A -o wide | grep -F -e {scheduler}`},
		{"next.nodes", `kubectl describe nodes | grep -E '^Name:|^Taints:|^  Ready|^  (cpu|memory) '`},
	},
	pod.StageAccept:  {node, kubelet},
	pod.StageVolumes: {describe, sandbox, kubelet, {"next.mounts", `mount | grep -F -e {uid}`}, hung},
	pod.StageSandbox: {describe, sandbox, kubelet, runtime},
	pod.StageNetwork: {network, kubelet, runtime},
	pod.StageImage: {
		{"next.pull", `crictl pull {image}`},
		{"next.pulls", `kubectl get events -A --field-selector reason=Pulling`},
		kubelet,
	},
	pod.StageCreate:    {describe, containers, kubelet, runtime},
	pod.StageStart:     {logs, describe, containers},
	pod.StageReady:     {describe, logs, {"next.gates", conditions}},
	pod.StageTerminate: {{"next.finalizers", finalizers}, containers, kubelet, hung},
}

var hung = look{"next.hung", `ps -eo pid,stat,wchan:32,args | awk '$2 ~ /D/'`}

const (
	conditions = `kubectl -n {namespace} get pod {pod} -o jsonpath=` +
		`'{range .status.conditions[*]}{.type}={.status} {.message}{"\n"}{end}'`
	finalizers = `kubectl -n {namespace} get pod {pod} -o jsonpath='{.metadata.finalizers}{"\n"}'`
)

// commandSlot is a place in a command for an argument: {name}, but nothing of a jsonpath.
var commandSlot = match.Lazy(`\{(namespace|pod|uid|node|workload|image|lease|scheduler)\}`)

// deadEnd keeps what to look at next for a Pod of which no cause is known.
func (d *podRun) deadEnd() {
	if len(d.found) > 0 {
		return
	}
	ends := d.report.DeadEnds
	if i := slices.IndexFunc(ends, func(e DeadEnd) bool { return e.Stage == d.waiter.Stage }); i >= 0 {
		ends[i].Alike++
		return
	}
	if len(ends) == maxDeadEnds {
		return
	}
	e := DeadEnd{Of: d.waiter.Pod, Stage: d.waiter.Stage}
	if d.missing == 0 {
		e.Known = d.knownOf()
	}
	args := d.commandArgs()
	if step, ok := d.addUnread(args); ok {
		e.Steps = append(e.Steps, step)
	}
	for _, l := range looks[e.Stage] {
		if args["node"] == "" && slices.Contains(onNode, l.do) {
			continue
		}
		if run, ok := fill(l.run, args); ok {
			do := message.Message{Code: l.do, Args: message.Args{"node": args["node"], "scheduler": args["scheduler"]}}
			e.Steps = append(e.Steps, NextStep{do, run})
		}
	}
	if run, ok := fill(`kubectl stuck capture --pseudonyms -n {namespace}`, args); ok {
		e.Steps = append(e.Steps, NextStep{message.Of("next.capture"), run})
	}
	d.report.DeadEnds = append(ends, e)
}

// onNode are what to look at on the Pod's node.
var onNode = []string{"next.kubelet", "next.sandbox", "next.mounts", "next.hung", "next.runtime", "next.pull",
	"next.containers"}

// fill fills a command; not ok where an argument is not known, or is none that a command may hold.
func fill(run string, args map[string]string) (string, bool) {
	ok := true
	return commandSlot().ReplaceAllStringFunc(run, func(slot string) string {
		name := slot[1 : len(slot)-1]
		word, fits := argument.Word(name, args[name])
		ok = ok && fits
		return word
	}), ok
}

// commandArgs are the arguments of what to look at.
func (d *podRun) commandArgs() map[string]string {
	p := d.pass.Pod
	args := map[string]string{
		"namespace": p.Namespace, "pod": p.Name, "uid": string(p.UID), "node": p.Spec.NodeName,
		"workload": d.pass.baseArgs["workload"], "scheduler": p.Spec.SchedulerName,
	}
	if s := p.Spec.SchedulerName; s == "" || s == corev1.DefaultSchedulerName {
		args["lease"], args["scheduler"] = "kube-scheduler", ""
	}
	waits := func(c corev1.Container) bool { return isWaiting(p, c.Name) }
	if i := slices.IndexFunc(p.Spec.Containers, waits); i >= 0 {
		args["image"] = p.Spec.Containers[i].Image
	}
	if i := slices.IndexFunc(p.Spec.InitContainers, waits); i >= 0 {
		args["image"] = p.Spec.InitContainers[i].Image
	}
	return args
}

// isWaiting reports whether a container waits by its own state.
func isWaiting(p *corev1.Pod, container string) bool {
	for _, s := range slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses) {
		if s.Name == container {
			return s.State.Waiting != nil
		}
	}
	return false
}

// knownOf is how far a Pod has come.
func (d *podRun) knownOf() []message.Message {
	p := d.pass.Pod
	var out []message.Message
	scheduled := pod.Condition(p, corev1.PodScheduled)
	switch {
	case p.Spec.NodeName == "":
		return append(out, message.Of("known.no-node"))
	case scheduled == nil || scheduled.LastTransitionTime.IsZero():
		out = append(out, message.Of("known.node.only", "node", p.Spec.NodeName))
	default:
		out = append(out, message.Of("known.node", "node", p.Spec.NodeName, "time", clock(scheduled.LastTransitionTime.Time)))
	}
	switch {
	case d.waiter.Stage == pod.StageAccept:
		out = append(out, message.Of("known.no-kubelet"))
	case p.Status.StartTime != nil:
		out = append(out, message.Of("known.kubelet", "time", clock(p.Status.StartTime.Time)))
	}
	switch c := pod.Condition(p, corev1.PodReadyToStartContainers); {
	case c == nil || d.waiter.Stage == pod.StageAccept:
	case c.Status == corev1.ConditionTrue:
		out = append(out, message.Of("known.sandbox"))
	case c.Reason == "PodSandboxNotReady": // without it, before 1.37, False may only mean that an image is pulled
		out = append(out, message.Of("known.no-sandbox"))
	}
	if ended, all := initEnded(p); all > 0 {
		out = append(out, message.Of("known.init", "n", ended, "all", all))
	}
	switch n := len(d.pass.Events); {
	case n > 0:
		e := d.pass.Events[n-1]
		out = append(out, message.Of("known.event", "reason", e.Reason, "time", clock(seen(e))))
	case d.index.snapshot.Complete("Event", p.Namespace):
		out = append(out, message.Of("known.no-events"))
	}
	return out
}

// initEnded is how many init containers have ended well, of those that have to.
func initEnded(p *corev1.Pod) (ended, all int) {
	for i := range p.Spec.InitContainers {
		if r := p.Spec.InitContainers[i].RestartPolicy; r == nil || *r != corev1.ContainerRestartPolicyAlways {
			all++
		}
	}
	for _, s := range p.Status.InitContainerStatuses {
		if t := s.State.Terminated; t != nil && t.ExitCode == 0 {
			ended++
		}
	}
	return min(ended, all), all
}

// seen is when an Event was last seen.
func seen(e *corev1.Event) time.Time {
	if !e.LastTimestamp.IsZero() {
		return e.LastTimestamp.Time
	}
	return e.EventTime.Time
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// addUnread is the command that adds what a dump lacks to tell more of the Pod; not ok where it lacks nothing. What a
// live cluster did not give is a matter of rights, and a gap says so.
func (d *podRun) addUnread(args map[string]string) (NextStep, bool) {
	s, p := d.index.snapshot, d.pass.Pod
	if sign := s.Locate(cluster.Sign{Ref: d.pass.Ref}); sign.File == "" {
		return NextStep{}, false
	}
	var kinds []string
	if d.index.eventsUnread(p.Namespace) {
		kinds = append(kinds, "events")
	}
	unplaced := p.Spec.NodeName == "" && d.missing == 0 && len(s.OfKind("Node")) == 0 && !s.Complete("Node", "")
	if _, node := cluster.Get[corev1.Node](s, "", p.Spec.NodeName); unplaced || p.Spec.NodeName != "" &&
		node == cluster.Unknown {
		kinds = append(kinds, "nodes")
	}
	for _, v := range d.index.volumesOf(p) {
		if v.Claim != "" && v.PVCPresence == cluster.Unknown {
			kinds = append(kinds, "pvc", "pv")
			break
		}
	}
	first, asked := "pods", "pod/{pod}"
	if d.missing > 0 {
		asked = "{workload}"
		if kind := d.pass.Ref.Kind; kind == "Deployment" {
			first = "deployments,replicasets,pods"
		} else if slices.Contains(workload.Kinds, kind) {
			first = strings.ToLower(kind) + "s,pods"
		}
	}
	all := first + "," + strings.Join(kinds, ",")
	run, ok := fill(`kubectl -n {namespace} get `+all+` -o yaml | kubectl stuck -f - `+asked, args)
	return NextStep{message.Of("next.add", "kinds", strings.Join(kinds, ", ")), run}, ok && len(kinds) > 0
}

// eventsUnread reports whether nothing is known of the Events of a namespace: there is not one of anything, and nobody
// says that this is so in the cluster.
func (x *index) eventsUnread(namespace string) bool {
	return !x.snapshot.AnyEvents() && !x.snapshot.Complete("Event", namespace)
}

// keepUnproven keeps the stage of a Pod of which nothing is proven, and that its Events were not read.
func (d *podRun) keepUnproven() {
	if slices.ContainsFunc(d.found, func(f Finding) bool { return f.Certainty == Proven }) {
		return
	}
	if !slices.Contains(d.unproven, d.waiter.Stage) {
		d.unproven = append(d.unproven, d.waiter.Stage)
	}
	if len(d.found) > 0 && d.waiter.Stage.Step() >= pod.StageStart.Step() { // its own words and states say more
		return
	}
	ns := d.pass.Pod.Namespace
	if len(d.eventless) < 2 && !slices.Contains(d.eventless, ns) && d.index.eventsUnread(ns) { // two are as good as all
		d.eventless = append(d.eventless, ns)
	}
}

// addEventGap says that Events are missing, where that matters.
func (r *run) addEventGap() {
	if len(r.eventless) == 0 || slices.ContainsFunc(r.report.Gaps, ofEvents) {
		return
	}
	needs := message.Of("gap.events.all")
	if len(r.eventless) == 1 && argument.Label.Holds(r.eventless[0]) {
		needs = message.Of("gap.events.namespace", "namespace", r.eventless[0])
	}
	r.report.Gaps = append(r.report.Gaps, cluster.Gap{What: message.Of("gap.events"),
		Why: message.Of("gap.events.none"), Needs: needs})
}

// ofEvents reports whether a gap says already that Events could not be read.
func ofEvents(g cluster.Gap) bool {
	q, _ := g.What.Args["question"].(message.Message)
	return g.What.Code == "gap.events" || q.Code == "question.events"
}
