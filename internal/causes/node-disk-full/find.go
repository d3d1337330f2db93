// Package nodediskfull tells a full disk of a node from the other things that are told in the same words.
package nodediskfull

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

// Find routes each "no space left on device" by what was written where, and takes what a kubelet
// says of DiskPressure. What is written to no disk is left to the causes that are about it. What the node
// itself tells decides: which file system is full, or that none is.
func Find(p *diagnose.Pass) {
	said := false
	for _, m := range p.Matches() {
		variant, certainty := "pressure", diagnose.Proven
		var where []string
		low := strings.ToLower(match.Plain(m.Sign.Message))
		switch {
		case m.Sign.Context && p.Pod.Spec.NodeName == "":
			if !onlyTaints(p.Signs) {
				continue
			}
		case m.Sign.Context:
		case pod.Rejected(p.Pod) && past(p):
			variant = "evicted"
		case strings.Contains(low, "no space left on device"), strings.Contains(low, "disk quota exceeded"):
			variant, certainty = route(low)
			where = roles(variant, low)
			if certainty == "" || roomy(p, low, where) {
				continue
			}
		case strings.Contains(low, "thin pool"), strings.Contains(low, "dm_task_run"),
			strings.Contains(low, "metadata blocks"):
			variant, where = "runtime", []string{nodefacts.RoleRuntime}
		}
		said = true
		if f, ok := full(p, where); ok {
			p.Prove([]diagnose.Match{m}, f)
			continue
		}
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: variant, Certainty: certainty,
			Evidence: []cluster.Sign{m.Sign}})
	}
	if said || !p.Silent && len(p.MatchesOf("runtime-timeout", "runtime-storage-corrupt")) == 0 {
		return
	}
	if f, ok := full(p, []string{nodefacts.RoleRuntime, nodefacts.RoleKubelet}); ok {
		f.Certainty = diagnose.Likely // nobody has complained of it
		p.Prove(nil, f)
	}
}

var (
	written = match.Lazy(`(\w+)? ?["'(]*(/[^\s:"']+)["')]*(?: caused|:)? ["']*(?:no space left on device|` +
		`disk quota exceeded)`)
	// other tells of limits that are no disk's: watches, cgroups, namespaces, mounts, keys.
	other = match.Lazy(`inotify|fsnotify|/sys/fs/cgroup|unshare|namespace|session key|keyring|/proc/self/exe|` +
		`flags[:=] ?0x|clone`)
	// tmpfs are the volumes that are held in memory; in a directory deeper than their own, space is memory.
	tmpfs = match.Lazy(`/kubernetes\.io~(?:projected|secret|downward-api)/[^/]+/`)
	// volume is a file system of a volume of the Pod: it is full itself, not the node.
	volume = match.Lazy(`/kubernetes\.io~(?:csi|nfs|iscsi|rbd|cephfs|local-volume|aws-ebs|gce-pd|azure-disk|` +
		`cinder)/|/kubernetes\.io/csi/\S+/globalmount/`)
	kubelet = match.Lazy(`/kubelet\b|/var/log/|/pods/[0-9a-f-]{32,36}/|/etc/hosts`)
	runtime = match.Lazy(`docker|containerd|containers/storage|crio|overlay|aufs|devicemapper|snapshot|rootfs|` +
		`ingest|/merged|/layerdb|buildkit`)

	kubeletWords = match.Lazy(`pod data directories|checkpoint|image pull (?:intent|record)|container log directory|` +
		`pod log directory|/kubelet/|mountvolume`)
	runtimeWords = match.Lazy(`layer|snapshot|failed to (?:copy|pull|extract|unpack)|tar file|` +
		`sandbox root directory|containerd container|writing blob|storing (?:blob|signatures)|` +
		`image|rootfs|from daemon|containers/storage|/docker|/containerd`)
)

// target is the path that could not be written; "" where the message names none.
func target(low string) string {
	if at := written().FindAllStringSubmatch(low, -1); at != nil {
		return at[len(at)-1][2]
	}
	return ""
}

// route tells whose file system is full, by the path that was written or else by who says it; no certainty where it is
// none of a disk.
func route(low string) (variant string, certainty string) {
	if other().MatchString(low) {
		return "", ""
	}
	switch path := target(low); {
	case tmpfs().MatchString(path), volume().MatchString(path):
		return "", ""
	case kubelet().MatchString(path):
		return "kubelet", diagnose.Proven
	case runtime().MatchString(path):
		return "runtime", diagnose.Proven
	case kubeletWords().MatchString(low):
		return "kubelet", diagnose.Proven
	case runtimeWords().MatchString(low):
		return "runtime", diagnose.Proven
	}
	return "", diagnose.Likely
}

var noneAvailable = match.Lazy(`(?i)^0/(\d+) nodes are available: (\d+) node\(s\) had (?:untolerated )?taint`)

// onlyTaints reports whether taints, and nothing else, keep the Pod off every node.
func onlyTaints(signs []cluster.Sign) bool {
	for i := range signs {
		if m := noneAvailable().FindStringSubmatch(signs[i].Message); m != nil && !signs[i].Context {
			return m[1] == m[2]
		}
	}
	return false
}
