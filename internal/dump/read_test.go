package dump

import (
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// folder is a folder of files with these texts.
func folder(files map[string]string) fstest.MapFS {
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return dir
}

func mustRead(t testing.TB, files map[string]string) *cluster.Snapshot {
	t.Helper()
	s, err := Read(folder(files), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// holds lists the objects of a snapshot.
func holds(s *cluster.Snapshot) []string {
	out := []string{}
	for _, k := range cluster.Kinds {
		for _, o := range s.OfKind(k.Name) {
			out = append(out, cluster.Ref{Kind: k.Name, Namespace: o.GetNamespace(), Name: o.GetName()}.String())
		}
	}
	slices.Sort(out)
	return out
}

func gaps(s *cluster.Snapshot) []string {
	out := []string{}
	for _, g := range s.Gaps {
		out = append(out, g.What.String()+": "+g.Why.String())
	}
	return out
}

func expect(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: wanted (-) and got (+) differ:\n%s", what, diff)
	}
}

const (
	podA = `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "shop"}, "spec": {"nodeName": ` +
		`"n1"}}`
	podB = `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b", "namespace": "shop"}, "spec": {"nodeName": ` +
		`"n1"}}`
	bareA = `{"metadata": {"name": "a", "namespace": "shop"}, "spec": {"nodeName": "n1"}}`
	bareB = `{"metadata": {"name": "b", "namespace": "shop"}, "spec": {"nodeName": "n1"}}`

	yamlA = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: shop\nspec:\n  nodeName: n1\n"
	yamlB = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: b\n  namespace: shop\nspec:\n  nodeName: n1\n"
)

// asItem makes an item of a YAML list of a YAML object.
func asItem(object, indent string) string {
	return indent + "- " + strings.TrimSpace(strings.ReplaceAll(object, "\n", "\n"+indent+"  ")) + "\n"
}

func TestReadEveryForm(t *testing.T) {
	both := []string{"Pod shop/a", "Pod shop/b"}
	for _, c := range []struct{ name, file, text string }{
		{"documents", "x.yaml", yamlA + "---\n" + yamlB},
		{"documents that begin and end with marks", "x.yml", "%YAML 1.2\n--- # first\n" + yamlA +
			"...\n---\n\n# nothing\n---\n" + yamlB + "---\n"},
		{"documents behind the mark", "x.yaml", "--- " + podA + "\n--- " + podB + "\n"},
		{"windows lines", "x.yaml", strings.ReplaceAll(yamlA+"---\n"+yamlB, "\n", "\r\n")},
		{"byte order mark", "x.yaml", "\ufeff" + yamlA + "---\n" + yamlB},
		{"UTF-16 as PowerShell writes it", "x.yaml", asUTF16(yamlA + "---\n" + yamlB)},
		{"no line end at the end", "x.yaml", yamlA + "---\n" + strings.TrimSuffix(yamlB, "\n")},
		{"kubectl get -o yaml", "x.yaml", "apiVersion: v1\nitems:\n" + asItem(yamlA, "") + asItem(yamlB, "") +
			"kind: List\nmetadata:\n  resourceVersion: \"\"\n"},
		{"kubectl get -o yaml on windows", "x.yaml", strings.ReplaceAll("apiVersion: v1\nitems:\n"+asItem(yamlA, "")+
			asItem(yamlB, "")+"kind: List\n", "\n", "\r\n")},
		{"kubectl get -o yaml in UTF-16 JSON name", "x.json", asUTF16("apiVersion: v1\nitems:\n" + asItem(yamlA, "") +
			asItem(yamlB, "") + "kind: List\n")},
		{"list with indented items", "x.yaml", "apiVersion: v1\nkind: List\nitems: # two\n# the first\n" +
			asItem(yamlA, "  ") + "\n  # the second\n" + asItem(yamlB, "  ")},
		{"typed list, kind last", "x.yaml", "apiVersion: v1\nitems:\n- metadata:\n    name: a\n    namespace: shop\n-\n  " +
			"metadata:\n    name: b\n    namespace: shop\nkind: \"PodList\" # of Pods\n"},
		{"list in flow style", "x.yaml", "{apiVersion: v1, kind: PodList, items: [" + bareA + ",\n" + bareB + "]}"},
		{"list with quoted keys", "x.yaml", "\"kind\": PodList\n\"items\":\n- " + bareA + "\n- " + bareB + "\n"},
		{"list of flow style items", "x.yaml", "items:\n- " + podA +
			"\n- {apiVersion: v1, kind: Pod,\nmetadata: {name: b,\nnamespace: shop}}\nkind: List\n"},
		{"anchor in one item, alias in another", "x.yaml", "items:\n- " + strings.Replace(podA, `{"name"`, `&m {"name"`, 1) +
			"\n- kind: Pod\n  apiVersion: v1\n  metadata: {<<: *m, name: b}\nkind: List\n"},
		{"text that looks like an item", "x.yaml",
			"items:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a, namespace: shop, annotations: {x: \"1\n- 2\"}}\n- " +
				podB + "\nkind: List\n"},
		{"sequence of objects", "x.yaml", "- " + podA + "\n- " + podB + "\n"},
		{"list in a list", "x.yaml", "kind: List\nitems:\n- {kind: PodList, apiVersion: v1, items: [" + bareA +
			"]}\n- kind: List\n  items: [" + podB + "]\n"},
		{"JSON in a YAML file", "x.yaml", "{\n\t\"apiVersion\": \"v1\",\n\t\"items\": [\n\t\t" + podA + ",\n\t\t" + podB +
			"\n\t],\n\t\"kind\": \"List\"\n}\n"},

		{"values", "x.json", podA + podB},
		{"values with lines between", "x.json", "\n\n" + podA + "\n\n" + podB + "\n"},
		{"newline-delimited JSON", "x.ndjson", podA + "\n" + podB + "\n"},
		{"newline-delimited JSON, other name", "x.jsonl", podA + "\r\n" + podB},
		{"kubectl get -o json", "x.json", `{"apiVersion": "v1", "items": [` + podA + "," + podB +
			`], "kind": "List", "metadata": {"resourceVersion": ""}}`},
		{"API server's list", "x.json", `{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[` + bareA + "," + bareB +
			`]}`},
		{"typed list, kind last", "x.json", `{"apiVersion":"v1","items":[` + bareA + "," + bareB + `],"kind":"PodList"}`},
		{"jq .items", "x.json", "[" + podA + ",\n" + podB + "]"},
		{"list in a list", "x.json", `{"items":[{"kind":"List","items":[` + podA + `]},{"apiVersion":"v1","items":[` + bareB +
			`],"kind":"PodList"}],"kind":"List"}`},
		{"lists one after the other", "x.json", `{"items":[` + podA +
			`],"kind":"List"}{"items":[],"kind":"List"}{"kind":"PodList","items":null}{"items":[` + podB + `],"kind":"List"}`},
		{"UTF-16 JSON", "x.json", asUTF16(podA + "\n" + podB)},
		{"equal keys", "x.json", strings.Replace(podA, `"spec"`, `"metadata": {"name": "a"}, "spec"`, 1) + podB},

		{"no extension, YAML", "dump", yamlA + "---\n" + yamlB},
		{"other extension, JSON", "dump.txt", podA + "\n" + podB},
		{"other extension, large list", "dump.out", "apiVersion: v1\nitems:\n" + asItem(yamlA, "") + asItem(yamlB, "") +
			strings.Repeat(" ", sniffed) + "\nkind: List\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, name := range []string{c.file, "deep/down/" + c.file} {
				s := mustRead(t, map[string]string{name: c.text})
				expect(t, "gaps", gaps(s), []string{})
				expect(t, "objects", holds(s), both)
			}
		})
	}
}

func asUTF16(s string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return string(out)
}

func TestReadSameObjectsOfYAMLAndJSON(t *testing.T) {
	for _, dir := range []map[string]string{
		{"x.yaml": yamlA + "---\n" + yamlB},
		{"x.json": podA + podB},
		{"x.yaml": podA + "\n---\n" + podB},
	} {
		got, want := mustRead(t, dir), mustRead(t, map[string]string{"x.json": podA, "y.json": podB})
		expect(t, "objects", holds(got), holds(want))
		for _, k := range cluster.Kinds {
			expect(t, k.Name, got.OfKind(k.Name), want.OfKind(k.Name))
		}
	}
}

func TestReadSkipsOtherKinds(t *testing.T) {
	s := mustRead(t, map[string]string{
		"a.yaml": "apiVersion: batch.volcano.sh/v1alpha1\nkind: Job\nmetadata: {name: x}\n---\napiVersion: v1\nkind: " +
			"Endpoints\nmetadata: {name: x}\n",
		"b.json": `{"kind":"HorizontalPodAutoscalerList","apiVersion":"autoscaling/v2","items":[{"metadata":{"name":"x"}},` +
			`{"metadata":{"name":"y"}}]}`,
		"c.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata: {name: real}\n",
		"d.log":  "started\nkind: of\n",
		"e":      "\x00\x01\x02",
		"f.txt":  "",
	})
	expect(t, "skipped", s.Skipped, map[string]int{"Job.batch.volcano.sh": 1, "Endpoints": 1,
		"HorizontalPodAutoscaler.autoscaling": 2})
	expect(t, "objects", holds(s), []string{"Job real"})
	expect(t, "gaps", gaps(s), []string{})
	expect(t, "ignored", s.Ignored, 2)
}

func TestReadOlderVersions(t *testing.T) {
	s := mustRead(t, map[string]string{"a.yaml": `
apiVersion: storage.k8s.io/v1beta1
kind: CSIDriver
metadata: {name: csi}
spec: {attachRequired: false}
---
apiVersion: apps/v1beta2
kind: Deployment
metadata: {name: d, namespace: shop}
spec: {replicas: 3}
---
apiVersion: events.k8s.io/v1beta1
kind: Event
metadata: {name: e, namespace: shop}
note: it broke
deprecatedCount: 4
`})
	expect(t, "objects", holds(s), []string{"CSIDriver csi", "Deployment shop/d", "Event shop/e"})
	expect(t, "replicas", *s.Get(cluster.Ref{Kind: "Deployment", Namespace: "shop",
		Name: "d"}).(interface{ GetObjectMeta() metav1.Object }).GetObjectMeta().(*metav1.ObjectMeta),
		metav1.ObjectMeta{Name: "d", Namespace: "shop"})
	e := cluster.Objects[corev1.Event](s)[0]
	expect(t, "message", e.Message, "it broke")
	expect(t, "count", e.Count, int32(4))
	expect(t, "version", e.APIVersion, "v1")
}

func TestReadListsTellNothingOfWhatIsAbsent(t *testing.T) {
	list := `{"kind":"SecretList","apiVersion":"v1","metadata":{"resourceVersion":"5"},"items":[]}`
	s := mustRead(t, map[string]string{"secrets.json": list})
	if _, p := cluster.Get[corev1.Secret](s, "shop", "tls"); p != cluster.Unknown {
		t.Errorf("by a List alone, a Secret is %s", p)
	}
	s = mustRead(t, map[string]string{"secrets.json": list,
		"snapshot.yaml": "apiVersion: stuck.dev/v1alpha1\nkind: SnapshotInfo\n" +
			"complete:\n- {kind: Secret, namespace: shop}\n"})
	if _, p := cluster.Get[corev1.Secret](s, "shop", "tls"); p != cluster.Absent {
		t.Errorf("by snapshot.yaml, a Secret is %s", p)
	}
	if _, p := cluster.Get[corev1.Secret](s, "other", "tls"); p != cluster.Unknown {
		t.Errorf("in another namespace, a Secret is %s", p)
	}
}

func TestReadSeveralSnapshotInfos(t *testing.T) {
	const form = "apiVersion: stuck.dev/v1alpha1\nkind: SnapshotInfo\nat: %q\ncomplete:\n- kind: %s\ngaps:\n- {what: " +
		"%s, why: forbidden}\n"
	s, err := ReadSources(time.Time{},
		Source{Name: "one", FS: folder(map[string]string{"snapshot.yaml": fmt.Sprintf(form, "2026-01-02T03:04:06Z", "Node",
			"Leases")})},
		Source{Name: "two", FS: folder(map[string]string{"snapshot.yaml": fmt.Sprintf(form, "2026-01-02T03:04:05Z", "Pod",
			"Secrets"), "a.yaml": yamlA})})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "at", s.At, time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC))
	expect(t, "complete", s.AllComplete(), []cluster.Ref{{Kind: "Node"}, {Kind: "Pod"}})
	expect(t, "gaps", gaps(s), []string{"Leases: forbidden", "Secrets: forbidden"})
}

func TestReadInstant(t *testing.T) {
	given, old, told := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	file := func(text string, at time.Time) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(text), ModTime: at}
	}
	info := file("apiVersion: stuck.dev/v1alpha1\nkind: SnapshotInfo\nat: 2026-04-01T00:00:00Z\n", given)
	pod := strings.Replace(yamlA, "  name: a\n", "  name: a\n  creationTimestamp: 2026-03-01T00:00:00Z\n", 1)
	created := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		at   time.Time
		dir  fstest.MapFS
		want time.Time
	}{
		{"given", given, fstest.MapFS{"pod.yaml": file(pod, told), "snapshot.yaml": info}, given},
		{"told", time.Time{}, fstest.MapFS{"pod.yaml": file(pod, given), "snapshot.yaml": info}, told},
		{"newest in the objects", time.Time{}, fstest.MapFS{"pod.yaml": file(pod, old)}, created},
		{"newest file", time.Time{}, fstest.MapFS{"pod.yaml": file(pod, told)}, told},
		{"files without times", time.Time{}, fstest.MapFS{"pod.yaml": file(pod, time.Time{})}, created},
		{"a newer file that holds nothing", time.Time{}, fstest.MapFS{"pod.yaml": file(pod, told),
			"kubelet.log": file("x", given)}, told},
	} {
		s, err := Read(c.dir, c.at)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, c.name, s.At, c.want)
	}
	s, err := ReadSources(time.Time{}, Source{Name: "stdin", R: strings.NewReader(pod), Time: given})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "standard input", s.At, given)
}

func TestReadSources(t *testing.T) {
	dir := folder(map[string]string{"dump/a.yaml": yamlA, "dump/sub/b.json": podB,
		"one.txt": "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\n"})
	s, err := ReadSources(time.Time{},
		Source{Name: "./dump", FS: dir, Path: "dump"},
		Source{Name: "one.txt", FS: dir, Path: "one.txt"},
		Source{Name: "stdin",
			R: strings.NewReader("kind: Broken: [\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\n")})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "objects", holds(s), []string{"Node n1", "Pod shop/a", "Pod shop/b", "Secret shop/s"})
	expect(t, "gaps", gaps(s), []string{"stdin:1: this is not YAML: mapping values are not allowed in this context"})
	expect(t, "file of a folder", s.Locate(cluster.Sign{Ref: cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "b"}}).File,
		"dump/sub/b.json")
	expect(t, "file", s.Locate(cluster.Sign{Ref: cluster.Ref{Kind: "Node", Name: "n1"}}).File, "one.txt")
	expect(t, "stream", s.Locate(cluster.Sign{Ref: cluster.Ref{Kind: "Secret", Namespace: "shop", Name: "s"},
		Path: "metadata.name"}), cluster.Sign{Ref: cluster.Ref{Kind: "Secret", Namespace: "shop", Name: "s"},
		Path: "metadata.name", File: "stdin", Line: 5})
}

func TestReadTellsWhatItTried(t *testing.T) {
	for _, c := range []struct {
		name    string
		sources []Source
		want    []string
	}{
		{"missing", []Source{{Name: "nowhere", FS: fstest.MapFS{}, Path: "nowhere"}},
			[]string{"cannot read nowhere", "does not exist"}},
		{"empty folder", []Source{{FS: fstest.MapFS{}}}, []string{"the folder", "no file with Kubernetes objects",
			"kubectl get"}},
		{"logs only", []Source{{Name: "logs", FS: folder(map[string]string{"x.log": "hello"})}}, []string{"logs"}},
		{"broken only", []Source{{Name: "dump", FS: folder(map[string]string{"x.json": "nope"})}},
			[]string{"dump/x.json:1", "not JSON"}},
		{"empty input", []Source{{Name: "stdin", R: strings.NewReader("")}}, []string{"stdin: it is empty"}},
		{"log asked for by name", []Source{{Name: "x.log", FS: folder(map[string]string{"x.log": "hello"}), Path: "x.log"}},
			[]string{"x.log: it holds no Kubernetes objects"}},
		{"failing input", []Source{{Name: "stdin", R: iotest.ErrReader(io.ErrClosedPipe)}}, []string{"stdin", "closed pipe"}},
	} {
		_, err := ReadSources(time.Time{}, c.sources...)
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %q does not tell %q", c.name, err, want)
			}
		}
	}
}

// noOpen is a folder in which one file cannot be opened.
type noOpen struct {
	fstest.MapFS
	name string
}

func (f noOpen) Open(name string) (fs.File, error) {
	if name == f.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.Open(name)
}

func (f noOpen) Stat(name string) (fs.FileInfo, error) { return f.MapFS.Stat(name) }

func TestReadGoesOnWhereAFileCannotBeOpened(t *testing.T) {
	s, err := Read(noOpen{folder(map[string]string{"a.yaml": yamlA, "b.yaml": yamlB}), "a.yaml"}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "objects", holds(s), []string{"Pod shop/b"})
	expect(t, "gaps", gaps(s), []string{"a.yaml: open a.yaml: permission denied"})
}

func TestReadOpensNoPipes(t *testing.T) {
	dir := folder(map[string]string{"a.yaml": yamlA})
	dir["b.yaml"] = &fstest.MapFile{Mode: fs.ModeNamedPipe, Data: []byte(yamlB)}
	s, err := Read(dir, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "objects", holds(s), []string{"Pod shop/a"})
}

func TestReadLaterOfTwoCounts(t *testing.T) {
	s := mustRead(t, map[string]string{"1.yaml": yamlA, "2.json": strings.Replace(podA, "n1", "n2", 1)})
	p, _ := cluster.Get[corev1.Pod](s, "shop", "a")
	expect(t, "node", p.Spec.NodeName, "n2")
}

// TestReadByShape reads what does not tell its kind where its fields do, alone, in a list, and from standard input.
func TestReadByShape(t *testing.T) {
	pod := `{"metadata":{"name":"a","namespace":"shop","uid":"u"},"spec":{"containers":[{"name":"app"}]},"status":{}}`
	event := `{"metadata":{"name":"a.1","namespace":"shop"},"involvedObject":{"kind":"Pod","name":"a"},"reason":"Failed"}`
	for _, text := range []string{pod + "\n" + event, "[" + pod + "," + event + "]",
		`{"items":[` + pod + "," + event + "]}",
		"metadata: {name: a, namespace: shop, uid: u}\nspec: {containers: [{name: app}]}\n---\n" +
			"metadata: {name: a.1, namespace: shop}\ninvolvedObject: {kind: Pod, name: a}\nreason: Failed\n"} {
		s, err := ReadSources(time.Time{}, Source{Name: "stdin", R: strings.NewReader(text)})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		expect(t, text, holds(s), []string{"Event shop/a.1", "Pod shop/a"})
		expect(t, text, gaps(s), []string{})
	}
	s := mustRead(t, map[string]string{"a.yaml": yamlA, "values.yaml": "spec: {replicas: 3}\nmetadata: {name: x}\n"})
	expect(t, "objects", holds(s), []string{"Pod shop/a"})
	expect(t, "gaps", gaps(s), []string{}) // it may be anything, and --sources names it
	expect(t, "files passed over", s.Ignored, 1)
}
