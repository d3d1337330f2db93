package message

// curing is what is said of what is changed in a cluster: by kubectl stuck fix, and of plans.
var curing = map[string]text{
	// Plans.
	"plan.long": {"this plan is too long", "这个计划太长"},
	"plan.form": {"this is no plan: {why}", "这不是计划：{why}"},
	"plan.part": {"this is no plan, or only a part of one", "这不是计划，或只是计划的一部分"},
	"plan.other": {
		"this is no plan but {kind}",
		"这不是计划，而是 {kind}",
	},
	"plan.hash": {
		"the plan is not the one that was approved, so nothing was done",
		"计划不是批准的那一份，所以什么都没做",
	},
	"plan.hash.todo": {
		"Read it again. Its hash is {hash}",
		"请重新审阅。它的哈希是 {hash}",
	},
	"plan.done": {"this plan was carried out already", "这个计划已经执行过"},
	"plan.again": {
		"Make a new one: kubectl stuck fix --plan",
		"请重新生成：kubectl stuck fix --plan",
	},
	"plan.expired": {
		"the plan has expired ({time}), so nothing was done",
		"计划已过期（{time}），所以什么都没做",
	},
	"plan.future": {
		"the plan is from the future, so nothing was done: one of the clocks is wrong",
		"计划的时间在未来，所以什么都没做：有一个时钟不准",
	},
	"plan.elsewhere": {
		"the plan is of another cluster ({server}, and this is {here}), so nothing was done",
		"计划属于另一个集群（{server}，而这里是 {here}），所以什么都没做",
	},
	"plan.context": {"Give its --context.", "请用 --context 指定那个集群。"},
	"plan.objects": {
		"it would change {n} objects, more than {most}, so nothing was done",
		"它会改动 {n} 个对象，超过上限 {most}，所以什么都没做",
	},
	"plan.percent": {
		"it would delete {n} of {all} Pods of namespace {namespace}, more than {most} %, so nothing was done",
		"它会删除命名空间 {namespace} 的 {all} 个 Pod 中的 {n} 个，超过 {most} %，所以什么都没做",
	},
	"plan.by-hand": {"Do it by hand, part by part.", "请手动分批进行。"},
	"plan.managed": {"{what} is not changed here. {note}", "这里不改 {what}。{note}"},
	"plan.managed.todo": {
		"Make the change there. --even-if-managed makes it here all the same.",
		"请在那里修改。加 --even-if-managed 则仍在这里修改。",
	},
	"plan.under-way": {
		"{what} is being rolled out, and that is not what is stuck: nothing was done",
		"{what} 正在滚动更新，而且卡住的不是这次更新：什么都没做",
	},
	"plan.wait": {
		"Wait for its end (kubectl rollout status), then ask again.",
		"等它结束（kubectl rollout status）再试。",
	},

	// Carrying them out.
	"cure.answer.long": {"the answer is too long", "答复太长"},
	"cure.secret":      {"no Secret is read or written here", "这里不读取也不写入 Secret"},
	"cure.rights.unknown": {
		"the API server does not say whether this is allowed: {why}",
		"API server 没有说明是否有权限：{why}",
	},
	"cure.rights": {
		"you may not {verb} {resource} in namespace {namespace}, so nothing was done",
		"没有在命名空间 {namespace} 中对 {resource} 执行 {verb} 的权限，所以什么都没做",
	},
	"cure.rights.cluster": {
		"you may not {verb} {resource}, so nothing was done",
		"没有对 {resource} 执行 {verb} 的权限，所以什么都没做",
	},
	"cure.rights.todo": {
		"Ask for that right, or give a plan (--plan) to somebody who has it.",
		"请申请该权限，或把计划（--plan）交给有权限的人执行。",
	},
	"cure.refused": {
		"the API server refuses to change {what}: {why}",
		"API server 拒绝修改 {what}：{why}",
	},
	"cure.silent":  {"no answer about {what}: {why}", "没有得到关于 {what} 的答复：{why}"},
	"cure.nothing": {"Nothing was changed.", "什么都没有改。"},
	"cure.leaving": {"{what} is being deleted", "{what} 正在被删除"},
	"cure.same":    {"{what} has that already: nothing would change", "{what} 已经是这样：不会有任何变化"},
	"cure.revision": {
		"{what} has no revision {n}",
		"{what} 没有版本 {n}",
	},
	"cure.changed": {
		"{what} is not as it was when the change was shown: somebody has changed it",
		"{what} 和展示改动时不一样了：有人改过它",
	},
	"cure.otherwise": {
		"the API server would make something else of {what} now than was agreed to",
		"API server 现在对 {what} 给出的结果与同意的不同",
	},
	"cure.record":  {"what is done could not be written down: {why}", "无法记录所做的改动：{why}"},
	"cure.stopped": {"stopped", "已停止"},
	"cure.stopped.half": {
		"stopped: {n} of {all} changes were made",
		"已停止：{all} 处改动完成了 {n} 处",
	},
	"cure.failed": {"{what} was not changed: {why}", "{what} 没有改：{why}"},
	"cure.half": {
		"{what} was not changed: {why}. {n} of {all} changes were made before",
		"{what} 没有改：{why}。此前 {all} 处改动完成了 {n} 处",
	},
	"cure.unknown": {
		"it is not known whether {what} was changed: {why}",
		"不知道 {what} 是否已改：{why}",
	},
	"cure.unknown.todo": {
		"Look once the API server answers: kubectl -n {namespace} get {what} -o yaml",
		"API server 恢复后查看：kubectl -n {namespace} get {what} -o yaml",
	},
	"cure.not-made": {
		"{what} was deleted and could not be made anew: {why}",
		"{what} 已删除，但无法重建：{why}",
	},
	"cure.not-made.todo": {
		"It is in the record as it was: kubectl stuck fix --undo brings it back.",
		"它原来的样子在记录里：用 kubectl stuck fix --undo 恢复。",
	},
	"cure.holds": {
		"{what} was deleted and is still there after {time}, so it was not made anew",
		"{what} 已删除，但 {time} 后仍在，所以没有重建",
	},
	"cure.undo.unknown": {
		"it is not known what became of {what}, so it is not taken back",
		"不知道 {what} 的结果如何，所以没有撤销",
	},
	"cure.undo.changed": {
		"somebody has changed {what} since, so it is not taken back",
		"此后有人改过 {what}，所以没有撤销",
	},

	// The conversation.
	"fix.choose": {"Which? A number, or Enter for none: ", "选哪一个？输入序号，直接回车则不选："},
	"fix.value":  {"{name} ({type}): ", "{name}（{type}）："},
	"fix.value.any": {
		"{name}: ",
		"{name}：",
	},
	"fix.value.wrong": {"this cannot stand for {name}", "{name} 不能是这个值"},
	"fix.agree":       {"Do this? yes or no: ", "执行吗？输入 yes 或 no："},
	"fix.type-name": {
		"This can lose data. Type {name} to do it: ",
		"这可能丢数据。输入 {name} 确认执行：",
	},
	"fix.take-back": {"Take it back? yes or no: ", "撤销吗？输入 yes 或 no："},
	"fix.no":        {"Nothing was changed.", "什么都没有改。"},
	"fix.more-lines": {
		"… and {n} more lines",
		"……另有 {n} 行",
	},
	"fix.why.likely": {
		"Only likely, so it is not done here: see first whether it is so (kubectl stuck).",
		"只是可能，所以不在这里执行：先用 kubectl stuck 确认。",
	},
	"fix.why.elsewhere": {
		"Not done here: it is not a matter of the API, or of Secrets, whole nodes or an editor.",
		"不在这里执行：它不通过 API 完成，或涉及 Secret、整个节点或编辑器。",
	},
	"fix.none": {
		"Nothing of this can be done through the API.",
		"以上都不能通过 API 完成。",
	},
	"fix.unasked": {
		"nobody can be asked here, so nothing was done",
		"这里没有人可以询问，所以什么都没做",
	},
	"fix.unasked.todo": {
		"Give --yes to do the first of these up to --max-risk, or --plan to write a plan that somebody approves.",
		"加 --yes 则执行其中第一项（不超过 --max-risk），或用 --plan 写出计划由人批准。",
	},
	"fix.unasked.undo": {"Give --yes to take it back.", "加 --yes 则直接撤销。"},
	"fix.no-file":      {"it is no plain file", "不是普通文件"},
	"fix.step.none":    {"there is no step {n} to do here", "这里没有可执行的步骤 {n}"},
	"fix.step.todo": {
		"kubectl stuck fix without --step lists them.",
		"不带 --step 运行 kubectl stuck fix 会列出它们。",
	},
	"fix.risk": {
		"nothing was done: each of these steps risks more than --max-risk {most} allows",
		"什么都没做：这些步骤的风险都超过 --max-risk {most} 所允许的",
	},
	"fix.risk.todo": {
		"Give --max-risk {risk}, or run it on a terminal, where it asks.",
		"请给出 --max-risk {risk}，或在终端上运行，它会询问。",
	},
	"fix.risk.data": {
		"what is left can lose data, and that is never done without asking",
		"剩下的可能丢数据，绝不会不经询问就执行",
	},
	"fix.risk.data.todo": {"Run it on a terminal, where it asks.", "请在终端上运行，它会询问。"},
	"fix.hole": {
		"only a person knows {names}",
		"只有人知道 {names}",
	},
	"fix.hole.todo": {"Give --set {name}=VALUE.", "请给出 --set {name}=值。"},
	"fix.set":       {`--set "{value}" is not NAME=VALUE`, `--set "{value}" 不是 NAME=VALUE 的形式`},
	"fix.set.type": {
		`--set {name} cannot be "{value}"`,
		`--set {name} 的值不能是 "{value}"`,
	},
	"fix.set.todo": {
		"Give a {type}: of letters, digits and . _ / : @ + = , - alone.",
		"请给出{type}：只含字母、数字和 . _ / : @ + = , -。",
	},
	"fix.word":  {"word", "一个词"},
	"fix.words": {"list of words with a blank between", "用空格分隔的若干个词"},
	"fix.only-one": {
		"--plan, --apply and --undo are three things to do",
		"--plan、--apply 和 --undo 是三件不同的事",
	},
	"fix.approve":      {"--apply needs --approve", "--apply 需要 --approve"},
	"fix.approve.todo": {"Read the plan, and give the hash that stands at its end.", "请审阅计划，并给出其中的 hash。"},
	"fix.over": {
		"this is not so any more: the problem of the plan is over, or another one",
		"情况已变：计划中的问题已经消失，或变成了别的问题",
	},
	"fix.patch":    {"Change {what} (as it is, and as it will be):", "修改 {what}（当前与修改后）："},
	"fix.replace":  {"Delete {what} and make it anew:", "删除并重建 {what}："},
	"fix.delete":   {"Delete {what}", "删除 {what}"},
	"fix.create":   {"Make {what}:", "创建 {what}："},
	"fix.rollback": {"Give {what} the template of revision {n} again:", "让 {what} 恢复到版本 {n} 的模板："},
	"fix.note.rollout": {
		"Interrupts: its Pods are replaced, as its strategy says.",
		"影响：它的 Pod 会按更新策略逐个替换。",
	},
	"fix.note.gone":  {"Interrupts: it is gone until it is made anew.", "影响：重建之前它不存在。"},
	"fix.note.again": {"Interrupts: it is gone; what makes it makes a new one.", "影响：它会消失，由控制器新建一个。"},
	"fix.note.lost":  {"Interrupts: it is gone for good.", "影响：它会永久消失。"},
	"fix.note.none":  {"Interrupts nothing that runs.", "不影响运行中的业务。"},
	"fix.note.others": {
		"Interrupts: whatever else uses it sees the change, too.",
		"影响：使用它的其他对象也会看到这个变化。",
	},
	"fix.note.undo": {
		"Undo: kubectl stuck fix --undo, as long as nobody else changes it.",
		"撤销：kubectl stuck fix --undo，前提是没有别人再改它。",
	},
	"fix.note.no-undo": {"It cannot be taken back.", "无法撤销。"},
	"fix.done":         {"Done. Waiting for {what} to start.", "已执行。正在等待 {what} 启动。"},
	"fix.done.short":   {"Done.", "已执行。"},
	"fix.record":       {"To take it back:", "撤销命令："},
	"fix.undone":       {"Taken back.", "已撤销。"},
	"fix.undone.same":  {"There is nothing to take back.", "没有需要撤销的内容。"},
	"fix.undone.left":  {"This cannot be taken back: {what} was deleted", "无法撤销：{what} 已被删除"},
	"fix.interrupted":  {"stopped before anything was changed", "在改动之前已停止"},
	"fix.waiting.over": {"stopped waiting; what was changed stays", "已停止等待，所做的改动保留"},
}
