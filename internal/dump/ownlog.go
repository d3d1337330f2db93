package dump

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/kubestuck/stuck/internal/applog"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/nodelog"
)

// Bounds of what is looked at of what containers wrote.
const (
	ownTail  = 1 << 20 // bytes of a file that was given by its name; the end of it
	keptTail = 64 << 10
	ownLines = 400 // of one container
	maxOwn   = 1000
)

// An ownLog is the end of what one container wrote, as a file has it.
type ownLog struct {
	file    string
	of      logName
	asked   bool
	lines   []string
	numbers []int // of the lines in the file, 1-based
}

// ends reports whether it shows that the program gave up.
func (l *ownLog) ends() bool {
	_, ends := applog.Ends(l.lines)
	return ends
}

// A tail is the end of a text.
type tail struct {
	in    io.Reader
	keep  int
	text  []byte
	above int // lines before the text
}

// Read passes on what is read, and keeps the end of it.
func (t *tail) Read(p []byte) (int, error) {
	n, err := t.in.Read(p)
	t.text = append(t.text, p[:n]...)
	if len(t.text) > 2*t.keep {
		cut := len(t.text) - t.keep
		t.above += bytes.Count(t.text[:cut], []byte("\n"))
		t.text = append(t.text[:0], t.text[cut:]...)
	}
	return n, err
}

// ownLog reads what a container wrote.
func (r *reader) ownLog(in io.Reader) []*ownLog {
	t := &tail{in: in, keep: ownTail}
	if !r.asked {
		t.keep = keptTail
	}
	buf := make([]byte, sniffed)
	for {
		if _, err := t.Read(buf); err != nil {
			break
		}
	}
	return r.ownLines(t.text, t.above, logNameOf(r.name))
}

// ownLines reads lines that containers wrote, of which this many stand above.
func (r *reader) ownLines(text []byte, above int, of logName) []*ownLog {
	s := ownScan{file: r.name, asked: r.asked, of: of, stern: sternBegins(text)}
	for raw := range bytes.Lines(text) {
		above++
		s.line(strings.TrimRight(lineText(raw), " \t"), above)
	}
	return s.logs
}

// An ownScan takes lines apart by the containers that wrote them.
type ownScan struct {
	file  string
	asked bool
	of    logName // of lines that do not say
	stern bool
	logs  []*ownLog
	part  string // of a line that the runtime wrote in several
}

// sternBegins reports whether a text is of stern, which puts the names of Pod and container before each line.
func sternBegins(text []byte) bool {
	n, with := 0, 0
	for raw := range bytes.Lines(text[:min(len(text), sniffed)]) {
		line := bytes.TrimSpace(raw)
		if n++; n > 50 {
			break
		}
		if sternSays().Match(line) {
			return true
		}
		if len(line) == 0 {
			n--
		} else if sterned().Match(line) {
			with++
		}
	}
	return n > 0 && with*10 >= min(n, 50)*9
}

// line takes one.
func (s *ownScan) line(text string, number int) {
	if n, ok := askedLog(text); ok {
		s.of = n
		return
	}
	if m := defaulted().FindStringSubmatch(text); m != nil {
		s.of.container = m[1]
		return
	}
	if m := started().FindStringSubmatch(text); m != nil {
		s.of = logName{m[2], m[3], m[1]}.checked()
		return
	}
	if m := using().FindStringSubmatch(text); m != nil {
		s.of.pod = m[1]
		return
	}
	of := s.of
	if m := bracketed().FindStringSubmatch(text); m != nil {
		of.pod, of.container, text = m[1], m[2], text[len(m[0]):]
	} else if m := tailed().FindStringSubmatch(text); m != nil {
		of.pod, text = m[1], text[len(m[0]):]
		if m[2] != "" {
			of.container = m[2]
		}
	} else if s.stern {
		if sternSays().MatchString(text) {
			return
		}
		if m := sterned().FindStringSubmatch(text); m != nil {
			of, text = logName{m[1], m[2], m[3]}, text[len(m[0]):]
		}
	}
	text = composed().ReplaceAllString(text, "")
	if strings.HasPrefix(text, `{"log":"`) {
		var d struct {
			Log string `json:"log"`
		}
		if json.Unmarshal([]byte(text), &d, decoding) == nil {
			text = strings.TrimRight(d.Log, "\r\n")
		}
	}
	if m := ofRuntime().FindStringSubmatch(text); m != nil {
		if text = s.part + m[2]; m[1] == "P" {
			s.part = text[:min(len(text), containerlog.MaxLine)]
			return
		}
	}
	s.part = ""
	if text = stamped().ReplaceAllString(text, ""); strings.TrimSpace(text) != "" {
		s.add(of.checked(), text, number)
	}
}

func (s *ownScan) add(of logName, text string, number int) {
	i := slices.IndexFunc(s.logs, func(l *ownLog) bool { return l.of == of })
	if i < 0 {
		if len(s.logs) == maxOwn {
			return
		}
		i = len(s.logs)
		s.logs = append(s.logs, &ownLog{file: s.file, asked: s.asked, of: of})
	}
	l := s.logs[i]
	if len(l.lines) == 2*ownLines {
		l.lines = append(l.lines[:0], l.lines[ownLines:]...)
		l.numbers = append(l.numbers[:0], l.numbers[ownLines:]...)
	}
	l.lines = append(l.lines, strings.Clone(text[:min(len(text), containerlog.MaxLine)]))
	l.numbers = append(l.numbers, number)
}

// looksOwn is how lines of most programs' logs begin: when, how bad, or who asked for what.
var looksOwn = match.Lazy(`^\W{0,3}(?:\d{4}[-/]\d\d[-/]\d\d|\d\d[/:]\d\d[/:]\d\d|[IWEF]\d{4} |` +
	`(?:INFO|DEBUG|WARN|ERROR|TRACE|FATAL)\b|\{"|(?:time|level|ts|lvl)=|\d+\.\d+\.\d+\.\d+ (?:- )?)|` +
	`^/docker-entrypoint|^\[pod/`)

// looksOwnLog reports whether most of the first lines of a text may be those of a log.
func looksOwnLog(head []byte) bool {
	n, with := 0, 0
	for raw := range bytes.Lines(head) {
		if line := bytes.TrimSpace(raw); len(line) > 0 {
			if n++; looksOwn().Match(line) || asksLog().Match(line) {
				with++
			}
		}
		if n == 50 {
			break
		}
	}
	return with > 0 && with*2 >= n
}

// own reads a text that is of no other form as the log of a container. It reports false where nothing in it says that
// it is one.
func (r *reader) own(in io.Reader, head []byte) bool {
	looks := looksOwnLog(head)
	logs := r.ownLog(in)
	if len(logs) == 0 || !looks && !slices.ContainsFunc(logs, (*ownLog).ends) {
		return false
	}
	r.owns = append(r.owns, logs...)
	r.put(found{list: true})
	return true
}

// besideOwn reads what a container wrote, by the names of its file or in it, that stands in a bundle: it counts where
// it gave up, and the bundle shows that it does not stay up.
func (r *reader) besideOwn(in io.Reader, head []byte) {
	if logNameOf(r.name).pod == "" && !bytes.Contains(head, []byte(beginLog)) || len(r.owns) == maxOwn {
		return
	}
	for _, l := range r.ownLog(in) {
		l.lines, l.numbers = lastOf(l.lines), lastOf(l.numbers)
		if l.ends() {
			r.owns = append(r.owns, l)
		}
	}
}

func lastOf[T any](all []T) []T { return slices.Clone(all[max(0, len(all)-containerlog.MaxLines):]) }

// ofContainer reports whether a file is by its name what a container wrote, and not a node's program.
func ofContainer(name string) bool {
	return logNameOf(name).pod != "" && !nodeLogName().MatchString(strings.ToLower(path.Base(name)))
}

// ofNodes are words of a node's programs, in small letters, that no other program writes.
var ofNodes = match.Lazy(`(?i)kubelet|kuberuntime|containerd|sandbox|snapshotter|cri-?o\b|dockerd|\bshim\b|runc\b|` +
	`PullImage|(?:create|start)Container|network plugin|\bCNI\b|pod_workers|reconciler`)

// ownAfterAll takes what may be a node's log, and does not speak of what a node's programs do, for what a program in a
// container wrote that gave up: many write as the kubelet does. It tells of one that says nothing as well, where it
// does not look like a node's and none of its lines counts.
func (r *reader) ownAfterAll(t *logText, counts int) bool {
	if t.end == nil || t.host != "" || ofNodes().Match(t.end.text) {
		return false
	}
	n, looks := 0, false
	for raw := range bytes.Lines(t.end.text) {
		if n++; n > logHead || looks {
			break
		}
		looks = nodelog.Looks(lineText(raw))
	}
	r.name, r.asked = t.file, true
	logs := r.ownLines(t.end.text, t.end.above, logNameOf(t.file))
	if !slices.ContainsFunc(logs, (*ownLog).ends) && (looks || counts > 0) {
		return false
	}
	r.owns = append(r.owns, logs...)
	return len(logs) > 0
}

// cutLogs takes out of a pasted text the logs that commands in it printed. It returns the rest, whose lines keep their
// numbers; nil where nothing but space is left.
func (r *reader) cutLogs(in io.Reader) []byte {
	data, err := io.ReadAll(io.LimitReader(in, maxPasted))
	if err != nil {
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Because(err), Needs: message.Of("file.give-whole")})
	}
	rest, log := make([]byte, 0, len(data)), make([]byte, 0, len(data))
	inLog := false
	for raw := range bytes.Lines(data) {
		_, asks := askedLog(lineText(raw))
		if inLog = asks || inLog && !prompts().Match(raw); inLog {
			log, rest = append(log, raw...), append(rest, '\n')
		} else {
			log, rest = append(log, '\n'), append(rest, raw...)
		}
	}
	r.owns = append(r.owns, r.ownLines(log, 0, logNameOf(r.name))...)
	r.put(found{list: true})
	if len(bytes.TrimSpace(rest)) == 0 {
		return nil
	}
	return rest
}
