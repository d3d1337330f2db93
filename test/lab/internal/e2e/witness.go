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

	rbac "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// A Witness says what a node's own facts prove, in each of the three ways to get them.
type Witness struct {
	// Cause that stands first, and is proven with a fact of the node among its evidence.
	Cause string `json:"cause"`
	// Kubelet, Once and DaemonSet are what the path of a cited fact begins with (one of several, separated by |), for a
	// way that sees it; empty for one that cannot.
	Kubelet   string `json:"kubelet,omitempty"`
	Once      string `json:"once,omitempty"`
	DaemonSet string `json:"daemonSet,omitempty"`
}

// The three ways, as docs/node.md calls them.
const (
	wayKubelet   = "kubelet"
	wayOnce      = "once"
	wayDaemonSet = "daemonset"
)

// Ways in the order of the table.
var Ways = []string{wayKubelet, wayOnce, wayDaemonSet}

// waits is for how long a way is asked again. The DaemonSet reads every 30 s where that is cheap, and less often where
// logs are long.
var waits = map[string]time.Duration{wayKubelet: 45 * time.Second, wayOnce: 45 * time.Second,
	wayDaemonSet: 3 * time.Minute}

func (w *Witness) cites(way string) string {
	return map[string]string{wayKubelet: w.Kubelet, wayOnce: w.Once, wayDaemonSet: w.DaemonSet}[way]
}

// Testimony is what came of a way: the paths of the facts that were cited.
type Testimony struct {
	Cited []string
	Took  time.Duration
}

// blind is a user who may read what a diagnosis needs, the kubelet's API through the API server too, but not what
// agents wrote: so that facts come from where they are meant to come from.
const blind = "facts-blind"

// testify asks in each way that sees the fault, and checks that the cause is proven with the fact. All other ways are
// left out.
func (r *Runner) testify(ctx context.Context, f Fault) (map[string]Testimony, error) {
	out := map[string]Testimony{}
	for _, way := range Ways {
		want := f.Node.cites(way)
		if want == "" {
			continue
		}
		start := time.Now()
		var last error
		for ; time.Since(start) < waits[way]; time.Sleep(3 * time.Second) {
			var got proof
			if got, last = r.ask(ctx, way, f); last != nil {
				continue
			}
			if last = got.holds(f.Node.Cause, want); last == nil {
				out[way] = Testimony{got.Cited, time.Since(start)}
				break
			}
		}
		if last != nil {
			return out, fmt.Errorf("by way of %s: %w", way, last)
		}
	}
	return out, nil
}

// proof is the first problem of a report as far as the node's facts prove it.
type proof struct {
	Cause, Certainty string
	Cited            []string // paths of facts
}

func (p proof) holds(cause, path string) error {
	cited := slices.ContainsFunc(p.Cited, func(c string) bool {
		return slices.ContainsFunc(strings.Split(path, "|"), func(want string) bool {
			return strings.HasPrefix(c,
				want)
		})
	})
	if slices.Contains(strings.Split(cause, "|"), p.Cause) && p.Certainty == "proven" && cited {
		return nil
	}
	return fmt.Errorf("expected %s, proven by %s; got %s, %s, by %v", cause, path, p.Cause, p.Certainty, p.Cited)
}

func proofOf(report []byte) (proof, error) {
	var doc struct {
		Problems []struct {
			Cause, Certainty string
			Findings         []struct {
				Evidence []struct {
					Ref  struct{ Kind string }
					Path string
				}
			}
		}
	}
	if err := json.Unmarshal(report, &doc); err != nil {
		return proof{}, fmt.Errorf("kubectl-stuck printed no JSON: %w: %.200s", err, report)
	}
	if len(doc.Problems) == 0 {
		return proof{}, fmt.Errorf("kubectl-stuck names no problem")
	}
	first := doc.Problems[0]
	p := proof{Cause: first.Cause, Certainty: first.Certainty}
	for _, f := range first.Findings {
		for _, e := range f.Evidence {
			if e.Ref.Kind == "NodeFacts" && !slices.Contains(p.Cited, e.Path) {
				p.Cited = append(p.Cited, e.Path)
			}
		}
	}
	return p, nil
}

// ask gets the facts in one way and diagnoses with them.
func (r *Runner) ask(ctx context.Context, way string, f Fault) (proof, error) {
	var out []byte
	var err error
	switch way {
	case wayKubelet:
		out, err = r.stuck(ctx, "--namespace", f.Name, "--as", blind, "--output", "json")
	case wayOnce:
		out, err = r.askOnce(ctx, f)
	case wayDaemonSet:
		out, err = r.stuck(ctx, "--namespace", f.Name, "--no-node", "--output", "json")
	}
	if err != nil {
		return proof{}, err
	}
	return proofOf(out)
}

// askOnce runs the agent on the node as a person would over SSH, and hands what it prints to a diagnosis of a saved
// cluster.
func (r *Runner) askOnce(ctx context.Context, f Fault) ([]byte, error) {
	dir, err := os.MkdirTemp("", "once")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	dump := filepath.Join(dir, "dump")
	if _, err := r.stuck(ctx, "capture", "--namespace", f.Name, "--as", blind, "--no-node", "--output",
		dump); err != nil {
		return nil, err
	}
	started := time.Now()
	facts, err := r.Lab.Inside(r.Agent, "--once", "--node", "lab-1").Output()
	if err != nil {
		return nil, fmt.Errorf("stuck-agent --once: %w", err)
	}
	if took := time.Since(started); took > 20*time.Second {
		return nil, fmt.Errorf("stuck-agent --once took %s: a probe has no deadline", took)
	}
	file := filepath.Join(dir, "facts.yaml")
	if err := os.WriteFile(file, facts, 0o600); err != nil {
		return nil, err
	}
	return r.stuck(ctx, "--filename", dump, "--filename", file, "--output", "json")
}

// stuck runs kubectl-stuck and returns what it prints; exit codes 0 and 1 are answers.
func (r *Runner) stuck(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, r.Stuck, args...)
	cmd.Env = r.Lab.Env()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState.ExitCode() != 1 {
		return nil, fmt.Errorf("kubectl-stuck %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	return out, nil
}

// letBlindRead gives the user facts-blind the rights that kubectl-stuck itself says it needs, but for the right to read
// NodeFacts.
func (r *Runner) letBlindRead(ctx context.Context) error {
	printed, err := r.stuck(ctx, "rbac", "--with-node-proxy")
	if err != nil {
		return err
	}
	var role rbac.ClusterRole
	if err := yaml.Unmarshal(printed, &role); err != nil {
		return fmt.Errorf("kubectl-stuck rbac printed no ClusterRole: %w", err)
	}
	role.ObjectMeta = meta.ObjectMeta{Name: blind}
	role.Rules = slices.DeleteFunc(role.Rules, func(rule rbac.PolicyRule) bool {
		return slices.Contains(rule.Resources,
			"nodefacts")
	})
	binding := rbac.ClusterRoleBinding{ObjectMeta: role.ObjectMeta, RoleRef: rbac.RoleRef{APIGroup: rbac.GroupName,
		Kind: "ClusterRole", Name: blind},
		Subjects: []rbac.Subject{{APIGroup: rbac.GroupName, Kind: "User", Name: blind}}}
	client := r.client.RbacV1()
	if err := client.ClusterRoles().Delete(ctx, blind, meta.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	if _, err := client.ClusterRoles().Create(ctx, &role, meta.CreateOptions{}); err != nil {
		return err
	}
	_, err = client.ClusterRoleBindings().Create(ctx, &binding, meta.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

// deployAgent installs the agent as deploy/ has it, with an image made of the binary at hand, and waits for its first
// facts. One that a run left which was killed is removed before that.
func (r *Runner) deployAgent(ctx context.Context) error {
	const image = "registry.lab/stuck-agent:e2e"
	if err := r.removeAgent(ctx); err != nil {
		return err
	}
	if err := r.Lab.ImportImage(image, r.Agent); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(r.Deploy, "*.yaml")) // and not wide.patch, which comes last
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no manifests in %s (%v)", r.Deploy, err)
	}
	if err := r.kubectl(ctx, "", "apply", "--filename", filepath.Join(r.Deploy, "crd")); err != nil {
		return err
	}
	for _, file := range files {
		manifest, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		text := agentImage.ReplaceAllString(string(manifest), "${1}"+image)
		text = agentEnv.ReplaceAllString(text, "$0"+apiServer)
		if err := r.kubectl(ctx, text, "apply", "--filename", "-"); err != nil {
			return err
		}
	}
	// What is proven here needs all facts.
	if err := r.kubectl(ctx, "", "patch", "daemonset", "stuck-agent", "--namespace", "stuck", "--patch-file",
		filepath.Join(r.Deploy, "wide.patch")); err != nil {
		return err
	}
	if err := r.kubectl(ctx, "", "rollout", "status", "daemonset/stuck-agent", "--namespace", "stuck",
		"--timeout=120s"); err != nil {
		return err
	}
	start := time.Now()
	for time.Since(start) < 2*time.Minute {
		if _, err = r.dynamic.Resource(nodeFacts).Get(ctx, "lab-1", meta.GetOptions{}); err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
	return fmt.Errorf("the agent has written no facts after 2 minutes: %w", err)
}

// removeAgent removes what deployAgent made: the DaemonSet and its Pod first, so that none is made anew in a namespace
// that goes.
func (r *Runner) removeAgent(ctx context.Context) error {
	return errors.Join(r.kubectl(ctx, "", "delete", "daemonset", "stuck-agent", "--namespace", "stuck",
		"--ignore-not-found", "--cascade=foreground", "--timeout=120s"),
		r.kubectl(ctx, "", "delete", "--recursive", "--filename", r.Deploy, "--ignore-not-found", "--timeout=180s"))
}

// agentImage is the image in deploy/agent.yaml.
var agentImage = regexp.MustCompile(`(image: *)\S*stuck-agent\S*`)

// agentEnv is where the environment of its container begins. There is no kube-proxy in the lab, so Services have no
// address that answers: the agent is told where the API server listens.
var agentEnv = regexp.MustCompile(`(?m)^ +env:\n`)

const apiServer = `        - {name: KUBERNETES_SERVICE_HOST, value: "10.10.0.11"}
        - {name: KUBERNETES_SERVICE_PORT, value: "6443"}
`

var nodeFacts = schema.GroupVersionResource{Group: "stuck.dev", Version: "v1alpha1", Resource: "nodefacts"}
