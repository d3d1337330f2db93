package nodelog

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func logOf(text string, now time.Time) []nodefacts.LogLine {
	l := Log{Component: "kubelet", Since: now.Add(-15 * time.Minute), Now: now,
		Knows: func(string) bool { return true }}
	for line := range strings.Lines(text) {
		l.Add(line)
	}
	return l.Facts(200)
}

// TestLog reads entries as kubelets and runtimes of ten years wrote them, all of the same minute, and looks at the Pod
// and the message.
func TestLog(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 35, 0, 0, time.UTC)
	const id = "913f8df0dec7dbe5761c117f5ee5205ce93e84413478a8074d2a45579e46bf02"
	for name, c := range map[string]struct{ text, pod, message string }{
		"klog": {
			`E1123 08:34:57.972267   11602 pod_workers.go:1338] "Error syncing pod, skipping" err="failed to ` +
				`\"StartContainer\" for \"app\" with ErrImagePull: \"failed to pull and unpack image ` +
				`\\\"registry.lab/busybox:9.99\\\": not found\"" pod="shop/app" podUID="` + uid + `"`,
			uid,
			`Error syncing pod, skipping: failed to "StartContainer" for "app" with ErrImagePull: "failed to pull ` +
				`and unpack image \"registry.lab/busybox:9.99\": not found"`},
		"klog in the log of a supervisor": {
			`Nov 23 08:34:12 node-1 k0s[859]: time="2026-11-23 08:34:12" level=info msg="E1123 08:34:12.403621     950 ` +
				`log.go:32] \"RunPodSandbox from runtime service failed\" err=\"rpc error: code = Unknown desc = no IP ` +
				`ranges specified\" podUID=\"` + uid + `\"" component=kubelet stream=stderr`,
			uid, `RunPodSandbox from runtime service failed: rpc error: code = Unknown desc = no IP ranges specified`},
		"klog that says nothing by itself": {
			`E1123 08:34:57.972267   11602 kuberuntime_manager.go:1854] "Unhandled Error" err="container app start ` +
				`failed in pod app_shop(` + uid + `): ErrImagePull: not found" logger="UnhandledError"`,
			uid, `container app start failed in pod app_shop(` + uid + `): ErrImagePull: not found`},
		"klog with lines in a value": {
			"E1123 08:34:57.972267   11602 x.go:1] \"Mount failed\" err=<\n\tmount failed: exit status " +
				"32\n\tOutput: mount.nfs: Connection timed out\n > pod=\"shop/app\" podUID=\"" + uid + "\"",
			uid, "Mount failed: mount failed: exit status 32\nOutput: mount.nfs: Connection timed out"},
		"a kubelet's old operation": {
			`E1123 08:34:35.466368   11602 nestedpendingoperations.go:348] Operation for ` +
				`"{volumeName:kubernetes.io/nfs/` + uid + `-pv podName:` + uid + ` nodeName:}" failed. No retries ` +
				`permitted until 2026-11-23 08:47:35.966334378 +0000 UTC m=+1147.798380273 (durationBeforeRetry ` +
				`500ms). Error: MountVolume.SetUp failed for volume "pv" (UniqueName: "kubernetes.io/nfs/` + uid +
				`-pv") pod "app" (UID: "` + uid + `") : mount failed: exit status 32
Mounting command: mount
Mounting arguments:  -t nfs -o nfsvers=3,nolock 10.99.0.9:/export /var/lib/kubelet/pods/` + uid +
				`/volumes/kubernetes.io~nfs/pv
Output: mount.nfs: No route to host`,
			uid, `MountVolume.SetUp failed for volume "pv" (UniqueName: "kubernetes.io/nfs/` + uid +
				`-pv") pod "app" (UID: "` + uid + `") : mount failed: exit status 32
Mounting command: mount
Mounting arguments:  -t nfs -o nfsvers=3,nolock 10.99.0.9:/export /var/lib/kubelet/pods/` + uid +
				`/volumes/kubernetes.io~nfs/pv
Output: mount.nfs: No route to host`},
		"syslog, glog": {
			`Nov 23 08:34:58 VM_16_16_centos kubelet[11519]: E1123 08:34:58.280275   11519 raw.go:140] Failed to ` +
				`watch directory "/sys/fs/cgroup/memory/kubepods": inotify_add_watch ` +
				`/sys/fs/cgroup/memory/kubepods/burstable/pod` + uid + `/` + id + `: no space left on device`,
			uid,
			`Failed to watch directory "/sys/fs/cgroup/memory/kubepods": inotify_add_watch ` +
				`/sys/fs/cgroup/memory/kubepods/burstable/pod` + uid + `/` + id + `: no space left on device`},
		"a journal in UTC of a node that is elsewhere": {
			`Nov 23 08:34:58.280275 n1 kubelet[1]: E1123 16:34:58.280270 11519 x.go:1] it failed`, "", "it failed"},
		"a journal with short-iso": {
			`2026-11-23T10:34:58+0200 n1 kubelet[1]: E1123 10:34:58.280270 11519 x.go:1] it failed`, "", "it failed"},
		"a journal whose entry has lines": {
			"Nov 23 08:34:58 n1 kubelet[1]: E1123 08:34:58.280270 11519 x.go:1] it failed\nNov 23 08:34:58 n1 " +
				"kubelet[1]: Output: why\nNov 23 08:34:58 n1 systemd[1]: I1123 08:34:58.280270 1 x.go:1] fine",
			"", "it failed\nOutput: why"},
		"a journal whose further lines are moved": {
			"Nov 23 08:34:58 n1 kubelet[1]: E1123 08:34:58.280270 11519 x.go:1] \"it failed\" err=<\n               " +
				"                \tOutput: why\n                                > pod=\"shop/app\" podUID=\"" + uid + "\"",
			uid, "it failed: Output: why"},
		"an informational failure of old": {
			`I1123 08:34:09.449722   18902 remote_runtime.go:92] RunPodSandbox from runtime service failed: rpc ` +
				`error: code = Unknown desc = failed to start sandbox container for pod "x": Error`,
			"",
			`RunPodSandbox from runtime service failed: rpc error: code = Unknown desc = failed to start sandbox ` +
				`container for pod "x": Error`},
		"old: Error syncing pod": {`E1123 08:34:09.449722   18902 pod_workers.go:191] Error syncing pod ` + uid +
			` ("dns_kube-system(` + uid + `)"), skipping: failed to "CreatePodSandbox"`,
			uid, `Error syncing pod ` + uid + ` ("dns_kube-system(` + uid +
				`)"), skipping: failed to "CreatePodSandbox"`},
		"wrapped by a terminal": {
			`    E1123 08:34:31.683371    2837 pod_workers.go:1294] "Error syncing pod, skipping" err="it failed t` +
				"\no start\" pod=\"default/virt-laun\ncher-1\" podUID=" + uid, uid,
			"Error syncing pod, skipping: it failed to start"},
		"a journal of Taiwan": {
			`  十一 23 08:34:59 n1 containerd[7]: time="2026-11-23T16:34:19.35+08:00" level=error msg="it failed" ` +
				`error="x"`, "", "it failed: x"},
		"a plugin's own log": {`2026-11-23T08:34:31Z n1 containerd[3]: level=warning msg="it failed" error="x"`, "",
			"it failed: x"},
		"klog in JSON": {
			`{"ts":1795422897972.267,"caller":"kubelet/pod_workers.go:1338","msg":"Error syncing pod, ` +
				`skipping","pod":{"name":"app","namespace":"shop"},"podUID":"` + uid + `","err":"unmounted ` +
				`volumes=[v]"}`,
			uid, "Error syncing pod, skipping: unmounted volumes=[v]"},
		"containerd 1.6": {
			`time="2026-11-23T08:34:19.350349155Z" level=error msg="RunPodSandbox for ` +
				`&PodSandboxMetadata{Name:app,Uid:` + uid + `,Namespace:shop,Attempt:3,} failed, error" ` +
				`error="failed to setup network for sandbox \"` + id + `\": plugin type=\"bridge\" failed (add): no ` +
				`IP addresses available"`,
			uid, `RunPodSandbox for &PodSandboxMetadata{Name:app,Uid:` + uid +
				`,Namespace:shop,Attempt:3,} failed: failed to setup network for sandbox "` + id +
				`": plugin type="bridge" failed (add): no IP addresses available`},
		"containerd 2": {
			`time="2026-11-23T08:34:53.898726701Z" level=error msg="RunPodSandbox for name:\"p5\"  uid:\"` + uid +
				`\"  namespace:\"shop\" failed, error" error="no IP addresses available in range set: ` +
				`10.244.9.2-10.244.9.3"`,
			uid, `RunPodSandbox for name:"p5"  uid:"` + uid +
				`"  namespace:"shop" failed: no IP addresses available in range set: 10.244.9.2-10.244.9.3`},
		"containerd below journald": {
			`Nov 23 08:34:59 n1 containerd[7]: time="2026-11-23T16:34:19.35+08:00" level=error msg="it failed" ` +
				`error="x"`, "", "it failed: x"},
		"containerd, quoted as it comes": {
			`time="2026-11-23T08:34:21.377901Z" level=error msg="Failed to load sandbox "` + id +
				`"" error="pthread_create failed: Resource temporarily unavailable"`, "",
			"Failed to load sandbox: pthread_create failed: Resource temporarily unavailable"},
		"containerd in JSON": {
			`{"level":"error","msg":"it failed","error":"x","time":"2026-11-23T08:34:21.377901Z"}`, "", "it failed: x"},
		"docker": {
			`time="2026-11-23T16:34:31.195900301+08:00" level=error msg="Handler for POST /v1.31/containers/` + id +
				`/start returned error: OCI runtime create failed: mkdir /sys/fs/cgroup/memory/kubepods/burstable/pod` +
				uid + `/x: cannot allocate memory"`, uid, `Handler for POST /v1.31/containers/` + id +
				`/start returned error: OCI runtime create failed: mkdir /sys/fs/cgroup/memory/kubepods/burstable/pod` +
				uid + `/x: cannot allocate memory`},
		"CRI-O": {
			`time="2026-11-23 08:34:31.195900301Z" level=error msg="Error adding network: plugin failed" ` +
				`file="ocicni/ocicni.go:1" id=1`, "", "Error adding network: plugin failed"},
		"a runtime's plain words": {`2026-11-23T08:34:31Z n1 crio[3]: panic: no space left on device`, "",
			"panic: no space left on device"},
	} {
		t.Run(name, func(t *testing.T) {
			got := logOf(c.text, now)
			want := []nodefacts.LogLine{{Component: "kubelet", PodUID: c.pod, Message: c.message, Count: 1}}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(metav1.Time{})); diff != "" {
				t.Fatal(diff)
			}
			if at := got[0].Last.Time; at.Before(now.Add(-time.Minute)) || at.After(now) {
				t.Errorf("it is of %s", at)
			}
		})
	}
}

func TestProgram(t *testing.T) {
	for line, want := range map[string]string{"Jan 02 03:04:05.123456 n1 kubelet[12]: x\n": "kubelet",
		"2026-01-02T03:04:05+01:00 n1 kernel: x":            "kernel",
		`time="2026-01-02T03:04:05Z" level=info msg="a: b"`: "", "E0102 03:04:05.678901 1 x.go:1] a: b": "", "": ""} {
		if got := Program(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

// TestLogLeavesOut holds that what is no failure, too old, of the future, or unknown to the catalogue is not kept.
func TestLogLeavesOut(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 5, 0, 0, time.UTC)
	text := `I0101 00:04:56.234770   11602 kubelet.go:2760] "SyncLoop ADD" source="api" pods=["shop/app"]
I0101 00:04:56.521205   11602 operation_generator.go:620] "MountVolume.SetUp succeeded for volume \"v\" pod \"app\" (UID: \"` + uid + `\") " pod="shop/app"
time="2026-01-01T00:04:56.553134100Z" level=info msg="RunPodSandbox for name:\"app\"  uid:\"` + uid +
		`\"  namespace:\"shop\""
{"ts":1767225896000.5,"caller":"x.go:1","msg":"SyncLoop ADD","v":2}
E1231 23:49:00.000000   11602 x.go:1] it failed long ago
E0101 00:07:00.000000   11602 x.go:1] it failed in the future
-- Logs begin at Mon 2026-01-01 00:00:00 UTC. --
{"no":"entry"}
E0101 00:04:56.234770   11602 x.go:1] a failure that nobody knows
E0101 00:04:57.000000   11602 kubelet_pods.go:2214] "failed to read memory cgroup config for the pod" err="openat2 /sys/fs/cgroup/memory/kubepods/x/memory.limit_in_bytes: no such file or directory" podName="app"
E1231 23:59:59.000000   11602 x.go:1] it failed last year
`
	l := Log{Component: "kubelet", Since: now.Add(-15 * time.Minute), Now: now,
		Knows: func(s string) bool { return !strings.Contains(s, "nobody knows") }}
	for line := range strings.Lines(text) {
		l.Add(line)
	}
	at := metav1.NewTime(time.Date(2025, 12, 31, 23, 59, 59, 0, time.UTC))
	want := []nodefacts.LogLine{{Component: "kubelet", Message: "it failed last year", Count: 1, First: at, Last: at}}
	if diff := cmp.Diff(want, l.Facts(200)); diff != "" {
		t.Error(diff)
	}
}

// TestLogMerges holds that lines that say the same are one, and that one that gives only a Pod's name is of its UID.
func TestLogMerges(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 5, 0, 0, time.UTC)
	got := logOf(
		`E0102 03:04:01.000000 1 x.go:1] "CreatePodSandbox for pod failed" err="sandbox \"0123456789abcdef\": no route to 10.0.0.1:51234" pod="shop/app"
E0102 03:04:02.000000 1 x.go:1] "Error syncing pod, skipping" err="image app:1.1 not found, back-off 10s" pod="shop/app" podUID="`+uid+`"
E0102 03:04:03.000000 1 x.go:1] "CreatePodSandbox for pod failed" err="sandbox \"fedcba9876543210\": no route to 10.0.0.1:51999" pod="shop/app"
E0102 03:04:04.000000 1 x.go:1] "Error syncing pod, skipping" err="image app:1.2 not found, back-off 1m20s" pod="shop/app" podUID="`+uid+`"
E0102 03:04:05.000000 1 x.go:1] "CreatePodSandbox for pod failed" err="sandbox \"fedcba9876543210\": no route to 10.0.0.1:51999" pod="shop/other"
E0102 03:04:06.000000 1 x.go:1] "Error syncing pod, skipping" err="image app:1.2 not found, back-off 5m0s" pod="shop/app" podUID="`+uid+`"
E0102 03:04:07.000000 1 x.go:1] "Error writing payload to dir" err="write /v/t/..2026_01_02_03_04_07.2404205816/token: no space left on device"
E0102 03:04:08.000000 1 x.go:1] "Error writing payload to dir" err="write /v/t/..2026_01_02_03_04_08.1373447684/token: no space left on device"
`, now)
	line := func(pod, message string, count, first, last int) nodefacts.LogLine {
		at := func(s int) metav1.Time { return metav1.NewTime(now.Add(time.Duration(s-60) * time.Second)) }
		return nodefacts.LogLine{Component: "kubelet", PodUID: pod, Message: message, Count: count, First: at(first),
			Last: at(last)}
	}
	want := []nodefacts.LogLine{
		line(uid, "Error syncing pod, skipping: image app:1.1 not found, back-off 10s", 1, 2, 2),
		line(uid, `CreatePodSandbox for pod failed: sandbox "fedcba9876543210": no route to 10.0.0.1:51999`, 2, 1, 3),
		line("", `CreatePodSandbox for pod failed: sandbox "fedcba9876543210": no route to 10.0.0.1:51999`, 1, 5, 5),
		line(uid, "Error syncing pod, skipping: image app:1.2 not found, back-off 5m0s", 2, 4, 6),
		line("",
			"Error writing payload to dir: write /v/t/..2026_01_02_03_04_08.1373447684/token: no space left on device",
			2, 7, 8),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLogKeepsNoSecrets holds that no value of an environment variable and no password is kept.
func TestLogKeepsNoSecrets(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 5, 0, 0, time.UTC)
	for _, c := range []struct{ line, want string }{
		{`E0102 03:04:05.678901 1 kuberuntime_manager.go:862] container &Container{Name:app,Image:app:1,Command:[sh -c ` +
			`hunter2],Args:[],Env:[]EnvVar{EnvVar{Name:PW,Value:hunter2} start failed in pod x,ValueFrom:nil,},},} start ` +
			`failed in pod app_shop(` + uid + `): CreateContainerConfigError: secret "app-sec" not found`,
			`container app start failed in pod app_shop(` + uid + `): CreateContainerConfigError: secret "app-sec" not found`},
		{`E0102 03:04:05.678901 1 x.go:862] container &Container{Name:app,Env:[]EnvVar{EnvVar{Name:PW,Value:hunter2`,
			`container app`},
		{`time="2026-01-02T03:04:05Z" level=error msg="create failed: config {Image:x Env:[PW=hunter2] Cmd:[a]}" error=x`,
			`create failed: config {Image:x: x`},
		{`E0102 03:04:05.678901 1 x.go:1] mount failed: -o username=u,password=hunter2,vers=3.0 //nas/share`,
			`mount failed: -o username=u,password=REDACTED,vers=3.0 //nas/share`},
		{`E0102 03:04:05.678901 1 x.go:1] failed: Get "https://u:hunter2@registry.lab/v2/": denied`,
			`failed: Get "https://u:REDACTED@registry.lab/v2/": denied`},
		{`E0102 03:04:05.678901 1 x.go:1] failed with Authorization: Bearer hunter2hunter2hunter2`,
			`failed with Authorization: Bearer REDACTED`},
		{`time="2026-01-02T03:04:05Z" level=error msg="failed with config {Auth:{Username:u Password:hunter2}}"`,
			`failed with config {Auth:{Username:u Password:REDACTED}}`},
		{`E0102 03:04:05.678901 1 x.go:1] "failed" err="exec: /usr/bin/env: no such file"`,
			`failed: exec: /usr/bin/env: no such file`},
		{`E0102 03:04:05.678901 1 x.go:1] "failed" err="spec {\"process\":{\"env\":[\"PW=hunter2\"]}}"`,
			`failed: spec {"process`},
		{`E0102 03:04:05.678901 1 x.go:1] "failed" err="runc args: env=[PW=hunter2]"`,
			`failed: runc args`},
		{`time="2026-01-02T03:04:05Z" level=info msg="Start cri plugin with config ` +
			`{Registry:{Configs:map[r:{Auth:{Username:u Password:hunter2}}]}}" config=hunter2`,
			``},
	} {
		got := logOf(c.line, now)
		switch {
		case c.want == "" && len(got) > 0:
			t.Errorf("%s: kept as %+v", c.line, got)
		case c.want != "" && (len(got) != 1 || got[0].Message != c.want):
			t.Errorf("%s: %+v, want %s", c.line, got, c.want)
		}
	}
}

// TestLogBounds reads what nobody wrote to be read.
func TestLogBounds(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 5, 0, 0, time.UTC)
	l := Log{Since: now.Add(-time.Hour), Now: now, Knows: func(string) bool { return true }}
	for i := range 3 * maxKept {
		l.Add(fmt.Sprintf("E0102 03:%02d:%02d.000000 1 x.go:1] failed x%d \xff%s end", i/120%60, i%60, i,
			strings.Repeat("ü", 2000)))
	}
	for range 1000 {
		l.Add(strings.Repeat("x", 1000))
	}
	if len(l.kept) > maxKept || len(l.entry.text) > maxEntry+maxLine {
		t.Errorf("%d lines are kept, and one of %d bytes", len(l.kept), len(l.entry.text))
	}
	got := l.Facts(200)
	if len(got) != 200 {
		t.Fatalf("%d lines", len(got))
	}
	if m := got[199].Message; len(m) > maxMessage || !utf8.ValidString(m) {
		t.Errorf("%d bytes: %q", len(m), m)
	}
	if len(l.Facts(0)) != 0 {
		t.Error("more than none")
	}
}

// FuzzLog holds what is kept of any log to its bounds, and to what may be kept.
func FuzzLog(f *testing.F) {
	f.Add(
		`E0102 03:04:05.678901 1234 pod_workers.go:1301] "Error syncing pod, skipping" err="x" pod="ns/name" podUID="` +
			uid + `"`)
	f.Add("Jan  2 03:04:05 host kubelet[123]: E0102 03:04:05.678901 1 x.go:1] \"m\" err=<\n\ta\n >")
	f.Add(`time="2026-01-02T03:04:05Z" level=error msg="RunPodSandbox for &PodSandboxMetadata{Name:app,Uid:` + uid +
		`,Namespace:n,Attempt:0,} failed, error" error="x"`)
	f.Add(`{"ts":1767323045000.5,"msg":"failed","err":"x"}`)
	f.Add(`E0102 03:04:05.678901 1 x.go:1] container &Container{Name:app,Env:[]EnvVar{} start failed in pod `)
	f.Fuzz(func(t *testing.T, log string) {
		now := time.Date(2026, 1, 2, 3, 5, 0, 0, time.UTC)
		l := Log{Since: now.Add(-15 * time.Minute), Now: now, Knows: func(string) bool { return true }}
		for line := range strings.Lines(log) {
			l.Add(line)
		}
		first := l.Facts(200)
		for _, n := range first {
			if n.Message == "" || len(n.Message) > maxMessage || !utf8.ValidString(n.Message) ||
				strings.Contains(n.Message, "EnvVar{") {
				t.Errorf("%q", n.Message)
			}
			if n.PodUID != "" && !isUID().MatchString(n.PodUID) {
				t.Errorf("%q is no UID", n.PodUID)
			}
			if n.First.Before(&metav1.Time{Time: l.Since.Add(-time.Second)}) || n.Last.After(now.Add(ahead)) ||
				n.Last.Before(&n.First) || n.Count < 1 {
				t.Errorf("%+v", n)
			}
		}
		if diff := cmp.Diff(first, l.Facts(200)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestSandboxNames knows a Pod by its name where containerd names both, in either form.
func TestSandboxNames(t *testing.T) {
	for _, named := range []string{`&PodSandboxMetadata{Name:app-1,Uid:` + uid + `,Namespace:shop,Attempt:3,}`,
		`name:\"app-1\" uid:\"` + uid + `\" namespace:\"shop\"`} {
		l := &Log{Component: "containerd", Now: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC),
			Knows: func(string) bool { return true }}
		l.Add(`time="2026-01-02T03:04:05Z" level=error msg="RunPodSandbox for ` + named + ` failed, error" error="no"`)
		if got := len(l.Facts(10)); got != 1 || l.Pods()[uid] != "shop/app-1" {
			t.Errorf("%s: %d lines, Pods %v", named, got, l.Pods())
		}
	}
}
