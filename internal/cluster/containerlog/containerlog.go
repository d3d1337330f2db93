// Package containerlog holds the last words of a container as an object, so that they are part of a snapshot.
package containerlog

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Bounds of what is kept of a log: the end of it, as far as a person would read it to find out why a container ended.
const (
	MaxLines = 20
	MaxBytes = 8 << 10 // of all lines
	MaxLine  = 1 << 10 // of one, in bytes
)

// A ContainerLog is the end of the log of one run of a container. Its name is the Pod's and the container's with a dot
// between them. What looks like a credential was taken out before it came into being.
//
// The text is the Pod's author's own: it may say anything.
type ContainerLog struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`

	Pod       string   `json:"pod"`
	Container string   `json:"container"`
	Previous  bool     `json:"previous,omitempty"` // of the run before the current one
	Lines     []string `json:"lines"`              // oldest first
}

// Gone reports whether a log is none: what the kubelet answers with where the runtime has removed it.
func Gone(text string) bool { return strings.HasPrefix(text, "unable to retrieve container logs for ") }

// Name is the name of the log of a Pod's container.
func Name(pod, container string) string { return pod + "." + container }

// DeepCopyObject makes a copy that shares nothing.
func (l *ContainerLog) DeepCopyObject() runtime.Object {
	out := *l
	l.ObjectMeta.DeepCopyInto(&out.ObjectMeta)
	out.Lines = append([]string(nil), l.Lines...)
	return &out
}

// Trim keeps within the bounds, whoever made it: the last lines count.
func (l *ContainerLog) Trim() {
	lines := l.Lines[max(0, len(l.Lines)-MaxLines):]
	left := MaxBytes
	from := len(lines)
	for from > 0 && left > 0 {
		if len(lines[from-1]) > MaxLine {
			lines[from-1] = lines[from-1][:MaxLine]
		}
		if left -= len(lines[from-1]); left < 0 {
			break
		}
		from--
	}
	l.Lines = lines[from:]
}
