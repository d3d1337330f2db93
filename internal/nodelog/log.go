package nodelog

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	ahead   = time.Minute // how far ahead of now a line may be: clocks differ
	maxKept = 2000        // lines that are kept until they are asked for
	maxPods = 10000       // Pods whose UIDs are remembered
)

// A Log collects the lines of one component's log.
type Log struct {
	Component string                 // kubelet, containerd, crio, docker, cri-dockerd
	Since     time.Time              // what is older does not count
	Now       time.Time              // the year, and the zone, of time stamps that have none
	Knows     func(line string) bool // whether a cause knows what a line says

	entry   entry  // the one that is coming in
	program string // that wrote it, where journald or syslog tells
	indent  int    // journald moves further lines of an entry to the right by as much as its prefix is wide
	open    bool
	kept    []line
	pods    map[string]string // UIDs by NAMESPACE/NAME: most lines about a Pod give only one of them
}

// line is one that counts, or several equal ones.
type line struct {
	statement
	count       int
	first, last time.Time
}

// Move makes another time now, and forgets what is older than since.
func (l *Log) Move(since, now time.Time) {
	l.Since, l.Now = since, now
	l.kept = slices.DeleteFunc(l.kept, func(n line) bool { return n.last.Before(since) })
	if len(l.pods) >= maxPods { // else a log that is followed for weeks learns of no new ones
		clear(l.pods)
	}
}

// Add takes one line as it stands in the log: klog, logfmt (containerd, CRI-O, docker), either in JSON, with or without
// journald's or syslog's prefix. A line that begins no entry continues the last.
func (l *Log) Add(text string) {
	text = cut(text)
	p, outer := parsePrefix(text, l.Now)
	indent := 0
	if outer {
		indent, text = len(text)-len(p.rest), p.rest
	}
	e, ok := parseEntry(text, l.Now)
	switch {
	case ok:
		if outer && (e.form == klog || e.at.IsZero()) { // klog tells no zone
			e.at = p.at
		}
	case l.open && (!outer || p.program == l.program && p.at.Sub(l.entry.at) < time.Second) && !l.entry.info:
		if len(l.entry.text)+len(text) < maxEntry {
			l.entry.text += "\n" + outdent(text, l.indent)
		}
		return
	default:
		e = entry{at: l.entry.at, text: text}
		if outer {
			e.at = p.at
		}
	}
	l.close()
	l.entry, l.program, l.indent, l.open = e, p.program, indent, true
}

func outdent(text string, indent int) string {
	for indent > 0 && strings.HasPrefix(text, " ") {
		indent, text = indent-1, text[1:]
	}
	return text
}

// close takes the entry that is whole now.
func (l *Log) close() {
	if !l.open {
		return
	}
	l.open = false
	e := &l.entry
	if e.at.Before(l.Since) || e.at.After(l.Now.Add(ahead)) {
		return
	}
	s := e.parse()
	// to look for it is dear, and most lines are boring
	if s.podUID == "" && (!s.routine || s.pod != "" && l.pods[s.pod] == "") {
		s.podUID = podUIDIn(e.text)
	}
	if s.pod != "" && s.podUID != "" && len(l.pods) < maxPods {
		if l.pods == nil {
			l.pods = map[string]string{}
		}
		l.pods[s.pod] = s.podUID
	}
	s.message = bound(s.message, maxMessage)
	if s.message == "" || s.routine || l.Knows == nil || !l.Knows(s.message) {
		return
	}
	l.kept = append(l.kept, line{s, 1, e.at, e.at})
	if len(l.kept) >= maxKept {
		if l.merge(); len(l.kept) > maxKept/2 {
			l.kept = slices.Delete(l.kept, 0, len(l.kept)-maxKept/2)
		}
	}
}

// merge makes one of equal lines, and puts the newest last.
func (l *Log) merge() {
	type key struct{ podUID, message string }
	at := map[key]int{}
	var out []line
	for _, n := range l.kept {
		if n.podUID == "" {
			n.podUID = l.pods[n.pod]
		}
		k := key{n.podUID, blank(n.message)}
		i, there := at[k]
		if !there {
			at[k] = len(out)
			out = append(out, n)
			continue
		}
		o := &out[i]
		o.count += n.count
		if n.first.Before(o.first) {
			o.first = n.first
		}
		if !n.last.Before(o.last) {
			o.last, o.message = n.last, n.message
		}
	}
	slices.SortStableFunc(out, func(a, b line) int {
		return cmp.Or(a.last.Compare(b.last), strings.Compare(a.message, b.message))
	})
	l.kept = out
}

// Facts returns the lines that count, those that differ in nothing but times, counters and ids once, the newest last,
// at most so many.
func (l *Log) Facts(limit int) []nodefacts.LogLine {
	l.close()
	l.merge()
	newest := l.kept[max(0, len(l.kept)-max(0, limit)):]
	var out []nodefacts.LogLine
	for _, n := range newest {
		out = append(out, nodefacts.LogLine{Component: l.Component, PodUID: n.podUID, Message: n.message,
			Count: n.count,
			First: metav1.NewTime(n.first.UTC().Truncate(time.Second)),
			Last:  metav1.NewTime(n.last.UTC().Truncate(time.Second))})
	}
	return out
}
