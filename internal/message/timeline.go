package message

// timelineWords are the words of how a Pod has started.
var timelineWords = map[string]text{
	"step.schedule": {"find a node", "选择节点"},
	"step.accept":   {"kubelet takes it up", "kubelet 接手"},
	"step.attach":   {"attach volumes", "挂接存储卷"},
	"step.mount":    {"mount volumes", "挂载存储卷"},
	"step.sandbox":  {"sandbox", "创建 sandbox"},
	"step.network":  {"network", "接入网络"},
	"step.pull":     {"pull image", "拉取镜像"},
	"step.create":   {"create", "创建"},
	"step.start":    {"start", "启动"},
	"step.run":      {"run to its end", "运行到结束"},
	"step.ready":    {"become ready", "变为就绪"},
	"step.of":       {"{container}: {step}", "{container}：{step}"},

	"took.none":    {"< 1 s", "< 1 秒"},
	"took.minutes": {"{m} min {s} s", "{m} 分 {s} 秒"},
	"took.hours":   {"{h} h {m} min", "{h} 小时 {m} 分"},

	"span.done":    {"{took}", "{took}"},
	"span.most":    {"{took} at most", "最多 {took}"},
	"span.within":  {"within {took}", "{took}之内"},
	"span.open":    {"{took} so far", "至今 {took}"},
	"span.one-of":  {"{took} so far, in one of these", "至今 {took}，在这几步之一"},
	"span.none":    {"nothing to do", "无需进行"},
	"span.there":   {"was there already", "已经存在"},
	"span.unknown": {"not known", "不清楚"},
	"span.ahead":   {"not yet", "尚未开始"},

	"timeline.ready":   {"{pod}: ready after {took}", "{pod}：{took}后就绪"},
	"timeline.runs":    {"{pod}: {status}; when it became ready is not known", "{pod}：{status}；何时就绪不清楚"},
	"timeline.waits":   {"{pod}: {status}, not ready after {took}", "{pod}：{status}，{took}后仍未就绪"},
	"timeline.node":    {"on node {node}", "位于节点 {node}"},
	"timeline.longest": {"longest: {step}", "最久的一步：{step}"},
	"timeline.legend": {
		"━ took place   ━▸ goes on   ? somewhere in this time, or not known",
		"━ 已完成   ━▸ 仍在进行   ? 在这段时间里的某处，或不清楚",
	},
	"timeline.events": {
		"No Event about it was read: they are kept for an hour or so, and what they told is not known.",
		"没有读到关于它的 Event：Event 大约只保留一小时，其中的内容无从得知。",
	},
	"timeline.many": {
		"{what}: {ready} of {n} Pods ready; half of them after {half}, the last after {last}",
		"{what}：{n} 个 Pod 中 {ready} 个就绪；一半在 {half}内，最晚的用了 {last}",
	},
	"timeline.none.ready": {"{what}: {n} Pods, none known to have become ready", "{what}：{n} 个 Pod，没有已知就绪的"},
	"timeline.step":       {"Step", "步骤"},
	"timeline.half":       {"Half", "一半"},
	"timeline.most":       {"9 of 10", "九成"},
	"timeline.last":       {"Longest", "最久"},
	"timeline.known":      {"Known of", "已知"},
	"timeline.slowest":    {"The slowest of them", "其中最慢的"},
	"timeline.no":         {"nothing is known of how these Pods started", "没有这些 Pod 启动过程的任何信息"},
	"timeline.no.why": {
		"A Pod that is being deleted has no timeline. Of others its creationTimestamp and conditions have to be read.",
		"正在删除的 Pod 没有时间线；其他 Pod 需要能读到 creationTimestamp 和 conditions。",
	},

	"html.timeline": {"How it went, from when the Pod was made", "从 Pod 创建起的经过"},
	"html.timeline.some": {
		"How it went with {n} of these {of}, from when the Pod was made",
		"其中 {n} 个从 Pod 创建起的经过（共 {of} 个）",
	},

	"help.timeline": {
		"Show how Pods have started, step by step, also of Pods that run",
		"逐步显示 Pod 的启动过程，包括已在运行的 Pod",
	},
	"help.timeline.long": {
		`Show how Pods have started, step by step, also of Pods that run: finding a node, attaching and mounting volumes,
sandbox, network, pulling images, creating and starting containers, becoming ready. Of a workload with several Pods it
shows how long each step took for half of them, for nine of ten, and at the longest.

It is made of conditions, of the states of containers and of Events. Events are kept for an hour or so: what nobody
tells any more is drawn as not known. Times are those of the cluster's clocks, in whole seconds.`,
		`逐步显示 Pod 的启动过程，包括已在运行的 Pod：
选择节点、挂接和挂载存储卷、sandbox、网络、拉取镜像、创建和启动容器、变为就绪。
对有多个 Pod 的工作负载，显示每一步一半 Pod、九成 Pod 以及最久用了多长时间。

依据是 conditions、容器状态和 Event。Event 大约只保留一小时：没有信息的部分画成“不清楚”。
时间取自集群各组件的时钟，精确到秒。`,
	},
	"help.timeline.why": {"why this took so long", "为什么花了这么久"},
	"help.timeline.all": {"of all its Pods, by step", "它的全部 Pod，按步骤统计"},
}
