package agent

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/node"
)

// How often facts are written, whatever --every says.
const (
	floor     = 30 * time.Second // not sooner after the last time
	longest   = 10 * time.Minute // at least so often: what is older counts as out of date
	firstWait = 30 * time.Second // after a failure, and twice as long after each further one
	lastWait  = 2 * time.Minute
)

// watch keeps the NodeFacts of the node current until the context ends.
func (s *session) watch(ctx context.Context, h *node.Host) error {
	cfg, err := s.Config(s.kubeconfig)
	if err != nil {
		return err
	}
	w, err := newWriter(cfg)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(s.Err, nil)).With("node", h.Name)
	log.Info("started", "version", version(), "root", h.Root, "every", s.every, "server", cfg.Host)
	k := &keeper{read: h.Read, writer: w, log: log, every: s.every}
	debug.FreeOSMemory() // what compiling the catalogue took is not needed again
	k.run(ctx)
	log.Info("ended")
	return nil
}

// A keeper reads facts again and again, and writes them where that is worth it.
type keeper struct {
	read   func(context.Context) *nodefacts.NodeFacts
	writer *writer
	log    *slog.Logger
	every  time.Duration

	there    *nodefacts.NodeFacts // what was written last, settled; nil before that
	written  time.Time
	notUntil time.Time // nothing is written before this
	failures int       // to write, in a row
}

// run keeps the facts current until the context ends. It cannot fail: what fails is tried again.
func (k *keeper) run(ctx context.Context) {
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		next.Reset(k.every)
		now := time.Now()
		f := k.read(ctx)
		if ctx.Err() != nil { // what was read while it ended is not whole
			return
		}
		k.consider(ctx, f, now)
	}
}

// consider writes facts that were read at an instant where they tell something else than those that were written last, or
// those grow old.
func (k *keeper) consider(ctx context.Context, f *nodefacts.NodeFacts, now time.Time) {
	k.writer.offset.into(f)
	settled := settle(f, k.there)
	old := now.Add(k.every).Sub(k.written) > longest
	if now.Before(k.notUntil) || k.there != nil && !old && same(settled, k.there) {
		return
	}
	lost := fit(f, maxSize)
	err := k.writer.write(ctx, f)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		wait := min(firstWait<<min(k.failures, 8), lastWait)
		k.failures++
		k.notUntil = now.Add(wait)
		k.log.Warn("cannot write what the node knows", "err", err, "again", wait)
		return
	case k.failures > 0 || k.there == nil:
		k.log.Info("facts are written", "failures", k.failures)
	}
	if lost > 0 {
		k.log.Info("facts were left out, so that the object is not too large", "items", lost)
	}
	k.failures, k.there, k.written, k.notUntil = 0, settled, now, now.Add(floor)
}
