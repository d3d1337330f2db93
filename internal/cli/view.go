package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

// view is how much of a report is shown to a person.
type view struct {
	problems []string // the numbers or ids of the problems to show
	all      bool     // everything, on a terminal too
	noPager  bool
}

func (v *view) flags(c *cobra.Command) {
	c.Flags().StringSliceVarP(&v.problems, "problem", "p", nil, "")
	c.Flags().BoolVar(&v.all, "all", false, "")
	c.Flags().BoolVar(&v.noPager, "no-pager", false, "")
}

// showText writes a report for people: to a person at a terminal what is to be done first, in a pager where that is
// longer than the terminal; all of it to whatever else reads it.
func (s *session) showText(r *diagnose.Report) error {
	v, err := s.viewOf(r)
	if err != nil {
		return err
	}
	_, rows, person := s.person()
	pager := s.pager()
	v.Paged = person && pager != ""
	if person && !s.view.all && len(v.Only) == 0 {
		v.Rows = rows
	}
	var b bytes.Buffer
	if err := render.Answer(&b, r, v, s.options()); err != nil {
		return err
	}
	return s.write(b.Bytes(), pager)
}

// viewOf is what of a report is asked for, as far as that does not depend on the terminal.
func (s *session) viewOf(r *diagnose.Report) (render.View, error) {
	v := render.View{Again: s.again(), Saved: (len(s.files) > 0 || s.converted) && s.Now().Sub(r.At) > time.Minute}
	v.Columns, _, _ = s.terminal()
	for _, name := range s.view.problems {
		i, ok := r.Find(strings.TrimSpace(name))
		if !ok {
			return v, failed(message.Of("cli.problem.none", "name", name, "n", len(r.Problems)), message.Of("cli.problem.all"))
		}
		if !slices.Contains(v.Only, i) {
			v.Only = append(v.Only, i)
		}
	}
	return v, nil
}

// person is the size of the terminal that a person looks at, and whether there is one.
func (s *session) person() (columns, rows int, ok bool) {
	columns, rows, ok = s.terminal()
	return columns, rows, ok && rows > 0 && s.Getenv("CI") == ""
}

// write writes a text, in a pager where it is longer than the terminal that a person looks at.
func (s *session) write(text []byte, pager string) error {
	columns, rows, ok := s.person()
	if ok && pager != "" && !s.watch && s.wait == 0 && render.Rows(text, columns) >= rows {
		if err := s.Page(pager, text); err == nil || !errors.Is(err, errNoPager) {
			return err
		}
	}
	_, err := s.Out.Write(text)
	return err
}

// pager is the command that shows long texts, as git chooses it: $PAGER, else less; "" where none is wanted.
func (s *session) pager() string {
	if s.view.noPager || s.Page == nil || s.Getenv("TERM") == "dumb" {
		return ""
	}
	pager := strings.TrimSpace(s.Getenv("PAGER"))
	if pager == "" {
		pager = "less"
	}
	if pager == "cat" {
		return ""
	}
	return pager
}

// errNoPager is the error where the pager could not be started, so that the text has still to be shown.
var errNoPager = errors.New("there is no such pager")

// inPager shows a text in a pager. less is told as git tells it: to end at once where all fits the screen, to let
// colours through, and to leave the text on the screen.
func inPager(command string, text []byte) error {
	words := strings.Fields(command)
	path, err := exec.LookPath(words[0])
	if err != nil {
		return errNoPager
	}
	c := exec.Command(path, words[1:]...)
	c.Stdin, c.Stdout, c.Stderr, c.Env = bytes.NewReader(text), os.Stdout, os.Stderr, os.Environ()
	for name, value := range map[string]string{"LESS": "FRX", "LV": "-c", "LESSCHARSET": "utf-8"} {
		if _, set := os.LookupEnv(name); !set {
			c.Env = append(c.Env, name+"="+value)
		}
	}
	signal.Ignore(os.Interrupt) // Ctrl-C is the pager's
	defer signal.Reset(os.Interrupt)
	if err := c.Start(); err != nil {
		return errNoPager
	}
	var exit *exec.ExitError
	if err := c.Wait(); err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("the pager %s: %w", words[0], err)
	}
	return nil
}

// again is the command line that asks the same again, without the flags that say how much is shown; "" where what it
// read is gone, or it is too long to be a hint.
func (s *session) again() string {
	if slices.Contains(s.files, "-") || s.converted {
		return ""
	}
	words := []string{"kubectl", "stuck"}
	skip := false
	for _, a := range s.args {
		name, _, valued := strings.Cut(a, "=")
		switch {
		case skip:
			skip = false
			continue
		case slices.Contains([]string{"-p", "--problem", "-o", "--output", "--color"}, name):
			skip = !valued
			continue
		case slices.Contains([]string{"--all", "--no-pager", "-w", "--watch"}, name),
			strings.HasPrefix(a, "-p"), strings.HasPrefix(a, "-o"):
			continue
		case !plainWord(a):
			return ""
		}
		words = append(words, a)
	}
	if line := strings.Join(words, " "); len(line) <= maxAgain {
		return line
	}
	return ""
}

// maxAgain is how long a command line may be that is shown to be pasted.
const maxAgain = 60

// plainWord reports whether a word of the command line is the same word in every shell, and none that is a secret.
func plainWord(s string) bool {
	return s != "" && !strings.HasPrefix(s, "--token") && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-._/:@+=,", r)
	})
}
