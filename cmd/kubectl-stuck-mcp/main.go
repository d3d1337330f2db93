// Command kubectl-stuck-mcp answers language models over the Model Context Protocol, on standard input and output:
// kubectl finds it as kubectl stuck mcp.
package main

import (
	"context"
	"os"
	"time"

	"github.com/kubestuck/stuck/internal/cli"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/mcp"
)

func main() { os.Exit(cli.MainAsked("kubectl-stuck-mcp", serve)) }

// serve lets a language model ask what the command line can be asked.
func serve(ctx context.Context, k *cli.Asker) error {
	return mcp.Serve(ctx, source(k), cli.Version(), os.Stdin, os.Stdout)
}

func source(k *cli.Asker) mcp.Source {
	told := func(err error) error {
		if err == nil {
			return nil
		}
		what, todo := k.Told(err)
		return &mcp.Failure{What: what, Todo: todo}
	}
	return mcp.Source{
		Lang: k.Lang(),
		Diagnose: func(ctx context.Context, q mcp.Question) (*diagnose.Report, error) {
			r, err := k.Diagnose(ctx, cli.Question(q))
			return r, told(err)
		},
		Wait: func(ctx context.Context, q mcp.Question, most time.Duration) (*mcp.Waited, error) {
			w, err := k.Wait(ctx, cli.Question(q), most)
			return (*mcp.Waited)(w), told(err)
		},
		Explain: func(text string) (string, error) {
			said, err := k.Explain(text)
			return said, told(err)
		},
	}
}
