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
	"fix.undo.again": {
		"{by} made the change and may make it again: take it back there, too.",
		"变更是 {by} 做的，它可能会再次应用：在那里也要撤回。",
	},
}
