package render

import (
	"fmt"
	"strings"
)

// words are all words of the screen in one language, by id. {name} stands for a value, and {name|one|many} for
// a word that depends on whether that value is 1. Chinese has no plurals and needs none of the latter.
type words map[string]string

var inWords = map[string]words{"en": english, "zh": chinese}

var english = words{
	"lang": "en",

	"verdict.problems":  "{n} {n|problem blocks|problems block} {blocked} of {seen} {seen|Pod|Pods}",
	"verdict.logs":      "{n} {n|problem|problems} found, named by no Pod",
	"verdict.unknown":   "{n} {n|Pod is|Pods are} stuck and no cause is known",
	"verdict.more":      "{n} more {n|is|are} stuck and no cause is known",
	"verdict.join":      "; ",
	"verdict.none":      "Nothing is stuck: {seen} {seen|Pod|Pods} seen",
	"verdict.none.gaps": "Nothing is stuck in what could be read: {seen} {seen|Pod|Pods} seen",
	"verdict.starting":  "Nothing is stuck: {n} of {seen} {seen|Pod|Pods} {n|is|are} starting",
	"verdict.empty":     "No Pods in what was read",

	"capture.done": "Saved in {name}: kubectl stuck -f {name} diagnoses it, here or elsewhere.",
	"capture.left": "Left out: all values of Secrets, ConfigMaps and environment variables, last-applied " +
		"configurations, and {n} {n|argument that looks|arguments that look} like a secret.",
	"capture.names": "Names, images and messages are in it: look it through before you pass it on, or save it with " +
		"--pseudonyms.",
	"capture.pseudonyms": "{n} {n|name has a pseudonym|names have pseudonyms}, and so have all IDs and IP addresses. " +
		"Names of containers, keys and labels, image tags and paths on nodes are still in it: look it through before you " +
		"pass it on.",
	"capture.space": " ",

	"label.blame":  "Blame",
	"label.pods":   "Pods",
	"label.status": "Status",
	"label.stage":  "Stage",
	"label.sure":   "Certainty",
	"sep":          ": ",
	"comma":        ", ",
	"more.pods":    "and {n} more",
	"no.pod":       "named in a log, of no Pod",
	"container":    "container {name}",

	"proven":       "proven by what the cluster itself says",
	"likely":       "likely, not proven: these signs fit other causes too",
	"for.one":      "for {age}, since {time}",
	"for.many":     "longest for {age}, since {time}",
	"since":        "since {time}",
	"last":         "last {age} ago",
	"age.seconds":  "{n} s",
	"age.minutes":  "{n} min",
	"age.hours":    "{n} h",
	"age.days":     "{n} days",
	"head.signs":   "What gives it away",
	"head.confirm": "Make sure first",
	"head.fix":     "What to do",
	"head.effects": "What else follows from it",
	"more.signs":   "and {n} more {n|sign|signs} in -o json",
	"more.effects": "and {n} more {n|effect|effects} in -o json",
	"same":         "and the same from {n} more {n|Pod|Pods}",
	"too.long":     "(a command of {n} characters is not shown; see -o json)",
	"aside":        "({text})",

	"field.value":  "{path} is {value}",
	"field.empty":  "{path} is empty",
	"field.absent": "{path} names {what}, which does not exist",
	"stall":        "{status}, and nobody says why: {stage}",
	"no.text":      "(no message)",

	"head.unexplained": "{n} {n|sign|signs} that no cause explains",
	"alike.pods":       "and the same from {pods}",
	"more.alike":       "and {n} more like it",
	"more.unexplained": "and {n} more, which say other things, in -o json",
	"head.gaps":        "What could not be read",
	"gap.needs":        "Needs: {what}",
	"head.starting":    "{n} {n|Pod is|Pods are} still starting",
	"skipped":          "Left aside: {n} {n|object|objects} of kinds that say nothing about a start: {kinds}",
	"more.kinds":       "{n} more {n|kind|kinds}",
	"explain.hint":     "More: kubectl stuck explain {ids}",

	"watch.head":      "Watching {what}. Ctrl-C ends it.",
	"watch.all":       "all namespaces",
	"watch.space":     "namespace {name}",
	"watch.in":        "{what} in namespace {name}",
	"watch.below":     "{n} more {n|line|lines} below: without -w all are shown",
	"watch.opened":    "opened: {title}",
	"watch.changed":   "changed: {title}",
	"watch.solved":    "solved, after {age}: {title}",
	"watch.readable":  "All can be read again",
	"watch.replaced":  "found to be something else, after {age}: {title}",
	"wait.progress":   "{started} of {want} {want|Pod|Pods} started",
	"wait.unobserved": "the latest change has not been seen by its controller yet",
	"wait.unmade":     "not all Pods of the latest revision have been made yet",
	"wait.done":       "{what}: {n} {n|Pod has|Pods have} started, after {age}",
	"wait.nothing":    "{what}: no Pods are asked for, so there is nothing to wait for",
	"wait.over":       "{what}: {started} of {want} {want|Pod has|Pods have} started after {age}, and the time is up",
	"wait.stuck": "{what}: {started} of {want} {want|Pod has|Pods have} started, and what holds up the rest does " +
		"not pass by itself",
	"wait.dead": "{what} has failed: it will not start any more",
	"wait.said": "Its controller says: {text}",

	"stage.admission": "waiting for the API server to admit the Pod",
	"stage.schedule":  "waiting for a node to be found",
	"stage.accept":    "waiting for the node's kubelet to take the Pod up",
	"stage.volumes":   "attaching and mounting volumes",
	"stage.sandbox":   "making the Pod's sandbox",
	"stage.network":   "connecting the Pod to the network",
	"stage.image":     "pulling images",
	"stage.create":    "creating the containers",
	"stage.start":     "starting the containers",
	"stage.ready":     "waiting to be ready for the first time",
	"stage.terminate": "ending the Pod",

	"risk.none":       "no risk to what runs",
	"risk.low":        "low risk to what runs",
	"risk.disruptive": "interrupts what runs",
	"risk.data-loss":  "can lose data",

	"page.stage":     "Stage",
	"page.blame":     "Blame",
	"page.tell":      "How to tell",
	"page.says":      "Messages that give it away",
	"page.hints":     "Messages that fit it, and other causes too",
	"page.joins":     "It is also found by comparing objects: what a Pod names with what is there.",
	"page.last":      "It is only named where no other cause fits.",
	"page.fix":       "What to do",
	"page.explains":  "What follows from it",
	"page.explained": "What it can follow from",
	"page.regexp":    "Messages are regular expressions, matched without regard to case; reasons and kinds are exact.",
	"page.kind":      "said by: {kind}",
	"page.reason":    "reason {reason}",
	"page.all":       "All causes",
	"page.other":     "中文",
	"page.index":     "Why Pods do not start: all causes",
	"page.cause":     "Cause",
	"page.causes":    "Causes",
	"page.shown":     "By what kubectl shows",
	"page.shows":     "kubectl shows: {status}",
	"page.messages":  "Messages like these:",
	"page.status":    "STATUS in kubectl get pods",
	"page.events":    "Reasons of Events in kubectl describe pod",
	"page.seen": "As far as the cases of the tests show it. What stands here under ContainerCreating can also be " +
		"behind PodInitializing or Init:0/1.",
	"page.together":  "together",
	"page.meaning":   "What is wrong",
	"page.generated": "This page is generated from {file}. Do not edit it.",
}

var chinese = words{
	"lang": "zh",

	"verdict.problems":  "{n} 个问题卡住了 {seen} 个 Pod 中的 {blocked} 个",
	"verdict.logs":      "发现 {n} 个问题，日志里没有提到是哪个 Pod",
	"verdict.unknown":   "{n} 个 Pod 卡住了，原因未知",
	"verdict.more":      "另有 {n} 个卡住了，原因未知",
	"verdict.join":      "；",
	"verdict.none":      "没有卡住的 Pod：共看了 {seen} 个",
	"verdict.none.gaps": "在能读到的内容里没有卡住的 Pod：共看了 {seen} 个",
	"verdict.starting":  "没有卡住的 Pod：{seen} 个 Pod 中有 {n} 个正在启动",
	"verdict.empty":     "读到的内容里没有 Pod",

	"capture.done":       "已保存到 {name}：用 kubectl stuck -f {name} 可以在任何地方诊断。",
	"capture.left":       "没有保存：Secret、ConfigMap 和环境变量的所有值，last-applied 配置，以及 {n} 个看起来像机密的参数。",
	"capture.names":      "名字、镜像和消息都在其中，转交之前请先看一遍，或者加上 --pseudonyms 重新保存。",
	"capture.pseudonyms": "{n} 个名字换成了化名，所有 ID 和 IP 地址也已替换。容器名、键名、标签名、镜像 tag 和节点上的路径仍在其中，转交之前请先看一遍。",
	"capture.space":      "",

	"label.blame":  "问题出在",
	"label.pods":   "Pod",
	"label.status": "状态",
	"label.stage":  "停在",
	"label.sure":   "把握",
	"sep":          "：",
	"comma":        "、",
	"more.pods":    "等，另有 {n} 个",
	"no.pod":       "出自日志，没有提到 Pod",
	"container":    "容器 {name}",

	"proven":       "已证实，集群自己的信息可以证明",
	"likely":       "很可能，但尚未证实：这些迹象也可能由别的原因引起",
	"for.one":      "已 {age}，从 {time} 开始",
	"for.many":     "最长已 {age}，从 {time} 开始",
	"since":        "从 {time} 开始",
	"last":         "最近一次在 {age}前",
	"age.seconds":  "{n} 秒",
	"age.minutes":  "{n} 分钟",
	"age.hours":    "{n} 小时",
	"age.days":     "{n} 天",
	"head.signs":   "依据",
	"head.confirm": "请先确认",
	"head.fix":     "怎么办",
	"head.effects": "由此还引起",
	"more.signs":   "另有 {n} 条迹象，见 -o json",
	"more.effects": "另有 {n} 项影响，见 -o json",
	"same":         "另有 {n} 个 Pod 也是同样的信息",
	"too.long":     "（命令长达 {n} 个字符，未显示；见 -o json）",
	"aside":        "（{text}）",

	"field.value":  "{path} 的值是 {value}",
	"field.empty":  "{path} 为空",
	"field.absent": "{path} 引用了 {what}，而它不存在",
	"stall":        "{status}，没有任何信息说明原因：{stage}",
	"no.text":      "（没有消息）",

	"head.unexplained": "{n} 条迹象找不到原因",
	"alike.pods":       "{pods} 也是同样的信息",
	"more.alike":       "另有 {n} 条与此类似",
	"more.unexplained": "另有 {n} 条内容不同的，见 -o json",
	"head.gaps":        "没能读到的内容",
	"gap.needs":        "需要：{what}",
	"head.starting":    "{n} 个 Pod 仍在启动",
	"skipped":          "略过 {n} 个与启动无关的对象：{kinds}",
	"more.kinds":       "另 {n} 种",
	"explain.hint":     "更多说明：kubectl stuck explain {ids}",

	"watch.head":      "正在观察：{what}（按 Ctrl-C 结束）",
	"watch.all":       "所有命名空间",
	"watch.space":     "命名空间 {name}",
	"watch.in":        "命名空间 {name} 中的 {what}",
	"watch.below":     "下面还有 {n} 行：不带 -w 运行可以看到全部",
	"watch.opened":    "出现：{title}",
	"watch.changed":   "有变化：{title}",
	"watch.solved":    "已解决，历时 {age}：{title}",
	"watch.readable":  "又都能读到了",
	"watch.replaced":  "{age}后发现另有原因，不再是：{title}",
	"wait.progress":   "{want} 个 Pod 中已启动 {started} 个",
	"wait.unobserved": "控制器还没有看到最近的修改",
	"wait.unmade":     "最新版本的 Pod 还没有全部创建",
	"wait.done":       "{what}：{n} 个 Pod 已启动，用时 {age}",
	"wait.nothing":    "{what}：没有要求任何 Pod，无需等待",
	"wait.over":       "{what}：{age}后 {want} 个 Pod 中只启动了 {started} 个，等待时间已到",
	"wait.stuck":      "{what}：{want} 个 Pod 中启动了 {started} 个，其余的问题不会自行消失",
	"wait.dead":       "{what}：已经失败，不会再启动",
	"wait.said":       "控制器的说明：{text}",

	"stage.admission": "等待 API server 准入该 Pod",
	"stage.schedule":  "等待找到合适的节点",
	"stage.accept":    "等待节点上的 kubelet 接手",
	"stage.volumes":   "挂接和挂载存储卷",
	"stage.sandbox":   "创建 Pod 沙箱",
	"stage.network":   "为 Pod 接入网络",
	"stage.image":     "拉取镜像",
	"stage.create":    "创建容器",
	"stage.start":     "启动容器",
	"stage.ready":     "等待首次就绪",
	"stage.terminate": "终止 Pod",

	"risk.none":       "不影响正在运行的东西",
	"risk.low":        "对正在运行的东西影响很小",
	"risk.disruptive": "会中断正在运行的东西",
	"risk.data-loss":  "可能丢失数据",

	"page.stage":     "阶段",
	"page.blame":     "问题出在",
	"page.tell":      "如何确认",
	"page.says":      "能证明它的消息",
	"page.hints":     "与它相符、但也可能另有原因的消息",
	"page.joins":     "它也可以通过比对对象发现：Pod 引用的东西与实际存在的东西是否一致。",
	"page.last":      "只有在没有其他原因符合时才会给出它。",
	"page.fix":       "怎么办",
	"page.explains":  "由它引起的",
	"page.explained": "可能引起它的",
	"page.regexp":    "消息是正则表达式，不区分大小写；reason 与来源须完全一致。",
	"page.kind":      "来源：{kind}",
	"page.reason":    "reason 为 {reason}",
	"page.all":       "全部原因",
	"page.other":     "English",
	"page.index":     "Pod 起不来的全部原因",
	"page.cause":     "原因 ID",
	"page.causes":    "原因",
	"page.shown":     "按 kubectl 显示的内容查找",
	"page.shows":     "kubectl 显示：{status}",
	"page.messages":  "类似这样的消息：",
	"page.status":    "kubectl get pods 的 STATUS",
	"page.events":    "kubectl describe pod 中 Event 的 reason",
	"page.seen":      "以测试用例中出现过的为准。列在 ContainerCreating 下的原因，也可能显示为 PodInitializing 或 Init:0/1。",
	"page.together":  "合计",
	"page.meaning":   "出了什么问题",
	"page.generated": "本页由 {file} 生成，请勿直接修改。",
}

func wordsOf(lang string) words {
	if w, ok := inWords[lang]; ok {
		return w
	}
	return english
}

// say fills a phrase with values given as name, value, name, value. They must be safe to show.
func (w words) say(id string, values ...any) string {
	text, ok := w[id]
	if !ok {
		return id
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		slot, after, _ := strings.Cut(rest, "}")
		b.WriteString(filled(slot, values))
		text = after
	}
}

func filled(slot string, values []any) string {
	parts := strings.Split(slot, "|")
	for i := 0; i+1 < len(values); i += 2 {
		if values[i] != parts[0] {
			continue
		}
		if len(parts) == 1 {
			return fmt.Sprint(values[i+1])
		}
		if values[i+1] == 1 {
			return parts[1]
		}
		return parts[2]
	}
	return "{" + slot + "}"
}
