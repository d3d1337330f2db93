package cli

import (
	"bytes"
	"strings"
	"testing"
)

// twoStuck is a dump with two problems.
var twoStuck = stuckPod + "---\n" + strings.NewReplacer("api-tls", "db-tls", "name: api", "name: db", "u1", "u2",
	"api.1", "db.1").Replace(stuckPod)

// seen is what a person at a terminal sees, and what the pager got.
type seen struct {
	code             int
	out, err, paged  string
	pagerWasAskedFor string
}

// at runs the command on a terminal.
func at(columns, rows int, env map[string]string, args ...string) seen {
	var out, errs bytes.Buffer
	var s seen
	a := &App{In: strings.NewReader(twoStuck), Out: &out, Err: &errs, Now: now,
		Getenv: func(k string) string {
			if k == "NO_COLOR" {
				return "1"
			}
			return env[k]
		},
		Terminal: func() (int, int, bool) { return columns, rows, true },
		Page: func(command string, text []byte) error {
			if command == "gone" {
				return errNoPager
			}
			s.pagerWasAskedFor, s.paged = command, string(text)
			return nil
		}}
	s.code = a.Run(args)
	s.out, s.err = out.String(), errs.String()
	return s
}

// TestPager pages what is longer than the terminal of a person, as git does, and nothing else.
func TestPager(t *testing.T) {
	for _, c := range []struct {
		args  string
		rows  int
		env   map[string]string
		pager string
	}{
		{"-f -", 20, nil, "less"},
		{"-f -", 20, map[string]string{"PAGER": "more -s"}, "more -s"},
		{"-f -", 200, nil, ""},
		{"-f -", 20, map[string]string{"PAGER": "cat"}, ""},
		{"-f -", 20, map[string]string{"TERM": "dumb"}, ""},
		{"-f -", 20, map[string]string{"CI": "true"}, ""},
		{"-f -", 20, map[string]string{"PAGER": "gone"}, ""},
		{"-f - --no-pager", 20, nil, ""},
		{"-f - -o json", 20, nil, ""},
		{"-f - --all", 20, nil, "less"},
		{"-f - -p 2", 10, nil, "less"},
	} {
		got := at(80, c.rows, c.env, strings.Fields(c.args)...)
		if got.pagerWasAskedFor != c.pager || (got.paged == "") == (got.out == "") || got.code != ExitStuck || got.err != "" {
			t.Errorf("%s, %v: %+v", c.args, c.env, got)
		}
	}
}

// TestHowMuch shows a person what to do first, and what is asked for; whatever else reads gets all.
func TestHowMuch(t *testing.T) {
	piped := command(nil, twoStuck, nil, "-f", "-").out
	all := at(80, 24, map[string]string{"PAGER": "cat"}, "-f", "-", "--all").out
	if piped != all || strings.Count(piped, "What gives it away") != 2 {
		t.Errorf("--all shows:\n%s\nand a pipe gets:\n%s", all, piped)
	}
	if ci := at(80, 24, map[string]string{"CI": "1"}, "-f", "-").out; ci != piped {
		t.Errorf("CI gets:\n%s", ci)
	}
	short := at(80, 24, map[string]string{"PAGER": "cat"}, "-f", "-").out
	if len(short) >= len(piped) || !strings.Contains(short, "-p 1") || strings.Contains(short, "kubectl stuck -f -") {
		t.Errorf("a person gets:\n%s", short)
	}
	two := at(80, 24, nil, "-f", "-", "-p", "2,2").paged
	if strings.Count(two, "What gives it away") != 1 || !strings.HasPrefix(two, "2. Secret ") {
		t.Errorf("-p 2 shows:\n%s", two)
	}
	for _, args := range []string{"-f - -p 3", "-f - -p 0", "-f - -p x", "-p 1 -w"} {
		got := command(nil, twoStuck, nil, strings.Fields(args)...)
		if got.code != ExitFailed || got.err == "" || got.out != "" {
			t.Errorf("%s: %+v", args, got)
		}
	}
}

// TestAgain puts the flag that shows more behind the command line, where that can be pasted.
func TestAgain(t *testing.T) {
	for args, want := range map[string]string{
		"-A": "kubectl stuck -A", "deploy/web -n shop -p 2 -o text": "kubectl stuck deploy/web -n shop",
		"-p=2 --output=text --all --no-pager --color never": "kubectl stuck", "-p2 -f dump/": "kubectl stuck -f dump/",
		"-f -": "", "-f a;b": "", "-f $(x)": "", "--token=s3cret": "", "--token s3cret": "",
		"-n " + strings.Repeat("x", 60): "",
	} {
		s := &session{args: strings.Fields(args)}
		if strings.Contains(args, "-f -") {
			s.files = []string{"-"}
		}
		if got := s.again(); got != want {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
}
