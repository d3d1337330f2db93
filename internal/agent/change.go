package agent

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// same reports whether normalized facts say the same.
func same(a, b *nodefacts.NodeFacts) bool {
	return bytes.Equal(marshal(a), marshal(b))
}

// normalize returns facts without what is never the same twice, and with what moved only a little put back to where it
// was when they were written last. So two of them differ where a reader would care.
func normalize(f, last *nodefacts.NodeFacts) *nodefacts.NodeFacts {
	f = f.DeepCopy()
	if last == nil {
		last = new(nodefacts.NodeFacts)
	}
	normalizeLogs(f)
	normalizeHost(f, last)
	normalizeRuntime(f, last)
	f.At = metav1.Time{}
	return f
}

// near reports whether what is left of something is about what it was: by 5 % of all that there is. Where little is
// left less counts: half of it, or 1/1000 of all.
func near(left, was, all int64) bool {
	return max(left-was, was-left) <= max(all/1000, min(all/20, was/2))
}

// restore puts what is left of something back to what it was, where it is about that.
func restore(left, was *int64, all *int64) {
	if left != nil && was != nil && all != nil && near(*left, *was, *all) {
		*left = *was
	}
}

func normalizeHost(f, last *nodefacts.NodeFacts) {
	for i := range f.FileSystems {
		s := &f.FileSystems[i]
		s.Largest = nil
		at := slices.IndexFunc(last.FileSystems, func(l nodefacts.FileSystem) bool {
			return l.Path == s.Path &&
				l.Device == s.Device
		})
		if at < 0 {
			continue
		}
		was := &last.FileSystems[at]
		restore(s.BytesFree, was.BytesFree, s.Bytes)
		restore(s.InodesFree, was.InodesFree, s.Inodes)
		if s.ThinPool != nil && was.ThinPool != nil {
			restoreUsed(&s.ThinPool.DataUsed, was.ThinPool.DataUsed, s.ThinPool.DataTotal)
			restoreUsed(&s.ThinPool.MetadataUsed, was.ThinPool.MetadataUsed, s.ThinPool.MetadataTotal)
		}
	}
	if m := f.Memory; m != nil {
		// the kernel uses all memory for something, and its blocks come and go
		m.BytesFree, m.Zones, m.Compaction = 0, nil, nil
		if last.Memory != nil {
			restore(m.BytesAvailable, last.Memory.BytesAvailable, &m.Bytes)
		}
	}
	f.Pressure = normalizePressure(f.Pressure, last.Pressure)
	normalizeLimits(f.Limits, last.Limits)
	if c := f.Clock; c != nil && c.OffsetMillis != nil {
		const noise = 2000
		switch ms := *c.OffsetMillis; {
		case max(ms, -ms) < noise:
			c.OffsetMillis = nil
		case last.Clock != nil && last.Clock.OffsetMillis != nil && max(ms-*last.Clock.OffsetMillis,
			*last.Clock.OffsetMillis-ms) < noise:
			*c.OffsetMillis = *last.Clock.OffsetMillis
		}
	}
	if f.Clock != nil && f.Clock.OffsetMillis == nil && f.Clock.Steps == nil && f.Clock.Synchronized == nil {
		f.Clock = nil // as before there was an answer to compare with
	}
	if f.Mounts != nil {
		f.Mounts.Count = 0
	}
}

// restoreUsed does for what is used of something what restore does for what is left.
func restoreUsed(used *int64, was, all int64) {
	if near(all-*used, all-was, all) {
		*used = was
	}
}

// normalizePressure keeps how long tasks waited where it changed by 25 % of the time.
func normalizePressure(p, last *nodefacts.Pressure) *nodefacts.Pressure {
	if p == nil || last == nil {
		return p
	}
	const noise = 2500
	for _, s := range []struct{ now, was *nodefacts.Stall }{{p.CPU, last.CPU}, {p.Memory, last.Memory},
		{p.IO, last.IO}} {
		if s.now != nil && s.was != nil && max(s.now.Some-s.was.Some, s.was.Some-s.now.Some, s.now.Full-s.was.Full,
			s.was.Full-s.now.Full) < noise {
			*s.now = *s.was
		}
	}
	return p
}

func normalizeLimits(l, last *nodefacts.Limits) {
	if l == nil {
		return
	}
	l.MemoryCgroups = nil
	if last == nil {
		last = new(nodefacts.Limits)
	}
	for _, u := range []struct{ now, was *nodefacts.Used }{{l.InotifyInstances, last.InotifyInstances},
		{l.InotifyWatches, last.InotifyWatches},
		{l.Files, last.Files}, {l.Threads, last.Threads}, {l.PodPIDs, last.PodPIDs}, {l.RuntimePIDs, last.RuntimePIDs},
		{l.Cgroups, last.Cgroups},
		{l.Mounts, last.Mounts}, {l.UserNamespaces, last.UserNamespaces}, {l.NetNamespaces, last.NetNamespaces}} {
		switch {
		case u.now == nil:
		case u.now.Max == 0:
			u.now.Used = 0
		case u.was != nil && u.was.Max == u.now.Max:
			restoreUsed(&u.now.Used, u.was.Used, u.now.Max)
		}
	}
}

// normalizeLogs takes times, counts and ids out of what was logged.
func normalizeLogs(f *nodefacts.NodeFacts) {
	for i := range f.Logs {
		l := &f.Logs[i]
		l.Message, l.Count, l.First, l.Last = shape(l.Message), 0, metav1.Time{}, metav1.Time{}
	}
	slices.SortFunc(f.Logs, func(a, b nodefacts.LogLine) int { // the newest is the last, so they change places
		return cmp.Or(cmp.Compare(a.Component, b.Component), cmp.Compare(a.PodUID, b.PodUID), cmp.Compare(a.Message,
			b.Message))
	})
	k := f.Kernel
	if k == nil {
		return
	}
	k.Since = metav1.Time{}
	still := func(l *nodefacts.KernelLine) { l.Count, l.At = 0, metav1.Time{} }
	for i := range k.AllocationFailures {
		still(&k.AllocationFailures[i].KernelLine)
	}
	for i := range k.OOMKills {
		still(&k.OOMKills[i].KernelLine)
	}
	for _, lines := range [][]nodefacts.KernelLine{k.HungTasks, k.IOErrors, k.Others} {
		for i := range lines {
			still(&lines[i])
		}
	}
}

// shape is a message with # for each word that has a digit in it.
func shape(message string) string {
	var b strings.Builder
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for rest := message; rest != ""; {
		n := strings.IndexFunc(rest, func(r rune) bool { return !word(r) })
		if n < 0 {
			n = len(rest)
		}
		if w := rest[:n]; strings.ContainsFunc(w, unicode.IsDigit) {
			b.WriteByte('#')
		} else {
			b.WriteString(w)
		}
		rest = rest[n:]
		between := strings.IndexFunc(rest, word)
		if between < 0 {
			between = len(rest)
		}
		b.WriteString(rest[:between])
		rest = rest[between:]
	}
	return b.String()
}

// minPullAge is how long a pull of an image has to take to be worth a word.
const minPullAge = time.Minute

func normalizeRuntime(f, last *nodefacts.NodeFacts) {
	if r := f.Runtime; r != nil {
		r.VersionMillis, r.StatusMillis = seconds(r.VersionMillis), seconds(r.StatusMillis)
		for i := range r.Blocked {
			r.Blocked[i].RunningMillis, r.Blocked[i].Wait = 0, ""
		}
	}
	if p := f.Programs; p != nil {
		for i := range p.Running {
			// shims come and go with Pods
			p.Running[i].PID, p.Running[i].Count, p.Running[i].Started = 0, 0, metav1.Time{}
		}
	}
	if s := f.Sandboxes; s != nil {
		s.Count, s.Ready, s.Containers, s.Running = 0, 0, 0, 0
	}
	if i := f.Images; i != nil {
		i.Count, i.Bytes, i.UnusedBytes = 0, 0, 0
		i.Pulls = slices.DeleteFunc(i.Pulls, func(p nodefacts.Pull) bool {
			return f.At.Sub(p.Started.Time) < minPullAge
		})
		for j := range i.Pulls {
			i.Pulls[j].Bytes, i.Pulls[j].Updated = 0, metav1.Time{}
		}
	}
	if c := f.CNI; c != nil {
		for i := range c.Ranges {
			normalizeRange(&c.Ranges[i], last.CNI)
		}
	}
}

// normalizeRange keeps how many addresses are given where it changed. Which of them are leaked stays in any case.
func normalizeRange(r *nodefacts.IPRange, last *nodefacts.CNI) {
	r.Live = 0
	if last == nil {
		return
	}
	at := slices.IndexFunc(last.Ranges, func(l nodefacts.IPRange) bool {
		return l.Network == r.Network && l.Subnet == r.Subnet && l.From == r.From
	})
	if at >= 0 {
		restoreUsed(&r.Taken, last.Ranges[at].Taken, r.Size)
	}
}

// seconds are how many seconds a call took, roughly: a second more or less tells nothing, ten times as much does.
func seconds(millis *int64) *int64 {
	if millis == nil {
		return nil
	}
	n := int64(0)
	for s := *millis / 1000; s > 0; s /= 4 {
		n++
	}
	return &n
}
