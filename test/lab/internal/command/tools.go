package command

import (
	"fmt"

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
	return []*cobra.Command{heal, node, plugin, sandbox()}
}

// sandbox makes or removes a sandbox that the kubelet does not know; it runs inside of the lab.
func sandbox() *cobra.Command {
	const socket = "/run/containerd/containerd.sock"
	var namespace, uid, remove string
	cmd := &cobra.Command{Use: "sandbox POD", Short: "A sandbox behind the kubelet's back; prints its id", Args: cobra.MaximumNArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		if remove != "" {
			return fake.RemoveSandbox(cmd.Context(), socket, remove)
		}
		id, err := fake.Sandbox(cmd.Context(), socket, namespace, args[0], uid)
		fmt.Println(id)
		return err
	}}
	cmd.Flags().StringVar(&namespace, "namespace", "", "the Pod's namespace")
	cmd.Flags().StringVar(&uid, "uid", "", "the Pod's UID")
	cmd.Flags().StringVar(&remove, "remove", "", "the `id` of a sandbox to remove")
	return cmd
}
