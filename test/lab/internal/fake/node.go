// Package fake stands in for what one machine does not have: a second node, a device.
package fake

import (
	"context"
	"time"

	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	typed "k8s.io/client-go/kubernetes/typed/coordination/v1"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/retry"
)

// heartbeat of a kubelet.
const heartbeat = 10 * time.Second

// Node makes a Node that looks as if a kubelet of this version posted it, and keeps its Lease fresh until the context
// ends.
func Node(ctx context.Context, kubeconfig, name, version string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if _, err := client.CoreV1().Nodes().Create(ctx, newNode(name), meta.CreateOptions{}); err != nil &&
		!errors.IsAlreadyExists(err) {
		return err
	}
	err = retry.RetryOnConflict(retry.DefaultRetry, func() error { // controllers write to a new Node, too
		node, err := client.CoreV1().Nodes().Get(ctx, name, meta.GetOptions{})
		if err != nil {
			return err
		}
		node.Status = nodeStatus(name, version)
		_, err = client.CoreV1().Nodes().UpdateStatus(ctx, node, meta.UpdateOptions{})
		return err
	})
	if err != nil {
		return err
	}
	return keepLease(ctx, client.CoordinationV1().Leases("kube-node-lease"), name)
}

// keepLease renews a node's Lease until the context ends.
func keepLease(ctx context.Context, leases typed.LeaseInterface, name string) error {
	lease := &coordination.Lease{ObjectMeta: meta.ObjectMeta{Name: name}, Spec: coordination.LeaseSpec{
		HolderIdentity: &name, LeaseDurationSeconds: new(int32(40))}}
	for ; ctx.Err() == nil; time.Sleep(heartbeat) {
		lease.Spec.RenewTime = &meta.MicroTime{Time: time.Now()}
		renewed, err := leases.Update(ctx, lease, meta.UpdateOptions{})
		if lease.ResourceVersion == "" || errors.IsNotFound(err) {
			lease.ResourceVersion = ""
			renewed, err = leases.Create(ctx, lease, meta.CreateOptions{})
		}
		if errors.IsAlreadyExists(err) {
			renewed, err = leases.Get(ctx, name, meta.GetOptions{})
		}
		if err != nil {
			return err
		}
		lease.ResourceVersion = renewed.ResourceVersion
	}
	return nil
}

func newNode(name string) *core.Node {
	return &core.Node{
		ObjectMeta: meta.ObjectMeta{Name: name, Labels: map[string]string{core.LabelHostname: name,
			core.LabelOSStable: "linux", core.LabelArchStable: "amd64"},
			Annotations: map[string]string{"volumes.kubernetes.io/controller-managed-attach-detach": "true"}},
		Spec: core.NodeSpec{Taints: []core.Taint{{Key: "lab/fake", Effect: core.TaintEffectNoSchedule}}},
	}
}

func nodeStatus(name, version string) core.NodeStatus {
	capacity := core.ResourceList{core.ResourceCPU: resource.MustParse("2"), core.ResourceMemory: resource.MustParse(
		"8Gi"), core.ResourcePods: resource.MustParse("110")}
	now := meta.Now()
	return core.NodeStatus{Capacity: capacity, Allocatable: capacity,
		Conditions: []core.NodeCondition{{Type: core.NodeReady, Status: core.ConditionTrue, Reason: "KubeletReady",
			Message: "kubelet is posting ready status", LastHeartbeatTime: now, LastTransitionTime: now}},
		Addresses: []core.NodeAddress{{Type: core.NodeInternalIP, Address: "10.10.0.12"}, {Type: core.NodeHostName,
			Address: name}},
		NodeInfo: core.NodeSystemInfo{KubeletVersion: version, ContainerRuntimeVersion: "containerd://2.4.2",
			OSImage: "none", KernelVersion: "6.1", OperatingSystem: "linux", Architecture: "amd64", MachineID: name,
			SystemUUID: name, BootID: name}}
}
