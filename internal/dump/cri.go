package dump

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/nodelog"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What a node's runtime lists: crictl pods, ps, images, inspectp and inspect, docker and nerdctl ps and inspect, as
// tables and as JSON. They tell which sandbox and container is of which Pod, by which lines of logs that have nothing
// but an id find theirs, and how containers ended.

// A criContainer is a sandbox, or a container in one.
type criContainer struct {
	id, sandbox string // as much of them as there is
	namespace   string
	pod, uid    string
	name        string // "" of a sandbox
	attempt     int
	state       corev1.ContainerState
}

const (
	shortID = 12 // hex digits that tell containers apart in a table of docker; crictl prints 13
	podKey  = "io.kubernetes.pod.name"
)

// looksCRI reports whether the beginning of a text may be such a list.
func looksCRI(head []byte) bool {
	if isObject(head) {
		return (bytes.Contains(head, []byte(podKey)) || bytes.Contains(head, []byte(`"SANDBOX_`)) ||
			bytes.Contains(head, []byte(`"podSandboxId"`))) && !bytes.Contains(head, []byte(`"apiVersion"`))
	}
	return hasWord(head, criWords) && criHead().Match(head)
}

// cri reads one.
func (r *reader) cri(in io.Reader) {
	data, err := io.ReadAll(io.LimitReader(in, maxPasted))
	if err != nil {
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Because(err), Needs: message.Of("file.give-whole")})
	}
	var all []criContainer
	if isObject(data) {
		all, err = criJSON(data)
		if err != nil {
			r.gap(cluster.Gap{What: inFile(r.name), Why: jsonReason(err), Needs: jsonNeeds(err)})
		}
	} else {
		all = criTables(data)
	}
	r.runtime = append(r.runtime, all...)
	r.listed = append(r.listed, r.name)
	for _, c := range all {
		kind := "Sandbox"
		if c.name != "" {
			kind = "Container"
		}
		if r.tell != nil {
			r.gives = append(r.gives, Given{File: r.name, Objects: map[string]int{kind: 1}})
		}
	}
}

// criJSON reads the values of a text: a list, or one thing that was inspected, or several of them.
func criJSON(data []byte) (out []criContainer, err error) {
	dec := newJSONDecoder(bytes.NewReader(data))
	for {
		raw, err := dec.ReadValue()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		values := []jsontext.Value{raw}
		if raw.Kind() == '[' && json.Unmarshal(raw, &values, decoding) != nil {
			continue
		}
		for _, v := range values {
			out = append(out, criValue(v)...)
		}
	}
}

// A criItem is what crictl, docker and nerdctl have of a sandbox or a container, each in fields of its own.
type criItem struct {
	ID           string            `json:"id"`
	PodSandboxID string            `json:"podSandboxId"`
	Metadata     criName           `json:"metadata"`
	Labels       map[string]string `json:"labels"`
	Reason       string            `json:"reason"`
	Message      string            `json:"message"`
	ExitCode     int32             `json:"exitCode"`
	StartedAt    string            `json:"startedAt"`
	FinishedAt   string            `json:"finishedAt"`
}

type criName struct {
	Name, Namespace, UID string
	Attempt              int
}

// criValue reads a list of crictl, or what one of them inspected.
func criValue(v jsontext.Value) (out []criContainer) {
	var all struct {
		Items, Containers []criItem
		Status            *criItem
		Info              struct{ SandboxID string }
		State             jsontext.Value
		Config            struct{ Labels map[string]string }
	}
	if json.Unmarshal(v, &all, json.MatchCaseInsensitiveNames(true), decoding) != nil {
		return nil
	}
	for _, i := range append(all.Items, all.Containers...) {
		i.ExitCode = 0 // a list has none
		out = append(out, i.container())
	}
	switch {
	case all.Status != nil:
		c := all.Status.container()
		c.sandbox = cmp.Or(c.sandbox, all.Info.SandboxID)
		out = append(out, c)
	case all.Config.Labels[podKey] != "":
		out = append(out, dockerInspected(v, all.State, all.Config.Labels))
	}
	return out
}

// dockerInspected is what docker and nerdctl know of a container. State tells how it ended, or why it could not start.
func dockerInspected(v, rawState jsontext.Value, labels map[string]string) criContainer {
	var item criItem
	var state struct {
		Status, Error         string
		ExitCode              int32
		OOMKilled             bool
		StartedAt, FinishedAt string
	}
	_ = json.Unmarshal(v, &struct{ ID *string }{&item.ID}, json.MatchCaseInsensitiveNames(true), decoding)
	err := json.Unmarshal(rawState, &state, json.MatchCaseInsensitiveNames(true), decoding)
	if err == nil && state.Status != "running" {
		item.ExitCode, item.Message = state.ExitCode, state.Error
		item.StartedAt, item.FinishedAt = state.StartedAt, state.FinishedAt
		if state.OOMKilled {
			item.Reason = "OOMKilled"
		}
		if state.Error != "" && state.Status == "created" {
			item.Reason = "ContainerCannotRun"
		}
	}
	item.Labels = labels
	if labels["io.kubernetes.docker.type"] == "podsandbox" || labels["io.kubernetes.container.name"] == "POD" {
		delete(labels, "io.kubernetes.container.name")
	}
	return item.container()
}

// container makes one of what was read. Labels tell more than names: those of a container name its Pod.
func (i *criItem) container() criContainer {
	c := criContainer{id: i.ID, sandbox: i.PodSandboxID, namespace: i.Metadata.Namespace, uid: i.Metadata.UID,
		attempt: i.Metadata.Attempt, name: i.Labels["io.kubernetes.container.name"],
		pod: i.Labels[podKey]}
	if c.pod == "" && c.namespace != "" {
		c.pod = i.Metadata.Name
	}
	c.namespace = cmp.Or(c.namespace, i.Labels["io.kubernetes.pod.namespace"])
	c.uid = cmp.Or(c.uid, i.Labels["io.kubernetes.pod.uid"])
	if n, err := strconv.Atoi(i.Labels["annotation.io.kubernetes.container.restartCount"]); err == nil && c.attempt == 0 {
		c.attempt = n
	}
	if i.ExitCode != 0 || i.Reason != "" && i.Reason != "Completed" {
		c.state = ended(i.ExitCode, i.Reason, i.Message, i.StartedAt, i.FinishedAt)
	}
	return c
}

// ended is the state of a container that did not end well.
func ended(code int32, reason, text, started, finished string) corev1.ContainerState {
	if reason == "" {
		reason = "Error"
	}
	t := &corev1.ContainerStateTerminated{ExitCode: code, Reason: reason, Message: text}
	for _, of := range []struct {
		text string
		to   *metav1.Time
	}{{started, &t.StartedAt}, {finished, &t.FinishedAt}} {
		if at, err := time.Parse(time.RFC3339Nano, of.text); err == nil && at.Year() > 1 {
			*of.to = metav1.NewTime(at.UTC().Truncate(time.Second))
		}
	}
	return corev1.ContainerState{Terminated: t}
}

// owners are the Pods, by their UIDs or what stands for those, of sandboxes and containers by the beginnings of their
// ids; names gets the names of the Pods.
func owners(all []criContainer, names map[string]string) map[string]string {
	of := map[string]string{}
	bySandbox := map[string]criContainer{}
	for _, c := range all {
		if c.pod != "" && c.namespace != "" && len(c.id) >= shortID && c.name == "" {
			bySandbox[c.id[:shortID]] = c
		}
	}
	for i := range all {
		c := &all[i]
		if len(c.id) < shortID {
			continue
		}
		if len(c.sandbox) >= shortID {
			if s, ok := bySandbox[c.sandbox[:shortID]]; ok {
				c.pod, c.namespace, c.uid = s.pod, s.namespace, cmp.Or(c.uid, s.uid)
			}
		}
		if c.pod == "" || c.namespace == "" {
			continue
		}
		name := c.namespace + "/" + c.pod
		uid := cmp.Or(c.uid, nodelog.MadeUID+name)
		of[c.id[:shortID]], names[uid] = uid, name
	}
	return of
}

var hexID = match.Lazy(`\b[0-9a-f]{12,64}\b`)

// own gives the lines that name nobody but a sandbox or a container the Pod of that.
func own(f *nodefacts.NodeFacts, of map[string]string) {
	for i := range f.Logs {
		l := &f.Logs[i]
		if l.PodUID != "" || len(of) == 0 {
			continue
		}
		for _, id := range hexID().FindAllString(l.Message, 20) {
			if uid := of[id[:shortID]]; uid != "" {
				l.PodUID = uid
				break
			}
		}
	}
}

// addRuntime adds the Pods whose containers did not end well and of which nothing else tells. It returns how many.
func (r *reader) addRuntime() (kept int) {
	newest := map[string]criContainer{} // by Pod and container
	for _, c := range r.runtime {
		if c.pod == "" || c.namespace == "" || c.name == "" {
			continue
		}
		key := c.namespace + "/" + c.pod + "/" + c.name
		if old, ok := newest[key]; !ok || c.attempt > old.attempt || c.attempt == old.attempt && c.state.Terminated != nil {
			newest[key] = c
		}
	}
	made := map[string]*corev1.Pod{}
	for _, key := range slices.Sorted(maps.Keys(newest)) {
		c := newest[key]
		ref := cluster.Ref{Kind: "Pod", Namespace: c.namespace, Name: c.pod}
		name := c.namespace + "/" + c.pod
		if c.state.Terminated == nil || made[name] == nil && r.b.Get(ref) != nil {
			continue
		}
		p := made[name]
		if p == nil {
			p = nodelog.WaitingPod("", c.namespace, c.pod, cmp.Or(c.uid, nodelog.MadeUID+name), metav1.Time{}, nil)
			p.Status.ContainerStatuses, p.Status.Phase = nil, corev1.PodRunning
			made[name] = p
		}
		p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: c.name})
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{Name: c.name,
			RestartCount: int32(min(max(c.attempt, 0), 1<<20)), State: c.state})
		r.b.TakenAt(c.state.Terminated.FinishedAt.Time)
	}
	for _, name := range slices.Sorted(maps.Keys(made)) {
		r.b.Retold(r.b.Add("Pod", made[name]), true)
	}
	for _, g := range r.gives {
		r.tell(g)
	}
	for _, file := range r.listed {
		if len(made) == 0 && len(r.logs) == 0 {
			r.b.Gap(cluster.Gap{What: inFile(file), Why: message.Of("cri.ids"), Needs: message.Of("log.more")})
		}
	}
	return len(made)
}
