package pasted

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var nameLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^Name: +\S+$`) })

func isBegin(text string) bool { return nameLine().MatchString(text) }

// describedLines is how many lines belong to a description: up to the next one, or to a table. A message that a program
// wrote may have several lines, which are not moved to the right: what begins among the fields of a Pod, without an
// empty line before it, is of such a message.
func describedLines(lines []line) int {
	inside, events, last := isPod(lines), false, -1
	for i := 1; i < len(lines); i++ {
		text := lines[i].text
		if strings.HasPrefix(text, "Events:") {
			inside, events = false, true
		}
		if inside && lines[i-1].text != "" {
			continue
		}
		if events && text != "" && lines[i-1].text == "" && lines[i].indent() == 0 {
			if last < 0 {
				last = i + lastField(lines[i:])
			}
			if i > last { // what somebody wrote below it
				return i
			}
		}
		if isBegin(text) || tableHead().MatchString(text) && !strings.HasPrefix(text, " ") {
			return i
		}
	}
	return len(lines)
}

// lastField is the last field of the Pod that follows, so that what looked like its Events was a message; -1 for none.
func lastField(lines []line) int {
	last := -1
	for i, l := range lines {
		if isBegin(l.text) {
			break
		}
		if key, _, ok := strings.Cut(l.text, ":"); ok && podTail[key] {
			last = i
		}
	}
	return last
}

// isPod reports whether a description begins as that of a Pod, whose node stands among its first fields.
func isPod(lines []line) bool {
	for _, l := range lines[:min(len(lines), 12)] {
		if strings.HasPrefix(l.text, "Node:") {
			return true
		}
	}
	return false
}

// described makes the objects of one description: what it describes, and the Events about that; and says when it was
// printed. Events of one that does not tell that are of the time that is given.
func described(lines []line, printed time.Time) ([]Object, time.Time, bool) {
	var now time.Time
	about, events := split(lines)
	fs := fields(about)
	kind := kindOf(fs)
	if kind == "Pod" {
		fs = fields(joined(about))
	}
	meta := metav1.ObjectMeta{Name: get(fs, "Name"), Namespace: get(fs, "Namespace"),
		Labels: find(fs, "Labels").pairs("="), Annotations: find(fs, "Annotations").pairs(":")}
	meta.CreationTimestamp = metav1.NewTime(clock(get(fs, "CreationTimestamp", "Creation Timestamp")))
	told := describedEvents(events)
	var o metav1.Object
	switch kind {
	case "Pod":
		now = podNow(fs, told)
		o = podOf(fs, meta, now)
	case "Node":
		o = nodeOf(fs, meta)
	case "PersistentVolumeClaim":
		o = claimOf(fs, meta)
	case "PersistentVolume":
		o = volumeOf(fs, meta)
	case "StorageClass":
		o = &storagev1.StorageClass{ObjectMeta: meta, Provisioner: get(fs, "Provisioner")}
	case "":
		return nil, now, false
	}
	var out []Object
	if o != nil {
		out = append(out, Object{Kind: kind, Object: o, Line: lines[0].number})
	}
	if kind != "Pod" {
		now = newest(fs)
	}
	of := now
	if of.IsZero() {
		of = printed
	}
	for i := range told {
		out = append(out, told[i].event(kind, meta.Namespace, meta.Name, of, i))
	}
	return out, now, len(out) > 0
}

// split takes the Events off: they are the last. A message that a program wrote may look like their heading, and so may
// one of an Event: fields of a Pod that come after it are fields all the same, and none is hidden by it.
func split(lines []line) (about, events []line) {
	in := false
	for _, l := range lines {
		key, _, ok := strings.Cut(l.text, ":")
		switch {
		case strings.HasPrefix(l.text, "Events:"):
			in = true
			continue
		case in && ok && (podTail[key] || l.indent() >= 4 && ofContainer[strings.TrimSpace(key)]):
			in = false
		}
		if in {
			events = append(events, l)
		} else {
			about = append(about, l)
		}
	}
	return about, events
}

// podTail are the fields of a Pod that stand behind what its containers say.
var podTail = map[string]bool{"Conditions": true, "Volumes": true, "QoS Class": true, "Node-Selectors": true,
	"Tolerations": true, "Topology Spread Constraints": true, "Readiness Gates": true, "Resource Claims": true,
	"Ephemeral Containers": true, "Containers": true}

// ofContainer are fields of a container that stand behind what it said last.
var ofContainer = map[string]bool{"Exit Code": true, "Signal": true, "Started": true, "Finished": true, "Ready": true,
	"Restart Count": true, "Last State": true, "State": true, "Limits": true, "Requests": true, "Liveness": true,
	"Readiness": true, "Startup": true, "Environment": true, "Mounts": true}

// podFields are those of the description of a Pod. Source: kubectl 1.14 to 1.37, describe.describePod.
var podFields = map[string]bool{"Name": true, "Namespace": true, "Priority": true, "Priority Class Name": true,
	"PriorityClassName": true, "Runtime Class Name": true, "Service Account": true, "Node": true, "Start Time": true,
	"Labels": true, "Annotations": true, "Status": true, "Termination Grace Period": true, "Reason": true, "Message": true,
	"SeccompProfile": true, "IP": true, "IPs": true, "Controlled By": true, "NominatedNodeName": true,
	"Init Containers": true, "Containers": true, "Ephemeral Containers": true, "Readiness Gates": true, "Conditions": true,
	"Volumes": true, "QoS Class": true, "Node-Selectors": true, "Tolerations": true, "Resource Claims": true,
	"Topology Spread Constraints": true, "Deletion Grace Period": true, "Resources": true, "Hostname": true}

// joined makes lines that begin at the left and are no field of a Pod go on the line before: a message has several.
func joined(lines []line) []line {
	var out []line
	more := tail{sep: " "}
	for _, l := range lines {
		key, _, ok := strings.Cut(l.text, ":")
		if l.text != "" && l.indent() == 0 && !(ok && podFields[key]) && len(out) > 0 {
			more.add(l.text)
			continue
		}
		more.end()
		out = append(out, l)
		more.of = &out[len(out)-1].text
	}
	more.end()
	return out
}

// kindOf is the kind of what is described, by fields that no other has; "" where that is not known.
func kindOf(fs []field) string {
	has := func(key string) bool { return find(fs, key) != nil }
	switch {
	case has("Node") && (has("Containers") || has("Init Containers") || has("Status")):
		return "Pod"
	case has("System Info") || has("Roles") && has("Taints"):
		return "Node"
	case has("Reclaim Policy") && has("Claim"):
		return "PersistentVolume"
	case has("StorageClass") && has("Access Modes"):
		return "PersistentVolumeClaim"
	case has("Provisioner"):
		return "StorageClass"
	case has("StrategyType"):
		return "Deployment"
	case has("Pods Statuses") || has("Pods Status"):
		switch {
		case has("Parallelism"):
			return "Job"
		case has("Desired Number of Nodes Scheduled"):
			return "DaemonSet"
		case has("Update Strategy") || has("Volume Claims"):
			return "StatefulSet"
		}
		return "ReplicaSet"
	case has("Schedule") && has("Concurrency Policy"):
		return "CronJob"
	}
	return ""
}

// newest is the newest time that a description names.
func newest(fs []field) time.Time {
	var out time.Time
	see := func(text string) {
		if t := clock(text); t.After(out) {
			out = t
		}
	}
	for i := range fs {
		see(fs[i].value)
		for _, l := range fs[i].below {
			if _, value, ok := strings.Cut(l.text, ":"); ok {
				see(value)
			}
			for _, cell := range columns().Split(strings.TrimSpace(l.text), -1) {
				see(cell)
			}
		}
	}
	return out
}

// podNow is when a Pod was described: its kubelet took it up when it was scheduled, which an Event says to be so long
// ago. Without that, the newest time in the text, where the Pod is one whose container ended: it was seldom long ago.
// That it was taken up, or that a container has run since, says nothing of that.
func podNow(fs []field, events []told) time.Time {
	start, late := clock(get(fs, "Start Time")), newest(fs)
	if !ended(fs) {
		late = time.Time{}
	}
	for _, e := range events {
		if !start.IsZero() && e.reason == "Scheduled" && e.last > 0 {
			if at := start.Add(e.last); at.After(late) {
				return at
			}
		}
	}
	return late
}

// ended reports whether a description says of a container when it ended.
func ended(fs []field) bool {
	return slices.ContainsFunc(fs, func(f field) bool {
		return slices.ContainsFunc(f.below, func(l line) bool {
			return strings.HasPrefix(strings.TrimSpace(l.text), "Finished:")
		})
	})
}

// nodeOf makes a Node of its description.
func nodeOf(fs []field, meta metav1.ObjectMeta) *corev1.Node {
	meta.Namespace = ""
	n := &corev1.Node{ObjectMeta: meta}
	n.Spec.Unschedulable = get(fs, "Unschedulable") == "true"
	n.Spec.PodCIDR = get(fs, "PodCIDR")
	if f := find(fs, "Taints"); f != nil && !isNone(f.value) {
		for _, text := range append([]string{f.value}, f.texts()...) {
			if taint, ok := taintOf(text); ok {
				n.Spec.Taints = append(n.Spec.Taints, taint)
			}
		}
	}
	for _, c := range conditions(find(fs, "Conditions")) {
		n.Status.Conditions = append(n.Status.Conditions, corev1.NodeCondition{
			Type: corev1.NodeConditionType(c.kind), Status: c.status, Reason: c.reason, Message: c.message,
			LastHeartbeatTime: metav1.NewTime(c.heartbeat), LastTransitionTime: metav1.NewTime(c.transition)})
	}
	n.Status.Capacity, n.Status.Allocatable = amounts(find(fs, "Capacity")), amounts(find(fs, "Allocatable"))
	if f := find(fs, "System Info"); f != nil {
		in := fields(f.below)
		n.Status.NodeInfo = corev1.NodeSystemInfo{KernelVersion: get(in, "Kernel Version"), OSImage: get(in, "OS Image"),
			OperatingSystem: get(in, "Operating System"), Architecture: get(in, "Architecture"),
			ContainerRuntimeVersion: get(in, "Container Runtime Version"), KubeletVersion: get(in, "Kubelet Version"),
			BootID: get(in, "Boot ID")}
	}
	return n
}

// taintOf reads KEY=VALUE:EFFECT.
func taintOf(text string) (corev1.Taint, bool) {
	i := strings.LastIndexByte(text, ':')
	if i <= 0 {
		return corev1.Taint{}, false
	}
	key, value, _ := strings.Cut(text[:i], "=")
	return corev1.Taint{Key: key, Value: value, Effect: corev1.TaintEffect(text[i+1:])}, true
}

// A condition is a row of the table of conditions of a Node, or of a Pod, which has its type and status alone.
type condition struct {
	kind, reason, message string
	status                corev1.ConditionStatus
	heartbeat, transition time.Time
}

func conditions(f *field) []condition {
	if f == nil {
		return nil
	}
	var out []condition
	at := map[string]int{}
	for _, text := range f.texts() {
		cells := columns().Split(text, 6)
		if cells[0] == "Type" || strings.HasPrefix(cells[0], "----") || len(cells) < 2 {
			if kind, status, ok := strings.Cut(text, " "); ok && len(cells) < 2 { // columns that were cut
				cells = []string{kind, strings.TrimSpace(status)}
			} else {
				continue
			}
		}
		c := condition{kind: cells[0], status: corev1.ConditionStatus(strings.TrimSpace(cells[1]))}
		switch c.status {
		case corev1.ConditionTrue, corev1.ConditionFalse, corev1.ConditionUnknown:
		default:
			continue
		}
		if len(cells) == 6 {
			c.heartbeat, c.transition, c.reason, c.message = clock(cells[2]), clock(cells[3]), cells[4], cells[5]
		}
		if i, twice := at[c.kind]; !twice {
			at[c.kind] = len(out)
			out = append(out, c)
		} else if out[i].status != c.status { // one of them is what a program wrote
			out[i].status = corev1.ConditionUnknown
		}
	}
	return out
}

// amounts reads the fields below Capacity, Limits and the like.
func amounts(f *field) corev1.ResourceList {
	if f == nil {
		return nil
	}
	out := corev1.ResourceList{}
	for _, c := range fields(f.below) {
		if q, err := resource.ParseQuantity(c.value); err == nil {
			out[corev1.ResourceName(c.key)] = q
		}
	}
	return out
}

var modes = map[string]corev1.PersistentVolumeAccessMode{"RWO": corev1.ReadWriteOnce, "ROX": corev1.ReadOnlyMany,
	"RWX": corev1.ReadWriteMany, "RWOP": corev1.ReadWriteOncePod}

func accessModes(text string) []corev1.PersistentVolumeAccessMode {
	var out []corev1.PersistentVolumeAccessMode
	for _, short := range strings.Split(text, ",") {
		if m, ok := modes[strings.TrimSpace(short)]; ok {
			out = append(out, m)
		}
	}
	return out
}

// claimOf makes a claim of its description.
func claimOf(fs []field, meta metav1.ObjectMeta) *corev1.PersistentVolumeClaim {
	c := &corev1.PersistentVolumeClaim{ObjectMeta: meta}
	if class := find(fs, "StorageClass"); class != nil && !isNone(class.value) {
		c.Spec.StorageClassName = &class.value
	}
	c.Spec.VolumeName = get(fs, "Volume")
	c.Spec.AccessModes = accessModes(get(fs, "Access Modes"))
	if mode := corev1.PersistentVolumeMode(get(fs, "VolumeMode")); mode != "" {
		c.Spec.VolumeMode = &mode
	}
	status, _, _ := strings.Cut(get(fs, "Status"), " ") // Terminating (lasts 3m)
	c.Status.Phase = corev1.PersistentVolumeClaimPhase(status)
	if q, err := resource.ParseQuantity(get(fs, "Capacity")); err == nil {
		c.Status.Capacity = corev1.ResourceList{corev1.ResourceStorage: q}
	}
	return c
}

// volumeOf makes a PersistentVolume of its description.
func volumeOf(fs []field, meta metav1.ObjectMeta) *corev1.PersistentVolume {
	meta.Namespace = ""
	v := &corev1.PersistentVolume{ObjectMeta: meta}
	v.Spec.StorageClassName = get(fs, "StorageClass")
	v.Spec.AccessModes = accessModes(get(fs, "Access Modes"))
	v.Spec.PersistentVolumeReclaimPolicy = corev1.PersistentVolumeReclaimPolicy(get(fs, "Reclaim Policy"))
	if namespace, name, ok := strings.Cut(get(fs, "Claim"), "/"); ok {
		v.Spec.ClaimRef = &corev1.ObjectReference{Kind: "PersistentVolumeClaim", Namespace: namespace, Name: name}
	}
	if q, err := resource.ParseQuantity(get(fs, "Capacity")); err == nil {
		v.Spec.Capacity = corev1.ResourceList{corev1.ResourceStorage: q}
	}
	v.Status = corev1.PersistentVolumeStatus{Phase: corev1.PersistentVolumePhase(get(fs, "Status")),
		Message: get(fs, "Message")}
	if f := find(fs, "Source"); f != nil {
		v.Spec.PersistentVolumeSource = persistent(fields(f.below))
	}
	return v
}

// persistent is the source of a PersistentVolume.
func persistent(fs []field) corev1.PersistentVolumeSource {
	s := source(fs)
	out := corev1.PersistentVolumeSource{NFS: s.NFS, HostPath: s.HostPath}
	if kind, _, _ := strings.Cut(get(fs, "Type"), " "); kind == "CSI" {
		out.CSI = &corev1.CSIPersistentVolumeSource{Driver: get(fs, "Driver"), FSType: get(fs, "FSType"),
			VolumeHandle: get(fs, "VolumeHandle"), ReadOnly: get(fs, "ReadOnly") == "true"}
	} else if kind == "LocalVolume" {
		out.Local = &corev1.LocalVolumeSource{Path: get(fs, "Path")}
	}
	return out
}
