package agent

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

var start = time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)

// server is an API server that keeps NodeFacts.
type server struct {
	sync.Mutex
	status  int                            // what it answers instead, where it is set
	date    func() string                  // what it takes for the time
	objects map[string]nodefacts.NodeFacts // by name
	asked   []string
	bytes   int // of the last body
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Lock()
	defer s.Unlock()
	s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Content-Type"))
	if s.date != nil {
		w.Header().Set("Date", s.date())
	}
	w.Header().Set("Content-Type", "application/json")
	body, err := io.ReadAll(r.Body)
	var f nodefacts.NodeFacts
	if err == nil {
		err = json.Unmarshal(body, &f)
	}
	switch {
	case s.status != 0:
		w.WriteHeader(s.status)
		reason := map[int]metav1.StatusReason{403: metav1.StatusReasonForbidden, 404: metav1.StatusReasonNotFound,
			409: metav1.StatusReasonConflict,
			422: metav1.StatusReasonInvalid, 500: metav1.StatusReasonInternalError}[s.status]
		json.NewEncoder(w).Encode(metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
			Status: "Failure",
			Code:   int32(s.status), Reason: reason, Message: "first line\nsecond line " + strings.Repeat("x", 1000)})
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	default:
		if s.objects == nil {
			s.objects = map[string]nodefacts.NodeFacts{}
		}
		s.objects[f.Name], s.bytes = f, len(body)
		json.NewEncoder(w).Encode(metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: f.Name}})
	}
}

func (s *server) answer(status int) {
	s.Lock()
	defer s.Unlock()
	s.status = status
}

func (s *server) writes() int {
	s.Lock()
	defer s.Unlock()
	return len(s.asked)
}

// keep makes a keeper that writes to a server on the loopback; what it logs goes to log.
func keep(t *testing.T, s *server, log io.Writer) *keeper {
	t.Helper()
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return keeperOf(t, &rest.Config{Host: h.URL}, log)
}

func keeperOf(t *testing.T, cfg *rest.Config, log io.Writer) *keeper {
	t.Helper()
	w, err := newWriter(cfg)
	if err != nil {
		t.Fatal(err)
	}
	unknown := func(context.Context, *nodefacts.NodeFacts) map[string]folder { return nil }
	return &keeper{folders: unknown, writer: w, log: slog.New(slog.NewTextHandler(log, nil)), every: 30 * time.Second}
}

// facts are those of a node with room on its disk.
func facts() *nodefacts.NodeFacts {
	size, free, available := int64(100<<30), int64(50<<30), int64(6<<30)
	f := &nodefacts.NodeFacts{TypeMeta: metav1.TypeMeta{APIVersion: "stuck.dev/v1alpha1", Kind: "NodeFacts"},
		ObjectMeta: metav1.ObjectMeta{Name: "n1"},
		At:         metav1.NewTime(start), Source: nodefacts.FromAgent}
	f.FileSystems = []nodefacts.FileSystem{{Roles: []string{nodefacts.RoleRuntime, nodefacts.RoleKubelet},
		Path: "/var/lib/containerd", Device: "/dev/vda1", Type: "ext4", Bytes: &size, BytesFree: &free}}
	f.Memory = &nodefacts.Memory{Bytes: 8 << 30, BytesFree: 1 << 30, BytesAvailable: &available,
		Zones: []nodefacts.MemoryZone{{Zone: "Normal", Free: []int64{5, 4, 3}}}}
	millis := int64(12)
	f.Runtime = &nodefacts.Runtime{Name: "containerd", Version: "v2.4.2", StatusMillis: &millis}
	f.Logs = []nodefacts.LogLine{{Component: "kubelet", PodUID: "u1",
		Message: `"Error syncing pod" err="x 17" pod="shop/web-7f9c"`, Count: 3, First: metav1.NewTime(
			start.Add(-time.Hour)), Last: metav1.NewTime(start)}}
	return f
}
