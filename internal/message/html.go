package message

// pageWords are the words of the page beside those of the screen.
var pageWords = map[string]text{
	"html.language":  {"Language", "语言"},
	"html.copy":      {"Copy", "复制"},
	"html.copied":    {"Copied", "已复制"},
	"html.list":      {"Problems, the widest first", "问题（影响最大的在前）"},
	"html.find":      {"Show only problems with these words", "只显示包含这些词的问题"},
	"html.steps":     {"{n} more {n|step|steps}", "另有 {n} 个步骤"},
	"html.blocked":   {"What it holds up", "被它挡住的"},
	"html.facts":     {"More about it", "更多信息"},
	"html.pod":       {"Pod", "Pod"},
	"html.node":      {"Node", "节点"},
	"html.nodes":     {"By node", "按节点"},
	"html.workload":  {"Workload", "工作负载"},
	"html.workloads": {"By workload", "按工作负载"},
	"html.problems":  {"Problems", "问题"},
	"html.others":    {"{n} more", "另有 {n} 个"},
	"html.where":     {"Where it happens", "发生在哪里"},
	"html.unknown":   {"Signs that no cause explains", "找不到原因的迹象"},
	"html.starting":  {"Still starting", "仍在启动"},
	"html.idle":      {"Workloads that make no Pods", "不创建 Pod 的工作负载"},
	"html.aside":     {"Left aside", "略过的内容"},
	"html.made": {
		"Made by kubectl stuck. What stands in quotation bars was said by the cluster, or by whoever can write to it.",
		"由 kubectl stuck 生成。带竖线的引文来自集群，或来自能向集群写入内容的人。",
	},
}
