// Package csicallfailed finds Pods whose volume a CSI driver, or mount itself, refuses to mount on the node, where no
// other cause knows why.
package csicallfailed

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// mounted is what comes of a call of mount.
var mounted = match.Lazy(`mount failed|mounting (?:command|arguments)|: exit status \d+$|no such device|` +
	`host is down|input/output error`)

// attaching is what is said of attaching a volume, which is the controller's.
var attaching = match.Lazy(`waitforattach|controllerpublishvolume failed|failed to publish volume: volume assign`)

// mountPod is the Pod in which a driver runs the program of a mount, and which it names.
var mountPod = match.Lazy(`(?i)mount ?pod:? "?([a-z0-9][a-z0-9.-]*[a-z0-9])`)

// dead is what comes of a path that a FUSE program served and that nobody serves any more.
var dead = match.Lazy(`transport endpoint is not connected|software caused connection abort|mkdir \S+: file exists'?$`)

// busy is what a driver says whose earlier call still runs.
var busy = match.Lazy(`code = aborted .*already exists|an operation with the given volume .*already exists|` +
	`operation is already in progress`)

// sidecar is what drivers say that mount through a container in the Pod itself, such as that of Cloud Storage.
var sidecar = match.Lazy(`fail\w* to (?:inject|find) the sidecar container`)

// controller is what the part of a driver on the node says that waits for its controller.
var controller = match.Lazy(`(?i)failed to find (?:corresponding )?\w+ custom resource|see the controller logs|` +
	`(?:check|see) (?:the )?(?:logs? of )?(?:the )?\S*csi\S*controller`)

// refused is what a secret store answers to whom it does not let in.
var refused = match.Lazy(`status ?(?:code)?[=:]? ?40[13]\b|code: 40[13]|forbidden|permission denied|access ?denied|` +
	`not authorized|unauthorized|no matching federated identity|assumerolewithwebidentity`)

// advice is what drivers write behind an error, of no matter which.
var advice = match.Lazy(`(?is)[,.;\s]*(?:output:\s*)?please refer to (?:https?://|the )\S+.*$`)

// Find reports the error that came back. That an earlier call still runs, and a mount without a word why, leave open
// what is wrong.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		text := match.Plain(m.Sign.Message)
		low := strings.ToLower(text)
		if attaching().MatchString(low) {
			continue // that is attaching, not mounting
		}
		if m.Args["volume"]+m.Args["code"] == "" && known(p, m) {
			continue
		}
		m.Args["says"] = says(text)
		m.Args["detail"] = match.Clip(m.Args["says"], 150)
		if named := mountPod().FindStringSubmatch(text); named != nil {
			m.Args["mountpod"] = named[1]
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		rpc := strings.Contains(low, "rpc error") || strings.Contains(low, "kubernetes.io/csi")
		switch {
		case dead().MatchString(low):
			f.Variant = "fuse"
			blameNode(p, &f)
		case rpc && outside(p, &f, text):
			f.Variant, f.Certainty = "root", diagnose.Likely
		case strings.Contains(low, "secrets store objects") && refused().MatchString(low):
			f.Variant = "store"
		case rpc && controller().MatchString(low):
			f.Variant = "controller"
		case sidecar().MatchString(low):
			f.Variant = "sidecar"
			f.Blame = p.Workload()
		case rpc && byAnswer(&f, low):
		case strings.Contains(low, "command failed, status: failure") || strings.Contains(low, "invalid character"):
			f.Variant = "plugin"
		case strings.Contains(low, "not supported by driver"): // it tells what it cannot do
		case strings.Contains(low, "mount error("):
			f.Variant = "smb"
			if !rpc {
				f.Certainty = diagnose.Likely
			}
		case !rpc && mounted().MatchString(low):
			f.Variant, f.Certainty = "mount", diagnose.Likely
		case !rpc:
			f.Variant, f.Certainty = "plugin", diagnose.Likely
		case busy().MatchString(low):
			f.Variant, f.Certainty = "pending", diagnose.Likely
		case unstaged().MatchString(low):
			f.Variant = "unstaged"
			blameNode(p, &f)
		case m.Args["code"] == "DeadlineExceeded":
			f.Variant = "timeout"
		// a driver's log: it may be of any of its calls
		case strings.Contains(low, "grpc error: "), strings.Contains(low, "handler failed: "):
			f.Certainty = diagnose.Likely
		}
		p.Report(f)
	}
}

// says is the part of the message that tells most: what came out of mount, else the driver's own words.
func says(text string) string {
	text = advice().ReplaceAllString(text, "")
	for _, mark := range []string{"Output: ", "output: ", "desc = ", "mount failed: ", " : "} {
		if i := strings.LastIndex(text, mark); i >= 0 {
			text = text[i+len(mark):]
			break
		}
	}
	return match.Clip(strings.TrimRight(strings.TrimSpace(text), ".:, "), 300)
}
