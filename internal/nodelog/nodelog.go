// Package nodelog makes facts of what the kernel, the kubelet and the container runtime write to their logs.
//
// It reads lines, from wherever they come: the node's own files, or the kubelet's log query through the API server.
package nodelog

import (
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// Kernel collects what the kernel log tells. The zero value is ready.
type Kernel struct{ facts nodefacts.Kernel }

// Add takes one message of the kernel, in order: without time stamp and priority, which at tells. Messages of more than one
// line (an out-of-memory report, a call trace) come line by line.
func (k *Kernel) Add(at time.Time, message string) {}

// Facts returns what was collected; nil where no message came.
func (k *Kernel) Facts() *nodefacts.Kernel { return nil }

// A Log collects the lines of one component's log.
type Log struct {
	Component string                 // kubelet, containerd, crio, docker, cri-dockerd
	Since     time.Time              // what is older does not count
	Now       time.Time              // the year of klog's time stamps, which have none
	Knows     func(line string) bool // whether a cause knows what a line says
}

// Add takes one line as it stands in the log: klog, logfmt (containerd, CRI-O, docker), with or without journald's or syslog's prefix.
func (l *Log) Add(line string) {}

// Facts returns the lines that count, those that differ in nothing but times, counters and ids once, the newest last, at most so many.
func (l *Log) Facts(most int) []nodefacts.LogLine { return nil }
