// Package volumeattachfailed finds Pods whose volume the storage backend would not attach.
package volumeattachfailed

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// What backends answer: AWS, Azure, GCE, OpenStack, Longhorn and others. The first that fits counts.
var answers = []struct {
	variant string
	sure    bool // its words admit no other reading
	words   func() *regexp.Regexp
}{
	// the backend names the machine, not the disk
	{"machine", true, match.Lazy(`(?i)InvalidInstanceID\.NotFound|could not find (?:the )?instance|` +
		`/instances/[\w.-]+' was not found|instance ID '?[\w-]+'? does not exist|` +
		`\binstance "?[\w.-]+"? (?:could )?not (?:be )?found|` +
		`virtual ?machine\S* .{0,80}(?:was ?n[o'’]t found|does not exist)|` +
		`InvalidInstanceId\.NotFound|failed to get (?:azure )?instance id for node|node "[^"]+" has no NodeID`)},
	// what it says while it waits after an earlier failure, whatever that was
	{"", false, match.Lazy(`(?i)due to backoff condition|retry after|AttachDiskWhileBeingDetached`)},
	{"key", true, match.Lazy(`(?i)InvalidEncryptionKey|\bKMS\b.{0,120}(?:not accessible|disabled|denied|` +
		`not authorized|not found)|DiskEncryptionSet.{0,80}(?:not found|forbidden)`)},
	{"denied", true, match.Lazy(`(?i)not authorized to perform: \w+:|required '?compute\.\w+\.\w+'? permission ` +
		`for '[^']+'(?:, forbidden|$)|Forbidden\.RAM`)},
	{"denied", false, match.Lazy(`(?i)UnauthorizedOperation|AuthorizationFailed|not authorized to perform|` +
		`does not have authorization|AccessDenied|LinkedAuthorizationFailed|required '?compute\.\w+\.\w+'? permission|` +
		`code = PermissionDenied|NoPermission`)},
	{"gone", false, match.Lazy(`(?i)InvalidVolume\.NotFound|volume '?[\w-]+'? does not exist|could not find disk|` +
		`disk (?:/subscriptions/\S+|resource \S+) (?:is|was) not found|/disks/[\w-]+' was not found|` +
		`InvalidDiskId\.NotFound|volume \S+ could not be found`)},
	{"host", false, match.Lazy(`(?i)\bhost\b.{0,120}(?:not found|not registered|does not exist)|` +
		`no (?:host )?initiators?\b|` +
		`(?:unable|failed|could ?n.t) to find (?:the )?host\b|no host (?:found|for)`)},
	{"busy", false, match.Lazy(`(?i)code = Aborted desc = pending|operation .{0,120}already exists|` +
		`operation (?:is )?(?:already )?in progress|expected device to be attached but was attaching`)},
	{"handle", false, match.Lazy(`(?i)(?:invalid|malformed|parse|decode|wrong) (?:the )?(?:csi )?volume ?(?:id|handle)|` +
		`volume ?(?:id|handle)\b.{0,80}(?:malformed|not in (?:the )?(?:right|correct|expected))|REST property \[volume`)},
	{"deleting", true, match.Lazy(`(?i)volume attachment is being deleted`)},
	{"unready", true, match.Lazy(`(?i)code = Aborted.{0,80}` +
		`(?:is not ready for workloads|is attaching|is detaching|not ready)`)},
}

// disk is what the kubelet says where it looks for the device of a volume that the backend calls attached.
var disk = match.Lazy(`(?i)/dev/|device|\bdisk\b|\blun\b|\bpath\b|\biqn\b|nvme|\bwwn\b`)

// answered is the kind of answer that a message holds, and whether it can be read in one way only. That the volume is
// not attached, and what was said, is so with any answer.
func answered(message string) (variant string, sure bool) {
	if strings.Contains(message, "WaitForAttach") && disk().MatchString(message) {
		return "device", false
	}
	for _, a := range answers {
		if a.words().MatchString(message) {
			return a.variant, a.sure
		}
	}
	return "", true
}

// Find reports what was said of attaching, by an Event or by the VolumeAttachment itself.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if m.Sign.Ref.Kind == "VolumeAttachment" {
			m.Args["error"] = m.Sign.Message
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		m.Args["detail"] = match.Decisive(cmp.Or(m.Args["error"], m.Sign.Message), 150)
		sure := false
		if f.Variant, sure = answered(m.Sign.Message); !sure || m.Sign.Kind == cluster.SignLog {
			f.Certainty = diagnose.Likely
		}
		if node := m.Args["node"]; f.Variant == "machine" && node != "" {
			f.Blame = cluster.Ref{Kind: "Node", Name: node}
		}
		p.Report(f)
	}
}
