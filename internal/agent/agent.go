// Package agent is stuck-agent: what one node knows about itself, printed, diagnosed, or kept current in the API
// server.
package agent

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/node"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
)

// Exit codes are those of kubectl stuck.
const (
	exitFine   = 0 // nothing is stuck
	exitStuck  = 1 // something is, or would be
	exitFailed = 2 // the question could not be answered
)

// What the garbage collector lets the heap grow to before it works harder. What is alive takes about 8 MiB, and the
// program's own code, which the kernel may drop, some 22 MiB beside it: together less than the 40 MiB that the Pod asks
// for.
const memoryLimit = 16 << 20

// An App is the command with the world around it, so that a test can be that world.
type App struct {
	Out      io.Writer
	Err      io.Writer
	Getenv   func(string) string
	Hostname func() (string, error)
	// of the API server; that of the cluster around the Pod for ""
	Config func(kubeconfig string) (*rest.Config, error)
}

// Main runs the command in the real world and returns its exit code.
func Main() int {
	debug.SetMemoryLimit(memoryLimit)
	debug.SetGCPercent(25)
	klog.SetLogger(logr.Discard()) // client-go tells there what we tell better
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &App{Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Hostname: os.Hostname, Config: config}
	return a.Run(ctx, os.Args[1:])
}

func config(kubeconfig string) (*rest.Config, error) {
	if kubeconfig == "" {
		return rest.InClusterConfig()
	}
	return clientcmd.BuildConfigFromFlags("", kubeconfig)
}

// Run runs the command with some arguments until it is done or the context ends, and returns its exit code.
func (a *App) Run(ctx context.Context, args []string) int {
	s := &session{App: a}
	root := s.root()
	root.SetArgs(args)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	// whoever read us has seen enough
	if err := root.ExecuteContext(ctx); err != nil && !errors.Is(err, syscall.EPIPE) {
		slog.New(slog.NewTextHandler(a.Err, nil)).Error(err.Error())
		return exitFailed
	}
	return s.code
}

// session is one run of the command: its flags, and the exit code that comes of it.
type session struct {
	*App
	code       int
	once       bool
	explain    bool
	folder     string
	node       string
	lang       string
	output     string
	kubeconfig string
	every      time.Duration
}

const long = `Tell what this node knows about itself: disks, memory, limits, the container runtime and its sandboxes,
CNI, mounts, the clock, and what the kernel, the kubelet and the runtime wrote about Pods that do not start.
It changes nothing on the node, and what cannot be read in time is told as such.

Without --once it runs on, as a DaemonSet does (deploy/README.md), and keeps the object NodeFacts of its node
current in the API server: written when something relevant changed, at most every 30 s and at least every
10 min. kubectl stuck reads it there for the nodes that stuck Pods are on.

Run it as root: others see less, and each fact that is missing then is listed with the reason.

Exit codes of --once --explain: 0 nothing is stuck, 1 something is or a new Pod would be, 2 the question could not be
answered.`

const examples = `  ssh node stuck-agent --once | kubectl stuck -f - -f dump/   # proves with what the node knows
  stuck-agent --once --explain                                # without any API server
  stuck-agent --once --root /host                             # in a container, where the node's / is mounted
  stuck-agent --kubeconfig agent.kubeconfig --every 15s       # as a service of the node`

// root makes the command. It is made anew for each run: flags hold state.
func (s *session) root() *cobra.Command {
	c := &cobra.Command{Use: "stuck-agent", Short: "Tell what this node knows about itself", Long: long,
		Example: examples,
		Version: version(), Args: cobra.NoArgs, SilenceErrors: true, SilenceUsage: true, RunE: s.run}
	f := c.Flags()
	f.BoolVar(&s.once, "once", false, "print the facts as YAML and exit; no API server is asked")
	f.BoolVar(&s.explain, "explain", false, "with --once: diagnose the node instead, from its facts alone")
	f.StringVar(&s.folder, "root", "/", "the `folder` that stands for / of the node")
	f.StringVar(&s.node, "node", "", "the node's `name` (default: $NODE_NAME, or the host name)")
	f.StringVar(&s.lang, "lang", "", "of --explain: en or zh (default: that of the locale)")
	f.StringVarP(&s.output, "output", "o", "text", "of --explain: text or json")
	f.StringVar(&s.kubeconfig, "kubeconfig", "",
		"the `file` that tells of the API server (default: the Pod's service account)")
	f.DurationVar(&s.every, "every", 30*time.Second, "how often to read; from 10s to 5m")
	return c
}

// check refuses what a flag cannot be, before anything is done.
func (s *session) check() error {
	switch {
	case s.explain && !s.once:
		return errors.New("--explain goes with --once")
	case s.every < 10*time.Second || s.every > 5*time.Minute:
		return errors.New("--every takes from 10s to 5m")
	case s.output != "text" && s.output != "json":
		return errors.New("-o takes text or json")
	}
	if s.lang == "" {
		s.lang = "en"
		l := cmp.Or(s.Getenv("LC_ALL"), s.Getenv("LC_MESSAGES"), s.Getenv("LANG"))
		if strings.HasPrefix(strings.ToLower(l), "zh") {
			s.lang = "zh"
		}
	}
	if !slices.Contains(render.Languages, s.lang) {
		return errors.New("--lang takes " + strings.Join(render.Languages, " or "))
	}
	return nil
}

func (s *session) run(c *cobra.Command, _ []string) error {
	if err := s.check(); err != nil {
		return err
	}
	name, err := s.nodeName(c.Context())
	if err != nil {
		return err
	}
	cat, err := diagnose.NewCatalogue(causes.All())
	if err != nil {
		return err
	}
	h := &node.Host{Name: name, Root: s.folder, Knows: cat.Knows}
	switch {
	case s.explain:
		return s.explainNode(c.Context(), h, cat)
	case s.once:
		return s.print(c.Context(), h)
	}
	return s.watch(c.Context(), h)
}

// nodeName is the name that the kubelet registers a node under where nothing else is said: that of its flag, or the
// host's, in lower case. What stands for another machine's / tells that machine's.
func (s *session) nodeName(ctx context.Context) (string, error) {
	if n := cmp.Or(s.node, s.Getenv("NODE_NAME"), (&node.Host{Root: s.folder}).Override(ctx)); n != "" {
		return n, nil
	}
	name := ""
	if filepath.Clean(s.folder) != "/" {
		if data, err := os.ReadFile(filepath.Join(s.folder, "etc/hostname")); err == nil {
			name = string(data)
		}
	}
	if strings.TrimSpace(name) == "" {
		var err error
		if name, err = s.Hostname(); err != nil {
			return "", err
		}
	}
	return strings.ToLower(strings.TrimSpace(name)), nil
}

// version is what Go recorded when it built the program.
func version() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return b.Main.Version
	}
	return "(devel)"
}
