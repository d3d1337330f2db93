package pasted

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// tableHead is the head of a table of Events or Pods, with NAMESPACE and the columns of -o wide or without.
var tableHead = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[>|#\s\d]*(NAMESPACE +)?(LAST SEEN +(FIRST SEEN +COUNT +NAME +)?` +
		`(TYPE|COUNT|REASON)\b|NAME +READY +STATUS +RESTARTS\b|NAME +STATUS +ROLES +AGE\b|NAME +STATUS +VOLUME +CAPACITY\b)`)
})

var headCell = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`LAST SEEN|FIRST SEEN|NOMINATED NODE|READINESS GATES|ACCESS MODES|INTERNAL-IP|` +
		`EXTERNAL-IP|OS-IMAGE|KERNEL-VERSION|CONTAINER-RUNTIME|VOLUMEATTRIBUTESCLASS|[A-Z][A-Z-]*`)
})

// A row is the cells of a line by the names of their columns.
type row struct {
	cells map[string]string
	line  int
}

// podNames are those that Pods may have; a long one is cut.
var podNames = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*(?:\.\.\.|…)?$`) })

// table reads a table from its head on, and says how many lines it has. What it holds is in a namespace, where it does
// not say in which.
func table(lines []line, now time.Time, namespace string) ([]Object, int) {
	head := lines[0].text
	at := headCell().FindAllStringIndex(head, -1)
	names := headCell().FindAllString(head, -1)
	var rows []row
	n := 1
	for n < len(lines) && headRest().MatchString(lines[n].text) {
		n++
	}
	wrapped := n
	for _, l := range lines[1:wrapped] {
		names = append(names, headCell().FindAllString(l.text, -1)...)
	}
	pods := slices.Contains(names, "READY") && slices.Contains(names, "RESTARTS")
	more, end := tail{sep: " ", trim: true}, names[len(names)-1]
	for ; n < len(lines); n++ {
		text := lines[n].text
		if text == "" || isBegin(text) {
			break
		}
		if wrapped > 1 { // so is each row
			r, last := wrappedRow(lines[n:min(n+wrapped, len(lines))], names)
			rows, n = append(rows, r), n+last
			continue
		}
		if tableHead().MatchString(text) {
			if strings.Join(headCell().FindAllString(text, -1), " ") == strings.Join(names, " ") {
				continue // printed again, as with -w
			}
			break
		}
		r := row{cut(text, names, at), lines[n].number}
		if resource, name, ok := strings.Cut(r.cells["NAME"], "/"); ok { // tables of several kinds: deployment.apps/web
			if kind, _, _ := strings.Cut(resource, "."); kinds[kind] != "" {
				r.cells["NAME"] = name
			}
		}
		if pods && r.cells != nil && !podNames().MatchString(r.cells["NAME"]) {
			break // what some other command printed
		}
		if r.cells != nil && names[0] == "LAST SEEN" && !isSeen(r.cells[names[0]]) ||
			r.cells == nil { // a message that goes on
			if len(rows) > 0 {
				more.add(strings.TrimSpace(text))
			}
			continue
		}
		more.endCell(rows, end)
		rows = append(rows, r)
	}
	more.endCell(rows, end)
	switch {
	case slices.Contains(names, "OBJECT") && slices.Contains(names, "REASON"):
		return eventRows(rows, now, namespace), n
	case pods:
		return podRows(rows, now, namespace), n
	case slices.Contains(names, "ROLES"):
		return nodeRows(rows), n
	case slices.Contains(names, "VOLUME"):
		return claimRows(rows, namespace), n
	}
	return nil, 0
}

// isSeen reports whether a cell tells when an Event was seen, and does not go on with a message.
func isSeen(cell string) bool {
	m := often().FindStringSubmatch(cell)
	if m == nil {
		return false
	}
	_, ok := age(m[1])
	return ok || strings.HasPrefix(cell, "<")
}

// headRest is the rest of a table's head that a mail program wrapped.
var headRest = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*[A-Z][A-Z-]+(?: [A-Z]+)?(?: {2,}[A-Z][A-Z -]*)*$`)
})

// wrappedRow is a row that was wrapped as the head is, and how many lines more than one it has.
func wrappedRow(lines []line, names []string) (row, int) {
	var parts []string
	for i, l := range lines {
		if l.text == "" {
			lines = lines[:i]
			break
		}
		parts = append(parts, columns().Split(strings.TrimSpace(l.text), -1)...)
	}
	r := row{map[string]string{}, lines[0].number}
	for i, part := range parts[:min(len(parts), len(names))] {
		r.cells[names[i]] = part
	}
	return r, len(lines) - 1
}

// cut takes a line apart: where the columns begin, if there are spaces before each; else where there are two spaces or
// more, as in a table whose columns were moved. It is nil where the line is none of the table.
func cut(text string, names []string, at [][]int) map[string]string {
	out := map[string]string{}
	fits := true
	for i, name := range names {
		from := at[i][0]
		if from > 0 && (from >= len(text) || text[from-1] != ' ') {
			fits = from >= len(text) && i > 0
		}
		if !fits {
			break
		}
		to := len(text)
		if i+1 < len(names) {
			to = min(at[i+1][0], len(text))
		}
		if from < len(text) {
			out[name] = strings.TrimSpace(text[from:to])
		}
	}
	if fits && out[names[0]] != "" {
		return out
	}
	cells := columns().Split(strings.TrimSpace(text), len(names))
	if len(cells) < min(len(names), 4) {
		return nil
	}
	for i, cell := range cells {
		out[names[i]] = strings.TrimSpace(cell)
	}
	return out
}

// From where on Events of a table are counted, so that none has the name of one of a description.
const (
	tableEvents  = 1_000_000
	customEvents = 2_000_000
)

// eventRows are the Events of kubectl get events, or of kubectl events.
func eventRows(rows []row, now time.Time, namespace string) []Object {
	var out []Object
	for i, r := range rows {
		e := told{kind: r.cells["TYPE"], reason: r.cells["REASON"], message: r.cells["MESSAGE"], path: r.cells["SUBOBJECT"],
			from: r.cells["SOURCE"], count: 1, line: r.line}
		e.from, _, _ = strings.Cut(e.from, ",")
		m := often().FindStringSubmatch(r.cells["LAST SEEN"])
		if m == nil || !e.ages(m[1], m[2], m[3]) {
			continue
		}
		if n, err := strconv.Atoi(r.cells["COUNT"]); err == nil {
			e.count = max(n, 1)
		}
		if d, ok := age(r.cells["FIRST SEEN"]); ok && d > e.last {
			e.first = d
		}
		kind, name, ok := strings.Cut(r.cells["OBJECT"], "/")
		if !ok {
			continue
		}
		if k, ok := kinds[strings.ToLower(kind)]; ok {
			kind = k
		}
		o := e.event(kind, cmp.Or(r.cells["NAMESPACE"], namespace), name, now, tableEvents+i)
		o.Anywhere = r.cells["NAMESPACE"] == "" && namespace == metav1.NamespaceDefault
		out = append(out, o)
	}
	return out
}

// kinds are those that Events are about, as tables name them.
var kinds = map[string]string{"pod": "Pod", "node": "Node", "persistentvolumeclaim": "PersistentVolumeClaim",
	"persistentvolume": "PersistentVolume", "replicaset": "ReplicaSet", "deployment": "Deployment",
	"statefulset": "StatefulSet", "daemonset": "DaemonSet", "job": "Job", "cronjob": "CronJob",
	"replicationcontroller": "ReplicationController", "namespace": "Namespace", "service": "Service"}

var restarts = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d+)(?: \((\S+) ago\))?$`) })

// podRows are Pods as far as a table tells of them: the reason why the first container waits is its STATUS.
func podRows(rows []row, now time.Time, namespace string) []Object {
	var out []Object
	for _, r := range rows {
		p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: r.cells["NAMESPACE"], Name: r.cells["NAME"]}}
		if p.Namespace == "" {
			p.Namespace = namespace
		}
		if d, ok := age(r.cells["AGE"]); ok && !now.IsZero() {
			p.CreationTimestamp = metav1.NewTime(now.Add(-d))
			p.Status.StartTime = &p.CreationTimestamp
		}
		if node := r.cells["NODE"]; !isNone(node) {
			p.Spec.NodeName = node
		}
		shown(p, r.cells["STATUS"], r.cells["READY"], r.cells["RESTARTS"], now)
		out = append(out, Object{Kind: "Pod", Object: p, Line: r.line, Thin: true})
	}
	return out
}

// longestBackOff is how long at most the kubelet waits before it starts a container again.
const longestBackOff = 5 * time.Minute

// shown makes of the columns STATUS, READY and RESTARTS what they were made of.
func shown(p *corev1.Pod, status, ready, restarted string, now time.Time) {
	up, all, _ := strings.Cut(ready, "/")
	running, _ := strconv.Atoi(up)
	total, _ := strconv.Atoi(all)
	count := int32(0)
	if m := restarts().FindStringSubmatch(restarted); m != nil {
		n, _ := strconv.ParseInt(m[1], 10, 32)
		count = int32(n)
	}
	p.Status.Phase = corev1.PodPending
	state := corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: status}}
	switch status {
	case "Running":
		p.Status.Phase, state = corev1.PodRunning, corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}
	case "Completed", "Succeeded":
		p.Status.Phase = corev1.PodSucceeded
		state = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "Completed"}}
	case "OOMKilled", "ContainerCannotRun", "StartError":
		p.Status.Phase = corev1.PodRunning
		state = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: status, ExitCode: 128}}
		if status == "OOMKilled" {
			state.Terminated.ExitCode = 137
		}
	case "Error": // with which exit code is not told
		p.Status.Phase = corev1.PodRunning
		if !p.CreationTimestamp.IsZero() && now.Sub(p.CreationTimestamp.Time) > longestBackOff && count == 0 {
			p.Status.Phase = corev1.PodFailed // or it would have been started again
			state = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: status, ExitCode: 1}}
		}
	case "CrashLoopBackOff":
		p.Status.Phase = corev1.PodRunning
	case "Pending", "Unknown":
		return
	case "Evicted", "UnexpectedAdmissionError", "OutOfcpu", "OutOfmemory", "NodeAffinity":
		p.Status.Phase, p.Status.Reason = corev1.PodFailed, status
		return
	case "Terminating":
		p.DeletionTimestamp = &p.CreationTimestamp
		return
	}
	if strings.HasPrefix(status, "Init:") || strings.HasPrefix(status, "SchedulingGated") {
		return
	}
	for i := range min(max(total, 1), 100) {
		name := "container-" + strconv.Itoa(i+1) // see cluster.IsUnnamed
		p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: name})
		s := corev1.ContainerStatus{Name: name, Ready: i < running, State: state}
		if i < running {
			s.State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}
		} else {
			s.RestartCount = count
		}
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, s)
	}
	is := corev1.ConditionFalse
	if total > 0 && running == total {
		is = corev1.ConditionTrue
	}
	p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: is}}
}

// nodeRows are Nodes: whether they are Ready and cordoned.
func nodeRows(rows []row) []Object {
	var out []Object
	for _, r := range rows {
		n := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: r.cells["NAME"]}}
		status, more, _ := strings.Cut(r.cells["STATUS"], ",")
		n.Spec.Unschedulable = strings.Contains(more, "SchedulingDisabled")
		is := map[string]corev1.ConditionStatus{"Ready": corev1.ConditionTrue, "NotReady": corev1.ConditionFalse}[status]
		if is == "" {
			is = corev1.ConditionUnknown
		}
		n.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: is}}
		n.Status.NodeInfo.KubeletVersion = r.cells["VERSION"]
		n.Status.NodeInfo.OSImage, n.Status.NodeInfo.KernelVersion = r.cells["OS-IMAGE"], r.cells["KERNEL-VERSION"]
		n.Status.NodeInfo.ContainerRuntimeVersion = r.cells["CONTAINER-RUNTIME"]
		out = append(out, Object{Kind: "Node", Object: n, Line: r.line, Thin: true})
	}
	return out
}

// claimRows are claims: their phase, volume and class.
func claimRows(rows []row, namespace string) []Object {
	var out []Object
	for _, r := range rows {
		c := &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Namespace: r.cells["NAMESPACE"],
			Name: r.cells["NAME"]}}
		if c.Namespace == "" {
			c.Namespace = namespace
		}
		c.Status.Phase = corev1.PersistentVolumeClaimPhase(r.cells["STATUS"])
		c.Spec.VolumeName = r.cells["VOLUME"]
		c.Spec.AccessModes = accessModes(r.cells["ACCESS MODES"])
		if class := r.cells["STORAGECLASS"]; class != "" && !isNone(class) {
			c.Spec.StorageClassName = &class
		}
		out = append(out, Object{Kind: "PersistentVolumeClaim", Object: c, Line: r.line, Thin: true})
	}
	return out
}
