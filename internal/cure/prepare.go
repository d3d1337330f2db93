package cure

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/plan"
	"github.com/kubestuck/stuck/internal/remedy"
	"github.com/kubestuck/stuck/internal/revision"
)

// A Change is an action with the object as it is and as it will be.
type Change struct {
	plan.Action
	Before, After map[string]any
}

// trial is what the name of an object ends with that is made in a dry run while the one it replaces is still there.
const trial = "-stuck-dry-run"

// preparation is one dry run of several operations, one after the other.
type preparation struct {
	*Client
	gone  map[cluster.Ref]bool           // what would be deleted by then
	after map[cluster.Ref]map[string]any // what would be changed by then
}

// Prepare makes actions of operations: it reads what they are about, asks whether they are allowed, and lets the API
// server do them in a dry run. Nothing is changed.
func (c *Client) Prepare(ctx context.Context, ops []remedy.Operation) ([]Change, error) {
	p := &preparation{c, map[cluster.Ref]bool{}, map[cluster.Ref]map[string]any{}}
	var out []Change
	for _, op := range ops {
		for _, r := range rightsOf(op) {
			if err := c.allowed(ctx, r); err != nil {
				return nil, err
			}
		}
	}
	for _, op := range ops {
		change, err := p.prepare(ctx, op)
		if err != nil {
			return nil, refused(op, err)
		}
		out = append(out, change)
	}
	return out, nil
}

// verbs are the rights that operations need.
var verbs = map[string][]string{remedy.VerbPatch: {"get", "patch"}, remedy.VerbRollback: {"get", "patch"},
	remedy.VerbReplace: {"get", "delete", "create"}, remedy.VerbDelete: {"get", "delete"}, remedy.VerbCreate: {"create"}}

func rightsOf(op remedy.Operation) []right {
	var out []right
	for _, verb := range verbs[op.Verb] {
		name := op.Object.Name
		if verb == "create" { // which has no name in RBAC
			name = ""
		}
		out = append(out, right{verb, op.Object.Namespace, op.Object.Kind, name})
	}
	return out
}

// refused says of an error in a dry run what it was about.
func refused(op remedy.Operation, err error) error {
	if of[*message.Error](err) {
		return err
	}
	code := "cure.refused"
	if !answered(err) {
		code = "cure.silent"
	}
	return &message.Error{What: message.Of(code, "what", op.Object.TypeName(), "why", message.Because(err)),
		Todo: message.Of("cure.nothing"), Err: err}
}

// prepare is one operation.
func (p *preparation) prepare(ctx context.Context, op remedy.Operation) (Change, error) {
	change := Change{Action: plan.Action{Operation: op}}
	if op.Object.Kind == "Secret" {
		return change, &message.Error{What: message.Of("cure.secret")}
	}
	if op.Verb == remedy.VerbCreate {
		return p.create(ctx, op)
	}
	before, changed := p.after[op.Object]
	if !changed {
		var err error
		if before, err = p.get(ctx, op.Object); err != nil {
			return change, err
		}
	}
	if textAt(before, "metadata", "deletionTimestamp") != "" {
		return change, &message.Error{What: message.Of("cure.leaving", "what", op.Object.TypeName())}
	}
	change.Before = before
	change.UID, change.ResourceVersion = textAt(before, "metadata", "uid"), textAt(before, "metadata", "resourceVersion")
	change.State = plan.State(before)
	var err error
	switch op.Verb {
	case remedy.VerbDelete:
		err = p.delete(ctx, &change.Action, true)
		p.gone[op.Object] = true
	case remedy.VerbReplace:
		change.After, err = p.replacement(ctx, &change)
	default:
		change.After, err = p.patch(ctx, &change.Action, before, true)
	}
	if err != nil {
		return change, err
	}
	if change.After != nil {
		was := before
		if op.Verb == remedy.VerbReplace {
			was = plan.Copy(before)
			unmark(was)
		}
		p.after[op.Object] = change.After
		change.Action.After = plan.State(change.After)
		change.Diff = plan.Diff(was, change.After)
		change.Undo = plan.Changes(change.After, was)
		if change.Diff == "" && op.Verb != remedy.VerbReplace {
			return change, &message.Error{What: message.Of("cure.same", "what", op.Object.TypeName())}
		}
	}
	return change, nil
}

// forms are the media types of patches.
var forms = map[string]string{remedy.Strategic: "application/strategic-merge-patch+json",
	remedy.Merge: "application/merge-patch+json", remedy.JSONPatch: "application/json-patch+json"}

// patch patches an object that has not changed since it was read, and returns it as it is then.
func (c *Client) patch(ctx context.Context, a *plan.Action, now map[string]any, dry bool) (map[string]any, error) {
	p, err := c.patchOf(ctx, a, now)
	if err != nil {
		return nil, err
	}
	body, err := held(p, textAt(now, "metadata", "uid"), textAt(now, "metadata", "resourceVersion"))
	if err != nil {
		return nil, err
	}
	var after map[string]any
	err = c.do(ctx, call{verb: "PATCH", kind: cluster.KindOf(a.Object.Kind), namespace: a.Object.Namespace,
		name: a.Object.Name, form: forms[p.Type], body: body, dry: dry}, &after)
	return after, err
}

// patchOf is the patch of an action as the API server takes it.
func (c *Client) patchOf(ctx context.Context, a *plan.Action, now map[string]any) (remedy.Patch, error) {
	if a.Verb == remedy.VerbRollback {
		return c.rollback(ctx, a, now)
	}
	if len(a.Patches) != 1 {
		return remedy.Patch{}, fmt.Errorf("%d patches", len(a.Patches))
	}
	return a.Patches[0].For(now)
}

// held is a patch that the API server takes only for the object with a UID and a resourceVersion.
func held(p remedy.Patch, uid, version string) (any, error) {
	if uid == "" || version == "" {
		return nil, fmt.Errorf("the object has no UID or no resourceVersion")
	}
	if p.Type == remedy.JSONPatch {
		var all []remedy.Change
		if err := json.Unmarshal(p.Body, &all); err != nil {
			return nil, err
		}
		return append([]remedy.Change{{Op: "test", Path: "/metadata/uid", Value: uid},
			{Op: "replace", Path: "/metadata/resourceVersion", Value: version}}, all...), nil
	}
	var body map[string]any
	if err := json.Unmarshal(p.Body, &body); err != nil {
		return nil, err
	}
	meta, _ := body["metadata"].(map[string]any)
	if meta == nil {
		meta = map[string]any{}
		body["metadata"] = meta
	}
	meta["uid"], meta["resourceVersion"] = uid, version
	return body, nil
}

// rollback is the patch that gives a workload the template of an earlier revision, as kubectl rollout undo does.
func (c *Client) rollback(ctx context.Context, a *plan.Action, now map[string]any) (remedy.Patch, error) {
	none := &message.Error{What: message.Of("cure.revision", "what", a.Object.TypeName(), "n", int(a.Revision))}
	kind := map[string]string{"Deployment": "ReplicaSet", "StatefulSet": "ControllerRevision",
		"DaemonSet": "ControllerRevision"}[a.Object.Kind]
	if kind == "" {
		return remedy.Patch{}, none
	}
	var list struct {
		Items []map[string]any `json:"items"`
	}
	spec, _ := now["spec"].(map[string]any)
	selector, _ := spec["selector"].(map[string]any)
	labels, _ := selector["matchLabels"].(map[string]any)
	params := map[string]string{}
	if len(labels) > 0 {
		var all []string
		for name, value := range labels {
			all = append(all, fmt.Sprint(name, "=", value))
		}
		slices.Sort(all)
		params["labelSelector"] = strings.Join(all, ",")
	}
	err := c.do(ctx, call{verb: "GET", kind: cluster.KindOf(kind), namespace: a.Object.Namespace, params: params}, &list)
	if err != nil {
		return remedy.Patch{}, err
	}
	uid := textAt(now, "metadata", "uid")
	for _, item := range list.Items {
		if uid == "" || controllerOf(item) != uid {
			continue
		}
		if kind == "ControllerRevision" {
			data, _ := item["data"].(map[string]any)
			if fmt.Sprint(item["revision"]) != fmt.Sprint(a.Revision) || data == nil {
				continue
			}
			body, err := json.Marshal(data)
			return remedy.Patch{Type: remedy.Strategic, Body: body}, err
		}
		notes, _ := at(item, "metadata", "annotations")
		template, ok := at(item, "spec", "template")
		if number, _ := notes[revision.DeploymentRevision].(string); number != strconv.FormatInt(a.Revision, 10) || !ok {
			continue
		}
		template = plan.Copy(template)
		if marks, ok := at(template, "metadata", "labels"); ok {
			delete(marks, "pod-template-hash")
		}
		body, err := json.Marshal([]remedy.Change{{Op: "replace", Path: "/spec/template", Value: template}})
		return remedy.Patch{Type: remedy.JSONPatch, Body: body}, err
	}
	return remedy.Patch{}, none
}

// at is the object at a place in another.
func at(object map[string]any, path ...string) (map[string]any, bool) {
	for _, name := range path {
		object, _ = object[name].(map[string]any)
	}
	return object, object != nil
}

// delete deletes the object with the UID and the resourceVersion of an action.
func (c *Client) delete(ctx context.Context, a *plan.Action, dry bool) error {
	body := map[string]any{"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background",
		"preconditions": map[string]any{"uid": a.UID, "resourceVersion": a.ResourceVersion}}
	if a.Grace != nil {
		body["gracePeriodSeconds"] = *a.Grace
	}
	if dry {
		body["dryRun"] = []string{"All"}
	}
	return c.do(ctx, call{verb: "DELETE", kind: cluster.KindOf(a.Object.Kind), namespace: a.Object.Namespace,
		name: a.Object.Name, body: body, dry: dry}, nil)
}

// replacement is what an object will be that is made anew: it is made in a dry run under another name, for the old one
// is still there, and that is deleted in one.
func (p *preparation) replacement(ctx context.Context, c *Change) (map[string]any, error) {
	made, err := anew(&c.Action, c.Before)
	if err != nil {
		return nil, err
	}
	if err := p.delete(ctx, &c.Action, true); err != nil {
		return nil, err
	}
	p.gone[c.Object] = true
	return p.try(ctx, c.Object, made)
}

// anew is the manifest of an object with the patches of an action.
func anew(a *plan.Action, before map[string]any) (map[string]any, error) {
	made := plan.Copy(plan.Manifest(before))
	unmark(made)
	for _, p := range a.Patches {
		if err := p.Apply(made); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// try makes an object in a dry run. Where one of its name is still there, it has another meanwhile.
func (p *preparation) try(ctx context.Context, r cluster.Ref, made map[string]any) (map[string]any, error) {
	made = plan.Copy(made)
	meta, _ := made["metadata"].(map[string]any)
	if p.gone[r] {
		name := r.Name
		if most := 63 - len(trial); len(name) > most { // the name of a Job becomes a label
			name = strings.TrimRight(name[:most], "-.")
		}
		meta["name"] = name + trial
	}
	var after map[string]any
	if err := p.do(ctx, call{verb: "POST", kind: cluster.KindOf(r.Kind), namespace: r.Namespace, body: made, dry: true},
		&after); err != nil {
		return nil, err
	}
	meta, _ = after["metadata"].(map[string]any)
	if meta == nil {
		return nil, fmt.Errorf("the answer is no object")
	}
	meta["name"] = r.Name
	unmark(after)
	return after, nil
}

// unmark takes out of a Job what the API server makes of its UID and, in a dry run, of another name.
func unmark(object map[string]any) {
	if object["kind"] != "Job" {
		return
	}
	spec, _ := object["spec"].(map[string]any)
	delete(spec, "selector")
	for _, path := range [][]string{{"metadata", "labels"}, {"spec", "template", "metadata", "labels"}} {
		if marks, ok := at(object, path...); ok {
			for _, name := range []string{"controller-uid", "batch.kubernetes.io/controller-uid", "job-name",
				"batch.kubernetes.io/job-name"} {
				delete(marks, name)
			}
		}
	}
}

// create makes an object in a dry run.
func (p *preparation) create(ctx context.Context, op remedy.Operation) (Change, error) {
	change := Change{Action: plan.Action{Operation: op}}
	made, err := p.manifest(ctx, op, p.after)
	if err != nil {
		return change, err
	}
	if change.After, err = p.try(ctx, op.Object, made); err != nil {
		return change, err
	}
	change.Action.After, change.Diff = plan.State(change.After), plan.Diff(nil, change.After)
	return change, nil
}

// manifest is what a create makes; after is how objects are by then that it may be made of.
func (c *Client) manifest(ctx context.Context, op remedy.Operation, after map[cluster.Ref]map[string]any) (
	map[string]any, error) {
	k := cluster.KindOf(op.Object.Kind)
	body := map[string]any{}
	if len(op.Body) > 0 {
		if err := json.Unmarshal(op.Body, &body); err != nil {
			return nil, err
		}
	}
	meta, _ := body["metadata"].(map[string]any)
	if meta == nil {
		meta = map[string]any{}
	}
	meta["name"] = op.Object.Name
	if op.Object.Namespace != "" {
		meta["namespace"] = op.Object.Namespace
	}
	body["apiVersion"], body["kind"], body["metadata"] = k.APIVersion(), k.Name, meta
	if op.From == "" {
		return body, nil
	}
	from := cluster.Ref{Kind: "CronJob", Namespace: op.Object.Namespace, Name: op.From}
	cron := after[from]
	if cron == nil {
		var err error
		if cron, err = c.get(ctx, from); err != nil {
			return nil, err
		}
	}
	template, _ := at(cron, "spec", "jobTemplate")
	body["spec"] = template["spec"]
	notes, _ := at(template, "metadata", "annotations")
	notes = plan.Copy(notes)
	if notes == nil {
		notes = map[string]any{}
	}
	notes["cronjob.kubernetes.io/instantiate"] = "manual"
	meta["annotations"] = notes
	if labels, ok := at(template, "metadata", "labels"); ok {
		meta["labels"] = labels
	}
	meta["ownerReferences"] = []any{map[string]any{"apiVersion": "batch/v1", "kind": "CronJob", "name": op.From,
		"uid": textAt(cron, "metadata", "uid"), "controller": true, "blockOwnerDeletion": true}}
	return body, nil
}
