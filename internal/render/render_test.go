package render

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type form func(io.Writer, *diagnose.Report, Options) error

func render(t testing.TB, f form, r *diagnose.Report, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for _, g := range []struct {
		file   string
		form   form
		report *diagnose.Report
		o      Options
	}{
		{"full.en.txt", Text, full(), Options{Lang: "en"}},
		{"full.zh.txt", Text, full(), Options{Lang: "zh"}},
		{"narrow.zh.txt", Text, full(), Options{Lang: "zh", Width: 48}},
		{"full.json", JSON, full(), Options{Lang: "en"}},
		{"full.zh.yaml", YAML, full(), Options{Lang: "zh"}},
		{"hostile.en.txt", Text, hostile(), Options{Lang: "en"}},
		{"calm.json", JSON, calm(3, 0), Options{}},
	} {
		t.Run(g.file, func(t *testing.T) { golden(t, g.file, render(t, g.form, g.report, g.o)) })
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (go test ./internal/render -update rewrites it):\n%s", file, diff)
	}
}

var verdicts = []struct {
	report *diagnose.Report
	en, zh string
}{
	{full(), "2 problems block 13 of 210 Pods; 2 more are stuck and no cause is known",
		"2 个问题卡住了 210 个 Pod 中的 13 个；另有 2 个卡住了，原因未知"},
	{&diagnose.Report{At: at, Pods: diagnose.Pods{Seen: 1, Stuck: 1}, Problems: full().Problems[1:]},
		"1 problem blocks 1 of 1 Pod", "1 个问题卡住了 1 个 Pod 中的 1 个"},
	{&diagnose.Report{At: at, Problems: []diagnose.Problem{{Cause: "x", Findings: []diagnose.Finding{{}}}}},
		"1 problem found, named by no Pod", "发现 1 个问题，日志里没有提到是哪个 Pod"},
	{&diagnose.Report{At: at, Pods: diagnose.Pods{Seen: 3, Stuck: 1}}, "1 Pod is stuck and no cause is known",
		"1 个 Pod 卡住了，原因未知"},
	{calm(210, 0), "Nothing is stuck: 210 Pods seen", "没有卡住的 Pod：共看了 210 个"},
	{calm(1, 0), "Nothing is stuck: 1 Pod seen", "没有卡住的 Pod：共看了 1 个"},
	{calm(1, 0, said("x", "", "")), "Nothing is stuck in what could be read: 1 Pod seen", "在能读到的内容里没有卡住的 Pod：共看了 1 个"},
	{calm(9, 3), "Nothing is stuck: 3 of 9 Pods are starting", "没有卡住的 Pod：9 个 Pod 中有 3 个正在启动"},
	{calm(0, 0), "No Pods were found", "没有找到 Pod"},
}

func TestVerdict(t *testing.T) {
	for _, v := range verdicts {
		for lang, want := range map[string]string{"en": v.en, "zh": v.zh} {
			got, _, _ := strings.Cut(render(t, Text, v.report, Options{Lang: lang}), "\n")
			if got != want {
				t.Errorf("%s: got %q, want %q", lang, got, want)
			}
		}
	}
}

var ansi = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// Colour is an addition: without it the text is the same to the byte.
func TestColor(t *testing.T) {
	for _, r := range []*diagnose.Report{full(), hostile(), calm(2, 0)} {
		for _, lang := range Languages {
			colored := render(t, Text, r, Options{Lang: lang, Color: true})
			if colored == ansi.ReplaceAllString(colored, "") {
				t.Error("no colour")
			}
			if diff := cmp.Diff(render(t, Text, r, Options{Lang: lang}), ansi.ReplaceAllString(colored, "")); diff != "" {
				t.Error(diff)
			}
		}
	}
}

// Only commands may be wider than the terminal.
func TestWidth(t *testing.T) {
	for _, r := range []*diagnose.Report{full(), hostile(), calm(2, 0)} {
		for _, lang := range Languages {
			for _, w := range []int{40, 72, 80, 100} {
				for _, l := range strings.Split(render(t, Text, r, Options{Lang: lang, Width: w}), "\n") {
					if Columns(l) > w && !strings.HasPrefix(strings.TrimSpace(l), "$ ") {
						t.Errorf("%s, %d columns: %d wide: %q", lang, w, Columns(l), l)
					}
					if strings.HasSuffix(l, " ") {
						t.Errorf("%s: space at the end: %q", lang, l)
					}
				}
			}
		}
	}
}

// Whatever the cluster says, nothing that does not show leaves any form raw.
func TestHostile(t *testing.T) {
	for name, f := range map[string]form{"text": Text, "json": JSON, "yaml": YAML} {
		out := render(t, f, hostile(), Options{Lang: "en"})
		if !utf8.ValidString(out) {
			t.Errorf("%s: not UTF-8", name)
		}
		for _, r := range out {
			if r != '\n' && !shows(r) {
				t.Fatalf("%s: raw %U", name, r)
			}
		}
		if name == "text" && len(out) > 64<<10 {
			t.Errorf("text: %d bytes", len(out))
		}
	}
}

// What is escaped in JSON and YAML decodes to what was said.
func TestFaithful(t *testing.T) {
	r := hostile()
	want := strings.ToValidUTF8(evil, "\ufffd\ufffd") // each bad byte becomes one
	for name, decode := range map[string]func([]byte, any) error{"json": json.Unmarshal, "yaml": yaml.Unmarshal} {
		f := JSON
		if name == "yaml" {
			f = YAML
		}
		var got struct {
			Gaps []struct{ What string }
		}
		if err := decode([]byte(render(t, f, r, Options{})), &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got.Gaps[0].What); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// YAML says the same as JSON, in any version of YAML: what is no plain word stands in quotes.
func TestYAMLIsJSON(t *testing.T) {
	r := full()
	r.Gaps = []cluster.Gap{
		said("on", "1e3", "2026-01-02"), said("0x1F", "~", "a: b # c"), said("-", "12:30:45", "no\n"),
	}
	var fromJSON, fromYAML any
	if err := json.Unmarshal([]byte(render(t, JSON, r, Options{})), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(render(t, YAML, r, Options{})), &fromYAML); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(fromYAML)
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(fromJSON)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(again)); diff != "" {
		t.Error(diff)
	}
}

// A command that could not be pasted whole is not shown in part.
func TestHugeCommand(t *testing.T) {
	r := full()
	huge := secretText
	huge.Fix = slices.Clone(huge.Fix)
	huge.Fix[0].Run += strings.Repeat(" x", maxCommand)
	r.Texts["secret-missing"] = huge
	if out := render(t, Text, r, Options{}); !strings.Contains(out, "is not shown; see -o json") ||
		strings.Contains(out, "$ kubectl -n shop create") {
		t.Error("a huge command is shown")
	}
}

func TestFast(t *testing.T) {
	r, start := hostile(), time.Now()
	r.Unexplained[0].Message = strings.Repeat(evil, 1<<20/len(evil))
	r.Problems[0].Findings[0].Evidence[0].Message = r.Unexplained[0].Message
	render(t, Text, r, Options{})
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("a megabyte took %s", d)
	}
}

// A report may have texts in one language only, or none.
func TestMissingLanguage(t *testing.T) {
	r := full()
	english := secretText
	english.Title.ZH = ""
	r.Texts["secret-missing"] = english
	delete(r.Texts, "runtime-timeout")
	out := render(t, Text, r, Options{Lang: "zh"})
	for _, want := range []string{"1. Secret api-tls does not exist", "2. runtime-timeout"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q", want)
		}
	}
}
