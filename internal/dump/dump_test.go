package dump

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// -dump FILE writes the dump of a big cluster as `kubectl get pods,events,nodes -A -o json` prints it,
// to measure a reader of it from outside: go test ./internal/cluster -run TestWriteBigDump -dump /tmp/big.json
var dumpTo = flag.String("dump", "", "write the dump of a cluster of 10,000 Pods to this `file`")

func TestWriteBigDump(t *testing.T) {
	if *dumpTo == "" {
		t.Skip("no -dump FILE")
	}
	f, err := os.Create(*dumpTo)
	if err != nil {
		t.Fatal(err)
	}
	writeBigDump(f, 10_000, 500, 200)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

var bigDumpTime = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// bigDump is a dump of n Pods, one in twenty of them stuck.
func bigDump(n int) []byte {
	var out bytes.Buffer
	writeBigDump(&out, n, n/20, max(1, n/50))
	return out.Bytes()
}

func writeBigDump(to io.Writer, pods, stuck, nodes int) {
	w := bufio.NewWriter(to)
	sep := "\n        "
	put := func(apiVersion, kind string, o any) {
		w.WriteString(sep)
		w.Write(asKubectl(apiVersion, kind, o))
		sep = ",\n        "
	}
	w.WriteString("{\n    \"apiVersion\": \"v1\",\n    \"items\": [")
	for i := range pods {
		put("v1", "Pod", bigPod(i, nodes, i < stuck))
	}
	for i := range pods {
		p := bigPod(i, nodes, i < stuck)
		put("v1", "Event", bigEvent(p, 1, "Scheduled", "Successfully assigned "+p.Namespace+"/"+p.Name+" to "+
			p.Spec.NodeName))
		if i < stuck {
			put("v1", "Event", bigEvent(p, 2, "FailedMount",
				`MountVolume.SetUp failed for volume "creds" : secret "creds-7" not found`))
		}
	}
	for i := range nodes {
		put("v1", "Node", bigNode(i))
	}
	w.WriteString("\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n")
	w.Flush()
}

// asKubectl prints an object as kubectl does: keys in alphabetical order, four spaces, here as an item of a list.
func asKubectl(apiVersion, kind string, o any) []byte {
	raw, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		panic(err)
	}
	m["apiVersion"], m["kind"] = apiVersion, kind
	out, err := json.MarshalIndent(m, "        ", "    ")
	if err != nil {
		panic(err)
	}
	return out
}

// bigPod makes a Pod of an ordinary size: two containers, environment, probes, volumes,
// and what the API server fills in.
func bigPod(i, nodes int, stuck bool) *corev1.Pod {
	root, began := i%25, metav1.NewTime(bigDumpTime.Add(-time.Duration(i%1200)*time.Second))
	yes, grace := true, int64(30)
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Name: fmt.Sprintf("app-%d-6dc48bf8b6-%05d", root, i), GenerateName: fmt.Sprintf("app-%d-6dc48bf8b6-", root),
		Namespace: fmt.Sprintf("team-%03d", i%50),
		UID:       types.UID(fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i*7919)), ResourceVersion: fmt.Sprint(100000 + i),
		CreationTimestamp: began, Generation: 1,
		Labels: map[string]string{"app": fmt.Sprintf("app-%d", root), "team": fmt.Sprintf("team-%03d", i%50),
			"pod-template-hash": "6dc48bf8b6"},
		Annotations: map[string]string{"prometheus.io/scrape": "true", "prometheus.io/port": "8080",
			"checksum/config": "f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2"},
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet",
			Name: fmt.Sprintf("app-%d-6dc48bf8b6", root), UID: types.UID(fmt.Sprintf("%08x-0000-4000-9000-000000000000", root)),
			Controller: &yes, BlockOwnerDeletion: &yes}},
	}}
	limits := corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("500m"),
		corev1.ResourceMemory: resource.MustParse("512Mi")}
	token := fmt.Sprintf("kube-api-access-%05d", i)
	mounts := []corev1.VolumeMount{{Name: "creds", MountPath: "/creds"}, {Name: "tmp", MountPath: "/tmp"},
		{Name: token, ReadOnly: true, MountPath: "/var/run/secrets/kubernetes.io/serviceaccount"}}
	p.Status.Phase, p.Status.StartTime, p.Status.QOSClass, p.Status.HostIP = corev1.PodRunning, &began,
		corev1.PodQOSGuaranteed, "10.1.0.1"
	if stuck {
		p.Status.Phase = corev1.PodPending
	}
	for _, name := range []string{"app", "proxy"} {
		c := corev1.Container{Name: name, Image: "registry.example.com/shop/" + name + ":1.2.3",
			ImagePullPolicy: corev1.PullIfNotPresent,
			Resources:       corev1.ResourceRequirements{Limits: limits, Requests: limits}, VolumeMounts: mounts,
			Ports: []corev1.ContainerPort{{ContainerPort: int32(8080 + len(name)),
				Protocol: corev1.ProtocolTCP}},
			TerminationMessagePath: "/dev/termination-log", TerminationMessagePolicy: corev1.TerminationMessageReadFile,
			ReadinessProbe: &corev1.Probe{PeriodSeconds: 10, TimeoutSeconds: 1, SuccessThreshold: 1, FailureThreshold: 3}}
		for k := range 12 {
			c.Env = append(c.Env, corev1.EnvVar{Name: fmt.Sprintf("SETTING_%02d", k),
				Value: fmt.Sprintf("value-%d-%d", root, k)})
		}
		p.Spec.Containers = append(p.Spec.Containers, c)
		s := corev1.ContainerStatus{Name: name, Image: c.Image, Ready: !stuck, Started: new(bool)}
		*s.Started = !stuck
		if stuck {
			s.State.Waiting = &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}
		} else {
			s.ContainerID, s.ImageID = fmt.Sprintf("containerd://%064x", i),
				"registry.example.com/shop/"+name+"@sha256:"+fmt.Sprintf("%064x", root)
			s.State.Running = &corev1.ContainerStateRunning{StartedAt: began}
		}
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, s)
	}
	p.Spec.NodeName, p.Spec.RestartPolicy, p.Spec.DNSPolicy, p.Spec.SchedulerName = fmt.Sprintf("node-%05d", i%nodes),
		corev1.RestartPolicyAlways, corev1.DNSClusterFirst, "default-scheduler"
	p.Spec.ServiceAccountName, p.Spec.DeprecatedServiceAccount, p.Spec.TerminationGracePeriodSeconds,
		p.Spec.SecurityContext = "default", "default", &grace, &corev1.PodSecurityContext{}
	for _, key := range []string{corev1.TaintNodeNotReady, corev1.TaintNodeUnreachable} {
		p.Spec.Tolerations = append(p.Spec.Tolerations, corev1.Toleration{Key: key, Operator: corev1.TolerationOpExists,
			Effect: corev1.TaintEffectNoExecute, TolerationSeconds: new(int64)})
	}
	p.Spec.Volumes = []corev1.Volume{
		{Name: "creds",
			VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: fmt.Sprintf("creds-%d", root)}}},
		{Name: "tmp", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
		{Name: token,
			VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{
				{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token"}},
				{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: corev1.LocalObjectReference{Name: "kube-root-ca.crt"},
					Items: []corev1.KeyToPath{{Key: "ca.crt", Path: "ca.crt"}}}},
				{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{{Path: "namespace",
					FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: "metadata.namespace"}}}}}}}}},
	}
	for _, c := range []corev1.PodConditionType{corev1.PodReadyToStartContainers, corev1.PodInitialized, corev1.PodReady,
		corev1.ContainersReady, corev1.PodScheduled} {
		status := corev1.ConditionTrue
		if stuck && c != corev1.PodScheduled && c != corev1.PodInitialized {
			status = corev1.ConditionFalse
		}
		p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{Type: c, Status: status,
			LastTransitionTime: began})
	}
	return p
}

func bigEvent(p *corev1.Pod, n int, reason, message string) *corev1.Event {
	kind := corev1.EventTypeNormal
	if strings.HasPrefix(reason, "Failed") {
		kind = corev1.EventTypeWarning
	}
	return &corev1.Event{
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s.%016x", p.Name, n), Namespace: p.Namespace,
			UID: types.UID(fmt.Sprintf("%d-%s", n, p.UID)), CreationTimestamp: *p.Status.StartTime},
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", APIVersion: "v1", Namespace: p.Namespace, Name: p.Name,
			UID: p.UID},
		Type: kind, Reason: reason, Message: message, Count: int32(n), FirstTimestamp: *p.Status.StartTime,
		LastTimestamp: *p.Status.StartTime,
		Source:        corev1.EventSource{Component: "kubelet", Host: p.Spec.NodeName}, ReportingController: "kubelet",
		ReportingInstance: p.Spec.NodeName,
	}
}

// bigNode makes a Node as it is after some weeks: fifty images.
func bigNode(i int) *corev1.Node {
	n := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("node-%05d", i),
		UID: types.UID(fmt.Sprintf("%08x-0000-4000-a000-000000000000", i)),
		Labels: map[string]string{"kubernetes.io/hostname": fmt.Sprintf("node-%05d", i),
			"topology.kubernetes.io/zone": fmt.Sprintf("z%d", i%3)}}}
	at := metav1.NewTime(bigDumpTime)
	n.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue,
		Reason: "KubeletReady", Message: "kubelet is posting ready status", LastHeartbeatTime: at, LastTransitionTime: at}}
	n.Status.NodeInfo = corev1.NodeSystemInfo{KubeletVersion: "v1.36.3", ContainerRuntimeVersion: "containerd://2.1.4",
		OperatingSystem: "linux", Architecture: "amd64", KernelVersion: "6.12.0"}
	for k := range 50 {
		n.Status.Images = append(n.Status.Images,
			corev1.ContainerImage{Names: []string{fmt.Sprintf("registry.example.com/shop/app-%d@sha256:%064x", k, k),
				fmt.Sprintf("registry.example.com/shop/app-%d:1.2.3", k)}, SizeBytes: int64(k) << 20})
	}
	return n
}
