package cniconfiginvalid

import "github.com/kubestuck/stuck/internal/diagnose"

// ofPod are the variants in which the Pod asks for what it cannot have: nothing is wrong with the node's network.
var ofPod = map[string]bool{"vf": true, "pools": true}

// describe sets the variant, and blames the workload for what is its own.
func describe(p *diagnose.Pass, f *diagnose.Finding) {
	f.Variant = variant(f.Args)
	if ofPod[f.Variant] {
		f.Blame = p.Workload()
	}
}

// variant is what a message is about, by what was caught in it.
func variant(args map[string]string) string {
	switch {
	case args["absent"] != "" && args["secondary"] != "":
		return "link"
	case args["pools"] != "":
		return "pools"
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
