package command

import (
	"github.com/spf13/cobra"

	"github.com/kubestuck/stuck/test/lab/internal/fake"
	"github.com/kubestuck/stuck/test/lab/internal/lab"
)

// tools are what faults are made with: a node without a kubelet, a device plugin that fails.
func tools(open func() (*lab.Lab, error)) []*cobra.Command {
	heal := &cobra.Command{Use: "heal", Short: "Undo what a fault did to the node", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		l, err := open()
		if err != nil {
			return err
		}
		return l.Heal()
	}}
	node := &cobra.Command{Use: "fakenode", Short: "A node without a kubelet, whose Lease is kept fresh (component fakenode)", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		l, err := open()
		if err != nil {
			return err
		}
		return fake.Node(cmd.Context(), l.Kubeconfig(), "lab-2", l.Version.Kubernetes)
	}}
	var mode string
	plugin := &cobra.Command{Use: "devplug", Short: "A device plugin for lab.dev/thing (component devplug)", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return fake.DevicePlugin(cmd.Context(), mode)
	}}
	plugin.Flags().StringVar(&mode, "mode", "ok", "ok, failalloc, failprestart, slowalloc or unhealthy")
	return []*cobra.Command{heal, node, plugin}
}
