package dump

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/kubestuck/stuck/internal/cluster"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// maxInFile is how many objects are written into one file. An archive has the size of a file before its text, so that
// each is held as a whole.
const maxInFile = 5000

// Write writes a snapshot as a folder of ordinary Kubernetes YAML, one List per kind, and a snapshot.yaml. Where there
// are very many objects of a kind, there are several Lists: pods.yaml, pods-2.yaml.
// [Read] makes the same snapshot of it. The files are made with create; with a folder on disk that is
//
//	func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(dir, name)) }
func Write(create func(name string) (io.WriteCloser, error), s *cluster.Snapshot) error {
	for _, k := range cluster.Kinds {
		name, n := k.Resource(), 1
		all := slices.DeleteFunc(s.OfKind(k.Name), func(o metav1.Object) bool {
			return k.Name == "Pod" && s.OfEvents(cluster.Ref{Kind: "Pod", Namespace: o.GetNamespace(), Name: o.GetName()})
		})
		for objects := range slices.Chunk(all, maxInFile) {
			if err := writeFile(create, name+".yaml", func(w *bufio.Writer) error {
				return writeList(w, k, objects)
			}); err != nil {
				return err
			}
			n++
			name = fmt.Sprintf("%s-%d", k.Resource(), n)
		}
	}
	return writeFile(create, "snapshot.yaml", func(w *bufio.Writer) error { return writeInfo(w, s) })
}

func writeFile(create func(name string) (io.WriteCloser, error), name string, write func(*bufio.Writer) error) error {
	f, err := create(name)
	if err != nil {
		return fmt.Errorf("cannot make %s: %w", name, err)
	}
	w := bufio.NewWriter(f)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return nil
}

// writeList writes objects as a List. Its kind stands last, as kubectl does it: a List without a kind was cut off.
func writeList(w *bufio.Writer, k cluster.Kind, objects []metav1.Object) error {
	w.WriteString("apiVersion: v1\nitems:\n")
	for _, o := range objects {
		raw, err := json.Marshal(o)
		if err != nil {
			return fmt.Errorf("%s: %w", cluster.Ref{Kind: k.Name, Namespace: o.GetNamespace(), Name: o.GetName()}, err)
		}
		fmt.Fprintf(w, "- apiVersion: %s\n  kind: %s", k.APIVersion(), k.Name)
		if err := writeMembers(w, raw, 1, "apiVersion", "kind"); err != nil {
			return err
		}
	}
	_, err := w.WriteString("kind: List\n")
	return err
}

func writeInfo(w *bufio.Writer, s *cluster.Snapshot) error {
	i := info{At: s.At.UTC(), AsOf: asOf(s), Gaps: s.Gaps, Skipped: s.Skipped, Ignored: s.Ignored}
	for _, r := range s.AllComplete() {
		i.Complete = append(i.Complete, listed{r.Kind, r.Namespace})
	}
	i.Absent = s.AllAbsent()
	raw, err := json.Marshal(i)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "# complete: lists that were read in full, so that what is not in them is absent. No namespace: all "+
		"namespaces.\n# absent: objects that were asked for by name and are not there.\napiVersion: %s\nkind: %s",
		infoVersion, infoKind)
	return writeMembers(w, raw, 0, "apiVersion", "kind")
}

// writeMembers writes the members of a JSON object as YAML, each on its line at a level of indent, but for some.
func writeMembers(w *bufio.Writer, raw []byte, level int, but ...string) error {
	y := yamlWriter{w, newJSONDecoder(bytes.NewBuffer(raw))}
	y.dec.ReadToken()
	if err := y.members(level, false, but...); err != nil {
		return err
	}
	return w.WriteByte('\n')
}

// A yamlWriter writes JSON as block style YAML. Text is plain where that is safe, and else as in JSON,
// which is YAML, too.
type yamlWriter struct {
	*bufio.Writer
	dec *jsontext.Decoder
}

// value writes what stands behind a key (inItem false) or behind a dash.
func (y *yamlWriter) value(level int, inItem bool) error {
	t, err := y.dec.ReadToken()
	if err != nil {
		return err
	}
	kind := t.Kind()
	switch kind {
	case '{', '[':
		if end := y.dec.PeekKind(); end == '}' || end == ']' {
			y.dec.ReadToken()
			y.WriteString(map[jsontext.Kind]string{'{': " {}", '[': " []"}[kind])
			return nil
		}
		if kind == '[' {
			if inItem {
				level++
			}
			return y.items(level)
		}
		return y.members(level+1, inItem)
	case '"':
		y.WriteByte(' ')
		y.Write(appendYAMLText(y.AvailableBuffer(), t.String()))
	default:
		y.WriteByte(' ')
		y.WriteString(t.String())
	}
	return nil
}

// members writes the rest of an object; behind a dash, the first member stands on the dash's line.
func (y *yamlWriter) members(level int, inItem bool, but ...string) error {
	for y.dec.PeekKind() != '}' {
		key, err := y.dec.ReadToken()
		if err != nil {
			return err
		}
		name := key.String()
		if slices.Contains(but, name) {
			y.dec.SkipValue()
			continue
		}
		if inItem {
			y.WriteByte(' ')
		} else {
			y.line(level)
		}
		inItem = false
		text := appendYAMLText(nil, name)
		if len(text) > 1000 { // YAML's limit for a key on the line of its value
			y.WriteString("? ")
		}
		y.Write(text)
		if len(text) > 1000 {
			y.line(level)
		}
		y.WriteByte(':')
		if err := y.value(level, false); err != nil {
			return err
		}
	}
	_, err := y.dec.ReadToken()
	return err
}

func (y *yamlWriter) items(level int) error {
	for y.dec.PeekKind() != ']' {
		y.line(level)
		y.WriteByte('-')
		if err := y.value(level, true); err != nil {
			return err
		}
	}
	_, err := y.dec.ReadToken()
	return err
}

func (y *yamlWriter) line(level int) {
	y.WriteByte('\n')
	for range level {
		y.WriteString("  ")
	}
}

// appendYAMLText appends text such that YAML reads it as this very text.
func appendYAMLText(out []byte, s string) []byte {
	if plainYAML(s) {
		return append(out, s...)
	}
	start := len(out)
	out, _ = jsontext.AppendQuote(out, s)
	if strings.IndexFunc(s, notInYAML) < 0 {
		return out
	}
	quoted := string(out[start:])
	out = out[:start]
	for _, r := range quoted {
		switch {
		case !notInYAML(r):
			out = append(out, string(r)...)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

// notInYAML tells the characters that JSON has as they are, and YAML only escaped or as line ends.
func notInYAML(r rune) bool {
	return r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffe || r == 0xffff
}

// plainYAML reports whether a text may stand without quotes: letters, digits and a few signs, and nothing that
// YAML, old or new, takes for something else.
func plainYAML(s string) bool {
	if s == "" || len(s) > 200 || !(isLetter(s[0]) || s[0] == '/') || s[len(s)-1] == ' ' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && (c < '0' || c > '9') && !strings.ContainsRune("-_./@=+ ", rune(c)) {
			return false
		}
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf":
		return false
	}
	return true
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// asOf is the instant at the earliest, where nobody told it: the instant itself where no more is known.
func asOf(s *cluster.Snapshot) time.Time {
	if s.AsOf.IsZero() && !s.InstantKnown() {
		return s.At.UTC()
	}
	return s.AsOf
}
