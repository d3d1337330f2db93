package message

// next is what is told where no cause is known: how far a Pod has come, and what to look at.
var next = map[string]text{
	"head.next": {"What to look at next", "接下来看什么"},
	"next.of":   {"{pod}: {stage}", "{pod}：{stage}"},
	"next.many": {"{pod} and {n} more {n|Pod|Pods} like it: {stage}", "{pod} 以及另外 {n} 个同样的 Pod：{stage}"},

	// How far it has come.
	"known.head":       {"What is known: {facts}", "已知：{facts}"},
	"known.node":       {"it was given node {node} at {time}", "{time} 分配到节点 {node}"},
	"known.node.only":  {"it is on node {node}", "它在节点 {node} 上"},
	"known.no-node":    {"it has no node", "还没有分配节点"},
	"known.kubelet":    {"the kubelet took it up at {time}", "{time} kubelet 开始处理"},
	"known.no-kubelet": {"the kubelet has said nothing of it yet", "kubelet 还没有任何回应"},
	"known.sandbox":    {"its sandbox and its network are there", "sandbox 和网络已经就绪"},
	"known.no-sandbox": {"it has no sandbox yet", "还没有 sandbox"},
	"known.init":       {"{n} of {all} init containers have ended", "{all} 个 init 容器中有 {n} 个已经结束"},
	"known.event":      {"the last Event of it is {reason}, at {time}", "最近一条 Event 是 {reason}，时间 {time}"},
	"known.no-events": {
		"no Event of it is left (the API server drops them after an hour)",
		"已经没有关于它的 Event（API server 一小时后就会删除）",
	},

	// What was not read.
	"next.add": {"Add what was not read ({kinds}), and ask again", "补上没有读到的内容（{kinds}），再问一次"},
	"gap.events": {
		"Events: what the kubelet and the controllers said of the Pods is not known",
		"Event：无法得知 kubelet 和控制器对这些 Pod 说过什么",
	},
	"gap.events.none": {"there is not one in what was given", "给出的内容里一条也没有"},
	"gap.events.namespace": {
		"what `kubectl -n {namespace} get pods,events -o yaml` prints",
		"`kubectl -n {namespace} get pods,events -o yaml` 的输出",
	},
	"gap.events.all": {"what `kubectl get pods,events -A -o yaml` prints", "`kubectl get pods,events -A -o yaml` 的输出"},

	// What to look at, by where it stands.
	"next.describe": {
		"Read what was said of it last, at the end of this",
		"看这条命令输出的末尾：最近对它说过什么",
	},
	"next.workload": {
		"Read what its controller says of it, in the conditions and at the end of this",
		"看控制器怎么说：输出里的 Conditions 和末尾的 Events",
	},
	"next.warnings":  {"Read what else went wrong in its namespace", "看同一命名空间里还出了什么问题"},
	"next.limits":    {"See whether a quota or a limit of the namespace stands in its way", "看命名空间的配额或限制是否挡住了它"},
	"next.manager":   {"See when the controllers last gave a sign of life (renewTime)", "看控制器最近一次报到的时间（renewTime）"},
	"next.scheduler": {"See when the scheduler last gave a sign of life (renewTime)", "看调度器最近一次报到的时间（renewTime）"},
	"next.scheduler.own": {
		"See whether the scheduler {scheduler}, which the Pod names, runs at all",
		"看这个 Pod 指定的调度器 {scheduler} 是否在运行",
	},
	"next.nodes": {"See which nodes are ready, and what is free on them", "看哪些节点就绪、还有多少空闲资源"},
	"next.node":  {"See whether node {node} is ready, and since when", "看节点 {node} 是否就绪、从什么时候起"},
	"next.kubelet": {
		"On node {node}: read what its kubelet says of the Pod",
		"在节点 {node} 上：看 kubelet 对这个 Pod 说了什么",
	},
	"next.sandbox": {
		"On node {node}: see whether there is a sandbox. If not, it waits for volumes, the runtime or the network",
		"在节点 {node} 上：看 sandbox 是否存在。不存在就说明在等卷、运行时或网络",
	},
	"next.mounts": {
		"On node {node}: see which of its volumes are mounted. One that is missing here is what it waits for",
		"在节点 {node} 上：看哪些卷已经挂载。这里缺少的那个就是它在等的",
	},
	"next.hung": {
		"On node {node}: see which processes hang on a disk or a network file system (state D)",
		"在节点 {node} 上：看哪些进程卡在磁盘或网络文件系统上（状态 D）",
	},
	"next.runtime": {
		"On node {node}: read what the container runtime says (containerd or CRI-O)",
		"在节点 {node} 上：看容器运行时（containerd 或 CRI-O）说了什么",
	},
	"next.network": {
		"See whether the Pods of the network plugin run on node {node}",
		"看网络插件的 Pod 是否在节点 {node} 上运行",
	},
	"next.pull": {
		"On node {node}: pull the image by hand. It says how far it gets, or why it does not",
		"在节点 {node} 上：手动拉取镜像，可以看到进度或失败的原因",
	},
	"next.pulls": {
		"See what else is being pulled: a kubelet pulls one image at a time, and others wait for it",
		"看还有什么正在拉取：kubelet 一次只拉一个镜像，其余的都要排队",
	},
	"next.containers": {
		"On node {node}: see which of its containers were made, and in which state they are",
		"在节点 {node} 上：看已经创建了哪些容器、处于什么状态",
	},
	"next.log": {"Read what its containers write", "看它的容器输出了什么"},
	"next.gates": {
		"See which condition is not True yet, and its message",
		"看哪个 condition 还不是 True，以及它的消息",
	},
	"next.finalizers": {"See which finalizers it waits for, and ask their owners", "看它在等哪些 finalizer，并联系负责的组件"},
	"next.capture": {
		"Hand it on: save what can be read, with pseudonyms for all names, and attach it to a ticket",
		"转交：把能读到的内容用化名保存下来，附到工单里",
	},
}
