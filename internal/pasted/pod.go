package pasted

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// podOf makes a Pod of its description.
func podOf(fs []field, meta metav1.ObjectMeta, now time.Time) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: meta}
	start := clock(get(fs, "Start Time"))
	p.CreationTimestamp = metav1.NewTime(start)
	if !start.IsZero() {
		p.Status.StartTime = &metav1.Time{Time: start}
	}
	if kind, name, ok := strings.Cut(get(fs, "Controlled By"), "/"); ok {
		yes := true
		p.OwnerReferences = []metav1.OwnerReference{{APIVersion: groupOf[kind], Kind: kind, Name: name, Controller: &yes}}
	}
	p.Spec.NodeName, p.Status.HostIP, _ = strings.Cut(get(fs, "Node"), "/")
	p.Spec.ServiceAccountName = get(fs, "Service Account")
	p.Spec.PriorityClassName = get(fs, "Priority Class Name")
	if name := get(fs, "Runtime Class Name"); name != "" {
		p.Spec.RuntimeClassName = &name
	}
	p.Spec.NodeSelector = find(fs, "Node-Selectors").pairs("=")
	phase(p, get(fs, "Status"), now)
	p.Status.Reason, p.Status.Message = get(fs, "Reason"), long(fs, "Message")
	p.Status.PodIP, p.Status.NominatedNodeName = get(fs, "IP"), get(fs, "NominatedNodeName")
	p.Status.QOSClass = corev1.PodQOSClass(get(fs, "QoS Class"))
	if f := find(fs, "Init Containers"); f != nil {
		p.Spec.InitContainers, p.Status.InitContainerStatuses = containers(f, p)
	}
	if f := find(fs, "Containers"); f != nil {
		p.Spec.Containers, p.Status.ContainerStatuses = containers(f, p)
	}
	for _, c := range conditions(every(fs, "Conditions")) {
		p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{Type: corev1.PodConditionType(c.kind),
			Status: c.status})
	}
	if f := every(fs, "Volumes"); f != nil {
		for _, v := range fields(f.below) {
			if slices.ContainsFunc(p.Spec.Volumes, func(has corev1.Volume) bool { return has.Name == v.key }) {
				continue
			}
			p.Spec.Volumes = append(p.Spec.Volumes, corev1.Volume{Name: v.key, VolumeSource: source(fields(v.below))})
		}
	}
	if f := find(fs, "Tolerations"); f != nil && !isNone(f.value) {
		for _, text := range append([]string{f.value}, f.texts()...) {
			p.Spec.Tolerations = append(p.Spec.Tolerations, toleration(text))
		}
	}
	return p
}

// groupOf are the API versions of what makes Pods.
var groupOf = map[string]string{"ReplicaSet": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1",
	"Job": "batch/v1", "ReplicationController": "v1", "Node": "v1"}

var lasts = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^Terminating \(lasts (\S+)\)`) })

// phase reads Status: a phase, or that the Pod is being deleted, and for how long.
func phase(p *corev1.Pod, status string, now time.Time) {
	p.Status.Phase = corev1.PodPhase(status)
	if !strings.HasPrefix(status, "Terminating") {
		return
	}
	p.Status.Phase = corev1.PodRunning
	since := now
	if m := lasts().FindStringSubmatch(status); m != nil {
		if d, ok := age(m[1]); ok {
			since = now.Add(-d)
		}
	}
	p.DeletionTimestamp = &metav1.Time{Time: since}
}

// long is the value of a field with all lines on which it goes on.
func long(fs []field, key string) string {
	f := find(fs, key)
	if f == nil || isNone(f.value) {
		return ""
	}
	return strings.TrimSpace(strings.Join(append([]string{f.value}, f.texts()...), "\n"))
}

// toleration reads KEY=VALUE:EFFECT op=Exists for 300s.
func toleration(text string) corev1.Toleration {
	t := corev1.Toleration{Operator: corev1.TolerationOpEqual}
	words := strings.Fields(text)
	for i, w := range words {
		if w == "op=Exists" {
			t.Operator = corev1.TolerationOpExists
		} else if i == 0 {
			taint, ok := taintOf(w)
			if !ok {
				taint.Key, taint.Value, _ = strings.Cut(w, "=")
			}
			t.Key, t.Value, t.Effect = taint.Key, taint.Value, taint.Effect
		}
		if w == "for" && i+1 < len(words) {
			if d, ok := age(words[i+1]); ok {
				seconds := int64(d.Seconds())
				t.TolerationSeconds = &seconds
			}
		}
	}
	return t
}

// containers reads those below Containers or Init Containers.
func containers(f *field, p *corev1.Pod) (specs []corev1.Container, statuses []corev1.ContainerStatus) {
	for _, of := range fields(f.below) {
		if of.value != "" {
			continue
		}
		fs := fields(of.below)
		c := containerOf(of.key, fs)
		if get(fs, "Restart Policy") == "Always" {
			always := corev1.ContainerRestartPolicyAlways
			c.RestartPolicy = &always
		}
		specs = append(specs, c)
		if find(fs, "State") != nil {
			statuses = append(statuses, statusOf(of.key, fs))
		}
	}
	return specs, statuses
}

func containerOf(name string, fs []field) corev1.Container {
	c := corev1.Container{Name: name, Image: get(fs, "Image")}
	if f := find(fs, "Command"); f != nil {
		c.Command = f.texts()
	}
	if f := find(fs, "Args"); f != nil {
		c.Args = f.texts()
	}
	c.Resources.Limits, c.Resources.Requests = amounts(find(fs, "Limits")), amounts(find(fs, "Requests"))
	c.LivenessProbe, c.ReadinessProbe = probe(get(fs, "Liveness")), probe(get(fs, "Readiness"))
	c.StartupProbe = probe(get(fs, "Startup"))
	c.Ports = ports(get(fs, "Port", "Ports"), get(fs, "Host Port", "Host Ports"))
	if f := find(fs, "Environment"); f != nil {
		c.Env = environment(f)
	}
	if f := find(fs, "Environment Variables from"); f != nil {
		c.EnvFrom = environmentFrom(f)
	}
	if f := find(fs, "Mounts"); f != nil {
		c.VolumeMounts = mounts(f)
	}
	if f := find(fs, "Devices"); f != nil {
		for _, text := range f.texts() {
			if path, volume, ok := strings.Cut(text, " from "); ok {
				c.VolumeDevices = append(c.VolumeDevices, corev1.VolumeDevice{Name: volume, DevicePath: path})
			}
		}
	}
	return c
}

// ports reads 80/TCP, 443/TCP of the container, and of the host, where 0 is none.
func ports(of, host string) []corev1.ContainerPort {
	var out []corev1.ContainerPort
	hosts := strings.Split(host, ",")
	for i, text := range strings.Split(of, ",") {
		number, protocol, _ := strings.Cut(strings.TrimSpace(text), "/")
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			continue
		}
		protocol, _, _ = strings.Cut(protocol, " ")
		port := corev1.ContainerPort{ContainerPort: int32(n), Protocol: corev1.Protocol(protocol)}
		if i < len(hosts) {
			number, _, _ := strings.Cut(strings.TrimSpace(hosts[i]), "/")
			if h, err := strconv.ParseUint(number, 10, 16); err == nil {
				port.HostPort = int32(h)
			}
		}
		out = append(out, port)
	}
	return out
}

// statusOf reads what a container does and did.
func statusOf(name string, fs []field) corev1.ContainerStatus {
	s := corev1.ContainerStatus{Name: name, Image: get(fs, "Image"), ImageID: get(fs, "Image ID"),
		ContainerID: get(fs, "Container ID"), Ready: get(fs, "Ready") == "True"}
	if n, err := strconv.ParseUint(get(fs, "Restart Count"), 10, 31); err == nil {
		s.RestartCount = int32(n)
	}
	s.State = stateOf(find(fs, "State"))
	s.LastTerminationState = stateOf(find(fs, "Last State"))
	if s.State.Running != nil && s.Ready { // of one that is not ready it is not known
		started := true
		s.Started = &started
	}
	return s
}

func stateOf(f *field) corev1.ContainerState {
	if f == nil {
		return corev1.ContainerState{}
	}
	in := fields(f.below)
	switch f.value {
	case "Waiting":
		return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: get(in, "Reason"),
			Message: long(in, "Message")}}
	case "Running":
		return corev1.ContainerState{Running: &corev1.ContainerStateRunning{
			StartedAt: metav1.NewTime(clock(get(in, "Started")))}}
	case "Terminated":
		t := &corev1.ContainerStateTerminated{Reason: get(in, "Reason"), Message: long(in, "Message"),
			StartedAt:  metav1.NewTime(clock(get(in, "Started"))),
			FinishedAt: metav1.NewTime(clock(get(in, "Finished")))}
		if n, err := strconv.ParseInt(get(in, "Exit Code"), 10, 32); err == nil {
			t.ExitCode = int32(n)
		}
		if n, err := strconv.ParseInt(get(in, "Signal"), 10, 32); err == nil {
			t.Signal = int32(n)
		}
		return corev1.ContainerState{Terminated: t}
	}
	return corev1.ContainerState{}
}
