// Command kubectl-stuck tells why Pods do not start.
package main

import (
	"os"

	"github.com/kubestuck/stuck/internal/cli"
	"github.com/kubestuck/stuck/internal/demo"
)

func main() { os.Exit(cli.Main(demo.Dump())) }
