package message

// webWords are the words of the commands that answer a browser and a language model.
var webWords = map[string]text{
	"web.at": {
		"{url}\nOpen this in a browser on this machine. The address has the key in it: give it to nobody. Ctrl-C ends it.",
		"{url}\n请在本机的浏览器中打开。地址里含有密钥，请勿交给他人。按 Ctrl-C 结束。",
	},
	"web.listen": {
		"port {port} of this machine could not be opened: {why}",
		"无法打开本机的端口 {port}：{why}",
	},
	"web.port":    {"Give another one with --port, or 0 for any that is free.", "请用 --port 指定其他端口，0 表示任意空闲端口。"},
	"web.several": {"the page follows one thing at a time", "网页一次只能关注一个对象"},
	"help.web": {
		"Show the answer as a page that stays current, for a browser on this machine",
		"以网页显示答案并保持更新，供本机浏览器查看",
	},
	"help.web.long": {
		`Show the answer as a page that stays current, for a browser on this machine. It listens on the loopback interface
only, and answers nobody who does not know the random key in the address. Nothing on the page moves by itself: it says
how many problems are new, and shows them when you ask. It ends with Ctrl-C.`,
		`以网页显示答案并保持更新，供本机浏览器查看。只监听本机回环接口，不知道地址中随机密钥的人得不到任何内容。
页面上的内容不会自己移动：它会提示有几个新问题，点击后才显示。按 Ctrl-C 结束。`,
	},
	"flag.port": {"`PORT` to listen on; 0 takes one that is free", "监听的端口 `PORT`，0 表示任意空闲端口"},

	"help.mcp": {
		"Answer language models over the Model Context Protocol (kubectl-stuck-mcp does it)",
		"通过 Model Context Protocol 供语言模型调用（由 kubectl-stuck-mcp 提供）",
	},
	"mcp.none": {"kubectl-stuck-mcp is not in the PATH", "PATH 中没有 kubectl-stuck-mcp"},
	"mcp.get": {
		"It is a program of its own, in an archive of each release: put it into the PATH.",
		"它是单独的程序，每个版本都有它的压缩包：请把它放到 PATH 中。",
	},
	"mcp.run":        {"{file} could not be run: {why}", "无法运行 {file}：{why}"},
	"mcp.input":      {"standard input is where questions come from, and cannot be a dump", "标准输入用来接收提问，不能同时是 dump"},
	"mcp.input.todo": {"Give a file or folder with -f.", "请用 -f 给出文件或文件夹。"},
	"help.mcp.long": {
		`Answer language models over the Model Context Protocol. kubectl-stuck-mcp does it, a program of its own: it has
four tools (diagnose, explain, evidence, wait), which read and change nothing, and takes the flags that say what to
look at. See docs/mcp.md.`,
		`通过 Model Context Protocol 供语言模型调用。由单独的程序 kubectl-stuck-mcp 完成：它提供四个只读的工具
（diagnose、explain、evidence、wait），不改动任何东西；参数用来指定查看什么。见 docs/mcp.zh.md。`,
	},
	"help.kubectl-stuck-mcp": {
		"Answer language models over the Model Context Protocol",
		"通过 Model Context Protocol 供语言模型调用",
	},
	"help.kubectl-stuck-mcp.long": {
		`Answer language models over the Model Context Protocol, on standard input and output. It has four tools (diagnose,
explain, evidence, wait), which read and change nothing. The flags say what they look at.`,
		`通过 Model Context Protocol 供语言模型调用，使用标准输入和输出。它提供四个只读的工具
（diagnose、explain、evidence、wait），不改动任何东西；参数用来指定查看什么。`,
	},
}
