// Package dump reads files, archives and streams into a [cluster.Snapshot], and writes one as files.
//
// The package opens nothing and knows no clock: who calls it hands in file systems, streams and times.
// For `-f FILE-OR-FOLDER -f -` that is
//
//	dir, base := filepath.Split(absolute) // of FILE-OR-FOLDER; base is "" for the root
//	s, err := ReadSources(time.Time{}, // or the instant that the user gave
//		Source{Name: "FILE-OR-FOLDER", FS: os.DirFS(dir), Path: base},
//		Source{Name: "stdin", R: os.Stdin, Time: now})
package dump

import (
	"bytes"
	"cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pasted"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync/atomic"
	"time"
)

// A Source is one thing to read: a folder or a file of a file system, or a stream.
type Source struct {
	Name string    // as the user calls it; it begins the file names in signs, gaps and errors
	FS   fs.FS     // where a folder or file is
	Path string    // which folder or file of FS; "" is all of it
	R    io.Reader // instead of FS: a stream, such as standard input
	Time time.Time // of R: when it was written, or the time now; zero if that is not known
	// whether a cause knows what a line of a log says; logs are not read where nil
	Knows func(line string) bool
	// words of which every line that Knows knows holds one: none where every line has to be tried
	Words func() []string
	// Unpack unpacks a stream with a program that is not part of this one, xz or zstd, and is done with it when it is
	// closed. It returns nil where there is no such program; may be nil itself.
	Unpack func(program string, in io.Reader) (io.ReadCloser, error)
	Gave   func(Given) // is told what each file gave; the last source's counts. May be nil
	// Progress is how much has been read, for whoever looks at it meanwhile; the last source's counts. May be nil.
	Progress *Progress
}

// A Progress is how much has been read.
type Progress struct {
	Bytes atomic.Int64 // of files, as they are given
	Pods  atomic.Int64
}

// Limits on one file. An API server stores no object larger than a few MiB: what is larger is no object.
const (
	maxYAMLFile = 512 << 20 // YAML is read as a whole
	maxObject   = 32 << 20  // the text of one object
	sniffed     = 64 << 10  // how much of a file tells what it is
	maxFiles    = 100_000   // below one folder: the largest dumps have some 10,000
)

// Read builds a snapshot from every YAML and JSON file below a root. See [ReadSources].
func Read(fsys fs.FS, at time.Time) (*cluster.Snapshot, error) {
	return ReadSources(at, Source{FS: fsys})
}

// ReadSources builds one snapshot from all sources. What kubectl prints is a valid dump.
//
// What cannot be read becomes a Gap, and the rest is read. It is an error if a source is not there,
// or if nothing at all could be read. An instant that is given counts; otherwise the latest that a snapshot.yaml
// tells; otherwise the newest of all times in the objects and of the files.
func ReadSources(at time.Time, sources ...Source) (*cluster.Snapshot, error) {
	b := cluster.NewBuilder(at)
	n, err := into(b, sources)
	if err != nil {
		return nil, err
	}
	s := b.Snapshot()
	// As with a file that was cut off in its first object, all that came of reading may be what went wrong.
	onlyGaps := n.kept+len(s.Skipped) == 0 && len(s.Gaps) > 0 && !n.taken
	if n.read == 0 || onlyGaps {
		return nil, nothingRead(s.Gaps, sources, n.passed)
	}
	return s, nil
}

// into adds what the sources hold.
// It is an error if a source is not there; all else that cannot be read is a Gap.
func into(b *cluster.Builder, sources []Source) (count, error) {
	var tell func(Given)
	progress := new(Progress)
	for _, s := range sources {
		if tell = s.Gave; s.Progress != nil {
			progress = s.Progress
		}
	}
	r := newReader(b, tell, progress)
	for _, s := range sources {
		r.knows, r.words, r.unpack = s.Knows, s.Words, s.Unpack
		if err := r.source(s); err != nil {
			r.close()
			return count{}, err
		}
	}
	n := r.close()
	n.passed = r.passed
	told := r.addAnywhere()
	n.kept, n.read = n.kept+told+r.addLogs()+r.addRuntime(), n.read+told
	n.read += len(r.logs) + len(r.listed)
	n.kept += r.addToldByEvents()
	n.kept += r.addOwnLogs()
	r.nameContainers(n.printed)
	return n, nil
}

// nothingRead tells what was tried, and the first reasons why that was in vain.
func nothingRead(gaps []cluster.Gap, sources []Source, passed string) error {
	var names []string
	for _, s := range sources {
		names = append(names, s.called(""))
	}
	why := message.Of("source.no-file")
	if passed != "" {
		why = message.Of("source.passed", "file", passed)
	}
	for i, g := range gaps[:min(len(gaps), 3)] {
		reason := message.Of("source.reason", "place", g.What, "why", g.Why)
		if i > 0 {
			reason = message.Of("source.reasons", "first", why, "others", reason)
		}
		why = reason
	}
	return &message.Error{What: message.Of("source.nothing", "files", strings.Join(names, ", "), "why", why)}
}

// inFile and inLine are places of a gap.
func inFile(name string) message.Message { return message.Of("gap.file", "file", name) }

func inLine(name string, line int) message.Message {
	return message.Of("gap.line", "file", name, "line", line)
}

// called is how a file of a source is named to the user.
func (s Source) called(file string) string {
	if rest, ok := strings.CutPrefix(file, s.root()); ok && s.root() != "." {
		file = strings.TrimPrefix(rest, "/")
	}
	if name := path.Join(s.Name, file); name != "" {
		return name
	}
	return "the folder"
}

func (s Source) root() string {
	if s.Path == "" {
		return "."
	}
	return s.Path
}

// source reads a stream, a file, or all files below a folder.
func (r *reader) source(s Source) error {
	if s.R != nil {
		r.begin(s.called(""), s.Time, true)
		r.text(r.given(s.R), strings.ToLower(path.Ext(s.Name)), 0)
		return nil
	}
	files := 0
	return fs.WalkDir(s.FS, s.root(), func(file string, d fs.DirEntry, err error) error {
		name := s.called(file)
		switch {
		case files == maxFiles:
			r.begin(s.called(s.root()), time.Time{}, true)
			r.gap(cluster.Gap{What: inFile(s.called(s.root())), Why: message.Of("folder.many", "n", maxFiles),
				Needs: message.Of("folder.fewer")})
			return fs.SkipAll
		case err != nil && file == s.root():
			return &message.Error{What: message.Of("source.missing", "file", name, "why", message.Because(err)), Err: err}
		case err != nil:
			r.begin(name, time.Time{}, true)
			r.gap(cluster.Gap{What: inFile(name), Why: message.Because(err), Needs: message.Of("file.permission")})
		case !d.IsDir():
			files++
			r.file(s.FS, file, name, file == s.root())
		}
		return nil
	})
}

// file reads one file. What is no file (a pipe, a device) is only opened if it was asked for by name.
func (r *reader) file(fsys fs.FS, file, name string, asked bool) {
	r.begin(name, time.Time{}, asked)
	info, err := fs.Stat(fsys, file)
	if err == nil && (info.IsDir() || !info.Mode().IsRegular() && !asked) {
		return // a link to a folder, a pipe
	}
	var f fs.File
	if err == nil {
		f, err = fsys.Open(file)
	}
	if err != nil {
		r.gap(cluster.Gap{What: inFile(name), Why: message.Because(err), Needs: message.Of("file.permission")})
		return
	}
	defer f.Close()
	r.begin(name, info.ModTime(), asked)
	r.text(r.given(f), strings.ToLower(path.Ext(file)), info.Size())
}

// text reads a file as what its name and its beginning say it is. It is worth a word if a file that was asked for by
// name holds nothing.
func (r *reader) text(f io.Reader, ext string, size int64) {
	raw := r.buffers.get(f, smallBuffer)
	if r.archive(raw, f, ext) { // a program that unpacks may read on from it
		return
	}
	defer r.buffers.put(raw)
	if _, err := raw.Peek(1); err == io.EOF && !r.asked {
		return
	}
	whole := r.buffers.get(utf8Reader(raw), sniffed)
	defer r.buffers.put(whole)
	in := unmarked(whole)
	head, err := in.Peek(sniffed)
	if err != nil && err != io.EOF && len(head) == 0 {
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Because(err), Needs: message.Of("file.permission")})
		return
	}
	form := formOf(head, ext, size)
	isLog := r.knows != nil && (form == "" || form == "json") && looksLog(head, r.name, ext, r.asked)
	switch {
	case !r.asked && len(head) > 0 && containerLog(r.name):
		r.passed = cmp.Or(r.passed, r.name)
		r.put(found{ignored: true})
		r.besideOwn(in, head)
	case r.asked && form == "" && asksLog().Match(head):
		if rest := r.cutLogs(in); rest != nil {
			r.text(bytes.NewReader(rest), ext, int64(len(rest)))
		}
	case looksCRI(head):
		r.cri(in)
	case isLog && !(r.asked && ofContainer(r.name)):
		r.log(in)
	case form == "json" && !r.asked && !beginsJSON().Match(head): // the ending is wrong: figures, a word
		r.gap(cluster.Gap{What: inLine(r.name, 1), Why: message.Of("json.none"), Needs: jsonNeeds(nil)})
	case form == "json":
		r.json(in)
	case form == "yaml":
		r.yaml(in, size, maxYAMLFile)
	case form == "" && (pasted.Looks(head) || r.asked && (pasted.HoldsEvents(head) || pasted.HoldsPods(head))):
		r.pasted(in)
	case form == "binary":
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Of("file.no-text"), Needs: message.Of("file.give-text")})
	case r.asked && len(head) == 0:
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Of("file.empty"), Needs: jsonNeeds(nil)})
	case r.asked && form == "" && r.own(in, head):
	case r.asked:
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Of("file.no-objects"), Needs: jsonNeeds(nil)})
	case len(head) > 0:
		r.put(found{ignored: true})
	}
}

// formOf tells what a file is: json, yaml, binary in spite of its name,
// or "" for what is not meant to hold objects (a log).
func formOf(head []byte, ext string, size int64) string {
	if len(head) == 0 {
		return ""
	}
	binary := bytes.IndexByte(head, 0) >= 0
	start := bytes.TrimLeft(head, " \t\r\n")
	braces := isObject(head)
	switch ext {
	case ".yaml", ".yml":
		// JSON is YAML and has lines then. But a large one has to be read piece by piece.
		if braces && size > 1<<20 && len(start) > 1 && bytes.HasPrefix(bytes.TrimLeft(start[1:], " \t\r\n"), []byte(`"`)) {
			return "json"
		}
	case ".json", ".ndjson", ".jsonl":
		if !braces && hasObjects(head) {
			return "yaml"
		}
		if !binary {
			return "json"
		}
	default:
		switch {
		case binary:
			return ""
		case braces && (bytes.Contains(head, []byte(`"kind"`)) && bytes.Contains(head, []byte(`"apiVersion"`)) ||
			shapedJSON(head)):
			return "json"
		case !hasObjects(head):
			return ""
		}
	}
	if binary {
		return "binary"
	}
	return "yaml"
}

// beginsJSON is the beginning of an object or a list at that of a line.
var beginsJSON = match.Lazy(`(?m)^\s*[{\[]`)

// hasObjects reports whether a text plainly is Kubernetes YAML: kind and apiVersion stand at the beginning of lines.
func hasObjects(head []byte) bool {
	var kind, version bool
	for line := range bytes.Lines(head) {
		kind = kind || bytes.HasPrefix(line, []byte("kind: "))
		version = version || bytes.HasPrefix(line, []byte("apiVersion: "))
	}
	// Of a large List only the beginning was seen, and its kind stands at the end.
	list := version && (bytes.Contains(head, []byte("\nitems:\n")) || bytes.Contains(head, []byte("\nitems:\r\n")))
	return kind && version || list || shapedYAML(head)
}
