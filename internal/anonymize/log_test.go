package anonymize

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestPseudonymsOfWhatIsWaitedFor gives a Service its pseudonym where a command names it, too, and leaves logs out:
// nobody knows which names a program writes.
func TestPseudonymsOfWhatIsWaitedFor(t *testing.T) {
	b := cluster.NewBuilder(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	of := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "shop", Name: name} }
	b.Add("Service", &corev1.Service{ObjectMeta: of("payments-db")})
	b.Add("ContainerLog", &containerlog.ContainerLog{ObjectMeta: of("api.app"), Pod: "api", Container: "app",
		Lines: []string{"hello from acme"}})
	b.Add("Pod", &corev1.Pod{ObjectMeta: of("api"), Spec: corev1.PodSpec{InitContainers: []corev1.Container{
		{Name: "wait", Command: []string{"nslookup", "payments-db"}}}}})
	s, _, err := Pseudonyms(b.Snapshot(), func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range cluster.Kinds {
		raw, err := json.Marshal(s.OfKind(k.Name))
		if err != nil || strings.Contains(string(raw), "payments-db") || strings.Contains(string(raw), "acme") {
			t.Errorf("%s: %s %v", k.Name, raw, err)
		}
	}
}
