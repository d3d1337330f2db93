package containercrashing

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
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
	case w.capability():
	case v == nil && ofKernel().MatchString(at):
		w.be("denied-kernel")
	case v != nil && w.saysReadOnly() && w.mountedReadOnly(at, v):
	case w.readOnlyRoot() && v == nil && at != "":
		w.be("read-only")
		if sc != nil && sc.ReadOnlyRootFilesystem != nil && *sc.ReadOnlyRootFilesystem {
			w.set("locked", "true")
			w.bornOut(w.Cite(w.path()+".securityContext.readOnlyRootFilesystem", "true"))
		}
		if folder := path.Dir(at); scratch().MatchString(folder) || w.spells(folder) && !w.hides(folder, at) {
			w.finding.Attested = append(w.finding.Attested, "folder")
		}
	case v != nil && v.HostPath != nil:
		w.be("denied-hostpath")
		w.set("volume", v.Name)
		w.set("dir", v.HostPath.Path)
		if uid := w.runsAs(); uid != nil && owned().MatchString(v.HostPath.Path) {
			w.set("uid", fmt.Sprint(*uid))
		}
		w.finding.Attested = append(w.finding.Attested, "dir", "uid")
		w.bornOut(w.Cite(field+".hostPath.path", v.HostPath.Path))
	case v != nil && v.CSI == nil:
		w.be("denied-volume")
		w.set("volume", v.Name)
		w.bornOut(w.Cite(field+".name", v.Name))
	default:
		w.be("denied")
	}
}

// runsAs is the user that the container is set to run as; nil where the image decides.
func (w *words) runsAs() *int64 {
	if sc := w.spec().SecurityContext; sc != nil && sc.RunAsUser != nil {
		return sc.RunAsUser
	}
	if sc := w.Pod.Spec.SecurityContext; sc != nil {
		return sc.RunAsUser
	}
	return nil
}

// owned are folders of a node that an administrator made for data: to give one to a user takes it from nobody. Programs
// that the node runs as root (/opt/cni/bin) and people's own folders are not among them: whoever writes a Pod chooses
// the path.
var owned = match.Lazy(`^/(?:srv|mnt|data|tmp|media|storage|volumes?)/[^/]+`)

// scratch are folders in which programs keep what nobody else reads.
var scratch = match.Lazy(`^/(?:tmp|run|var/(?:cache|log|run|tmp|lib/nginx)(?:/[a-z0-9._-]+)*)$`)

// spells reports whether the container's command or arguments name a path.
func (w *words) spells(p string) bool {
	c := w.spec()
	return slices.ContainsFunc(slices.Concat(c.Command, c.Args), func(word string) bool { return nameIn(word, p) })
}

// system are folders without which no program of an image runs.
var system = match.Lazy(`^/(?:$|(?:bin|boot|dev|etc|lib\w*|opt|proc|root|sbin|sys|usr)(?:/|$))`)

// hides reports whether an empty volume over a folder takes away what the container needs beside the file that it
// writes: the program, what else its command names there, the folder that it works in.
func (w *words) hides(folder, at string) bool {
	c := w.spec()
	return system().MatchString(folder) || c.WorkingDir == folder || strings.HasPrefix(c.WorkingDir, folder+"/") ||
		slices.ContainsFunc(slices.Concat(c.Command, c.Args), func(word string) bool {
			return strings.Contains(strings.ReplaceAll(word, at, ""), folder+"/")
		})
}

// saysReadOnly reports whether the words say that nobody can write there.
func (w *words) saysReadOnly() bool {
	said := strings.ToLower(w.finding.Args["words"])
	return strings.Contains(said, "read-only") || strings.Contains(said, "erofs")
}

// mountedReadOnly: the volume is mounted so, or it is of a kind whose files nobody can write.
func (w *words) mountedReadOnly(at string, v *corev1.Volume) bool {
	m := w.under(at)
	c := w.spec()
	i := slices.IndexFunc(c.VolumeMounts, func(o corev1.VolumeMount) bool { return o.MountPath == m.MountPath })
	w.set("volume", v.Name)
	w.set("mountpath", m.MountPath)
	w.finding.Attested = append(w.finding.Attested, "mountpath")
	switch {
	case v.ConfigMap != nil || v.Secret != nil || v.Projected != nil || v.DownwardAPI != nil:
		w.be("read-only-config")
		w.bornOut(w.Cite(fmt.Sprintf("%s.volumeMounts[%d].mountPath", w.path(), i), m.MountPath))
	case m.ReadOnly:
		w.be("read-only-mount")
		w.bornOut(w.Cite(fmt.Sprintf("%s.volumeMounts[%d].readOnly", w.path(), i), "true"))
	default:
		return false
	}
	return true
}

// readOnlyRoot reports whether the container's own file system is read-only, or the words say so.
func (w *words) readOnlyRoot() bool {
	sc := w.spec().SecurityContext
	return sc != nil && sc.ReadOnlyRootFilesystem != nil && *sc.ReadOnlyRootFilesystem || w.saysReadOnly()
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
	case v.ConfigMap != nil && !w.otherItem(at, field+".configMap", v.ConfigMap.Items):
		w.set("configmap", v.ConfigMap.Name)
		w.lacksKey(v, at)
	case v.Secret != nil && !w.otherItem(at, field+".secret", v.Secret.Items):
		w.set("secret", v.Secret.SecretName)
		w.lacksKey(v, at)
	}
}

// lacksKey: the files of the volume are the keys of what it is made of.
func (w *words) lacksKey(v *corev1.Volume, at string) {
	of, cited, _ := w.MadeOf(v)
	w.finding.Blame = of
	w.bornOut(cited)
	w.set("key", fileAt(w.under(at), at))
	w.finding.Attested = append(w.finding.Attested, "key")
}

// otherItem: the volume has only the files that its items name, and this is none of them. Which one is meant is told by
// its key, or by a path that is nearly the same; else there is to be one more.
func (w *words) otherItem(at, field string, items []corev1.KeyToPath) bool {
	if len(items) == 0 {
		return false
	}
	file := fileAt(w.under(at), at)
	var have []string
	for _, i := range items {
		have = append(have, i.Path)
	}
	if slices.Contains(have, file) {
		return false
	}
	w.be("no-item")
	w.set("volume", w.under(at).Name)
	w.set("have", strings.Join(have, ", "))
	near := match.Near(file, have)
	i := slices.IndexFunc(items, func(o corev1.KeyToPath) bool { return o.Key == file || o.Path == near })
	list := field + ".items"
	if i < 0 {
		w.cite(list+"[0].path", have[0])
		w.set("patch", w.Patch(diagnose.Edit{Op: "add", Path: diagnose.PointerTo(list + "[-]"),
			Value: map[string]string{"key": file, "path": file}}))
		return true
	}
	item := fmt.Sprintf("%s[%d].path", list, i)
	w.cite(item, have[i])
	w.edit(item, have[i], diagnose.Edit{Op: "replace", Path: diagnose.PointerTo(item), Value: file})
	return true
}
