package dump

import (
	"bytes"
	"cmp"
	"io"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pasted"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// maxPasted is how much of a text for people is read, in bytes: a description has some 4 KiB.
const maxPasted = 64 << 20

// maxPastedLines is how many lines of it are read: each takes more memory than it has bytes.
const maxPastedLines = 4 << 20

// pasted reads what kubectl prints for people. Objects of another form count more than what such a text tells of them.
func (r *reader) pasted(in io.Reader) {
	data, err := io.ReadAll(io.LimitReader(in, maxPasted))
	if whole := len(data); err == nil {
		if data = firstLines(data, maxPastedLines); len(data) < whole || whole == maxPasted {
			err = &message.Error{What: message.Of("pasted.too-large", "n", len(data)>>20)}
		}
	}
	if err != nil {
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Because(err), Needs: message.Of("file.give-json")})
	}
	text := pasted.Parse(data, r.time)
	if text.Now.IsZero() {
		text.Now = r.time
	}
	for _, o := range text.Objects {
		if o.Anywhere {
			r.anywhere = append(r.anywhere, found{kind: o.Kind, object: o.Object, told: tableTold, at: text.Now,
				origin: cluster.Origin{File: r.name, Line: o.Line}})
			continue
		}
		told := describedTold
		if o.Thin {
			told = tableTold
		}
		r.put(found{kind: o.Kind, object: o.Object, told: told, at: text.Now,
			origin: cluster.Origin{File: r.name, Line: o.Line}})
	}
	switch {
	case len(text.Objects) == 0:
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Of("file.no-objects"), Needs: jsonNeeds(nil)})
	case text.Other > 0:
		r.gap(cluster.Gap{What: inLine(r.name, text.First), Why: message.Of("pasted.other", "n", text.Other),
			Needs: message.Of("file.give-nothing")})
	}
}

// addAnywhere adds the Events of which it was not told in which namespace they are, now that all else is there: about
// the one object that has the name, first of all a Pod. Where there are several, or none, nothing is known of them but
// that they were.
func (r *reader) addAnywhere() (kept int) {
	if len(r.anywhere) == 0 {
		return 0
	}
	names := r.b.ByName()
	spaces, nodes := assigned(r.anywhere)
	for _, f := range r.anywhere {
		e, ok := f.object.(*corev1.Event)
		if !ok {
			continue
		}
		about := names[e.InvolvedObject.Name]
		pods := slices.Clone(about)
		pods = slices.DeleteFunc(pods, func(ref cluster.Ref) bool { return ref.Kind != e.InvolvedObject.Kind })
		if len(pods) > 0 {
			about = pods
		}
		if space := cmp.Or(spaces[f.origin.File], metav1.NamespaceDefault); len(about) == 0 &&
			e.InvolvedObject.Kind != "Node" { // as the Pods of a table without namespaces
			e.Namespace, e.InvolvedObject.Namespace = space, space
		}
		if e.InvolvedObject.Kind == "Pod" && e.Source.Host == "" {
			e.Source.Host = nodes[f.origin.File+" "+e.InvolvedObject.Name]
		}
		if len(about) == 1 {
			e.InvolvedObject.Kind, e.InvolvedObject.Namespace = about[0].Kind, about[0].Namespace
			if about[0].Namespace != "" {
				e.Namespace = about[0].Namespace
			}
		}
		kept++
		if r.tell != nil {
			r.tell(Given{File: f.origin.File, Objects: map[string]int{f.kind: 1}})
		}
		r.b.AddFrom(f.kind, e, f.origin)
		r.b.TakenAt(f.at)
	}
	return kept
}

// boundTo is how the scheduler says to which node it has bound a Pod.
var boundTo = match.Lazy(`^Successfully assigned ([a-z0-9-]+)/([a-z0-9.-]+) to (\S+)$`)

// assigned is what the scheduler says in Events without namespaces: in which one the Pods of a file are, where it is
// one alone, and on which node each Pod is.
func assigned(all []found) (spaces, nodes map[string]string) {
	spaces, nodes = map[string]string{}, map[string]string{}
	for _, f := range all {
		e, ok := f.object.(*corev1.Event)
		if !ok || e.Reason != "Scheduled" || e.InvolvedObject.Kind != "Pod" {
			continue
		}
		m := boundTo().FindStringSubmatch(e.Message)
		if m == nil || m[2] != e.InvolvedObject.Name {
			continue
		}
		nodes[f.origin.File+" "+m[2]] = m[3]
		if old, ok := spaces[f.origin.File]; ok && old != m[1] {
			m[1] = ""
		}
		spaces[f.origin.File] = m[1]
	}
	return spaces, nodes
}

// firstLines is a text up to its nth line.
func firstLines(data []byte, n int) []byte {
	at := 0
	for ; n > 0 && at < len(data); n-- {
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			return data
		}
		at += i + 1
	}
	return data[:at]
}
