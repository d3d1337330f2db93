package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubestuck/stuck/test/lab/internal/lab"
)

// Runner runs faults on a lab.
type Runner struct {
	Lab      *lab.Lab
	Stuck    string // the kubectl-stuck to test
	Agent    string // the stuck-agent to test; "" leaves out what the node itself tells
	Deploy   string // the folder with the agent's manifests
	Parallel int    // how many faults that are not alone run at a time
	Out      io.Writer

	keeper  *keeper
	client  kubernetes.Interface
	dynamic dynamic.Interface
	run     string // differs from run to run
	mu      sync.Mutex
}

// Result of one fault.
type Result struct {
	Name  string
	Took  time.Duration        // until it was healed
	Shown time.Duration        // until it had shown
	Node  map[string]Testimony // what the node's own facts proved, by the way to get them
	Fixed *Fixed               // what came of kubectl stuck fix; nil where that was not tried
	Cure  *Cure                // what came of doing what the screen says; nil where that was not tried
	Err   error
}

// Run runs the faults: those that only touch their namespace side by side, then the others one after another.
// The results come in the order in which they ended. Where the context ends, what is broken then is healed still.
func (r *Runner) Run(ctx context.Context, faults []Fault) ([]Result, error) {
	if err := r.connect(); err != nil {
		return nil, err
	}
	watched := r.Agent != "" && slices.ContainsFunc(faults, func(f Fault) bool { return f.Node != nil })
	if watched {
		if err := errors.Join(r.letBlindRead(ctx), r.deployAgent(ctx)); err != nil {
			return nil, err
		}
	}
	k, err := r.keep(ctx)
	if err != nil {
		return nil, err
	}
	r.keeper = k
	var results []Result
	var wg sync.WaitGroup
	slots := make(chan struct{}, r.Parallel)
	one := func(f Fault) {
		result := r.one(ctx, f.fill(r.run, r.Lab.Bin()))
		r.mu.Lock()
		defer r.mu.Unlock()
		results = append(results, result)
		r.print(result)
	}
	for _, f := range faults {
		if !f.Alone && ctx.Err() == nil {
			slots <- struct{}{}
			wg.Go(func() { one(f); <-slots })
		}
	}
	wg.Wait()
	end := context.WithoutCancel(ctx)
	err = k.restore(end, r)
	for _, f := range faults {
		if f.Alone && ctx.Err() == nil {
			one(f)
			err = errors.Join(err, k.restore(end, r))
		}
	}
	err = errors.Join(err, r.waitGone(end, faults))
	if watched {
		err = errors.Join(err, r.removeAgent(end))
	}
	return results, errors.Join(ctx.Err(), err)
}

func (r *Runner) connect() error {
	config, err := clientcmd.BuildConfigFromFlags("", r.Lab.Kubeconfig())
	if err != nil {
		return fmt.Errorf("read the lab's kubeconfig (does it run? make lab-up): %w", err)
	}
	config.QPS, config.Burst = 100, 200
	r.run = strconv.FormatInt(time.Now().Unix(), 36)
	if r.client, err = kubernetes.NewForConfig(config); err != nil {
		return err
	}
	r.dynamic, err = dynamic.NewForConfig(config)
	return err
}

// waitGone waits until the namespaces of the faults are gone, so that the next run can make them again.
func (r *Runner) waitGone(ctx context.Context, faults []Fault) error {
	for _, f := range faults {
		if err := r.kubectl(ctx, "", "delete", "namespace", f.Name, "--wait=true", "--timeout=90s",
			"--ignore-not-found"); err != nil {
			return err
		}
	}
	return nil
}

func (r *Runner) print(result Result) {
	word := "right"
	if result.Err != nil {
		word = "WRONG"
	}
	switch {
	case result.Cure != nil:
		r.printCure(result)
		return
	case result.Fixed != nil:
		r.printFixed(result)
		return
	}
	fmt.Fprintf(r.Out, "%s  %-32s shown after %3.0f s, healed after %3.0f s\n", word, result.Name,
		result.Shown.Seconds(), result.Took.Seconds())
	if result.Err != nil {
		fmt.Fprintf(r.Out, "      %v\n", result.Err)
	}
}

// one breaks, checks and heals. What fails on the way is told, and healing is tried all the same.
func (r *Runner) one(ctx context.Context, f Fault) (result Result) {
	result.Name = f.Name
	start := time.Now()
	result.Err = func() error {
		if err := r.breakIt(ctx, f); err != nil {
			return err
		}
		shown := time.Now()
		if err := r.waitShown(ctx, f); err != nil {
			return err
		}
		result.Shown = time.Since(shown)
		if f.doFix {
			fixed, err := r.fix(ctx, f)
			result.Fixed = &fixed
			return err
		}
		if f.doRemedy {
			cure, err := r.remedy(ctx, f)
			cure.Owner, result.Cure = f.owner, &cure
			return err
		}
		if err := r.check(ctx, f); err != nil {
			return err
		}
		if err := r.sample(ctx, f); err != nil {
			return err
		}
		if err := r.checkCapture(ctx, f); err != nil {
			return err
		}
		if f.Node != nil && r.Agent != "" {
			var err error
			if result.Node, err = r.testify(ctx, f); err != nil {
				return err
			}
		}
		if f.Cure == 0 {
			return nil
		}
		return r.cure(ctx, f)
	}()
	if err := r.heal(context.WithoutCancel(ctx), f); err != nil { // whoever ends a run gets a whole node back
		result.Err = errors.Join(result.Err, fmt.Errorf("heal: %w", err))
	}
	result.Took = time.Since(start)
	return result
}

func (r *Runner) breakIt(ctx context.Context, f Fault) error {
	if err := r.kubectl(ctx, "", "create", "namespace", f.Name); err != nil {
		return err
	}
	if err := r.waitAccount(ctx, f.Name); err != nil {
		return err
	}
	if err := r.shell(ctx, f.Before); err != nil {
		return fmt.Errorf("before: %w", err)
	}
	r.keeper.note(r, f.Objects)
	if f.Objects != "" {
		if err := r.kubectl(ctx, f.Objects, "apply", "--namespace", f.Name, "--filename", "-"); err != nil {
			return err
		}
	}
	if err := r.shell(ctx, f.Break); err != nil {
		return fmt.Errorf("break: %w", err)
	}
	return nil
}

// waitAccount waits for what the controller-manager puts into every namespace.
func (r *Runner) waitAccount(ctx context.Context, namespace string) error {
	for range 150 {
		_, noAccount := r.client.CoreV1().ServiceAccounts(namespace).Get(ctx, "default", meta.GetOptions{})
		_, noRoot := r.client.CoreV1().ConfigMaps(namespace).Get(ctx, "kube-root-ca.crt", meta.GetOptions{})
		if noAccount == nil && noRoot == nil {
			return nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return fmt.Errorf("namespace %s has no default ServiceAccount after 30 s", namespace)
}

// heal heals in the fault's own way and checks that nothing is stuck; then removes all that the fault made.
func (r *Runner) heal(ctx context.Context, f Fault) error {
	var err error
	if f.Heal != "" {
		if err = r.shell(ctx, f.Heal); f.doRemedy || f.doFix {
			err = nil // it may have nothing left to heal
		} else if err == nil {
			err = r.waitHealthy(ctx, f.Name)
		}
	}
	if f.Alone {
		err = errors.Join(err, r.Lab.WaitReady(2*time.Minute))
	}
	return errors.Join(err, r.remove(ctx, f))
}

// remove deletes all that the fault made; the namespace goes in its own time.
func (r *Runner) remove(ctx context.Context, f Fault) error {
	var err error
	if f.Objects != "" {
		err = r.kubectl(ctx, f.Objects, "delete", "--namespace", f.Name, "--ignore-not-found", "--wait=false",
			"--filename", "-")
	}
	r.kubectl(ctx, "", "delete", "pods", "--namespace", f.Name, "--all", "--force", "--grace-period=0")
	return errors.Join(err, r.kubectl(ctx, "", "delete", "namespace", f.Name, "--wait=false", "--ignore-not-found"))
}

// recovery is how long a healed fault may take to pass: between two attempts to mount a volume the kubelet waits for up
// to 2 min 2 s.
const recovery = 4 * time.Minute

func (r *Runner) waitHealthy(ctx context.Context, namespace string) error {
	var last error
	for start := time.Now(); time.Since(start) < recovery; time.Sleep(2 * time.Second) {
		_, gone := r.client.CoreV1().Namespaces().Get(ctx, namespace, meta.GetOptions{})
		if apierrors.IsNotFound(gone) { // some faults are healed so that it ends
			return nil
		}
		report, err := r.diagnose(ctx, "--namespace", namespace, "--for", "0s")
		switch {
		case err != nil:
			last = err
		case len(report.Problems) == 0 && report.Pods.Stuck+report.Pods.Starting+report.Pods.Missing == 0:
			return nil
		default:
			last = fmt.Errorf("still: %s", report)
		}
	}
	return last
}

// Healthy says what is stuck anywhere in the cluster.
func (r *Runner) Healthy(ctx context.Context) error {
	report, err := r.diagnose(ctx, "--all-namespaces")
	if err == nil && len(report.Problems) > 0 {
		err = fmt.Errorf("after the last fault: %s", report)
	}
	return err
}

// shell runs a script inside the lab; it ends where a command fails.
func (r *Runner) shell(ctx context.Context, script string) error {
	return inShell(ctx, r.Lab.Inside("sh", "-euc", script), script)
}

// asTyped runs what somebody types into a shell, one command after the other, in a folder of its own. What it touches
// outside of its namespace is put back later.
func (r *Runner) asTyped(ctx context.Context, script string) error {
	dir, err := os.MkdirTemp("", "remedy")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r.keeper.note(r, script)
	return inShell(ctx, r.Lab.Inside("timeout", "180", "sh", "-c", "cd "+dir+"\n"+script), script)
}

func inShell(ctx context.Context, cmd *exec.Cmd, script string) error {
	if strings.TrimSpace(script) == "" {
		return nil
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return ctx.Err()
}

func (r *Runner) kubectl(ctx context.Context, stdin string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(r.Lab.Bin(), "kubectl"), args...)
	cmd.Env = r.Lab.Env()
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}
