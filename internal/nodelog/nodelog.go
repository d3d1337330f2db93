// Package nodelog makes facts of what the kernel, the kubelet and the container runtime write to their logs.
//
// It reads lines, from wherever they come: the node's own files, or the kubelet's log query through the API server.
package nodelog

import (
	"strings"
	"unicode/utf8"

	"github.com/kubestuck/stuck/internal/match"
)

// Bounds of what is read and kept, in bytes.
const (
	maxLine          = 64 << 10 // of a line; what comes after is passed over
	maxEntry         = 16 << 10 // of an entry with all its lines
	maxMessage       = 1024     // of a message of the kubelet or the runtime that is kept
	maxKernelMessage = 512      // of a message of the kernel that is kept
	maxName          = 256      // of a command or a cgroup's path
)

// podUID is a Pod's UID in the name of a folder or cgroup: pod1c9e5b8a-..., with systemd
// kubepods-burstable-pod1c9e5b8a_....slice; that of a static Pod is a hash.
var podUID = match.Lazy(`(?:^|[^0-9A-Za-z])pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|` +
	`[0-9a-f]{32})(?:[^0-9A-Za-z]|$)`)

// PodUID is the UID of the Pod that a cgroup's path names, as cgroupfs or systemd has it; "" where it names none.
func PodUID(cgroup string) string {
	if m := podUID().FindStringSubmatch(cgroup); m != nil {
		return strings.ReplaceAll(m[1], "_", "-")
	}
	return ""
}

var hexadecimal = match.Lazy(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12,}`)

// blank puts # for what differs between two messages that say the same: ids, times, durations and numbers that stand
// alone. A number that is part of a name or a version stays.
func blank(message string) string {
	message = hexadecimal().ReplaceAllString(message, "#")
	var b strings.Builder
	for i := 0; i < len(message); {
		if !isWordByte(message[i]) {
			b.WriteByte(message[i])
			i++
			continue
		}
		j := i
		for j < len(message) && isWordByte(message[j]) {
			j++
		}
		if word := message[i:j]; isCounter(word) {
			b.WriteByte('#')
		} else {
			b.WriteString(word)
		}
		i = j
	}
	return b.String()
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf ||
		strings.IndexByte("_.:+-", c) >= 0
}

// counts reports whether a word is a number, a time, a duration, or an address with its port.
func isCounter(word string) bool {
	digits := false
	for i := range len(word) {
		switch c := word[i]; {
		case c >= '0' && c <= '9':
			digits = true
		// _ is in the kubelet's ..2026_11_26_00_03_50.2404205816, a version of a projected volume
		case strings.IndexByte(".:+-_", c) >= 0:
		case digits && strings.IndexByte("nuµmshTZ", c) >= 0:
		default:
			return false
		}
	}
	return digits
}

// bound makes a text valid and at most so many bytes long. What is left out is in the middle: what happened stands at
// the beginning, and why it did at the end.
func bound(text string, limit int) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
	if len(text) <= limit {
		return text
	}
	const gap = " ... "
	head, tail := (limit-len(gap))/2, len(text)-(limit-len(gap))/2
	for head > 0 && !utf8.RuneStart(text[head]) {
		head--
	}
	for tail < len(text) && !utf8.RuneStart(text[tail]) {
		tail++
	}
	return text[:head] + gap + text[tail:]
}

// cut is a line that is not too long to be looked at.
func cut(line string) string {
	line = strings.TrimRight(line, "\r\n")
	if len(line) > maxLine {
		line = line[:maxLine]
	}
	return line
}
