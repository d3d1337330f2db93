// Command stuck-agent tells what the node that it runs on knows about itself.
package main

import (
	"os"

	"github.com/kubestuck/stuck/internal/agent"
)

func main() { os.Exit(agent.Main()) }
