// Package pasted makes objects of what kubectl prints for people: describe, and tables of Events and Pods.
//
// Such a text has lost much: what a field held whole, whether a list was whole, when things were, but for ages. What it
// does not say is left empty. It opens nothing and knows no clock: what is now for the text is found in it, or said by
// the caller.
package pasted

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// An Object is one that the text speaks of, by the kind of its API and the line, 1-based, where it begins.
type Object struct {
	Kind   string
	Object metav1.Object
	Line   int
	Thin   bool // of a table, which has less than a description

	Unplaced bool // of a table that does not tell its namespace

	Anywhere bool // an Event about an object whose namespace is not told, and which may be of another kind than Pod
}

// A Text is what could be made of one.
type Text struct {
	Objects []Object
	Now     time.Time // when it was printed, as far as that can be found; zero where it cannot
	Other   int       // lines that are neither of an object nor empty
	First   int       // the first of them; 0 where there is none
}

var begins = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[>\s|#]*Name:[ \t]+\S+[ \t\r]*$`)
})

// Looks reports whether the beginning of a text may be one that this package reads.
func Looks(head []byte) bool {
	has := func(word string) bool { return bytes.Contains(head, []byte(word)) } // most texts have none of these
	return has("Name:") && begins().Match(head) || (has("LAST SEEN ") || has("NAME ")) && tableHead().Match(head) ||
		(has("Normal ") || has("Warning ")) && customHead().Match(head)
}

// HoldsPods reports whether a text may hold rows of a table of Pods without its head: what grep left of it.
func HoldsPods(head []byte) bool { return podRow().Match(head) }

// HoldsEvents reports whether a text may hold Events without what they are about. So do guides and stories: it has to
// be one that was given for what it says.
func HoldsEvents(head []byte) bool { return fragmentHead().Match(head) || wordedHead().Match(head) }

// Parse reads a text. What is now for it is found in it: by the time that a Pod was taken up and how long ago its
// Events say that was, else by the newest time in it. Tables have no times: theirs is that of what stands beside them,
// else the one that is given, when the text was saved.
func Parse(data []byte, saved time.Time) Text {
	lines := clean(data)
	out, tables := parse(lines, saved)
	if tables && !out.Now.IsZero() {
		out, _ = parse(lines, out.Now)
	}
	out.Objects = slices.DeleteFunc(out.Objects, func(o Object) bool { return o.Object.GetName() == "" })
	place(out.Objects)
	return out
}

// place puts what stands in tables that do not tell their namespace where a description, or the message of an Event,
// says that a Pod of one of these names is; unless they say several.
func place(objects []Object) {
	if !slices.ContainsFunc(objects, func(o Object) bool { return o.Unplaced }) {
		return
	}
	known := map[string]string{} // by name: the namespace
	for _, o := range objects {
		if e, ok := o.Object.(*corev1.Event); ok {
			if m := inText().FindStringSubmatch(e.Message); m != nil {
				known[m[1]] = m[2]
			}
		}
		if o.Kind == "Pod" && !o.Thin {
			known[o.Object.GetName()] = o.Object.GetNamespace()
		}
	}
	namespace := ""
	for _, o := range objects {
		if in := known[o.Object.GetName()]; o.Unplaced && in != "" {
			if namespace != "" && namespace != in {
				return
			}
			namespace = in
		}
	}
	if namespace == "" {
		return
	}
	for _, o := range objects {
		if !o.Unplaced {
			continue
		}
		o.Object.SetNamespace(namespace)
		if e, ok := o.Object.(*corev1.Event); ok && e.InvolvedObject.Namespace != "" {
			e.InvolvedObject.Namespace = namespace
		}
	}
}

// unplaced marks what stands in a table without namespaces, which no command tells either.
func unplaced(of []Object, asked podName, head string) []Object {
	for i := range of {
		of[i].Unplaced = of[i].Object.GetNamespace() != "" && asked.namespace == "" &&
			!strings.HasPrefix(strings.TrimLeft(head, "> |#"), "NAMESPACE")
	}
	return of
}

// parse is one pass, and says whether there are tables, or others without a time, which are of that which is given.
func parse(lines []line, printed time.Time) (out Text, tables bool) {
	var asked podName
	for i := 0; i < len(lines); {
		if lines[i].command {
			asked = lines[i].asked
		}
		space := cmp.Or(asked.namespace, metav1.NamespaceDefault)
		switch text := lines[i].text; {
		case text == "":
			i++
			continue
		case isBegin(text):
			n := describedLines(lines[i:])
			if o, at, ok := described(unwrapped(lines[i:i+n]), printed); ok {
				out.Objects = append(out.Objects, o...)
				if at.After(out.Now) {
					out.Now = at
				}
				tables = tables || at.IsZero()
				i += n
				continue
			}
		case isCustom(lines[i:]):
			if o, n := custom(lines[i:], printed); n > 0 {
				out.Objects, tables = append(out.Objects, o...), true
				i += n
				continue
			}
		case tableHead().MatchString(text):
			if o, n := table(lines[i:], printed, space); n > 0 {
				out.Objects, tables = append(out.Objects, unplaced(o, asked, text)...), true
				i += n
				continue
			}
		}
		if o, n := headless(lines[i:], printed, space); n > 0 {
			out.Objects, tables = append(out.Objects, o...), true
			i += n
			continue
		}
		if o, n := fragment(lines[i:], asked, printed, len(out.Objects)); n > 0 {
			out.Objects, tables = append(out.Objects, o...), true
			i += n
			continue
		}
		if out.Other++; out.First == 0 {
			out.First = lines[i].number
		}
		i++
	}
	return out, tables
}

// A line of the text without what whoever pasted it put before it.
type line struct {
	text    string // without space at its end
	number  int
	command bool    // a command or a prompt stood here
	asked   podName // the Pod that the command asks about, or the namespace alone
}

func (l line) indent() int { return len(l.text) - len(strings.TrimLeft(l.text, " ")) }

var (
	fence = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile("^\\s*(```|~~~|\\{noformat\\}|\\{code(:[^}]*)?\\})")
	})
	command = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\S*[$#%>] *(sudo )?(kubectl|oc|k) |` +
			`^ *(?:sudo )?(?:kubectl|oc|k) +(?:get|describe|logs|events|-n|--namespace)\b|` +
			`^(?:\([\w.-]+\) ?)?(?:\[?[\w.-]+@[\w.-]+[: ][^\s\]#$%>]*\]?|PS [A-Z]:\\[^>]*) ?[$#%>](?: .*)?$`)
	})
	ansi = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`) })
)

// clean takes a text apart into lines, and takes away what an editor, a mail program or a terminal put there: marks of
// a quotation, numbers of lines, prompts with their command, fences of Markdown, colours, tabs.
func clean(data []byte) []line {
	var out []line
	number := 0
	for raw := range bytes.Lines(data) {
		number++
		text := strings.TrimRight(strings.ToValidUTF8(string(raw), "\uFFFD"), " \t\r\n")
		if n := len(out); text == "" {
			if n < 2 || out[n-1] != (line{number: number - 1}) || out[n-2].text != "" { // two say as much as a thousand
				out = append(out, line{number: number})
			} else {
				out[n-1].number = number
			}
			continue
		}
		if strings.ContainsRune(text, 0x1b) {
			text = ansi().ReplaceAllString(text, "")
		}
		if strings.ContainsRune(text, '\t') {
			text = expand(text)
		}
		l := line{text: text, number: number}
		if l.asked, l.command = askedIn(text); l.command || fence().MatchString(text) {
			l.text = ""
		}
		out = append(out, l)
	}
	return sealed(dedent(unprefix(out)))
}

// sealed makes one line of what a container said last, which has several and stands among the fields of its state as it
// was written: from Message to the Exit Code below it. Nothing in it is a field, an object or a table.
func sealed(lines []line) []line {
	ends := make([]int, len(lines)) // the next Exit Code
	next := -1
	for i := len(lines) - 1; i >= 0; i-- {
		ends[i] = next
		if strings.HasPrefix(strings.TrimLeft(lines[i].text, " "), "Exit Code:") {
			next = i
		}
	}
	out := make([]line, 0, len(lines))
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		end := ends[i]
		if strings.HasPrefix(strings.TrimLeft(l.text, " "), "Message:") && end > i+1 && l.indent() > 0 &&
			lines[end].indent() == l.indent() && afterTerminated(lines[:i]) {
			var b strings.Builder
			b.WriteString(l.text)
			for _, more := range lines[i+1 : end] {
				b.WriteString(" " + strings.TrimSpace(more.text))
			}
			l.text = strings.TrimRight(b.String(), " ")
			i = end - 1
		}
		out = append(out, l)
	}
	return out
}

// afterTerminated reports whether the fields of a state that has ended begin shortly before.
func afterTerminated(before []line) bool {
	return slices.ContainsFunc(before[max(len(before)-3, 0):], func(l line) bool {
		return strings.HasSuffix(l.text, " Terminated")
	})
}

// expand puts spaces for tabs, to columns of 8.
func expand(text string) string {
	var b strings.Builder
	column := 0
	for _, r := range text {
		if r != '\t' {
			b.WriteRune(r)
			column++
			continue
		}
		for b.WriteByte(' '); column%8 != 7; column++ {
			b.WriteByte(' ')
		}
		column++
	}
	return b.String()
}

// prefixes are what stands before every line of a quotation or a listing.
var prefixes = sync.OnceValue(func() []*regexp.Regexp {
	numbered := regexp.MustCompile(`^ *\d+(?:[:|] {0,2}| {1,2}|$)`) // and no age: 12s
	return []*regexp.Regexp{regexp.MustCompile(`^> ?`), regexp.MustCompile(`^\| ?`), regexp.MustCompile(`^# ?`),
		numbered}
})

// unprefix takes away a prefix that all lines but a few have.
func unprefix(lines []line) []line {
	for _, prefix := range prefixes() {
		with, full := 0, 0
		for _, l := range lines {
			if l.text != "" {
				full++
				if prefix.MatchString(l.text) {
					with++
				}
			}
		}
		if full == 0 || with*10 < full*9 {
			continue
		}
		for i := range lines {
			lines[i].text = prefix.ReplaceAllString(lines[i].text, "")
		}
	}
	return lines
}

// dedent takes away how far a whole text is moved to the right.
func dedent(lines []line) []line {
	least := -1
	for _, l := range lines {
		if l.text != "" && (least < 0 || l.indent() < least) {
			least = l.indent()
		}
	}
	if least > 0 {
		for i := range lines {
			lines[i].text = lines[i].text[min(least, len(lines[i].text)):]
		}
	}
	return lines
}
