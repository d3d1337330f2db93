// Package ipexhausted finds nodes that have no Pod address left, and reports whether the addresses leaked.
package ipexhausted

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// Find reports what the plugins say. Where the node tells who holds the addresses of the range, that decides: leaked,
// or all in use, or free by now. Otherwise, where they name the range and all Pods are known, it counts those on the
// node that hold an address: if they could not even fill half the range, the rest of it has leaked.
func Find(p *diagnose.Pass) {
	used := -1
	for _, m := range p.Matches() {
		m.Args["range"] = span(m.Args["range"])
		if m.Args["secondary"] == "" && byRange(p, m) {
			continue
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["secondary"] != "" {
			f.Variant = "secondary"
			p.Report(f)
			continue
		}
		if code := cloud().FindString(m.Sign.Message); code != "" {
			f.Variant, f.Args["cloud"] = "cloud", code
			if id := subnetID().FindString(m.Sign.Message); id != "" {
				f.Args["subnet"] = id
			}
			if strings.Contains(m.Sign.Message, "IpNotEnough") { // as Alibaba Cloud says it, to Terway alone
				f.Args["configmap"] = "eni-config"
			}
			p.Report(f)
			continue
		}
		if n := size(m.Args["range"]); n >= 8 && p.Pod.Spec.NodeName != "" && p.Snapshot.Complete("Pod", "") {
			if used < 0 {
				used = count(p.Neighbours())
			}
			if used < n/2 {
				f.Variant = "leaked"
				f.Args["used"], f.Args["size"] = strconv.Itoa(used), strconv.Itoa(n)
			}
		}
		p.Report(f)
	}
	for _, m := range p.Hints() {
		byRange(p, m)
	}
}

// cloud is what clouds answer who are asked for an address of a subnet that has none.
var cloud = match.Lazy(`InsufficientFreeAddressesInSubnet|InsufficientCidrBlocks|IpNotEnough|SubnetIsFull|` +
	`NoAvailableIpInSubnet`)

// subnetID is the cloud's name of a subnet.
var subnetID = match.Lazy(`\b(?:vsw|subnet)-[0-9a-z]+\b`)

// count counts the Pods that hold or may hold an address of their own.
func count(pods []*corev1.Pod) int {
	n := 0
	for _, o := range pods {
		if !o.Spec.HostNetwork && o.Status.Phase != corev1.PodSucceeded && o.Status.Phase != corev1.PodFailed {
			n++
		}
	}
	return n
}

// span is a range as first-last, or the one address that it has; "" where its end is not known. Whereabouts
// writes first / - last.
func span(named string) string {
	first, last, ok := strings.Cut(strings.ReplaceAll(named, " / - ", "-"), "-")
	switch {
	case !ok || first == last:
		return first
	case last == "": // an Event was cut off
		return ""
	}
	return first + "-" + last
}

// size is the number of addresses in an IPv4 range "10.244.0.2-10.244.0.254"; 0 where it is not one.
func size(span string) int {
	a, b, ok := strings.Cut(span, "-")
	first, err := netip.ParseAddr(a)
	last, err2 := netip.ParseAddr(b)
	if !ok || err != nil || err2 != nil || !first.Is4() || !last.Is4() {
		return 0
	}
	return number(last) - number(first) + 1
}

func number(a netip.Addr) int {
	b := a.As4()
	return int(b[0])<<24 | int(b[1])<<16 | int(b[2])<<8 | int(b[3])
}
