package diagnose

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// TestReasonOf tells a reason of ours in Chinese too, and as it was written what no code, a code of a newer agent, or
// one without its arguments stands for.
func TestReasonOf(t *testing.T) {
	socket := map[string]string{"socket": "unix:///run/x.sock"}
	for want, u := range map[string]nodefacts.Unread{
		"没有套接字 unix:///run/x.sock": {Why: "there is no socket unix:///run/x.sock", Code: "fact.no-socket", Args: socket},
		"no code":                  {Why: "no code"},
		"a new code":               {Why: "a new code", Code: "fact.new", Args: socket},
		"no arguments":             {Why: "no arguments", Code: "fact.no-socket"},
	} {
		if diff := cmp.Diff(want, reasonOf(u).In("zh")); diff != "" {
			t.Error(diff)
		}
	}
}
