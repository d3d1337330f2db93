package message

// help are the texts of --help. What is typed literally stands in package cli, once.
var help = map[string]text{
	"help.usage":    {"Usage:", "用法："},
	"help.examples": {"Examples:", "示例："},
	"help.commands": {"Commands:", "命令："},
	"help.flags":    {"Flags:", "参数："},
	"help.kubectl":  {"The cluster, as in kubectl:", "集群参数，与 kubectl 相同："},
	"help.default":  {" (default {value})", "（默认 {value}）"},
	"help.more": {
		"{command} COMMAND --help says more about a command.",
		"{command} COMMAND --help 查看某个命令的详细用法。",
	},

	"help.kubectl-stuck": {"Say why Pods do not start, and what to do about it", "说明 Pod 为什么起不来，以及该怎么办"},
	"help.kubectl-stuck.long": {
		`Say why Pods do not start, and what to do about it: every Pod that kubectl shows as ContainerCreating,
PodInitializing, Init:..., Pending, or waiting for any other reason.

Exit codes: 0 nothing is stuck, 1 something is, 2 the question could not be answered. --fail-on says what counts:
proven (a problem that is proven), likely (any problem), any (the default: also what has no known cause). What --ignore
or --cause hides does not count. --exit-zero turns 1 into 0.

-w keeps the answer current until Ctrl-C, and exits as the last answer says. On a terminal it redraws the screen,
elsewhere it appends what changes; with -o json every change is one line, in the form that docs/watch.md describes.

--wait-until-started waits until all containers of the newest revision's Pods run, not until they are ready, and
exits with 0. It exits with 1 and the diagnosis when the time is up, or sooner where a proven cause keeps them from
starting and does not pass by itself. A registry that does not know an image yet has until it says so again after the
time of --grace.`,
		`说明 Pod 为什么起不来，以及该怎么办：
凡是 kubectl 显示为 ContainerCreating、PodInitializing、Init:...、Pending，
或因其他原因处于 Waiting 状态的 Pod。

退出码：0 没有 Pod 卡住，1 有 Pod 卡住，2 无法得出答案。
--fail-on 决定什么算数：proven（已证实的问题）、likely（任何问题）、any（默认，原因未知的也算）。
被 --ignore 或 --cause 隐藏的不算。--exit-zero 把 1 变成 0。

-w 持续更新答案，直到按 Ctrl-C，退出码以最后一次答案为准。
在终端上会重画屏幕，在其他地方只追加变化；
加上 -o json 时每个变化输出一行，格式见 docs/watch.md。

--wait-until-started 等到最新版本的全部 Pod 的容器都运行起来（不等到就绪），退出码为 0。
时间用完，或者已确定的原因使它们无法启动、且不会自行消失时，输出诊断，退出码为 1。
镜像仓库暂时还没有镜像时，要等到过了 --grace 的时间、仓库再次答复没有为止。`,
	},
	"help.kubectl-stuck.here":      {"the Pods of the current namespace", "当前命名空间的 Pod"},
	"help.kubectl-stuck.all":       {"of all namespaces", "所有命名空间"},
	"help.kubectl-stuck.workload":  {"of one workload, also a Pod or node", "某个工作负载，也可以是 Pod 或节点"},
	"help.kubectl-stuck.several":   {"of several things at once", "一次查看多个对象"},
	"help.kubectl-stuck.watch":     {"and what becomes of it", "并持续关注变化"},
	"help.kubectl-stuck.saved":     {"one namespace of what was saved", "已保存内容中的一个命名空间"},
	"help.kubectl-stuck.knowledge": {"all about one cause", "关于某个原因的全部说明"},

	"help.explain": {
		"Show all that is known about a cause, by its id or by what kubectl shows of it",
		"按原因 ID 或 kubectl 显示的内容，给出某个原因的全部说明",
	},
	"help.explain.status":  {"what a STATUS can come from", "某个 STATUS 的各种原因"},
	"help.explain.message": {"or a message", "某条消息的原因"},
	"help.fix":             {"Do what the answer says, with your consent, and take it back", "在你同意后执行答案给出的操作，并可撤销"},
	"help.fix.long": {
		`Do what the answer says. It shows for each problem what can be done through the API, asks which, shows the exact
change (from a dry run of the API server), what it interrupts and how it is taken back, asks again, does it, and waits
until the Pods run. Causes that are only likely, and steps on nodes or elsewhere, are shown and never done. No Secret is
read or written.

--plan writes a plan instead, which --apply carries out exactly, or not at all, for whoever gives its hash. What was
done is written down, and --undo takes it back as long as nobody has changed it since.

Exit codes: 0 all has started, 1 something is still stuck or nothing was done, 2 it could not be done.`,
		`执行答案给出的操作。它列出每个问题可以通过 API 做什么，问你选哪个，
展示确切的改动（来自 API server 的 dry run）、会影响什么、如何撤销，再问一次，
然后执行，并等到 Pod 运行起来。
只是可能的原因、节点上或其他地方的步骤只展示，绝不执行。不读取也不写入 Secret。

--plan 改为写出计划，--apply 在给出其哈希时要么原样执行，要么什么都不做。
所做的改动会记录下来，只要之后没有别人改过，--undo 就能撤销。

退出码：0 全部已启动，1 仍有卡住的或什么都没做，2 无法执行。`,
	},
	"help.fix.ask":  {"ask, then do it", "先询问，再执行"},
	"help.fix.plan": {"for someone to approve", "交给别人批准"},
	"help.fix.undo": {"take it back", "撤销"},
	"help.causes":   {"List the causes that can be found", "列出能够识别的原因"},
	"help.check":    {"Check causes of your own, and run their cases", "检查你自己的原因，并运行它们的用例"},
	"help.check.long": {
		"Check causes of your own, and run their cases.\n\n" +
			"Each folder in DIR that holds a cause.yaml is a cause; --causes DIR finds them, too. The files *.txtar beside it " +
			"are its cases: a dump in which # want ID marks the lines that are the evidence. What signs match is likely, " +
			"unless the cause says certainty: proven. The exit code is 1 where something is wrong.",
		"检查你自己的原因，并运行它们的用例。\n\n" +
			"DIR 里每个含有 cause.yaml 的文件夹就是一个原因，--causes DIR 会用到它们。旁边的 *.txtar 是它的用例：一份 dump，" +
			"用 # want ID 标出作为依据的行。signs 匹配到的只算可能，除非原因写明 certainty: proven。有问题时退出码为 1。",
	},
	"help.demo": {
		"Diagnose a recorded incident, to see what an answer looks like",
		"诊断一个录制下来的事故，看看答案是什么样子",
	},
	"help.demo.long": {
		"Diagnose a recorded incident, to see what an answer looks like. Something is stuck in it; it exits with 0.",
		"诊断一个录制下来的事故，看看答案是什么样子。其中虽然有 Pod 卡住，退出码仍为 0。",
	},
	"help.capture": {
		"Save what a diagnosis looks at, to diagnose it elsewhere or attach it to a ticket",
		"保存诊断所需的内容，以便在别处诊断或附到工单里",
	},
	"help.capture.here":       {"as stuck-TIME.tar.gz, here", "保存为当前目录下的 stuck-TIME.tar.gz"},
	"help.capture.to":         {"or -o DIR", "也可以用 -o DIR"},
	"help.capture.pseudonyms": {"no name of yours in it", "其中没有任何真实名称"},
	"help.capture.read":       {"diagnose it, anywhere", "在任何地方诊断"},
	"help.rbac": {
		"Print the least rights that a diagnosis needs, as a ClusterRole, or as a Role with -n",
		"输出诊断所需的最小权限（ClusterRole；加 -n 时为 Role）",
	},
	"help.rbac.namespace": {"what a Role can hold of it", "单个命名空间的 Role 所能包含的部分"},
	"help.convert":        {"Write a saved report in another form", "把保存的报告转换成其他格式"},
	"help.convert.long": {
		"Write a report that kubectl stuck -o json has saved in another form. Nothing is diagnosed again, and the exit " +
			"code is 0 whatever the report says.",
		"把 kubectl stuck -o json 保存的报告转换成其他格式。不会重新诊断，无论报告内容如何，退出码都是 0。",
	},
	"help.version": {"Show the version of this program", "显示本程序的版本"},
	"help.completion": {
		"Print the completion script of a shell: bash, zsh, fish or powershell",
		"输出 shell 的补全脚本：bash、zsh、fish 或 powershell",
	},
	"help.completion.long": {
		`Print the completion script of a shell: bash, zsh, fish or powershell.

The lines below load it in this shell; in the shell's start-up file (~/.bashrc, ~/.zshrc, config.fish, $PROFILE) they
load it in every new one. It completes kubectl-stuck. For kubectl stuck it takes kubectl's own completion as well, and
kubectl_complete-stuck on the PATH.`,
		`输出 shell 的补全脚本：bash、zsh、fish 或 powershell。

下面的命令让当前 shell 加载脚本；写进 shell 的启动文件（~/.bashrc、~/.zshrc、config.fish、$PROFILE）后，
每个新的 shell 都会加载。脚本用于补全 kubectl-stuck。要补全 kubectl stuck，
还需要加载 kubectl 自己的补全脚本，并把 kubectl_complete-stuck 放到 PATH 里。`,
	},
	"help.help": {"Show how a command is used", "显示某个命令的用法"},
}

// flags are what --help says of each flag, by its name, or by command and name where a command means something else by
// it. The word in backquotes names the value.
var flags = map[string]text{
	"flag.all-namespaces": {"look at all namespaces", "查看所有命名空间"},
	"flag.causes": {
		"a `DIR` with causes of your own: one folder with a cause.yaml each",
		"存放自定义原因的 `DIR`：每个原因一个文件夹，里面有 cause.yaml",
	},
	"flag.color":     {"`WHEN` to use colour: auto, always or never", "何时使用颜色（`WHEN`）：auto、always 或 never"},
	"flag.exit-zero": {"exit with 0 although something is stuck", "即使有 Pod 卡住，退出码也为 0"},
	"flag.filename": {
		"a `FILE` or folder that kubectl or capture saved, or - for standard input; may be given again",
		"kubectl 或 capture 保存的 `FILE` 或文件夹，- 表示标准输入；可以重复给出",
	},
	"flag.sources": {
		"say of every file of -f what it gave, and what of it was not understood",
		"逐个说明 -f 的每个文件提供了什么、哪些内容没有看懂",
	},
	"flag.for": {
		"for how long (`DURATION`) a Pod that says nothing decisive counts as starting",
		"没有给出明确信息的 Pod 在多长时间内（`DURATION`）仍算正在启动",
	},
	"flag.help": {"show this help", "显示本帮助"},
	"flag.inspect-secrets": {
		"look into the Secrets and ConfigMaps that stuck Pods name: for keys and registries, never for values",
		"查看卡住的 Pod 引用的 Secret 和 ConfigMap：只看键名和镜像仓库，从不看值",
	},
	"flag.lang": {
		"`LANGUAGE`: en or zh (default: that of the locale)",
		"语言（`LANGUAGE`）：en 或 zh（默认取自系统区域设置）",
	},
	"flag.namespace": {
		"the `NAMESPACE` to look at (default: that of the context)",
		"要查看的命名空间 `NAMESPACE`（默认取自 context）",
	},
	"flag.no-logs": {
		"do not read the last lines of what crashes (it takes the right to get pods/log)",
		"不读取崩溃容器的最后几行日志（读取需要 pods/log 的 get 权限）",
	},
	"flag.no-node": {
		"do not ask kubelets about the nodes that stuck Pods are on (it takes the right to get nodes/proxy)",
		"不向 kubelet 询问卡住的 Pod 所在的节点（询问需要 nodes/proxy 的 get 权限）",
	},
	"flag.output": {
		"`FORM` of the output: text, brief, wide, name; json, yaml; markdown, junit, sarif, github, prometheus, compact; " +
			"html",
		"输出格式 `FORM`：text、brief、wide、name，json、yaml，markdown、junit、sarif、github、prometheus、compact，html",
	},
	"flag.causes.output": {"`FORM` of the output: text, json or yaml", "输出格式 `FORM`：text、json 或 yaml"},
	"flag.quiet": {
		"do not show on a terminal how much has been read",
		"不在终端上显示读取进度",
	},
	"flag.ready": {
		"count Pods, too, that were ready and are not any more",
		"把曾经就绪、现在未就绪的 Pod 也算进来",
	},
	"flag.selector": {
		"look only at Pods with these `LABELS`, such as app=web",
		"只查看带有这些标签（`LABELS`）的 Pod，例如 app=web",
	},
	"flag.grace": {
		"with --wait-until-started: how long a registry may not know an image that was just pushed, as a `DURATION`",
		"与 --wait-until-started 一起使用：镜像刚推送时，允许仓库在多长时间（`DURATION`）内还找不到它",
	},
	"flag.wait-until-started": {
		"wait for `DURATION` at most until the Pods have started, or are known not to",
		"最多等待 `DURATION`，直到 Pod 全部启动，或确定无法启动",
	},
	"flag.watch": {
		"keep the answer current, and say when a problem opens and when it is solved",
		"持续更新答案，并说明问题何时出现、何时解决",
	},

	"flag.capture.output": {
		"the `FILE`.tar.gz or the folder to make (default stuck-TIME.tar.gz)",
		"要创建的 `FILE`.tar.gz 或文件夹（默认 stuck-TIME.tar.gz）",
	},
	"flag.capture.pseudonyms": {
		"put pseudonyms in place of names (of objects, hosts, people, roles, projects, accounts, certificates), IDs and " +
			"addresses, everywhere the same, and leave logs of containers out. What stays: names of containers, of their " +
			"volumes, ports and variables, keys and labels (not their values), tags of images, paths on nodes, versions, " +
			"names of public software, zones of clouds, what is in kube-* namespaces, and words that messages are made of",
		"用化名代替名称（对象、主机、人员、角色、项目、账号、证书）、ID 和地址，各处保持一致，并且不保存容器日志。保留的内容：容器名，" +
			"容器的卷、端口和变量的名字，键名和标签名（不含标签值），镜像 tag，节点上的路径，版本号，公开软件的名字，云的可用区，" +
			"kube-* 命名空间中的内容，以及消息本身的用词",
	},
	"flag.fix.plan": {"write a plan instead of doing anything", "不执行，只写出计划"},
	"flag.fix.apply": {
		"carry out the plan in `FILE`, exactly or not at all",
		"执行文件 `FILE` 中的计划，要么原样执行，要么什么都不做",
	},
	"flag.fix.approve": {"the `HASH` of the plan that is agreed to", "所同意的计划的哈希（`HASH`）"},
	"flag.fix.undo":    {"take back what the plan in `FILE` did", "撤销文件 `FILE` 中的计划所做的改动"},
	"flag.fix.yes":     {"do not ask: do the first step up to --max-risk", "不询问：执行风险不超过 --max-risk 的第一个步骤"},
	"flag.fix.max-risk": {
		"what --yes may `RISK`: none, low or disruptive",
		"--yes 允许的风险（`RISK`）：none、low 或 disruptive",
	},
	"flag.fix.even-if-managed": {
		"change what Helm, Argo CD, Flux or an operator manages, too: they may change it back",
		"也修改由 Helm、Argo CD、Flux 或 operator 管理的对象：它们可能会改回去",
	},
	"flag.fix.step": {"do the step of this `NUMBER`, as it is listed", "执行列表中序号为 `NUMBER` 的步骤"},
	"flag.fix.set": {
		"`NAME=VALUE` for what only you know, as it stands in a command; may be given again",
		"命令里只有你知道的内容，写成 `NAME=VALUE`；可以重复给出",
	},
	"flag.fix.wait": {"how long to wait for the Pods to start", "等待 Pod 启动的最长时间"},
	"flag.fix.record": {
		"write down in `FILE` (FILE-2, … where there is one) what was done, in place of one in the state directory",
		"把所做的改动记录到 `FILE`（已存在时为 FILE-2……），而不是状态目录下的新文件",
	},
	"flag.completion.no-descriptions": {"complete words only, without what they mean", "只补全单词，不带说明"},
	"flag.rbac.namespace":             {"print a Role in this `NAMESPACE`", "输出用于命名空间 `NAMESPACE` 的 Role"},
	"flag.rbac.with-secrets": {
		"allow to see whether Secrets and ConfigMaps are there, too: far-reaching, since RBAC has no right to names " +
			"alone, and this is the one to read all their values",
		"同时允许查看 Secret 和 ConfigMap 是否存在：权限很大，RBAC 没有只看名字的权限，这也就是读取其中所有值的权限",
	},
	"flag.rbac.with-node-proxy": {
		"allow to ask kubelets through the API server, too: far-reaching, since it opens the whole kubelet, " +
			"exec included",
		"同时允许通过 API server 询问 kubelet：权限很大，它开放整个 kubelet，包括 exec",
	},

	"flag.budget": {
		"for how many tokens (`N`) -o compact may be, 1000 where nothing is said",
		"-o compact 最多使用多少个 token（`N`），默认 1000",
	},
	"flag.cause": {"show only problems of these `CAUSES`", "只显示这些原因（`CAUSES`）的问题"},
	"flag.ignore": {
		"leave out problems of these causes, everywhere or in a namespace (`CAUSE[@NAMESPACE],…`); the last line counts them",
		"不显示这些原因的问题，可限定命名空间（`CAUSE[@NAMESPACE],…`）；最后一行会给出隐藏的数量",
	},
	"flag.fail-on": {
		"`WHAT` makes the exit code 1: proven problems, likely ones too, or any Pod that is stuck",
		"什么情况（`WHAT`）下退出码为 1：proven 只算已证实的问题，likely 也算很可能的，any 算任何卡住的 Pod",
	},
	"flag.version": {"show the version of this program", "显示本程序的版本"},
	"flag.problem": {
		"show these problems in full, by their numbers or ids (`N,…`)",
		"完整显示这些问题，按编号或 ID 给出（`N,…`）",
	},
	"flag.all":      {"show everything on a terminal, too", "在终端上也显示全部内容"},
	"flag.no-pager": {"do not use $PAGER for long answers", "答案很长时也不使用 $PAGER"},

	"flag.as":       {"impersonate this `USER`", "以这个用户（`USER`）的身份执行"},
	"flag.as-group": {"impersonate this `GROUP`; may be given again", "以这个组（`GROUP`）的身份执行；可以重复给出"},
	"flag.as-uid":   {"impersonate this `UID`", "以这个 `UID` 的身份执行"},
	"flag.as-user-extra": {
		"extra `KEY=VALUE` of whom to impersonate; may be given again",
		"所用身份的附加信息 `KEY=VALUE`；可以重复给出",
	},
	"flag.certificate-authority": {"`FILE` with the certificate authority's certificate", "CA 证书文件（`FILE`）"},
	"flag.client-certificate":    {"`FILE` with a client certificate", "客户端证书文件（`FILE`）"},
	"flag.client-key":            {"`FILE` with the key of the client certificate", "客户端证书的私钥文件（`FILE`）"},
	"flag.cluster":               {"`NAME` of the cluster in the kubeconfig", "kubeconfig 中的集群名（`NAME`）"},
	"flag.context": {
		"`NAME` of the context in the kubeconfig",
		"kubeconfig 中的 context 名（`NAME`）",
	},
	"flag.disable-compression": {"ask for answers that are not compressed", "要求返回不压缩的内容"},
	"flag.insecure-skip-tls-verify": {
		"do not check the server's certificate, which makes the connection insecure",
		"不检查服务器证书，连接因此不安全",
	},
	"flag.kubeconfig": {
		"`FILE` to take instead of $KUBECONFIG or ~/.kube/config",
		"使用的 kubeconfig 文件（`FILE`），代替 $KUBECONFIG 或 ~/.kube/config",
	},
	"flag.proxy-url": {"`URL` of the proxy to reach the cluster through", "访问集群所用代理的 `URL`"},
	"flag.request-timeout": {
		"for how long (`DURATION`) to try for one answer, retries included; 0 is without limit",
		"取得一个回答最多用多长时间（`DURATION`），包括重试；0 表示不限",
	},
	"flag.server": {"`URL` of the API server", "API server 的 `URL`"},
	"flag.tls-server-name": {
		"`NAME` that the server's certificate has to have, where it is not its host's",
		"服务器证书应有的名称（`NAME`），用于与主机名不同的情况",
	},
	"flag.token": {"bearer `TOKEN` for the API server", "访问 API server 的 bearer `TOKEN`"},
	"flag.user":  {"`NAME` of the user in the kubeconfig", "kubeconfig 中的用户名（`NAME`）"},
}
