package argument

import (
	"slices"
	"strings"
	"sync"
)

// names has the arguments of each type. An argument has one type in all causes: {holder} is a DNS name wherever it is.
var names = map[*Type]string{
	Label: "container flag holdernamespace inspace lower namespace objectnamespace othernamespace secondaryns " +
		"service servicens space takernamespace unread victimnamespace",
	Name: "account attachment blockerpod claim class clusterpolicy configmap deviceclass driver holder holdernode lease " +
		"limitrange maker meant mounted mountpod mutating newclass newvolume node object pod podgroup policy priorityclass " +
		"provisioner pv quota released resourceclaim role runtimeclass scheduler second secondary secondclaim secondpv " +
		"secret serviceaccount template trustbundle uid validating victim volume",
	Names:  "nodes",
	Object: "other owner rule taker workload",
	Image:  "image nearimage valid",
	Path:   "command devpath device dir export folderpath folder log mount mountpath path policyfile propagated socket",
	File: "creates deb file handler module network plugin probefield probehole " +
		"probehost probename probevalue program rpm",
	ID:        "sandbox",
	IP:        "ip",
	Number:    "grpcport jvmheap nodeheap above code126 code127 code137 code139 code143 domains group port process right",
	Quantity:  "double raised suggest twice",
	Field:     "cited sysctlfield",
	Key:       "key nearest sysctl variable",
	Host:      "host loginserver mirrored registry server",
	Qualified: "annotation resource topology",
	Pairs:     "label least limits requests selector setting taint",
	Kinds:     "allspaces dnspolicy full grants kind verb",
	User:      "grantee user",
	Flag:      "previous",
	Patch:     "addcaps claimpatch keypatch limitpatch newclaim newpv otherpatch patch sidecar startprobe",
	Text: "absent address again age agent ahead aio allocatable allocating allowed answer apigroup appear arch " +
		"asof clock dataversion external programversion " +
		"argument artifact asked at available awaited awaiting back before behind binding blocker blockers bound " +
		"branch bridge budget busy bytes ca call capability capacity cdi cfs classes cloud code condition " +
		"constraints coscheduling count created database deadline declared deleted detacherror detachsince detail " +
		"dies done driverless earliest elsewhere empty ended entry error etcd exitcode expired failpolicy failure " +
		"faulty feature features field fields finalizer find first fit fitting found free fstype gate gatedby " +
		"gates got handle hard have held heldsince helper hns holders hook hosts idle imagepolicy infer injected " +
		"instances ippool ipv6 isdir jit kubelet kubeovn largest lazy leader leaked leftover level limit limited line " +
		"link locked login logsize long lost made manager max medium mended meshed message metadata mismatch missed mode " +
		"modes name near needs nested net nodesince nodestate noexec none noscale nothing off old opened option " +
		"order others own parse pending placed placements plain podcidr pods policies pool pools preemptor " +
		"priority probe proc product profile provider proxy question queue ran range reason reasons rejected " +
		"remaining renewed request requested reserved root runtime said says schedule scope scopes seen servers " +
		"services set setter several share shared signer size skew slow some soughtin source sources spaces stage " +
		"started state status subnet subpath supports tainted taken takers takes terminating timeout times " +
		"timezone timing tokenless tool top topuse total tries type types unfit unknown unlisted unmet unprepared " +
		"unready unset unshare until untrusted unused usable used userns utf8 values version vf vm volcano volumes " +
		"wait waits wanted watches webhook what which windows word words wrong zero",
}

// declared has the type of each argument.
var declared = sync.OnceValue(func() map[string]*Type {
	out := map[string]*Type{}
	for t, list := range names {
		for _, name := range strings.Fields(list) {
			if out[name] != nil {
				panic("argument: " + name + " is declared twice")
			}
			out[name] = t
		}
	}
	return out
})

// Declared reports whether an argument is declared. One that is not is free text.
func Declared(arg string) bool { return declared()[arg] != nil }

// NamesOf are the arguments of a type, in order.
func NamesOf(t *Type) []string { return slices.Sorted(slices.Values(strings.Fields(names[t]))) }
