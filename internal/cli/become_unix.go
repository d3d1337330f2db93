//go:build unix

package cli

import (
	"os"
	"syscall"
)

// become makes this process run another program. It returns where that is not possible.
func become(path string, args []string) (int, error) {
	return ExitFailed, syscall.Exec(path, args, os.Environ())
}
