package cli

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	"github.com/kubestuck/stuck/internal/match"
)

const stuckPod = `apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, uid: u1, creationTimestamp: "2026-01-02T03:00:00Z"}
spec:
  nodeName: n1
  containers: [{name: app, image: shop/api:1}]
  volumes: [{name: tls, secret: {secretName: api-tls}}]
status:
  phase: Pending
  startTime: "2026-01-02T03:00:01Z"
  containerStatuses: [{name: app, state: {waiting: {reason: ContainerCreating}}}]
---
apiVersion: v1
kind: Event
metadata: {name: api.1, namespace: shop}
involvedObject: {kind: Pod, namespace: shop, name: api, uid: u1}
type: Warning
reason: FailedMount
count: 9
firstTimestamp: "2026-01-02T03:00:02Z"
lastTimestamp: "2026-01-02T03:48:00Z"
message: 'MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found'
`

const runningPod = `apiVersion: v1
kind: Pod
metadata: {name: fine, namespace: shop, creationTimestamp: "2026-01-02T03:00:00Z"}
spec: {nodeName: n1, containers: [{name: app, image: shop/api:1}]}
status:
  phase: Running
  containerStatuses: [{name: app, ready: true, state: {running: {startedAt: "2026-01-02T03:00:05Z"}}}]
`

const hostilePod = `apiVersion: v1
kind: Pod
metadata: {name: "a\e]0;x\a\u202e", namespace: "\e[31m", creationTimestamp: "2026-01-02T03:00:00Z"}
spec: {nodeName: "n\e[2J", containers: [{name: app, image: "x\e[1m"}]}
status:
  phase: Pending
  conditions: [{type: Initialized, status: "True", lastTransitionTime: "2026-01-02T03:30:00Z"}]
  containerStatuses: [{name: app, state: {waiting: {reason: "Odd\e[5m", message: "bad\x07\u200b"}}}]
`

const ownCause = `stage: volumes
blame: Pod
signs: [{reason: OwnReason}]
title: {en: A cause of our own, zh: 我们自己的原因}
why: {en: The other team has not been told., zh: 还没有通知另一个团队。}
fix: [{do: {en: Tell them., zh: 通知他们。}, risk: none}]
`

// dir lays out the files that the tests name.
func dir(t *testing.T) string {
	t.Helper()
	d := t.TempDir()
	for name, data := range map[string]string{
		"stuck.yaml":                      stuckPod,
		"sub/stuck.yaml":                  stuckPod,
		"fine.yaml":                       runningPod,
		"odd.txt":                         stuckPod,
		"hostile.yaml":                    hostilePod,
		"config":                          kubeconfig,
		"binary.yaml":                     "\x00\x01\xff\xfe\x7fELF\x1b[31m",
		"cut.yaml":                        stuckPod[:200] + "\n  bad: [",
		"notes/readme.md":                 "no YAML",
		"cut.tar.gz":                      "\x1f\x8b\x08",
		"own/our-cause/cause.yaml":        ownCause,
		"broken/our-cause/cause.yaml":     "stage: volumes\nblame: [\x1b[31m",
		"twice/secret-missing/cause.yaml": ownCause,
		"stage/our-cause/cause.yaml": strings.Replace(ownCause, "volumes", "nowhere",
			1),
		"regexp/our-cause/cause.yaml": strings.Replace(ownCause, "reason: OwnReason", "message: '('", 1),
	} {
		file := filepath.Join(d, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(d, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(d)
	return d
}

func now() time.Time { return time.Date(2026, 1, 2, 3, 50, 0, 0, time.UTC) }

type outcome struct {
	code     int
	out, err string
}

// kubeconfig names a cluster that is not there.
const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{name: gone, cluster: {server: "http://127.0.0.1:1"}}]
contexts: [{name: gone, context: {cluster: gone}}]
current-context: gone
`

func command(env map[string]string, stdin string, demo fs.FS, args ...string) outcome {
	var out, errs bytes.Buffer
	a := &App{In: strings.NewReader(stdin), Out: &out, Err: &errs, Getenv: func(k string) string { return env[k] },
		Now: now, Demo: demo}
	code := a.Run(args)
	return outcome{code, out.String(), errs.String()}
}

// commands are command lines, and what comes of each.
var commands = []struct {
	args  string
	stdin string
	code  int
	out   string // is in the output
	err   string // is in the errors
}{
	// What is stuck, and what is not.
	{args: "-f stuck.yaml", code: 1, out: "1 problem blocks 1 of 1 Pod\n"},
	{args: "-f sub", code: 1, out: "stuck.yaml:22"},
	{args: "-f fine.yaml -f stuck.yaml", code: 1, out: "1 problem blocks 1 of 2 Pods\n"},
	{args: "-f odd.txt", code: 1, out: "1 problem blocks 1 of 1 Pod\n"},
	{args: "-f -", stdin: stuckPod, code: 1, out: "1 problem blocks 1 of 1 Pod\n"},
	{args: "-f fine.yaml", code: 0, out: "Nothing is stuck: 1 Pod seen\n"},
	{args: "-f stuck.yaml --exit-zero", code: 0, out: "1 problem blocks"},
	{args: "-f stuck.yaml -f cut.yaml", code: 1, out: "What could not be read"},
	{args: "-f hostile.yaml", code: 1, out: `\x1b[31m/a\x1b]0;x\x07\u202e`},
	{args: "-f stuck.yaml -o json", code: 1, out: `"kind": "Report"`},
	{args: "-f stuck.yaml -o yaml", code: 1, out: "kind: Report\n"},
	{args: "-f stuck.yaml --lang zh", code: 1, out: "1 个问题卡住了 1 个 Pod 中的 1 个\n"},
	{args: "-f stuck.yaml --color always", code: 1, out: "\x1b[1;31m1 problem"},
	{args: "-f stuck.yaml --causes own", code: 1, out: "1 problem blocks"},
	{args: "-f stuck.yaml -f fine.yaml", code: 1, out: "1 problem blocks 1 of 2 Pods\n"},
	{args: "-f stuck.yaml -f fine.yaml fine", code: 0, out: "Nothing is stuck: 1 Pod seen\n"},
	{args: "-f stuck.yaml -f fine.yaml pod api -n shop", code: 1, out: "1 problem blocks 1 of 1 Pod\n"},
	{args: "-f stuck.yaml -f fine.yaml node/n1 -A", code: 1, out: "1 problem blocks 1 of 2 Pods\n"},
	// What cannot be answered.
	{args: "-f stuck.yaml -n other", code: 2, err: "none of the Pods in stuck.yaml (1) fits -n other\n"},
	{args: "-f stuck.yaml deploy/api -l app=web -n shop", code: 2,
		err: "none of the Pods in stuck.yaml (1) fits deploy/api -l app=web -n shop\n"},
	{args: "-f stuck.yaml -l a=b=c", code: 2, err: `cannot read the selector "a=b=c"`},
	{args: "-f stuck.yaml svc/api", code: 2, err: `cannot look at a "svc"`},
	{args: "", code: 2, err: "there is no cluster to ask"},
	{args: "pod/api", code: 2, err: "there is no cluster to ask"},
	{args: "svc/api --kubeconfig config", code: 2, err: `cannot look at a "svc"`},
	{args: "-f stuck.yaml -f fine.yaml api fine", code: 1, out: "1 problem blocks 1 of 2 Pods\n"},
	{args: "-f stuck.yaml -f fine.yaml fine ns/shop", code: 1, out: "1 problem blocks 1 of 2 Pods\n"},
	{args: "-f stuck.yaml -f fine.yaml pods fine api", code: 1, out: "1 problem blocks 1 of 2 Pods\n"},
	{args: "-f stuck.yaml -f fine.yaml ns/shop", code: 1, out: "1 problem blocks 1 of 2 Pods\n"},
	{args: "-f stuck.yaml -f fine.yaml namespaces/other", code: 2, err: "fits namespaces/other"},
	{args: "-f stuck.yaml -f fine.yaml pvc/data -n shop", code: 2, err: "fits pvc/data"},
	{args: "pod/a pod/b -w --kubeconfig config", code: 2, err: "one thing at a time"},
	{args: "pvc/data --wait-until-started 5m --kubeconfig config", code: 2, err: "one thing at a time"},
	{args: "-f stuck.yaml --cause secret-missing", code: 1, out: "1 problem blocks 1 of 1 Pod\n"},
	{args: "-f stuck.yaml --cause node-disk-full", code: 0, out: "hidden by --cause or --ignore: 1 problem with 1"},
	{args: "-f stuck.yaml --ignore secret-missing", code: 0, out: "Nothing is stuck: 1 Pod seen; hidden by"},
	{args: "-f stuck.yaml --ignore secret-missing@shop --lang zh", code: 0, out: "隐藏：1 个问题，涉及 1 个"},
	{args: "-f stuck.yaml --ignore secret-missing@other", code: 1, out: "1 problem blocks 1 of 1 Pod\n"},
	{args: "-f stuck.yaml --ignore secret-missing -o json", code: 0, out: `"hidden": {`},
	{args: "-f stuck.yaml --ignore secret-missing -o name", code: 0, err: "hidden by --cause or --ignore: 1 problem"},
	{args: "-f stuck.yaml --ignore secret-missing -o sarif", code: 0, out: "hidden by --cause or --ignore: 1 problem"},
	{args: "-f stuck.yaml --ignore secret-missing -o prometheus", code: 0, out: `stuck_pods{state="hidden"} 1`},
	{args: "-f hostile.yaml --cause secret-missing", code: 0, out: "; hidden by --cause: 1 Pod\nthat is stuck for no"},
	{args: "-f hostile.yaml --cause secret-missing -o json", code: 0, out: `"hidden": {`},
	{args: "-f stuck.yaml --ignore secret-mising", code: 2, err: "Did you mean secret-missing"},
	{args: "convert --cause secret-mising", stdin: `{"apiVersion":"stuck.dev/v1alpha1","kind":"Report"}`, code: 2,
		err: "Did you mean secret-missing"},
	{args: "convert --cause our-own", stdin: `{"apiVersion":"stuck.dev/v1alpha1","kind":"Report"}`, code: 2,
		err: `there is no cause "our-own"`},
	{args: "-f stuck.yaml --fail-on proven", code: 1, out: "1 problem blocks"},
	{args: "-f stuck.yaml --fail-on never", code: 2, err: "Give one of: proven, likely, any."},
	{args: "-f stuck.yaml --lang zh-CN", code: 1, out: "1 个问题"},
	{args: "-f stuck.yaml --lang zh_Hans_CN.UTF-8", code: 1, out: "1 个问题"},
	{args: "-f stuck.yaml --lang en-US", code: 1, out: "1 problem"},
	{args: "--version", code: 0, out: "kubectl-stuck "},
	{args: "-f stuck.yaml -o brief", code: 1,
		out: "1. Secret api-tls does not exist (1 Pod, ≥ 47 min) -> kubectl -n shop"},
	{args: "-f stuck.yaml -o wide", code: 1, out: "   shop/pod/api (1)\n      api  ContainerCreating  47 min    n1\n"},
	{args: "-f stuck.yaml -o name", code: 1, out: "pod/api\n"},
	{args: "-f hostile.yaml -o name", code: 1},
	{args: "-f hostile.yaml -o html", code: 1, out: "<h1><span lang=en>1 Pod is stuck"},
	{args: "-f stuck.yaml -o html --lang zh", code: 1, out: "<!doctype html>\n<html lang=\"zh\">"},
	{args: "-f stuck.yaml -o compact --budget 20", code: 2, err: "Give at least 200."},
	{args: "-f stuck.yaml -o json -p 1", code: 2, err: "-p cannot be used with -o json"},
	{args: "-w -o junit --kubeconfig config", code: 2, err: "there is no -o junit with -w"},
	{args: "convert none.json", code: 2, err: "cannot read none.json"},
	{args: "convert", stdin: "{}", code: 2, err: "no Report of stuck.dev"},
	{args: "convert", stdin: "text", code: 2, err: "is no report"},
	{args: "convert a b", code: 2, err: "takes no arguments"},
	{args: "pod/a -A --kubeconfig config", code: 2, err: "Leave -A out"},
	{args: "-n shop --kubeconfig config --request-timeout 50ms", code: 2,
		err: "cannot list Pods in namespace shop: http://127.0.0.1:1 gave no answer"},
	{args: "--context other --kubeconfig config", code: 2, err: "other"},
	{args: "explian secret-missing", code: 2, err: "Did you mean: kubectl stuck explain?"},
	{args: "-f stuck.yaml fine.yaml", code: 2, err: "its own -f"},
	{args: "-f none.yaml", code: 2, err: "cannot read none.yaml: no such file"},
	{args: "-f stuck.yaml -f none.yaml", code: 2, err: "cannot read none.yaml"},
	{args: "-f empty", code: 2, err: "empty"},
	{args: "-f notes", code: 2, err: "notes"},
	{args: "-f binary.yaml", code: 2, err: "binary.yaml"},
	{args: "-f -", stdin: "", code: 2, err: "nothing"},
	{args: "--bogus", code: 2, err: "unknown flag: --bogus"},
	{args: "-f", code: 2, err: "--filename needs a value\nSee kubectl stuck --help."},
	{args: "-f stuck.yaml -o xml", code: 2, err: `--output cannot be "xml"` +
		"\nGive one of: text, brief, wide, name, json, yaml, markdown, junit, sarif, github, prometheus, compact, html."},
	{args: "-f stuck.yaml --lang fr", code: 2, err: `--lang cannot be "fr"`},
	{args: "-f stuck.yaml --color blue", code: 2, err: `--color cannot be "blue"`},
	{args: "-f stuck.yaml --for soon", code: 2, err: "--for"},
	{args: "-f stuck.yaml --for -3s", code: 2, err: "negative"},
	{args: "-f stuck.yaml --causes none", code: 2, err: "cannot read causes from none: no such file"},
	{args: "-f stuck.yaml --causes stuck.yaml", code: 2, err: "it is no folder"},
	{args: "-f stuck.yaml --causes empty", code: 2, err: "there are no causes in empty"},
	{args: "-f stuck.yaml --causes broken", code: 2, err: "broken/our-cause/cause.yaml"},
	{args: "-f stuck.yaml --causes stage", code: 2, err: "stage/our-cause/cause.yaml"},
	{args: "-f stuck.yaml --causes regexp", code: 2, err: "regexp/our-cause/cause.yaml"},
	{args: "-f stuck.yaml --causes twice", code: 2, err: "twice/secret-missing/cause.yaml"},
	{args: "-f none.yaml --lang zh", code: 2, err: "错误：无法读取 none.yaml：no such file or directory\n-f 接受 kubectl 输出的"},
	{args: "-f empty --lang zh", code: 2, err: "错误：-f empty：从"},
	{args: "explain secret-mising --lang zh", code: 2,
		err: "错误：没有 \"secret-mising\" 这个原因\n是不是 secret-missing？kubectl stuck causes 会列出全部。"},
	{args: "-n shop --kubeconfig config --request-timeout 50ms --lang zh", code: 2,
		err: "错误：无法列出命名空间 shop 的 Pods：http://127.0.0.1:1 在"},
	{args: "-f stuck.yaml -n other --lang zh", code: 2, err: "错误：stuck.yaml 里的 1 个 Pod 都不符合 -n other\n"},
	// The other commands.
	{args: "explain secret-missing", code: 0, out: "Secret SECRET does not exist"},
	{args: "explain secret-missing --lang zh", code: 0, out: "Secret SECRET 不存在"},
	{args: "explain secret-missing", code: 0, out: "Messages like these:\n- secret"},
	{args: "explain our-cause --causes own", code: 0, out: "A cause of our own"},
	{args: "explain secret-mising", code: 2, err: "Did you mean secret-missing"},
	{args: "explain multi-attach", code: 0, out: "volume-multi-attach"},
	{args: "explain ImagePullBackOff", code: 0, out: "image-not-found"},
	{args: "explain ImagePullBackOff --lang zh", code: 0, out: "个原因符合 ImagePullBackOff，最可能的在前"},
	{args: "explain no space left on device", code: 0, out: "node-disk-full"},
	{args: "explain qqqqqq", code: 2, err: "kubectl stuck causes lists them."},
	{args: "explain", code: 2, err: "one cause"},
	{args: "causes", code: 0, out: "secret-missing"},
	{args: "causes -o json", code: 0, out: `"id": "secret-missing"`},
	{args: "causes -o yaml", code: 0, out: "- id: secret-missing"},
	{args: "causes -o xml", code: 2, err: "xml"},
	{args: "causes secret-missing", code: 2, err: "takes no arguments"},
	{args: "demo", code: 2, err: "no recorded incident"},
	{args: "-f cut.tar.gz", code: 2, err: "cut off"},
	{args: "capture -o new --kubeconfig config --request-timeout 50ms", code: 2, err: "cannot list Pods"},
	{args: "rbac", code: 0, out: "kind: ClusterRole"},
	{args: "rbac -n shop", code: 0, out: "namespace: shop"},
	{args: "rbac --with-secrets", code: 0, out: "resources: [configmaps, secrets]"},
	{args: "rbac --with-secrets -n shop", code: 0, out: "kind: Role\n"},
	{args: "rbac --with-node-proxy", code: 0, out: "resources: [nodes/proxy]"},
	{args: "rbac --with-node-proxy -n shop", code: 2, err: "cannot allow nodes/proxy"},
	{args: "timeline -f stuck.yaml", code: 0, out: "shop/api: "},
	{args: "timeline -f stuck.yaml -n nowhere", code: 2, err: "fits -n nowhere"},
	{args: "timeline -f stuck.yaml pod/nobody -n shop", code: 2, err: "fits pod/nobody"},
	{args: "timeline -f stuck.yaml -f fine.yaml pod/nobody pod/api -n shop", code: 0, out: "shop/api: "},
	{args: "timeline -f stuck.yaml -l ((", code: 2, err: "cannot read the selector"},
	{args: "timeline -f stuck.yaml -f cut.tar.gz", code: 2, out: "What could not be read"},
	{args: "timeline -f stuck.yaml -f cut.tar.gz --lang zh", code: 2, out: "没能读到的内容"},
	{args: "version", code: 0, out: "kubectl-stuck "},
	{args: "--help", code: 0, out: "kubectl stuck [POD | TYPE/NAME]... [flags]"},
	{args: "__complete explain secret-m", code: 0, out: "secret-missing\t"},
	{args: "__complete -o ", code: 0, out: "json\n"},
	{args: "__complete --lang ", code: 0, out: "zh\n"},
	{args: "completion bash", code: 0, out: "__start_kubectl-stuck"},
}

func TestCommand(t *testing.T) {
	dir(t)
	t.Setenv("KUBECONFIG", "none") // whoever runs the tests may have a cluster
	for _, c := range commands {
		t.Run(c.args, func(t *testing.T) {
			args := strings.Fields(c.args)
			if strings.HasSuffix(c.args, " ") {
				args = append(args, "")
			}
			got := command(nil, c.stdin, nil, args...)
			if got.code != c.code {
				t.Errorf("exit code %d, want %d", got.code, c.code)
			}
			if !strings.Contains(got.out, c.out) || c.out == "" && got.out != "" {
				t.Errorf("output %q, want %q", got.out, c.out)
			}
			if !strings.Contains(got.err, c.err) || c.err == "" && got.err != "" && !strings.HasPrefix(c.args, "__") {
				t.Errorf("errors %q, want %q", got.err, c.err)
			}
			// What is wrong, and what to do; of causes, each fault has a line of its own.
			if n := strings.Count(got.err, "\n") - strings.Count(got.err, "/cause.yaml"); n > 2 {
				t.Errorf("%d lines of errors: %q", n, got.err)
			}
			if !strings.Contains(c.args, "always") {
				raw(t, got.out+got.err)
			}
		})
	}
}

// raw finds characters that a file must not bring to a terminal.
func raw(t *testing.T, s string) {
	t.Helper()
	for _, r := range s {
		if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
			t.Fatalf("raw %U in %q", r, s)
		}
	}
}

func TestLocale(t *testing.T) {
	dir(t)
	for _, c := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"LANG": "zh_CN.UTF-8"}, "1 个问题"},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "1 problem"},
		{map[string]string{"LC_ALL": "zh_TW", "LC_MESSAGES": "en_US", "LANG": "C"}, "1 个问题"},
		{map[string]string{"LANG": "de_DE.UTF-8"}, "1 problem"},
		{nil, "1 problem"},
	} {
		if got := command(c.env, "", nil, "-f", "stuck.yaml"); !strings.HasPrefix(got.out, c.want) {
			t.Errorf("%v: %q", c.env, got.out)
		}
	}
}

func TestDemo(t *testing.T) {
	got := command(nil, "", fstest.MapFS{"incident.yaml": {Data: []byte(stuckPod)}}, "demo")
	if got.code != ExitFine || !strings.HasPrefix(got.out, "1 problem blocks 1 of 1 Pod\n") {
		t.Errorf("%+v", got)
	}
}

// A Pod that says nothing is starting for as long as --for says.
func TestFor(t *testing.T) {
	dir(t)
	quiet := strings.Split(stuckPod,
		"---")[0] + "---\n" + `{apiVersion: stuck.dev/v1alpha1, kind: SnapshotInfo, at: "2026-01-02T03:01:00Z"}`
	for args, code := range map[string]int{"-f -": 1, "-f - --for 2m": 0, "-f - --for 0s": 1} {
		if got := command(nil, quiet, nil, strings.Fields(args)...); got.code != code {
			t.Errorf("%s: %+v", args, got)
		}
	}
}

type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Err: syscall.EPIPE}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// A reader that has seen enough is no error; output that is lost is one.
func TestLostOutput(t *testing.T) {
	for _, c := range []struct {
		out  io.Writer
		code int
		err  string
	}{{closedPipe{}, ExitStuck, ""}, {fullDisk{}, ExitFailed, "error: no space left on device\n"}} {
		var errs bytes.Buffer
		a := &App{In: strings.NewReader(stuckPod), Out: c.out, Err: &errs, Getenv: func(string) string { return "" },
			Now: now}
		if code := a.Run([]string{"-f", "-"}); code != c.code || errs.String() != c.err {
			t.Errorf("%d, %q", code, errs.String())
		}
	}
}

func TestNearest(t *testing.T) {
	of := []string{"secret-missing", "configmap-missing", "volume-multi-attach", "ip-exhausted"}
	for word, want := range map[string]string{"secret-mising": "secret-missing", "Secret-Missing": "secret-missing",
		"multi": "volume-multi-attach", "zzz": "", "": "", strings.Repeat("x", 1000): ""} {
		got := match.Nearest(word, of)
		if want == "" && len(got) > 0 || want != "" && (len(got) == 0 || got[0] != want) {
			t.Errorf("%q: %v", word, got)
		}
	}
}
