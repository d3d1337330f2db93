package cli

import (
	"bufio"
	"context"
	"maps"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cure"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/plan"
	"github.com/kubestuck/stuck/internal/remedy"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

// fixFlags are what a person says beforehand of what may be done.
type fixFlags struct {
	plan          bool
	apply         string
	approve       string
	undo          string
	yes           bool
	maxRisk       string
	evenIfManaged bool
	step          int
	set           []string
	wait          time.Duration
	record        string
}

// A fixing is one run of kubectl stuck fix.
type fixing struct {
	*session
	fixFlags
	args    []string
	answers map[string]string
	cat     *diagnose.Catalogue
	client  *live.Client
	scope   live.Scope
	cure    *cure.Client
	in      *bufio.Reader
	snap    *cluster.Snapshot // of the newest diagnosis
	report  *diagnose.Report
}

// fix takes the last step for a person who agrees to it: from the answer to a Pod that runs.
func (s *session) fix() *cobra.Command {
	f, from := &fixing{session: s}, &target{}
	c := &cobra.Command{
		Use: "fix [POD | TYPE/NAME]",
		Example: s.examples(example{"kubectl stuck fix deploy/web -n shop", "help.fix.ask"},
			example{"kubectl stuck fix deploy/web --plan > plan.yaml", "help.fix.plan"},
			example{"kubectl stuck fix --apply plan.yaml --approve HASH", ""},
			example{"kubectl stuck fix --undo plan.yaml", "help.fix.undo"},
			example{"kubectl stuck fix pod/web --yes --set IMAGE=web:1", ""}),
		RunE: func(c *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			s.target, f.args, s.output = *from, args, "text"
			s.startingFor = 30 * time.Second
			return f.run(ctx)
		},
	}
	flags := c.Flags()
	flags.BoolVar(&f.plan, "plan", false, "")
	flags.StringVar(&f.apply, "apply", "", "")
	flags.StringVar(&f.approve, "approve", "", "")
	flags.StringVar(&f.undo, "undo", "", "")
	flags.BoolVar(&f.yes, "yes", false, "")
	flags.StringVar(&f.maxRisk, "max-risk", remedy.Low, "")
	flags.BoolVar(&f.evenIfManaged, "even-if-managed", false, "")
	flags.IntVar(&f.step, "step", 0, "")
	flags.StringArrayVar(&f.set, "set", nil, "")
	flags.DurationVar(&f.fixFlags.wait, "wait", 3*time.Minute, "")
	flags.StringVar(&f.record, "record", "", "")
	complete(c, "max-risk", maxRisks...)
	from.flags(c)
	return c
}

// maxRisks are what --yes may risk. What can lose data is done for a person who types its name alone.
var maxRisks = remedy.Risks[:3]

// run does what the flags say.
func (f *fixing) run(ctx context.Context) error {
	if err := f.checkFlags(); err != nil {
		return err
	}
	var err error
	if f.cat, err = f.catalogue(); err != nil {
		return err
	}
	if f.client, f.scope, err = f.connect(&f.target, f.args); err != nil {
		return err
	}
	f.cure, f.in = cure.New(f.client, f.Now), bufio.NewReader(f.In)
	switch {
	case f.undo != "":
		return f.takeBackFile(ctx)
	case f.apply != "":
		return f.applyFile(ctx)
	}
	return f.converse(ctx)
}

func (f *fixing) checkFlags() error {
	one := 0
	for _, set := range []bool{f.plan, f.apply != "", f.undo != ""} {
		if set {
			one++
		}
	}
	switch {
	case one > 1:
		return failed(message.Of("fix.only-one"), message.Of("cli.wait.one"))
	case f.apply != "" && f.approve == "":
		return failed(message.Of("fix.approve"), message.Of("fix.approve.todo"))
	case !slices.Contains(maxRisks, f.maxRisk):
		return failed(message.Of("cli.flag.invalid", "flag", "--max-risk", "value", f.maxRisk),
			message.Of("cli.flag.one-of", "values", strings.Join(maxRisks, ", ")))
	}
	f.answers = map[string]string{}
	for _, pair := range f.set {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return failed(message.Of("fix.set", "value", pair), message.Of("cli.see-help", "command", "kubectl stuck fix"))
		}
		f.answers[name] = value
	}
	return checkAnswers(f.answers)
}

// checkAnswers is the error where a value is not one that can stand for its name in a command: on the command line, and
// in a plan that anybody may have written.
func checkAnswers(answers map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		if value := answers[name]; !diagnose.Answer(name, value) {
			return failed(message.Of("fix.set.type", "name", name, "value", value),
				message.Of("fix.set.todo", "type", typeOf(name)))
		}
	}
	return nil
}

// typeOf is what a name in a command stands for, in words.
func typeOf(name string) message.Message {
	if t := diagnose.Meaning(name); t != "" {
		return message.Quote(t)
	}
	if diagnose.TakesWords(name) {
		return message.Of("fix.words")
	}
	return message.Of("fix.word")
}

// look diagnoses the cluster as it is now.
func (f *fixing) look(ctx context.Context) error {
	snap, err := f.progress().collect(ctx, f.client, f.scope, f.collection(&f.target, f.cat))
	if err != nil {
		return unanswered(err)
	}
	f.snap, f.report = snap, diagnose.Run(snap, f.cat, f.asking(f.scope))
	return missing(snap, f.scope)
}

// A choice is one step that can be done here, or why it cannot.
type choice struct {
	render.Choice
	problem int
	finding *diagnose.Finding
	at      int // the step's place among those of the problem
}

// choices are the steps of all problems, those that can be done here with a number.
func (f *fixing) choices() (all []choice) {
	n := 0
	for i := range f.report.Problems {
		p := &f.report.Problems[i]
		finding := &p.Findings[0]
		for at, step := range f.report.Answered(finding, f.answers).Fix {
			c := choice{problem: i, finding: finding, at: at, Choice: render.Choice{Step: step}}
			switch {
			case p.Certainty != diagnose.Proven:
				c.Why = message.Of("fix.why.likely")
			case f.can(finding, at, step):
				n++
				c.Number = n
			case step.Run == "" || argument.Changes(step.Run): // else it only looks
				c.Why = message.Of("fix.why.elsewhere")
			}
			all = append(all, c)
		}
	}
	return all
}

// can reports whether a step is done through the API, whatever a person fills in.
func (f *fixing) can(finding *diagnose.Finding, at int, step diagnose.Step) bool {
	answers := map[string]string{}
	for _, name := range step.Holes {
		answers[name] = "1" // a value of nearly every type
	}
	for name, value := range f.answers {
		answers[name] = value
	}
	steps := f.report.Answered(finding, answers).Fix
	if at >= len(steps) {
		return false
	}
	_, ok := remedy.Operations(steps[at].Run)
	return ok
}

// converse shows what is stuck and what can be done, asks, and does it, until nothing is left.
func (f *fixing) converse(ctx context.Context) error {
	const rounds = 10
	var tried []string
	for range rounds {
		if err := f.look(ctx); err != nil {
			return err
		}
		if len(f.report.Problems) == 0 && len(tried) > 0 { // that all has started has been said
			return nil
		}
		all := f.choices()
		if len(f.report.Problems) == 0 {
			return f.show(f.report)
		}
		f.code = ExitStuck
		c, err := f.choose(ctx, all, tried)
		if err != nil || c == nil {
			return err
		}
		goesOn, err := f.do(ctx, c)
		if err != nil || !goesOn {
			return err
		}
		tried = append(tried, key(f.report, c))
	}
	return nil
}

// key tells whether the same was tried before.
func key(r *diagnose.Report, c *choice) string {
	p := &r.Problems[c.problem]
	return p.Cause + " " + p.Blame.String() + " " + c.finding.Maker().String()
}

// list shows the problems with their choices.
func (f *fixing) list(all []choice) error {
	for i := range f.report.Problems {
		var of []render.Choice
		for _, c := range all {
			if c.problem == i {
				of = append(of, c.Choice)
			}
		}
		if err := render.Choices(f.screen(), f.report, i, of, f.options()); err != nil {
			return err
		}
	}
	return nil
}

// choose is the step to be done; nil for none.
func (f *fixing) choose(ctx context.Context, all []choice, tried []string) (*choice, error) {
	if err := f.list(all); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c choice) bool { return c.Number == 0 })
	if len(all) == 0 {
		f.code = ExitStuck
		return nil, f.say(message.Of("fix.none"))
	}
	if f.step > 0 {
		i := slices.IndexFunc(all, func(c choice) bool { return c.Number == f.step })
		if i < 0 {
			return nil, failed(message.Of("fix.step.none", "n", f.step), message.Of("fix.step.todo"))
		}
		if len(tried) > 0 {
			return nil, nil
		}
		return &all[i], nil
	}
	switch {
	case f.yes:
		return f.first(all, tried)
	case f.plan:
		return &all[0], nil
	case !f.Asks:
		return nil, failed(message.Of("fix.unasked"), message.Of("fix.unasked.todo"))
	}
	for {
		answer, err := f.ask(ctx, message.Of("fix.choose"))
		if err != nil || answer == "" {
			return nil, err
		}
		for i := range all {
			if answer == strconv.Itoa(all[i].Number) {
				return &all[i], nil
			}
		}
	}
}

// first is the first step that may be done without asking. A problem for which one was done is not gone on with.
func (f *fixing) first(all []choice, tried []string) (*choice, error) {
	var holes []string
	least := ""
	for i := range all {
		c := &all[i]
		switch {
		case slices.Contains(tried, key(f.report, c)):
		case remedy.Worst(c.Step.Risk, f.maxRisk) != f.maxRisk:
			if least == "" || remedy.Worst(least, c.Step.Risk) == least {
				least = c.Step.Risk
			}
		case len(c.Step.Holes) > 0:
			holes = append(holes, c.Step.Holes...)
		default:
			return c, nil
		}
	}
	switch {
	case len(tried) > 0:
		return nil, nil
	case len(holes) > 0:
		return nil, failed(message.Of("fix.hole", "names", strings.Join(slices.Compact(holes), ", ")),
			message.Of("fix.hole.todo", "name", holes[0]))
	case least == remedy.DataLoss:
		return nil, failed(message.Of("fix.risk.data"), message.Of("fix.risk.data.todo"))
	}
	return nil, failed(message.Of("fix.risk", "most", f.maxRisk),
		message.Of("fix.risk.todo", "risk", least))
}

// do does one step: it fills in what only a person knows, shows the change, asks, and carries it out.
func (f *fixing) do(ctx context.Context, c *choice) (goesOn bool, err error) {
	if err := f.fillIn(ctx, c); err != nil {
		return false, err
	}
	p, changes, err := f.planOf(ctx, c)
	if err != nil {
		return false, err
	}
	if f.plan {
		data, err := p.Encode()
		if err == nil {
			_, err = f.Out.Write(data)
		}
		f.code = ExitFine
		return false, err
	}
	agreed, err := f.agrees(ctx, p)
	if err != nil || !agreed {
		f.code = ExitStuck
		return false, err
	}
	file, err := f.recordFile(p)
	if err != nil {
		return false, err
	}
	return f.carryOut(ctx, p, changes, file)
}

// fillIn asks for what only a person knows.
func (f *fixing) fillIn(ctx context.Context, c *choice) error {
	for _, name := range c.Step.Holes {
		if !f.Asks || f.yes {
			return failed(message.Of("fix.hole", "names", strings.Join(c.Step.Holes, ", ")),
				message.Of("fix.hole.todo", "name", name))
		}
		for {
			q := message.Of("fix.value", "name", name, "type", typeOf(name))
			if diagnose.Meaning(name) == "" && !diagnose.TakesWords(name) {
				q = message.Of("fix.value.any", "name", name)
			}
			value, err := f.ask(ctx, q)
			if err != nil {
				return err
			}
			if diagnose.Answer(name, value) {
				f.answers[name] = value
				break
			}
			if err := f.say(message.Of("fix.value.wrong", "name", name)); err != nil {
				return err
			}
		}
	}
	if steps := f.report.Answered(c.finding, f.answers).Fix; c.at < len(steps) {
		c.Step = steps[c.at]
	}
	return nil
}

// planOf makes a plan of a step, and shows what it would change.
func (f *fixing) planOf(ctx context.Context, c *choice) (*plan.Plan, []cure.Change, error) {
	ops, ok := remedy.Operations(c.Step.Run)
	if !ok {
		return nil, nil, failed(message.Of("fix.why.elsewhere"), message.Message{})
	}
	where, err := f.cure.Cluster(ctx)
	if err != nil {
		return nil, nil, unanswered(err)
	}
	changes, err := f.cure.Prepare(ctx, ops)
	if err != nil {
		return nil, nil, err
	}
	pr := &f.report.Problems[c.problem]
	now := f.Now().UTC().Truncate(time.Second)
	p := &plan.Plan{APIVersion: plan.APIVersion, Kind: plan.Kind, Made: now, Expires: now.Add(plan.Valid),
		By: f.cure.User(ctx), Cluster: where,
		Problem: plan.Problem{Cause: pr.Cause, Blame: pr.Blame, Subject: c.finding.Subject(), Workload: c.finding.Maker()},
		Step:    plan.Step{Do: c.Step.Do.In(f.language), Run: c.Step.Run, Risk: c.Step.Risk, Answers: f.answers}}
	for _, ch := range changes {
		p.Actions = append(p.Actions, ch.Action)
	}
	if err := render.Alterations(f.screen(), f.shown(changes), f.options()); err != nil {
		return nil, nil, err
	}
	if err := f.guard(ctx, p, changes); err != nil {
		return nil, nil, err
	}
	p.Hash = p.Sum()
	return p, changes, nil
}

// stuckBy are the Pods that a problem blocks, of all workloads that have it.
func (f *fixing) stuckBy(p *plan.Problem) []cluster.Ref {
	out := []cluster.Ref{p.Subject}
	for i := range f.report.Problems {
		if pr := &f.report.Problems[i]; pr.Cause == p.Cause && pr.Blame == p.Blame {
			for j := range pr.Findings {
				out = append(out, pr.Findings[j].Subject())
			}
		}
	}
	return out
}

// guard is the error where a plan must not be carried out.
func (f *fixing) guard(ctx context.Context, p *plan.Plan, changes []cure.Change) error {
	if err := p.Small(func(ns string) (int, error) { return f.cure.CountPods(ctx, ns) }); err != nil {
		return err
	}
	stuck := f.stuckBy(&p.Problem)
	for i := range changes {
		c := &changes[i]
		if err := c.Managed(c.Before); err != nil && !f.evenIfManaged {
			return err
		}
		if err := c.UnderWay(f.snap, stuck, c.Before); err != nil {
			return err
		}
	}
	return nil
}

// agrees reports whether a person wants a plan to be carried out.
func (f *fixing) agrees(ctx context.Context, p *plan.Plan) (bool, error) {
	if p.Step.Risk == remedy.DataLoss {
		return f.names(ctx, p)
	}
	if f.yes {
		return true, nil
	}
	yes, err := f.confirm(ctx, message.Of("fix.agree"))
	if err == nil && !yes {
		err = f.say(message.Of("fix.no"))
	}
	return yes, err
}

// names reports whether a person types the name of the object whose data may be lost: to agree to that takes no less,
// neither --yes nor the hash of a plan.
func (f *fixing) names(ctx context.Context, p *plan.Plan) (bool, error) {
	if !f.Asks {
		return false, failed(message.Of("fix.risk.data"), message.Of("fix.risk.data.todo"))
	}
	name := p.Actions[0].Object.Name
	answer, err := f.ask(ctx, message.Of("fix.type-name", "name", name))
	if err != nil || answer == name {
		return err == nil, err
	}
	return false, f.say(message.Of("fix.no"))
}
