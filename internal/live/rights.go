package live

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
)

// Role is the least that a diagnosis needs, as a manifest: a ClusterRole, or with a namespace what of it a Role can
// hold. Secrets and ConfigMaps are left out: only their metadata is asked for, but RBAC has no word for that, and the
// right to read names is that to read values. Whoever wants to give it adds [SecretRule]; without it there is a gap.
func Role(namespace string) string {
	byGroup := map[string][]string{}
	asked := slices.Sorted(maps.Keys(questions))
	for _, name := range slices.Compact(slices.Sorted(slices.Values(append(asked, "Event", "Namespace", "Pod")))) {
		k := cluster.KindOf(name)
		if !namesOnly(k) && (namespace == "" || k.Namespaced && name != "Lease") {
			byGroup[k.Group] = append(byGroup[k.Group], k.Resource())
		}
	}
	var b strings.Builder
	kind, in := "ClusterRole", ""
	if namespace != "" {
		kind, in = "Role", "\n  namespace: "+namespace
	}
	fmt.Fprintf(&b, "apiVersion: rbac.authorization.k8s.io/v1\nkind: %s\nmetadata:\n  name: kubectl-stuck%s\nrules:\n",
		kind, in)
	for _, group := range slices.Sorted(maps.Keys(byGroup)) {
		slices.Sort(byGroup[group])
		fmt.Fprintf(&b, "- apiGroups: [%q]\n  resources: [%s]\n  verbs: [get, list]\n", group,
			strings.Join(byGroup[group], ", "))
	}
	b.WriteString(logRule)
	b.WriteString(following)
	return b.String()
}

// logRule is the rule for the last words of what crashes.
const logRule = `# for the last lines of what crashes; without it, or with --no-logs, logs are not read
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
`

// following are the rules that only [Follow] needs.
const following = `# for -w and --wait-until-started
- apiGroups: [""]
  resources: [events, pods]
  verbs: [watch]
# for --wait-until-started
- apiGroups: ["apps"]
  resources: [daemonsets, deployments, replicasets, statefulsets]
  verbs: [list, watch]
- apiGroups: ["batch"]
  resources: [jobs]
  verbs: [list, watch]
`

// SecretRule is the rule for whether the Secrets and ConfigMaps that stuck Pods name are there, to be added to that of
// [Role].
const SecretRule = `# for whether the Secrets and ConfigMaps that stuck Pods name are there. It is left out unless asked
# for, because it is far-reaching: only names are asked for, but RBAC has no word for that, and this
# is the right to read the value of every Secret that it covers, tokens and certificates included.
# Without it the answer says that it is not known whether they are there; what an Event says of
# them is still told. (--inspect-secrets, which reads which keys there are, needs it as well.)
- apiGroups: [""]
  resources: [configmaps, secrets]
  verbs: [get, list]
`

// NodeProxy is the rule for what the kubelets of the nodes that stuck Pods are on are asked for, to be added to that of
// [Role] for a whole cluster.
const NodeProxy = `# for what kubelets tell of their nodes: /configz, /stats/summary and /logs. It is left out unless
# asked for, because it is far-reaching: it opens the whole API of every kubelet, with exec into
# every container of the cluster. The narrow rights that there are since Kubernetes 1.33
# (nodes/stats, nodes/configz, nodes/log) are of no use here: a kubelet takes them from who asks
# it directly, but through the API server it is nodes/proxy. Without it (or with --no-node) nodes
# are not asked; stuck-agent on the nodes tells more, and needs no such right.
- apiGroups: [""]
  resources: [nodes/proxy]
  verbs: [get]
`
