package dump

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// boring is a line of a kubelet that says nothing, and told one that does.
const (
	boring = `I1123 08:56:53.075062   11602 util.go:35] "No sandbox for pod can be found. Need to start a new one" ` +
		`pod="shop/%d"` + "\n"
	told = `E1123 09:00:00.000000   11602 pod_workers.go:1338] "Error syncing pod, skipping" err=<` + "\n" +
		"\tdecisive: it BROKE here\n >" + ` pod="shop/api" podUID="00000000-0000-0000-0000-000000000001"` + "\n"
)

func knowsBroke(line string) bool { return strings.Contains(strings.ToLower(line), "it broke here") }

func scanned(t *testing.T, in io.Reader) *cluster.Snapshot {
	t.Helper()
	s, err := ReadSources(time.Time{}, Source{Name: "kubelet.log", R: in, Knows: knowsBroke,
		Words: func() []string { return []string{"broke"} }, Time: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestScanLog finds the line that says something wherever it stands in a log that is looked through in pieces, with the
// line of another entry that it belongs to.
func TestScanLog(t *testing.T) {
	var log bytes.Buffer
	for i := range 12000 {
		fmt.Fprintf(&log, boring, i)
		atEnd := log.Len() < logChunk && log.Len()+300 > logChunk // of a piece
		if atEnd || i == 7 || i == 9000 {
			log.WriteString(strings.ReplaceAll(told, "api", fmt.Sprint("api-", i)))
		}
	}
	log.WriteString(strings.TrimSuffix(told, "\n"))
	for name, in := range map[string]io.Reader{
		"whole":    bytes.NewReader(log.Bytes()),
		"in bytes": iotest.HalfReader(bytes.NewReader(log.Bytes())),
		"windows":  bytes.NewReader(bytes.ReplaceAll(log.Bytes(), []byte("\n"), []byte("\r\n"))),
	} {
		s := scanned(t, in)
		f := cluster.Objects[nodefacts.NodeFacts](s)
		n := 0
		for _, l := range f[0].Logs {
			n += l.Count
		}
		if n < 4 || !strings.Contains(f[0].Logs[0].Message, "BROKE here") || len(f[0].Logs) > 4 {
			t.Errorf("%s: %d lines were found: %v", name, n, f[0].Logs)
		}
	}
}

// TestScanLongLine passes over the rest of a line that has no end.
func TestScanLongLine(t *testing.T) {
	s := scanned(t, strings.NewReader(fmt.Sprintf(boring, 1)[:50]+strings.Repeat("x", 3*logChunk)+"\n"+told))
	if f := cluster.Objects[nodefacts.NodeFacts](s); len(f) != 1 || len(f[0].Logs) != 1 {
		t.Errorf("%v", f)
	}
}

// TestScanHole reads what stands behind a hole in a file, such as one that was cut while it was written.
func TestScanHole(t *testing.T) {
	s := scanned(t, io.MultiReader(strings.NewReader(strings.Repeat("\x00", 5*logChunk+17)), strings.NewReader(told)))
	if f := cluster.Objects[nodefacts.NodeFacts](s); len(f) != 1 || len(f[0].Logs) != 1 {
		t.Errorf("%v", f)
	}
}

// TestLogForms reads one line, however it is kept, and knows the node and when it was written.
func TestLogForms(t *testing.T) {
	line := `E1123 08:56:53.000000    1 pod_workers.go:1338] "Error syncing pod" err="it broke here" pod="shop/api"`
	quoted := strings.ReplaceAll(line, `"`, `\"`)
	for name, text := range map[string]string{
		"short":   "Nov 23 08:56:53 n1 kubelet[12]: " + line,
		"chinese": "11月 23 08:56:53 n1 kubelet[12]: " + line,
		"french":  "nov. 23 08:56:53 n1 kubelet[12]: " + line,
		"korean":  "11월 23 08:56:53 n1 kubelet[12]: " + line,
		"iso":     "2026-11-23T08:56:53+0000 n1 kubelet[12]: " + line,
		"full":    "Mon 2026-11-23 08:56:53 UTC n1 kubelet[12]: " + line,
		"syslog":  "<30>1 2026-11-23T08:56:53.000Z n1 kubelet 12 - - " + line,
		"json": `{"MESSAGE":"` + quoted + `",` +
			`"_HOSTNAME":"n1","SYSLOG_IDENTIFIER":"kubelet","__REALTIME_TIMESTAMP":"1795424213000000"}`,
		"export": "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795424213000000\n_HOSTNAME=n1\nSYSLOG_IDENTIFIER=kubelet\n" +
			"MESSAGE=" + line + "\n",
		"docker": `{"log":"` + quoted + ` node=\"n1\"\n","stream":"stderr","time":"2026-11-23T08:56:53Z"}`,
		"cri":    "2026-11-23T08:56:53.000000Z stderr F " + line + ` node="n1"`,
		"klog json": `{"ts":1795424213000.0,"caller":"x.go:1","msg":"Error syncing pod","err":"it broke here",` +
			`"pod":{"name":"api","namespace":"shop"},"node":{"name":"n1"}}`,
		"lease": line + "\n" +
			`E1123 08:57:53.000000 1 c.go:1] "x" err="/namespaces/kube-node-lease/leases/n1?timeout=10s"`,
		"flag": `I1123 08:00:00.000000 1 flags.go:64] FLAG: --hostname-override="n1"` + "\n" + line,
		"static": `I1123 08:00:00.000000 1 kubelet.go:1] "SyncLoop ADD" source="file" pods=["kube-system/etcd-n1"]` +
			"\n" + line,
	} {
		s, err := ReadSources(time.Time{}, Source{FS: fstest.MapFS{"kubelet.txt": {Data: []byte(text + "\n"),
			ModTime: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}},
			Knows: knowsBroke, Words: func() []string { return []string{"broke"} }})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		f := cluster.Objects[nodefacts.NodeFacts](s)
		at := metav1.NewTime(time.Date(2026, 11, 23, 8, 56, 53, 0, time.UTC))
		if len(f) != 1 || f[0].Name != "n1" || len(f[0].Logs) != 1 ||
			!f[0].Logs[0].Last.Equal(&at) {
			t.Errorf("%s: %v", name, f)
		}
		if !s.Has(cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "api"}) {
			t.Errorf("%s: no Pod", name)
		}
	}
}

// TestScanLogHole finds the line behind a hole, as a log has one that was cut off while it was written, wherever that
// ends in the pieces in which it is read.
func TestScanLogHole(t *testing.T) {
	for _, size := range []int{1000, logChunk - 1, logChunk, logChunk + 1, 3 * logChunk, 3*logChunk + 500} {
		zeros := bytes.Repeat([]byte{0}, size)
		for what, before := range map[string]string{"at the beginning": "", "behind a line": fmt.Sprintf(boring, 1)} {
			s := scanned(t, io.MultiReader(strings.NewReader(before), bytes.NewReader(zeros), strings.NewReader(told)))
			f := cluster.Objects[nodefacts.NodeFacts](s)
			if len(f) != 1 || len(f[0].Logs) != 1 || !strings.Contains(f[0].Logs[0].Message, "it BROKE here") {
				t.Errorf("a hole of %d bytes %s: %+v", size, what, f)
			}
		}
	}
}
