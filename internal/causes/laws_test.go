package causes

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kubestuck/stuck/internal/casetest"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/dump"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/kubestuck/stuck/internal/workload"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// dumps calls do with every case of every cause and every recording of a real cluster.
func dumps(t *testing.T, do func(t *testing.T, dump fstest.MapFS)) {
	t.Helper()
	cases, err := filepath.Glob("*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range cases {
		t.Run(filepath.ToSlash(file), func(t *testing.T) {
			c, err := casetest.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			do(t, c.Dump())
		})
	}
	recordings, err := filepath.Glob("testdata/captures/*/snapshot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(recordings) == 0 {
		t.Error("no recordings below testdata/captures")
	}
	for _, file := range recordings {
		t.Run(filepath.ToSlash(filepath.Dir(file)), func(t *testing.T) { do(t, load(t, filepath.Dir(file))) })
	}
}

// load reads a folder into memory.
func load(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	dump := fstest.MapFS{}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		dump[filepath.Base(f)] = &fstest.MapFile{Data: data}
	}
	return dump
}

func read(t *testing.T, files fstest.MapFS) *cluster.Snapshot {
	t.Helper()
	s, err := dump.Read(files, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestLaws holds the laws of the design over all that is known.
func TestLaws(t *testing.T) {
	if underRace {
		t.Skip("FuzzRun holds them over the same cases")
	}
	cat := catalogue(t)
	dumps(t, func(t *testing.T, dump fstest.MapFS) { casetest.Laws(t, read(t, dump), cat) })
}

// TestLawNeverOnUnknown holds the other half of law 2 (nothing is claimed without evidence, and never on Unknown). It
// takes away the knowledge of which lists are complete: then nothing may be said to be absent.
func TestLawNeverOnUnknown(t *testing.T) {
	alone(t)
	cat := catalogue(t)
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		delete(dump, "snapshot.yaml")
		for _, p := range diagnose.Run(read(t, dump), cat, diagnose.Options{}).Problems {
			for _, f := range append(p.Findings, p.Effects...) {
				for _, e := range f.Evidence {
					_, name, _ := strings.Cut(e.Message, "/")
					if e.Kind == cluster.SignField && e.Reason == diagnose.IsAbsent && cluster.Possible(name) {
						t.Errorf("%s says that %s is absent, and no list is known to be complete", f.Cause, e.Message)
					}
				}
			}
		}
	})
}

// TestLawOver holds law 6 (what is over does not alarm). It lets every Pod start: whatever was said before, and
// whatever is still said of the node, is then history.
func TestLawOver(t *testing.T) {
	alone(t)
	cat := catalogue(t)
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		s := read(t, dump)
		for _, p := range cluster.Objects[corev1.Pod](s) {
			start(p, metav1.NewTime(s.At))
		}
		for _, kind := range workload.Kinds {
			for _, o := range s.OfKind(kind) {
				satisfy(o)
			}
		}
		r := diagnose.Run(s, cat, diagnose.Options{})
		for _, p := range r.Problems {
			if f := p.Findings[0]; f.Missing == 0 || s.Has(f.Workload) { // what was not read cannot be given its Pods
				t.Errorf("%s alarms although all Pods run", p.Cause)
			}
		}
		r.Unexplained = slices.DeleteFunc(r.Unexplained, func(u cluster.Sign) bool {
			return u.Pod != nil && u.Pod.Kind != "Pod" && !s.Has(*u.Pod)
		})
		if len(r.Unexplained) > 0 || r.Pods.Stuck > 0 {
			t.Errorf("%d signs are unexplained and %d Pods stuck although all Pods run", len(r.Unexplained), r.Pods.Stuck)
		}
	})
}

// satisfy gives a workload all Pods that it wants.
func satisfy(o metav1.Object) {
	switch o := o.(type) {
	case *appsv1.Deployment:
		o.Status = appsv1.DeploymentStatus{ObservedGeneration: o.Generation, UpdatedReplicas: 1 << 10, ReadyReplicas: 1}
	case *appsv1.ReplicaSet:
		o.Status = appsv1.ReplicaSetStatus{ObservedGeneration: o.Generation, Replicas: 1 << 10}
	case *appsv1.StatefulSet:
		o.Status = appsv1.StatefulSetStatus{ObservedGeneration: o.Generation, Replicas: 1 << 10}
	case *appsv1.DaemonSet:
		o.Status = appsv1.DaemonSetStatus{ObservedGeneration: o.Generation, DesiredNumberScheduled: 1 << 10,
			CurrentNumberScheduled: 1 << 10, NumberReady: 1 << 10}
	case *batchv1.Job:
		o.Status = batchv1.JobStatus{Active: 1 << 10}
	case *batchv1.CronJob:
		yes := true
		o.Spec.Suspend = &yes
	}
}

// TestLawSecrets puts a mark wherever a snapshot must not look, and looks for it in all that comes out.
func TestLawSecrets(t *testing.T) {
	cat := catalogue(t)
	const mark = "hunter2hunter2"
	dump := fstest.MapFS{"a.yaml": {Data: []byte(`apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop, annotations: {kubectl.kubernetes.io/last-applied-configuration: ` + mark + `}}
spec:
  nodeName: n1
  initContainers: [{name: i, env: [{name: PASSWORD, value: ` + mark + `}]}]
  containers: [{name: a, env: [{name: PASSWORD, value: ` + mark + `}], envFrom: [{secretRef: {name: absent}}]}]
status:
  phase: Pending
  startTime: "2026-01-02T03:00:00Z"
  containerStatuses:
  - {name: a, state: {waiting: {reason: CreateContainerConfigError, message: 'secret "absent" not found'}}}
---
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: shop}
data: {password: aHVudGVyMmh1bnRlcjI=}
stringData: {other: ` + mark + `}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: shop}
data: {password: ` + mark + `}
binaryData: {other: aHVudGVyMmh1bnRlcjI=}
`)}}
	s := read(t, dump)
	text := fmt.Sprintf("%+v", cluster.Objects[corev1.Pod](s)) + fmt.Sprintf("%+v", cluster.Objects[corev1.Secret](s)) +
		fmt.Sprintf("%+v", cluster.Objects[corev1.ConfigMap](s))
	var b bytes.Buffer
	if err := render.JSON(&b, diagnose.Run(s, cat, diagnose.Options{}), render.Options{Lang: "en"}); err != nil {
		t.Fatal(err)
	}
	for _, m := range []string{mark, "aHVudGVyMmh1bnRlcjI", fmt.Sprintf("%v", []byte(mark))} {
		if strings.Contains(text+b.String(), m) {
			t.Errorf("a value survived as %s", m)
		}
	}
	for _, name := range []string{"password", "other"} {
		if sec, _ := cluster.Get[corev1.Secret](s, "shop", "s"); sec == nil || !hasKey(sec.Data, name) {
			t.Errorf("the Secret lost its key %s", name)
		}
	}
}

func hasKey(m map[string][]byte, k string) bool { _, ok := m[k]; return ok }

// start makes a Pod one that has just started.
func start(p *corev1.Pod, now metav1.Time) {
	if p.Spec.NodeName == "" {
		p.Spec.NodeName = "n1"
	}
	p.DeletionTimestamp = nil
	p.Status.Phase, p.Status.Reason, p.Status.Message, p.Status.StartTime = corev1.PodRunning, "", "", &now
	p.Status.InitContainerStatuses, p.Status.ContainerStatuses = nil, nil
	p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue,
		LastTransitionTime: now}}
	for _, c := range p.Spec.Containers {
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{Name: c.Name, Ready: true,
			State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: now}}})
	}
}
