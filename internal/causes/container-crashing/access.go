package containercrashing

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
)

// Rights whose granting gives more than it seems to: nobody should paste a command for them because a log said so.
var (
	grave = []string{"secrets", "roles", "rolebindings", "clusterroles", "clusterrolebindings", "serviceaccounts",
		"certificatesigningrequests", "nodes", "pods", "mutatingwebhookconfigurations", "validatingwebhookconfigurations"}
	verbs = []string{"get", "list", "watch", "create", "update", "patch", "delete"}
	reads = []string{"get", "list", "watch"}
)

// plain are the kinds that ClusterRole view, which comes with Kubernetes, lets anybody read who is of a namespace.
// Source: plugin/pkg/auth/authorizer/rbac/bootstrappolicy.
var plain = []string{"configmaps", "endpoints", "events", "persistentvolumeclaims", "pods", "resourcequotas",
	"services", "controllerrevisions.apps", "daemonsets.apps", "deployments.apps", "replicasets.apps",
	"statefulsets.apps", "cronjobs.batch", "jobs.batch", "endpointslices.discovery.k8s.io",
	"horizontalpodautoscalers.autoscaling", "ingresses.networking.k8s.io", "networkpolicies.networking.k8s.io",
	"poddisruptionbudgets.policy"}

// granted are the verbs of a right in the Pod's own namespace that gives away nothing: to read what anybody there may
// read, to take part in the election of a leader, or to write Events. It is written here, and the program only chooses
// from it; "" for any other. Who lists mostly watches then.
func granted(verb, full string) string {
	switch {
	case verb == "get" && slices.Contains(plain, full):
		return "get"
	case slices.Contains(reads, verb) && slices.Contains(plain, full):
		return "get,list,watch"
	case full == "leases.coordination.k8s.io" && verb != "delete":
		return "get,list,watch,create,update,patch"
	case (full == "events" || full == "events.events.k8s.io") && (verb == "create" || verb == "patch"):
		return "create,patch"
	}
	return ""
}

// forbidden: the API server refuses what the container asks of it. Where the user is the Pod's own ServiceAccount, that
// is what lacks a right; a command to give it is only made of names that have the form of names, and for rights that
// give no more than they say.
func (w *words) forbidden() {
	w.be("forbidden")
	verb, kind := w.has("verb", resource), w.args["resource"]
	account := w.Pod.Spec.ServiceAccountName
	if account == "" {
		account = "default"
	}
	if w.args["user"] != "system:serviceaccount:"+w.Pod.Namespace+":"+account ||
		!slices.Contains(verbs, verb) || !resource().MatchString(kind) {
		return
	}
	w.set("serviceaccount", account)
	w.set("verb", verb)
	w.set("resource", kind)
	w.finding.Blame = cluster.Ref{Kind: "ServiceAccount", Namespace: w.Pod.Namespace, Name: account}
	if w.Pod.Spec.ServiceAccountName != "" {
		w.bornOut(w.Cite("spec.serviceAccountName", account))
	}
	full := kind
	if g := w.args["apigroup"]; g != "" {
		if !group().MatchString(g) {
			return
		}
		full += "." + g
	}
	w.set("full", full)
	w.set("grants", verb)
	w.finding.Hearsay = []string{"full", "role", "allspaces", "grants"}
	if verbs := granted(verb, full); verbs != "" && w.args["inspace"] == w.Pod.Namespace {
		w.set("grants", verbs)
		w.finding.Hearsay = nil
		w.finding.Attested = append(w.finding.Attested, "verb", "full", "grants", "role")
	}
	if !slices.Contains(grave, kind) || kind == "pods" && slices.Contains(reads, verb) {
		w.set("role", strings.ReplaceAll(account, ".", "-")+"-"+verb+"-"+kind)
	}
	switch in := w.args["inspace"]; {
	case in == "":
		w.set("allspaces", full)
	case dnsName().MatchString(in):
		w.set("inspace", in)
	}
}
