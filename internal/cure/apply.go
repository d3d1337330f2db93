package cure

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/plan"
	"github.com/kubestuck/stuck/internal/remedy"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// of reports whether an error is of a type, or has one of it inside.
func of[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// Check prepares the actions of a plan once more, and returns an error where anything would be done to another object,
// to an object that has been changed since, or with another outcome than was agreed to.
func (c *Client) Check(ctx context.Context, p *plan.Plan) ([]Change, error) {
	var ops []remedy.Operation
	for _, a := range p.Actions {
		ops = append(ops, a.Operation)
	}
	all, err := c.Prepare(ctx, ops)
	if err != nil {
		return nil, err
	}
	for i, now := range all {
		then := p.Actions[i]
		switch {
		case now.UID != then.UID || now.State != then.State:
			return nil, changed(then.Object)
		case now.Action.After != then.After:
			return nil, &message.Error{What: message.Of("cure.otherwise", "what", then.Object.TypeName()),
				Todo: message.Of("cure.nothing")}
		}
	}
	return all, nil
}

// changed is the error where an object is not as it was when the plan was made.
func changed(r cluster.Ref) error {
	return &message.Error{What: message.Of("cure.changed", "what", r.TypeName()), Todo: message.Of("cure.nothing")}
}

// Apply carries out a plan that was checked, one action after the other, and stops at the first that fails. What became
// of each is in the plan's Done, which save keeps: before an action begins, and when it has ended.
func (c *Client) Apply(ctx context.Context, p *plan.Plan, checked []Change, save func() error) error {
	for i := range p.Actions {
		if ctx.Err() != nil {
			return stopped(p)
		}
		change := checked[i]
		p.Done = append(p.Done, plan.Done{At: c.now().UTC(), Result: plan.Began})
		done := &p.Done[i]
		if change.Verb == remedy.VerbReplace {
			done.Before = plan.Manifest(change.Before)
		}
		if err := save(); err != nil {
			p.Done = p.Done[:i]
			return &message.Error{What: message.Of("cure.record", "why", message.Because(err)),
				Todo: message.Of("cure.nothing"), Err: err}
		}
		after, err := c.carryOut(ctx, &p.Actions[i], change)
		switch {
		case err == nil:
			done.Result = plan.Carried
			if after != nil {
				done.UID, done.State = textAt(after, "metadata", "uid"), plan.State(after)
				done.Undo = undoOf(change, after)
			}
		case done.Before == nil && answered(err) || of[*untouchedError](err):
			p.Done = p.Done[:i] // the API server has refused it: nothing was done
		default:
			done.Result = plan.Unknown
		}
		if saved := save(); saved != nil && err == nil {
			err = &message.Error{What: message.Of("cure.record", "why", message.Because(saved)), Err: saved}
		}
		if err != nil {
			return failedAt(p, i, err)
		}
	}
	return nil
}

// undoOf makes of an object, as it is since a change, what it was before.
func undoOf(c Change, after map[string]any) []remedy.Change {
	if c.Before == nil {
		return nil
	}
	was, is := plan.Copy(c.Before), plan.Copy(after)
	if c.Verb == remedy.VerbReplace {
		unmark(was)
		unmark(is)
	}
	return plan.Changes(is, was)
}

// An untouchedError is that nothing was done, and why.
type untouchedError struct{ err error }

func (e *untouchedError) Error() string { return e.err.Error() }
func (e *untouchedError) Unwrap() error { return e.err }

// Carries reports how many actions of a plan were carried out, and whether it is not known of one.
func Carries(p *plan.Plan) (done int, unknown bool) {
	for _, d := range p.Done {
		if d.Result == plan.Carried {
			done++
		}
		unknown = unknown || d.Result == plan.Unknown || d.Result == plan.Began
	}
	return done, unknown
}

func stopped(p *plan.Plan) error {
	done, _ := Carries(p)
	if done == 0 {
		return &message.Error{What: message.Of("cure.stopped"), Todo: message.Of("cure.nothing")}
	}
	return &message.Error{What: message.Of("cure.stopped.half", "n", done, "all", len(p.Actions))}
}

// failedAt says of an action that failed what is known of it, and of those before.
func failedAt(p *plan.Plan, i int, err error) error {
	what := p.Actions[i].Object.TypeName()
	done, unknown := Carries(p)
	why := message.Because(err)
	switch {
	case unknown && of[*message.Error](err):
		return err
	case unknown:
		return &message.Error{What: message.Of("cure.unknown", "what", what, "why", why),
			Todo: message.Of("cure.unknown.todo", "what", what, "namespace", p.Actions[i].Object.Namespace), Err: err}
	case done > 0:
		return &message.Error{What: message.Of("cure.half", "what", what, "why", why, "n", done, "all", len(p.Actions)),
			Err: err}
	}
	return &message.Error{What: message.Of("cure.failed", "what", what, "why", why), Todo: message.Of("cure.nothing"),
		Err: err}
}

// tries is how often a change is made again of which the API server says that the object has another resourceVersion,
// while nothing else of it has changed: its status is written all the time.
const tries = 5

// carryOut does one action, to the object as it was checked, and returns the object as it is then.
func (c *Client) carryOut(ctx context.Context, a *plan.Action, checked Change) (map[string]any, error) {
	switch a.Verb {
	case remedy.VerbReplace:
		return c.replace(ctx, a, checked)
	case remedy.VerbCreate:
		made, err := c.manifest(ctx, a.Operation, nil)
		if err != nil {
			return nil, &untouchedError{err}
		}
		return c.post(ctx, a, made)
	}
	for try := 1; ; try++ {
		now, err := c.same(ctx, a)
		if err != nil {
			return nil, err
		}
		fresh := *a
		fresh.ResourceVersion = textAt(now, "metadata", "resourceVersion")
		var after map[string]any
		if a.Verb == remedy.VerbDelete {
			err = c.delete(ctx, &fresh, false)
		} else {
			after, err = c.patch(ctx, &fresh, now, false)
		}
		switch {
		case apierrors.IsConflict(err) && try < tries && pause(ctx, 200*time.Millisecond):
		case err != nil && !answered(err):
			return c.outcome(ctx, a, err)
		default:
			return after, err
		}
	}
}

// same is the object of an action as it is now; an error where it is not the one that was agreed on, or not as it was.
func (c *Client) same(ctx context.Context, a *plan.Action) (map[string]any, error) {
	now, err := c.get(ctx, a.Object)
	switch {
	case apierrors.IsNotFound(err):
		return nil, &untouchedError{changed(a.Object)}
	case err != nil:
		return nil, &untouchedError{err}
	case textAt(now, "metadata", "uid") != a.UID || plan.State(now) != a.State:
		return nil, &untouchedError{changed(a.Object)}
	}
	return now, nil
}

// outcome looks whether a change that got no answer was made.
func (c *Client) outcome(ctx context.Context, a *plan.Action, err error) (map[string]any, error) {
	now, gone := c.get(context.WithoutCancel(ctx), a.Object)
	switch {
	case apierrors.IsNotFound(gone), gone == nil && textAt(now, "metadata", "uid") != a.UID:
		if a.Verb == remedy.VerbDelete {
			return nil, nil
		}
	case gone != nil:
	case a.Verb == remedy.VerbDelete && textAt(now, "metadata", "deletionTimestamp") != "":
		return nil, nil
	case a.Verb != remedy.VerbDelete && plan.State(now) == a.After:
		return now, nil
	case plan.State(now) == a.State:
		return nil, &untouchedError{err}
	}
	return nil, err
}

// goneWithin is how long an object may take to go beside the time that it says it needs.
const goneWithin = time.Minute

// replace deletes an object and makes it anew. From the deletion on it is not given up: what would be left is nothing.
func (c *Client) replace(ctx context.Context, a *plan.Action, checked Change) (map[string]any, error) {
	now, err := c.same(ctx, a)
	if err != nil {
		return nil, err
	}
	made, err := anew(a, checked.Before)
	if err != nil {
		return nil, &untouchedError{err}
	}
	fresh := *a
	for try := 1; ; try++ {
		fresh.ResourceVersion = textAt(now, "metadata", "resourceVersion")
		if err = c.delete(ctx, &fresh, false); !apierrors.IsConflict(err) || try == tries {
			break
		}
		if now, err = c.same(ctx, a); err != nil {
			return nil, err
		}
	}
	if err != nil && answered(err) && !apierrors.IsNotFound(err) {
		return nil, &untouchedError{err}
	}
	ctx = context.WithoutCancel(ctx)
	if err := c.waitGone(ctx, a, now); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		after, err := c.post(ctx, a, made)
		if err == nil || try == tries || answered(err) {
			if err != nil {
				err = &message.Error{What: message.Of("cure.not-made", "what", a.Object.TypeName(),
					"why", message.Because(err)), Todo: message.Of("cure.not-made.todo"), Err: err}
			}
			return after, err
		}
		pause(ctx, time.Duration(try)*2*time.Second)
	}
}

// post makes an object. Where there was no answer, it looks whether it is there.
func (c *Client) post(ctx context.Context, a *plan.Action, made map[string]any) (map[string]any, error) {
	var after map[string]any
	err := c.do(ctx, call{verb: "POST", kind: cluster.KindOf(a.Object.Kind), namespace: a.Object.Namespace, body: made},
		&after)
	if err == nil || answered(err) && !apierrors.IsAlreadyExists(err) {
		return after, err
	}
	now, gone := c.get(context.WithoutCancel(ctx), a.Object)
	if gone == nil && textAt(now, "metadata", "uid") != a.UID && c.isOurs(a, now) {
		return now, nil
	}
	return nil, err
}

// isOurs reports whether an object is what an action makes.
func (c *Client) isOurs(a *plan.Action, now map[string]any) bool {
	unmarked := plan.Copy(now)
	unmark(unmarked)
	return plan.State(unmarked) == a.After
}

// waitGone waits until the object of an action is not there any more.
func (c *Client) waitGone(ctx context.Context, a *plan.Action, before map[string]any) error {
	wait := goneWithin
	if spec, ok := at(before, "spec"); ok && a.Grace == nil {
		if n, ok := spec["terminationGracePeriodSeconds"].(interface{ Int64() (int64, error) }); ok {
			if seconds, err := n.Int64(); err == nil {
				wait += min(time.Duration(seconds)*time.Second, 10*time.Minute)
			}
		}
	}
	for end := c.now().Add(wait); ; {
		now, err := c.get(ctx, a.Object)
		if apierrors.IsNotFound(err) || err == nil && textAt(now, "metadata", "uid") != a.UID {
			return nil
		}
		if c.now().After(end) {
			if err == nil && textAt(now, "metadata", "deletionTimestamp") == "" {
				return &untouchedError{changed(a.Object)}
			}
			return &message.Error{What: message.Of("cure.holds", "what", a.Object.TypeName(), "time", wait.String()),
				Todo: message.Of("cure.not-made.todo")}
		}
		pause(ctx, time.Second)
	}
}

// Undo are the actions that take back what was done of a plan, the last first, checked against the objects as they are:
// an error where somebody has changed one since. Left are actions that cannot be taken back.
func (c *Client) Undo(ctx context.Context, p *plan.Plan) (back *plan.Plan, checked []Change, left []plan.Action,
	err error) {
	u := *p
	u.Actions, u.Done, u.Hash = nil, nil, ""
	u.Made, u.Expires = c.now().UTC(), c.now().UTC().Add(plan.Valid)
	for i := len(p.Done) - 1; i >= 0; i-- {
		a, d := p.Actions[i], p.Done[i]
		if d.Result == plan.Undone {
			continue
		}
		op, ok := inverse(a, d.Undo)
		switch {
		case d.Result != plan.Carried && d.Before == nil:
			return nil, nil, nil, &message.Error{What: message.Of("cure.undo.unknown", "what", a.Object.TypeName())}
		case !ok:
			left = append(left, a)
			continue
		}
		if d.Result != plan.Carried { // deleted, and perhaps not made anew
			if _, err := c.get(ctx, a.Object); !apierrors.IsNotFound(err) {
				return nil, nil, nil, &message.Error{What: message.Of("cure.undo.unknown", "what", a.Object.TypeName())}
			}
			op = remedy.Operation{Verb: remedy.VerbCreate, Object: a.Object, Body: bodyOf(d.Before)}
		}
		all, err := c.Prepare(ctx, []remedy.Operation{op})
		if err != nil {
			return nil, nil, nil, err
		}
		if d.Result == plan.Carried && !isAsLeft(a, d, &all[0]) {
			return nil, nil, nil, &message.Error{What: message.Of("cure.undo.changed", "what", a.Object.TypeName()),
				Todo: message.Of("cure.nothing")}
		}
		if a.Verb == remedy.VerbCreate && textAt(all[0].Before, "status", "phase") == "Bound" {
			left = append(left, a) // a volume that is in use, or a claim: what was written since would go with it
			continue
		}
		u.Actions, checked = append(u.Actions, all[0].Action), append(checked, all[0])
	}
	return &u, checked, left, nil
}

// isAsLeft reports whether an object is as an action has left it. A Pod that is made anew for each change is another
// one after what was taken back before, and as it was left all the same.
func isAsLeft(a plan.Action, d plan.Done, now *Change) bool {
	return now.State == d.State && (now.UID == d.UID || a.Verb == remedy.VerbReplace)
}

// bodyOf is a manifest as the body of a create.
func bodyOf(manifest map[string]any) []byte {
	data, err := json.Marshal(manifest)
	if err != nil {
		return nil
	}
	return data
}

// inverse is the operation that takes an action back.
func inverse(a plan.Action, undo []remedy.Change) (remedy.Operation, bool) {
	op := remedy.Operation{Verb: remedy.VerbPatch, Object: a.Object}
	switch a.Verb {
	case remedy.VerbCreate:
		op.Verb = remedy.VerbDelete
		return op, true
	case remedy.VerbDelete:
		return op, false
	case remedy.VerbReplace:
		op.Verb = remedy.VerbReplace
	}
	if len(undo) == 0 {
		return op, a.Verb == remedy.VerbReplace // as it was, once more
	}
	if a.Object.Kind == "Pod" && slices.ContainsFunc(undo, func(c remedy.Change) bool { return !inPlace(c.Path) }) {
		op.Verb = remedy.VerbReplace
	}
	body, err := json.Marshal(undo)
	op.Patches = []remedy.Patch{{Type: remedy.JSONPatch, Body: body}}
	gated := func(c remedy.Change) bool { return strings.HasPrefix(c.Path, "/spec/schedulingGates") }
	if slices.ContainsFunc(undo, gated) {
		free := remedy.Patch{Type: remedy.Merge, Body: json.RawMessage(`{"spec":{"nodeName":null}}`)}
		op.Patches = append(op.Patches, free) // a Pod with a gate has no node
	}
	return op, err == nil
}

// inPlace reports whether a field of a Pod can be changed both ways while the Pod is there: gates can only be taken
// away, and tolerations only be added.
func inPlace(path string) bool {
	return strings.HasPrefix(path, "/metadata/") ||
		strings.Contains(path, "ontainers/") && strings.HasSuffix(path, "/image")
}
