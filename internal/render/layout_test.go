package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want []string
	}{
		{"", 20, []string{""}},
		{"one two three four five", 16, []string{"one two three", "four five"}},
		{"节点磁盘已满，镜像无法拉取，请清理", 16, []string{"节点磁盘已满，镜", "像无法拉取，请清", "理"}},
		{"一二三四五六七八，九", 16, []string{"一二三四五六七", "八，九"}},
		{"一二三四五六七（八）", 16, []string{"一二三四五六七", "（八）"}},
		{"等待 kubelet 接手，稍后", 16, []string{"等待 kubelet 接", "手，稍后"}},
		{"运行“kubectl get”之后", 16, []string{"运行“kubectl", "get”之后"}},
		{"see /var/lib/kubelet/pods/475f19d0", 16, []string{"see /var/lib/", "kubelet/pods/", "475f19d0"}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.text, c.n)); diff != "" {
			t.Errorf("%q at %d: %s", c.text, c.n, diff)
		}
	}
}

func TestWidthOfText(t *testing.T) {
	for s, want := range map[string]int{"abc": 3, "节点": 4, "“…×·—”": 6, "é": 1, "e\u0301": 1, "，": 2} {
		if got := Columns(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	const pull = `Failed to pull image "registry.lab/big:1.0": failed to pull and unpack image "registry.lab/big:1.0": ` +
		`failed to copy: write ` +
		`/var/lib/containerd/io.containerd.content.v1.content/ingest/` +
		`b46acebd3184e087b37c61b318296512c4f437d94bcb39a8bd0964751118c407/data: no space left on device`
	const long = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox ` +
		`"6fb878357d38cbd1a737f71c72b4c1b7462714a02fff82e546e4fe10b565de68": ` +
		`plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized to ` +
		`read the ClusterInformation of the default datastore ` +
		`while the API server at 10.96.0.1:443 was asked with the token of a ServiceAccount that was rotated a while ago ` +
		`and that nobody has written to the file since then, which is how it goes, ` +
		`and then the plugin gave up after three more attempts and told the runtime that the sandbox has no network`
	for _, c := range []struct {
		message string
		keys    []string
		has     []string
	}{
		{"short", nil, []string{"short"}},
		{pull, []string{"registry.lab/big:1.0"}, []string{"Failed to pull image", "ingest/…/data",
			"no space left on device"}},
		{long, []string{"10.96.0.1:443"}, []string{"Failed to create", "10.96.0.1:443", "the sandbox has no network", "…"}},
		{strings.Repeat("x", 1<<20) + " the end", nil, []string{"the end"}},
		{strings.Repeat("word ", 1<<18) + "the end", nil, []string{"word", "the end"}},
	} {
		lines := fold(c.message, c.keys, 75)
		got := strings.Join(lines, " ")
		if len(lines) > maxLines {
			t.Errorf("%d lines: %q", len(lines), got)
		}
		for _, l := range lines {
			if Columns(l) > 75 {
				t.Errorf("%d wide: %q", Columns(l), l)
			}
		}
		for _, h := range c.has {
			if !strings.Contains(got, h) {
				t.Errorf("no %q in %q", h, lines)
			}
		}
	}
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain text": "plain text", "节点 n1": "节点 n1", "\x1b[31m": `\x1b[31m`, "a\u202eb": `a\u202eb`,
		"a\nb\tc\r": `a\nb\tc\r`, "\xff": `\xff`,
		"zero\u200bwidth": `zero\u200bwidth`, "\u009b1m": `\u009b1m`, "\U000E0041": `\U000e0041`, "e\u0301": "e\u0301",
		"\x00": `\x00`, "\ufeff": `\ufeff`,
		"a\u0301\u0301\u0301\u0301": "a\u0301\u0301" + `\u0301\u0301`, "\u3164": `\u3164`,
	} {
		if got := visible(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// Every stage and every risk has words.
func TestStagesAndRisksHaveWords(t *testing.T) {
	for _, stage := range pod.Stages {
		if !message.Known("stage." + string(stage)) {
			t.Errorf("stage %s has no words", stage)
		}
	}
	for _, r := range diagnose.Risks {
		if !message.Known("risk." + r) {
			t.Errorf("risk %s has no words", r)
		}
	}
}

// TestRuneWidth has a character of each kind whose columns a plain count gets wrong.
func TestRuneWidth(t *testing.T) {
	for text, want := range map[string]int{
		"pod-1": 5, "…“é”ø—": 6, "中，（": 6, "Ａ": 2, "ｱ": 1, "한": 2, "🙂": 2, "┌█●⚠": 4, // narrow, wide and ambiguous
		"e\u0301": 1, "a\u200db": 2, "\ufe0f": 0, "\x1b\t": 0, "\u202e": 0, "\u1100\u1161": 2, // joined or without a place
	} {
		if got := Columns(text); got != want {
			t.Errorf("%q: %d columns, want %d", text, got, want)
		}
	}
}

// TestNoOrders lets no line begin with what orders about the program that reads the log of a build.
func TestNoOrders(t *testing.T) {
	for _, text := range []string{strings.Repeat("a ", 30) + "::error file=x::y " + strings.Repeat("b ", 20),
		strings.Repeat("::add-mask::x ", 30), strings.Repeat("a", 40) + "::set-env name=a::b" + strings.Repeat("c", 40),
		strings.Repeat("镜像 ", 20) + "##vso[task.setvariable]x", "a " + strings.Repeat("##[error] ", 20)} {
		for n := 16; n < 90; n++ {
			for i, line := range wrap(text, n) {
				if line = strings.TrimSpace(line); i > 0 && (strings.HasPrefix(line, "::") || strings.HasPrefix(line, "##")) {
					t.Fatalf("%d columns: %q", n, line)
				}
			}
		}
	}
}
