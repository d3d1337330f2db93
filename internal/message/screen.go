package message

// screen are the words of an answer on a terminal, and of the pages of causes.
var screen = map[string]text{
	// What the answer begins with.
	"verdict.problems": {
		"{n} {n|problem blocks|problems block} {blocked} of {seen} {seen|Pod|Pods}",
		"{n} 个问题卡住了 {seen} 个 Pod 中的 {blocked} 个",
	},
	"verdict.unmade": {
		"{n} {n|problem keeps|problems keep} {missing} {missing|Pod|Pods} from being made",
		"{n} 个问题使 {missing} 个 Pod 没有创建",
	},
	"workload.ready": {
		"{ready} of {desired} {desired|Pod|Pods} of {what} {ready|is|are} ready",
		"{what} 的 {desired} 个 Pod 中有 {ready} 个就绪",
	},
	"workload.none": {"No Pod of {what} is ready ({desired} wanted)", "{what} 没有就绪的 Pod（需要 {desired} 个）"},
	"workload.none.strategy": {
		"No Pod of {what} is ready ({desired} wanted): its strategy {strategy} lets all old ones go at once",
		"{what} 没有就绪的 Pod（需要 {desired} 个）：它的更新策略 {strategy} 允许旧 Pod 一次全部停掉",
	},
	"workload.behind": {
		"{behind} not made: a StatefulSet makes one Pod after the other, each when the one before is ready (OrderedReady)",
		"{behind} 尚未创建：StatefulSet 按顺序创建 Pod，前一个就绪后才创建下一个（OrderedReady）",
	},
	"label.serving": {"Serving", "可用"},
	"workload.job":  {"{what} has not ended", "{what} 还没有结束"},
	"workload.paused": {
		"{what} is paused: what is changed in it is not rolled out ({ready} of {desired} ready)",
		"{what} 已暂停：对它的修改不会生效（{desired} 个中有 {ready} 个就绪）",
	},
	"workload.suspended": {"{what} is suspended: it makes no Pods until it is resumed", "{what} 已挂起：恢复之前不会创建 Pod"},
	"workload.zero":      {"{what} has 0 replicas, so it makes no Pods", "{what} 的副本数是 0，所以没有 Pod"},
	"workload.no-node":   {"{what} fits no node, so it makes no Pods", "没有节点符合 {what} 的要求，所以没有 Pod"},
	"workload.no-node.requires": {
		"{what} makes no Pods: it fits no node ({required})", "{what} 没有 Pod：没有节点符合它的要求（{required}）"},
	"workload.complete": {"{what} is complete", "{what} 已经完成"},
	"workload.failed":   {"{what} has failed and makes no more Pods: {why}", "{what} 已经失败，不再创建 Pod：{why}"},
	"workload.busy": {"{what} starts no run while {run} goes on: its concurrencyPolicy is Forbid",
		"{what} 在 {run} 结束之前不会启动新的运行：concurrencyPolicy 为 Forbid"},
	"workload.idle":   {"{what} waits for its next run", "{what} 在等待下一次运行"},
	"head.idle":       {"{n} {n|workload makes|workloads make} no Pods", "{n} 个工作负载不创建 Pod"},
	"more.idle":       {"and {n} more", "另有 {n} 个"},
	"verdict.missing": {"{n} {n|Pod that is wanted was|Pods that are wanted were} never made", "有 {n} 个需要的 Pod 没有创建"},
	"verdict.logs":    {"{n} {n|problem|problems} found, named by no Pod", "发现 {n} 个问题，日志里没有提到是哪个 Pod"},
	"verdict.unknown": {"{n} {n|Pod is|Pods are} stuck and no cause is known", "{n} 个 Pod 卡住了，原因未知"},
	"verdict.part":    {"part of what was given could not be read", "给出的内容有一部分没能读取"},
	"verdict.more":    {"{n} more {n|is|are} stuck and no cause is known", "另有 {n} 个卡住了，原因未知"},
	"verdict.join":    {"; ", "；"},
	"verdict.none":    {"Nothing is stuck: {seen} {seen|Pod|Pods} seen", "没有卡住的 Pod：共看了 {seen} 个"},
	"verdict.none.gaps": {
		"Nothing is stuck in what could be read: {seen} {seen|Pod|Pods} seen",
		"在能读到的内容里没有卡住的 Pod：共看了 {seen} 个",
	},
	"verdict.lost": {
		"Part of what was given could not be read: nothing is stuck in the rest, {seen} {seen|Pod|Pods} seen",
		"给出的内容有一部分无法读取：其余部分没有卡住的 Pod，共看了 {seen} 个",
	},
	"verdict.starting": {
		"Nothing is stuck: {n} of {seen} {seen|Pod|Pods} {n|is|are} starting",
		"没有卡住的 Pod：{seen} 个 Pod 中有 {n} 个正在启动",
	},
	"verdict.empty":           {"No Pods were found", "没有找到 Pod"},
	"verdict.empty.namespace": {"No Pods in namespace {name}", "命名空间 {name} 里没有 Pod"},
	"verdict.leaving":         {"No Pods in namespace {name}, which is being deleted", "命名空间 {name} 里没有 Pod，它正在被删除"},
	"head.leaving":            {"What holds it, in its own words", "什么挡住了删除（原话）"},
	"leaving.silent": {
		"It does not say what holds it: either it goes in a moment, or the controller manager does not act.",
		"它没有说明被什么挡住：要么马上就会删完，要么控制器没有在工作。",
	},
	"leaving.list": {"See what is left in it", "看里面还剩下什么"},

	// A dump that was saved.
	"capture.done": {
		"Saved in {name}: kubectl stuck -f {name} diagnoses it, here or elsewhere.",
		"已保存到 {name}：用 kubectl stuck -f {name} 可以在任何地方诊断。",
	},
	"capture.left": {
		"Left out: all values of Secrets, ConfigMaps and environment variables, annotations and parameters that no " +
			"diagnosis reads, and whatever looks like a credential, in any text (REDACTED stands there). {then}",
		"没有保存：Secret、ConfigMap 和环境变量的所有值，诊断用不到的注解和参数，以及任何文本中看起来像凭据的内容（原处写着 REDACTED）。{then}",
	},
	"capture.names": {
		"Names, images and messages are in it: look it through before you pass it on, or save it with --pseudonyms.",
		"名字、镜像和消息都在其中，转交之前请先看一遍，或者加上 --pseudonyms 重新保存。",
	},
	"capture.pseudonyms": {
		"{n} {n|name has a pseudonym|names have pseudonyms}, and so have all IDs and addresses; logs of containers are " +
			"left out. Still in it: names of containers, of their volumes, ports and variables, keys and labels, image tags, " +
			"paths on nodes, versions, public software and zones, and what is in kube-* namespaces. Look it through before " +
			"you pass it on.",
		"{n} 个名字换成了化名，所有 ID 和地址也已替换，容器日志没有保存。仍在其中：容器名，容器的卷、端口和变量的名字，键名和标签名，" +
			"镜像 tag，节点上的路径，版本号，公开软件和可用区的名字，以及 kube-* 命名空间中的内容。转交之前请先看一遍。",
	},

	// A problem: its head.
	"label.blame": {"Blame", "问题出在"},
	// What is told of, where its name is not known.
	"nameless.image":       {"the image", "该镜像"},
	"nameless.registry":    {"the registry", "镜像仓库"},
	"nameless.host":        {"the registry", "镜像仓库"},
	"nameless.volume":      {"the volume", "该存储卷"},
	"nameless.container":   {"the container", "该容器"},
	"nameless.claim":       {"the claim", "该 PVC"},
	"nameless.driver":      {"the CSI driver", "CSI 驱动"},
	"nameless.plugin":      {"the plugin", "该插件"},
	"nameless.node":        {"the node", "该节点"},
	"nameless.pod":         {"the Pod", "该 Pod"},
	"nameless.workload":    {"its workload", "它的工作负载"},
	"blame.lease":          {"{name} (its {lease})", "{name}（其 {lease}）"},
	"blame.log":            {"the node of this log", "该日志所属的节点"},
	"label.pods":           {"Pods", "Pod"},
	"label.status":         {"Status", "状态"},
	"label.stage":          {"Stage", "阶段"},
	"label.sure":           {"Certainty", "可信度"},
	"label.change":         {"Changed", "变更"},
	"label.drift":          {"Differs", "不同"},
	"sep":                  {": ", "："},
	"comma":                {", ", "、"},
	"more.pods":            {"and {n} more", "等，另有 {n} 个"},
	"pods.missing.unknown": {"of {of}, not made", "{of} 的 Pod 没有创建"},
	"pods.missing":         {"{n} of {of} not made (ready: {status})", "{of} 有 {n} 个没有创建（就绪：{status}）"},
	"no.pod":               {"named in a log, of no Pod", "出自日志，没有提到 Pod"},
	"container":            {"container {name}", "容器 {name}"},

	// What the newest revision changed.
	"change.who":      {"{time} by {by}", "{time} 由 {by} 修改"},
	"change.revision": {"in revision {n}", "版本 {n}"},
	"change.set":      {"{field} {old} -> {new}", "{field} {old} -> {new}"},
	"change.new":      {"{field} is new", "新增 {field}"},
	"change.gone":     {"{field} is gone", "去掉 {field}"},
	"change.added":    {"{field} is new ({new})", "新增 {field}（{new}）"},
	"change.removed":  {"{field} is gone ({old})", "去掉 {field}（{old}）"},
	"change.whole":    {"the whole container", "整个容器"},
	"change.values":   {"only values of environment variables, which are not read", "只改了环境变量的值（不会被读取）"},
	"drift.what":      {"from the template of {workload}: {what}", "与 {workload} 的模板不同：{what}"},
	"drift.by":        {"changed {time} by {by}", "{time} 由 {by} 修改"},
	"drift.held":      {"the partition of {partition} keeps it at an older revision", "分区 {partition} 让它停留在旧版本"},
	"drift.old":       {"it is of an older revision, and is not replaced unless it is deleted", "它属于旧版本，不删除就不会被替换"},
	"drift.later":     {"changed after it was made", "创建之后被修改"},
	"drift.makers":    {"changed as it was made, perhaps by {makers}", "创建时被修改，可能是 {makers}"},
	"change.more":     {"and {n} more {n|field|fields}", "另有 {n} 个字段"},

	// A problem: what it consists of.
	"proven":         {"proven by what the cluster itself says", "已证实（依据集群自身的信息）"},
	"likely":         {"likely, not proven: these signs fit other causes too", "很可能，但尚未证实：这些依据也可能由别的原因引起"},
	"for.one":        {"for {age}, since {time}", "已 {age}，从 {time} 开始"},
	"for.many":       {"longest for {age}, since {time}", "最长已 {age}，从 {time} 开始"},
	"since.made":     {"made at {time}", "创建于 {time}"},
	"for.one.least":  {"for at least {age}, since {time}", "至少已 {age}，从 {time} 开始"},
	"for.many.least": {"longest for at least {age}, since {time}", "最长至少已 {age}，从 {time} 开始"},
	"since":          {"since {time}", "从 {time} 开始"},
	"starting.probe": {"container {container} has until {time} to pass {probe}", "容器 {container} 须在 {time} 前通过 {probe}"},
	"last":           {"last {age} ago", "最近一次在 {age}前"},
	"last.at":        {"last at {time}", "最近一次在 {time}"},
	"as.of": {"As of {time}, the newest time in what was given: it does not say when it was taken.",
		"截至 {time}：给出的内容没有说明采集时间，这是其中最新的时间。"},
	"age.seconds":   {"{n} s", "{n} 秒"},
	"age.minutes":   {"{n} min", "{n} 分钟"},
	"age.hours":     {"{n} h", "{n} 小时"},
	"age.days":      {"{n} days", "{n} 天"},
	"head.signs":    {"What gives it away", "依据"},
	"head.confirm":  {"Make sure first", "请先确认"},
	"head.fix":      {"What to do", "怎么办"},
	"head.effects":  {"What else follows from it", "由此还引起"},
	"more.problems": {"{n} more {n|problem|problems} in -o json", "另有 {n} 个问题，见 -o json"},
	"more.signs":    {"and {n} more {n|sign|signs} in -o json", "另有 {n} 条依据，见 -o json"},
	"more.effects":  {"and {n} more {n|effect|effects} in -o json", "另有 {n} 项影响，见 -o json"},
	"same":          {"and the same from {n} more {n|Pod|Pods}", "另有 {n} 个 Pod 也是同样的信息"},
	"too.long":      {"(a command of {n} characters is not shown; see -o json)", "（命令长达 {n} 个字符，未显示；见 -o json）"},
	"aside":         {"({text})", "（{text}）"},

	// Evidence.
	"field.value":  {"{path} is {value}", "{path} 的值是 {value}"},
	"field.empty":  {"{path} is empty", "{path} 为空"},
	"field.absent": {"{path} names {what}, which does not exist", "{path} 引用了 {what}，而它不存在"},
	"stall":        {"{status}, and nobody says why: {stage}", "{status}，没有任何信息说明原因，停在：{stage}"},
	"no.text":      {"(no message)", "（没有消息）"},

	// What follows the problems.
	"head.unexplained": {"{n} {n|sign|signs} that no cause explains", "{n} 条迹象找不到原因"},
	"alike.pods":       {"and the same from {pods}", "{pods} 也是同样的信息"},
	"more.alike":       {"and {n} more like it", "另有 {n} 条与此类似"},
	"more.unexplained": {"and {n} more, which say other things, in -o json", "另有 {n} 条内容不同的，见 -o json"},
	"head.gaps":        {"What could not be read", "没能读到的内容"},
	"gap.needs":        {"Needs: {what}", "需要：{what}"},
	"gap.minor": {
		"{n} more that cannot matter to what is stuck, in -o json",
		"另有 {n} 项与卡住的 Pod 无关，见 -o json",
	},
	"head.starting": {"{n} {n|Pod is|Pods are} still starting", "{n} 个 Pod 仍在启动"},
	"skipped": {
		"Left aside: {n} {n|object|objects} of kinds that say nothing about a start: {kinds}",
		"略过 {n} 个与启动无关的对象：{kinds}",
	},
	"manifests": {
		"Left aside: {n} {n|manifest that was|manifests that were} never in a cluster ({n|it has|they have} neither a UID " +
			"nor a status)",
		"略过 {n} 个从未进入集群的清单（既没有 UID 也没有状态）",
	},
	"more.kinds":   {"{n} more {n|kind|kinds}", "另 {n} 种"},
	"fits.head":    {"{n} causes fit {text}, the likeliest first", "有 {n} 个原因符合 {text}，最可能的在前"},
	"fits.more":    {"and {n} more: give more of the message", "另有 {n} 个：请给出更完整的消息"},
	"explain.hint": {"More: kubectl stuck explain {ids}", "更多说明：kubectl stuck explain {ids}"},

	// Watching and waiting.
	"watch.head":      {"Watching {what}. Ctrl-C ends it.", "正在观察：{what}（按 Ctrl-C 结束）"},
	"watch.all":       {"all namespaces", "所有命名空间"},
	"watch.space":     {"namespace {name}", "命名空间 {name}"},
	"watch.in":        {"{what} in namespace {name}", "命名空间 {name} 中的 {what}"},
	"watch.below":     {"{n} more {n|line|lines} below: without -w all are shown", "下面还有 {n} 行：不带 -w 运行可以看到全部"},
	"watch.opened":    {"opened: {title}", "出现：{title}"},
	"watch.changed":   {"changed: {title}", "有变化：{title}"},
	"watch.solved":    {"solved, after {age}: {title}", "已解决，历时 {age}：{title}"},
	"watch.readable":  {"All can be read again", "又都能读到了"},
	"watch.replaced":  {"found to be something else, after {age}: {title}", "{age}后发现另有原因，不再是：{title}"},
	"wait.progress":   {"{started} of {want} {want|Pod|Pods} started", "{want} 个 Pod 中已启动 {started} 个"},
	"wait.unobserved": {"the latest change has not been seen by its controller yet", "控制器还没有看到最近的修改"},
	"wait.unmade":     {"not all Pods of the latest revision have been made yet", "最新版本的 Pod 还没有全部创建"},
	"wait.done":       {"{what}: {n} {n|Pod has|Pods have} started, after {age}", "{what}：{n} 个 Pod 已启动，用时 {age}"},
	"wait.nothing":    {"{what}: no Pods are asked for, so there is nothing to wait for", "{what}：没有要求任何 Pod，无需等待"},
	"wait.over": {
		"{what}: {started} of {want} {want|Pod has|Pods have} started after {age}, and the time is up",
		"{what}：{age}后 {want} 个 Pod 中只启动了 {started} 个，等待时间已到",
	},
	"wait.stuck": {
		"{what}: {started} of {want} {want|Pod has|Pods have} started, and what holds up the rest does not pass by itself",
		"{what}：{want} 个 Pod 中启动了 {started} 个，其余的问题不会自行消失",
	},
	"wait.dead": {"{what} has failed: it will not start any more", "{what}：已经失败，不会再启动"},
	"wait.said": {"Its controller says: {text}", "控制器的说明：{text}"},

	// What a Pod of each stage waits for.
	"stage.admission": {"waiting for the API server to admit the Pod", "等待 API server 准入该 Pod"},
	"stage.schedule":  {"waiting for a node to be found", "等待找到合适的节点"},
	"stage.before": {"before its first container (volumes, sandbox or network)",
		"第一个容器之前（存储卷、sandbox 或网络）"},
	"stage.refused":   {"turned away by the node's kubelet", "已被节点上的 kubelet 拒绝或驱逐"},
	"stage.accept":    {"waiting for the node's kubelet to take the Pod up", "等待节点上的 kubelet 接手"},
	"stage.volumes":   {"attaching and mounting volumes", "挂接和挂载存储卷"},
	"stage.sandbox":   {"making the Pod's sandbox", "创建 Pod sandbox"},
	"stage.network":   {"connecting the Pod to the network", "为 Pod 接入网络"},
	"stage.image":     {"pulling images", "拉取镜像"},
	"stage.create":    {"creating the containers", "创建容器"},
	"stage.start":     {"starting the containers", "启动容器"},
	"stage.ready":     {"waiting to be ready", "等待就绪"},
	"stage.terminate": {"ending the Pod", "终止 Pod"},

	// What a remedy risks.
	"risk.none":       {"no risk to what runs", "不影响运行中的业务"},
	"risk.low":        {"low risk to what runs", "影响很小"},
	"risk.disruptive": {"interrupts what runs", "会中断运行中的业务"},
	"risk.data-loss":  {"can lose data", "可能丢数据"},

	// Pages of causes.
	"page.stage": {"Stage", "阶段"},
	"page.blame": {"Blame", "问题出在"},
	"page.tell":  {"How to tell", "如何确认"},
	"page.says":  {"Messages that give it away", "能证明它的消息"},
	"page.hints": {"Messages that fit it, and other causes too", "与它相符、但也可能另有原因的消息"},
	"page.joins": {
		"It is also found by comparing objects: what a Pod names with what is there.",
		"它也可以通过比对对象发现：Pod 引用的东西与实际存在的东西是否一致。",
	},
	"page.last":      {"It is only named where no other cause fits.", "只有在没有其他原因符合时才会给出它。"},
	"page.fix":       {"What to do", "怎么办"},
	"page.explains":  {"What follows from it", "由它引起的"},
	"page.explained": {"What it can follow from", "可能引起它的"},
	"page.regexp": {
		"Messages are regular expressions, matched without regard to case; reasons and kinds are exact.",
		"消息是正则表达式，不区分大小写；reason 与来源须完全一致。",
	},
	"page.kind":     {"said by: {kind}", "来源：{kind}"},
	"page.reason":   {"reason {reason}", "reason 为 {reason}"},
	"page.all":      {"All causes", "全部原因"},
	"page.index":    {"Why Pods do not start: all causes", "Pod 起不来的全部原因"},
	"page.cause":    {"Cause", "原因 ID"},
	"page.causes":   {"Causes", "原因"},
	"page.shown":    {"By what kubectl shows", "按 kubectl 显示的内容查找"},
	"page.shows":    {"kubectl shows: {status}", "kubectl 显示：{status}"},
	"page.messages": {"Messages like these:", "类似这样的消息："},
	"page.status":   {"STATUS in kubectl get pods", "kubectl get pods 的 STATUS"},
	"page.events":   {"Reasons of Events in kubectl describe pod", "kubectl describe pod 中 Event 的 reason"},
	"page.seen": {
		"As far as the cases of the tests show it. What stands here under ContainerCreating can also be behind " +
			"PodInitializing or Init:0/1.",
		"以测试用例中出现过的为准。列在 ContainerCreating 下的原因，也可能显示为 PodInitializing 或 Init:0/1。",
	},
	"page.together":  {"together", "合计"},
	"page.meaning":   {"What is wrong", "出了什么问题"},
	"page.generated": {"This page is generated from {file}. Do not edit it.", "本页由 {file} 生成，请勿直接修改。"},

	// The agent, of its own node.
	"agent.none":  {"No Pod of node {node} is known to wait.", "没有发现节点 {node} 上有卡住的 Pod。"},
	"agent.ahead": {"What this node would stop a new Pod with", "这个节点会让新 Pod 卡在哪里"},
}
