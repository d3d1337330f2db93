package agent

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/node"
	"github.com/kubestuck/stuck/internal/nodelog"
	"golang.org/x/sys/unix"
)

// How often facts are written, whatever --every says.
const (
	minInterval = 30 * time.Second // not sooner after the last time
	maxInterval = 10 * time.Minute // at least so often: what is older counts as out of date
	minBackoff  = 30 * time.Second // after a failure, and twice as long after each further one
	maxBackoff  = 2 * time.Minute
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
	folders := &folderReader{root: h.Root}
	k := &keeper{read: h.Read, folders: folders.read, spent: spent, writer: w, log: log, every: s.every}
	k.run(ctx)
	log.Info("ended")
	return nil
}

// A keeper reads facts again and again, and writes them where that is worth it.
type keeper struct {
	read    func(context.Context) *nodefacts.NodeFacts
	folders func(context.Context, *nodefacts.NodeFacts) map[string]folder // of Pods
	// what the program has had of the processor so far
	spent  func() time.Duration
	writer *writer
	log    *slog.Logger
	every  time.Duration

	there    *nodefacts.NodeFacts // what was written last, normalized; nil before that
	written  time.Time
	notUntil time.Time     // nothing is written before this
	failures int           // to write, in a row
	omitted  int           // items that were left out of it
	interval time.Duration // from one reading to the next, as of the last
}

// run keeps the facts current until the context ends. It cannot fail: what fails is tried again.
func (k *keeper) run(ctx context.Context) {
	next := time.NewTimer(0)
	defer next.Stop()
	for first := true; ; first = false {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		now, before := time.Now(), k.spent()
		f := k.read(ctx)
		if ctx.Err() != nil { // what was read while it ended is not whole
			return
		}
		k.consider(ctx, f, now)
		debug.FreeOSMemory() // what it took is not needed before the next time
		k.interval = k.every
		if !first { // that one read what was logged in 15 minutes, and the next reads what is new
			k.interval = pause(k.every, k.spent()-before)
		}
		next.Reset(time.Until(now.Add(k.interval)))
	}
}

// pauseFactor is how many times longer the time to the next reading is than what this one took of the processor: so the
// agent takes less than 1 % of a core, also on a node whose logs are flooded.
const pauseFactor = 125

// pause is the time from one reading to the next, when one takes so much of the processor.
func pause(every, took time.Duration) time.Duration {
	return max(every, min(took*pauseFactor, maxInterval/2))
}

// spent is what this process and those that it started have had of the processor.
func spent() time.Duration {
	var total time.Duration
	for _, target := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if unix.Getrusage(target, &u) == nil {
			total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return total
}

// consider writes facts that were read at an instant where they tell something else than those that were written last,
// or those grow old.
func (k *keeper) consider(ctx context.Context, f *nodefacts.NodeFacts, now time.Time) {
	k.writer.offset.into(f)
	waiting := waitingUIDs(f, k.folders(ctx, f))
	f.Logs = nodelog.Select(f.Logs, waiting, maxLogs)
	normalized := normalize(f, k.there)
	old := now.Add(max(k.every, k.interval)).Sub(k.written) > maxInterval
	if now.Before(k.notUntil) || k.there != nil && !old && same(normalized, k.there) {
		return
	}
	omitted := trim(f, waiting, maxSize)
	err := k.writer.write(ctx, f)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		wait := min(minBackoff<<min(k.failures, 8), maxBackoff)
		k.failures++
		k.notUntil = now.Add(wait)
		k.log.Warn("cannot write what the node knows", "err", err, "again", wait)
		return
	case k.failures > 0 || k.there == nil:
		k.log.Info("facts are written", "failures", k.failures)
	}
	if omitted != k.omitted && omitted > 0 {
		k.log.Info("facts were left out, so that the object is not too large", "items", omitted)
	}
	k.failures, k.omitted, k.there, k.written, k.notUntil = 0, omitted, normalized, now, now.Add(minInterval)
}
