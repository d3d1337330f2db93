// Command stuck-agent tells what the node that it runs on knows about itself.
package main

import (
	"os"

	"github.com/kubestuck/stuck/internal/agent"
	"github.com/kubestuck/stuck/internal/node"
)

func main() {
	if handled, code := node.StatChild(os.Args); handled { // started by itself, to ask a mount that may never answer
		os.Exit(code)
	}
	os.Exit(agent.Main())
}
