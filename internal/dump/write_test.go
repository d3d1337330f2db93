package dump

import (
	"bytes"
	"fmt"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// same compares all that two snapshots hold; not where it was read from.
// No time and the zero time are one to Kubernetes.
var same = cmp.Options{
	cmp.AllowUnexported(cluster.Snapshot{}),
	cmpopts.IgnoreFields(cluster.Snapshot{}, "origins", "usual", "unplaced", "objects", "events"),
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b *metav1.Time) bool { return a.IsZero() && b.IsZero() || a.Equal(b) }),
	cmp.Comparer(func(a, b *metav1.MicroTime) bool { return a.IsZero() && b.IsZero() || a.Equal(b) }),
}

// memory is a folder in memory for Write.
type memory struct{ files fstest.MapFS }

type memoryFile struct {
	bytes.Buffer
	done func([]byte)
}

func (f *memoryFile) Close() error { f.done(f.Bytes()); return nil }

func (m memory) create(name string) (io.WriteCloser, error) {
	return &memoryFile{done: func(data []byte) { m.files[name] = &fstest.MapFile{Data: data} }}, nil
}

// writeRead writes a snapshot and reads what was written.
func writeRead(t testing.TB, s *cluster.Snapshot) (*cluster.Snapshot, fstest.MapFS) {
	t.Helper()
	m := memory{fstest.MapFS{}}
	if err := Write(m.create, s); err != nil {
		t.Fatal(err)
	}
	again, err := Read(m.files, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return again, m.files
}

// captures are real dumps.
func captures(t *testing.T) []string {
	dirs, _ := filepath.Glob("../*/testdata/captures/*/snapshot.yaml")
	if len(dirs) == 0 {
		t.Skip("no captures")
	}
	for i := range dirs {
		dirs[i] = filepath.Dir(dirs[i])
	}
	return dirs
}

func TestReadOfWriteIsTheSame(t *testing.T) {
	for _, dir := range captures(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			s, err := Read(os.DirFS(dir), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range s.Gaps {
				t.Errorf("gap %s: %s", g.What.String(), g.Why.String())
			}
			again, files := writeRead(t, s)
			if diff := cmp.Diff(s, again, same); diff != "" {
				t.Errorf("read (-) and read again (+) differ:\n%s", diff)
			}
			if _, twice := writeRead(t, again); !cmp.Equal(files, twice) {
				t.Error("written twice, the files differ")
			}
		})
	}
}

func TestWriteKeepsWhatIsKnownOfTheLists(t *testing.T) {
	b := cluster.NewBuilder(time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC))
	b.Complete("Secret", "shop")
	b.Complete("Node", "")
	b.Gap(cluster.Gap{What: message.Quote("Leases"), Why: message.Quote("forbidden: \x1b[31m\nno"),
		Needs: message.Quote("list leases")})
	b.Skip("HorizontalPodAutoscaler.autoscaling", 1)
	b.Ignore(3)
	s := b.Snapshot()
	again, _ := writeRead(t, s)
	if diff := cmp.Diff(s, again, same); diff != "" {
		t.Errorf("written (-) and read (+) differ:\n%s", diff)
	}
}

func TestWriteKeepsAnyText(t *testing.T) {
	for _, text := range []string{
		"", "plain", "two words", " leading", "trailing ", "yes", "No", "null", "~", "1", "1e3", "0x1f", ".5", "-", "- a",
		"a: b", "a #b", "#a", "!tag", "&a", "*a", "|", ">", "%", "@", "`",
		"'", `"`, `\`, "a\nb", "a\r\nb", "\t", "\x00\x1b\x7f", "\u0080\u0085\u009f\u00a0",
		"\u2028\u2029\ufeff\ufffe\uffff\ufffd", "日本語 😀", "<<", "=", "2026-01-02T03:04:05Z", "{a}", "[a]", "/path=1",
		strings.Repeat("long ", 300),
	} {
		b := cluster.NewBuilder(time.Unix(1, 0))
		b.Add("Event", &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "e", Namespace: "n",
			Annotations: map[string]string{text: text, "other": "x"}}, Message: text})
		s := b.Snapshot()
		again, files := writeRead(t, s)
		if diff := cmp.Diff(s, again, same); diff != "" {
			t.Errorf("%q: written (-) and read (+) differ:\n%s%s", text, diff, files["events.yaml"].Data)
		}
	}
}

func TestWriteTellsWhatFailed(t *testing.T) {
	b := cluster.NewBuilder(time.Unix(1, 0))
	err := Write(func(string) (io.WriteCloser, error) { return nil, os.ErrPermission }, b.Snapshot())
	if err == nil || !strings.Contains(err.Error(), "cannot make snapshot.yaml") {
		t.Errorf("error is %v", err)
	}
}

// TestWriteSaysEachFieldOnce holds that no field of a written object stands in it twice:
// another reader may take either.
func TestWriteSaysEachFieldOnce(t *testing.T) {
	b := cluster.NewBuilder(time.Date(2026, 3, 2, 10, 20, 0, 0, time.UTC))
	b.Add("Pod", &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "a"}})
	b.Add("Node", &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n1"}})
	b.Complete("Secret", "shop")
	_, files := writeRead(t, b.Snapshot())
	for _, dir := range captures(t) {
		s, err := Read(os.DirFS(dir), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		_, more := writeRead(t, s)
		for name, f := range more {
			files[filepath.Base(dir)+"/"+name] = f
		}
	}
	for name, f := range files {
		if _, err := yaml.YAMLToJSONStrict(f.Data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWriteMany writes more objects of a kind than stand in one file, and finds all of them again.
func TestWriteMany(t *testing.T) {
	b := cluster.NewBuilder(time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC))
	for i := range maxInFile + 1 {
		b.Add("ConfigMap", &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprint("c", i)}})
	}
	again, files := writeRead(t, b.Snapshot())
	if n := len(again.OfKind("ConfigMap")); n != maxInFile+1 || files["configmaps-2.yaml"] == nil {
		t.Errorf("%d objects in %d files", n, len(files))
	}
}
