package message

// causeFile is what may be wrong with a cause.yaml.
var causeFile = map[string]text{
	"cause.actions": {
		"{at} says more than one of run, set, restart, logs and describe",
		"{at} 里 run、set、restart、logs、describe 只能写一个",
	},
	"cause.edit": {
		"{at}: {error}",
		"{at}：{error}",
	},
	"cause.at-line": {"{file}:{line}: {what}", "{file}:{line}：{what}"},
	"cause.in-file": {"{file}: {what}", "{file}：{what}"},

	"cause.yaml":        {"this is no YAML: {error}", "不是合法的 YAML：{error}"},
	"cause.empty":       {"there is nothing in it", "文件是空的"},
	"cause.wants-text":  {"{at} wants a text, and this is {is}", "{at} 应当是一段文字，这里却是{is}"},
	"cause.wants-bool":  {"{at} wants true or false, and this is {is}", "{at} 应当是 true 或 false，这里却是{is}"},
	"cause.wants-list":  {"{at} wants a list, and this is {is}", "{at} 应当是列表，这里却是{is}"},
	"cause.wants-keys":  {"{at} wants keys with values, and this is {is}", "{at} 应当是带键的块，这里却是{is}"},
	"cause.is-list":     {"a list", "列表"},
	"cause.is-keys":     {"a block of keys", "带键的块"},
	"cause.is-nothing":  {"nothing", "空的"},
	"cause.is-text":     {"{value}", "{value}"},
	"cause.is-unquoted": {"{value}, which needs quotes to be a text", "{value}（加上引号才是文字）"},
	"cause.twice":       {"{at} is there twice", "{at} 出现了两次"},
	"cause.unknown":     {"{at} is not known; known here: {known}", "不认识 {at}；这里可以用：{known}"},
	"cause.old-form": {
		"{at}: is the old form, one block for each language; write the languages side by side: " +
			"title: {en: …, zh: …}, why: {en: …, zh: …}, and each step once: {do: {en: …, zh: …}, run: …, risk: …}",
		"{at}: 是旧格式（每种语言一块）；请把两种语言写在一起：" +
			"title: {en: …, zh: …}，why: {en: …, zh: …}，每个步骤只写一次：{do: {en: …, zh: …}, run: …, risk: …}",
	},

	"cause.id": {
		"the folder's name is the cause's id, and {id} is none: small letters, digits and - between them, at most 63",
		"文件夹名就是原因的 id，而 {id} 不合格：只能用小写字母、数字和中间的 -，最多 63 个字符",
	},
	"cause.variant-id": {
		"{id} is no name of a variant: small letters, digits and - between them, at most 63",
		"{id} 不能作为变体的名字：只能用小写字母、数字和中间的 -，最多 63 个字符",
	},
	"cause.id-taken":   {"a built-in cause has the id {id}: rename the folder", "内置的原因已经用了 {id} 这个 id：请给文件夹改名"},
	"cause.missing":    {"{at} is missing", "缺少 {at}"},
	"cause.missing-of": {"{at} is missing: one of {known}", "缺少 {at}，可以是：{known}"},
	"cause.none-of":    {"{at} is {value}, which is none of {known}", "{at} 是 {value}，它不在这些之中：{known}"},
	"cause.no-signs":   {"it has neither signs nor hints, so nothing finds it", "既没有 signs 也没有 hints，无从发现它"},
	"cause.certainty-go": {
		"certainty is for causes that have no find.go: that says it of each finding",
		"certainty 只用于没有 find.go 的原因：有 find.go 时由它逐条说明",
	},
	"cause.args-go": {
		"args names what find.go sets, and there is none: named groups of the patterns need not be named here",
		"args 用来列出 find.go 设置的参数，而这里没有 find.go：模式里的命名组不必列在这里",
	},
	"cause.args-known":  {"{at} names {value}, which is known without: leave it out", "{at} 列出了 {value}，不列也可以用：请去掉"},
	"cause.explains":    {"{at} is {value}, and there is no cause of this id", "{at} 是 {value}，没有这个 id 的原因"},
	"cause.circle":      {"it explains itself in a circle: {path}", "它绕了一圈解释自己：{path}"},
	"cause.pattern":     {"{at} is empty and would match everything", "{at} 是空的，会匹配一切"},
	"cause.empty-part":  {"{at} has an empty part between its |", "{at} 的 | 之间有一段是空的"},
	"cause.regexp":      {"{at}: character {n} (…{part}): {error}", "{at}：第 {n} 个字符（…{part}）：{error}"},
	"cause.any-message": {"{at} matches every message", "{at} 会匹配所有消息"},
	"cause.free-text": {
		"{at} names {arg}, which is free text, and no command is filled with that; these have a type: {known}",
		"{at} 用到了 {arg}，它是任意文字，不会填进命令；这些参数有类型：{known}",
	},
	"cause.slot-quotes": {
		"{at} has {arg} in quotes: leave them out, what fills it needs none in any shell; or end them before it",
		"{at} 把 {arg} 放在引号里：请去掉引号，填入的值在任何 shell 里都不需要引号；或者在它之前结束引号",
	},
	"cause.slot-heredoc": {
		"{at} has {arg} in a here-document, or in what << gives: write it as a word of the command",
		"{at} 把 {arg} 放在 here-document（<<）里：请写成命令的一个词",
	},
	"cause.slot-program": {
		"{at} has {arg} where the name of a program stands: what the cluster says must not choose what runs",
		"{at} 把 {arg} 放在程序名的位置：运行什么不能由集群里的内容决定",
	},
	"cause.slot-joined": {
		"{at} has {arg} behind a sign that gives it another meaning ($, ~, %), or in a comment: write it as a word",
		"{at} 的 {arg} 前面有会改变含义的符号（$、~、% 等），或者在注释里：请写成一个词",
	},
	"cause.too-large": {
		"it is no plain file of at most {n} kB, so it is not read",
		"它不是不超过 {n} kB 的普通文件，因此没有读取",
	},
	"cause.too-much": {
		"it has more in it than a cause can need, or an anchor that holds itself",
		"内容超出了一个原因可能需要的量，或者有锚点包含了它自己",
	},
	"cause.group": {
		"{at} has a group {value}: names of groups are small letters and digits, and begin with a letter",
		"{at} 里有命名组 {value}：组名只能用小写字母和数字，且以字母开头",
	},

	"cause.language": {"{at} has no text in the language {lang}", "{at} 没有 {lang} 语言的文字"},
	"cause.languages-differ": {
		"{at} names {args} in one language only", "{at} 只在一种语言里用到了 {args}",
	},
	"cause.placeholder": {
		"{at} names {arg}, which nothing fills; known here: {known}",
		"{at} 用到了 {arg}，没有什么会填入它；这里可以用：{known}",
	},
	"cause.brackets": {"{at} has a [[ or ]] without its partner", "{at} 里的 [[ 和 ]] 没有成对"},
	"cause.confirm-risk": {"{at} is of steps under fix: those under confirm only look",
		"{at} 只用于 fix 里的步骤：confirm 里的只是查看"},
	"cause.risk": {
		"{at} is {value}, and what its command does is {risk}: write that, or say why it is not so here: " +
			"because: {en: …, zh: …}",
		"{at} 是 {value}，而它的命令实际是 {risk}：请改正，或者说明这里为什么不同：because: {en: …, zh: …}",
	},
	"cause.variant": {
		"variants are chosen by a find.go, and there is none: make {value} a cause of its own",
		"变体由 find.go 选择，而这里没有 find.go：请把 {value} 写成单独的原因",
	},
	"cause.variant-in-variant": {"{at}: a variant has no variants", "{at}：变体里不能再有变体"},
	"cause.variant-heading": {
		"{at} has neither title nor when, so nothing says when it holds",
		"{at} 既没有 title 也没有 when，看不出它适用于什么情况",
	},
}
