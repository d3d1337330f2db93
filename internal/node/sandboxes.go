package node

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// What the kubelet writes on a sandbox or a container that it makes.
const (
	labelPod       = "io.kubernetes.pod.name"
	labelNamespace = "io.kubernetes.pod.namespace"
	labelUID       = "io.kubernetes.pod.uid"
)

const (
	maxUnusual   = 100
	maxHeldTwice = 20
	maxIDs       = 10              // holders of one name
	clockSlop    = 2 * time.Second // between our asking for the time and the runtime's answer
)

func readSandboxes(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	s := sharedOf(ctx, h)
	lists, err := s.lists()
	if err != nil {
		return nil, err
	}
	k, err := s.kubelet()
	if err != nil {
		return nil, err
	}
	folder := path.Join(k.facts.RootDir, "pods")
	names, err := k.tree.names(folder, 10_000)
	var unread partial
	pods := map[string]bool{}
	for _, n := range names {
		pods[n] = true
	}
	if err != nil {
		pods = nil
		unread = partial{{Path: "sandboxes.odd.orphan",
			Why: fmt.Sprintf("%s could not be read, so which Pods the kubelet has is not known: %v", folder, err)}}
	}
	facts := sandboxFacts(lists, pods, h.now())
	set := func(f *nodefacts.NodeFacts) { f.Sandboxes = facts }
	return set, unread.orNil()
}

// sandboxFacts tells which sandboxes and containers are not as they should be. pods are the UIDs that the kubelet has;
// nil where that is not known.
func sandboxFacts(lists *criLists, pods map[string]bool, now time.Time) *nodefacts.Sandboxes {
	s := &nodefacts.Sandboxes{Count: len(lists.sandboxes), Containers: len(lists.containers)}
	ready := map[string]int{} // by Pod UID
	mine := map[string]bool{} // sandboxes that the kubelet has, by id
	pod := map[string]*cri.PodSandboxMetadata{}
	for _, b := range lists.sandboxes {
		if b.State == cri.PodSandboxState_SANDBOX_READY {
			s.Ready++
			ready[b.GetMetadata().GetUid()]++
		}
		pod[b.Id] = b.GetMetadata()
		mine[b.Id] = pods == nil || pods[b.GetMetadata().GetUid()] && b.Labels[labelUID] == b.GetMetadata().GetUid()
	}
	for _, c := range lists.containers {
		if c.State == cri.ContainerState_CONTAINER_RUNNING {
			s.Running++
		}
	}
	s.Odd = oddSandboxes(lists.sandboxes, ready, mine, now)
	s.OddContainers = oddContainers(lists.containers, pod, ready, mine, pods)
	s.Twice = heldTwice(lists, pod, mine)
	return s
}

// oddSandboxes returns the sandboxes that are not the one ready sandbox of a Pod. Those of no Pod and of the future
// come first, then the newest.
func oddSandboxes(all []*cri.PodSandbox, ready map[string]int, mine map[string]bool,
	now time.Time) []nodefacts.Sandbox {
	type key struct {
		uid     string
		attempt uint32
	}
	created := map[key]int64{} // the earliest of each attempt
	attempts := map[string][]uint32{}
	for _, b := range all {
		m := b.GetMetadata()
		k := key{m.GetUid(), m.GetAttempt()}
		if at, ok := created[k]; !ok || b.CreatedAt < at {
			created[k] = b.CreatedAt
		}
		attempts[k.uid] = append(attempts[k.uid], k.attempt)
	}
	var out []nodefacts.Sandbox
	for _, b := range all {
		m := b.GetMetadata()
		future := b.CreatedAt > now.Add(clockSlop).UnixNano()
		if near := attempts[m.GetUid()]; len(near) < 100 {
			for _, a := range near {
				future = future || a > m.GetAttempt() && created[key{m.GetUid(), a}] < b.CreatedAt
			}
		}
		isReady := b.State == cri.PodSandboxState_SANDBOX_READY
		if isReady && ready[m.GetUid()] == 1 && mine[b.Id] && !future {
			continue
		}
		out = append(out, nodefacts.Sandbox{ID: clip(b.Id), Namespace: clip(m.GetNamespace()), Pod: clip(m.GetName()),
			PodUID:  clip(m.GetUid()),
			Attempt: int(m.GetAttempt()), Ready: isReady, Created: nanos(b.CreatedAt), Orphan: !mine[b.Id],
			Future: future})
	}
	slices.SortFunc(out, func(a, b nodefacts.Sandbox) int {
		return cmp.Or(first(a.Orphan || a.Future, b.Orphan || b.Future), b.Created.Compare(a.Created.Time),
			cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), maxUnusual)]
}

// oddContainers returns the containers that do not run and whose Pod has no ready sandbox, that were made and not
// started, or that no Pod has.
func oddContainers(all []*cri.Container, pod map[string]*cri.PodSandboxMetadata, ready map[string]int,
	mine map[string]bool, pods map[string]bool) []nodefacts.Container {
	var out []nodefacts.Container
	for _, c := range all {
		uid := podOf(c, pod).GetUid()
		has, known := mine[c.PodSandboxId]
		orphan := pods != nil && (known && !has || !known && !pods[uid])
		started := c.State == cri.ContainerState_CONTAINER_RUNNING || c.State == cri.ContainerState_CONTAINER_EXITED
		idle := c.State != cri.ContainerState_CONTAINER_RUNNING && ready[uid] == 0
		if started && !idle && !orphan {
			continue
		}
		out = append(out, nodefacts.Container{ID: clip(c.Id), Name: clip(c.GetMetadata().GetName()), PodUID: clip(uid),
			Attempt: int(c.GetMetadata().GetAttempt()),
			State:   strings.ToLower(strings.TrimPrefix(c.State.String(), "CONTAINER_")), Created: nanos(c.CreatedAt),
			Orphan: orphan})
	}
	slices.SortFunc(out, func(a, b nodefacts.Container) int {
		return cmp.Or(first(a.Orphan, b.Orphan), b.Created.Compare(a.Created.Time), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), maxUnusual)]
}

// heldTwice returns the names that the runtime keeps for more than one, or for one that the kubelet does not have.
func heldTwice(lists *criLists, pod map[string]*cri.PodSandboxMetadata, mine map[string]bool) []nodefacts.HeldName {
	type holders struct {
		uid    string
		ids    []string
		orphan bool
	}
	held := map[string]*holders{}
	hold := func(name, uid, id string, orphan bool) {
		h := held[name]
		if h == nil {
			h = &holders{uid: uid}
			held[name] = h
		}
		h.ids, h.orphan = append(h.ids, clip(id)), h.orphan || orphan
	}
	for _, b := range lists.sandboxes {
		m := b.GetMetadata()
		hold(fmt.Sprintf("%s_%s_%s_%d", m.GetName(), m.GetNamespace(), m.GetUid(), m.GetAttempt()), m.GetUid(), b.Id,
			!mine[b.Id])
	}
	for _, c := range lists.containers {
		has, known := mine[c.PodSandboxId]
		m, of := c.GetMetadata(), podOf(c, pod)
		if of.GetUid() == "" {
			continue // its name is not known
		}
		hold(fmt.Sprintf("%s_%s_%s_%s_%d", m.GetName(), of.GetName(), of.GetNamespace(), of.GetUid(), m.GetAttempt()),
			of.GetUid(), c.Id, known && !has)
	}
	var out []nodefacts.HeldName
	for _, name := range slices.Sorted(maps.Keys(held)) {
		if h := held[name]; (len(h.ids) > 1 || h.orphan) && len(out) < maxHeldTwice {
			slices.Sort(h.ids)
			out = append(out, nodefacts.HeldName{Name: clip(name), PodUID: clip(h.uid),
				IDs: h.ids[:min(len(h.ids), maxIDs)]})
		}
	}
	return out
}

// podOf is the Pod whose container it is: that of its sandbox, or what the kubelet wrote on it where the sandbox is
// gone.
func podOf(c *cri.Container, pod map[string]*cri.PodSandboxMetadata) *cri.PodSandboxMetadata {
	if m := pod[c.PodSandboxId]; m != nil {
		return m
	}
	return &cri.PodSandboxMetadata{Name: c.Labels[labelPod], Namespace: c.Labels[labelNamespace],
		Uid: c.Labels[labelUID]}
}

// first orders what something holds for before the rest.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func nanos(ns int64) metav1.Time {
	if ns <= 0 {
		return metav1.Time{}
	}
	return metav1.NewTime(time.Unix(0, ns).UTC().Truncate(time.Second))
}
