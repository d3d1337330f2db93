package cluster

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	resourcev1 "k8s.io/api/resource/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A Kind is one kind of object that a snapshot keeps.
type Kind struct {
	Name       string // Pod
	Group      string // "" for core
	Version    string // the version that dump.Write writes and New decodes
	Namespaced bool
	New        func() metav1.Object
}

// APIVersion is the kind's apiVersion: "v1", "apps/v1".
func (k Kind) APIVersion() string {
	if k.Group == "" {
		return k.Version
	}
	return k.Group + "/" + k.Version
}

// Resource is the kind's plural in lower case, as the API and `kubectl get` have it: storageclasses.
func (k Kind) Resource() string {
	name := strings.ToLower(k.Name)
	switch {
	case strings.HasSuffix(name, "ss"):
		return name + "es"
	case !strings.HasSuffix(name, "s"):
		return name + "s"
	}
	return name
}

// KindOf finds a kind by its name. It panics where there is none: the name is a constant of the program.
func KindOf(name string) Kind {
	for _, k := range Kinds {
		if k.Name == name {
			return k
		}
	}
	panic("cluster: no kind " + name)
}

// Group is the API group of what is ours.
const Group = "stuck.dev"

// Kinds are the kinds that a snapshot keeps, in the order in which dump.Write writes them.
// Events of events.k8s.io are kept as core/v1 Events.
var Kinds = []Kind{
	{"Namespace", "", "v1", false, func() metav1.Object { return new(corev1.Namespace) }},
	{"Pod", "", "v1", true, func() metav1.Object { return new(corev1.Pod) }},
	{"Event", "", "v1", true, func() metav1.Object { return new(corev1.Event) }},
	{"Node", "", "v1", false, func() metav1.Object { return new(corev1.Node) }},
	{"PersistentVolumeClaim", "", "v1", true, func() metav1.Object { return new(corev1.PersistentVolumeClaim) }},
	{"PersistentVolume", "", "v1", false, func() metav1.Object { return new(corev1.PersistentVolume) }},
	{"ConfigMap", "", "v1", true, func() metav1.Object { return new(corev1.ConfigMap) }},
	{"Secret", "", "v1", true, func() metav1.Object { return new(corev1.Secret) }},
	{"ServiceAccount", "", "v1", true, func() metav1.Object { return new(corev1.ServiceAccount) }},
	{"VolumeAttachment", "storage.k8s.io", "v1", false, func() metav1.Object { return new(storagev1.VolumeAttachment) }},
	{"StorageClass", "storage.k8s.io", "v1", false, func() metav1.Object { return new(storagev1.StorageClass) }},
	{"CSINode", "storage.k8s.io", "v1", false, func() metav1.Object { return new(storagev1.CSINode) }},
	{"CSIDriver", "storage.k8s.io", "v1", false, func() metav1.Object { return new(storagev1.CSIDriver) }},
	{"Lease", "coordination.k8s.io", "v1", true, func() metav1.Object { return new(coordinationv1.Lease) }},
	{"RuntimeClass", "node.k8s.io", "v1", false, func() metav1.Object { return new(nodev1.RuntimeClass) }},
	{"ReplicaSet", "apps", "v1", true, func() metav1.Object { return new(appsv1.ReplicaSet) }},
	{"Deployment", "apps", "v1", true, func() metav1.Object { return new(appsv1.Deployment) }},
	{"StatefulSet", "apps", "v1", true, func() metav1.Object { return new(appsv1.StatefulSet) }},
	{"DaemonSet", "apps", "v1", true, func() metav1.Object { return new(appsv1.DaemonSet) }},
	{"ControllerRevision", "apps", "v1", true, func() metav1.Object { return new(appsv1.ControllerRevision) }},
	{"Job", "batch", "v1", true, func() metav1.Object { return new(batchv1.Job) }},
	{"CronJob", "batch", "v1", true, func() metav1.Object { return new(batchv1.CronJob) }},
	{"ReplicationController", "", "v1", true, func() metav1.Object { return new(corev1.ReplicationController) }},
	{"ResourceQuota", "", "v1", true, func() metav1.Object { return new(corev1.ResourceQuota) }},
	{"LimitRange", "", "v1", true, func() metav1.Object { return new(corev1.LimitRange) }},
	{"Service", "", "v1", true, func() metav1.Object { return new(corev1.Service) }},
	{"PriorityClass", "scheduling.k8s.io", "v1", false, func() metav1.Object { return new(schedulingv1.PriorityClass) }},
	{"ResourceClaim", "resource.k8s.io", "v1", true, func() metav1.Object { return new(resourcev1.ResourceClaim) }},
	{"ResourceClaimTemplate", "resource.k8s.io", "v1", true,
		func() metav1.Object { return new(resourcev1.ResourceClaimTemplate) }},
	{"ValidatingWebhookConfiguration", "admissionregistration.k8s.io", "v1", false,
		func() metav1.Object { return new(admissionregistrationv1.ValidatingWebhookConfiguration) }},
	{"MutatingWebhookConfiguration", "admissionregistration.k8s.io", "v1", false,
		func() metav1.Object { return new(admissionregistrationv1.MutatingWebhookConfiguration) }},
	{"ContainerLog", Group, "v1alpha1", true, func() metav1.Object { return new(containerlog.ContainerLog) }},
	{"NodeFacts", Group, "v1alpha1", false, func() metav1.Object { return new(nodefacts.NodeFacts) }},
}
