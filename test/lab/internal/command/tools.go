package command

import (
	"github.com/spf13/cobra"

	"github.com/kubestuck/stuck/test/lab/internal/fake"
	"github.com/kubestuck/stuck/test/lab/internal/lab"
)

// tools are what faults are made with: a node without a kubelet, a device plugin that fails, a container that no
// kubelet made.
func tools(open func() (*lab.Lab, error)) []*cobra.Command {
	heal := &cobra.Command{Use: "heal", Short: "Undo what a fault did to the node", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			l, err := open()
			if err != nil {
				return err
			}
			return l.Heal()
		}}
	node := &cobra.Command{Use: "fakenode",
		Short: "A node without a kubelet, whose Lease is kept fresh (component fakenode)", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := open()
			if err != nil {
				return err
			}
			return fake.Node(cmd.Context(), l.Kubeconfig(), "lab-2", l.Version.Kubernetes)
		}}
	var mode string
	plugin := &cobra.Command{Use: "devplug", Short: "A device plugin for lab.dev/thing (component devplug)",
		Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
			return fake.DevicePlugin(cmd.Context(), mode)
		}}
	plugin.Flags().StringVar(&mode, "mode", "ok", "ok, failalloc, failprestart, slowalloc or unhealthy")
	orphan := &cobra.Command{Use: "orphan NAMESPACE POD UID CONTAINER IMAGE COMMAND...",
		Short: "A container made by hand under the name that the Pod's own would have; run it with `lab in`",
		Args:  cobra.MinimumNArgs(6), RunE: func(cmd *cobra.Command, args []string) error {
			return fake.Orphan(cmd.Context(), args[0], args[1], args[2], args[3], args[4], args[5:])
		}}
	orphan.Flags().SetInterspersed(false) // the rest is the container's
	return []*cobra.Command{heal, node, plugin, orphan}
}
