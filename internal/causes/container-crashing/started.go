package containercrashing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// neverStarted reports whether every container that ended could not even be started.
func neverStarted(matches []diagnose.Match) bool {
	ended := 0
	for _, m := range matches {
		if m.Sign.Kind != cluster.SignTerminated {
			continue
		}
		if ran(m.Sign.Reason) {
			return false
		}
		ended++
	}
	return ended > 0
}

// ran reports whether a container ended that had started: one that could not start is config-invalid.
func ran(reason string) bool { return reason != "StartError" && reason != "ContainerCannotRun" }
