package message

// gaps are what could not be read, why, and what would close that gap.
var gaps = map[string]text{
	// Kinds of objects, and what is not known without them.
	"gap.kind":         {"{resource}: {question} is not known", "{resource}：无法得知{question}"},
	"gap.kind.cluster": {"{resource} in all namespaces: {question} is not known", "所有命名空间的 {resource}：无法得知{question}"},
	"gap.kind.namespace": {
		"{resource} in namespace {namespace}: {question} is not known",
		"命名空间 {namespace} 的 {resource}：无法得知{question}",
	},
	"gap.right":         {"the right to {verb} {resource}", "对 {resource} 的 {verb} 权限"},
	"gap.right.cluster": {"the right to {verb} {resource} in all namespaces", "对所有命名空间的 {resource} 的 {verb} 权限"},
	"gap.right.namespace": {
		"the right to {verb} {resource} in namespace {namespace}",
		"对命名空间 {namespace} 的 {resource} 的 {verb} 权限",
	},
	"gap.values.cluster": {
		"the right to {verb} {resource} in all namespaces, which is that to read their values " +
			"(kubectl stuck rbac --with-secrets)",
		"对所有命名空间的 {resource} 的 {verb} 权限，这也就是读取其中值的权限（kubectl stuck rbac --with-secrets）",
	},
	"gap.values.namespace": {
		"the right to {verb} {resource} in namespace {namespace}, which is that to read their values " +
			"(kubectl stuck rbac --with-secrets)",
		"对命名空间 {namespace} 的 {resource} 的 {verb} 权限，这也就是读取其中值的权限（kubectl stuck rbac --with-secrets）",
	},
	"question.node":            {"whether the node itself is sick", "节点本身是否有故障"},
	"question.node-facts":      {"what the nodes know about themselves", "节点对自身的了解"},
	"question.service-account": {"whether the ServiceAccounts exist", "这些 ServiceAccount 是否存在"},
	"question.runtime-class":   {"whether the RuntimeClass exists", "RuntimeClass 是否存在"},
	"question.configmap":       {"whether the ConfigMaps exist", "这些 ConfigMap 是否存在"},
	"question.secret":          {"whether the Secrets exist", "这些 Secret 是否存在"},
	"question.claim":           {"whether the claims exist and are bound", "这些 PVC 是否存在、是否已绑定"},
	"question.volume":          {"what stands behind the claims", "这些 PVC 背后是什么"},
	"question.resource-claim":  {"whether the ResourceClaims that the Pods name are there", "Pod 引用的 ResourceClaim 是否存在"},
	"question.neighbours":      {"which Pods of other namespaces are in the way", "其他命名空间的哪些 Pod 占用了资源"},
	"gap.neighbours":           {"the Pods of other namespaces: which of them are in the way", "其他命名空间的 Pod：哪些占用了资源"},
	"gap.neighbours.many":      {"the first {n} Pods were read, and there are more", "只读取了前 {n} 个 Pod，还有更多"},
	"gap.neighbours.all":       {"to be asked about all namespaces (-A)", "查询所有命名空间（-A）"},
	"question.attachment":      {"where the volumes are attached", "卷挂接在哪些节点上"},
	"question.csi-node":        {"which CSI drivers the nodes have", "节点上有哪些 CSI 驱动"},
	"question.csi-driver":      {"whether the CSI drivers need an attacher", "CSI 驱动是否需要挂接"},
	"question.storage-class":   {"whether a claim waits for its first consumer", "PVC 是否在等待第一个使用它的 Pod"},
	"question.lease":           {"whether controllers and kubelets are alive", "控制器和 kubelet 是否还在运行"},
	"gap.events.dropped":       {"{n} of the Events about {object}", "关于 {object} 的 {n} 条 Event"},
	"gap.events.flooded":       {"some of the Events about {n} more {n|object|objects}", "关于另外 {n} 个对象的部分 Event"},
	"gap.events.flood": {
		"there are more than {limit} about one object: the newest of each reason were kept",
		"关于同一个对象的 Event 超过 {limit} 条：只保留了每种 reason 中最新的",
	},
	"gap.log": {"the log of container {container} of Pod {pod}", "Pod {pod} 中容器 {container} 的日志"},
	"gap.logs.unread": {
		"the logs of containers that crash: what {container} of Pod {pod} said last is not known",
		"崩溃容器的日志：无法得知 Pod {pod} 的 {container} 最后说了什么",
	},
	"gap.logs.absent": {"they are not in what was read", "读到的内容里没有"},
	"gap.logs.capture": {
		"the cluster itself, or a dump that kubectl stuck capture made",
		"直接读取集群，或 kubectl stuck capture 的转储",
	},
	"gap.log.late": {"no answer in time", "没有及时应答"},
	"gap.log.gone": {"the runtime has removed it", "运行时已将其删除"},
	"gap.logs.more": {
		"the logs of {n} more {n|container|containers} that {n|crashes|crash}",
		"另外 {n} 个崩溃容器的日志",
	},
	"gap.logs.many":             {"many containers crash", "崩溃的容器很多"},
	"gap.logs.ask":              {"to be asked about one workload", "只询问一个工作负载"},
	"gap.revisions":             {"what was changed in {n} more {n|namespace|namespaces}", "另外 {n} 个命名空间里改动了什么"},
	"gap.revisions.many":        {"stuck Pods are in many namespaces", "卡住的 Pod 分布在许多命名空间"},
	"gap.revisions.ask":         {"to be asked about one namespace (-n)", "只询问一个命名空间（-n）"},
	"question.wanted":           {"whether Pods are wanted that were never made", "是否有需要但没有创建的 Pod"},
	"question.refused":          {"what stands in the way of Pods that were not made", "是什么挡住了没有创建的 Pod"},
	"question.workload":         {"how far its update has come, and who made it", "更新进行到了哪一步、是谁做的"},
	"question.service":          {"whether the Services that containers wait for exist", "容器等待的 Service 是否存在"},
	"question.revisions":        {"what was changed", "改动了什么"},
	"question.events":           {"what the kubelet and the controllers said of the Pods", "kubelet 和控制器对这些 Pod 说过什么"},
	"question.node-events":      {"what was said of the nodes", "关于节点说过什么"},
	"question.keys":             {"which keys {name} has", "{name} 里有哪些键"},
	"question.changes":          {"what changed since {time}", "{time} 之后的变化"},
	"question.between-listings": {"what comes and goes within {time}", "{time} 之内出现又消失的内容"},
	"gap.keys.more":             {"keys of {n} more {kind}s are not known", "另有 {n} 个 {kind} 的键无法得知"},
	"gap.keys.limit":            {"no more than {n} are looked into", "最多只查看 {n} 个"},
	"gap.keys.fewer":            {"to ask about fewer Pods", "缩小要查看的 Pod 范围"},

	// Facts of nodes.
	"gap.list.more": {"{names} and {n} more", "{names} 以及另外 {n} 个"},
	"gap.nodes":     {"facts of nodes {nodes} are not known", "无法得知节点 {nodes} 自身的情况"},
	"gap.nodes.limit": {
		"no more than {n} nodes are asked, those with the most stuck Pods",
		"最多只询问 {n} 个节点，即卡住的 Pod 最多的那些",
	},
	"gap.nodes.fewer": {"to ask about fewer: kubectl stuck node/NAME", "缩小范围：kubectl stuck node/NAME"},
	"gap.nodes.refused": {
		"facts of nodes {nodes}: whether a disk is full, what their kubelets are set to and what they log is not known",
		"节点 {nodes}：无法得知磁盘是否已满、kubelet 如何配置以及日志里写了什么",
	},
	"gap.nodes.right": {
		"the right to get nodes/proxy, which is far-reaching: it opens the whole kubelet, exec included " +
			"(kubectl stuck rbac --with-node-proxy); or stuck-agent on the nodes",
		"对 nodes/proxy 的 get 权限，这个权限很大：它开放整个 kubelet，包括 exec（kubectl stuck rbac --with-node-proxy）；" +
			"或者在节点上运行 stuck-agent",
	},
	"gap.facts": {"facts of node {node}: {facts} {n|is|are} not known", "节点 {node}：无法得知 {facts}{n||}"},
	"gap.facts.stale": {
		"facts of node {node}: they are of another time, so they were not used",
		"节点 {node} 自身的情况：读取的时间不同，因此没有使用",
	},
	"gap.facts.times": {"they were read {facts}, and the rest at {others}", "这些内容读于 {facts}，其余内容读于 {others}"},
	"gap.facts.now": {
		"facts that were read at the same time: stuck-agent --once on the node",
		"同一时间读到的内容：在节点上运行 stuck-agent --once",
	},

	// Why a node could not read a fact of itself. The arguments are texts: they are part of an object of the API.
	"fact.hung": {"reading it has hung since {time}", "读取从 {time} 起一直没有返回"},
	"fact.late": {"reading it took more than {time}", "读取超过了 {time}"},
	"fact.kubelet.late": {
		"the kubelet, asked through the API server: no whole answer in time",
		"经 API server 询问 kubelet：没有在限时内得到完整的回答",
	},
	"fact.no-pressure": {
		"there is no /proc/pressure: the kernel does not count it (before 4.20, or without CONFIG_PSI, or without psi=1)",
		"没有 /proc/pressure：内核不统计它（早于 4.20，或没有 CONFIG_PSI，或没有 psi=1）",
	},
	"fact.no-log": {
		"no log of the kubelet or the container runtime was found: not in /var/log, not in syslog's files, " +
			"and journalctl could not be asked",
		"没有找到 kubelet 或容器运行时的日志：/var/log 里没有，syslog 的文件里没有，也无法询问 journalctl",
	},
	"fact.not-mounted": {
		"{path}: {folder} of the node is not mounted into the agent; its DaemonSet can mount it at {at}, read-only",
		"{path}：节点的 {folder} 没有挂载到 agent 中；可以在它的 DaemonSet 里以只读方式挂载到 {at}",
	},
	"fact.program": {
		"{program} is a program of the node, which runs only where all of / is mounted into the agent (wide.patch)",
		"{program} 是节点上的程序，只有把整个 / 挂载到 agent 中（wide.patch）才能运行",
	},
	"fact.no-socket": {"there is no socket {socket}", "没有套接字 {socket}"},
	"fact.silent":    {"{call} of {socket} had no answer in {time}", "{socket} 的 {call} 在 {time} 内没有回答"},
	"fact.processes": {
		"{n} of {all} processes do not show what they have open: that needs CAP_SYS_PTRACE",
		"{all} 个进程中有 {n} 个看不到打开了什么：需要 CAP_SYS_PTRACE",
	},
	"fact.programs": {
		"{n} of {all} processes do not show which program they are: that needs CAP_SYS_PTRACE",
		"{all} 个进程中有 {n} 个看不到运行的是哪个程序：需要 CAP_SYS_PTRACE",
	},
	"fact.pid-namespace": {
		"kernel.pid_max is that of the PID namespace that asks: this needs the node's (hostPID)",
		"kernel.pid_max 属于发问者所在的 PID 命名空间：需要节点自己的 PID 命名空间（hostPID）",
	},
	"fact.left-out": {
		"{n} of {all} were left out, so that the object stays under 100 KiB",
		"{all} 项中有 {n} 项没有写入，使对象不超过 100 KiB",
	},

	// Files.
	"gap.file": {"{file}", "{file}"},
	"gap.line": {"{file}:{line}", "{file}:{line}"},
	"gap.lines": {
		"{file}:{line} and {n} more {n|place|places} like it",
		"{file}:{line} 以及另外 {n} 处同样的地方",
	},
	"file.unreadable":   {"{why}", "{why}"},
	"file.permission":   {"permission to read it", "读取它的权限"},
	"file.no-text":      {"this is not text", "这不是文本"},
	"file.give-text":    {"the file as YAML or JSON; an archive has to be named by itself", "YAML 或 JSON 格式的文件；压缩包要单独指定"},
	"file.empty":        {"it is empty", "它是空的"},
	"file.no-objects":   {"it holds no Kubernetes objects in YAML or JSON", "里面没有 YAML 或 JSON 格式的 Kubernetes 对象"},
	"file.give-json":    {"the objects as `kubectl get -o json` prints them", "`kubectl get -o json` 输出的对象"},
	"file.give-yaml":    {"the objects as `kubectl get -o yaml` prints them", "`kubectl get -o yaml` 输出的对象"},
	"file.give-objects": {"the objects as kubectl prints them, without other text", "kubectl 输出的对象，不带其他文字"},
	"file.give-object":  {"the object as the API server returns it", "API server 返回的原样对象"},
	"file.give-rest": {
		"the object as the API server returns it; the rest of it was read",
		"API server 返回的原样对象；其余部分已读到",
	},
	"file.give-whole":   {"the whole file: run again what wrote it", "完整的文件：请重新运行生成它的命令"},
	"file.give-again":   {"the file written again", "重新生成的文件"},
	"file.give-nothing": {"nothing, if it is none", "如果本来就不是 Kubernetes 对象，可忽略"},
	"file.as-json":      {"the same as JSON (`kubectl get -o json`)", "同样内容的 JSON（`kubectl get -o json`）"},
	"file.as-json-of-any-size": {
		"the same as JSON (`kubectl get -o json`), which may be of any size",
		"同样内容的 JSON（`kubectl get -o json`），大小不限",
	},
	"archive.broken":     {"the archive could not be read to its end: {why}", "压缩包没能读到结尾：{why}"},
	"archive.give-again": {"the archive copied again, whole", "重新完整复制的压缩包"},
	"archive.cut-off":    {"it was cut off", "它被截断了"},
	"archive.too-large":  {"it unpacks to more than {n} MiB", "解压后超过 {n} MiB"},
	"archive.too-deep":   {"archives in it are nested more than {n} deep", "里面的压缩包嵌套超过 {n} 层"},
	"archive.zip":        {"it is no zip that can be read from its beginning on", "这不是能从头读取的 zip"},
	"archive.checksum":   {"its checksum is not that of what it holds", "校验和与内容不符"},
	"archive.method": {
		"it is encrypted, or packed in a way that is not known here",
		"它被加密，或者压缩方式在这里不认识",
	},
	"archive.as-tar": {"the same files unpacked, or as .tar.gz", "解压后的同样文件，或者 .tar.gz"},
	"archive.program": {
		"it is packed with {program}, which is not installed here: install it (packages xz-utils or xz; zstd)",
		"它是用 {program} 压缩的，而这里没有安装 {program}：请安装它（软件包名为 xz-utils 或 xz；zstd）",
	},
	"archive.install": {
		"the same once {program} is installed, or as .tar.gz, or unpacked",
		"安装 {program} 后再读，或者提供 .tar.gz 或解压后的同样文件",
	},
	"archive.program-failed": {"the program {program} says: {why}", "{program} 程序报告：{why}"},
	"archive.too-many":       {"it holds more than {n} files", "里面的文件超过 {n} 个"},
	"file.gave-up": {
		"the rest of this file was not read, because nothing could be made of it for long",
		"这个文件的其余部分没有读，因为很长一段都无法识别",
	},
	"object.too-large": {
		"this is larger than {n} MiB, and so it is no Kubernetes object",
		"它超过 {n} MiB，因此不是 Kubernetes 对象",
	},
	"yaml.too-large": {
		"it is larger than {n} MiB, and the rest of it was not read",
		"它超过 {n} MiB，其余部分没有读",
	},
	"list.truncated":   {"the file ends in the middle of this List", "文件在这个 List 中间就结束了"},
	"object.truncated": {"the file ends in the middle of this object", "文件在这个对象中间就结束了"},
	"json.invalid":     {"this is not JSON: {why}", "这不是 JSON：{why}"},
	"yaml.invalid":     {"this is not YAML: {why}", "这不是 YAML：{why}"},
	"yaml.anchor":      {"a * refers to an anchor that is not there", "* 引用的锚点不存在"},
	"yaml.list-head":   {"the List has too much besides its items", "这个 List 除了 items 之外内容太多"},
	"yaml.too-deep":    {"it is nested too deeply for a Kubernetes object", "嵌套太深，不会是 Kubernetes 对象"},
	"yaml.aliases":     {"its aliases (*) repeat too much for a Kubernetes object", "别名（*）重复太多，不会是 Kubernetes 对象"},
	"yaml.merge-keys": {
		"its merge keys (<<) repeat too much for a Kubernetes object",
		"合并键（<<）重复太多，不会是 Kubernetes 对象",
	},
	"yaml.merge-key": {"<< does not refer to a mapping", "<< 引用的不是映射"},
	"yaml.key":       {"a key is not text", "有一个键不是文本"},
	"yaml.nothing":   {"there is nothing", "没有内容"},
	"yaml.goes-on":   {"it goes on behind its end", "结尾之后还有内容"},
	"yaml.parser":    {"the parser fails: {why}", "解析器出错：{why}"},
	"object.none":    {"this is no Kubernetes object", "这不是 Kubernetes 对象"},
	"item.none":      {"this item is no object", "这一项不是对象"},
	"object.kind":    {"this has no kind, so it is no Kubernetes object", "它没有 kind，因此不是 Kubernetes 对象"},
	"object.name":    {"this {kind} has no metadata.name", "这个 {kind} 没有 metadata.name"},
	"list.items":     {"its items are no list", "它的 items 不是列表"},
	"json.none":      {"this is not JSON", "这不是 JSON"},
	"json.other":     {"{found} is no Kubernetes object", "{found}不是 Kubernetes 对象"},
	"object.broken":  {"{kind}: {why}", "{kind}：{why}"},
	"object.field": {
		"{kind}: {field} is {found}, and Kubernetes has something else there",
		"{kind}：{field} 是{found}，而 Kubernetes 在那里用的是别的类型",
	},
	"object.field-error": {"{kind}: {field}: {why}", "{kind}：{field}：{why}"},
	"json.object":        {"an object", "对象"},
	"json.list":          {"a list", "列表"},
	"json.text":          {"text", "文本"},
	"json.number":        {"a number", "数字"},
	"json.value":         {"{value}", "{value}"},

	// What a source gives up with.
	"pasted.too-large": {"it is longer than {n} MiB: the rest was not read", "超过 {n} MiB，其余的没有读取"},
	"pasted.other": {
		"{n} {n|line|lines} of nothing that is known here, from this one on",
		"从这一行起，有 {n} 行看不懂的内容",
	},
	"cri.ids": {
		"it tells which sandboxes and containers are of which Pod, and of none why it does not start",
		"它说明了 sandbox 和容器属于哪个 Pod，但没有说明 Pod 为什么没有启动",
	},
	"log.unknown": {
		"it looks like a log of a node, and no line of it says anything that is known here",
		"看起来是节点的日志，但没有任何一行是这里认识的",
	},
	"log.more": {
		"the log of the kubelet and of the container runtime, of the time in which the Pod did not start",
		"Pod 启动失败那段时间的 kubelet 和容器运行时日志",
	},
	"log.calm": {
		"it looks like what a program in a container wrote, and nothing in it tells of a start that failed",
		"看起来是容器里程序的日志，其中没有说明启动失败的内容",
	},
	"log.calm.more": {
		"what `kubectl describe pod` says of its Pod, and its log from before it ended: `kubectl logs --previous`",
		"该 Pod 的 `kubectl describe pod` 输出，以及它退出之前的日志：`kubectl logs --previous`",
	},
	"folder.many":  {"it holds more than {n} files: the others were not read", "里面的文件超过 {n} 个，其余的没有读取"},
	"folder.fewer": {"a folder that holds the dump alone", "只放转储文件的文件夹"},
	"source.missing": {
		"cannot read {file}: {why}; give a file, a folder, or - for standard input",
		"无法读取 {file}：{why}；请指定文件、文件夹，或用 - 表示标准输入",
	},
	"source.nothing": {
		"nothing could be read from {files}: {why}; give what `kubectl get pods,events,nodes -A -o yaml` prints",
		"从 {files} 没有读到任何内容：{why}；请提供 `kubectl get pods,events,nodes -A -o yaml` 的输出",
	},
	"source.no-file": {
		"there is no file with Kubernetes objects in YAML or JSON",
		"没有包含 YAML 或 JSON 格式 Kubernetes 对象的文件",
	},
	"source.passed": {
		"what stands in {file} may be a container's own words, so it is not taken for a node's log; name the file itself " +
			"after -f if it is one",
		"{file} 的内容可能出自容器，因此不当作节点日志读取；如果它确实是节点日志，请在 -f 后直接指定该文件",
	},
	"source.reason":  {"{place}: {why}", "{place}：{why}"},
	"source.reasons": {"{first}; {others}", "{first}；{others}"},
}
