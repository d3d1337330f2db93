package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
)

// Tour breaks the cluster in all the given ways at once, runs the commands on it, and returns the transcript as
// Markdown. Then it heals.
func (r *Runner) Tour(ctx context.Context, faults []Fault, commands [][]string) (string, error) {
	if err := r.connect(); err != nil {
		return "", err
	}
	errs := make([]error, len(faults))
	var wg sync.WaitGroup
	for i, f := range faults {
		wg.Go(func() {
			filled := f.fill(r.run, r.Lab.Bin())
			errs[i] = r.breakIt(ctx, filled)
			if errs[i] == nil {
				errs[i] = r.waitShown(ctx, filled)
			}
		})
	}
	wg.Wait()
	defer func() {
		for _, f := range faults {
			r.remove(ctx, f.fill(r.run, r.Lab.Bin()))
		}
	}()
	if err := errors.Join(errs...); err != nil {
		return "", err
	}
	var b strings.Builder
	for _, f := range faults {
		fmt.Fprintf(&b, "- `%s`: %s\n", f.Name, f.About)
	}
	for _, c := range commands {
		out, err := r.transcript(ctx, c)
		if err != nil {
			return "", err
		}
		b.WriteString(out)
	}
	return b.String(), nil
}

// transcript runs kubectl-stuck with these arguments as a person would; exit code 1 says that something is stuck.
func (r *Runner) transcript(ctx context.Context, args []string) (string, error) {
	cmd := exec.CommandContext(ctx, r.Stuck, args...)
	cmd.Env = append(r.Lab.Env(), "COLUMNS=80", "LC_ALL=C.UTF-8")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		return "", fmt.Errorf("kubectl-stuck %s: %w: %s", strings.Join(args, " "), err, out.String())
	}
	shown := strings.TrimRight(strings.Join(append([]string{"kubectl stuck"}, args...), " "), " ")
	return fmt.Sprintf("\n```\n$ %s\n%s```\n", shown, out.String()), nil
}
