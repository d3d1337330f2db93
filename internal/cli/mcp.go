package cli

import (
	"os/exec"

	"github.com/kubestuck/stuck/internal/message"
	"github.com/spf13/cobra"
)

// server is the program that answers language models. kubectl finds it by its name; who calls this one does, too.
const server = "kubectl-stuck-mcp"

// mcp hands over to the program that answers language models, which has a library that this one does without.
func (s *session) mcp() *cobra.Command {
	return &cobra.Command{
		Use:                "mcp [flags]",
		DisableFlagParsing: true, // they are its own
		RunE: func(_ *cobra.Command, args []string) error {
			path, err := exec.LookPath(server)
			if err != nil {
				return failed(message.Of("mcp.none"), message.Of("mcp.get"))
			}
			code, err := become(path, append([]string{server}, args...))
			s.code = code
			if err != nil {
				return failedBy(err, message.Of("mcp.run", "file", path, "why", reason(err)), message.Of("mcp.get"))
			}
			return nil
		},
	}
}
