package pasted

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// What people copy of a description is often its Events alone, without who they are about; or rows of a table without
// its head, or a line or two of either without their ages.

// From where on Events of a fragment are counted, so that none has the name of one of another form.
const fragmentEvents = 3_000_000

const ages = `(?:(?:\d+[smhdy]){1,3}|<unknown>|<invalid>)`

var (
	// fragmentHead is a line of an Event, wherever it stands.
	fragmentHead = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^[>|\s]*(?:[^\n]{0,160}[ \t])?(?:Normal|Warning)[ \t]+` + known + `[ \t]`)
	})
	// bareRow is a row of kubectl get events: when, type, reason, object, message.
	bareRow = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:([a-z0-9][a-z0-9-]*) +)?(` + ages + `(?: \(x\d+ over \S+\))?) +(Normal|Warning) +` +
			`([A-Z]\w+) +([a-z]+)/(\S+) +(?:(spec\.\w+\{[^}]+\}) +)?(.+)$`)
	})
	// oldRow is a row of either as kubectl printed them until 1.10: first and last seen, count, and then who it is
	// about, or who said it, before type, reason and message.
	oldRow = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(` + ages + `) +(` + ages + `) +(\d+) +(.*?) +(Normal|Warning) +` +
			`([A-Z]\w+)(?: +(.*))?$`)
	})
	// ageless is a line that somebody wrote down without when it was.
	ageless = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(Normal|Warning) +` + known + `(?: +(.*))?$`)
	})
	times = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\(x(\d+)(?: over \S+)?\) +`) })
	sayer = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:\.\.\. *)?(kubelet(?:, \S+)?|karpenter|cluster-autoscaler|` +
			`[a-z-]+-(?:controller|scheduler|manager)|\.\.\.)(?: +|$)`)
	})
	part = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`spec\.\w+\{[^}]+\}`) })
)

// unnamedPod stands for the name of a Pod that is not told. No Pod can have it.
const unnamedPod = "(unknown)"

// known are reasons of Events about Pods that start, or do not.
const known = `(Failed\w*|BackOff|ErrImage\w+|ImagePullBackOff|InspectFailed|UnexpectedAdmissionError|Unhealthy|` +
	`Evicted|NetworkNotReady|OutOf\w+|NodeAffinity|SandboxChanged|Killing|Scheduled|Pulling|Pulled|Created|Started|` +
	`SuccessfulAttachVolume|ProvisioningFailed|InvalidImageName)`

// A bare is an Event of a fragment, and what it is about as far as its line says.
type bare struct {
	told
	about, namespace, name string
}

// bareOf reads a line of an Event that stands alone.
func bareOf(text string) (bare, bool) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, corev1.EventTypeNormal) && !strings.Contains(text, corev1.EventTypeWarning) {
		return worded(text)
	}
	if m := bareRow().FindStringSubmatch(text); m != nil {
		b := bare{told{kind: m[3], reason: m[4], path: m[7], message: m[8], count: 1}, m[5], m[1], m[6]}
		if k, ok := kinds[b.about]; ok {
			b.about = k
		}
		o := often().FindStringSubmatch(m[2])
		return b, o != nil && b.told.ages(o[1], o[2], o[3])
	}
	if m := oldRow().FindStringSubmatch(text); m != nil {
		b := bare{told: told{kind: m[5], reason: m[6], message: m[7], count: 1, path: part().FindString(m[4])}}
		if cells := columns().Split(m[4], -1); len(cells) > 1 && kinds[strings.ToLower(cells[1])] != "" {
			b.name, b.about = cells[0], kinds[strings.ToLower(cells[1])]
			if _, said, ok := strings.Cut(m[7], "  "); ok { // behind who says it
				b.message = strings.TrimSpace(said)
			}
		}
		if n, err := strconv.Atoi(m[3]); err == nil {
			b.count = max(n, 1)
		}
		return b, b.told.ages(m[2], m[3], m[1])
	}
	if t, ok := toldOf(text); ok {
		return bare{told: t}, true
	}
	m := ageless().FindStringSubmatch(text)
	if m == nil {
		return worded(text)
	}
	b := bare{told: told{kind: m[1], reason: m[2], message: m[3], count: 1, undated: true}}
	if m := times().FindStringSubmatch(b.message); m != nil {
		b.message = b.message[len(m[0]):]
		if n, err := strconv.Atoi(m[1]); err == nil {
			b.count = max(n, 1)
		}
	}
	if s := sayer().FindStringSubmatch(b.message); s != nil {
		b.from, b.message = strings.Trim(s[1], "."), b.message[len(s[0]):]
	}
	return b, true
}

// fragment reads the Events that a text has without what they are about, and says how many lines they take.
// asked is the Pod that was asked about before, where a command says so.
func fragment(lines []line, asked podName, now time.Time, count int) ([]Object, int) {
	var all []bare
	more := tail{sep: " ", trim: true}
	n, indent := 0, 0
	for ; n < len(lines); n++ {
		l := lines[n]
		text := strings.TrimSpace(l.text)
		if text == "" || isBegin(l.text) || l.command ||
			tableHead().MatchString(l.text) && !fragmentHead().MatchString(l.text) {
			break
		}
		if strings.HasPrefix(text, "Events:") || strings.HasPrefix(text, "---") ||
			strings.HasPrefix(text, "Type ") || strings.HasPrefix(text, "FirstSeen ") {
			continue
		}
		if b, ok := bareOf(text); ok {
			more.end()
			b.line, indent = l.number, l.indent()
			all = append(all, b)
			more.of = &all[len(all)-1].message
			continue
		}
		if len(all) == 0 || l.indent() <= indent && !goesOn(text) {
			break
		}
		more.add(text)
	}
	more.end()
	if len(all) == 0 {
		return nil, 0
	}
	about, node := nameOf(all)
	about = cmp.Or(about, asked)
	var out []Object
	for i, b := range all {
		if p := ofPart().FindStringSubmatch(b.message); p != nil {
			b.path, b.message = p[1], b.message[len(p[0]):]
		}
		if b.host = node; b.about == "" {
			b.about, b.namespace, b.name = "Pod", about.namespace, cmp.Or(about.name, unnamedPod)
		}
		if kind, name := maker(&b); kind != "" && b.about == "Pod" {
			b.about, b.name, b.undated = kind, name, false // it counts as long as it was said of late
		}
		out = append(out, b.event(b.about, b.namespace, b.name, now, fragmentEvents+count+i))
	}
	return out, n
}

// goesOn reports whether a line that is not moved to the right may be the rest of a message: no sentence begins so.
func goesOn(text string) bool {
	c := text[0]
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '"' || c == '/' || c == '(' || c == '['
}

// A podName is the name of a Pod as a text tells it.
type podName struct{ namespace, name string }

var (
	// describes is the command that printed what follows.
	describes = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:kubectl|oc|k)\b.* (?:describe|desc) +(?:po|pods?)(?:/| +)` +
			`([a-z0-9][a-z0-9.-]*)(?: +[-|>;&].*)?$`)
	})
	inSpace  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(` (?:-n|--namespace)[ =]?([a-z0-9-]+)`) })
	assigned = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^Successfully assigned (?:([a-z0-9-]+)/)?([a-z0-9.-]+) to (\S+)`)
	})
	inText = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:failed container \S+ in pod |(?:set ?up|tear ?down) pod \\?"|for pod \\?")` +
			`([a-z0-9][a-z0-9.-]*)_([a-z0-9][a-z0-9-]*)`)
	})
	refused = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`pods "([a-z0-9][a-z0-9.-]*?)(-?)" is forbidden|in StatefulSet (\S+) failed`)
	})
)

// askedIn is the Pod that a command asks about, or the namespace alone; not ok where there is no command.
func askedIn(text string) (p podName, ok bool) {
	m := describes().FindStringSubmatch(text)
	if m != nil {
		p.name = m[1]
	}
	if m == nil && !command().MatchString(text) {
		return p, false
	}
	if m := inSpace().FindStringSubmatch(text); m != nil {
		p.namespace = m[1]
	}
	return p, true
}

// nameOf is the Pod that Events are about, and its node, as their messages tell.
func nameOf(all []bare) (p podName, node string) {
	for _, b := range all {
		if m := assigned().FindStringSubmatch(b.message); m != nil {
			p, node = podName{m[1], m[2]}, m[3]
		} else if m := inText().FindStringSubmatch(b.message); m != nil && p.name == "" {
			p = podName{m[2], m[1]}
		}
	}
	return p, node
}

// makers are the controllers that make Pods, by how they name themselves.
var makers = map[string]string{"replicaset-controller": "ReplicaSet", "daemonset-controller": "DaemonSet",
	"job-controller": "Job", "statefulset-controller": "StatefulSet", "replication-controller": "ReplicationController"}

// maker is the workload whose Pod could not be made: the name of the Pod without what the controller put behind it.
func maker(b *bare) (kind, name string) {
	m := refused().FindStringSubmatch(b.message)
	if b.reason != "FailedCreate" || m == nil {
		return "", ""
	}
	kind = cmp.Or(makers[b.from], "ReplicaSet")
	switch at := strings.LastIndexByte(m[1], '-'); {
	case m[3] != "":
		return "StatefulSet", m[3]
	case m[2] == "" && at > 0:
		return kind, m[1][:at]
	}
	return kind, m[1]
}
