package nodelog

import (
	"regexp"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
)

// oomLasts is how long the lines of one out-of-memory report come.
const oomLasts = 10 * time.Second

// oom is one out-of-memory report. Kernels tell it in different lines: all begin with "invoked oom-killer"; until 4.18
// "Task in A killed as a result of limit of B" follows and from 4.19 on "oom-kill:constraint=..."; until 5.2 there are
// both "Kill process" and "Killed process", which may be a child of the first, and then only the latter.
type oom struct {
	at      time.Time
	limit   string // cgroup whose limit was hit; "" where the node had no memory left
	victim  string // cgroup of what was killed
	pending bool   // the newest kill is told of, and the line that says it was done is yet to come
}

var (
	taskIn    = match.Lazy(`^Task in (\S+) killed as a result of limit of (\S+)`)
	statsFor  = match.Lazy(`^Memory cgroup stats for ([^:]+):`)
	oomKill   = match.Lazy(`^oom-kill:constraint=(\w+),`)
	oomMemcg  = match.Lazy(`,oom_memcg=([^,]+)`)
	taskMemcg = match.Lazy(`,task_memcg=([^,]+)`)
	oomTask   = match.Lazy(`,task=(.+),pid=\d+,uid=\d+`)
	kill      = match.Lazy(`^(?:(Memory cgroup out of memory|` +
		`Out of memory(?: \(.*?\))?): )?Kill(ed)? process (\d+),? (?:UID \d+,? )?\((.+?)\),?(?: |$)`)
)

// oomReport takes a line of an out-of-memory report.
func (k *Kernel) oomReport(line nodefacts.KernelLine, message string) bool {
	if strings.Contains(message, " invoked oom-killer: ") || line.At.Sub(k.oom.at) > oomLasts {
		k.oom = oom{}
	}
	o := &k.oom
	if m := taskIn().FindStringSubmatch(message); m != nil {
		*o = oom{at: line.At.Time, limit: m[2], victim: m[1]}
		return true
	}
	if m := statsFor().FindStringSubmatch(message); m != nil {
		o.at = line.At.Time
		if o.limit == "" { // the lines of a cgroup's children follow that of its own
			o.limit = m[1]
		}
		return true
	}
	if oomKill().MatchString(message) {
		k.announced(line, message)
		return true
	}
	m := kill().FindStringSubmatch(message)
	if m == nil {
		return strings.Contains(message, " invoked oom-killer: ")
	}
	k.killed(line, m[1], m[2] != "", m[4])
	return true
}

// announced takes the one line with all of it that kernels since 4.19 have.
func (k *Kernel) announced(line nodefacts.KernelLine, message string) {
	k.oom = oom{at: line.At.Time, limit: submatch(oomMemcg(), message), victim: submatch(taskMemcg(), message),
		pending: true}
	k.addKill(line, submatch(oomTask(), message))
}

// killed takes "Kill process" and "Killed process".
func (k *Kernel) killed(line nodefacts.KernelLine, prefix string, done bool, command string) {
	o := &k.oom
	if !strings.HasPrefix(prefix, "Memory cgroup") && prefix != "" {
		o.limit = ""
	}
	if !o.pending {
		if prefix == "" && o.at.IsZero() { // no report that it belongs to
			return
		}
		o.at = line.At.Time
		k.addKill(line, command)
	} else if last := len(k.facts.OOMKills) - 1; last >= 0 {
		f := &k.facts.OOMKills[last]
		f.Command = bound(command, maxName)
		if prefix != "" { // the line that people know says more than that of the cgroups
			f.Message = line.Message
		}
	}
	o.pending = !done
}

func (k *Kernel) addKill(line nodefacts.KernelLine, command string) {
	f := nodefacts.OOMKill{KernelLine: line, Command: bound(command, maxName),
		Cgroup: bound(k.oom.limit, maxName), PodUID: PodUID(k.oom.victim)}
	if f.PodUID == "" {
		f.PodUID = PodUID(k.oom.limit)
	}
	k.facts.OOMKills = keep(k.facts.OOMKills, f,
		func(f *nodefacts.OOMKill) *nodefacts.KernelLine { return &f.KernelLine },
		func(f *nodefacts.OOMKill) string { return f.Command + "\x00" + f.PodUID + "\x00" + blank(f.Cgroup) })
}

func submatch(re *regexp.Regexp, text string) string {
	if m := re.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}
