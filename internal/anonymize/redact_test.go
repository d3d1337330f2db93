package anonymize

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
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
	s := b.Snapshot()
	if n := Redact(s); n != 5 {
		t.Errorf("%d arguments were changed, want 5", n)
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
