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
	Problems []problem                     `json:"problems"`
	Pods     struct{ Stuck, Starting int } `json:"pods"`
	// the problems, to the byte, but for what must differ between two collections
	raw string
}

type problem struct {
	Cause string `json:"cause"`
	Blame struct{ Kind, Namespace, Name string }
}

// blame is Kind/name or Kind/namespace/name.
func (p problem) blame() string {
	parts := []string{p.Blame.Kind, p.Blame.Namespace, p.Blame.Name}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "/")
}

func (r report) String() string {
	if len(r.Problems) == 0 {
		return "no problem"
	}
	var s []string
	for _, p := range r.Problems {
		s = append(s, p.Cause+" "+p.blame())
	}
	return strings.Join(s, ", ")
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
	return parseReport(out)
}

// checkTimeout is for how long an answer may be wrong: some faults show before all of their effects do, some only by
// silence.
const checkTimeout = time.Minute

// check asks until the answer is right, for as long as checkTimeout.
func (r *Runner) check(ctx context.Context, f Fault) error {
	var wrong error
	for start := time.Now(); time.Since(start) < checkTimeout && ctx.Err() == nil; time.Sleep(2 * time.Second) {
		got, err := r.diagnose(ctx, "--namespace", f.Name)
		if err == nil {
			err = compare(f.Expect, got)
		}
		if wrong = err; wrong == nil {
			return nil
		}
	}
	lines, err := r.facts(ctx, f.Name)
	if err != nil {
		return errors.Join(wrong, err)
	}
	return fmt.Errorf("%w; what it had to go by:%s", wrong, indented(lines))
}

// compare wants the expected problems and no other, the first one first.
func compare(want []Expectation, got report) error {
	wrong := fmt.Errorf("expected %v, got: %s", want, got)
	if len(got.Problems) != len(want) {
		return wrong
	}
	if len(want) > 0 && !want[0].is(got.Problems[0]) {
		return wrong
	}
	for _, w := range want {
		if !slices.ContainsFunc(got.Problems, w.is) {
			return wrong
		}
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
