package cli

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cure"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/plan"
	"github.com/kubestuck/stuck/internal/remedy"
	"github.com/kubestuck/stuck/internal/render"
)

// recordFile is where it is written down what a plan did, so that it can be taken back.
func (f *fixing) recordFile(p *plan.Plan) (string, error) {
	if f.record != "" {
		return unused(f.record), nil
	}
	dir := f.Getenv("XDG_STATE_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", failedBy(err, message.Of("cure.record", "why", reason(err)), message.Of("cure.nothing"))
		}
		dir = filepath.Join(home, ".local", "state")
	}
	name := "fix-" + p.Made.Format("20060102-150405") + "-" + p.Hash[:8] + ".yaml"
	return filepath.Join(dir, "kubectl-stuck", name), nil
}

// unused is a name like a file's that no file has: the record of one change must not replace that of another.
func unused(file string) string {
	ext := filepath.Ext(file)
	name := file
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); err != nil {
			return name
		}
		name = strings.TrimSuffix(file, ext) + "-" + strconv.Itoa(n) + ext
	}
}

// writeRecord writes a plan with what became of it. Nobody else may read it: it can hold a whole Pod.
func writeRecord(file string, p *plan.Plan) error {
	data, err := p.Encode()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	part := file + ".part"
	if err := os.WriteFile(part, data, 0o600); err != nil {
		return err
	}
	return os.Rename(part, file)
}

// carryOut carries out a plan that a person has agreed to, and waits for what comes of it.
func (f *fixing) carryOut(ctx context.Context, p *plan.Plan, checked []cure.Change, file string) (bool, error) {
	before := f.unstarted()
	save := func() error { return writeRecord(file, p) }
	if err := f.cure.Apply(ctx, p, checked, save); err != nil {
		return false, f.afterFailure(ctx, p, file, err)
	}
	if err := f.await(ctx, p, before); err != nil {
		_ = f.tellRecord(file) // the error says more
		return false, err
	}
	if f.code != ExitFine && f.Asks && !f.yes && f.apply == "" {
		back, err := f.confirm(ctx, message.Of("fix.take-back"))
		if err != nil || back {
			if err == nil {
				err = f.takeBack(ctx, p, file)
			}
			f.code = ExitStuck
			return false, err
		}
	}
	if err := f.tellRecord(file); err != nil {
		return false, err
	}
	return f.code == ExitFine && f.apply == "", nil
}

// afterFailure offers to take back what was done of a plan that could not be carried out to its end.
func (f *fixing) afterFailure(ctx context.Context, p *plan.Plan, file string, err error) error {
	if len(p.Done) == 0 {
		return err
	}
	if n, unknown := cure.Carries(p); n > 0 && !unknown && f.Asks && !f.yes && ctx.Err() == nil {
		f.complain(err)
		back, asked := f.confirm(ctx, message.Of("fix.take-back"))
		if asked == nil && back {
			f.code = ExitFailed
			return f.takeBack(ctx, p, file)
		}
	}
	_ = f.tellRecord(file) // the error says more
	return err
}

// unstarted are the Pods that have not started: what is said of them is from before the change.
func (f *fixing) unstarted() map[types.UID]bool {
	out := map[types.UID]bool{}
	for _, p := range cluster.Objects[corev1.Pod](f.snap) {
		out[p.UID] = true
	}
	return out
}

// waited are the kinds whose start can be waited for.
var waited = []string{"Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"}

// await waits until what a plan is about has started.
func (f *fixing) await(ctx context.Context, p *plan.Plan, before map[types.UID]bool) error {
	of := p.Problem.Workload
	for _, a := range p.Actions { // a run of a CronJob
		if a.Verb == remedy.VerbCreate && a.Object.Kind == "Job" {
			of = a.Object
		}
	}
	if !slices.Contains(waited, of.Kind) {
		f.code = ExitFine
		return f.say(message.Of("fix.done.short"))
	}
	if err := f.say(message.Of("fix.done", "what", of.TypeName())); err != nil {
		return err
	}
	scope := live.Scope{Namespace: of.Namespace, Owner: of}
	if of.Kind == "Pod" {
		scope = live.Scope{Namespace: of.Namespace, Name: of.Name}
	}
	s := *f.session
	s.wait = f.fixFlags.wait
	w := &wait{session: &s, cat: f.cat, scope: scope, place: of.TypeName(), start: f.Now(), before: before}
	err := w.run(ctx, f.client)
	f.code = s.code
	if err != nil && ctx.Err() != nil {
		return failed(message.Of("fix.waiting.over"), message.Message{})
	}
	return err
}

// takeBack takes back what a plan did.
func (f *fixing) takeBack(ctx context.Context, p *plan.Plan, file string) error {
	back, checked, left, err := f.cure.Undo(ctx, p)
	if err != nil {
		return err
	}
	for _, a := range left {
		if err := f.say(message.Of("fix.undone.left", "what", a.Object.TypeName())); err != nil {
			return err
		}
	}
	if len(back.Actions) == 0 {
		return f.say(message.Of("fix.undone.same"))
	}
	if err := render.Alterations(f.screen(), f.shown(checked), f.options()); err != nil {
		return err
	}
	if f.undo != "" && !f.yes {
		if !f.Asks {
			return failed(message.Of("fix.unasked"), message.Of("fix.unasked.undo"))
		}
		yes, err := f.confirm(ctx, message.Of("fix.agree"))
		if err != nil || !yes {
			f.code = ExitStuck
			return err
		}
	}
	save := func() error { return writeRecord(file+".undo", back) }
	if err := f.cure.Apply(ctx, back, checked, save); err != nil {
		return err
	}
	for i := range p.Done {
		p.Done[i].Result = plan.Undone
	}
	if err := writeRecord(file, p); err != nil {
		return failedBy(err, message.Of("cure.record", "why", reason(err)), message.Message{})
	}
	_ = os.Remove(file + ".undo") // it is in the record itself now
	return f.say(message.Of("fix.undone"))
}

// readPlan reads the file of a plan.
func (f *fixing) readPlan(ctx context.Context, file string) (*plan.Plan, error) {
	info, err := os.Stat(file)
	if err == nil && !info.Mode().IsRegular() {
		return nil, failed(message.Of("cli.read", "file", file, "why", message.Of("fix.no-file")), message.Message{})
	}
	data, err := readUpTo(file, plan.MaxSize+1)
	if err != nil {
		return nil, failedBy(err, message.Of("cli.read", "file", file, "why", reason(err)), message.Message{})
	}
	p, err := plan.Decode(data)
	if err != nil {
		return nil, err
	}
	here, err := f.cure.Cluster(ctx)
	if err != nil {
		return nil, unanswered(err)
	}
	return p, p.Elsewhere(here)
}

// readUpTo reads a file, and no more of it than that many bytes: what is longer is no plan.
func readUpTo(file string, most int64) ([]byte, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, most))
}

// takeBackFile takes back what a plan in a file did.
func (f *fixing) takeBackFile(ctx context.Context) error {
	p, err := f.readPlan(ctx, f.undo)
	if err != nil {
		return err
	}
	return f.takeBack(ctx, p, f.undo)
}

// applyFile carries out a plan in a file: exactly that, or nothing.
func (f *fixing) applyFile(ctx context.Context) error {
	p, err := f.readPlan(ctx, f.apply)
	if err != nil {
		return err
	}
	if err := p.Approved(f.approve, f.Now()); err != nil {
		return err
	}
	if err := checkAnswers(p.Step.Answers); err != nil {
		return err
	}
	w := p.Problem.Workload
	if f.scope = (live.Scope{Namespace: w.Namespace, Owner: w}); w.Kind == "Pod" {
		f.scope = live.Scope{Namespace: w.Namespace, Name: w.Name}
	}
	if err := f.look(ctx); err != nil {
		return err
	}
	if !f.stillSo(p) {
		return failed(message.Of("fix.over"), message.Of("cure.nothing"))
	}
	checked, err := f.cure.Check(ctx, p)
	if err != nil {
		return err
	}
	if err := f.guard(ctx, p, checked); err != nil {
		return err
	}
	if err := render.Alterations(f.screen(), f.shown(checked), f.options()); err != nil {
		return err
	}
	if p.Step.Risk == remedy.DataLoss {
		if agreed, err := f.names(ctx, p); err != nil || !agreed {
			f.code = ExitStuck
			return err
		}
	}
	_, err = f.carryOut(ctx, p, checked, f.apply)
	return err
}

// stillSo reports whether the problem of a plan is there, proven, and has the step that the plan is of: a plan cannot
// do what this program would not propose.
func (f *fixing) stillSo(p *plan.Plan) bool {
	for i := range f.report.Problems {
		pr := &f.report.Problems[i]
		if pr.Certainty != diagnose.Proven || pr.Cause != p.Problem.Cause || pr.Blame != p.Problem.Blame {
			continue
		}
		for j := range pr.Findings {
			for _, s := range f.report.Answered(&pr.Findings[j], p.Step.Answers).Fix {
				if ops, ok := remedy.Operations(s.Run); ok && s.Run == p.Step.Run && s.Risk == p.Step.Risk && p.Does(ops) {
					return true
				}
			}
		}
	}
	return false
}
