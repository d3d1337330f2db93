package dump

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// A reader is one run of [ReadSources]. Files are cut into the texts of objects one after the other, workers decode
// the texts side by side, and what they find is added to the Builder in the order of the files.
type reader struct {
	b      *cluster.Builder
	name   string    // of the file that is being cut
	time   time.Time // when it was written
	asked  bool      // it was given by its name, and is not one of a folder or an archive
	fill   *batch    // texts that no worker has yet
	queue  chan *batch
	order  chan *batch
	spare  chan *batch // whose memory may be used again
	read   chan count
	knows  func(line string) bool // see Source
	words  func() []string        // see Source
	unpack func(program string, in io.Reader) (io.ReadCloser, error)
	tell   func(Given) // what a file gave; may be nil

	progress *Progress
	logs     []*logText
	owns     []*ownLog
	passed   string // the first log that its name says to be of a container

	runtime []criContainer // what the runtime lists
	listed  []string       // the files that have it
	gives   []Given        // what of it these gave

	buffers  buffers
	anywhere []found // Events about objects of whatever namespace

	finders []*match.Finder // of words, and of words that may name the node
	unpacking
}

// A batch is texts of one file that a worker decodes in one go.
type batch struct {
	file  string
	time  time.Time
	asked bool
	bytes []byte
	texts []text
	found []found
	done  chan struct{}
}

// A text is one object, as it was cut from a file.
type text struct {
	from, to int // in batch.bytes
	line     int // 1-based
	list     header
	yaml     bool
	doc      *yamlList // of a YAML list's item: the list
	found    *found    // instead of a text: what is known without decoding
}

// A found is one thing that a text turned out to hold.
type found struct {
	kind    string // of object
	object  metav1.Object
	newAPI  bool // object is an Event of events.k8s.io
	trimmed bool // object went through cluster.Trim
	origin  cluster.Origin
	list    bool   // an empty list is read, too
	skipped string // the kind of an object that a snapshot does not keep
	ignored bool   // a file that is not meant to hold objects
	gaveUp  bool   // the rest of a file was not read, so much of it is broken
	info    *info
	gap     *cluster.Gap
	told    int       // of a text for people: describedTold or tableTold; 0 for the object itself
	at      time.Time // when such a text was printed
}

// How much a text for people tells of an object; the less, the higher.
const (
	describedTold = 1
	tableTold     = 2
)

// A batch is full with so many bytes or texts.
const (
	batchSize  = 256 << 10
	batchTexts = 4096
)

func newReader(b *cluster.Builder, tell func(Given), progress *Progress) *reader {
	workers := min(runtime.GOMAXPROCS(0), 8)
	r := &reader{b: b, tell: tell, progress: progress,
		queue: make(chan *batch, workers), order: make(chan *batch, 2*workers),
		spare: make(chan *batch, 4*workers), read: make(chan count)}
	for range workers {
		go func() {
			d := &decoder{pods: newSharing()}
			for t := range r.queue {
				for i := range t.texts {
					d.text(t, &t.texts[i])
				}
				t.done <- struct{}{}
			}
		}()
	}
	go r.collect()
	return r
}

// begin starts a file, which was given by its name or not.
func (r *reader) begin(name string, written time.Time, asked bool) {
	r.flush()
	r.name, r.time, r.asked = name, written, asked
}

// add hands on the text of one object. It is copied.
func (r *reader) add(raw []byte, t text) {
	b := r.batch()
	t.from = len(b.bytes)
	b.bytes = append(b.bytes, raw...)
	t.to = len(b.bytes)
	b.texts = append(b.texts, t)
	if len(b.bytes) >= batchSize || len(b.texts) >= batchTexts {
		r.flush()
	}
}

// put hands on what is known without decoding.
func (r *reader) put(f found) {
	b := r.batch()
	b.texts = append(b.texts, text{found: &f})
	if len(b.texts) >= batchTexts {
		r.flush()
	}
}

func (r *reader) gap(g cluster.Gap) { r.put(found{gap: &g}) }

func (r *reader) batch() *batch {
	if r.fill == nil {
		select {
		case r.fill = <-r.spare:
		default:
			r.fill = &batch{done: make(chan struct{}, 1)}
		}
		r.fill.file, r.fill.time, r.fill.asked = r.name, r.time, r.asked
	}
	return r.fill
}

func (r *reader) flush() {
	if r.fill == nil {
		return
	}
	r.order <- r.fill
	r.queue <- r.fill
	r.fill = nil
}

// close waits until all is added, and returns what there was.
func (r *reader) close() count {
	r.flush()
	close(r.queue)
	close(r.order)
	return <-r.read
}

// collect adds what was found to the Builder, in the order of the files.
func (r *reader) collect() {
	c := collector{b: r.b, progress: r.progress, events: map[types.UID]anEvent{}, told: map[cluster.Ref]int{},
		tell: r.tell}
	for t := range r.order {
		<-t.done
		if t.file != c.file {
			c.endFile()
			c.file, c.asked = t.file, t.asked
		}
		for _, f := range t.found {
			c.add(f, t.time)
		}
		clear(t.found)
		clear(t.texts)
		t.bytes, t.texts, t.found = t.bytes[:0], t.texts[:0], t.found[:0]
		if cap(t.bytes) <= 4*batchSize { // one large object must not hold its memory to the end
			select {
			case r.spare <- t:
			default:
			}
		}
	}
	c.endFile()
	for ref, told := range c.told {
		switch ref.Kind {
		case "Pod":
			r.b.Retold(ref, told > describedTold)
		case "Event":
			c.printed = append(c.printed, ref)
		}
	}
	c.endForeign()
	r.read <- c.count
}

// A count is what reading came upon.
type count struct {
	read  int  // objects and lists, kept or skipped
	kept  int  // objects
	taken bool // a snapshot.yaml says of which instant it is

	passed  string        // see reader
	printed []cluster.Ref // Events that only a text for people tells of
}

// A collector adds what was found to a Builder.
type collector struct {
	count
	b        *cluster.Builder
	file     string
	asked    bool        // it was given by its name
	useful   bool        // something in it is an object
	foreign  [][]sameGap // in files of folders and archives in which nothing is one
	gaps     []sameGap   // in this file
	given    Given       // by this file
	tell     func(Given)
	progress *Progress
	events   map[types.UID]anEvent
	told     map[cluster.Ref]int // objects that only a text for people tells of, and how much
}

// anEvent is the name of an Event, and through which API it was listed.
type anEvent struct {
	namespace, name string
	newAPI          bool
}

// A sameGap is what is told of all places of a file that are broken in the same way: the first, and how many more.
type sameGap struct {
	cluster.Gap
	more int
}

// otherwise are the reasons of gaps that lose no object: what is there is none, or is kept but for a field.
var otherwise = map[string]bool{"file.no-text": true, "file.empty": true, "file.no-objects": true, "file.gave-up": true,
	"object.kind": true, "object.none": true, "object.name": true, "object.field": true, "object.field-error": true,
	"json.other": true, "json.none": true, "yaml.nothing": true, "pasted.other": true}

// foreign are the reasons why something is in no form of Kubernetes' at all.
var foreign = map[string]bool{"object.kind": true, "object.none": true, "object.name": true, "json.other": true,
	"json.none": true, "yaml.nothing": true}

// gap keeps a broken place of the file.
func (c *collector) gap(g cluster.Gap) {
	g.Lost = !otherwise[g.Why.Code]
	same := func(o sameGap) bool { return o.Why.Code == g.Why.Code && o.Why.Args["kind"] == g.Why.Args["kind"] }
	if i := slices.IndexFunc(c.gaps, same); i >= 0 {
		c.gaps[i].more++
		return
	}
	valid := func(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
	c.gaps = append(c.gaps, sameGap{Gap: g.Map(valid)})
}

func (c *collector) add(f found, written time.Time) {
	c.gave(f)
	switch {
	case f.gap != nil:
		c.gap(*f.gap)
		return
	case f.ignored:
		c.b.Ignore(1)
		return
	case f.gaveUp:
		c.gap(cluster.Gap{What: inFile(c.file), Why: message.Of("file.gave-up"), Needs: message.Of("file.give-objects")})
		return
	}
	c.read++
	if f.told > 0 { // when it was saved says nothing of when it was so
		c.b.TakenAt(f.at)
	} else {
		c.b.WrittenAt(written)
	}
	switch {
	case f.info != nil:
		c.useful = true
		f.info.addTo(c.b)
		c.taken = c.taken || f.info.At.After(time.Time{})
	case f.skipped != "":
		c.useful = true
		c.b.Skip(f.skipped, 1)
	case f.object != nil:
		c.useful = true
		c.object(f)
	}
}

func (c *collector) object(f found) {
	if c.kept++; f.kind == "Pod" {
		c.progress.Pods.Add(1)
	}
	if !c.best(f) {
		return
	}
	if !f.trimmed {
		cluster.Trim(f.object)
	}
	ref, counts := c.b.AddCleanFrom(f.kind, f.object, f.origin)
	if !counts {
		return
	}
	uid := f.object.GetUID()
	if f.kind != "Event" || uid == "" {
		return
	}
	// One Event that was listed through both of its APIs is one Event. Within one API the name alone decides.
	if e, ok := c.events[uid]; ok && e.newAPI != f.newAPI {
		if old := (cluster.Ref{Kind: "Event", Namespace: e.namespace, Name: e.name}); old != ref {
			c.b.Remove(old)
		}
	}
	c.events[uid] = anEvent{ref.Namespace, ref.Name, f.newAPI}
}

// best reports whether nothing that is there already tells more of an object than what was found.
func (c *collector) best(f found) bool {
	ref := cluster.Ref{Kind: f.kind, Namespace: f.object.GetNamespace(), Name: f.object.GetName()}
	if f.told == 0 {
		delete(c.told, ref)
		return true
	}
	if told, of := c.told[ref]; c.b.Get(ref) != nil && (!of || told < f.told) {
		return false
	}
	c.told[ref] = f.told
	return true
}

// endFile tells of the broken places of a file: of each kind once.
func (c *collector) endFile() {
	for i := range c.gaps {
		g := &c.gaps[i]
		if line, ok := g.What.Args["line"]; ok && g.more > 0 {
			g.What = message.Of("gap.lines", "file", c.file, "line", line, "n", g.more)
		}
	}
	other := func(g sameGap) bool { return !foreign[g.Why.Code] }
	if len(c.gaps) > 0 && !c.asked && !c.useful && !slices.ContainsFunc(c.gaps, other) {
		c.given.Left, c.given.Broken = true, 0
		c.foreign = append(c.foreign, c.gaps)
	} else {
		c.tellGaps(c.gaps)
	}
	c.gaps, c.useful = nil, false
	c.tellGiven()
}

func (c *collector) tellGaps(gaps []sameGap) {
	for _, g := range gaps {
		c.b.Gap(g.Gap)
	}
}

// endForeign passes over what of a bundle is in no form of Kubernetes' (a program's settings, versions, figures) where
// Pods were read. Where none were, it may be what they are in.
func (c *collector) endForeign() {
	if c.b.Known("Pod") {
		c.b.Ignore(len(c.foreign))
		return
	}
	for _, gaps := range c.foreign {
		c.tellGaps(gaps)
	}
}
