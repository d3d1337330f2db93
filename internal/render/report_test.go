package render

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
)

var at = time.Date(2026, 1, 2, 3, 50, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return at.Add(-d) }

func podRef(n string) cluster.Ref { return cluster.Ref{Kind: "Pod", Namespace: "shop", Name: n} }

func event(of, reason, message string, count int) cluster.Sign {
	return cluster.Sign{Ref: cluster.Ref{Kind: "Event", Namespace: "shop", Name: of + ".1"}, Path: "message",
		Kind: cluster.SignEvent, Reason: reason, Message: message,
		Count: count, First: ago(25 * time.Minute), Last: ago(40 * time.Second), File: "events.yaml", Line: 41}
}

func both(en, zh string) diagnose.Words { return diagnose.Words{EN: en, ZH: zh} }

var secretText = diagnose.Text{
	Title: both("Secret {secret} does not exist", "Secret {secret} 不存在"),
	Why: both("The Pod mounts or reads Secret {secret}, and namespace {namespace} has none of that name. The kubelet "+
		"waits until it is made.",
		"Pod 要挂载或读取 Secret {secret}，但命名空间 {namespace} 里没有这个名字的 Secret。在它建好之前 kubelet 会一直等待。"),
	Confirm: []diagnose.Step{
		{Do: both("See which Secrets the namespace has.", "查看该命名空间有哪些 Secret。"), Run: "kubectl -n {namespace} get secrets"},
	},
	Fix: []diagnose.Step{
		{Do: both("Make the Secret. The Pod starts by itself within about two minutes.", "创建该 Secret。之后约两分钟内 Pod 会自行启动。"),
			Run: "kubectl -n {namespace} create secret generic {secret} --from-literal=KEY=VALUE", Risk: "none"},
		{Do: both("Or correct the name in {workload}. This replaces its Pods.", "或者改正 {workload} 里写的名字。这会替换它的 Pod。"),
			Run: "kubectl -n {namespace} edit {workload}", Risk: "disruptive"},
	},
}

var timeoutText = diagnose.Text{
	Title: both("The container runtime on node {node} is too slow", "节点 {node} 上的容器运行时太慢"),
	Why:   both("Calls to the runtime on node {node} run into their deadline.", "节点 {node} 上对运行时的调用超过了期限。"),
	Confirm: []diagnose.Step{{Do: both("On the node: see whether the disk is busy.", "在节点上查看磁盘是否繁忙。"),
		Run: "iostat -x 1 5"}},
	Fix: []diagnose.Step{
		{Do: both("Take load off the node.", "减轻节点的负载。"), Risk: "low"},
		{Do: both("Restart the runtime.", "重启运行时。"), Run: "systemctl restart containerd", Risk: "data-loss"},
	},
}

var reservedText = diagnose.Text{Title: both("The name of the sandbox is still reserved", "沙箱的名字仍被占用")}

// odd is a sign that no cause explains.
func odd(name string) cluster.Sign {
	s := event(name, "FailedMount", "mount failed: exit status 32\nOutput: mount.foo: what is this\n", 1)
	of := podRef(name)
	s.Pod = &of
	return s
}

// full is a report that has one of everything.
func full() *diagnose.Report {
	secret := diagnose.Problem{Cause: "secret-missing", Stage: pod.StageVolumes, Certainty: diagnose.Proven,
		Since: ago(25 * time.Minute),
		Blame: cluster.Ref{Kind: "Secret", Namespace: "shop", Name: "api-tls"}}
	for i := range 12 {
		n := fmt.Sprintf("api-7d9c5b8f6d-x%02d", i)
		f := diagnose.Finding{Cause: secret.Cause, Certainty: secret.Certainty, Pod: podRef(n), Stage: pod.StageVolumes,
			Status: "ContainerCreating", Since: secret.Since, Blame: secret.Blame,
			Args: map[string]string{"secret": "api-tls", "namespace": "shop", "workload": "deployment/api", "pod": n},
			Evidence: []cluster.Sign{event(n, "FailedMount",
				`MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found`, 9)}}
		if i == 0 {
			f.Status = "Init:0/1"
			f.Evidence = append(f.Evidence,
				cluster.Sign{Ref: f.Pod, Path: "spec.volumes[0].secret.secretName", Kind: cluster.SignField,
					Reason: diagnose.IsAbsent, Message: "Secret shop/api-tls", File: "pods.yaml", Line: 12},
				cluster.Sign{Ref: f.Pod, Path: "spec.volumes[0].secret.optional", Kind: cluster.SignField, Reason: diagnose.IsValue,
					Message: "false", File: "pods.yaml", Line: 13},
				cluster.Sign{Ref: f.Pod, Path: "status.phase", Kind: cluster.SignStall, Reason: "Init:0/1", Message: "volumes",
					First: secret.Since, File: "pods.yaml", Line: 40})
		}
		secret.Findings = append(secret.Findings, f)
	}
	node := cluster.Ref{Kind: "Node", Name: "n1"}
	id := strings.Repeat("6fb878357d38cbd1", 4)
	slow := diagnose.Problem{Cause: "runtime-timeout", Stage: pod.StageSandbox, Certainty: diagnose.Likely,
		Since: ago(50 * time.Hour), Blame: node,
		Findings: []diagnose.Finding{{Cause: "runtime-timeout", Certainty: diagnose.Likely, Pod: podRef("db-0"),
			Stage: pod.StageSandbox, Status: "ContainerCreating", Since: ago(50 * time.Hour), Blame: node,
			Args: map[string]string{"node": "n1"}, Evidence: []cluster.Sign{
				{Ref: node, Path: "status.conditions[3].message", About: &node, Kind: cluster.SignCondition, Reason: "Ready",
					Message: "PLEG is not healthy", Context: true},
				event("db-0", "FailedCreatePodSandBox",
					"Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline exceeded", 1)}}},
		Effects: []diagnose.Finding{{Cause: "name-conflict", Pod: podRef("db-0"), Blame: node, Evidence: []cluster.Sign{
			event("db-0", "FailedCreatePodSandBox",
				`failed to reserve sandbox name "db-0_shop_1_0": name "db-0_shop_1_0" is reserved for "`+id+`"`, 4)}}}}
	return &diagnose.Report{At: at, Problems: []diagnose.Problem{secret, slow},
		Pods: diagnose.Pods{Seen: 210, Stuck: 15, Starting: 1},
		Texts: map[string]diagnose.Text{"secret-missing": secretText, "runtime-timeout": timeoutText,
			"name-conflict": reservedText},
		Unexplained: []cluster.Sign{odd("web-0"), odd("web-1"), odd("web-1"),
			{Ref: podRef("quiet"), Path: "status.phase", Kind: cluster.SignStall, Reason: "ContainerCreating",
				Message: "volumes", First: ago(20 * time.Minute), File: "pods.yaml", Line: 90}},
		Starting: []diagnose.Waiter{{Pod: podRef("new-0"), Status: "ContainerCreating", Stage: pod.StageImage,
			Since: ago(5 * time.Second)}},
		Gaps: []cluster.Gap{
			{
				What: message.Of("gap.kind.namespace", "resource", "secrets", "namespace", "shop",
					"question", message.Of("question.secret")),
				Why:   message.Quote(`secrets is forbidden: User "ann" cannot list resource "secrets"`),
				Needs: message.Of("gap.right.namespace", "verb", "list", "resource", "secrets", "namespace", "shop"),
			},
			{
				What: message.Of("gap.line", "file", "pods.yaml", "line", 17),
				Why:  message.Of("yaml.invalid", "why", message.Quote("did not find expected key")),
			},
		},
		Skipped: map[string]int{"CronJob": 2, "Service": 31}}
}

// evil is everything that must not reach a terminal: a title, a link, colours, a bell, overrides,
// what cannot be seen, what is not UTF-8.
const evil = "\x1b]0;owned\a\x1b[31mred\x1b[0m \u202eesrever\u2066 zero\u200bwidth\ufeff \u0085\u009b31m \x7f\r\b " +
	"bad\xff\xfeutf \u2028 tag\U000E0041 nul\x00 <b>&amp;</b> '; rm -rf / #\nnext line\ttab"

// hostile is a report of a cluster that an attacker writes in.
func hostile() *diagnose.Report {
	r := full()
	ref := cluster.Ref{Kind: "Pod" + evil, Namespace: evil, Name: evil}
	huge := "head " + strings.Repeat(evil+" ", 64<<10/len(evil)) + " no space left on device"
	sign := cluster.Sign{Ref: ref, Path: evil, Kind: cluster.SignEvent, Container: evil, Reason: evil, Message: huge,
		Count: 3, Last: ago(time.Minute), File: evil + ".yaml", Line: 7}
	field, absent, stall := sign, sign, sign
	field.Kind, field.Reason, field.Message = cluster.SignField, diagnose.IsValue, evil
	absent.Kind, absent.Reason, absent.Message = cluster.SignField, diagnose.IsAbsent, evil
	stall.Kind, stall.Message = cluster.SignStall, evil
	args := map[string]string{"secret": evil, "namespace": evil, "workload": evil}
	f := diagnose.Finding{Cause: "secret-missing", Certainty: diagnose.Likely, Pod: ref, Status: evil,
		Stage: pod.Stage(evil), Blame: ref, Args: args,
		Evidence: []cluster.Sign{sign, field, absent}}
	r.Problems = []diagnose.Problem{{Cause: "secret-missing", Stage: pod.StageVolumes, Certainty: diagnose.Likely,
		Blame: ref, Findings: []diagnose.Finding{f}, Effects: []diagnose.Finding{f}}}
	r.Unexplained = []cluster.Sign{sign, stall, {Ref: ref, Kind: cluster.SignWaiting, Reason: evil,
		Message: strings.Repeat("\x80", 64<<10)}}
	r.Starting = []diagnose.Waiter{{Pod: ref, Status: evil, Stage: pod.Stage(evil)}}
	r.Gaps = []cluster.Gap{said(evil, huge, evil)}
	r.Skipped = map[string]int{evil: 1, "": 2}
	return r
}

// said is a gap of texts as they are.
func said(what, why, needs string) cluster.Gap {
	return cluster.Gap{What: message.Quote(what), Why: message.Quote(why), Needs: message.Quote(needs)}
}

// calm reports show nothing that is stuck.
func calm(seen, starting int, gaps ...cluster.Gap) *diagnose.Report {
	return &diagnose.Report{At: at, Pods: diagnose.Pods{Seen: seen, Starting: starting}, Gaps: gaps}
}
