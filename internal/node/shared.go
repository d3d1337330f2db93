package node

import (
	"context"
	"os"
	"sync"
)

// shared is what several probes of one reading need. Each is asked for once, by who needs it first, and the others wait
// for that.
type shared struct {
	procs   func() ([]process, error)
	kubelet func() (*kubelet, error)
	runtime func() *containerRuntime
	status  func() *criStatus
	lists   func() (*criLists, error)
	conf    func() *runtimeConf
}

type sharedKey struct{}

// share gives a reading its shared part. What is in it has deadlines of its own: those of the probes that ask for it do
// not end it.
func (h *Host) share(ctx context.Context) context.Context {
	s := &shared{}
	s.procs = sync.OnceValues(func() ([]process, error) { return h.processes(ctx) })
	s.kubelet = sync.OnceValues(func() (*kubelet, error) { return h.findKubelet(s.procs()) })
	s.runtime = sync.OnceValue(func() *containerRuntime { return h.findRuntime(s) })
	s.status = sync.OnceValue(func() *criStatus { return s.runtime().status(ctx) })
	s.lists = sync.OnceValues(func() (*criLists, error) { return s.runtime().lists(ctx) })
	s.conf = sync.OnceValue(func() *runtimeConf { return s.runtime().conf(s.status().info) })
	return context.WithValue(ctx, sharedKey{}, s)
}

func sharedOf(ctx context.Context, h *Host) *shared {
	s, ok := ctx.Value(sharedKey{}).(*shared)
	if !ok { // a probe on its own
		s, _ = h.share(ctx).Value(sharedKey{}).(*shared)
	}
	return s
}

// treeOf is what a process sees as "/", where that can be read; else Root.
func (h *Host) treeOf(p process) tree {
	own := p.dir + "/root"
	if f, err := os.Open(own); err == nil {
		f.Close()
		return tree{root: own}
	}
	return h.tree()
}
