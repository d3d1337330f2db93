package containercrashing

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// shm is where programs share memory: 64 MiB in every container that has no volume there.
const shm = "/dev/shm"

// volumeAt is the volume that a path is in, and its place in the spec; nil for none.
func (w *words) volumeAt(p string) (*corev1.Volume, string) {
	m := w.under(p)
	if m == nil {
		return nil, ""
	}
	for i := range w.Pod.Spec.Volumes {
		if v := &w.Pod.Spec.Volumes[i]; v.Name == m.Name {
			return v, fmt.Sprintf("spec.volumes[%d]", i)
		}
	}
	return nil, ""
}

// noSpace: a file system is full, and which one is told by the path: shared memory, a volume that is held in memory or
// has a limit, a claim, or else the container's own layer on the node.
func (w *words) noSpace() {
	at := w.has("path", absolute)
	shared := at == shm || strings.HasPrefix(at, shm+"/") || strings.Contains(w.finding.Args["words"], "shared memory")
	if shared {
		at = shm
	}
	if at != "" {
		w.set("path", at)
	}
	v, field := w.volumeAt(at)
	switch {
	case v == nil && shared:
		w.be("shm")
	case v == nil:
		w.be("full")
	case v.EmptyDir != nil:
		w.be("full-emptydir")
		w.set("volume", v.Name)
		w.bornOut(w.Cite(field+".name", v.Name))
		if v.EmptyDir.SizeLimit != nil {
			q := v.EmptyDir.SizeLimit.DeepCopy()
			w.set("limit", q.String())
			q.Add(q)
			w.set("double", q.String())
		}
		if v.EmptyDir.Medium == corev1.StorageMediumMemory {
			w.set("medium", "Memory")
		}
	case v.PersistentVolumeClaim != nil:
		w.be("full-claim")
		w.set("claim", v.PersistentVolumeClaim.ClaimName)
		w.finding.Blame = cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: w.Pod.Namespace,
			Name: v.PersistentVolumeClaim.ClaimName}
		w.bornOut(w.Cite(field+".persistentVolumeClaim.claimName", v.PersistentVolumeClaim.ClaimName))
	default:
		w.be("full")
	}
}

// denied: the user that the container runs as may not write there, or nobody may.
func (w *words) denied() {
	at := w.has("path", absolute)
	if at != "" {
		w.set("path", at)
		w.set("folder", path.Dir(at))
	}
	sc := w.spec().SecurityContext
	v, field := w.volumeAt(at)
	switch {
	case w.readOnlyRoot() && v == nil && at != "":
		w.be("read-only")
		if sc != nil && sc.ReadOnlyRootFilesystem != nil && *sc.ReadOnlyRootFilesystem {
			w.bornOut(w.Cite(w.path()+".securityContext.readOnlyRootFilesystem", "true"))
		}
	case v != nil && (v.PersistentVolumeClaim != nil || v.EmptyDir != nil || v.Ephemeral != nil):
		w.be("denied-volume")
		w.set("volume", v.Name)
		w.bornOut(w.Cite(field+".name", v.Name))
	default:
		w.be("denied")
	}
}

// readOnlyRoot reports whether the container's own file system is read-only, or the words say so.
func (w *words) readOnlyRoot() bool {
	sc := w.spec().SecurityContext
	return sc != nil && sc.ReadOnlyRootFilesystem != nil && *sc.ReadOnlyRootFilesystem ||
		strings.Contains(strings.ToLower(w.finding.Args["words"]), "read-only")
}

// path is where the container stands in the Pod.
func (w *words) path() string { return cmp.Or(pod.ContainerPath(w.Pod, w.container), "spec") }

// tokenFolder is where the kubelet puts the token of a Pod's ServiceAccount.
const tokenFolder = "/var/run/secrets/kubernetes.io/serviceaccount/"

// noToken: the program looks for the token of its ServiceAccount, and nothing is mounted there.
func (w *words) noToken() {
	w.be("no-token")
	if mounts := w.Pod.Spec.AutomountServiceAccountToken; mounts != nil && !*mounts {
		w.bornOut(w.Cite("spec.automountServiceAccountToken", "false"))
	}
}

// noFile: a file is not there: in a volume that is made of a ConfigMap or a Secret, that has no such key.
func (w *words) noFile() {
	at := w.has("path", absolute)
	if at == "" {
		return
	}
	w.be("no-file")
	w.set("path", at)
	v, field := w.volumeAt(at)
	switch {
	case v == nil && strings.HasPrefix(at, tokenFolder):
		w.noToken()
	case v == nil:
	case v.ConfigMap != nil:
		w.set("configmap", v.ConfigMap.Name)
		w.bornOut(w.Cite(field+".configMap.name", v.ConfigMap.Name))
	case v.Secret != nil:
		w.set("secret", v.Secret.SecretName)
		w.bornOut(w.Cite(field+".secret.secretName", v.Secret.SecretName))
	}
}
