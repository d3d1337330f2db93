package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
)

// report is what of the JSON contract is checked.
type report struct {
	Problems []problem                              `json:"problems"`
	Pods     struct{ Stuck, Starting, Missing int } `json:"pods"`
	// the problems, to the byte, but for what must differ between two collections
	raw  string
	exit int
}

type problem struct {
	Cause string `json:"cause"`
	Blame struct{ Kind, Namespace, Name string }
	Fix   []struct{ Do, Run string }
}

// blame is Kind/name or Kind/namespace/name.
func (p problem) blame() string {
	parts := []string{p.Blame.Kind, p.Blame.Namespace, p.Blame.Name}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "/")
}

func (r report) String() string {
	if len(r.Problems) == 0 {
		return fmt.Sprintf("no problem (exit code %d)", r.exit)
	}
	var s []string
	for _, p := range r.Problems {
		s = append(s, p.Cause+" "+p.blame())
	}
	return fmt.Sprintf("%s (missing %d, exit code %d)", strings.Join(s, ", "), r.Pods.Missing, r.exit)
}

// diagnose runs kubectl-stuck; exit codes 0 and 1 are answers.
func (r *Runner) diagnose(ctx context.Context, args ...string) (report, error) {
	cmd := exec.CommandContext(ctx, r.Stuck, append(args, "--output", "json")...)
	cmd.Env = r.Lab.Env()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		return report{}, fmt.Errorf("kubectl-stuck %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	got, err := parseReport(out)
	got.exit = cmd.ProcessState.ExitCode()
	return got, err
}

// checkTimeout is for how long an answer may be wrong: some faults show before all of their effects do, some only by
// silence.
const checkTimeout = time.Minute

// check asks until the answer is right, for as long as checkTimeout.
func (r *Runner) check(ctx context.Context, f Fault) error {
	var wrong error
	for start := time.Now(); time.Since(start) < checkTimeout && ctx.Err() == nil; time.Sleep(2 * time.Second) {
		if wrong = r.answers(ctx, f); wrong == nil {
			return nil
		}
	}
	lines, err := r.facts(ctx, f.Name)
	if err != nil {
		return errors.Join(wrong, err)
	}
	return fmt.Errorf("%w; what it had to go by:%s", wrong, indented(lines))
}

// sample asks again and again, and wants each answer to be right.
func (r *Runner) sample(ctx context.Context, f Fault) error {
	for i := range f.Samples {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(sampleEvery):
		}
		if err := r.answers(ctx, f); err != nil {
			return fmt.Errorf("sample %d of %d: %w", i+1, f.Samples, err)
		}
	}
	return nil
}

// sampleEvery is no divisor of what happens each minute, or in the pauses of a container that crashes.
const sampleEvery = 4700 * time.Millisecond

// answers asks once in each way that the fault names.
func (r *Runner) answers(ctx context.Context, f Fault) error {
	got, err := r.diagnose(ctx, "--namespace", f.Name)
	if err != nil {
		return err
	}
	if err := compare(f, got); err != nil {
		return err
	}
	if len(f.Says) > 0 {
		if err := r.says(ctx, got.exit, f.Says, "--namespace", f.Name); err != nil {
			return err
		}
	}
	for _, q := range f.Asked {
		if err := r.says(ctx, q.Exit, q.Says, "--namespace", f.Name, q.About); err != nil {
			return err
		}
	}
	return nil
}

// compare wants the expected problems and no other, the first one first, and the exit code that follows.
func compare(f Fault, got report) error {
	wrong := fmt.Errorf("expected %v, missing %d; got: %s", f.Expect, f.Missing, got)
	if len(got.Problems) != len(f.Expect) || got.Pods.Missing != f.Missing || got.exit != min(len(f.Expect), 1) {
		return wrong
	}
	if len(f.Expect) > 0 && !f.Expect[0].is(got.Problems[0]) {
		return wrong
	}
	for _, w := range f.Expect {
		if !slices.ContainsFunc(got.Problems, w.is) {
			return wrong
		}
	}
	return nil
}

// says wants an exit code, and words on the screen.
func (r *Runner) says(ctx context.Context, exit int, words []string, args ...string) error {
	cmd := exec.CommandContext(ctx, r.Stuck, append(args, "--lang", "en")...)
	cmd.Env = r.Lab.Env()
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		return err
	}
	if got := cmd.ProcessState.ExitCode(); got != exit {
		return fmt.Errorf("kubectl-stuck %s: exit code %d, not %d: %s", strings.Join(args, " "), got, exit, out)
	}
	if missing := unseen(words, []string{unwrap(string(out))}); missing != "" {
		return fmt.Errorf("kubectl-stuck %s does not say %q: %s", strings.Join(args, " "), missing, out)
	}
	return nil
}

// unwrap makes one line of what was broken into many, quotations too.
func unwrap(screen string) string {
	return strings.Join(strings.Fields(quoteMark.ReplaceAllString(screen, " ")), " ")
}

var quoteMark = regexp.MustCompile(`(?m)^ *> `)

// cure does what the first problem says to do, as it is printed, and waits until nothing is stuck.
func (r *Runner) cure(ctx context.Context, f Fault) error {
	got, err := r.diagnose(ctx, "--namespace", f.Name)
	if err != nil {
		return err
	}
	if len(got.Problems) == 0 || len(got.Problems[0].Fix) < f.Cure || got.Problems[0].Fix[f.Cure-1].Run == "" {
		return fmt.Errorf("remedy %d has no command: %s", f.Cure, got)
	}
	run := got.Problems[0].Fix[f.Cure-1].Run
	if err := r.asTyped(ctx, run); err != nil {
		return fmt.Errorf("remedy %q: %w", run, err)
	}
	if err := r.waitHealthy(ctx, f.Name); err != nil {
		return fmt.Errorf("remedy %q does not cure: %w", run, err)
	}
	return nil
}

func (e Expectation) is(p problem) bool {
	return slices.Contains(strings.Split(e.Cause, "|"), p.Cause) &&
		(e.Blame == "" || slices.Contains(strings.Split(e.Blame, "|"), p.blame()))
}

// checkCapture wants from a saved snapshot what the live cluster gave, to the byte. As a cluster goes on counting
// events, a pair is taken anew where something happened in between.
func (r *Runner) checkCapture(ctx context.Context, f Fault) error {
	var live, saved report
	for range 6 {
		dir, err := os.MkdirTemp("", "capture")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		cmd := exec.CommandContext(ctx, r.Stuck, "capture", "--namespace", f.Name, "--output", filepath.Join(dir, "c"))
		cmd.Env = r.Lab.Env()
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("capture: %w: %s", err, out)
		}
		if live, err = r.diagnose(ctx, "--namespace", f.Name); err != nil {
			return err
		}
		if saved, err = r.diagnose(ctx, "--filename", filepath.Join(dir, "c")); err != nil {
			return err
		}
		if live.raw == saved.raw {
			return nil
		}
	}
	return fmt.Errorf("the saved snapshot gives other problems than the live cluster; live - and saved +:\n%s",
		cmp.Diff(strings.Split(live.raw, "\n"), strings.Split(saved.raw, "\n")))
}

func parseReport(out []byte) (report, error) {
	var doc struct {
		Problems []any `json:"problems"`
	}
	var got report
	if err := json.Unmarshal(out, &doc); err != nil {
		return got, fmt.Errorf("kubectl-stuck printed no JSON: %w: %.200s", err, out)
	}
	withoutPlaces(doc.Problems)
	raw, err := json.MarshalIndent(doc.Problems, "", " ")
	if err != nil {
		return got, err
	}
	got.raw = age.ReplaceAllString(string(raw), "AGE")
	return got, json.Unmarshal(out, &got)
}

// age is what a problem says of how long something lasts: on the next collection it is another.
var age = regexp.MustCompile(`\b([0-9]+h)?([0-9]+m)?[0-9]+s\b`)

// withoutPlaces takes out where evidence was read: a live cluster has no files and lines.
func withoutPlaces(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			withoutPlaces(e)
		}
	case map[string]any:
		delete(v, "file")
		delete(v, "line")
		for _, e := range v {
			withoutPlaces(e)
		}
	}
}
