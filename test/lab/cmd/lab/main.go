// lab starts a real Kubernetes on this machine, breaks it, and heals it. Its README tells how.
package main

import (
	"fmt"
	"os"

	"github.com/kubestuck/stuck/test/lab/internal/command"
)

func main() {
	if err := command.New().Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
}
