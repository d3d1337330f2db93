package render

// Failure is why a question could not be answered, or what to do about that, in a language. What no phrase has, as what the
// system or a server says, stays as it is.
func Failure(text, lang string) string {
	if lang == "zh" {
		return inChinese(text)
	}
	return text
}

// Complaint is the line that says that there was a failure.
func Complaint(text, lang string) string {
	if lang == "zh" {
		return "错误：" + inChinese(text)
	}
	return "error: " + text
}

// failures are the phrases of what the command itself says when it cannot answer: of package cli, and what package live and
// package cluster give up with.
var failures = []phrase{
	{"See kubectl stuck --help.", "用法见 kubectl stuck --help。"},

	{"cannot save {file}: {why}", "无法保存 {file}：{why}"},
	{"Give a folder or a .tar.gz that is not there yet, where you may write: -o NAME", "请指定一个尚不存在、可以写入的文件夹或 .tar.gz：-o NAME"},
	{"Save it without --pseudonyms.", "不加 --pseudonyms 再保存。"},
	{"there is no {name} {value}", "{name} 没有 {value} 这个取值"},
	{"Give one of: {values}.", "可用的取值：{values}。"},
	{"--for {time} is negative", "--for {time} 是负数"},
	{"Give a length of time such as 30s or 2m.", "请写时长，例如 30s 或 2m。"},
	{"Give a length of time such as 5m.", "请写时长，例如 5m。"},
	{"explain takes the id of one cause", "explain 需要一个原因的 id"},
	{"there is no cause {id}", "没有 {id} 这个原因"},
	{"kubectl stuck causes lists them.", "kubectl stuck causes 会列出全部。"},
	{"Did you mean {names}? {what}", "是不是 {names}？{what}"},
	{"this program holds no recorded incident", "这个程序里没有可演示的事故记录"},
	{"Build it from the repository: go run ./cmd/kubectl-stuck demo", "请从源码运行：go run ./cmd/kubectl-stuck demo"},
	{"{command} takes no arguments, and got {argument}", "{command} 不接受参数，却得到 {argument}"},

	{"{n} things to look at are one at a time too many", "一次只能看一个对象，这里给了 {n} 个"},
	{"Give one, or a selector: kubectl stuck -l app=web", "请只给一个，或用标签选择：kubectl stuck -l app=web"},
	{"cannot look at a {kind}", "无法查看 {kind}"},
	{"It takes pod, deployment, replicaset, statefulset, daemonset, job or node, as kubectl does: kubectl stuck deploy/web",
		"可以是 pod、deployment、replicaset、statefulset、daemonset、job 或 node，写法与 kubectl 相同：kubectl stuck deploy/web"},
	{"{object} is in one namespace", "{object} 只属于一个命名空间"},
	{"Leave -A out and give -n NAMESPACE.", "去掉 -A，改用 -n NAMESPACE。"},
	{"there is no cluster to ask: no kubeconfig names one", "没有可以查询的集群：没有任何 kubeconfig 指定集群"},
	{"there is no cluster to ask: {why}", "没有可以查询的集群：{why}"},
	{"cannot tell the namespace: {why}", "无法确定命名空间：{why}"},
	{"Give --kubeconfig or --context, or diagnose what kubectl saved: kubectl stuck -f FILE", "请用 --kubeconfig 或 --context 指定，或者诊断 kubectl 保存的内容：kubectl stuck -f FILE"},
	{"there is no {kind} {name} in namespace {namespace}", "命名空间 {namespace} 里没有 {kind} {name}"},
	{"kubectl -n {namespace} get {kinds} lists those that there are.", "kubectl -n {namespace} get {kinds} 会列出现有的。"},
	{"a Role in a namespace cannot allow nodes/proxy", "命名空间里的 Role 不能授予 nodes/proxy"},
	{"Leave -n out: nodes are in no namespace.", "去掉 -n：节点不属于任何命名空间。"},
	{"there is no command {word}", "没有 {word} 这个命令"},
	{"Did you mean: kubectl stuck {commands}? A Pod of that name is pod/{name}.", "是不是 kubectl stuck {commands}？如果是同名的 Pod，请写 pod/{name}。"},
	{"{word} is not taken: files come after -f", "不接受 {word}：文件要写在 -f 后面"},
	{"Give each file its own -f, or the folder that they are in.", "每个文件各写一个 -f，或者指定它们所在的文件夹。"},
	{"cannot read the selector {selector}: {why}", "无法识别标签选择 {selector}：{why}"},
	{"Labels are chosen as kubectl does it: -l app=web,tier!=db", "标签的写法与 kubectl 相同：-l app=web,tier!=db"},
	{"none of the Pods in {files} ({n}) fits {scope}", "{files} 里的 {n} 个 Pod 都不符合 {scope}"},
	{"Leave that out to see all; files have a -f each.", "去掉这个条件可以看到全部；每个文件要各写一个 -f。"},

	{"cannot use causes: {file}: {why}", "无法使用自定义原因：{file}：{why}"},
	{"cannot read causes from {folder}: it is no folder", "无法从 {folder} 读取原因：它不是文件夹"},
	{"cannot read causes from {folder}: {why}", "无法从 {folder} 读取原因：{why}"},
	{"cannot read causes: {why}", "无法读取原因：{why}"},
	{"there are no causes in {folder}", "{folder} 里没有原因"},
	{"{file}: there is a built-in cause of this id", "{file}：已有同名的内置原因"},
	{"Rename the folder.", "请给文件夹换个名字。"},
	{"Correct the file, or leave --causes out.", "改正这个文件，或去掉 --causes。"},
	{"--causes takes a folder that holds ID/cause.yaml, in the form of the built-in causes.", "--causes 需要一个包含 ID/cause.yaml 的文件夹，格式与内置原因相同。"},
	{"cannot read {file}: {why}; give a file, a folder, or - for standard input", "无法读取 {file}：{why}；请指定文件、文件夹，或用 - 表示标准输入"},
	{"cannot read {file}: {why}", "无法读取 {file}：{why}"},
	{"-f takes a file or folder with YAML or JSON as kubectl prints it, what capture saved, or - for standard input.",
		"-f 接受 kubectl 输出的 YAML 或 JSON 文件或文件夹、capture 保存的内容，或者用 - 表示标准输入。"},
	{"nothing could be read from {files}: {why}; give what `kubectl get pods,events,nodes -A -o yaml` prints", "从 {files} 没有读到任何内容：{why}；请提供 `kubectl get pods,events,nodes -A -o yaml` 的输出"},
	{"-f {folder}: {what}", "-f {folder}：{what}"},
	{"there is no file with Kubernetes objects in YAML or JSON", "没有包含 YAML 或 JSON 格式 Kubernetes 对象的文件"},

	{"stopped before the cluster had answered", "集群回答之前就被中断了"},
	{"kubectl get namespaces lists those that there are.", "kubectl get namespaces 会列出现有的命名空间。"},
	{"namespace {name} does not exist", "命名空间 {name} 不存在"},
	{"cannot list {kinds} in all namespaces: {why}", "无法列出所有命名空间的 {kinds}：{why}"},
	{"cannot list {kinds} in namespace {namespace}: {why}", "无法列出命名空间 {namespace} 的 {kinds}：{why}"},
	{"cannot list {kinds}: {why}", "无法列出 {kinds}：{why}"},
	{"{host} gave no answer within {time} (asked {what}): {why}", "{host} 在 {time} 内没有回答（问了{what}）：{why}"},
	{"once", " 1 次"},
	{"{n} times", " {n} 次"},
	{"See whether the server is up and reachable from here (kubectl get --raw /readyz); wait longer with --request-timeout 2m.",
		"请确认 API server 正常并且从这里能访问（kubectl get --raw /readyz）；需要等更久可以加 --request-timeout 2m。"},
	{"The server's certificate does not fit the kubeconfig: compare its server and certificate-authority with those of the cluster.",
		"服务器的证书与 kubeconfig 不符：请对照集群核对其中的 server 和 certificate-authority。"},
	{"Log in again, or give another --context or --user.", "请重新登录，或换用其他 --context 或 --user。"},
	{"Check the connection and the rights: kubectl auth can-i list pods", "请检查连接和权限：kubectl auth can-i list pods"},
	{"cannot make a client for {host}: {why}", "无法为 {host} 建立客户端：{why}"},

	{"the wait was ended before all had started", "在全部启动之前，等待被中断了"},
	{"Run it again to wait on.", "再运行一次可以继续等待。"},
	{"there was no answer from the API server in {time}", "API server 在 {time} 内没有回答"},
	{"Check the connection: kubectl get pods", "请检查连接：kubectl get pods"},
	{"--wait-until-started {time} leaves no time", "--wait-until-started {time} 没有留出时间"},
	{"-w goes on until Ctrl-C, and --wait-until-started ends by itself", "-w 一直运行到 Ctrl-C，而 --wait-until-started 会自行结束"},
	{"Leave one of them out.", "请去掉其中一个。"},
	{"--as-user-extra {value} has no key", "--as-user-extra {value} 里没有键"},
	{"Write it as KEY=VALUE.", "请写成 KEY=VALUE。"},
	{"what -f names does not change: there is nothing to wait for", "-f 指定的内容不会变化，没有什么可等的"},
	{"Leave -f out to look at the cluster.", "去掉 -f 就会查看集群。"},
	{"there is no -o yaml with -w", "-w 不支持 -o yaml"},
	{"Give -o json: every change is one line.", "请用 -o json：每个变化输出一行。"},
	{"it was ended before there was an answer", "在得到回答之前就被中断了"},
	{"Run it again, and give it a moment.", "请再运行一次，稍等片刻。"},
}
