package cluster

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kyaml "sigs.k8s.io/yaml"
)

// Read builds a snapshot from every YAML and JSON file below a root. What kubectl prints is a valid dump.
// What cannot be read becomes a Gap. With a zero instant, snapshot.yaml or the newest time in the files tells it.
func Read(fsys fs.FS, at time.Time) (*Snapshot, error) {
	b := NewBuilder(at)
	read := 0
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch path.Ext(name) {
		case ".yaml", ".yml", ".json":
		default:
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			b.Gap(Gap{What: name, Why: err.Error()})
			return nil
		}
		read += b.readYAML(name, data)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if read == 0 {
		return nil, fmt.Errorf("nothing could be read")
	}
	return b.Snapshot(), nil
}

// info is the form of snapshot.yaml.
type info struct {
	At       time.Time `json:"at"`
	Complete []struct {
		Kind      string `json:"kind"`
		Namespace string `json:"namespace"`
	} `json:"complete"`
	Gaps []Gap `json:"gaps"`
}

func (b *Builder) readYAML(file string, data []byte) (read int) {
	for _, c := range splitYAML(data) {
		c.file = file
		if err := b.readChunk(c); err != nil {
			b.Gap(Gap{What: fmt.Sprintf("%s:%d", file, c.line), Why: err.Error()})
			continue
		}
		read++
	}
	return read
}

func (b *Builder) readChunk(c origin) error {
	var head struct {
		metav1.TypeMeta `json:",inline"`
		Items           []any `json:"items"`
	}
	if err := kyaml.Unmarshal(c.text(), &head); err != nil {
		return err
	}
	if head.Kind == "SnapshotInfo" {
		var i info
		if err := kyaml.Unmarshal(c.text(), &i); err != nil {
			return err
		}
		b.s.At = i.At
		for _, l := range i.Complete {
			b.Complete(l.Kind, l.Namespace)
		}
		b.s.Gaps = append(b.s.Gaps, i.Gaps...)
		return nil
	}
	group, _, _ := strings.Cut(head.APIVersion, "/")
	if !strings.Contains(head.APIVersion, "/") {
		group = ""
	}
	if head.Kind == "Event" && group == "events.k8s.io" {
		var e eventsv1.Event
		if err := kyaml.Unmarshal(c.text(), &e); err != nil {
			return err
		}
		b.s.origins[b.Add("Event", coreEvent(&e))] = c
		return nil
	}
	for _, k := range Kinds {
		if k.Name == head.Kind && k.Group == group {
			o := k.New()
			if err := kyaml.Unmarshal(c.text(), o); err != nil {
				return err
			}
			b.s.origins[b.Add(k.Name, o)] = c
			return nil
		}
	}
	b.Skip(head.Kind)
	return nil
}

// coreEvent makes a core/v1 Event of an events.k8s.io/v1 one.
func coreEvent(e *eventsv1.Event) *corev1.Event {
	return &corev1.Event{TypeMeta: e.TypeMeta, ObjectMeta: e.ObjectMeta, InvolvedObject: e.Regarding, Related: e.Related, Reason: e.Reason, Message: e.Note,
		Source: e.DeprecatedSource, FirstTimestamp: e.DeprecatedFirstTimestamp, LastTimestamp: e.DeprecatedLastTimestamp, Count: e.DeprecatedCount,
		Type: e.Type, EventTime: e.EventTime, Action: e.Action, ReportingController: e.ReportingController, ReportingInstance: e.ReportingInstance,
		Series: coreSeries(e.Series)}
}

func coreSeries(s *eventsv1.EventSeries) *corev1.EventSeries {
	if s == nil {
		return nil
	}
	return &corev1.EventSeries{Count: s.Count, LastObservedTime: s.LastObservedTime}
}

// splitYAML cuts a file into objects: its documents, and of a List each item by itself.
// An item is a line that starts with "- " at the indent of the first one below "items:".
func splitYAML(data []byte) []origin {
	var out []origin
	var doc []string
	first := 1
	flush := func() {
		out = append(out, splitList(doc, first)...)
		doc = nil
	}
	for i, line := range strings.Split(string(data), "\n") {
		if line == "---" || strings.HasPrefix(line, "--- ") || line == "..." {
			flush()
			continue
		}
		if len(doc) == 0 {
			first = i + 1
		}
		doc = append(doc, line)
	}
	flush()
	return out
}

func splitList(doc []string, first int) []origin {
	blank := true
	items := -1
	for i, l := range doc {
		t := strings.TrimSpace(l)
		if t != "" && !strings.HasPrefix(t, "#") {
			blank = false
		}
		if l == "items:" {
			items = i
		}
	}
	if blank {
		return nil
	}
	if items < 0 {
		return []origin{{line: first, lines: doc}}
	}
	var out []origin
	indent := ""
	for i := items + 1; i < len(doc); i++ {
		l := doc[i]
		t := strings.TrimLeft(l, " ")
		in := l[:len(l)-len(t)]
		if strings.HasPrefix(t, "- ") && (len(out) == 0 || in == indent) {
			indent = in
			out = append(out, origin{line: first + i, lines: []string{in + "  " + t[2:]}})
			continue
		}
		if len(out) > 0 && (strings.HasPrefix(l, indent+" ") || t == "" || strings.HasPrefix(t, "#")) {
			o := &out[len(out)-1]
			o.lines = append(o.lines, l)
			continue
		}
		break
	}
	return out
}

// origin is where in the files of a dump an object stands.
type origin struct {
	file  string
	line  int // of the object's first line, 1-based
	lines []string
}

func (o origin) text() []byte {
	var b bytes.Buffer
	for _, l := range o.lines {
		b.WriteString(l)
		b.WriteByte('\n')
	}
	return b.Bytes()
}
