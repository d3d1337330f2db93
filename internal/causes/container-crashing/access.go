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
	w.finding.Hearsay = []string{"full", "role", "allspaces"}
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
