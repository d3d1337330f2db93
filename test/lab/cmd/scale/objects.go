package main

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// A size is how large a made-up cluster is.
type size struct {
	nodes, pods, stuck, roots, namespaces, events int
}

// A fault is one way in which made-up Pods are stuck.
type fault struct {
	waiting corev1.ContainerStateWaiting
	reason  string
	message func(p *corev1.Pod, root int) string
	onNode  bool // all Pods of one root share a node
}

var creating = corev1.ContainerStateWaiting{Reason: "ContainerCreating"}

const noImage = `rpc error: code = NotFound desc = failed to pull and unpack image ` +
	`"registry.example.com/shop/app:9.9.9": failed to resolve reference "registry.example.com/shop/app:9.9.9": ` +
	`registry.example.com/shop/app:9.9.9: not found`

// The words are those of kubelet, containerd and the attach-detach controller.
var faults = []fault{
	{creating, "FailedMount", func(_ *corev1.Pod, r int) string {
		return fmt.Sprintf(`MountVolume.SetUp failed for volume "creds" : secret "creds-%d" not found`, r)
	}, false},
	{corev1.ContainerStateWaiting{Reason: "ImagePullBackOff",
		Message: `Back-off pulling image "registry.example.com/shop/app:9.9.9": ErrImagePull: ` + noImage}, "Failed",
		func(*corev1.Pod, int) string {
			return `Failed to pull image "registry.example.com/shop/app:9.9.9": ` + noImage
		}, false},
	{creating, "FailedCreatePodSandBox", func(p *corev1.Pod, _ int) string {
		return fmt.Sprintf("Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd "+
			"task: failed to create shim task: failed to mkdir rootfs: mkdir /var/lib/containerd/"+
			"io.containerd.snapshotter.v1.overlayfs/snapshots/%d/fs: no space left on device", len(p.Name)*97)
	}, true},
	{creating, "FailedCreatePodSandBox", func(p *corev1.Pod, r int) string {
		return fmt.Sprintf("Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for "+
			`sandbox "%x": plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available `+
			"in range set: 10.244.%d.1-10.244.%d.254", []byte(p.Name), r%250, r%250)
	}, true},
	{creating, "FailedAttachVolume", func(_ *corev1.Pod, r int) string {
		return fmt.Sprintf(`Multi-Attach error for volume "pvc-%08d" Volume is already exclusively attached to one `+
			"node and can't be attached to another", r)
	}, false},
}

func nodeName(i int) string  { return fmt.Sprintf("node-%05d", i) }
func spaceName(i int) string { return fmt.Sprintf("team-%03d", i) }

func uid(kind, i int) types.UID {
	return types.UID(fmt.Sprintf("%08x-5ca1-4ab1-8e00-%012x", kind, i))
}

// makeNode makes a Node that is ready.
func makeNode(i int, now metav1.Time) *corev1.Node {
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: nodeName(i), UID: uid(1, i), CreationTimestamp: now,
			Labels: map[string]string{"kubernetes.io/hostname": nodeName(i),
				"topology.kubernetes.io/zone": fmt.Sprintf("z%d", i%3)}},
		Status: corev1.NodeStatus{
			Conditions: []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue,
				Reason: "KubeletReady", Message: "kubelet is posting ready status", LastHeartbeatTime: now,
				LastTransitionTime: now}},
			NodeInfo: corev1.NodeSystemInfo{KubeletVersion: "v1.37.0", ContainerRuntimeVersion: "containerd://2.1.4",
				OperatingSystem: "linux", Architecture: "amd64", KernelVersion: "6.12.0"},
		}}
}

// managed is what an API server writes of who set which field: a third of what a Pod weighs.
var managed = func() []byte {
	env := ""
	for k := range 12 {
		env += fmt.Sprintf(`"k:{\"name\":\"SETTING_%02d\"}":{".":{},"f:name":{},"f:value":{}},`, k)
	}
	one := `{".":{},"f:env":{".":{},` + env + `"f:_":{}},"f:image":{},"f:imagePullPolicy":{},"f:name":{},` +
		`"f:ports":{".":{},"k:{\"containerPort\":8083,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},` +
		`"f:protocol":{}}},"f:resources":{".":{},"f:limits":{".":{},"f:cpu":{},"f:memory":{}},` +
		`"f:requests":{".":{},"f:cpu":{},"f:memory":{}}},"f:terminationMessagePath":{},` +
		`"f:terminationMessagePolicy":{},"f:volumeMounts":{".":{},"k:{\"mountPath\":\"/creds\"}":{".":{},` +
		`"f:mountPath":{},"f:name":{}},"k:{\"mountPath\":\"/tmp\"}":{".":{},"f:mountPath":{},"f:name":{}}}}`
	return []byte(`{"f:metadata":{"f:annotations":{".":{},"f:checksum/config":{},"f:prometheus.io/port":{},` +
		`"f:prometheus.io/scrape":{}},"f:labels":{".":{},"f:app":{},"f:pod-template-hash":{},"f:team":{}}},` +
		`"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":` + one + `,"k:{\"name\":\"proxy\"}":` + one + `},` +
		`"f:dnsPolicy":{},"f:enableServiceLinks":{},"f:nodeName":{},"f:restartPolicy":{},"f:schedulerName":{}}}`)
}()

// makePod makes the i-th Pod, of an ordinary size: two containers, environment, volumes. The first of them are stuck.
func makePod(i int, of size, now metav1.Time) (*corev1.Pod, *fault) {
	root := i % of.roots
	var f *fault
	on := nodeName(i % of.nodes)
	if i < of.stuck {
		if f = &faults[root%len(faults)]; f.onNode {
			on = nodeName(root % of.nodes)
		}
	}
	began := metav1.NewTime(now.Add(-20*time.Minute - time.Duration(i%86400)*time.Second))
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Name: fmt.Sprintf("app-%d-%07d", root, i), Namespace: spaceName(i % of.namespaces), UID: uid(2, i),
		CreationTimestamp: began,
		Labels: map[string]string{"app": fmt.Sprintf("app-%d", root), "team": spaceName(i % of.namespaces),
			"pod-template-hash": "6dc48bf8b6"},
		Annotations: map[string]string{"prometheus.io/scrape": "true", "prometheus.io/port": "8080",
			"checksum/config": "f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2"},
		ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "scale", Operation: "Update", APIVersion: "v1", Time: &began,
			FieldsType: "FieldsV1", FieldsV1: &metav1.FieldsV1{Raw: managed}}},
	}}
	p.Spec = podSpec(root)
	p.Spec.NodeName = on
	setStatus(p, f, i, began)
	return p, f
}

func podSpec(root int) corev1.PodSpec {
	var env []corev1.EnvVar
	for k := range 12 {
		env = append(env, corev1.EnvVar{Name: fmt.Sprintf("SETTING_%02d", k), Value: fmt.Sprintf("value-%d-%d", root, k)})
	}
	limits := corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("500m"),
		corev1.ResourceMemory: resource.MustParse("512Mi")}
	s := corev1.PodSpec{RestartPolicy: corev1.RestartPolicyAlways, DNSPolicy: corev1.DNSClusterFirst,
		SchedulerName: corev1.DefaultSchedulerName, ServiceAccountName: "default",
		Volumes: []corev1.Volume{
			{Name: "creds", VolumeSource: corev1.VolumeSource{
				Secret: &corev1.SecretVolumeSource{SecretName: fmt.Sprintf("creds-%d", root)}}},
			{Name: "tmp", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
		}}
	for _, name := range []string{"app", "proxy"} {
		s.Containers = append(s.Containers, corev1.Container{
			Name: name, Image: "registry.example.com/shop/" + name + ":1.2.3", Env: env,
			ImagePullPolicy: corev1.PullIfNotPresent, TerminationMessagePath: "/dev/termination-log",
			TerminationMessagePolicy: corev1.TerminationMessageReadFile,
			Resources:                corev1.ResourceRequirements{Limits: limits, Requests: limits},
			Ports: []corev1.ContainerPort{{ContainerPort: int32(8080 + len(name)),
				Protocol: corev1.ProtocolTCP}},
			VolumeMounts: []corev1.VolumeMount{{Name: "creds", MountPath: "/creds"},
				{Name: "tmp", MountPath: "/tmp"}},
		})
	}
	return s
}

func setStatus(p *corev1.Pod, f *fault, i int, began metav1.Time) {
	p.Status = corev1.PodStatus{StartTime: &began, Phase: corev1.PodRunning, QOSClass: corev1.PodQOSGuaranteed,
		PodIP: fmt.Sprintf("10.%d.%d.%d", 64+i>>16, i>>8&255, i&255), HostIP: "10.0.0.1"}
	for _, c := range []struct {
		of corev1.PodConditionType
		ok bool
	}{{corev1.PodScheduled, true}, {corev1.PodInitialized, true}, {corev1.PodReady, f == nil},
		{corev1.ContainersReady, f == nil}} {
		status := corev1.ConditionFalse
		if c.ok {
			status = corev1.ConditionTrue
		}
		p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{Type: c.of, Status: status,
			LastTransitionTime: began})
	}
	started := true
	for n, c := range p.Spec.Containers {
		s := corev1.ContainerStatus{Name: c.Name, Image: c.Image, Ready: f == nil}
		if f == nil {
			s.State.Running, s.Started = &corev1.ContainerStateRunning{StartedAt: began}, &started
			s.ContainerID = fmt.Sprintf("containerd://%064x", i*2+n)
			s.ImageID = "registry.example.com/shop/" + c.Name + "@sha256:" +
				"9f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26f1"
		} else {
			w := f.waiting
			s.State.Waiting = &w
		}
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, s)
	}
	if f != nil {
		p.Status.Phase, p.Status.PodIP = corev1.PodPending, ""
	}
}

// makeEvents makes what was said of a Pod.
func makeEvents(p *corev1.Pod, f *fault, i int, of size, now metav1.Time) []*corev1.Event {
	event := func(n int, typ, reason, message string, count int32) *corev1.Event {
		return &corev1.Event{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s.%016x", p.Name, n), Namespace: p.Namespace,
				UID: uid(3+n, i), CreationTimestamp: now},
			InvolvedObject: corev1.ObjectReference{Kind: "Pod", APIVersion: "v1", Namespace: p.Namespace, Name: p.Name,
				UID: p.UID},
			Type: typ, Reason: reason, Message: message, Count: count, FirstTimestamp: *p.Status.StartTime,
			LastTimestamp: now, Source: corev1.EventSource{Component: "kubelet", Host: p.Spec.NodeName},
			ReportingController: "kubelet"}
	}
	out := []*corev1.Event{event(0, corev1.EventTypeNormal, "Scheduled",
		"Successfully assigned "+p.Namespace+"/"+p.Name+" to "+p.Spec.NodeName, 1)}
	if f != nil {
		out = append(out, event(1, corev1.EventTypeWarning, f.reason, f.message(p, i%of.roots), 17))
	}
	for n := range of.events {
		out = append(out, event(2+n, corev1.EventTypeWarning, "Unhealthy",
			"Readiness probe failed: HTTP probe failed with statuscode: 503", 3))
	}
	return out
}
