package live

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/dump"
	"github.com/kubestuck/stuck/internal/livetest"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// served is a kubelet that serves texts by their path and query; it has nothing else.
type served map[string]string

func (s served) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if q := r.URL.Query()["query"]; len(q) > 0 {
		path += "?" + strings.Join(q, "+")
	}
	if r.URL.Query().Has("tailLines") {
		path += " tail"
	}
	text, ok := s[path]
	switch {
	case !ok:
		http.NotFound(w, r)
	case strings.HasPrefix(text, "<pre>"):
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, text)
	default:
		w.Header().Set("Content-Type", "text/plain;charset=UTF-8")
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(text)) // it knows ranges
	}
}

const (
	podUID   = "1c9e5b8a-7f30-4b02-9d4f-6a3f1f0c2b11"
	otherUID = "2d9e5b8a-7f30-4b02-9d4f-6a3f1f0c2b22"
	configOf = `{"kubeletconfig":{"kind":"KubeletConfiguration","containerRuntimeEndpoint":"unix:///run/containerd/` +
		`containerd.sock","cgroupDriver":"systemd","runtimeRequestTimeout":"2m0s","serializeImagePulls":true,"maxPods":110,` +
		`"podPidsLimit":-1,"resolvConf":"/etc/resolv.conf"}}`
	summaryOf = `{"node":{"nodeName":"n1",
"cpu":{"psi":{"full":{"total":0,"avg60":0},"some":{"total":7,"avg60":12.5}}},
"io":{"psi":{"full":{"total":0},"some":{"total":0}}},
"memory":{"availableBytes":600,"usageBytes":700,"workingSetBytes":400},
"fs":{"availableBytes":1000,"capacityBytes":5000,"inodesFree":90,"inodes":100},
"runtime":{"imageFs":{"availableBytes":0,"capacityBytes":3000,"inodesFree":5,"inodes":50},
"containerFs":{"availableBytes":0,"capacityBytes":3000,"inodesFree":5,"inodes":50}},
"rlimit":{"maxpid":32768,"curproc":400}},"pods":[{"podRef":{"name":"x"}}]}`
)

// logLines are three entries of the last minute, as the bubble's clock has it (2000-01-01 00:00 UTC), below journald or
// not: of the Pod, of another, and of nobody.
func logLines(prefix string) string {
	return prefix +
		`E0101 00:00:00.000000 1 pod_workers.go:1] "Error syncing pod, skipping" err="it failed" pod="shop/web" ` +
		`podUID="` + podUID + `"` + "\n" +
		prefix +
		`E0101 00:00:00.000000 1 pod_workers.go:1] "Error syncing pod, skipping" err="it failed" pod="bank/secret" ` +
		`podUID="` + otherUID + `"` + "\n"
}

const runtimeLine = `time="2000-01-01T00:00:00Z" level=error msg="PullImage failed" error="denied"` + "\n"

// atNode is a Pod that waits on a node.
func atNode(name, node string) *corev1.Pod {
	p := waitingPod(name)
	p.UID, p.Spec.NodeName = podUID, node
	return p
}

// asking are the options that ask kubelets.
func asking() Options { return Options{AskNodes: true, Knows: func(string) bool { return true }} }

// askNodes collects from a server whose one stuck Pod is on n1, whose kubelet is given.
func askNodes(t *testing.T, kubelet http.Handler, adjust func(*livetest.Server)) (*cluster.Snapshot, *livetest.Server) {
	t.Helper()
	f, c := serve(t)
	f.Put(atNode("web", "n1"))
	f.Put(&corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n1"}, Status: corev1.NodeStatus{
		NodeInfo: corev1.NodeSystemInfo{ContainerRuntimeVersion: "containerd://2.4.2"}}})
	f.Kubelets = map[string]http.Handler{"n1": kubelet}
	if adjust != nil {
		adjust(f)
	}
	s, err := Collect(t.Context(), c, Scope{Namespace: "shop"}, asking())
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

func factsOf(t *testing.T, s *cluster.Snapshot, node string) *nodefacts.NodeFacts {
	t.Helper()
	f, there := cluster.Get[nodefacts.NodeFacts](s, "", node)
	if there != cluster.Present {
		t.Fatalf("there are no facts of %s; gaps %v", node, s.Gaps)
	}
	return f
}

func ptr[T any](v T) *T { return &v }

// TestKubeletFacts reads all that a kubelet serves, wherever it has its logs from, and keeps no line about a Pod that
// was not asked about.
func TestKubeletFacts(t *testing.T) {
	kern := "Jan  1 00:00:00 n1 kernel: [ 1.5] runc:[1:CHILD]: page allocation failure: order:4, mode:0xc0d0\n"
	listing := "<pre>\n<a href=\"pods/\">pods/</a>\n<a href=\"kern.log\">kern.log</a>\n<a " +
		"href=\"messages\">messages</a>\n</pre>"
	for name, logs := range map[string]served{
		"a journal": {"/logs/?kubelet+containerd tail": logLines("Jan 01 00:00:00.000000 n1 kubelet[1]: ") +
			"Jan 01 00:00:00.000000 n1 sshd[1]: E0101 00:00:00.000000 1 x.go:1] not ours\n" +
			"Jan 01 00:00:00.000000 n1 containerd[2]: " + runtimeLine, "/logs/?kern": kern},
		"files": {
			"/logs/?kubelet+containerd tail": "\noptions present and query resolved to log files for [kubelet " +
				"containerd]\ntry without specifying options\n",
			"/logs/?kubelet": logLines(""), "/logs/?containerd": runtimeLine, "/logs/?kern": kern},
		"the folder": {"/logs/?kubelet+containerd tail": listing, "/logs/?kern": listing, "/logs/kern.log": kern,
			"/logs/messages": logLines("Jan  1 00:00:00 n1 kubelet[1]: ") + "Jan  1 00:00:00 n1 containerd[2]: " +
				runtimeLine + kern},
	} {
		synctest.Test(t, func(t *testing.T) {
			logs["/configz"], logs["/stats/summary"] = configOf, summaryOf
			s, f := askNodes(t, logs, nil)
			now := metav1.Now().UTC()
			at := metav1.NewTime(now.Truncate(time.Second))
			want := &nodefacts.NodeFacts{TypeMeta: metav1.TypeMeta{APIVersion: "stuck.dev/v1alpha1", Kind: "NodeFacts"},
				ObjectMeta: metav1.ObjectMeta{Name: "n1"}, At: at, Source: nodefacts.FromKubelet,
				FileSystems: []nodefacts.FileSystem{
					{Roles: []string{"kubelet"}, Path: "/var/lib/kubelet", Bytes: ptr[int64](5000),
						BytesFree: ptr[int64](1000), Inodes: ptr[int64](100), InodesFree: ptr[int64](90)},
					{Roles: []string{"runtime"}, Path: "/var/lib/containerd", Bytes: ptr[int64](3000),
						BytesFree: ptr[int64](0), Inodes: ptr[int64](50), InodesFree: ptr[int64](5)}},
				Memory:   &nodefacts.Memory{Bytes: 1000, BytesFree: 300, BytesAvailable: ptr[int64](600)},
				Pressure: &nodefacts.Pressure{CPU: &nodefacts.Stall{Some: 1250}},
				Limits:   &nodefacts.Limits{Threads: &nodefacts.Used{Used: 400, Max: 32768}},
				Kernel: &nodefacts.Kernel{Since: at, AllocationFailures: []nodefacts.AllocationFailure{
					{KernelLine: nodefacts.KernelLine{At: at,
						Message: "runc:[1:CHILD]: page allocation failure: order:4, mode:0xc0d0", Count: 1},
						Order: 4, Command: "runc:[1:CHILD]"}}},
				Kubelet: &nodefacts.Kubelet{Running: ptr(true),
					RuntimeEndpoint: "unix:///run/containerd/containerd.sock", CgroupDriver: "systemd",
					RequestTimeoutMillis: ptr[int64](120000),
					SerializeImagePulls:  ptr(true), MaxPods: ptr[int64](110), PodPidsLimit: ptr[int64](-1),
					ResolvConf: "/etc/resolv.conf"},
				Logs: []nodefacts.LogLine{{Component: "kubelet", PodUID: podUID,
					Message: "Error syncing pod, skipping: it failed", Count: 1, First: at, Last: at},
					{Component: "containerd", Message: "PullImage failed: denied", Count: 1, First: at, Last: at}}}
			if diff := cmp.Diff(want, factsOf(t, s, "n1")); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			asked := len(slices.DeleteFunc(f.Asked(), func(a string) bool { return a != "get nodes/proxy" }))
			if want := map[string]int{"a journal": 4, "files": 6, "the folder": 6}[name]; asked != want {
				t.Errorf("%s: %d requests, want %d", name, asked, want)
			}
		})
	}
}

// TestOneFileSystem lists a file system once that images and volumes lie on.
func TestOneFileSystem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fs := `{"availableBytes":1000000,"capacityBytes":5000000,"inodesFree":90,"inodes":100}`
		s, _ := askNodes(t, served{"/configz": configOf, "/stats/summary": `{"node":{"fs":` + fs +
			`,"runtime":{"imageFs":` + fs + `}}}`}, nil)
		if got := factsOf(t, s, "n1").FileSystems; len(got) != 1 || !got[0].Has("kubelet") || !got[0].Has("runtime") {
			t.Errorf("%+v", got)
		}
	})
}

// TestKubeletErrors has kubelets that give no answer, or a wrong one: each fact that is missing for it is told, soon,
// and nothing else is lost.
func TestKubeletErrors(t *testing.T) {
	answer := func(code int, text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			io.WriteString(w,
				text)
		})
	}
	hang := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	all := "fileSystems memory limits kernel kubelet logs"
	for name, c := range map[string]struct {
		kubelet http.Handler
		unread  string
		why     string
		took    time.Duration
	}{
		"no kubelet": {nil, all, "502 Bad Gateway", 0},
		"unavailable": {answer(503, "dial tcp 10.0.0.1:10250: connect: connection refused"), all,
			"503 Service Unavailable: dial tcp 10.0.0.1:10250: connect: connection refused", 0},
		"hangs":         {hang, all, "no whole answer in time", callTimeout},
		"knows nothing": {served{}, "fileSystems memory limits kernel logs kubelet", "404 Not Found", 0},
		"led elsewhere": {answer(302, "x"), "fileSystems memory limits kernel logs kubelet", "302 Found: x", 0},
		"garbage":       {answer(200, "\xff{{{"), "fileSystems memory limits kernel kubelet", "not of the form", 0},
		"other types": {served{"/configz": `{"kubeletconfig":{"maxPods":"many"}}`, "/stats/summary": `{"node":[]}`,
			"/logs/?kubelet+containerd tail": ""}, "fileSystems memory limits kernel kubelet",
			"not of the form that it should have: ", 0},
		"an endless word": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { endless(w, r) }), all,
			"no whole answer in time", callTimeout},
		"no logs": {served{"/configz": configOf, "/stats/summary": summaryOf,
			"/logs/?kubelet+containerd tail": "\noptions present and query resolved to log files for [kubelet " +
				"containerd]\ntry without specifying options\n",
			"/logs/?kubelet":    "\nlog not found for kubelet\n",
			"/logs/?containerd": "\nlog not found for containerd\n",
			"/logs/?kern":       "\nlog not found for kern\n"}, "kernel logs", "log not found for k", 0},
		"logs that hang": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/logs") {
				hang(w, r)
			}
			served{"/configz": configOf, "/stats/summary": summaryOf}.ServeHTTP(w, r)
		}), "kernel logs", "no whole answer in time", callTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				s, _ := askNodes(t, c.kubelet, func(f *livetest.Server) {
					if c.kubelet == nil {
						f.Kubelets = nil
					}
				})
				var unread []string
				f := factsOf(t, s, "n1")
				for _, u := range f.Unread {
					unread = append(unread, u.Path)
				}
				if got := strings.Join(unread, " "); got != c.unread {
					t.Errorf("unread %s, want %s", got, c.unread)
				}
				if len(f.Unread) == 0 || !strings.Contains(f.Unread[0].Why, c.why) ||
					len(f.Unread[0].Why) > 2*maxErrorBody {
					t.Errorf("why: %v, want %s", f.Unread, c.why)
				}
				if took := time.Since(began); took > c.took {
					t.Errorf("it took %s", took)
				}
				for _, g := range s.Gaps {
					if strings.Contains(g.What.String(), "n1") {
						t.Errorf("gap %v", g)
					}
				}
			})
		})
	}
}

// TestDeadNode waits less for a kubelet that the control plane does not hear either.
func TestDeadNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		hang := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		s, _ := askNodes(t, hang, func(f *livetest.Server) {
			f.Put(&corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n1"}, Status: corev1.NodeStatus{
				Conditions: []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionUnknown}}}})
		})
		if took := time.Since(began); took != firstTimeout {
			t.Errorf("it took %s", took)
		}
		if f := factsOf(t, s, "n1"); len(f.Unread) == 0 || !strings.Contains(f.Unread[0].Why,
			"no whole answer in time") {
			t.Errorf("%v", f.Unread)
		}
	})
}

// endless begins well and does not end.
func endless(w http.ResponseWriter, r *http.Request) {
	chunk := bytes.Repeat([]byte("x"), 32<<10)
	if strings.HasPrefix(r.URL.Path, "/logs") {
		chunk[0] = '\n'
	} else {
		io.WriteString(w, `{"`)
	}
	for r.Context().Err() == nil {
		if _, err := w.Write(chunk); err != nil {
			return
		}
		time.Sleep(10 * time.Millisecond) // of the bubble's clock: else it would stand still
	}
}

// TestLongLog keeps the end of a log that is longer than is looked at.
func TestLongLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := "E0101 00:00:00.000000 1 x.go:1] it failed " + strings.Repeat("x", 1000) + "\n"
		s, _ := askNodes(t, served{"/configz": configOf, "/stats/summary": summaryOf,
			"/logs/?kubelet+containerd tail": "E0101 00:00:00.000000 1 x.go:1] it failed first\n" + strings.Repeat(line,
				3*maxLog/len(line)) + "E0101 00:00:00.000000 1 x.go:1] it failed last\n"}, nil)
		logs := factsOf(t, s, "n1").Logs
		if len(logs) != 2 || !strings.HasSuffix(logs[1].Message, "last") && !strings.HasSuffix(logs[0].Message,
			"last") {
			t.Errorf("%d lines: %.80v", len(logs), logs)
		}
		for _, l := range logs {
			if l.Count > maxLog/len(line)+1 || strings.HasSuffix(l.Message, "first") {
				t.Errorf("%d of %.80s", l.Count, l.Message)
			}
		}
	})
}

// TestNoProxy makes one gap where kubelets may not be asked, and asks each for one thing only.
func TestNoProxy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, f := askNodes(t, served{}, func(f *livetest.Server) {
			f.Put(atNode("other", "n2"))
			f.Forbidden = []string{"get nodes/proxy"}
		})
		var gaps []cluster.Gap
		for _, g := range s.Gaps {
			if strings.Contains(g.Needs.String(), "get nodes/proxy") {
				gaps = append(gaps, g)
			}
		}
		if len(gaps) != 1 || !strings.Contains(gaps[0].What.String(), "n1, n2") ||
			!strings.Contains(gaps[0].Needs.String(), "far-reaching") {
			t.Errorf("gaps %v", gaps)
		}
		if n := len(cluster.Objects[nodefacts.NodeFacts](s)); n != 0 {
			t.Errorf("%d facts of nodes that were not heard", n)
		}
		asked := slices.DeleteFunc(f.Asked(), func(a string) bool { return a != "get nodes/proxy" })
		if len(asked) != 2 {
			t.Errorf("asked %v", asked)
		}
	})
}

// TestNodeClock tells a node's clock by the Date of its kubelet's answers, and reads its log by it.
func TestNodeClock(t *testing.T) {
	for _, ahead := range []time.Duration{0, time.Second, -time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			node := time.Now().Add(ahead).UTC()
			s, _ := askNodes(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Date", node.Format(http.TimeFormat))
				served{"/configz": configOf, "/stats/summary": summaryOf, "/logs/?kubelet+containerd tail": node.Format(
					"E0102 15:04:05.000000") + " 1 x.go:1] it failed\n"}.ServeHTTP(w, r)
			}), nil)
			f := factsOf(t, s, "n1")
			if len(f.Logs) != 1 {
				t.Errorf("%s: logs %v", ahead, f.Logs)
			}
			if ahead.Abs() < time.Minute {
				if f.Clock != nil {
					t.Errorf("%s: clock %v", ahead, *f.Clock.OffsetMillis)
				}
			} else if f.Clock == nil || *f.Clock.OffsetMillis != ahead.Milliseconds() || !f.At.Time.Equal(node) {
				t.Errorf("%s: clock %v at %s", ahead, f.Clock, f.At)
			}
		})
	}
}

// TestKubeletsAreDeterministic writes the same for the same answers.
func TestKubeletsAreDeterministic(t *testing.T) {
	var first map[string]string
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			s, _ := askNodes(t, served{"/configz": configOf, "/stats/summary": summaryOf,
				"/logs/?kubelet+containerd tail": logLines("") + runtimeLine}, func(f *livetest.Server) {
				f.Put(atNode("other", "n2"))
			})
			files := map[string]string{}
			err := dump.Write(func(name string) (io.WriteCloser, error) {
				return &file{files: files, name: name},
					nil
			}, s)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = files
			}
			if diff := cmp.Diff(first, files); diff != "" || !strings.Contains(files["nodefacts.yaml"], podUID) {
				t.Error(diff)
			}
		})
	}
}

type file struct {
	bytes.Buffer
	files map[string]string
	name  string
}

func (f *file) Close() error { f.files[f.name] = f.String(); return nil }

// TestFollowAsksNodes asks kubelets from time to time while all else goes on, also where one hangs.
func TestFollowAsksNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, c := serve(t)
		f.Put(atNode("web", "n1"))
		var asked atomic.Int64
		f.Kubelets = map[string]http.Handler{"n1": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) == 1 {
				<-r.Context().Done()
			}
			served{"/configz": configOf, "/stats/summary": summaryOf}.ServeHTTP(w, r)
		})}
		ctx, stop := context.WithTimeout(t.Context(), 150*time.Second)
		defer stop()
		o := asking()
		o.Every = time.Second
		began, first, results, shown := time.Now(), time.Duration(-1), time.Duration(-1), 0
		Follow(ctx, c, Scope{Namespace: "shop"}, o, func(s *cluster.Snapshot) error {
			if shown++; first < 0 {
				first = time.Since(began)
			}
			if f, there := cluster.Get[nodefacts.NodeFacts](s, "", "n1"); there == cluster.Present &&
				f.Kubelet != nil && results < 0 {
				results = time.Since(began)
			}
			return nil
		})
		if first > time.Second || shown < 140 {
			t.Errorf("the first was shown after %s, and %d in all: a kubelet held it up", first, shown)
		}
		if results < askAgainAfter || results > askAgainAfter+2*time.Second || asked.Load() != 1+4+4 {
			t.Errorf("heard after %s, asked %d times", results, asked.Load())
		}
	})
}
