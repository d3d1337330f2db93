package anonymize

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestRedact(t *testing.T) {
	b := cluster.NewBuilder(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "shop"}}
	p.Spec.Containers = []corev1.Container{{Name: "a", Command: []string{"sh", "-c",
		`DB_PASSWORD="hunter2" exec run --verbose`},
		Args: []string{"--token", "hunter2", "--api-key=hunter2", "--dsn=postgres://app:hunter2@db/x", "--port=8080",
			"--token-file=/run/t", "secretly"}}}
	b.Add("Pod", p)
	d := &appsv1.Deployment{ObjectMeta: p.ObjectMeta}
	d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "a", Args: []string{"--api-key=hunter2"}}}
	b.Add("Deployment", d)
	r := &appsv1.ControllerRevision{ObjectMeta: p.ObjectMeta}
	cluster.SetTemplate(r, &d.Spec.Template)
	b.Add("ControllerRevision", r)
	s := b.Snapshot()
	if n := Redact(s); n != 7 {
		t.Errorf("%d arguments were changed, want 7", n)
	}
	if template, _ := cluster.Template(r); template.Spec.Containers[0].Args[0] != "--api-key=REDACTED" ||
		d.Spec.Template.Spec.Containers[0].Args[0] != "--api-key=REDACTED" {
		t.Errorf("a template gives a secret: %s", r.Data.Raw)
	}
	got, _ := cluster.Get[corev1.Pod](s, "shop", "a")
	want := [][]string{{"sh", "-c", `DB_PASSWORD="REDACTED" exec run --verbose`},
		{"--token", "REDACTED", "--api-key=REDACTED", "--dsn=postgres://app:REDACTED@db/x", "--port=8080",
			"--token-file=REDACTED", "secretly"}}
	if diff := cmp.Diff(want, [][]string{got.Spec.Containers[0].Command, got.Spec.Containers[0].Args}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if n := Redact(s); n != 0 {
		t.Errorf("a second time changes %d", n)
	}
}

// TestRedactProbes holds that the commands of probes and hooks are redacted, too.
func TestRedactProbes(t *testing.T) {
	exec := func() *corev1.ExecAction {
		return &corev1.ExecAction{Command: []string{"mysqladmin", "--password=hunter2", "ping"}}
	}
	c := corev1.Container{
		StartupProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: exec()}},
		Lifecycle:    &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Exec: exec()}},
	}
	if n := redactProbes(&c); n != 2 {
		t.Errorf("%d arguments redacted, want 2", n)
	}
	want := "--password=" + Redacted
	if got := c.StartupProbe.Exec.Command[1]; got != want {
		t.Errorf("the probe says %s, want %s", got, want)
	}
	if got := c.Lifecycle.PreStop.Exec.Command[1]; got != want {
		t.Errorf("the hook says %s, want %s", got, want)
	}
}
