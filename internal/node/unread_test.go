package node

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
)

// TestUnread has a code only where the error is one of ours, and nothing is said around it.
func TestUnread(t *testing.T) {
	ours := &message.Error{What: message.Of("fact.processes", "n", 3, "all", 90)}
	const why = "3 of 90 processes do not show what they have open: that needs CAP_SYS_PTRACE"
	coded := nodefacts.Unread{Path: "limits", Why: why, Code: "fact.processes",
		Args: map[string]string{"n": "3", "all": "90"}}
	for _, c := range []struct {
		err  error
		want nodefacts.Unread
	}{
		{ours, coded},
		{errors.Join(ours), coded},
		{fmt.Errorf("twice: %w", ours), nodefacts.Unread{Path: "limits", Why: "twice: " + why}},
		{errors.New("open /proc: denied"), nodefacts.Unread{Path: "limits", Why: "open /proc: denied"}},
	} {
		if diff := cmp.Diff(c.want, Unread("limits", c.err)); diff != "" {
			t.Error(diff)
		}
	}
}
