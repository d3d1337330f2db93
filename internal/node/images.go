package node

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

const maxPulls = 20

func readImages(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	s := sharedOf(ctx, h)
	images, err := s.runtime().images(ctx)
	if err != nil {
		return nil, err
	}
	lists, err := s.lists()
	if err != nil {
		return nil, err // which images are used is not known
	}
	conf := s.conf()
	facts := imageFacts(images, lists, conf.pause)
	if strings.Contains(s.runtime().endpoint, "containerd") {
		facts.Pulls, err = pulls(s.runtime().own, conf.root)
	}
	var unread partial
	unread.miss("images.pulls", err)
	set := func(f *nodefacts.NodeFacts) {
		f.Images = facts
		for i := range f.FileSystems {
			if fs := &f.FileSystems[i]; facts.UnusedBytes > 0 && fs.Has(nodefacts.RoleRuntime) {
				fs.Largest = append(fs.Largest, nodefacts.Usage{What: "unused-images", Bytes: facts.UnusedBytes})
				slices.SortStableFunc(fs.Largest, func(a, b nodefacts.Usage) int {
					return cmp.Compare(b.Bytes,
						a.Bytes)
				})
			}
		}
	}
	if facts.Pause == nil {
		unread = append(unread, nodefacts.Unread{Path: "images.pause",
			Why: "neither the runtime's Status nor its configuration file tells which image sandboxes are made of"})
	}
	return set, unread.orNil()
}

// imageFacts counts images, and which no container uses. pause is the reference of the image that sandboxes are made
// of; "" where it is not known.
func imageFacts(images []*cri.Image, lists *criLists, pause string) *nodefacts.Images {
	used := map[string]bool{}
	for _, c := range lists.containers {
		used[c.ImageRef], used[c.ImageId], used[c.GetImage().GetImage()] = true, true, true
	}
	delete(used, "")
	facts := &nodefacts.Images{Count: len(images)}
	if pause == "" { // what containerd keeps for nothing else
		for _, i := range images {
			for _, tag := range i.RepoTags {
				if i.Pinned && strings.Contains(tag, "/pause:") {
					pause = tag
				}
			}
		}
	}
	if pause != "" {
		facts.Pause = &nodefacts.PauseImage{Reference: clip(pause)}
	}
	for _, i := range images {
		size := int64(min(i.Size, 1<<62/uint64(len(images)))) // the sum does not run over, whatever a runtime tells
		facts.Bytes += size
		names := slices.Concat([]string{i.Id}, i.RepoTags, i.RepoDigests)
		isPause := pause != "" && slices.Contains(names, fullReference(pause))
		if isPause {
			facts.Pause.Present, facts.Pause.Pinned = true, facts.Pause.Pinned || i.Pinned
		}
		if !isPause && !i.Pinned && !slices.ContainsFunc(names, func(n string) bool { return used[n] }) {
			facts.UnusedBytes += size
		}
	}
	return facts
}

// fullReference spells out what a short reference leaves out: busybox is docker.io/library/busybox:latest.
func fullReference(ref string) string {
	host, rest, has := strings.Cut(ref, "/")
	switch {
	case strings.HasPrefix(ref, "sha256:"):
		return ref
	case !has:
		ref = "docker.io/library/" + ref
	case !strings.ContainsAny(host, ".:") && host != "localhost":
		ref = "docker.io/" + host + "/" + rest
	}
	if !strings.ContainsAny(ref[strings.LastIndexByte(ref, '/'):], ":@") {
		ref += ":latest"
	}
	return ref
}

// pulls reads which blobs containerd is fetching: it keeps what it has of each in a folder of its own.
func pulls(t tree, root string) ([]nodefacts.Pull, error) {
	dir := path.Join(root, "io.containerd.content.v1.content/ingest")
	names, err := t.names(dir, 1000)
	if errors.Is(err, fs.ErrPermission) {
		return nil, err
	}
	if err != nil {
		return nil, nil // containerd has not fetched anything yet
	}
	var out []nodefacts.Pull
	for _, name := range names {
		if p, err := readPull(t, path.Join(dir, name)); err == nil { // else it has just ended
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b nodefacts.Pull) int { return b.Updated.Compare(a.Updated.Time) })
	return out[:min(len(out), maxPulls)], nil
}

// readPull reads one such folder: ref is "k8s.io/12/layer-sha256:...", total the size in digits or empty, startedat and
// updatedat times, data what came.
func readPull(t tree, dir string) (p nodefacts.Pull, err error) {
	ref, err := t.read(path.Join(dir, "ref"), maxText)
	if err != nil {
		return p, err
	}
	info, err := t.stat(path.Join(dir, "data"))
	if err != nil {
		return p, err
	}
	p.Bytes, p.Updated = info.Size(), metav1.NewTime(info.ModTime().UTC().Truncate(time.Second))
	if _, digest, ok := strings.Cut(string(ref), "sha256:"); ok {
		p.Digest = clip("sha256:" + digest)
	}
	if data, err := t.read(path.Join(dir, "total"), maxText); err == nil {
		p.Total, _ = strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64) // empty where the registry did not tell
	}
	if data, err := t.read(path.Join(dir, "startedat"), maxText); err == nil {
		var at time.Time
		if at.UnmarshalText(data) == nil {
			p.Started = metav1.NewTime(at.UTC().Truncate(time.Second))
		}
	}
	return p, nil
}
