package agent

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// rich are facts with one of most things that flicker.
func rich() *nodefacts.NodeFacts {
	f := facts()
	f.Pressure = &nodefacts.Pressure{IO: &nodefacts.Stall{Some: 500}}
	f.Limits = &nodefacts.Limits{Files: &nodefacts.Used{Used: 1000, Max: 100000}, RuntimePIDs: &nodefacts.Used{
		Used: 60}}
	f.Kernel = &nodefacts.Kernel{Since: metav1.NewTime(start), OOMKills: []nodefacts.OOMKill{
		{KernelLine: nodefacts.KernelLine{At: metav1.NewTime(start), Message: "Killed process 4711", Count: 1}}}}
	f.Sandboxes = &nodefacts.Sandboxes{Count: 5, Ready: 5}
	f.Images = &nodefacts.Images{Count: 3, Bytes: 1 << 30, Pause: &nodefacts.PauseImage{Reference: "pause",
		Present: true}}
	f.CNI = &nodefacts.CNI{Ranges: []nodefacts.IPRange{{Network: "net", Subnet: "10.0.0.0/24", Size: 253, Taken: 20,
		Live: 20}}}
	f.Programs = &nodefacts.Programs{Running: []nodefacts.Program{{Name: "containerd", PID: 7,
		Path: "/usr/bin/containerd", Started: metav1.NewTime(start)}}}
	f.Mounts = &nodefacts.Mounts{Count: 12}
	return f
}

func TestSame(t *testing.T) {
	ms := func(n int64) *int64 { return &n }
	for name, c := range map[string]struct {
		change func(*nodefacts.NodeFacts)
		same   bool
	}{
		"nothing": {func(f *nodefacts.NodeFacts) {}, true},
		"the time": {func(f *nodefacts.NodeFacts) { f.At = metav1.NewTime(start.Add(time.Minute)) },
			true},
		"a little less room": {func(f *nodefacts.NodeFacts) { *f.FileSystems[0].BytesFree -= 4 << 30 }, true},
		"much less room":     {func(f *nodefacts.NodeFacts) { *f.FileSystems[0].BytesFree -= 6 << 30 }, false},
		"no room":            {func(f *nodefacts.NodeFacts) { *f.FileSystems[0].BytesFree = 0 }, false},
		"read-only":          {func(f *nodefacts.NodeFacts) { f.FileSystems[0].ReadOnly = true }, false},
		"memory moves": {func(f *nodefacts.NodeFacts) {
			f.Memory.BytesFree = 7
			f.Memory.Zones[0].Free[0] = 99
		}, true},
		"memory goes":           {func(f *nodefacts.NodeFacts) { *f.Memory.BytesAvailable = 1 << 20 }, false},
		"pressure":              {func(f *nodefacts.NodeFacts) { f.Pressure.IO.Some = 2000 }, true},
		"hard pressure":         {func(f *nodefacts.NodeFacts) { f.Pressure.IO.Full = 9000 }, false},
		"a few files":           {func(f *nodefacts.NodeFacts) { f.Limits.Files.Used = 3000 }, true},
		"all files":             {func(f *nodefacts.NodeFacts) { f.Limits.Files.Used = 100000 }, false},
		"tasks without a limit": {func(f *nodefacts.NodeFacts) { f.Limits.RuntimePIDs.Used = 100000 }, true},
		"the same OOM kill":     {func(f *nodefacts.NodeFacts) { f.Kernel.OOMKills[0].Count = 2 }, true},
		"another OOM kill": {func(f *nodefacts.NodeFacts) {
			f.Kernel.OOMKills = append(f.Kernel.OOMKills,
				nodefacts.OOMKill{})
		}, false},
		"a quick call":             {func(f *nodefacts.NodeFacts) { f.Runtime.StatusMillis = ms(900) }, true},
		"a slow call":              {func(f *nodefacts.NodeFacts) { f.Runtime.StatusMillis = ms(9000) }, false},
		"a call without an answer": {func(f *nodefacts.NodeFacts) { f.Runtime.StatusMillis = nil }, false},
		"Pods come": {func(f *nodefacts.NodeFacts) {
			f.Sandboxes.Count, f.Mounts.Count,
				f.Images.Count = 9, 40, 4
		}, true},
		"addresses are given": {func(f *nodefacts.NodeFacts) {
			f.CNI.Ranges[0].Taken, f.CNI.Ranges[0].Live = 25,
				25
		}, true},
		"no address is left": {func(f *nodefacts.NodeFacts) { f.CNI.Ranges[0].Taken = 253 }, false},
		"a leaked address": {func(f *nodefacts.NodeFacts) {
			f.CNI.Ranges[0].Leaked = []nodefacts.Leak{
				{IP: "10.0.0.7"}}
		}, false},
		"a pull begins": {func(f *nodefacts.NodeFacts) {
			f.Images.Pulls = []nodefacts.Pull{{Digest: "d", Started: f.At}}
		}, true},
		"a pull lasts": {func(f *nodefacts.NodeFacts) {
			f.Images.Pulls = []nodefacts.Pull{{Digest: "d", Started: metav1.NewTime(f.At.Add(-time.Hour))}}
		}, false},
		"the pause image goes": {func(f *nodefacts.NodeFacts) { f.Images.Pause.Present = false }, false},
		"a replaced program":   {func(f *nodefacts.NodeFacts) { f.Programs.Running[0].Deleted = true }, false},
		"a small offset": {func(f *nodefacts.NodeFacts) { f.Clock = &nodefacts.Clock{OffsetMillis: ms(-1500)} },
			true},
		"a large offset": {func(f *nodefacts.NodeFacts) { f.Clock = &nodefacts.Clock{OffsetMillis: ms(-90000)} },
			false},
		"the same line again": {func(f *nodefacts.NodeFacts) {
			f.Logs[0].Count++
			f.Logs[0].Message = strings.Replace(f.Logs[0].Message, "17", "18", 1)
		}, true},
		"another line": {func(f *nodefacts.NodeFacts) {
			f.Logs = append(f.Logs,
				nodefacts.LogLine{Message: "new"})
		}, false},
		"what cannot be read": {func(f *nodefacts.NodeFacts) {
			f.Unread = []nodefacts.Unread{
				{Path: "memory", Why: "x"}}
		}, false},
	} {
		last := normalize(rich(), nil)
		f := rich()
		c.change(f)
		if got := same(normalize(f, last), last); got != c.same {
			t.Errorf("%s: the same: %t, want %t", name, got, c.same)
		}
	}
}

// TestCreep writes a change that comes little by little: what counts is how far it is from what was written last.
func TestCreep(t *testing.T) {
	last := normalize(rich(), nil)
	f := rich()
	steps := 0
	for same(normalize(f, last), last) {
		*f.FileSystems[0].BytesFree -= 1 << 30
		if steps++; steps > 50 {
			t.Fatal("a disk got full unnoticed")
		}
	}
	if steps != 6 {
		t.Errorf("noticed after %d %%, want 6", steps)
	}
}

// TestNormalizeLeavesAlone normalizes a copy.
func TestNormalizeLeavesAlone(t *testing.T) {
	f := rich()
	normalize(f, normalize(facts(), nil))
	if !same(f, rich()) {
		t.Error("what is written was changed by looking at it")
	}
}

// TestTrim leaves out of the longest list first, the oldest of what has an order, and says so. What a Pod that waits is
// about stays, however old it is.
func TestTrim(t *testing.T) {
	f := rich()
	f.Logs = append(f.Logs, nodefacts.LogLine{Component: "kubelet", PodUID: "stuck", Message: "no IP address"})
	for i := range 400 {
		f.Logs = append(f.Logs, nodefacts.LogLine{Component: "kubelet", Message: fmt.Sprintf("line %03d %s", i,
			strings.Repeat("x", 900))})
	}
	f.Sandboxes.Odd = make([]nodefacts.Sandbox, 100)
	f.Unread = []nodefacts.Unread{{Path: "memory", Why: strings.Repeat("ä", 5000)}}
	omitted := trim(f, map[string]bool{"stuck": true}, maxSize)
	if n := len(marshal(f)); n > maxSize || n < maxSize/3 {
		t.Errorf("%d bytes are left", n)
	}
	if omitted == 0 || len(f.Sandboxes.Odd) != 100 || !strings.HasPrefix(f.Logs[len(f.Logs)-1].Message, "line 399") {
		t.Errorf("%d left out: %d sandboxes, the last line %.20q", omitted, len(f.Sandboxes.Odd),
			f.Logs[len(f.Logs)-1].Message)
	}
	if !slices.ContainsFunc(f.Logs, func(l nodefacts.LogLine) bool { return l.PodUID == "stuck" }) {
		t.Error("the line about the Pod that waits was left out")
	}
	if want := fmt.Sprintf("%d of 402 were left out, so that the object stays under 100 KiB", omitted); f.WhyUnread(
		"logs") != want {
		t.Errorf("told %q, want %q", f.WhyUnread("logs"), want)
	}
	small := facts()
	if trim(small, nil, maxSize) != 0 || !same(small, facts()) {
		t.Error("what fits was changed")
	}
	if trim(small, nil, 10); len(small.Logs)+len(small.FileSystems) != 0 { // it ends although it cannot fit
		t.Errorf("left: %+v", small)
	}
}
