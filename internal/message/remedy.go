package message

// remedies are what has to be known of how a remedy is done, whatever the cause.
var remedies = map[string]text{
	"remedy.alone": {
		"The Pod is alone, so it is written out, deleted and made anew: meanwhile it is gone.",
		"这个 Pod 没有上级控制器，因此先导出，再删除并重建，其间它不存在。",
	},
	"remedy.emptydir": {
		"What is in its emptyDir volumes is lost.",
		"它的 emptyDir 卷里的内容会丢失。",
	},
	"remedy.deaf": {
		"It is not waited for: as long as its hook runs, the old container may run on beside the new one.",
		"不会等待旧 Pod 结束：只要钩子还在运行，旧容器就可能与新容器同时存在。",
	},
	"remedy.again": {
		"{owner} makes a new one.",
		"{owner} 会新建一个。",
	},
	"remedy.managed.helm": {
		"It is managed by Helm release {name} in namespace {in}: put the change into its values as well, or the next " +
			"upgrade takes it back.",
		"它由 Helm release {name}（命名空间 {in}）管理：values 里也要改，否则下次升级会改回去。",
	},
	"remedy.managed.helm.somewhere": {
		"It is managed by Helm release {name}: put the change into its values as well, or the next upgrade takes it back.",
		"它由 Helm release {name} 管理：values 里也要改，否则下次升级会改回去。",
	},
	"remedy.managed.argocd": {
		"It is managed by Argo CD application {name}: make the change in its repository, or it comes back.",
		"它由 Argo CD 应用 {name} 管理：要在它的仓库里改，否则会被改回去。",
	},
	"remedy.managed.flux": {
		"It is managed by Flux Kustomization {name} in namespace {in}: make the change in its repository, or it comes back.",
		"它由 Flux Kustomization {name}（命名空间 {in}）管理：要在它的仓库里改，否则会被改回去。",
	},
	"remedy.managed.flux.somewhere": {
		"It is managed by Flux Kustomization {name}: make the change in its repository, or it comes back.",
		"它由 Flux Kustomization {name} 管理：要在它的仓库里改，否则会被改回去。",
	},
	"remedy.managed.flux.helm": {
		"It is managed by Flux HelmRelease {name} in namespace {in}: make the change in its values, or it comes back.",
		"它由 Flux HelmRelease {name}（命名空间 {in}）管理：要在它的 values 里改，否则会被改回去。",
	},
	"remedy.managed.flux.helm.somewhere": {
		"It is managed by Flux HelmRelease {name}: make the change in its values, or it comes back.",
		"它由 Flux HelmRelease {name} 管理：要在它的 values 里改，否则会被改回去。",
	},
	"remedy.managed.operator": {
		"It is made by {name}: make the change there, or it comes back.",
		"它由 {name} 创建：要在那里改，否则会被改回去。",
	},
	"remedy.image": {
		"Nothing can be installed into {system}: take an image or an extension of it that has this.",
		"{system} 不能安装软件包：请使用包含它的镜像或系统扩展。",
	},
	"remedy.talos": {
		"Talos has no shell: this is run from where talosctl is.",
		"Talos 没有 shell：在装有 talosctl 的机器上执行。",
	},
	"remedy.talos.none": {
		"Talos has no shell: it is set in the node's machine configuration (talosctl edit machineconfig).",
		"Talos 没有 shell：通过节点的 machine configuration 设置（talosctl edit machineconfig）。",
	},
	"remedy.bottlerocket": {
		"Bottlerocket has no shell of its own: enter-admin-container, then sudo sheltie.",
		"Bottlerocket 本身没有 shell：先执行 enter-admin-container，再执行 sudo sheltie。",
	},
	"remedy.windows": {
		"On {system} this is done by other means.",
		"在 {system} 上要用其他方式完成。",
	},
	"remedy.uncordon": {
		"Let Pods come back when {node} is well: kubectl uncordon {node}.",
		"{node} 恢复后用 kubectl uncordon {node} 恢复调度。",
	},
	"remedy.find.restart": {
		"Its Pod is not known here: find it in this list, and delete it.",
		"这里不知道是哪个 Pod：从列表中找到它，然后删除。",
	},
	"remedy.find.all": {
		"Its DaemonSet is not known here: find it in this list, and restart it (kubectl rollout restart).",
		"这里不知道是哪个 DaemonSet：从列表中找到它，然后用 kubectl rollout restart 重启。",
	},
	"remedy.find.logs": {
		"Its Pod is not known here: find it in this list, and read its log.",
		"这里不知道是哪个 Pod：从列表中找到它，再查看日志。",
	},
	"remedy.find.describe": {
		"Its Pod is not known here: find it in this list.",
		"这里不知道是哪个 Pod：从列表中找到它。",
	},
	"remedy.stays": {
		"A {kind} leaves the Pod that waits as it is, so that one is deleted.",
		"{kind} 不会替换这个等待中的 Pod，所以还要删除它。",
	},
	"remedy.job": {
		"The template of a Job cannot be changed, so the Job is written out, deleted and made anew.",
		"Job 的模板不能修改，因此先导出该 Job，再删除并重建。",
	},
	"remedy.cronjob": {
		"The run that is stuck is deleted and made anew.",
		"卡住的这次运行会被删除并重建。",
	},
	"remedy.static": {
		"It is a static Pod: this is run on node {node}, where its manifest is a file, and needs kubectl there.",
		"这是静态 Pod：在节点 {node} 上执行，它的清单是那里的一个文件，执行时需要 kubectl。",
	},
	"remedy.static.again": {
		"It is a static Pod: this is run on node {node}, where its manifest is a file.",
		"这是静态 Pod：在节点 {node} 上执行，它的清单是那里的一个文件。",
	},
	"remedy.custom": {
		"A {kind} has a form of its own: set {field} to {value} in the template of its Pods.",
		"{kind} 有自己的格式：在它的 Pod 模板里把 {field} 设为 {value}。",
	},
	"remedy.custom.remove": {
		"A {kind} has a form of its own: take {field} out of the template of its Pods.",
		"{kind} 有自己的格式：在它的 Pod 模板里去掉 {field}。",
	},
}
