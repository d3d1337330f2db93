package pasted

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A told is an Event as a table tells of it.
type told struct {
	kind, reason, from, message, path string
	host                              string // the node, where something else tells it
	count                             int
	last, first                       time.Duration // ago
	line                              int
	undated                           bool // it does not tell when
}

var (
	columns = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(` {2,}`) })
	often   = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\S+)(?: \(x(\d+)(?: over (\S+))?\))?(.*)$`)
	})
	ofPart = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(spec\.\w+\{[^}]+\}): `)
	})
)

// describedEvents reads the table below Events: in a description. A message that goes on over several lines, or that a
// terminal has wrapped, is joined.
func describedEvents(lines []line) []told {
	var out []told
	more := tail{sep: " ", trim: true}
	for _, l := range lines {
		text := strings.TrimSpace(l.text)
		if strings.HasPrefix(text, "Type ") && strings.Contains(text, "Reason") || strings.HasPrefix(text, "----") {
			continue
		}
		if e, ok := toldOf(text); ok {
			e.line = l.number
			more.end()
			out = append(out, e)
			more.of = &out[len(out)-1].message
		} else if len(out) > 0 && text != "" {
			more.add(text)
		}
	}
	more.end()
	return out
}

// toldOf reads one line of that table: Type, Reason, Age, From, Message.
func toldOf(text string) (told, bool) {
	kind, rest, ok := strings.Cut(text, " ")
	if !ok || kind != corev1.EventTypeNormal && kind != corev1.EventTypeWarning {
		return told{}, false
	}
	reason, rest, ok := strings.Cut(strings.TrimLeft(rest, " "), " ")
	if !ok {
		return told{}, false
	}
	e := told{kind: kind, reason: reason, count: 1}
	m := often().FindStringSubmatch(strings.TrimLeft(rest, " "))
	if m == nil || !e.ages(m[1], m[2], m[3]) {
		return told{}, false
	}
	parts := columns().Split(strings.TrimLeft(m[4], " "), 2)
	if len(parts) < 2 { // who said it may stand with one space before the message where columns were cut
		parts = strings.SplitN(strings.TrimLeft(m[4], " "), " ", 2)
	}
	if node, said, ok := strings.Cut(strings.TrimLeft(parts[len(parts)-1], " "), " "); ok && len(parts) == 2 &&
		strings.HasSuffix(parts[0], ",") { // kubelet, NODE
		parts = []string{parts[0] + " " + node, said}
	}
	e.from = strings.TrimSuffix(parts[0], ",")
	if len(parts) == 2 {
		e.message = strings.TrimSpace(parts[1])
	}
	if p := ofPart().FindStringSubmatch(e.message); p != nil {
		e.path, e.message = p[1], e.message[len(p[0]):]
	}
	return e, true
}

// ages takes over when an Event was last and first, and how often: 5s (x13 over 2m31s).
func (e *told) ages(last, count, over string) bool {
	var ok bool
	if e.last, ok = age(last); !ok {
		if last != "<unknown>" && last != "<invalid>" {
			return false
		}
		e.last = 0
	}
	e.first = e.last
	if n, err := strconv.Atoi(count); err == nil {
		e.count = max(n, 1)
	}
	if d, ok := age(over); ok && d > e.last {
		e.first = d
	}
	return true
}

// event is the Event about an object; n tells it from others.
func (e *told) event(kind, namespace, name string, now time.Time, n int) Object {
	at := func(ago time.Duration) metav1.Time {
		if now.IsZero() || e.undated {
			return metav1.Time{}
		}
		return metav1.NewTime(now.Add(-ago))
	}
	if namespace == "" {
		namespace = metav1.NamespaceDefault
	}
	from, host, _ := strings.Cut(e.from, ", ")
	of := namespace
	if kind == "Node" || kind == "PersistentVolume" {
		of = ""
	}
	return Object{Kind: "Event", Line: e.line, Object: &corev1.Event{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: fmt.Sprintf("%s.%s.%d", name, strings.ToLower(kind), n)},
		InvolvedObject: corev1.ObjectReference{Kind: kind, Namespace: of, Name: name,
			FieldPath: e.path},
		Type: e.kind, Reason: e.reason, Message: e.message, Count: int32(min(e.count, 1<<30)),
		Source:         corev1.EventSource{Component: from, Host: cmp.Or(host, e.host)},
		FirstTimestamp: at(e.first), LastTimestamp: at(e.last)}}
}
