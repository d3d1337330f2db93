package e2e

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Remedy is what a person decides who does what the screen says.
type Remedy struct {
	// Answers are what stands in commands for what only a person knows, by its name there; see commonAnswers.
	Answers map[string]string `json:"answers,omitempty"`
	// None is why no command can cure it: a registry that is down.
	None string `json:"none,omitempty"`
}

// commonAnswers fill what a step leaves open, where a fault gives no other answer: things that the lab has.
var commonAnswers = map[string]string{
	"IMAGE": "registry.lab/busybox:1.36", "REGISTRY/NAME:TAG": "registry.lab/busybox:1.36", "MEMORY": "64Mi",
	"CPU": "10m", "AMOUNT": "10m", "SIZE": "1Gi", "UID": "1000", "GROUP": "1000", "USER": "lab", "PASSWORD": "s3cret",
	"KEY": "key", "VALUE": "value", "COMMAND": `sleep","86400`, "ARGUMENTS": `sleep","86400`,
	"PORT": "8080", "HOSTNAME": "lab-1", "PATH": "/tmp",
	"DIRECTORY": "/tmp", "ARCH": "amd64", "COUNT": "1", "KEY=VALUE": "key=value", "FILE": "/etc/hostname",
}

// A Cure is what came of doing what the screen says.
type Cure struct {
	Step    int           // of the first problem's steps, 1 being the first; 0 where none cured
	Command string        // that cured, as it was run
	Took    time.Duration // from the command until nothing was stuck
	Tried   []string      // what was run in vain or could not be, and why
	None    string        // why no command can
	Owner   string        // what the fault's Pods were made by: as in its file where empty
}

// A screenStep is one step of a problem as the screen shows it.
type screenStep struct{ command string }

var (
	stepNumber = regexp.MustCompile(`^ +(\d+)\. `)
	prompt     = regexp.MustCompile(`^( +)\$ (.*)$`)
)

// screenSteps are the steps under "What to do" of the first problem.
func screenSteps(screen string) []screenStep {
	var steps []screenStep
	begun, indent := false, ""
	for line := range strings.Lines(screen) {
		line = strings.TrimRight(line, "\n")
		switch m := prompt.FindStringSubmatch(line); {
		case strings.TrimSpace(line) == "What to do":
			begun = true
		case !begun:
		case strings.TrimSpace(line) == "":
			return steps
		case m != nil && len(steps) > 0:
			indent = m[1]
			steps[len(steps)-1].command = m[2]
		case len(steps) > 0 && indent != "" && strings.HasPrefix(line, indent+"  "):
			steps[len(steps)-1].command += "\n" + strings.TrimPrefix(line, indent+"  ")
		case stepNumber.MatchString(line):
			indent = ""
			steps = append(steps, screenStep{})
		}
	}
	return steps
}

var (
	hole     = regexp.MustCompile(`\b[A-Z][A-Z0-9]*(?:[-_/:=][A-Z][A-Z0-9]*)*\b`)
	noHole   = regexp.MustCompile(`^(?:HTTPS?|TCP|UDP|EOF|POST|GET)$`)
	reads    = regexp.MustCompile(`^kubectl (?:-n \S+ )?(?:get|describe|logs|explain|top|auth|events)\b[^|;&>]*$`)
	calls    = regexp.MustCompile(`^(?:echo '[^']*'\s*\| )?kubectl `)
	nodeWide = regexp.MustCompile(`kubectl (?:drain|taint|cordon|uncordon|delete node)\b`)
	edits    = regexp.MustCompile(`kubectl (?:-n \S+ )?edit\b|(?:^|; *)vi `)
)

// answer fills the holes of a command, and says which are left.
func answer(command string, answers map[string]string) (filled string, left []string) {
	filled = hole.ReplaceAllStringFunc(command, func(name string) string {
		if len(name) < 3 || noHole.MatchString(name) {
			return name
		}
		if value, ok := answerFor(name, answers); ok {
			return value
		}
		left = append(left, name)
		return name
	})
	return filled, left
}

// answerFor is what a person fills in for a name: what the fault says, or what is common to all; "" is no answer.
func answerFor(name string, answers map[string]string) (value string, ok bool) {
	if value, ok = answers[name]; !ok {
		value = commonAnswers[name]
	}
	return value, value != ""
}

// maxRounds is how often somebody asks again who has mended one thing and is told of the next.
const maxRounds = 5

// remedy does what the screen says about the first problem, one step after the other, until nothing is stuck. Where a
// step leaves another problem, that is gone on with, as a person would.
func (r *Runner) remedy(ctx context.Context, f Fault) (cure Cure, err error) {
	cure.None = f.Remedy.None
	start := time.Now()
	run := map[string]bool{}
	for range maxRounds {
		steps, problem, err := r.stepsOf(ctx, f, cure.Command != "")
		if err != nil {
			return cure, err
		}
		if len(steps) == 0 && cure.Command != "" && r.waitCured(ctx, f, problem) == nil { // it took its time
			return cure, nil
		}
		again := false
		for i, s := range steps {
			command, why := r.refusal(f, s.command)
			if run[command] {
				continue // in vain
			}
			if why == "" {
				run[command] = true
				cure.Step, cure.Command, cure.Took = i+1, command, time.Since(start)
				if err := r.asTyped(ctx, command); err != nil {
					why = fmt.Sprintf("%s: %v", command, err)
				} else if err := r.waitCured(ctx, f, problem); err == nil {
					cure.Step, cure.Command, cure.Took = i+1, command, time.Since(start)
					return cure, nil
				} else {
					why = fmt.Sprintf("%s: %v", command, err)
					again = errors.Is(err, errNext) || r.saysOther(ctx, f, steps)
				}
			}
			cure.Tried = append(cure.Tried, fmt.Sprintf("%d: %s", i+1, why))
			if again {
				break
			}
		}
		if !again {
			break
		}
	}
	if cure.Command != "" && r.waitCured(ctx, f, "") == nil { // what was done took its time
		return cure, nil
	}
	cure.Step, cure.Command = 0, ""
	return cure, ctx.Err()
}

// saysOther reports whether the screen tells to do something else by now: twice the memory was too little.
func (r *Runner) saysOther(ctx context.Context, f Fault, steps []screenStep) bool {
	now, _, err := r.stepsOf(ctx, f, true)
	return err == nil && len(now) > 0 && !slices.Equal(now, steps)
}

// stepsOf waits for an answer with steps, and says what its first problem is. After a step there may be none.
func (r *Runner) stepsOf(ctx context.Context, f Fault, done bool) ([]screenStep, string, error) {
	for end := time.Now().Add(3 * time.Minute); ; time.Sleep(2 * time.Second) {
		got, err := r.diagnose(ctx, "--namespace", f.Name)
		if err != nil {
			return nil, "", err
		}
		cmd := exec.CommandContext(ctx, r.Stuck, "--namespace", f.Name, "--lang", "en")
		cmd.Env = r.Lab.Env()
		screen, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			return nil, "", err
		}
		steps := screenSteps(string(screen))
		if len(steps) > 0 && len(got.Problems) > 0 || time.Now().After(end) || done && r.cured(ctx, f.Name) == nil {
			return steps, firstOf(got), nil
		}
	}
}

// firstOf is what a report's first problem is; "" where there is none.
func firstOf(got report) string {
	if len(got.Problems) == 0 {
		return ""
	}
	return got.Problems[0].Cause + " " + got.Problems[0].blame()
}

// refusal is a command with its answers, and why it is not run.
func (r *Runner) refusal(f Fault, text string) (command, why string) {
	command, left := answer(text, f.Remedy.Answers)
	switch {
	case command == "":
		why = "no command"
	case reads.MatchString(command): // headings of columns are no holes
		why = "reads only"
	case len(left) > 0:
		why = "needs " + strings.Join(left, ", ")
	case edits.MatchString(command):
		why = "an editor"
	case nodeWide.MatchString(command) && !f.Alone:
		why = "of the whole node"
	case !calls.MatchString(command) && !f.Alone: // others use the node
		why = "on the node"
	}
	return command, why
}

// errNext is that another problem stands first now.
var errNext = errors.New("another problem")

// curedWithin is how long after a remedy nothing may be stuck any more, and curedFor for how long it has to stay so:
// what crashes runs in between.
const (
	curedWithin = 75 * time.Second
	curedFor    = 12 * time.Second
)

// waitCured waits until nothing of the fault's namespace is stuck or starting, and there are Pods. Where another
// problem than before stands first for a while, the error is errNext.
func (r *Runner) waitCured(ctx context.Context, f Fault, before string) error {
	var last error
	var since time.Time
	for start := time.Now(); time.Since(start) < curedWithin || !since.IsZero(); time.Sleep(2 * time.Second) {
		if last = r.cured(ctx, f.Name); last != nil {
			since = time.Time{}
			if got, err := r.diagnose(ctx, "--namespace", f.Name); err == nil && firstOf(got) != "" &&
				before != "" && firstOf(got) != before && time.Since(start) > 20*time.Second {
				return fmt.Errorf("%w: %s", errNext, firstOf(got))
			}
			continue
		}
		if since.IsZero() {
			since = time.Now()
		}
		if time.Since(since) >= curedFor {
			return nil
		}
	}
	return last
}

func (r *Runner) cured(ctx context.Context, namespace string) error {
	pods, err := r.client.CoreV1().Pods(namespace).List(ctx, meta.ListOptions{})
	if apierrors.IsNotFound(err) || err == nil && len(pods.Items) == 0 {
		return fmt.Errorf("no Pods")
	}
	if err != nil {
		return err
	}
	got, err := r.diagnose(ctx, "--namespace", namespace, "--for", "0s")
	if err == nil && (got.exit != 0 || got.Pods.Starting > 0) {
		err = fmt.Errorf("still: %s", got)
	}
	return err
}

// Remedies breaks the cluster in each way, does what the screen says, and tells what came of it.
func (r *Runner) Remedies(ctx context.Context, faults []Fault, owner string) ([]Result, error) {
	var out []Fault
	for _, f := range faults {
		if len(f.Expect) == 0 {
			continue
		}
		objects, ok, err := ownedBy(f.Objects, owner)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if ok {
			f.Objects, f.doRemedy, f.owner = objects, true, owner
			f.Samples, f.Node, f.Cure, f.Asked, f.Says = 0, nil, 0, nil, nil
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Fault) int { return strings.Compare(a.Name, b.Name) })
	return r.Run(ctx, out)
}

// printCure prints a line of a result, and what was tried in vain.
func (r *Runner) printCure(result Result) {
	c := result.Cure
	switch {
	case result.Err != nil:
		fmt.Fprintf(r.Out, "ERROR   %-32s %v\n", result.Name, result.Err)
	case c.Step > 0:
		fmt.Fprintf(r.Out, "cured   %-32s by step %d after %3.0f s: %s\n", result.Name, c.Step, c.Took.Seconds(), c.Command)
	case c.None != "":
		fmt.Fprintf(r.Out, "none    %-32s %s\n", result.Name, c.None)
	default:
		fmt.Fprintf(r.Out, "UNCURED %-32s\n", result.Name)
	}
	if c.Step == 0 && c.None == "" {
		for _, t := range c.Tried {
			fmt.Fprintf(r.Out, "        %s\n", t)
		}
	}
}
