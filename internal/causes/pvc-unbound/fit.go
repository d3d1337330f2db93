package pvcunbound

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// A misfit is one thing in which a volume is not what a claim asks for.
type misfit struct {
	text     string         // in the words of the volume: accessModes ReadWriteOnce
	holds    string         // what the field holds
	path     string         // the field of the volume
	edit     *diagnose.Edit // what would make the claim fit; nil where the volume is the one to change
	released bool           // it still belongs to a claim that is gone
}

// misfits are all of them. A volume that is bound to another claim for good is none that could fit.
func misfits(c *corev1.PersistentVolumeClaim, v *corev1.PersistentVolume) []misfit {
	var out []misfit
	add := func(path, name, holds string, edit *diagnose.Edit) {
		out = append(out, misfit{path: path, text: name + " " + holds, holds: holds, edit: edit})
	}
	if className(c) != v.Spec.StorageClassName {
		add("spec.storageClassName", "storageClassName", strconv.Quote(v.Spec.StorageClassName),
			&diagnose.Edit{Op: "add", Path: "/spec/storageClassName", Value: v.Spec.StorageClassName})
	}
	if slices.ContainsFunc(c.Spec.AccessModes, func(m corev1.PersistentVolumeAccessMode) bool {
		return !slices.Contains(v.Spec.AccessModes, m)
	}) {
		add("spec.accessModes", "accessModes", modes(v.Spec.AccessModes),
			&diagnose.Edit{Op: "replace", Path: "/spec/accessModes", Value: v.Spec.AccessModes})
	}
	has, want := v.Spec.Capacity[corev1.ResourceStorage], c.Spec.Resources.Requests[corev1.ResourceStorage]
	if has.Cmp(want) < 0 {
		add("spec.capacity.storage", "capacity", has.String(),
			&diagnose.Edit{Op: "replace", Path: "/spec/resources/requests/storage", Value: has.String()})
	}
	if mode(c.Spec.VolumeMode) != mode(v.Spec.VolumeMode) {
		add("spec.volumeMode", "volumeMode", string(mode(v.Spec.VolumeMode)),
			&diagnose.Edit{Op: "add", Path: "/spec/volumeMode", Value: string(mode(v.Spec.VolumeMode))})
	}
	if s, err := metav1.LabelSelectorAsSelector(c.Spec.Selector); c.Spec.Selector != nil && err == nil &&
		!s.Matches(labels.Set(v.Labels)) {
		add("metadata.labels", "labels", labels.Set(v.Labels).String(), nil)
	}
	r := v.Spec.ClaimRef
	if r != nil && (r.Namespace != c.Namespace || r.Name != c.Name || r.UID != "" && c.UID != "" && r.UID != c.UID) {
		f := misfit{path: "spec.claimRef", holds: r.Namespace + "/" + r.Name,
			released: v.Status.Phase == corev1.VolumeReleased,
			text:     fmt.Sprintf("%s, claimRef %s/%s", v.Status.Phase, r.Namespace, r.Name)}
		if f.released {
			f.path, f.holds = "status.phase", string(v.Status.Phase)
		}
		out = append(out, f)
	}
	return out
}

// className is the class that a claim names; "" for none.
func className(c *corev1.PersistentVolumeClaim) string {
	if c.Spec.StorageClassName == nil {
		return ""
	}
	return *c.Spec.StorageClassName
}

func mode(m *corev1.PersistentVolumeMode) corev1.PersistentVolumeMode {
	if m == nil {
		return corev1.PersistentVolumeFilesystem
	}
	return *m
}

func modes(all []corev1.PersistentVolumeAccessMode) string {
	var out []string
	for _, m := range all {
		out = append(out, string(m))
	}
	return strings.Join(out, ", ")
}

// volumes says why no volume fits: the one that the claim names, or those that lack one thing.
func (w *waiter) volumes(args map[string]string) (variant string, evidence []cluster.Sign) {
	c := w.v.PVC
	args["modes"] = modes(c.Spec.AccessModes)
	if name := c.Spec.VolumeName; name != "" {
		args["pv"] = name
		v, presence := cluster.Get[corev1.PersistentVolume](w.p.Snapshot, "", name)
		if presence == cluster.Absent {
			ref := cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: c.Namespace, Name: c.Name}
			return "volume-missing", []cluster.Sign{diagnose.Cite(ref, "spec.volumeName", name)}
		}
		if v == nil {
			return "", nil
		}
		return w.nearest(args, []*corev1.PersistentVolume{v}, 10)
	}
	return w.nearest(args, cluster.Objects[corev1.PersistentVolume](w.p.Snapshot), 1)
}

// nearest names the volumes that lack no more than a few things, those first that lack the fewest.
func (w *waiter) nearest(args map[string]string, all []*corev1.PersistentVolume, most int) (string, []cluster.Sign) {
	type candidate struct {
		v     *corev1.PersistentVolume
		lacks []misfit
	}
	var found []candidate
	for _, v := range all {
		if lacks := misfits(w.v.PVC, v); len(lacks) > 0 && len(lacks) <= most {
			found = append(found, candidate{v, lacks})
		}
	}
	bound := func(f candidate) int { // what belongs to another claim is of little use
		if f.v.Status.Phase == corev1.VolumeBound {
			return 1
		}
		return 0
	}
	other := func(f candidate) int { // a class of its own was made for something else
		if f.v.Spec.StorageClassName != className(w.v.PVC) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(bound(a)-bound(b), other(a)-other(b), len(a.lacks)-len(b.lacks), strings.Compare(a.v.Name, b.v.Name))
	})
	var near []string
	var evidence []cluster.Sign
	for i, f := range found[:min(len(found), 3)] {
		var texts []string
		var edits []diagnose.Edit
		for _, l := range f.lacks {
			texts = append(texts, l.text)
			ref := cluster.Ref{Kind: "PersistentVolume", Name: f.v.Name}
			evidence = append(evidence, diagnose.Cite(ref, l.path, l.holds))
			switch {
			case i == 0 && l.released:
				args["released"] = f.v.Name
			case i == 0 && l.edit != nil:
				edits = append(edits, *l.edit)
			}
		}
		near = append(near, f.v.Name+" ("+strings.Join(texts, "; ")+")")
		if i == 0 && len(edits) == len(f.lacks) {
			args["fitting"], args["claimpatch"] = f.v.Name, anew(w.v.PVC, edits...)
		}
	}
	args["near"] = strings.Join(near, ", ")
	return "", evidence
}

// anew is the patch that makes of a claim as it was read one that can be made in its place.
func anew(c *corev1.PersistentVolumeClaim, edits ...diagnose.Edit) string {
	all := []diagnose.Edit{{Op: "remove", Path: "/metadata/resourceVersion"}, {Op: "remove", Path: "/metadata/uid"}}
	if len(c.Finalizers) > 0 {
		all = append(all, diagnose.Edit{Op: "remove", Path: "/metadata/finalizers"})
	}
	return diagnose.JSON(append(all, edits...))
}

// classes names the classes that there are, and makes the patch that gives the claim the one that may be meant.
func (w *waiter) classes(args map[string]string) {
	var names []string
	meant := ""
	for _, c := range cluster.Objects[storagev1.StorageClass](w.p.Snapshot) {
		names = append(names, c.Name)
		if c.Annotations["storageclass.kubernetes.io/is-default-class"] == "true" {
			meant = c.Name
		}
	}
	if near := match.Nearest(args["class"], names); args["class"] != "" && len(near) > 0 {
		meant = near[0]
	} else if len(names) == 1 {
		meant = names[0]
	}
	args["classes"] = strings.Join(names[:min(len(names), 10)], ", ")
	if meant != "" {
		args["newclass"] = meant
		args["claimpatch"] = anew(w.v.PVC, diagnose.Edit{Op: "add", Path: "/spec/storageClassName", Value: meant})
	}
}
