package cli

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// sentence is English that nobody would leave as it is in Chinese: four words in a row, of which none is typed
// literally.
var sentence = regexp.MustCompile(`(^|[^-/.\w])[a-z]+( [a-z]+){3}`)

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// tree is the command in a language, with all below it.
func tree(lang string) (*session, []*cobra.Command) {
	a := &App{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Getenv: func(string) string { return "" }, Now: time.Now}
	s := &session{App: a, language: lang}
	var all []*cobra.Command
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		all = append(all, c)
		for _, below := range c.Commands() {
			walk(below)
		}
	}
	walk(s.root())
	return s, all
}

// TestHelpInBothLanguages walks all commands and flags: each has a text in both languages, and what is written of it
// fits into 80 columns, in one language only.
func TestHelpInBothLanguages(t *testing.T) {
	texts := map[string][]string{} // by language: command, flag, text of each in turn
	for _, lang := range message.Languages {
		s, all := tree(lang)
		for _, c := range all {
			texts[lang] = append(texts[lang], c.CommandPath(), "", c.Short, c.CommandPath(), "", c.Long)
			c.LocalFlags().VisitAll(func(f *pflag.Flag) {
				texts[lang] = append(texts[lang], c.CommandPath(), "--"+f.Name, f.Usage)
			})
			var out bytes.Buffer
			c.SetOut(&out)
			if err := s.showHelp(c); err != nil {
				t.Fatal(err)
			}
			examples := strings.Split(c.Example, "\n")
			for line := range strings.Lines(out.String()) {
				line = strings.TrimRight(line, "\n")
				if w := render.Columns(line); w > 80 {
					t.Errorf("%s in %s: %d columns: %s", c.CommandPath(), lang, w, line)
				}
				command := append(examples, c.UseLine())
				if lang == "zh" && sentence.MatchString(line) && !slices.Contains(command, strings.TrimSpace(line)) {
					t.Errorf("%s: not in Chinese: %s", c.CommandPath(), line)
				}
				if lang == "en" && strings.ContainsFunc(line, isHan) {
					t.Errorf("%s: not in English: %s", c.CommandPath(), line)
				}
			}
		}
	}
	if len(texts["en"]) != len(texts["zh"]) || len(texts["en"]) < 150 {
		t.Fatalf("%d and %d texts", len(texts["en"]), len(texts["zh"]))
	}
	for i := 0; i < len(texts["en"]); i += 3 {
		en, zh := texts["en"][i+2], texts["zh"][i+2]
		if en == "" || strings.HasPrefix(en, "flag.") || strings.HasPrefix(en, "help.") || en == zh ||
			!strings.ContainsFunc(zh, isHan) {
			t.Errorf("%s %s: %q, %q", texts["en"][i], texts["en"][i+1], en, zh)
		}
	}
}

// TestHelpCommand asks for help in all the ways that there are, before anything else is right.
func TestHelpCommand(t *testing.T) {
	for _, c := range []struct {
		args, lang string
		code       int
		out, err   string
	}{
		{args: "help capture", out: "Save what a diagnosis looks at"},
		{args: "capture --help --lang zh", out: "保存诊断所需的内容"},
		{args: "--lang=zh help capture", out: "保存诊断所需的内容"},
		{args: "help", lang: "zh_CN.UTF-8", out: "集群参数，与 kubectl 相同："},
		{args: "help", lang: "zh_CN.UTF-8", out: "--request-timeout DURATION"},
		{args: "-h --lang en", lang: "zh_CN.UTF-8", out: "The cluster, as in kubectl:"},
		{args: "help rbac", out: "--lang LANGUAGE"},
		{args: "help captrue", code: 2, err: `there is no command "captrue"`},
		{args: "__complete help ca", out: "capture\tSave what"},
		{args: "__complete --lang zh help ca", out: "capture\t保存"},
		{args: "completion bash", out: "__start_kubectl-stuck"},
		{args: "completion zsh --no-descriptions", out: "__completeNoDesc"},
		{args: "completion fish", out: "complete -c kubectl-stuck"},
		{args: "completion powershell", out: "Register-ArgumentCompleter"},
		{args: "completion", code: 2, err: "Give one of: bash, zsh, fish, powershell."},
		{args: "completion tcsh --lang zh", code: 2, err: "可用的取值：bash, zsh, fish, powershell。"},
	} {
		got := command(map[string]string{"LANG": c.lang}, "", nil, strings.Fields(c.args)...)
		if got.code != c.code || !strings.Contains(got.out, c.out) || !strings.Contains(got.err, c.err) {
			t.Errorf("%s: %d %q\n%s", c.args, got.code, got.err, got.out)
		}
	}
}

// TestFlagErrors makes the mistakes that the flags' parser finds: each is told in both languages, with what to do.
func TestFlagErrors(t *testing.T) {
	for _, c := range []struct{ args, en, zh string }{
		{"--lnag zh -A", "unknown flag: --lnag\nDid you mean --lang? See kubectl stuck --help.",
			"没有这个参数：--lnag\n是不是 --lang？用法见 kubectl stuck --help。"},
		{"-Ax", "unknown flag: -x\nSee kubectl stuck --help.", "没有这个参数：-x\n用法见 kubectl stuck --help。"},
		{"-n", "--namespace needs a value\nSee", "--namespace 需要一个值\n用法见"},
		{"--for soon", "--for cannot be \"soon\"\nGive a length of time such as 30s or 2m.",
			"--for 的值不能是 \"soon\"\n请写时长，例如 30s 或 2m。"},
		{"--request-timeout=-1s", "--request-timeout cannot be \"-1s\"\nGive a length",
			"--request-timeout 的值不能是 \"-1s\"\n请写时长"},
		{"-A=perhaps", "--all-namespaces cannot be \"perhaps\"\nGive --all-namespaces alone",
			"--all-namespaces 的值不能是 \"perhaps\"\n只写 --all-namespaces"},
		{"--=x", "cannot read \"--=x\" as a flag\nSee", "无法把 \"--=x\" 识别为参数\n用法见"},
		{"capture --pseudonym", "unknown flag: --pseudonym\nDid you mean --pseudonyms? See kubectl stuck capture --help.",
			"没有这个参数：--pseudonym\n是不是 --pseudonyms？用法见 kubectl stuck capture --help。"},
		{"rbac now", "rbac takes no arguments, and got \"now\"\nSee kubectl stuck rbac --help.",
			"rbac 不接受参数，却得到 \"now\"\n用法见"},
		{"-o xml", "--output cannot be \"xml\"\nGive one of: text, brief, wide, name, json, yaml, ",
			"--output 的值不能是 \"xml\"\n可用的取值：text, brief, wide, name, json, yaml, "},
		{"causes -o junit", "--output cannot be \"junit\"\nGive one of: text, json, yaml.",
			"--output 的值不能是 \"junit\"\n可用的取值：text, json, yaml。"},
		{"--context x", "the kubeconfig has no context \"x\"\nGive one that it has: --context gone",
			"kubeconfig 里没有名为 \"x\" 的 context\n请指定其中已有的一个：--context gone"},
		{"--cluster gnoe", "the kubeconfig has no cluster \"gnoe\"\nDid you mean gone?",
			"kubeconfig 里没有名为 \"gnoe\" 的 cluster\n是不是 gone？"},
		{"--user x", "the kubeconfig has no user \"x\"\nGive --kubeconfig or",
			"kubeconfig 里没有名为 \"x\" 的 user\n请用 --kubeconfig"},
	} {
		t.Setenv("KUBECONFIG", write(t, "config", kubeconfig))
		for lang, want := range map[string]string{"en": "error: " + c.en, "zh": "错误：" + c.zh} {
			got := command(map[string]string{"LC_ALL": lang}, "", nil, strings.Fields(c.args)...)
			if got.code != ExitFailed || !strings.HasPrefix(got.err, want) {
				t.Errorf("%s: %d, %q, want %q", c.args, got.code, got.err, want)
			}
		}
	}
}
