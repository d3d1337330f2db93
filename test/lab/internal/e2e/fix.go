package e2e

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Fixed is what came of kubectl stuck fix --yes.
type Fixed struct {
	Cured   bool          // nothing is stuck after it, and it stays so
	Asked   string        // the names of the values that it asked for first
	Refused string        // why it did nothing, or nothing more, in its own words
	Done    int           // how many steps it did in vain
	Undone  string        // "same": --undo gave back the same specs; else what differs, or why it could not
	Took    time.Duration // from the first call until nothing was stuck
}

// fixRisk is what fix may risk here: all that it does without an object's name being typed.
const fixRisk = "disruptive"

// fix lets kubectl stuck fix mend a fault: as it is, and where it asks for values, with what a person would answer.
// What it did is taken back then, and compared with what there was.
func (r *Runner) fix(ctx context.Context, f Fault) (out Fixed, err error) {
	dir, err := os.MkdirTemp("", "fix")
	if err != nil {
		return out, err
	}
	defer os.RemoveAll(dir)
	before, err := r.specs(ctx, f.Name)
	if err != nil {
		return out, err
	}
	start := time.Now()
	var records, asked []string
	answers := map[string]string{}
	for round := range maxRounds {
		record := filepath.Join(dir, fmt.Sprintf("round%d", round))
		screen := r.runFix(ctx, f, record, answers)
		out.Refused = strings.ReplaceAll(lastSentence(screen), dir, "RECORDS")
		if names := r.holes(screen, f, answers); len(names) > 0 {
			asked = append(asked, names...)
			continue
		}
		made, _ := filepath.Glob(record + "*") // one for each change
		if len(made) == 0 && atRest.MatchString(screen) {
			time.Sleep(7 * time.Second) // what crashes runs for a moment
			continue
		}
		if len(made) == 0 {
			break
		}
		records = append(records, made...)
		if out.Cured = r.waitCured(ctx, f, "") == nil; out.Cured {
			out.Took, out.Refused = time.Since(start), ""
			break
		}
	}
	out.Asked = strings.Join(asked, ", ")
	if !out.Cured {
		out.Done = len(records)
		return out, nil
	}
	out.Undone = r.undo(ctx, f, records, before)
	return out, nil
}

// runFix runs kubectl stuck fix once, for all that is stuck in the fault's namespace, and returns what it says.
func (r *Runner) runFix(ctx context.Context, f Fault, record string, answers map[string]string) string {
	args := []string{"fix", "--namespace", f.Name, "--yes", "--max-risk", fixRisk, "--record", record, "--wait", "60s",
		"--lang", "en"}
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		args = append(args, "--set", name+"="+answers[name])
	}
	cmd := exec.CommandContext(ctx, r.Stuck, args...)
	cmd.Env = r.Lab.Env()
	out, _ := cmd.CombinedOutput() // that something is still stuck is an answer
	return string(out)
}

// holes are the names of the values that are asked for, which are put among the answers.
func (r *Runner) holes(screen string, f Fault, answers map[string]string) []string {
	var out []string
	for _, m := range needsValue.FindAllStringSubmatch(unwrap(screen), -1) {
		for name := range strings.SplitSeq(m[1], ", ") {
			if value, ok := answerFor(name, f.Remedy.Answers); ok && answers[name] == "" {
				answers[name] = strings.NewReplacer(`","`, " ", `"`, "").Replace(value) // a list of words
				out = append(out, name)
			}
		}
	}
	return out
}

// atRest is what is said of a Pod that has not shown that it is stuck, or not any more.
var atRest = regexp.MustCompile(`Nothing is stuck|still starting`)

var needsValue = regexp.MustCompile(`only a person knows ([A-Z][A-Z0-9_/:=-]*(?:, [A-Z][A-Z0-9_/:=-]*)*)`)

// lastSentence is what a program said last.
func lastSentence(screen string) string {
	lines := strings.Split(strings.TrimSpace(screen), "\n\n")
	return unwrap(lines[len(lines)-1])
}

// undo takes back what the records say was done, the last first, and compares.
func (r *Runner) undo(ctx context.Context, f Fault, records []string, before map[string]any) string {
	for _, record := range slices.Backward(records) {
		cmd := exec.CommandContext(ctx, r.Stuck, "fix", "--undo", record, "--yes", "--wait", "1s", "--lang", "en")
		cmd.Env = r.Lab.Env()
		if out, err := cmd.CombinedOutput(); cmd.ProcessState == nil || cmd.ProcessState.ExitCode() == 2 {
			return fmt.Sprintf("%v: %s", err, lastSentence(string(out)))
		}
	}
	after, err := r.specs(ctx, f.Name)
	if err != nil {
		return err.Error()
	}
	if d := cmp.Diff(before, after); d != "" {
		return d
	}
	return "same"
}

// wantedKinds are those of which it is compared what is wanted of them.
var wantedKinds = []schema.GroupVersionResource{
	{Version: "v1", Resource: "pods"}, {Version: "v1", Resource: "configmaps"},
	{Version: "v1", Resource: "persistentvolumeclaims"}, {Version: "v1", Resource: "serviceaccounts"},
	{Version: "v1", Resource: "resourcequotas"}, {Version: "v1", Resource: "limitranges"},
	{Group: "apps", Version: "v1", Resource: "deployments"}, {Group: "apps", Version: "v1", Resource: "statefulsets"},
	{Group: "apps", Version: "v1", Resource: "daemonsets"}, {Group: "apps", Version: "v1", Resource: "replicasets"},
	{Group: "batch", Version: "v1", Resource: "jobs"}, {Group: "batch", Version: "v1", Resource: "cronjobs"},
}

// specs are what is wanted of the objects of a namespace that somebody made by hand: what controllers make, and what
// the API server and the scheduler fill in, is not compared.
func (r *Runner) specs(ctx context.Context, namespace string) (map[string]any, error) {
	out := map[string]any{}
	for _, kind := range wantedKinds {
		list, err := r.dynamic.Resource(kind).Namespace(namespace).List(ctx, meta.ListOptions{})
		if err != nil {
			return nil, err
		}
		for i := range list.Items {
			o := &list.Items[i]
			if len(o.GetOwnerReferences()) == 0 && o.GetDeletionTimestamp() == nil {
				out[kind.Resource+"/"+o.GetName()] = wanted(o)
			}
		}
	}
	return out, nil
}

// wanted is an object without what others than its author write.
func wanted(o *unstructured.Unstructured) map[string]any {
	c := o.DeepCopy().Object
	delete(c, "status")
	for _, field := range [][]string{{"metadata", "uid"}, {"metadata", "resourceVersion"}, {"metadata", "generation"},
		{"metadata", "creationTimestamp"}, {"metadata", "managedFields"}, {"metadata", "finalizers"},
		{"metadata", "annotations", "deployment.kubernetes.io/revision"},
		{"metadata", "annotations", "deprecated.daemonset.template.generation"},
		{"metadata", "annotations", "pv.kubernetes.io/bind-completed"},
		{"metadata", "annotations", "pv.kubernetes.io/bound-by-controller"}, {"spec", "volumeName"},
		{"spec", "nodeName"}, {"spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid"},
		{"spec", "template", "metadata", "labels", "batch.kubernetes.io/controller-uid"},
		{"spec", "template", "metadata", "labels", "controller-uid"}} {
		unstructured.RemoveNestedField(c, field...)
	}
	if o.GetKind() == "Job" { // its labels are the API server's; a template's are told from the selector
		unstructured.RemoveNestedField(c, "metadata", "labels")
	}
	if o.GetKind() == "Pod" {
		withoutToken(c)
	}
	return c
}

// withoutToken takes the volume with the token out of a Pod: its name is another each time.
func withoutToken(pod map[string]any) {
	own := func(v any) bool {
		m, _ := v.(map[string]any)
		name, _ := m["name"].(string)
		return strings.HasPrefix(name, "kube-api-access-")
	}
	volumes, _, _ := unstructured.NestedSlice(pod, "spec", "volumes")
	unstructured.SetNestedSlice(pod, slices.DeleteFunc(volumes, own), "spec", "volumes")
	for _, list := range []string{"initContainers", "containers"} {
		containers, _, _ := unstructured.NestedSlice(pod, "spec", list)
		for _, c := range containers {
			m, _ := c.(map[string]any)
			mounts, _ := m["volumeMounts"].([]any)
			m["volumeMounts"] = slices.DeleteFunc(mounts, own)
		}
		if len(containers) > 0 {
			unstructured.SetNestedSlice(pod, containers, "spec", list)
		}
	}
}

// Fixes breaks the cluster in each way and lets kubectl stuck fix mend it.
func (r *Runner) Fixes(ctx context.Context, faults []Fault) ([]Result, error) {
	var out []Fault
	for _, f := range faults {
		if len(f.Expect) == 0 || f.Alone {
			continue
		}
		f.doFix = true
		f.Samples, f.Node, f.Cure, f.Asked, f.Says = 0, nil, 0, nil, nil
		out = append(out, f)
	}
	return r.Run(ctx, out)
}

// printFixed prints a line of a result.
func (r *Runner) printFixed(result Result) {
	x := result.Fixed
	switch {
	case result.Err != nil:
		fmt.Fprintf(r.Out, "ERROR   %-32s %v\n", result.Name, result.Err)
	case x.Cured:
		fmt.Fprintf(r.Out, "fixed   %-32s after %3.0f s, asked for [%s], undone: %s\n", result.Name, x.Took.Seconds(),
			x.Asked, x.Undone)
	default:
		fmt.Fprintf(r.Out, "refused %-32s asked for [%s]: %s\n", result.Name, x.Asked, x.Refused)
	}
}
