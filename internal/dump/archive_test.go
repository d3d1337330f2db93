package dump

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
)

func packed(t *testing.T, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	gz := gzip.NewWriter(&out)
	w := tar.NewWriter(gz)
	for i := 0; i < len(files); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: files[i], Size: int64(len(files[i+1])), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(files[i+1]))
	}
	w.Close()
	gz.Close()
	return out.Bytes()
}

const archivedPod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n"

func TestArchive(t *testing.T) {
	s, err := ReadSources(time.Time{}, Source{Name: "stdin", R: bytes.NewReader(packed(t, "../../etc/pods.yaml",
		archivedPod, "x/app.log", "hello"))})
	if err != nil {
		t.Fatal(err)
	}
	if !s.Has(cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "a"}) || s.Ignored != 1 || len(s.Gaps) > 0 {
		t.Errorf("gaps %v, ignored %d", s.Gaps, s.Ignored)
	}
}

// TestArchiveBomb unpacks to more than is allowed: what came before the limit counts, and the gap says what happened.
func TestArchiveBomb(t *testing.T) {
	b := cluster.NewBuilder(time.Time{})
	r := newReader(b)
	r.begin("bomb.tgz", time.Time{})
	r.archive(bytes.NewReader(packed(t, "pods.yaml", archivedPod, "zeros.yaml", strings.Repeat("\x00", 1<<20))), 4096)
	if n := r.close(); n.read != 1 {
		t.Errorf("%d objects were read, want 1", n.read)
	}
	s := b.Snapshot()
	if len(s.Gaps) == 0 || !strings.Contains(s.Gaps[len(s.Gaps)-1].Why.String(), "unpacks to more than") {
		t.Errorf("gaps: %v", s.Gaps)
	}
}
