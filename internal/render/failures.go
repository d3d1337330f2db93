package render

// Complaint is the line that says that there was a failure.
func Complaint(text, lang string) string {
	if lang == "zh" {
		return "错误：" + inChinese(text)
	}
	return "error: " + text
}

// failures are the phrases of what package live and package cluster give up with.
var failures = []phrase{
	{"cannot read {file}: {why}; give a file, a folder, or - for standard input", "无法读取 {file}：{why}；请指定文件、文件夹，或用 - 表示标准输入"},
	{"cannot read {file}: {why}", "无法读取 {file}：{why}"},
	{"nothing could be read from {files}: {why}; give what `kubectl get pods,events,nodes -A -o yaml` prints", "从 {files} 没有读到任何内容：{why}；请提供 `kubectl get pods,events,nodes -A -o yaml` 的输出"},
	{"-f {folder}: {what}", "-f {folder}：{what}"},
	{"there is no file with Kubernetes objects in YAML or JSON", "没有包含 YAML 或 JSON 格式 Kubernetes 对象的文件"},

	{"namespace {name} does not exist", "命名空间 {name} 不存在"},
	{"cannot list {kinds} in all namespaces: {why}", "无法列出所有命名空间的 {kinds}：{why}"},
	{"cannot list {kinds} in namespace {namespace}: {why}", "无法列出命名空间 {namespace} 的 {kinds}：{why}"},
	{"cannot list {kinds}: {why}", "无法列出 {kinds}：{why}"},
	{"{host} gave no answer within {time} (asked {what}): {why}", "{host} 在 {time} 内没有回答（问了{what}）：{why}"},
	{"once", " 1 次"},
	{"{n} times", " {n} 次"},
}
