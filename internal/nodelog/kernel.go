package nodelog

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// maxKernel is how many messages of a sort are kept.
const maxKernel = 20

// Kernel collects what the kernel log tells. The zero value is ready.
type Kernel struct {
	facts nodefacts.Kernel
	any   bool
	oom   oom // the out-of-memory report that is coming in
}

// Add takes one message of the kernel, in order: without time stamp and priority, which at tells. Messages of more than
// one line (an out-of-memory report, a call trace) come line by line.
func (k *Kernel) Add(at time.Time, message string) {
	if !k.any {
		k.any, k.facts.Since = true, metav1.NewTime(at.UTC().Truncate(time.Second))
	}
	message = uptime().ReplaceAllString(cut(message), "")
	line := nodefacts.KernelLine{At: metav1.NewTime(at.UTC().Truncate(time.Second)),
		Message: bound(strings.TrimSpace(message), maxKernelMessage), Count: 1}
	switch {
	case k.oomReport(line, message):
	case k.allocationFailure(line, message):
	case hung().MatchString(message):
		k.facts.HungTasks = keep(k.facts.HungTasks, line, self, lineKey)
	case ioError().MatchString(message) && !removable().MatchString(message):
		k.facts.IOErrors = keep(k.facts.IOErrors, line, self, lineKey)
	case other().MatchString(message):
		k.facts.Others = keep(k.facts.Others, line, self, lineKey)
	}
}

// AddLine takes a line of a file that syslog keeps of the kernel, such as kern.log, or one of dmesg with times (dmesg
// --time-format iso). A stamp without a year or a zone is of now's. It reports whether it was such a line; one that is
// older than since is, and does not count.
func (k *Kernel) AddLine(line string, since, now time.Time) bool {
	p, ok := parsePrefix(cut(line), now)
	if !ok || p.program != "kernel" {
		return false
	}
	if !p.at.Before(since) && !p.at.After(now.Add(ahead)) {
		k.Add(p.at, p.rest)
	}
	return true
}

// Facts returns what was collected; nil where no message came.
func (k *Kernel) Facts() *nodefacts.Kernel {
	if !k.any {
		return nil
	}
	return k.facts.DeepCopy()
}

var (
	uptime     = match.Lazy(`^(?:<\d+>)?(?:\[\s*\d+\.\d+\] ?)?`)
	allocation = match.Lazy(`^(.*?): page allocation failure[:.] ?order:(\d+)`)
	hung       = match.Lazy(`INFO: task .* blocked(?: in I/O wait)? for more than \d+ seconds|` +
		`task .* blocked on an? (?:mutex|rw-?semaphore)`)
	ioError = match.Lazy(`(?i)\bI/O error\b|\bcritical (?:medium|target|nexus|space allocation) error, dev |` +
		`\bEXT[234]-fs error|remounting (?:filesystem )?read-only|Aborting journal on device` +
		`|\bXFS \(.*\): .*(?:corrupt|shut(?:ting)? ?down)|\bBTRFS:? (?:error|critical)\b|` +
		`\bnfs: server .* not responding|\bceph: mds\d+ hung|device-mapper: .*(?:out of (?:data|metadata) space|` +
		`switching pool to)`)
	removable = match.Lazy(`\bdev (?:fd|sr)\d`) // a drive without a disk
	other     = match.Lazy(`unregister_netdevice: waiting for |cgroup: fork rejected by pids controller|` +
		`SLUB: Unable to allocate memory|neigh(?:bour|bor)(?: table|: .*table| .*)? overflow` +
		`|nf_conntrack: (?:nf_conntrack: )?table full|VFS: file-max limit \d+ reached|vmap allocation for size|` +
		`soft lockup - CPU|rcu_(?:sched|preempt).*(?:stall|detected)`)
)

// allocationFailure takes "runc:[1:CHILD]: page allocation failure: order:4, mode:0xc0d0", and the form with a full
// stop that 2.6 and 3.x kernels had.
func (k *Kernel) allocationFailure(line nodefacts.KernelLine, message string) bool {
	m := allocation().FindStringSubmatch(message)
	if m == nil {
		return false
	}
	order, err := strconv.Atoi(m[2])
	if err != nil {
		return false
	}
	k.facts.AllocationFailures = keep(k.facts.AllocationFailures,
		nodefacts.AllocationFailure{KernelLine: line, Order: order, Command: bound(m[1], maxName)},
		func(f *nodefacts.AllocationFailure) *nodefacts.KernelLine { return &f.KernelLine },
		func(f *nodefacts.AllocationFailure) string { return blank(f.Message) })
	return true
}

func self(l *nodefacts.KernelLine) *nodefacts.KernelLine { return l }

func lineKey(l *nodefacts.KernelLine) string { return blank(l.Message) }

// keep puts a fact at the end of a list, in the place of an equal one, or where the list is full of the oldest.
func keep[T any](list []T, fact T, line func(*T) *nodefacts.KernelLine, key func(*T) string) []T {
	want := key(&fact)
	for i := range list {
		if key(&list[i]) == want {
			line(&fact).Count += line(&list[i]).Count
			list = slices.Delete(list, i, i+1)
			break
		}
	}
	list = append(list, fact)
	if len(list) > maxKernel {
		list = slices.Delete(list, 0, 1)
	}
	return list
}
