package message

// glance are the words of an answer where it is looked at before it is read.
var glance = map[string]text{
	// The table.
	"table.pods":  {"Pods", "Pod"},
	"table.for":   {"For", "已持续"},
	"table.what":  {"What is wrong", "问题"},
	"table.blame": {"Blame", "问题出在"},
	"table.least": {"≥ {age}", "≥ {age}"},
	"table.more":  {"and {n} more: {command}", "另有 {n} 个：{command}"},

	// A problem in a few lines.
	"glance.pods":    {"{n}: {names}", "{n} 个：{names}"},
	"glance.signs":   {"{n} {n|sign|signs}", "{n} 条依据"},
	"glance.steps":   {"{n} {n|step|steps}", "{n} 个步骤"},
	"glance.step":    {"Step {n}", "步骤 {n}"},
	"glance.effects": {"{n} {n|effect|effects}", "{n} 项影响"},
	"glance.left":    {"More ({what}): {command}", "更多（{what}）：{command}"},
	"glance.why":     {"More: {command}", "更多：{command}"},

	// What is left out.
	"glance.more": {"{n} more: {command}, or --all", "另有 {n} 个问题：{command}，或 --all"},
	"glance.gaps": {"{n} {n|thing|things} that could not be read", "{n} 项没能读到"},
	"glance.also": {"Also {what}: {command}", "另外，{what}：{command}"},

	// Other forms.
	"brief.pods":    {"{n} {n|Pod|Pods}", "{n} 个 Pod"},
	"brief.likely":  {"likely", "很可能"},
	"brief.known":   {"({what})", "（{what}）"},
	"wide.workload": {"{of} ({n})", "{of}（{n} 个）"},
	"issue.at":      {"As of {time}", "截至 {time}"},
	"report.unreadable": {
		"what was given is no report: {why}",
		"给出的内容不是报告：{why}",
	},
	"report.none": {
		`what was given is a "{kind}" of "{version}", and no Report of stuck.dev/v1alpha1`,
		`给出的内容是 "{version}" 的 "{kind}"，不是 stuck.dev/v1alpha1 的 Report`,
	},
	"report.form": {
		"Give what kubectl stuck -o json has written.",
		"请给出 kubectl stuck -o json 输出的内容。",
	},

	// Behind the verdict.
	"verdict.saved": {"{text} (as of {time})", "{text}（截至 {time}）"},
	"verdict.hidden": {
		"hidden by --cause or --ignore: {n} {n|problem|problems} with {pods} {pods|Pod|Pods}",
		"被 --cause 或 --ignore 隐藏：{n} 个问题，涉及 {pods} 个 Pod",
	},
	"verdict.hidden.page": {
		"not shown: {n} {n|problem|problems}, {pods} {pods|Pod|Pods}",
		"未显示：{n} 个问题，{pods} 个 Pod",
	},
	"verdict.hidden.unknown": {
		"hidden by --cause: {n} {n|Pod that is|Pods that are} stuck for no known cause",
		"被 --cause 隐藏：{n} 个卡住、原因未知的 Pod",
	},
}
