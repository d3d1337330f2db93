package message

// commandLine are the errors of the command line, and what to do about each.
var commandLine = map[string]text{
	"cli.error":    {"error: {what}", "错误：{what}"},
	"verbatim":     {"{text}", "{text}"},
	"cli.see-help": {"See {command} --help.", "用法见 {command} --help。"},
	"cli.did-you-mean": {
		"Did you mean {names}?",
		"是不是 {names}？",
	},
	"cli.did-you-mean.else": {"Did you mean {names}? {else}", "是不是 {names}？{else}"},

	// How much has been read.
	"progress.cluster": {
		"Reading the cluster: {pods} {pods|Pod|Pods}, {time}",
		"正在读取集群：{pods} 个 Pod，{time}",
	},
	"progress.files": {
		"Reading: {read} of {all}, {pods} {pods|Pod|Pods}, {time}",
		"正在读取：{read} / {all}，{pods} 个 Pod，{time}",
	},
	"progress.stream": {
		"Reading: {read}, {pods} {pods|Pod|Pods}, {time}",
		"正在读取：{read}，{pods} 个 Pod，{time}",
	},

	// What the files of -f gave.
	"sources.line": {
		"{files} {files|file|files} read: {pods} {pods|Pod|Pods}, {events} {events|Event|Events}, " +
			"{others} other {others|object|objects}, {lines} {lines|line|lines} of logs that say something.",
		"读取了 {files} 个文件：{pods} 个 Pod，{events} 个 Event，{others} 个其他对象，{lines} 行有内容的日志。",
	},
	"sources.line.left": {
		"{files} {files|file|files} read: {pods} {pods|Pod|Pods}, {events} {events|Event|Events}, " +
			"{others} other {others|object|objects}, {lines} {lines|line|lines} of logs that say something; " +
			"{left} gave nothing: --sources names {left|it|them}.",
		"读取了 {files} 个文件：{pods} 个 Pod，{events} 个 Event，{others} 个其他对象，{lines} 行有内容的日志；" +
			"{left} 个文件没有提供任何内容：--sources 会列出。",
	},
	"sources.file":    {"{file}: {what}", "{file}：{what}"},
	"sources.objects": {"{n} {kind}", "{n} {kind}"},
	"sources.lines": {
		"{n} {n|line|lines} of a node's log that {n|says|say} something",
		"节点日志，{n} 行有内容",
	},
	"sources.partly": {
		"{what}; {n} {n|place|places} not understood, of which the answer tells",
		"{what}；有 {n} 处没有看懂，见答案中的说明",
	},
	"sources.broken": {"nothing that could be read; the answer says why", "没有可读取的内容，原因见答案"},
	"sources.left": {
		"nothing that tells of Pods: a container's own log, or settings of a program",
		"没有与 Pod 有关的内容：容器自己的日志，或程序的配置",
	},
	"sources.empty": {"a list that is empty", "空的列表"},

	// Flags and arguments.
	"cli.problem.none": {
		`there is no problem "{name}": the answer has {n}`,
		`没有编号或 ID 为 "{name}" 的问题：共有 {n} 个`,
	},
	"cli.problem.form": {"-p cannot be used with -o {form}", "-p 不能与 -o {form} 一起使用"},
	"cli.problem.text": {"Leave one of the two out.", "请去掉其中一个。"},
	"cli.budget.least": {"Give at least {n}.", "至少为 {n}。"},
	"cli.wait.several": {
		"-w and --wait-until-started look at one thing at a time",
		"-w 和 --wait-until-started 一次只能看一个对象",
	},
	"cli.wait.scope": {"Give one Pod, workload or node, or a namespace with -n.", "请给出一个 Pod、工作负载或节点，或用 -n 指定命名空间。"},
	"cli.watch.problem": {
		"-w cannot show a problem by its number, which may be another's in a moment",
		"-w 不能按编号显示问题：编号随时会变",
	},
	"cli.watch.once": {"Leave -w or -p out.", "请去掉 -w 或 -p。"},
	"cli.problem.all": {
		"Without -p all are shown, with their numbers.",
		"不带 -p 时会显示全部问题和它们的编号。",
	},
	"cli.flag.unknown":  {"unknown flag: {flag}", "没有这个参数：{flag}"},
	"cli.flag.value":    {"{flag} needs a value", "{flag} 需要一个值"},
	"cli.flag.invalid":  {`{flag} cannot be "{value}"`, `{flag} 的值不能是 "{value}"`},
	"cli.flag.negative": {"{flag} {value} is negative", "{flag} {value} 是负数"},
	"cli.flag.syntax":   {`cannot read "{text}" as a flag`, `无法把 "{text}" 识别为参数`},
	"cli.flag.one-of":   {"Give one of: {values}.", "可用的取值：{values}。"},
	"cli.flag.duration": {"Give a length of time such as 30s or 2m.", "请写时长，例如 30s 或 2m。"},
	"cli.flag.boolean": {
		"Give {flag} alone, or true or false after =.",
		"只写 {flag} 即可，或者在 = 后写 true 或 false。",
	},
	"cli.flag.key":  {`--as-user-extra "{value}" has no key`, `--as-user-extra "{value}" 里没有键`},
	"cli.flag.pair": {"Write it as KEY=VALUE.", "请写成 KEY=VALUE。"},
	"cli.arguments": {
		`{command} takes no arguments, and got "{argument}"`,
		`{command} 不接受参数，却得到 "{argument}"`,
	},
	"cli.arguments.one": {
		`{command} takes no arguments but one, and got "{argument}" as well`,
		`{command} 只接受一个参数，却还得到 "{argument}"`,
	},
	"cli.command.unknown": {`there is no command "{word}"`, `没有 "{word}" 这个命令`},
	"cli.command.near": {
		"Did you mean: kubectl stuck {commands}? A Pod of that name is pod/{name}.",
		"是不是 kubectl stuck {commands}？如果是同名的 Pod，请写 pod/{name}。",
	},
	"cli.file.flag": {
		`"{word}" is not taken: files come after -f`,
		`不接受 "{word}"：文件要写在 -f 后面`,
	},
	"cli.file.each": {
		"Give each file its own -f, or the folder that they are in.",
		"每个文件各写一个 -f，或者指定它们所在的文件夹。",
	},
	"cli.explain.one": {"explain takes the id of one cause", "explain 需要一个原因的 id"},
	"cli.cause.none":  {`there is no cause "{id}"`, `没有 "{id}" 这个原因`},
	"cli.cause.list":  {"kubectl stuck causes lists them.", "kubectl stuck causes 会列出全部。"},
	"cli.shell.one":   {"completion takes the name of one shell", "completion 需要一个 shell 的名称"},
	"cli.demo.none":   {"this program holds no recorded incident", "这个程序里没有可演示的事故记录"},
	"cli.demo.build": {
		"Build it from the repository: go run ./cmd/kubectl-stuck demo",
		"请从源码运行：go run ./cmd/kubectl-stuck demo",
	},
	"cli.rbac.proxy":   {"a Role in a namespace cannot allow nodes/proxy", "命名空间里的 Role 不能授予 nodes/proxy"},
	"cli.rbac.leave":   {"Leave -n out: nodes are in no namespace.", "去掉 -n：节点不属于任何命名空间。"},
	"cli.wait.no-time": {"--wait-until-started {time} leaves no time", "--wait-until-started {time} 没有留出时间"},
	"cli.wait.watch": {
		"-w goes on until Ctrl-C, and --wait-until-started ends by itself",
		"-w 一直运行到 Ctrl-C，而 --wait-until-started 会自行结束",
	},
	"cli.wait.one": {"Leave one of them out.", "请去掉其中一个。"},
	"cli.wait.saved": {
		"what -f names does not change: there is nothing to wait for",
		"-f 指定的内容不会变化，没有什么可等的",
	},
	"cli.wait.cluster": {"Leave -f out to look at the cluster.", "去掉 -f 就会查看集群。"},
	"cli.watch.form":   {"there is no -o {form} with -w", "-w 不支持 -o {form}"},
	"cli.watch.json":   {"Give -o json: every change is one line.", "请用 -o json：每个变化输出一行。"},

	// What to look at.
	"cli.scope.kind": {`cannot look at a "{kind}"`, `无法查看 "{kind}"`},
	"cli.scope.kinds": {
		"It takes pod, deployment, replicaset, statefulset, daemonset, job, cronjob, node, pvc or ns, as kubectl does: " +
			"kubectl stuck deploy/web",
		"可以是 pod、deployment、replicaset、statefulset、daemonset、job、cronjob、node、pvc 或 ns，" +
			"写法与 kubectl 相同：kubectl stuck deploy/web",
	},
	"cli.scope.namespaced": {"{object} is in one namespace", "{object} 只属于一个命名空间"},
	"cli.scope.leave":      {"Leave -A out and give -n NAMESPACE.", "去掉 -A，改用 -n NAMESPACE。"},
	"cli.selector":         {`cannot read the selector "{selector}": {why}`, `无法识别标签选择 "{selector}"：{why}`},
	"cli.selector.form": {
		"Labels are chosen as kubectl does it: -l app=web,tier!=db",
		"标签的写法与 kubectl 相同：-l app=web,tier!=db",
	},
	"cli.saved.none": {
		"none of the Pods in {files} ({n}) fits {scope}",
		"{files} 里的 {n} 个 Pod 都不符合 {scope}",
	},
	"cli.saved.manifests": {
		"in {files} there {n|is one manifest|are only manifests} that {n|was|were} never in a cluster ({n}): without a UID " +
			"and a status nothing is known of a start",
		"{files} 里只有从未进入集群的清单（{n} 个）：没有 UID 和状态，无从得知启动情况",
	},
	"cli.saved.cluster": {
		"Ask the cluster itself (kubectl stuck), or give what `kubectl get pods,events,nodes -o yaml` prints.",
		"请直接询问集群（kubectl stuck），或提供 `kubectl get pods,events,nodes -o yaml` 的输出。",
	},
	"cli.saved.leave": {
		"Leave that out to see all; files have a -f each.",
		"去掉这个条件可以看到全部；每个文件要各写一个 -f。",
	},

	// Files.
	"cli.read": {"cannot read {file}: {why}", "无法读取 {file}：{why}"},
	"cli.read.takes": {
		"-f takes a file or folder with YAML or JSON as kubectl prints it, kubectl describe or tables as pasted, " +
			"logs of a kubelet or runtime, what capture saved, or - for standard input.",
		"-f 接受 kubectl 输出的 YAML 或 JSON 文件或文件夹、粘贴的 kubectl describe 或表格、kubelet 或容器运行时的日志、" +
			"capture 保存的内容，或者用 - 表示标准输入。",
	},
	"cli.save": {"cannot save {file}: {why}", "无法保存 {file}：{why}"},
	"cli.save.new": {
		"Give a folder or a .tar.gz that is not there yet, where you may write: -o NAME",
		"请指定一个尚不存在、可以写入的文件夹或 .tar.gz：-o NAME",
	},
	"cli.save.plain":    {"Save it without --pseudonyms.", "不加 --pseudonyms 再保存。"},
	"cli.causes.read":   {"cannot read causes from {folder}: {why}", "无法从 {folder} 读取原因：{why}"},
	"cli.causes.faults": {"cannot use the causes in {folder}:", "无法使用 {folder} 里的原因："},
	"cli.causes.folder": {"it is no folder", "它不是文件夹"},
	"cli.causes.none":   {"there are no causes in {folder}", "{folder} 里没有原因"},
	"cli.causes.mend":   {"Correct the file, or leave --causes out.", "改正这个文件，或去掉 --causes。"},
	"cli.causes.form": {
		"--causes takes a folder that holds ID/cause.yaml, in the form of the built-in causes.",
		"--causes 需要一个包含 ID/cause.yaml 的文件夹，格式与内置原因相同。",
	},

	// The cluster.
	"cli.cluster.none": {
		"there is no cluster to ask: no kubeconfig names one",
		"没有可以查询的集群：没有任何 kubeconfig 指定集群",
	},
	"cli.cluster.unusable": {"there is no cluster to ask: {why}", "没有可以查询的集群：{why}"},
	"cli.cluster.give": {
		"Give --kubeconfig or --context, or diagnose what kubectl saved: kubectl stuck -f FILE",
		"请用 --kubeconfig 或 --context 指定，或者诊断 kubectl 保存的内容：kubectl stuck -f FILE",
	},
	"cli.cluster.context": {"no context is current in the kubeconfig", "kubeconfig 里没有指定当前 context"},
	"cli.kubeconfig.lacks": {
		`the kubeconfig has no {kind} "{name}"`,
		`kubeconfig 里没有名为 "{name}" 的 {kind}`,
	},
	"cli.kubeconfig.give": {"Give one that it has: {flag} {names}", "请指定其中已有的一个：{flag} {names}"},
	"cli.namespace":       {"cannot find out the namespace: {why}", "无法确定命名空间：{why}"},
	"cli.object.none": {
		"there is no {kind} {name} in namespace {namespace}",
		"命名空间 {namespace} 里没有 {kind} {name}",
	},
	"cli.object.none.cluster": {"there is no {kind} {name}", "没有 {kind} {name}"},
	"cli.object.list.cluster": {
		"kubectl get {kinds} lists those that there are.",
		"kubectl get {kinds} 会列出现有的。",
	},
	"cli.object.list": {
		"kubectl -n {namespace} get {kinds} lists those that there are.",
		"kubectl -n {namespace} get {kinds} 会列出现有的。",
	},
	"cli.namespace.none": {"namespace {name} does not exist", "命名空间 {name} 不存在"},
	"cli.namespace.list": {
		"kubectl get namespaces lists those that there are.",
		"kubectl get namespaces 会列出现有的命名空间。",
	},
	"cli.stopped":       {"stopped before the cluster had answered", "集群回答之前就被中断了"},
	"live.list.cluster": {"cannot list {kinds} in all namespaces: {why}", "无法列出所有命名空间的 {kinds}：{why}"},
	"live.list.namespace": {
		"cannot list {kinds} in namespace {namespace}: {why}",
		"无法列出命名空间 {namespace} 的 {kinds}：{why}",
	},
	"live.list": {"cannot list {kinds}: {why}", "无法列出 {kinds}：{why}"},
	"live.silent": {
		"{host} gave no answer within {time} (asked {n} {n|time|times}): {why}",
		"{host} 在 {time} 内没有回答（问了 {n} 次）：{why}",
	},
	"live.busy": {
		"{host} did not answer the question within {time} (asked {n} {n|time|times}): {why}",
		"{host} 在 {time} 内没有给出结果（问了 {n} 次）：{why}",
	},
	"live.busy.wait": {
		"{host} did not answer the question within {time} (asked {n} {n|time|times}) and asks to wait for {wait}: {why}",
		"{host} 在 {time} 内没有给出结果（问了 {n} 次），并要求等待 {wait} 后再试：{why}",
	},
	"cli.saved.log": {
		"nothing in {files} says why a Pod does not start",
		"{files} 里没有任何内容说明 Pod 为什么没有启动",
	},
	"cli.saved.nodes": {
		"nodes that are not ready: {nodes}; nothing in {files} tells of Pods",
		"未就绪的节点：{nodes}；{files} 里没有 Pod 的信息",
	},
	"cli.saved.nodes.more": {
		"What the node says: kubectl describe node {node}; which Pods wait for it: kubectl get pods,events -A -o yaml.",
		"查看节点自己的说明：kubectl describe node {node}；查看哪些 Pod 在等它：kubectl get pods,events -A -o yaml。",
	},
	"cli.pipe.silent": {
		"it is a pipe, and for {time} nobody has opened it to write",
		"这是一个管道，{time} 内没有程序打开它写入",
	},
	"live.late": {"no whole answer in time", "没有在时限内给出完整的应答"},
	"live.large": {
		"the answer is larger than {n} MiB, which no answer of a Kubernetes API server is: it was not read further",
		"应答超过 {n} MiB，Kubernetes API server 不会有这么大的应答，因此没有继续读取",
	},
	"live.long": {"reading took longer than {time}", "读取超过了 {time}"},
	"live.endless": {
		"the list of {resource} goes on and brings nothing new: it was not read further",
		"{resource} 的列表一直有下一页，却没有新内容，因此没有继续读取",
	},
	"live.redirect": {
		"the server sends us on to {target}: that is not followed, since the credentials would go along",
		"服务器要求转到 {target}：不会跟随，否则凭据也会一起发过去",
	},
	"cli.silent.reach": {
		"See whether the server is up and reachable from here (kubectl get --raw /readyz); " +
			"wait longer with --request-timeout 2m.",
		"请确认 API server 正常并且从这里能访问（kubectl get --raw /readyz）；需要等更久可以加 --request-timeout 2m。",
	},
	"cli.certificate": {
		"The server's certificate does not fit the kubeconfig: " +
			"compare its server and certificate-authority with those of the cluster.",
		"服务器的证书与 kubeconfig 不符：请对照集群核对其中的 server 和 certificate-authority。",
	},
	"cli.login": {"Log in again, or give another --context or --user.", "请重新登录，或换用其他 --context 或 --user。"},
	"cli.rights": {
		"Check the connection and the rights: kubectl auth can-i list pods",
		"请检查连接和权限：kubectl auth can-i list pods",
	},
	"cli.folder":  {"-f {folder}: {why}", "-f {folder}：{why}"},
	"live.client": {"cannot make a client for {host}: {why}", "无法为 {host} 建立客户端：{why}"},
	"cli.wait.ended": {
		"the wait was ended before all had started",
		"在全部启动之前，等待被中断了",
	},
	"cli.wait.again": {"Run it again to wait on.", "再运行一次可以继续等待。"},
	"cli.wait.no-answer": {
		"there was no answer from the API server in {time}",
		"API server 在 {time} 内没有回答",
	},
	"cli.wait.connection": {"Check the connection: kubectl get pods", "请检查连接：kubectl get pods"},
	"cli.watch.ended":     {"it was ended before there was an answer", "在得到回答之前就被中断了"},
	"cli.watch.again":     {"Run it again, and give it a moment.", "请再运行一次，稍等片刻。"},
}
