package e2e

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubestuck/stuck/test/lab/internal/lab"
)

// A keeper puts back what remedies change beside the namespace of their fault: on the node, which is the machine that
// the lab runs on, and in the cluster. A remedy names what it touches, so it is known before it is run.
type keeper struct {
	mu      sync.Mutex
	absent  []string          // paths on the node that were not there
	files   map[string]string // what was in the files that were
	sysctls map[string]string
	images  []string
	node    *core.Node
	objects map[schema.GroupVersionResource][]string // of the cluster, by name
}

// clusterWide are the kinds beside namespaces that remedies make.
var clusterWide = []schema.GroupVersionResource{
	{Version: "v1", Resource: "persistentvolumes"},
	{Group: "storage.k8s.io", Version: "v1", Resource: "storageclasses"},
	{Group: "storage.k8s.io", Version: "v1", Resource: "volumeattachments"},
	{Group: "node.k8s.io", Version: "v1", Resource: "runtimeclasses"},
	{Group: "scheduling.k8s.io", Version: "v1", Resource: "priorityclasses"},
	{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "clusterroles"},
	{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "clusterrolebindings"},
}

// keep writes down how the node and the cluster are.
func (r *Runner) keep(ctx context.Context) (*keeper, error) {
	k := &keeper{files: map[string]string{}, sysctls: map[string]string{},
		objects: map[schema.GroupVersionResource][]string{}}
	var err error
	if k.node, err = r.client.CoreV1().Nodes().Get(ctx, lab.NodeName, meta.GetOptions{}); err != nil {
		return nil, err
	}
	for _, kind := range clusterWide {
		if k.objects[kind], err = r.names(ctx, kind); err != nil {
			return nil, err
		}
	}
	k.images, err = r.images()
	return k, err
}

func (r *Runner) names(ctx context.Context, kind schema.GroupVersionResource) ([]string, error) {
	list, err := r.dynamic.Resource(kind).List(ctx, meta.ListOptions{})
	if err != nil {
		return nil, err
	}
	var out []string
	for i := range list.Items {
		out = append(out, list.Items[i].GetName())
	}
	return out, nil
}

// images are those that the node has.
func (r *Runner) images() ([]string, error) {
	out, err := r.Lab.Inside("ctr", "-n", "k8s.io", "images", "ls", "-q").Output()
	return strings.Fields(string(out)), err
}

var (
	absolute  = regexp.MustCompile(`(?:^|[\s'"=:>{])(/[A-Za-z0-9._/-]+)`)
	setting   = regexp.MustCompile(`\b((?:net|fs|kernel|vm|user)(?:\.[a-z0-9_-]+)+)\s*=`)
	ownPlaces = []string{"/var/lib/kubelet/pods", "/proc", "/sys/fs/cgroup", "/dev", "/spec", "/metadata",
		"/webhooks", "/var/lib/stuck-lab"}
)

// note writes down how what a text names is before it is run, or made.
func (k *keeper) note(r *Runner, text string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, m := range setting.FindAllStringSubmatch(text, -1) {
		if _, known := k.sysctls[m[1]]; !known {
			if out, err := r.Lab.Inside("sysctl", "-n", m[1]).Output(); err == nil {
				k.sysctls[m[1]] = strings.TrimSpace(string(out))
			}
		}
	}
	for _, m := range absolute.FindAllStringSubmatch(text, -1) {
		p := path.Clean(m[1])
		if slices.ContainsFunc(ownPlaces, func(own string) bool { return strings.HasPrefix(p, own) }) {
			continue
		}
		for ; path.Dir(p) != "/" && r.Lab.Inside("test", "-e", path.Dir(p)).Run() != nil; p = path.Dir(p) {
		}
		_, known := k.files[p]
		if known || slices.Contains(k.absent, p) {
			continue
		}
		if r.Lab.Inside("test", "-e", p).Run() != nil {
			k.absent = append(k.absent, p)
		} else if r.Lab.Inside("test", "-f", p, "-a", "-w", p, "-a", "!", "-x", p).Run() == nil {
			if out, err := r.Lab.Inside("head", "-c", "1000000", p).Output(); err == nil {
				k.files[p] = string(out)
			}
		}
	}
}

// restore puts all back that was written down.
func (k *keeper) restore(ctx context.Context, r *Runner) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var errs []error
	for _, p := range k.absent {
		// what a Pod or the kubelet has mounted below it goes first
		errs = append(errs, r.Lab.Inside("sh", "-c", `test ! -e "$0" || { umount -lq "$0"; rm -rf --one-file-system "$0"; }`,
			p).Run())
	}
	for p, was := range k.files {
		cmd := r.Lab.Inside("sh", "-c", `cmp -s - "$0"`, p)
		cmd.Stdin = strings.NewReader(was)
		if len(was) == 1000000 || cmd.Run() == nil {
			continue
		}
		cmd = r.Lab.Inside("sh", "-c", `cat > "$0"`, p)
		cmd.Stdin = strings.NewReader(was)
		errs = append(errs, cmd.Run())
	}
	for name, was := range k.sysctls {
		errs = append(errs, r.Lab.Inside("sysctl", "-qw", name+"="+was).Run())
	}
	now, err := r.images()
	errs = append(errs, err)
	for _, image := range now {
		if !slices.Contains(k.images, image) {
			errs = append(errs, r.Lab.Inside("ctr", "-n", "k8s.io", "images", "rm", image).Run())
		}
	}
	return errors.Join(append(errs, k.restoreNode(ctx, r), k.restoreObjects(ctx, r))...)
}

// restoreNode gives the node back its labels, its taints and whether Pods may be placed on it.
func (k *keeper) restoreNode(ctx context.Context, r *Runner) error {
	now, err := r.client.CoreV1().Nodes().Get(ctx, lab.NodeName, meta.GetOptions{})
	if err != nil {
		return err
	}
	now.Labels, now.Spec.Unschedulable = k.node.Labels, k.node.Spec.Unschedulable
	own := func(t core.Taint) bool { return !strings.HasPrefix(t.Key, "node.kubernetes.io/") }
	now.Spec.Taints = slices.DeleteFunc(now.Spec.Taints, own)
	for _, t := range k.node.Spec.Taints {
		if own(t) {
			now.Spec.Taints = append(now.Spec.Taints, t)
		}
	}
	if _, err = r.client.CoreV1().Nodes().Update(ctx, now, meta.UpdateOptions{}); err != nil {
		return fmt.Errorf("put node %s back: %w", lab.NodeName, err)
	}
	return nil
}

// restoreObjects deletes what there was not.
func (k *keeper) restoreObjects(ctx context.Context, r *Runner) error {
	var errs []error
	for _, kind := range clusterWide {
		now, err := r.names(ctx, kind)
		errs = append(errs, err)
		for _, name := range now {
			if !slices.Contains(k.objects[kind], name) {
				errs = append(errs, r.kubectl(ctx, "", "delete", kind.Resource, name, "--wait=false", "--ignore-not-found"))
			}
		}
	}
	return errors.Join(errs...)
}
