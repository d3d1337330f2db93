package causes

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/dump"
	corev1 "k8s.io/api/core/v1"
)

// TestScanDropsNothing reads logs that say all that the cases and recordings say, in the forms that programs write and
// with whatever white space between the words: what is found by looking for words first is what is found by trying
// every line. Each log is read by itself: of one Pod in the logs of several nodes, who has it is told by the order.
func TestScanDropsNothing(t *testing.T) {
	alone(t)
	cat, said := catalogue(t), map[string]bool{}
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		for _, m := range messages(read(t, dump)) {
			if len(m) < 2000 && cat.Knows(m) {
				said[m] = true
			}
		}
	})
	if len(said) < 1000 {
		t.Fatalf("%d messages: that is no test", len(said))
	}
	lines := map[string][]string{} // by form
	for _, m := range slices.Sorted(maps.Keys(said)) {
		for form, line := range logLines(m) {
			lines[form] = append(lines[form], line)
		}
	}
	const few = 100 // lines, so that a log keeps all
	logs := fstest.MapFS{}
	for form, lines := range lines {
		for part := range slices.Chunk(lines, few) {
			name := fmt.Sprintf("%s.%d", strings.ReplaceAll(form, " ", "."), len(logs))
			logs["kubelet-"+name+".log"] = &fstest.MapFile{Data: []byte(
				"I0302 10:00:00.000000 1 x.go:1] \"Starts\" node=\"" + name + "\"\n" + strings.Join(part, "")),
				ModTime: time.Date(2026, 3, 2, 10, 20, 0, 0, time.UTC)}
		}
	}
	all, scanned := map[string]bool{}, map[string]bool{}
	for file, log := range logs {
		one := fstest.MapFS{file: log}
		linesIn(t, dump.Source{FS: one, Knows: cat.Knows}, all)
		linesIn(t, dump.Source{FS: one, Knows: cat.Knows, Words: cat.Words}, scanned)
	}
	missed := 0
	for line := range all {
		if !scanned[line] {
			if missed++; missed <= 30 {
				t.Errorf("dropped: %s", line)
			}
		}
	}
	if t.Logf("%d of %d lines", len(all)-missed, len(all)); len(all) < 5*len(said) {
		t.Errorf("%d lines are known of %d messages", len(all), len(said))
	}
}

// messages are what components say in a snapshot.
func messages(s *cluster.Snapshot) (out []string) {
	for _, e := range cluster.Objects[corev1.Event](s) {
		out = append(out, e.Message)
	}
	for _, p := range cluster.Objects[corev1.Pod](s) {
		for _, c := range slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses) {
			if c.State.Waiting != nil {
				out = append(out, c.State.Waiting.Message)
			}
			for _, ended := range []*corev1.ContainerStateTerminated{c.State.Terminated, c.LastTerminationState.Terminated} {
				if ended != nil {
					out = append(out, ended.Message)
				}
			}
		}
	}
	for _, f := range cluster.Objects[nodefacts.NodeFacts](s) {
		for _, l := range f.Logs {
			out = append(out, l.Message)
		}
	}
	return out
}

// logLines are entries of logs that say a message, by their form.
func logLines(m string) map[string]string {
	const klog, logfmt = "E0302 10:10:00.000000 1 x.go:1] ", `time="2026-03-02T10:10:00Z" level=error `
	m = strings.ToValidUTF8(m, "")
	q := strconv.Quote
	spread := func(blank string) string { return strings.Join(strings.Fields(m), blank) }
	first, rest, _ := strings.Cut(m, ": ")
	return map[string]string{
		"klog":           klog + `"It failed" err=` + q(m) + "\n",
		"klog in two":    klog + q(first) + " err=" + q(rest) + "\n",
		"klog lines":     klog + "\"It failed\" err=<\n\t" + spread("\n\t") + "\n >\n",
		"klog text":      klog + spread(" ") + "\n",
		"doubled blanks": klog + spread("  ") + "\n",
		"tabs":           klog + spread("\t") + "\n",
		"escaped tabs":   klog + `"It failed" err=` + q(spread("\t")) + "\n",
		"escaped lines":  logfmt + "msg=failed error=" + q(spread("\n\t ")) + "\n",
		"twice escaped":  logfmt + "msg=failed error=" + q("it said "+q(spread("\n"))) + "\n",
		"upper case":     klog + `"It failed" err=` + q(strings.ToUpper(m)) + "\n",
		"json": fmt.Sprintf(`{"error":%s,"level":"error","msg":%s,"time":"2026-03-02T10:10:00Z"}`,
			q(rest), q(first)) + "\n",
		"journal": `{"_HOSTNAME":"h","SYSLOG_IDENTIFIER":"kubelet","__REALTIME_TIMESTAMP":"1772446200000000","MESSAGE":` +
			strings.ReplaceAll(fmt.Sprint([]byte(klog+q(m))), " ", ",") + "}\n",
	}
}

// linesIn adds the lines that are known of logs, each after its node.
func linesIn(t *testing.T, logs dump.Source, to map[string]bool) {
	t.Helper()
	s, err := dump.ReadSources(time.Time{}, logs)
	if err != nil {
		return // a log that says nothing which is known here is refused
	}
	for _, f := range cluster.Objects[nodefacts.NodeFacts](s) {
		for _, l := range f.Logs {
			to[f.Name+": "+l.Message] = true
		}
	}
}
