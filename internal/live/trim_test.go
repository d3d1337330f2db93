package live

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/casetest"
	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/dump"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/render"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestTrimmedPodsDiagnoseAlike holds that no case and no recording is diagnosed otherwise where of the Pods that do not
// wait there is no more than what a run keeps of them.
func TestTrimmedPodsDiagnoseAlike(t *testing.T) {
	catalogue, err := diagnose.NewCatalogue(causes.All())
	if err != nil {
		t.Fatal(err)
	}
	trimmed, thin := 0, 0
	check := func(name string, files fs.FS) {
		t.Run(name, func(t *testing.T) {
			s, err := dump.Read(files, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			whole := reportOf(t, s, catalogue)
			th := newThinner(pod.Question{At: s.At}.Counts)
			for _, p := range cluster.Objects[corev1.Pod](s) {
				item, err := p.Marshal()
				if err != nil {
					t.Fatal(err)
				}
				read, alike, err := th.read(item, false)
				if err != nil {
					t.Fatal(err)
				}
				if counts := th.counts(p); counts != th.counts(read) || counts && alike {
					t.Fatalf("%s counts whole: %t, and read: %t", p.Name, counts, !counts)
				}
				if alike {
					thin++
				}
				if !th.counts(p) {
					*p = *read
					trimmed++
				}
			}
			if diff := cmp.Diff(whole, reportOf(t, s, catalogue)); diff != "" {
				t.Errorf("of whole (-) and of thin (+) Pods the report differs:\n%s", diff)
			}
		})
	}
	cases, err := filepath.Glob("../causes/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range cases {
		c, err := casetest.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		check(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), c.Dump())
	}
	recordings, err := filepath.Glob("../causes/testdata/captures/*/snapshot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range recordings {
		check(filepath.Base(filepath.Dir(file)), os.DirFS(filepath.Dir(file)))
	}
	if len(cases) == 0 || len(recordings) == 0 || thin == 0 || thin == trimmed {
		t.Errorf("%d cases, %d recordings, %d Pods that do not wait, %d with parts that others have", len(cases),
			len(recordings), trimmed, thin)
	}
	t.Logf("%d Pods do not wait, %d of them have parts that others have", trimmed, thin)
}

func reportOf(t *testing.T, s *cluster.Snapshot, c *diagnose.Catalogue) string {
	t.Helper()
	var b bytes.Buffer
	if err := render.JSON(&b, diagnose.Run(s, c, diagnose.Options{}), render.Options{Lang: "en"}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTrimmedFields holds what is kept of a Pod that does not wait, field by field, and that nothing else is.
func TestTrimmedFields(t *testing.T) {
	always, now := corev1.ContainerRestartPolicyAlways, metav1.Now()
	meta := metav1.ObjectMeta{Namespace: "shop", Name: "web-1", UID: "u1", CreationTimestamp: now,
		DeletionTimestamp: &now,
		Labels:            map[string]string{"app": "web"}, OwnerReferences: []metav1.OwnerReference{
			{Kind: "ReplicaSet",
				Name: "web"}},
		Annotations: map[string]string{corev1.MirrorPodAnnotationKey: "m"}}
	volumes := []corev1.Volume{
		{Name: "data", VolumeSource: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "d"}}},
		{Name: "scratch", VolumeSource: corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{}}},
		{Name: "plugins", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/var/lib"}}}}
	container := func(name string) corev1.Container {
		return corev1.Container{Name: name, Image: name + ":1", Ports: []corev1.ContainerPort{{HostPort: 80}},
			RestartPolicy: &always,
			Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{"example.com/dev": resource.MustParse(
				"1")}}}
	}
	want := &corev1.Pod{ObjectMeta: meta,
		Spec: corev1.PodSpec{NodeName: "n1", HostNetwork: true, ServiceAccountName: "sa", SchedulerName: "s",
			Volumes:       volumes,
			RestartPolicy: corev1.RestartPolicyAlways, InitContainers: []corev1.Container{container("init")},
			Containers: []corev1.Container{container("app"), container("log")}},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, Reason: "r", Message: "m", PodIP: "10.0.0.1",
			HostIP: "10.0.0.2", StartTime: &now,
			Conditions:            []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
			InitContainerStatuses: []corev1.ContainerStatus{{Name: "init", Ready: true}},
			ContainerStatuses:     []corev1.ContainerStatus{{Name: "app", Ready: true}}}}
	whole := want.DeepCopy()
	whole.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "kubectl"}}
	whole.Annotations["other"] = "x"
	whole.Spec.Volumes = append(whole.Spec.Volumes, corev1.Volume{Name: "conf"})
	whole.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "A", Value: "b"}}
	whole.Spec.Containers[0].ReadinessProbe = &corev1.Probe{}
	whole.Spec.Tolerations = []corev1.Toleration{{Key: "k"}}
	if diff := cmp.Diff(want, trimPod(whole)); diff != "" {
		t.Errorf("wanted (-) and kept (+) differ:\n%s", diff)
	}
}
