package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/cure"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/plan"
	"github.com/kubestuck/stuck/internal/remedy"
	"github.com/kubestuck/stuck/internal/render"
)

// screen is where a person reads: the error output where the output is a plan.
func (f *fixing) screen() io.Writer {
	if f.plan {
		return f.Err
	}
	return f.Out
}

// say says something to the person.
func (f *fixing) say(m message.Message) error { return render.Said(f.screen(), m, "", f.options()) }

// tellRecord says how what was done is taken back.
func (f *fixing) tellRecord(file string) error {
	return render.Said(f.screen(), message.Of("fix.record"), "kubectl stuck fix --undo "+shellWord(file), f.options())
}

// shellWord is a path as a shell takes it.
func shellWord(path string) string {
	if argument.Path.Holds(path) || argument.File.Holds(path) {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// ask asks the person, and returns what they typed. Ctrl-C and the end of the input are an answer, too: nothing is
// done.
func (f *fixing) ask(ctx context.Context, m message.Message) (string, error) {
	fmt.Fprintf(f.screen(), "\n%s", render.Safe(m.In(f.language)))
	type read struct {
		line string
		err  error
	}
	answer := make(chan read, 1)
	go func() {
		line, err := f.in.ReadString('\n')
		answer <- read{line, err}
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(f.screen())
		return "", failed(message.Of("fix.interrupted"), message.Of("cure.nothing"))
	case r := <-answer:
		if r.err != nil && r.line == "" {
			fmt.Fprintln(f.screen())
			return "", failed(message.Of("fix.interrupted"), message.Of("cure.nothing"))
		}
		return strings.TrimSpace(r.line), nil
	}
}

// confirm asks until the answer is yes or no. Whole words: a key that was pressed too often agrees to nothing.
func (f *fixing) confirm(ctx context.Context, m message.Message) (bool, error) {
	for range 3 {
		switch answer, err := f.ask(ctx, m); {
		case err != nil:
			return false, err
		case answer == "yes" || answer == "是":
			return true, nil
		case answer == "no" || answer == "否" || answer == "":
			return false, nil
		}
	}
	return false, nil
}

// shared are the kinds that others than the Pod that is stuck may use.
var shared = map[string]bool{"ConfigMap": true, "ServiceAccount": true, "ResourceQuota": true, "LimitRange": true,
	"Node": true, "PersistentVolume": true, "StorageClass": true, "Namespace": true}

// shown are changes as a person agrees to them.
func (f *fixing) shown(all []cure.Change) []render.Alteration {
	var out []render.Alteration
	for _, c := range all {
		what := c.Object.TypeName()
		r := render.Alteration{Diff: c.Diff, What: message.Of("fix."+c.Verb, "what", what, "n", int(c.Revision))}
		note := ""
		switch kind := c.Object.Kind; {
		case c.Verb == remedy.VerbReplace:
			note = "fix.note.gone"
		case c.Verb == remedy.VerbDelete && cure.Owned(c.Before):
			note = "fix.note.again"
		case c.Verb == remedy.VerbDelete:
			note = "fix.note.lost"
		case c.Verb != remedy.VerbCreate && plan.RollsOut(kind):
			note = "fix.note.rollout"
		case c.Verb != remedy.VerbCreate && shared[kind]:
			note = "fix.note.others"
		default:
			note = "fix.note.none"
		}
		r.Note = append(r.Note, message.Message{Code: note})
		if c.Verb == remedy.VerbDelete {
			r.Note = append(r.Note, message.Of("fix.note.no-undo"))
		} else {
			r.Note = append(r.Note, message.Of("fix.note.undo"))
		}
		out = append(out, r)
	}
	return out
}
