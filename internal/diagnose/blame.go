package diagnose

import (
	"maps"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
)

// names says under which argument the name of a thing to blame stands.
type names struct {
	kind      string
	arg       string
	namespace string // a fixed one; "." for the Pod's own; "" for none
}

// blamed lists for each kind of blame what its name may stand under, the best first.
var blamed = map[string][]names{
	"Node":         {{"Node", "node", ""}},
	"Image":        {{"Image", "image", ""}},
	"Registry":     {{"Registry", "registry", ""}},
	"RuntimeClass": {{"RuntimeClass", "runtimeclass", ""}, {"Node", "node", ""}},
	"CSIDriver": {{"CSIDriver", "driver", ""}, {"PersistentVolume", "pv", ""},
		{"PersistentVolumeClaim", "claim", "."}},
	"Namespace":             {{"Namespace", "namespace", ""}},
	"PersistentVolume":      {{"PersistentVolume", "pv", ""}, {"PersistentVolumeClaim", "claim", "."}},
	"PersistentVolumeClaim": {{"PersistentVolumeClaim", "claim", "."}},
	"Secret":                {{"Secret", "secret", "."}},
	"ResourceQuota":         {{"ResourceQuota", "quota", "."}},
	"LimitRange":            {{"LimitRange", "limitrange", "."}},
	"Webhook": {{"ValidatingWebhookConfiguration", "validating", ""},
		{"MutatingWebhookConfiguration", "mutating", ""}, {"ValidatingAdmissionPolicy", "policy", ""},
		{"Webhook", "webhook", ""}},
	"ConfigMap":                   {{"ConfigMap", "configmap", "."}},
	"ConfigMap/Secret":            {{"Secret", "secret", "."}, {"ConfigMap", "configmap", "."}},
	"ServiceAccount":              {{"ServiceAccount", "serviceaccount", "."}},
	"Lease":                       {{"Lease", "lease", "kube-system"}},
	"ClusterTrustBundle":          {{"ClusterTrustBundle", "trustbundle", ""}, {"Signer", "signer", ""}},
	"DeviceClass":                 {{"DeviceClass", "deviceclass", ""}},
	"NetworkAttachmentDefinition": {{"NetworkAttachmentDefinition", "secondary", "."}},
	"PodGroup":                    {{"PodGroup", "podgroup", "."}},
	"ResourceClaim":               {{"ResourceClaimTemplate", "template", "."}, {"ResourceClaim", "resourceclaim", "."}},
	"Signer":                      {{"Signer", "signer", ""}},
	"Container":                   nil,
	"Pod":                         nil,
}

// BlameKinds are the kinds of things that a cause may blame.
func BlameKinds() []string { return slices.Sorted(maps.Keys(blamed)) }

// BlameArguments are the arguments under which the name of a thing of a kind may be, the best first.
func BlameArguments(kind string) []string {
	var args []string
	for _, n := range blamed[kind] {
		args = append(args, n.arg)
	}
	return args
}

// Blame is the object that has to change, of the kind that the cause blames, by its name in the arguments.
// What is wrong with a network that the Pod asks for beside that of its node is not the node's.
// Where they do not name it, it is the Pod's workload: that is what has to be edited to change the Pod.
func (p *Pass) Blame(args map[string]string) cluster.Ref {
	if args["secondary"] != "" && p.cause.Blame == "Node" {
		return cluster.Ref{Kind: "NetworkAttachmentDefinition", Namespace: args["secondaryns"], Name: args["secondary"]}
	}
	for _, n := range blamed[p.cause.Blame] {
		if args[n.arg] == "" {
			continue
		}
		r := cluster.Ref{Kind: n.kind, Namespace: n.namespace, Name: args[n.arg]}
		if n.namespace == "." {
			r.Namespace = p.Pod.Namespace
		}
		return r
	}
	w := p.Workload()
	if p.cause.Blame == "Container" && args["container"] != "" {
		return cluster.Ref{Kind: "Container", Namespace: w.Namespace, Name: w.Name + "/" + args["container"]}
	}
	return w
}

// Workload is what has to be edited to change the Pod: the Deployment, StatefulSet... that owns it in the end, else the
// Pod itself.
func (p *Pass) Workload() cluster.Ref { return p.podRun.index.workload(p.Pod) }
