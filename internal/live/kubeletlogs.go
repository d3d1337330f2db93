package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/nodelog"
)

// How much of a node's logs is looked at.
const (
	maxLog      = 4 << 20          // bytes of an answer, from its end
	maxTail     = 10000            // lines that journald is asked for
	maxLines    = 200              // lines that are kept
	logLasts    = 15 * time.Minute // what the kubelet and the runtime wrote before that does not count
	kernelLasts = 24 * time.Hour
)

// programs are the components by the name under which a program logs, or its unit, or its file below /var/log.
var programs = map[string]string{"kubelet": "kubelet", "systemd": "kubelet", "containerd": "containerd", "crio": "crio",
	"dockerd": "docker", "docker": "docker", "cri-dockerd": "cri-dockerd", "cri-docker": "cri-dockerd"}

var (
	// inFiles is the kubelet's word that a log is not journald's: "options present and query resolved to log files for
	// [kubelet]".
	inFiles = match.Lazy(`(?m)^options present and query resolved to log files for \[([^\]]*)\]`)
	// noLog is its word that there is none.
	noLog = match.Lazy(
		`(?m)^(log not found for \S+|error getting log for .*|error: journal output not available|failed to get ` +
			`logging cmd: .*)$`)
	// inFolder are the names in a listing of /var/log.
	inFolder = match.Lazy(`<a href="([A-Za-z0-9._-]+)"`)
)

// errNoQuery is that the kubelet has no node log query, which is new in 1.27 and on by default from 1.36 on.
var errNoQuery = errors.New(
	"node log query is not enabled (enableSystemLogHandler and enableSystemLogQuery of the kubelet's configuration)")

// services are the units to ask for: the kubelet's and the container runtime's.
func (k *kubelet) services() []string {
	switch name, _ := k.runtime(); name {
	case "cri-o":
		return []string{"kubelet", "crio"}
	case "docker":
		return []string{"kubelet", "docker", "cri-docker"}
	}
	return []string{"kubelet", "containerd"}
}

// logs asks for what the kubelet and the container runtime wrote: first for what journald has of them, all at once, and
// then for the files of those of which it has nothing. Where there is no log query, the folder /var/log may be served.
func (k *kubelet) logs(ctx context.Context) setter {
	services := k.services()
	text, err := k.log(ctx, "logs/", map[string][]string{"query": services, "tailLines": {strconv.Itoa(maxTail)}}, nil)
	texts := []component{{"kubelet", text}}
	switch m := inFiles().FindSubmatch(text); {
	case errors.Is(err, errNoQuery):
		texts, err = k.files(ctx, folder(text), services, err)
	case m != nil:
		var more []component
		more, err = k.queries(ctx, strings.Fields(string(m[1])), services)
		texts = append(texts, more...)
	}
	lines := k.lines(texts)
	return func(f *nodefacts.NodeFacts) {
		if err != nil {
			unread(f, "logs", err)
		}
		f.Logs = lines
	}
}

// component is what is there of a log, and of whom.
type component struct {
	name string
	text []byte
}

// queries asks for the logs of some services, which are files.
func (k *kubelet) queries(ctx context.Context, names, services []string) ([]component, error) {
	names = slices.DeleteFunc(slices.Clone(services), func(s string) bool { return !slices.Contains(names, s) })
	return k.each(names, func(name string) ([]byte, error) {
		return k.log(ctx, "logs/", map[string][]string{"query": {name}}, nil)
	})
}

// files asks for the files of the services' logs, where the folder has them: one each, or else one that syslog keeps of
// all.
func (k *kubelet) files(ctx context.Context, there, services []string, otherwise error) ([]component, error) {
	var names []string
	for _, s := range services {
		if slices.Contains(there, s+".log") {
			names = append(names, s+".log")
		}
	}
	for _, s := range []string{"syslog", "messages"} {
		if len(names) == 0 && slices.Contains(there, s) {
			names = append(names, s)
		}
	}
	if len(names) == 0 {
		return nil, otherwise
	}
	return k.each(names, func(name string) ([]byte, error) { return k.file(ctx, name) })
}

// each reads some logs side by side. The error is that of the last of which there is none.
func (k *kubelet) each(names []string, read func(string) ([]byte, error)) ([]component, error) {
	out, errs := make([]component, len(names)), make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() {
			text, err := read(name)
			program := programs[strings.TrimSuffix(name, ".log")]
			if program == "" {
				program = "kubelet"
			}
			out[i], errs[i] = component{program, text}, err
		})
	}
	wg.Wait()
	return out, errors.Join(errs...)
}

// folder are the names in a listing of /var/log.
func folder(listing []byte) []string {
	var out []string
	for _, m := range inFolder().FindAllSubmatch(listing, 1000) {
		out = append(out, string(m[1]))
	}
	return out
}

// file asks for the end of a file below /var/log.
func (k *kubelet) file(ctx context.Context, name string) ([]byte, error) {
	return k.log(ctx, "logs/"+name, nil, http.Header{"Range": {fmt.Sprintf("bytes=-%d", maxLog)}})
}

// log asks for a log and keeps its end. What comes with errNoQuery is the listing of the folder.
func (k *kubelet) log(ctx context.Context, path string, query map[string][]string, header http.Header) (text []byte,
	err error) {
	listing := false
	err = k.proxy(ctx, k.name, path, query, header, func(h http.Header, r io.Reader) error {
		listing = strings.HasPrefix(h.Get("Content-Type"), "text/html")
		end, whole, err := tail(r, maxLog)
		if !whole {
			_, end, _ = bytes.Cut(end, []byte("\n")) // the first line is not whole
		}
		text = end
		return err
	})
	var r *statusError
	switch {
	case errors.As(err, &r) && (r.code < 500 || r.code == http.StatusNotImplemented) && !isForbidden(err):
		return nil, errNoQuery
	case err != nil:
		return nil, err
	case listing:
		return text, errNoQuery
	}
	if m := noLog().Find(text[max(0, len(text)-1024):]); m != nil && len(text) < 4096 {
		return nil, errors.New(string(m))
	}
	return text, nil
}

// lines keeps of some logs what counts and is of no other Pod, of each component by itself. A log of several has a
// prefix with the program before each line.
func (k *kubelet) lines(texts []component) []nodefacts.LogLine {
	logs := map[string]*nodelog.Log{}
	of := func(name string) *nodelog.Log {
		if logs[name] == nil {
			logs[name] = &nodelog.Log{Component: name, Since: k.now.Add(-logLasts), Now: k.now, Knows: k.knows}
		}
		return logs[name]
	}
	for _, t := range texts {
		last := of(t.name)
		for line := range bytes.Lines(t.text) {
			line := string(line)
			if program := nodelog.Program(line); program != "" {
				name := programs[program]
				if name == "" {
					last = nil // of another program, and so are the lines without a prefix after it
					continue
				}
				last = of(name)
			}
			if last != nil {
				last.Add(line)
			}
		}
	}
	var out []nodefacts.LogLine
	for _, name := range []string{"kubelet", "containerd", "crio", "docker", "cri-dockerd"} {
		if l := logs[name]; l != nil {
			out = append(out, l.Facts(maxTail)...)
		}
	}
	out = slices.DeleteFunc(out, func(l nodefacts.LogLine) bool { return l.PodUID != "" && !k.pods[l.PodUID] })
	slices.SortStableFunc(out, func(a, b nodefacts.LogLine) int { return a.Last.Compare(b.Last.Time) })
	return nodelog.Select(out, k.pods, maxLines)
}

// kernel asks for the kernel's log, which is there where syslog keeps it in a file: journald's cannot be asked for,
// since it is no unit's.
func (k *kubelet) kernel(ctx context.Context) setter {
	text, err := k.log(ctx, "logs/", map[string][]string{"query": {"kern"}}, nil)
	if errors.Is(err, errNoQuery) && slices.Contains(folder(text), "kern.log") {
		text, err = k.file(ctx, "kern.log")
	}
	var n nodelog.Kernel
	for line := range bytes.Lines(text) {
		n.AddLine(string(line), k.now.Add(-kernelLasts), k.now)
	}
	facts := n.Facts()
	return func(f *nodefacts.NodeFacts) {
		switch {
		case err != nil:
			unread(f, "kernel", err)
		case facts == nil:
			unread(f, "kernel", errors.New("its log has no message of the last 24 hours"))
		}
		f.Kernel = facts
	}
}
