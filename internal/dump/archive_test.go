package dump

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
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
	r := newReader(b, nil, new(Progress))
	r.begin("bomb.tgz", time.Time{}, true)
	in := r.given(bytes.NewReader(packed(t, "pods.yaml", archivedPod, "zeros.yaml", strings.Repeat("\x00", 1<<20))))
	r.unpacking.limit = 4096
	r.text(in, "", 0)
	if n := r.close(); n.read != 1 {
		t.Errorf("%d objects were read, want 1", n.read)
	}
	s := b.Snapshot()
	if len(s.Gaps) == 0 || !strings.Contains(s.Gaps[len(s.Gaps)-1].Why.String(), "unpacks to more than") {
		t.Errorf("gaps: %v", s.Gaps)
	}
}

// zipOf packs files as Info-ZIP or, into a stream, Python does.
func zipOf(t *testing.T, streamed bool, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		h := &zip.FileHeader{Name: files[i], Method: zip.Deflate}
		if streamed || strings.HasSuffix(h.Name, "/") {
			f, err := w.CreateHeader(h)
			if err != nil {
				t.Fatal(err)
			}
			f.Write([]byte(files[i+1]))
			continue
		}
		var body bytes.Buffer
		c, _ := flate.NewWriter(&body, 9)
		c.Write([]byte(files[i+1]))
		c.Close()
		h.CRC32 = crc32.ChecksumIEEE([]byte(files[i+1]))
		h.CompressedSize64, h.UncompressedSize64 = uint64(body.Len()), uint64(len(files[i+1]))
		f, err := w.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(body.Bytes())
	}
	w.Close()
	return out.Bytes()
}

// TestPacked reads one Pod, however it is packed, by what the file begins with and not by its name.
func TestPacked(t *testing.T) {
	tgz := packed(t, "x/pods.yaml", archivedPod)
	for name, data := range map[string][]byte{
		"tar.gz":           tgz,
		"gz of one file":   gzipOf([]byte(archivedPod)),
		"tar.gz in tar.gz": packed(t, "a/must-gather.tar.gz", string(tgz)),
		"zip":              zipOf(t, false, "x/", "", `x\pods.yaml`, archivedPod),
		"streamed zip":     zipOf(t, true, "x/", "", "x/pods.yaml", archivedPod),
		"tgz in zip":       zipOf(t, true, "a.bin", string(tgz), "b.txt", "x"),
		"zip in zip":       zipOf(t, true, "a.zip", string(zipOf(t, false, "p.yaml", archivedPod))),
	} {
		t.Run(name, func(t *testing.T) { onePacked(t, data) })
	}
}

// onePacked reads one Pod of a file, and of what is left of it where it is cut off anywhere, and then says so.
func onePacked(t *testing.T, data []byte) {
	t.Helper()
	s, err := ReadSources(time.Time{}, Source{FS: fstest.MapFS{"given.dat": {Data: data}}})
	if err != nil {
		t.Fatal(err)
	}
	if !s.Has(cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "a"}) || len(s.Gaps) > 0 {
		t.Errorf("%v, gaps %v", s.OfKind("Pod"), s.Gaps)
	}
	for n := 0; n < len(data); n += 1 + len(data)/40 { // cut off anywhere, it says so
		if !isPacked(data[:n]) {
			continue
		}
		s, err := ReadSources(time.Time{}, Source{FS: fstest.MapFS{"given.dat": {Data: data[:n]},
			"other.yaml": {Data: []byte(strings.ReplaceAll(archivedPod, "name: a", "name: b"))}}})
		// of a zip the files are whole where its directory begins
		whole := bytes.HasPrefix(data, []byte(zipFile)) && bytes.Contains(data[:n], []byte(zipDirectory))
		if err != nil || !whole && !slices.ContainsFunc(s.Gaps, func(g cluster.Gap) bool { return g.Lost }) {
			t.Fatalf("cut at %d of %d: %v, gaps %v", n, len(data), err, s.Gaps)
		}
	}
}

func isPacked(begin []byte) bool {
	return packingOf(begin) != nil || isTar(begin) || bytes.HasPrefix(begin, []byte(zipFile))
}

func gzipOf(data []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(data)
	w.Close()
	return out.Bytes()
}

// TestPackedDeep refuses what is packed in itself again and again, and archives of more files than anybody has.
func TestPackedDeep(t *testing.T) {
	deep := []byte(archivedPod)
	for range maxArchiveDepth + 1 {
		deep = gzipOf(deep)
	}
	for name, data := range map[string][]byte{"nested": deep, "many": manyFiles(t, maxFiles+1)} {
		_, err := ReadSources(time.Time{}, Source{Name: "a", R: bytes.NewReader(data)})
		if err == nil || !strings.Contains(err.Error(), "more than") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func manyFiles(t *testing.T, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	gz, _ := gzip.NewWriterLevel(&out, 1)
	w := tar.NewWriter(gz)
	for range n {
		if err := w.WriteHeader(&tar.Header{Name: "empty", Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	gz.Close()
	return out.Bytes()
}
