package node

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// A probe that does not come back is given up at its deadline, is not begun again while it hangs, and is begun again
// when it has come back.
func TestTryLeavesBehindWhatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &Host{Root: "testdata/none"}
		disk := make(chan struct{})
		var runs atomic.Int32
		p := probe{"fileSystems", time.Second, func(context.Context, *Host) (func(*nodefacts.NodeFacts), error) {
			runs.Add(1)
			<-disk
			return func(*nodefacts.NodeFacts) {}, nil
		}}
		start := time.Now()
		if set, err := h.try(t.Context(), p); set != nil || err == nil || !strings.Contains(err.Error(),
			"took more than 1s") {
			t.Errorf("first reading: set %t, error %v", set != nil, err)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("it took %s", took)
		}
		if _, err := h.try(t.Context(), p); err == nil || !strings.Contains(err.Error(), "has hung since "+
			start.UTC().Format(time.RFC3339)) || runs.Load() != 1 {
			t.Errorf("second reading: error %v, begun %d times", err, runs.Load())
		}
		close(disk)
		synctest.Wait()
		if set, err := h.try(t.Context(), p); set == nil || err != nil || runs.Load() != 2 {
			t.Errorf("after it came back: set %t, error %v, begun %d times", set != nil, err, runs.Load())
		}
	})
}

// A probe that minds its context may return what it has read by then.
func TestTryTakesWhatWasReadInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &Host{Root: "testdata/none"}
		p := probe{"limits", time.Second, func(ctx context.Context, _ *Host) (func(*nodefacts.NodeFacts), error) {
			<-ctx.Done()
			return func(*nodefacts.NodeFacts) {}, errors.New("not all was read")
		}}
		if set, err := h.try(t.Context(), p); set == nil || err == nil || err.Error() != "not all was read" {
			t.Errorf("set %t, error %v", set != nil, err)
		}
	})
}

// One disk that hangs hides one file system, and no more of them.
func TestOneHungFileSystem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := fixture("centos7-fragmented", "2021-03-09T10:00:00Z", nil, nil)
		disk := make(chan struct{})
		h.calls.statfs = func(path string) (space, error) {
			if strings.HasSuffix(path, "/var/lib/docker") {
				<-disk
			}
			return space{bytes: 100, bytesFree: 50, inodes: 10, inodesFree: 5}, nil
		}
		for _, want := range []string{"/var/lib/docker: reading it took more than 1s",
			"/var/lib/docker: reading it has hung since 2021-03-09T10:00:00Z"} {
			f := &nodefacts.NodeFacts{}
			set, err := h.try(t.Context(), probe{"fileSystems", 3 * time.Second, readFileSystems})
			if set == nil {
				t.Fatal(err)
			}
			set(f)
			if diff := cmp.Diff(partial{{Path: "fileSystems", Why: want}}, err); diff != "" {
				t.Error(diff)
			}
			if len(f.FileSystems) != 2 || f.FileSystems[0].Path != "/var/lib/kubelet" {
				t.Errorf("what is left: %+v", f.FileSystems)
			}
		}
		close(disk)
	})
}

// What cannot be read at all is told for each fact, and nothing is made up.
func TestAnEmptyMachine(t *testing.T) {
	h := fixture("none", "2021-03-09T10:00:00Z", nil, nil)
	h.Root = t.TempDir()
	f := readHost(t.Context(), h)
	for _, path := range []string{"system.os", "system.booted", "memory", "memory.zones", "pressure", "limits.files",
		"limits.threads", "limits.inotifyWatches", "limits.podPIDs", "limits.cgroups", "limits.memoryCgroups", "kernel",
		"mounts.count", "mounts.stale"} {
		if f.WhyUnread(path) == "" && path != "limits.cgroups" {
			t.Errorf("%s: nothing tells why it is not known", path)
		}
	}
	if f.Memory != nil || f.Pressure != nil || f.Kernel != nil || f.FileSystems != nil || f.Limits != nil &&
		(f.Limits.Files != nil || f.Limits.InotifyInstances != nil || f.Limits.Cgroups != nil) {
		t.Errorf("of nothing it read %+v", f)
	}
}
