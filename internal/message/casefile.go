package message

// caseFile is in what a diagnosis differs from what a case wants, and what causes check says.
var caseFile = map[string]text{
	"case.wanted": {"{place} wants {id}, which was not found there", "{place} 期望 {id}，但没有在那里发现它"},
	"case.found":  {"{place}: {id} was found there, and nothing wants it", "{place}：在那里发现了 {id}，但没有写期望它"},
	"case.first":  {"{id} does not stand first", "{id} 没有排在第一"},
	"case.effect": {"{id} is no effect of anything", "{id} 不是任何原因的后果"},
	"case.section": {"section {section}, line {n}: it has {want}, and what comes out is {got}",
		"{section} 一节第 {n} 行：写的是 {want}，实际得到 {got}"},
	"case.no-line": {"no such line", "没有这一行"},

	"check.fine":   {"{id}: fine; {signs}, {cases}", "{id}：没有问题；{signs}，{cases}"},
	"check.wrong":  {"{id}: not right", "{id}：有问题"},
	"check.proven": {"its signs prove it", "它的 signs 足以证实"},
	"check.likely": {"its signs make it likely (certainty: proven would say that they prove it)",
		"它的 signs 只表示可能（写上 certainty: proven 才表示足以证实）"},
	"check.cases":    {"{n} {n|case|cases} passed", "{n} 个用例通过"},
	"check.no-cases": {"no cases", "没有用例"},
	"check.not-run":  {"cases not run: they are when all causes are right", "用例没有运行：所有原因都正确后才会运行"},
	"check.folder":   {"check takes the folder of your own causes, and nothing else", "check 需要且只需要你自己的原因所在的文件夹"},
}
