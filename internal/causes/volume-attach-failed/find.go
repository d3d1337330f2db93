// Package volumeattachfailed finds Pods whose volume the storage backend would not attach.
package volumeattachfailed

import (
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// What backends answer: AWS, Azure, GCE, OpenStack, Longhorn and others. The first that fits counts.
var answers = []struct {
	variant string
	words   func() *regexp.Regexp
}{
	{"key", match.Lazy(`(?i)InvalidEncryptionKey|\bKMS\b.{0,120}(?:not accessible|disabled|denied|` +
		`not authorized|not found)|DiskEncryptionSet.{0,80}(?:not found|forbidden)`)},
	{"denied", match.Lazy(`(?i)UnauthorizedOperation|AuthorizationFailed|not authorized to perform|does not have ` +
		`authorization|AccessDenied|LinkedAuthorizationFailed|required '?compute\.\w+\.\w+'? permission|` +
		`Forbidden\.RAM|code = PermissionDenied|NoPermission`)},
	{"gone", match.Lazy(`(?i)InvalidVolume\.NotFound|volume '?[\w-]+'? does not exist|could not find disk|` +
		`disk (?:/subscriptions/\S+|resource \S+) (?:is|was) not found|/disks/[\w-]+' was not found|` +
		`InvalidDiskId\.NotFound|volume \S+ could not be found`)},
	{"deleting", match.Lazy(`(?i)volume attachment is being deleted`)},
	{"unready", match.Lazy(`(?i)code = Aborted.{0,80}(?:is not ready for workloads|is attaching|is detaching|not ready)`)},
}

func answered(message string) string {
	for _, a := range answers {
		if a.words().MatchString(message) {
			return a.variant
		}
	}
	return ""
}

// Find reports what was said of attaching, by an Event or by the VolumeAttachment itself.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if m.Sign.Ref.Kind == "VolumeAttachment" {
			m.Args["error"] = m.Sign.Message
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if strings.Contains(m.Sign.Message, "WaitForAttach") {
			f.Variant = "device"
		} else {
			f.Variant = answered(m.Sign.Message)
		}
		p.Report(f)
	}
}
