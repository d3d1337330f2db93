package message

// fixes are the things to do that no cause.yaml has, because they hold for every cause.
var fixes = map[string]text{
	"fix.undo": {
		"Go back to revision {earlier}, from before the change that revision {revision} brought.",
		"回滚到版本 {earlier}，即版本 {revision} 改动之前的状态。",
	},
	"fix.undo.running": {
		"Go back to revision {earlier}: its Pods are ready, those of revision {revision} are not.",
		"回滚到版本 {earlier}：它的 Pod 是就绪的，版本 {revision} 的不是。",
	},
	"fix.undo.statefulset": {
		"Go back to revision {earlier}, from before the change that revision {revision} brought. A StatefulSet waits for " +
			"the Pod that it has begun, so delete that one, too.",
		"回滚到版本 {earlier}，即版本 {revision} 改动之前的状态。StatefulSet 会一直等待已经创建的 Pod，所以还要删除它。",
	},
	"fix.drift.delete": {
		"Delete the Pod: {workload} makes a new one, as its template says.",
		"删除这个 Pod：{workload} 会按模板重建一个。",
	},
	"fix.drift.held": {
		"Let the update reach this Pod (partition 0: all), and delete it: {workload} makes a new one, as its template says.",
		"让更新覆盖这个 Pod（分区 0 表示全部），然后删除它：{workload} 会按模板重建一个。",
	},
	"fix.drift.then": {
		"Then delete the Pod, so that {workload} makes a new one, as its template says.",
		"然后删除这个 Pod，让 {workload} 按模板重建一个。",
	},
	"fix.drift.exempt": {
		"Correct what this webhook sets; to change {workload} does not help. Until then take the namespace out of its " +
			"reach: the Pod is made anew without what it sets, and so are all others that are made here.",
		"改正这个 webhook 的设置；修改 {workload} 没有用。在此之前先让它跳过这个命名空间：重建的 Pod 不再带有它的改动，之后在" +
			"这里创建的其他 Pod 也一样。",
	},
	"fix.drift.webhook": {
		"See what this webhook sets in Pods, and correct or remove it: to change {workload} does not help.",
		"查看这个 webhook 改动了 Pod 的什么，并改正或移除它：修改 {workload} 没有用。",
	},
	"fix.drift.webhooks": {
		"See which webhook changes Pods, and correct or remove it: to change {workload} does not help.",
		"查看是哪个 webhook 改动了 Pod，并改正或移除它：修改 {workload} 没有用。",
	},
	// What stays to be filled in by hand although it is known.
	"fix.by-hand": {
		"(Look before you fill in, no command takes this as it is: {list}.)",
		"（请先核对再填入，这样的内容不能直接放进命令：{list}。）",
	},
	"fix.by-hand.hearsay": {
		"(Check before you fill in, anybody may have written this: {list}.)",
		"（请先核对再填入，这些内容谁都可能写：{list}。）",
	},
	"fix.by-hand.patch": {
		"(Put it into a file and give that with --patch-file, not every shell takes this as it is: {list}.)",
		"（请写进文件再用 --patch-file 指定，并非每种 shell 都能原样接受：{list}。）",
	},
	"fix.no-name": {
		"No object can be called “{name}”, so none is to be made: the name is wrong.",
		"“{name}”不能作为任何对象的名称，所以不必去创建：错的是这个名称。",
	},
	"fix.by-hand.value": {"{arg} “{value}”", "{arg}“{value}”"},
	"fix.undo.again": {
		"{by} made the change and may make it again: take it back there, too.",
		"变更是 {by} 做的，它可能会再次应用：在那里也要撤回。",
	},
}
