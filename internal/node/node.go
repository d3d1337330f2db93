// Package node reads what one node knows about itself.
//
// Nothing on the node is changed. Every probe has a deadline: a disk, a mount or a runtime that hangs makes one fact
// "could not be read", never a hung reader. A probe reads below [Host.Root], so a folder can stand for a whole machine.
package node

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A Host is a machine to read. It may be read again and again; it keeps between two readings what only differences
// tell.
type Host struct {
	Name  string                 // the node's; the host name where empty
	Root  string                 // what stands for "/": "/" itself, /host in a container, a folder with a fixture
	Now   func() time.Time       // the clock; time.Now where nil
	Knows func(line string) bool // whether a cause knows a line of a log; none is kept where nil

	mu      sync.Mutex
	running map[string]time.Time // probes that have not come back, by path, and since when
	builds  map[string]string    // versions of executables, by fileID

	lastKubelet  *process
	stepDetector stepDetector
	tails        logTails
	calls        calls // set in tests

	lookOnce sync.Once
	seen     tree // see tree
}

// A probe reads one fact, or some that come from one place.
type probe struct {
	path    string // of the field that is missing where it fails
	timeout time.Duration
	// read returns what sets the fields. It sets nothing itself: when it comes back too late, nobody looks any more.
	// A context that has ended is no error of its own: what was read by then may be returned with what was not.
	read func(ctx context.Context, h *Host) (set func(*nodefacts.NodeFacts), err error)
}

// probes are all probes, in the order of the fields.
var probes = slices.Concat(hostProbes, runtimeProbes)

// A partial error is that some facts of a probe could not be read; the others are set.
type partial []nodefacts.Unread

func (p partial) Error() string {
	var s []string
	for _, u := range p {
		s = append(s, u.Path+": "+u.Why)
	}
	return strings.Join(s, "; ")
}

// Read reads all facts. It takes as long as the slowest probe, and no longer than that one may.
func (h *Host) Read(ctx context.Context) *nodefacts.NodeFacts {
	f := &nodefacts.NodeFacts{TypeMeta: metav1.TypeMeta{APIVersion: "stuck.dev/v1alpha1", Kind: "NodeFacts"},
		Source: nodefacts.FromAgent, At: metav1.NewTime(h.now().UTC().Truncate(time.Second))}
	f.Name = h.Name
	ctx = h.share(ctx)
	type outcome struct {
		set func(*nodefacts.NodeFacts)
		err error
	}
	outcomes := make([]outcome, len(probes))
	var wg sync.WaitGroup
	for i, p := range probes {
		wg.Go(func() {
			outcomes[i].set, outcomes[i].err = h.try(ctx, p)
		})
	}
	wg.Wait()
	for i, o := range outcomes {
		if o.set != nil {
			o.set(f)
		}
		switch err := o.err.(type) {
		case nil:
		case partial:
			f.Unread = append(f.Unread, err...)
		default:
			f.Unread = append(f.Unread, Unread(probes[i].path, o.err))
		}
	}
	cluster.Clean(f) // logs and errors quote what is nobody's business
	return f
}

// try runs a probe until its deadline. One that does not come back is left behind, and not tried again before it has:
// what hangs in the kernel cannot be ended, but it need not pile up.
func (h *Host) try(ctx context.Context, p probe) (func(*nodefacts.NodeFacts), error) {
	if since, ok := h.begin(p.path); !ok {
		return nil, &message.Error{What: message.Of("fact.hung", "time", since.UTC().Format(time.RFC3339))}
	}
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	type result struct {
		set func(*nodefacts.NodeFacts)
		err error
	}
	done := make(chan result, 1)
	go func() {
		set, err := p.read(ctx, h)
		h.end(p.path)
		done <- result{set, err}
	}()
	select {
	case r := <-done:
		return r.set, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done: // it minded the context
		return r.set, r.err
	case <-time.After(100 * time.Millisecond):
		return nil, &message.Error{What: message.Of("fact.late", "time", p.timeout.String())}
	}
}

func (h *Host) begin(path string) (since time.Time, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if since, hangs := h.running[path]; hangs {
		return since, false
	}
	if h.running == nil {
		h.running = map[string]time.Time{}
	}
	h.running[path] = h.now()
	return time.Time{}, true
}

func (h *Host) end(path string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.running, path)
}

func (h *Host) now() time.Time {
	if h.Now == nil {
		return time.Now()
	}
	return h.Now()
}

// path is where a path of the machine is to be found.
func (h *Host) path(elem ...string) string {
	return filepath.Join(append([]string{h.Root}, elem...)...)
}
