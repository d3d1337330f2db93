package render

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A phrase is what a gap or a failure says, in both languages. A gap is part of a Snapshot, and so stands in files and in JSON: there it is always in English,
// and only the screen tells it in another language. {x} stands for a value, which stays as it is; {what}, {why} and {found} may be phrases again.
// What the system or a program says of an error is quoted as it is.
type phrase struct{ english, chinese string }

// told are the phrases of package live, of package cluster and of package diagnose.
var told = []phrase{
	{"{resource}: {what} is not known", "{resource}：无法得知{what}"},
	{"{resource} in all namespaces: {what} is not known", "所有命名空间的 {resource}：无法得知{what}"},
	{"{resource} in namespace {namespace}: {what} is not known", "命名空间 {namespace} 的 {resource}：无法得知{what}"},
	{"whether the node itself is sick", "节点本身是否有故障"},
	{"what the nodes know about themselves", "节点对自身的了解"},
	{"whether the ServiceAccounts exist", "这些 ServiceAccount 是否存在"},
	{"whether the RuntimeClass exists", "RuntimeClass 是否存在"},
	{"whether the ConfigMaps exist", "这些 ConfigMap 是否存在"},
	{"whether the Secrets exist", "这些 Secret 是否存在"},
	{"whether the claims exist and are bound", "这些 PVC 是否存在、是否已绑定"},
	{"what stands behind the claims", "这些 PVC 背后是什么"},
	{"where the volumes are attached", "卷挂接在哪些节点上"},
	{"which CSI drivers the nodes have", "节点上有哪些 CSI 驱动"},
	{"whether the CSI drivers need an attacher", "CSI 驱动是否需要挂接"},
	{"whether a claim waits for its first consumer", "PVC 是否在等待第一个使用它的 Pod"},
	{"whether controllers and kubelets are alive", "控制器和 kubelet 是否还在运行"},
	{"what the kubelet and the controllers said of the Pods", "kubelet 和控制器对这些 Pod 说过什么"},
	{"what was said of the nodes", "关于节点说过什么"},
	{"which keys {name} has", "{name} 里有哪些键"},
	{"what changed since {time}", "{time} 之后的变化"},
	{"what comes and goes within {time}", "{time} 之内出现又消失的内容"},
	{"keys of {n} more {kind}s are not known", "另有 {n} 个 {kind} 的键无法得知"},
	{"no more than {n} are looked into", "最多只查看 {n} 个"},
	{"to ask about fewer Pods", "缩小要查看的 Pod 范围"},
	{"the right to {verb} {resource}", "对 {resource} 的 {verb} 权限"},
	{"the right to {verb} {resource} in all namespaces", "对所有命名空间的 {resource} 的 {verb} 权限"},
	{"the right to {verb} {resource} in namespace {namespace}", "对命名空间 {namespace} 的 {resource} 的 {verb} 权限"},

	{"facts of nodes {nodes} are not known", "无法得知节点 {nodes} 自身的情况"},
	{"no more than {n} nodes are asked, those with the most stuck Pods", "最多只询问 {n} 个节点，即卡住的 Pod 最多的那些"},
	{"to ask about fewer: kubectl stuck node/NAME", "缩小范围：kubectl stuck node/NAME"},
	{"facts of nodes {nodes}: whether a disk is full, what their kubelets are set to and what they log is not known", "节点 {nodes}：无法得知磁盘是否已满、kubelet 如何配置以及日志里写了什么"},
	{"the right to get nodes/proxy, which is far-reaching: it opens the whole kubelet, exec included (kubectl stuck rbac --with-node-proxy); or stuck-agent on the nodes",
		"对 nodes/proxy 的 get 权限，这个权限很大：它开放整个 kubelet，包括 exec（kubectl stuck rbac --with-node-proxy）；或者在节点上运行 stuck-agent"},
	{"facts of node {node}: {facts} is not known", "节点 {node}：无法得知 {facts}"},
	{"facts of node {node}: {facts} are not known", "节点 {node}：无法得知 {facts}"},
	{"facts of node {node}: they are of another time, so they were not used", "节点 {node} 自身的情况：读取的时间不同，因此没有使用"},
	{"they were read {facts}, and the rest at {rest}", "这些内容读于 {facts}，其余内容读于 {rest}"},
	{"facts that were read at the same time: stuck-agent --once on the node", "同一时间读到的内容：在节点上运行 stuck-agent --once"},
	{"reading it took more than {time}", "读取超过了 {time}"},
	{"reading it has hung since {time}", "读取从 {time} 起一直没有返回"},

	{"no whole answer in time", "没有在限时内得到完整的回答"},
	{"there is no socket {path}", "没有套接字 {path}"},
	{"{call} of {socket} had no answer in {time}", "{socket} 的 {call} 在 {time} 内没有回答"},
	{"there is no /proc/pressure: the kernel does not count it (before 4.20, or without CONFIG_PSI, or without psi=1)", "没有 /proc/pressure：内核不统计它（早于 4.20，或没有 CONFIG_PSI，或没有 psi=1）"},
	{"no log of the kubelet or the container runtime was found: not in /var/log, not in syslog's files, and journalctl could not be asked",
		"没有找到 kubelet 或容器运行时的日志：/var/log 里没有，syslog 的文件里没有，也无法询问 journalctl"},
	{"{n} of {all} processes do not show what they have open: that needs CAP_SYS_PTRACE", "{all} 个进程中有 {n} 个看不到打开了什么：需要 CAP_SYS_PTRACE"},

	{"permission to read it", "读取它的权限"},
	{"this is not text", "这不是文本"},
	{"the file as YAML or JSON; an archive has to be named by itself", "YAML 或 JSON 格式的文件；压缩包要单独指定"},
	{"it is empty", "它是空的"},
	{"it holds no Kubernetes objects in YAML or JSON", "里面没有 YAML 或 JSON 格式的 Kubernetes 对象"},
	{"the objects as `kubectl get -o json` prints them", "`kubectl get -o json` 输出的对象"},
	{"the objects as `kubectl get -o yaml` prints them", "`kubectl get -o yaml` 输出的对象"},
	{"the objects as kubectl prints them, without other text", "kubectl 输出的对象，不带其他文字"},
	{"the object as the API server returns it", "API server 返回的原样对象"},
	{"the object as the API server returns it; the rest of it was read", "API server 返回的原样对象；其余部分已读到"},
	{"the whole file: run again what wrote it", "完整的文件：请重新运行生成它的命令"},
	{"the file written again", "重新生成的文件"},
	{"the archive copied again, whole", "重新完整复制的压缩包"},
	{"the archive could not be read to its end: {why}", "压缩包没能读到结尾：{why}"},
	{"it was cut off", "它被截断了"},
	{"it unpacks to more than {n} MiB", "解压后超过 {n} MiB"},
	{"it holds more than {n} files", "里面的文件超过 {n} 个"},
	{"the rest of this file was not read, because nothing could be made of it for long", "这个文件的其余部分没有读，因为很长一段都无法识别"},
	{"{n} more places of this file could not be read", "这个文件还有 {n} 处没能读到"},
	{"the same as JSON (`kubectl get -o json`)", "同样内容的 JSON（`kubectl get -o json`）"},
	{"the same as JSON (`kubectl get -o json`), which may be of any size", "同样内容的 JSON（`kubectl get -o json`），大小不限"},
	{"this is larger than {n} MiB, and so it is no Kubernetes object", "它超过 {n} MiB，因此不是 Kubernetes 对象"},
	{"it is larger than {n} MiB, and the rest of it was not read", "它超过 {n} MiB，其余部分没有读"},
	{"the file ends in the middle of this List", "文件在这个 List 中间就结束了"},
	{"the file ends in the middle of this object", "文件在这个对象中间就结束了"},
	{"this is not JSON: {why}", "这不是 JSON：{why}"},
	{"this is not YAML: {why}", "这不是 YAML：{why}"},
	{"this is no Kubernetes object", "这不是 Kubernetes 对象"},
	{"this item is no object", "这一项不是对象"},
	{"this has no kind, so it is no Kubernetes object", "它没有 kind，因此不是 Kubernetes 对象"},
	{"nothing, if it is none", "如果它本来就不是，则无需处理"},
	{"this {kind} has no metadata.name", "这个 {kind} 没有 metadata.name"},
	{"its items are no list", "它的 items 不是列表"},
	{"{found} is no Kubernetes object", "{found}不是 Kubernetes 对象"},
	{"{object}: {field} is {found}, and Kubernetes has something else there", "{object}：{field} 是{found}，而 Kubernetes 在那里用的是别的类型"},
	{"an object", "对象"},
	{"a list", "列表"},
	{"text", "文本"},
	{"a number", "数字"},
	{"it is nested too deeply for a Kubernetes object", "嵌套太深，不会是 Kubernetes 对象"},
	{"its aliases (*) repeat too much for a Kubernetes object", "别名（*）重复太多，不会是 Kubernetes 对象"},
	{"its merge keys (<<) repeat too much for a Kubernetes object", "合并键（<<）重复太多，不会是 Kubernetes 对象"},
	{"the List has too much besides its items", "这个 List 除了 items 之外内容太多"},
}

// A reading of a phrase finds its values in the English text.
type reading struct {
	phrase
	text *regexp.Regexp
	dear int // letters that are not of values: the more, the closer a text is to this phrase
}

var slotted = regexp.MustCompile(`\{(\w+)\}`)

// readings are those of all phrases, the closest first.
var readings = sync.OnceValue(func() []reading {
	var out []reading
	for _, p := range slices.Concat(told, failures) {
		pattern := regexp.QuoteMeta(slotted.ReplaceAllString(p.english, "\x00$1\x01"))
		pattern = strings.NewReplacer("\x00host\x01", `(?P<host>\S+?)`, "\x00", "(?P<", "\x01", ">.+?)").Replace(pattern)
		out = append(out, reading{p, regexp.MustCompile("(?s)^" + pattern + "$"), len(slotted.ReplaceAllString(p.english, ""))})
	}
	slices.SortStableFunc(out, func(a, b reading) int { return cmp.Compare(b.dear, a.dear) })
	return out
})

// tell says a gap's text in the language of the words. What is no phrase stays as it is.
func (w words) tell(text string) string {
	if w["lang"] == "zh" {
		return inChinese(text)
	}
	return text
}

func inChinese(text string) string { return nestedInChinese(text, mostNested) }

func nestedInChinese(text string, most int) string {
	if most == 0 {
		return text
	}
	if out, ok := phraseInChinese(text, most); ok {
		return out
	}
	return partsInChinese(text, most)
}

func phraseInChinese(text string, most int) (string, bool) {
	for _, r := range readings() {
		m := r.text.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		return slotted.ReplaceAllStringFunc(r.chinese, func(s string) string {
			value := m[r.text.SubexpIndex(s[1:len(s)-1])]
			if s == "{what}" || s == "{why}" || s == "{found}" {
				return nestedInChinese(value, most-1)
			}
			return value
		}), true
	}
	return text, false
}

// What is looked at of a text that is no phrase: it may quote anything, and be of any length.
const (
	mostParts  = 8 // texts in one
	mostPlaces = 4 // colons before a text
	mostNested = 4 // phrases in phrases
)

// partsInChinese is for several texts in one, and for one with the place that it is about before it: pods.yaml:3: it is empty; ...
func partsInChinese(text string, most int) string {
	parts := strings.SplitN(text, "; ", mostParts)
	changed := false
	for i, part := range parts {
		place, rest := "", part
		for range mostPlaces {
			if out, ok := phraseInChinese(rest, most); ok && len(rest) < len(text) {
				parts[i], changed = place+out, true
				break
			}
			before, after, ok := strings.Cut(rest, ": ")
			if !ok {
				break
			}
			place, rest = place+before+"：", after
		}
	}
	if !changed {
		return text
	}
	return strings.Join(parts, "；")
}
