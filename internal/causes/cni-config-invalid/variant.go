package cniconfiginvalid

import (
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// ofPod are the variants in which the Pod asks for what it cannot have: nothing is wrong with the node's network.
var ofPod = map[string]bool{"vf": true, "pools": true, "beside": true, "ippool": true}

var (
	// delegated is what Multus says of a network that it does not add: [shop/web/UID:net]: or [shop/web]: before it.
	delegated = match.Lazy(`\[[\w.-]+/[\w.-]+(?:/[0-9a-f-]*)?(?::([^\]\s]+))?\]: ` +
		`error adding container to network "([^"]*)": ?(.*)`)
	// asked is what Multus says of the definitions that the annotation of a Pod names, before it adds any.
	asked = match.Lazy(`TryLoadPodDelegates: .*|GetNetworkDelegates: .*`)
	// primary are the names that the networks of nodes have.
	primary = match.Lazy(`(?i)^$|^(?:cbr0|bridge|default|crio|podman|mynet|lxdbr0|kindnet|azure|terway|gke|kubernetes)|` +
		`k8s-pod-network|multus|cilium|calico|flannel|canal|weave|antrea|ovn|openshift-sdn|aws-cni|router|romana|cni0`)
	// inner is what wraps the words of a plugin that Multus calls.
	inner = match.Lazy(`^(?:delegateAdd|conflistAdd|delegateConfList\w*|` +
		`error (?:invoking|in invoke)[\w ]*(?:- "[^"]*")?|` +
		`GetNetworkDelegates|TryLoadPodDelegates|failed getting the delegate|error in getting \w+ [\w ]+|` +
		`err in \w+)(?:: ?| - )`)
)

// describe sets the variant, and blames the workload for what is its own.
func describe(p *diagnose.Pass, f *diagnose.Finding) {
	f.Variant = variant(f.Args)
	if f.Variant == "" {
		beside(f)
	}
	if ofPod[f.Variant] {
		f.Blame = p.Workload()
	}
}

// beside tells what is said of a network which by its name is not that of the node. The Pod that is known may not have
// asked for it, so it is likely.
func beside(f *diagnose.Finding) {
	text := match.Plain(f.Evidence[0].Message)
	says := asked().FindString(text)
	if m := delegated().FindStringSubmatch(text); m != nil && !primary().MatchString(m[2]) {
		says, f.Args["network"] = m[3], m[2]
	}
	if says == "" {
		return
	}
	for loc := inner().FindStringIndex(says); loc != nil && loc[1] < len(says); loc = inner().FindStringIndex(says) {
		says = says[loc[1]:]
	}
	f.Variant, f.Certainty = "beside", diagnose.Likely
	f.Args["says"] = match.Clip(strings.TrimRight(strings.ReplaceAll(says, `"`, ""), "\\': .]"), 200)
}

// variant is what a message is about, by what was caught in it.
func variant(args map[string]string) string {
	switch {
	case args["absent"] != "" && args["secondary"] != "":
		return "link"
	case args["pools"] != "":
		return "pools"
	case args["ippool"] != "":
		return "ippool"
	case args["podcidr"] != "":
		return "podcidr"
	case args["secondary"] != "":
		return "secondary"
	case args["vf"] != "":
		return "vf"
	case args["ipv6"] != "":
		return "ipv6"
	case args["version"] != "":
		return "version"
	}
	return ""
}
