package causes

import (
	"bytes"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/casetest/hostile"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// shells are the shells in which every command has to mean the same. Those that are not on the machine are left out:
// [plain] says by the rules of all of them, and of PowerShell and cmd, which words mean themselves.
var shells = [][]string{{"bash", "-c"}, {"dash", "-c"}, {"busybox", "sh", "-c"}, {"zsh", "-fc"}, {"ksh", "-c"},
	{"fish", "--no-config", "-c"}}

// TestShells fills every command of the catalogue, and every one of the cases and recordings, with what an attacker
// would write, and has shells say what words they read: those that were meant.
func TestShells(t *testing.T) {
	alone(t)
	meant := map[string]string{} // by the word as it is written
	n := 0
	for _, c := range All() {
		for _, in := range texts(c) {
			for _, s := range slices.Concat(in.text.Confirm, in.text.Fix) {
				n += eachFilled(t, s.Run, meant)
			}
		}
	}
	cat := catalogue(t)
	dumps(t, func(t *testing.T, dump fstest.MapFS) { n += inReport(t, dump, cat, meant) })
	if n < 10000 || len(meant) < 500 {
		t.Errorf("%d commands with %d words: that is no test", n, len(meant))
	}
	t.Logf("%d commands, %d words", n, len(meant))
	written := slices.Sorted(maps.Keys(meant))
	for _, shell := range shells {
		if _, err := exec.LookPath(shell[0]); err != nil {
			t.Logf("%s is not on this machine", shell[0])
			continue
		}
		holdShell(t, shell, written, meant)
	}
}

// eachFilled fills a command with each hostile value for each of its arguments.
func eachFilled(t *testing.T, run string, meant map[string]string) int {
	t.Helper()
	n := 0
	good := map[string]string{}
	for _, name := range diagnose.Placeholders(run) {
		good[name] = standIn[argument.Of(name)]
	}
	for name := range good {
		for _, value := range append(hostile.Values, good[name]) {
			args := maps.Clone(good)
			args[name] = value
			filled, _ := diagnose.Command(run, args, nil)
			keep(t, filled, meant)
			n++
		}
	}
	return n
}

// inReport fills what is said of a dump with a few hostile values for all arguments at once.
func inReport(t *testing.T, dump fstest.MapFS, cat *diagnose.Catalogue, meant map[string]string) int {
	t.Helper()
	n := 0
	r := diagnose.Run(read(t, dump), cat, diagnose.Options{})
	for _, p := range r.Problems {
		f := p.Findings[0]
		for i := 0; i < len(hostile.Values)+1; i += 9 {
			g := f
			g.Args = maps.Clone(f.Args)
			for name := range g.Args {
				if i > 0 { // first as it is
					g.Args[name] = hostile.Values[(i+len(name))%len(hostile.Values)]
				}
			}
			text := r.Text(&g)
			for _, s := range slices.Concat(text.Confirm, text.Fix) {
				keep(t, s.Run, meant)
				n++
			}
		}
	}
	for _, e := range r.DeadEnds {
		for _, s := range e.Steps {
			keep(t, s.Run, meant)
			n++
		}
	}
	return n
}

// keep keeps the words of a command that a value may be in: all that are not written by hand, in quotes or with signs.
func keep(t *testing.T, run string, meant map[string]string) {
	t.Helper()
	for _, c := range argument.Read(run).Commands {
		for _, w := range c {
			switch inner := strings.Trim(w, "'"); {
			case plain(w):
				meant[w] = w
			case w == "'"+inner+"'" && !strings.ContainsAny(inner, `'\`) && argument.Patch.Holds(inner):
				meant[w] = inner
			case slices.ContainsFunc(hostile.Values, func(v string) bool {
				return len(v) > 2 && strings.Contains(w, v) && !plain(v)
			}):
				t.Errorf("%q has %q, which is neither plain nor a patch", run, w)
			}
		}
	}
}

// plain reports whether a word means itself in every shell, by the rules of POSIX shells, zsh, fish, PowerShell and
// cmd: no blank, quote, wildcard, operator, $, `, \, ~, !, #, %, ^, ( ), { }, ; or & in it; no = (zsh) or @
// (PowerShell) at its beginning; commas between other signs, which PowerShell leaves as they are for programs.
func plain(w string) bool {
	const signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/:@+=,-"
	return w != "" && strings.Trim(w, signs) == "" && !strings.ContainsRune("=@,:", rune(w[0]))
}

// holdShell has a shell print words, each on a line.
func holdShell(t *testing.T, shell, written []string, meant map[string]string) {
	t.Helper()
	for batch := range slices.Chunk(written, 200) {
		var script strings.Builder
		var want []string
		for _, w := range batch {
			script.WriteString("printf '%s\\n' x" + w + "\n") // x: printf is no program that reads flags
			want = append(want, "x"+meant[w])
		}
		out, err := exec.Command(shell[0], append(shell[1:], script.String())...).Output()
		if err != nil {
			t.Fatalf("%s: %v", shell[0], err)
		}
		if got := strings.Split(string(bytes.TrimSuffix(out, []byte("\n"))), "\n"); !slices.Equal(got, want) {
			for i := range want {
				if i >= len(got) || got[i] != want[i] {
					t.Fatalf("%s reads %q where %q is meant", shell[0], got[min(i, len(got)-1)], want[i])
				}
			}
		}
	}
}
