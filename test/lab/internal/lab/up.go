package lab

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"text/template"
	"time"
)

//go:embed etc
var etc embed.FS

// Up starts what does not run, and returns when the node is Ready and Pods can be made. It builds first what is
// missing.
func (l *Lab) Up() error {
	if os.Geteuid() != 0 {
		return errors.New("the lab needs root: it makes namespaces and mounts")
	}
	if b, err := os.ReadFile(l.path("version")); err == nil && strings.TrimSpace(string(b)) != l.Version.Name {
		return fmt.Errorf("the lab holds version %s: run make lab-down first", strings.TrimSpace(string(b)))
	}
	if err := l.Build(); err != nil {
		return err
	}
	start := time.Now()
	for _, step := range []func() error{l.prepare, l.makePKI, l.startHolder, l.start} {
		if err := step(); err != nil {
			return err
		}
	}
	fmt.Printf("the lab runs Kubernetes %s; up in %v\nexport KUBECONFIG=%s\n", l.Version.Kubernetes,
		time.Since(start).Round(100*time.Millisecond), l.Kubeconfig())
	return nil
}

// prepare makes the folders and writes the configuration.
func (l *Lab) prepare() error {
	for _, dir := range []string{"run", "data", "fault", "machine", "etc", "pki", "root/var/log", "root/etc/cni/net.d",
		"root/opt/cni/bin"} {
		if err := os.MkdirAll(l.path(dir), 0o755); err != nil {
			return err
		}
	}
	if err := os.WriteFile(l.path("version"), []byte(l.Version.Name+"\n"), 0o644); err != nil {
		return err
	}
	major := "1"
	if l.Version.Containerd != "" {
		major = "2"
	}
	for from, to := range map[string]string{
		"kubelet.yaml":                  l.path("etc", "kubelet.yaml"),
		"containerd-" + major + ".toml": l.path("etc", "containerd.toml"),
		"resolv.conf":                   l.path("etc", "resolv.conf"),
		"10-lab.conflist":               l.path("etc", "10-lab.conflist"),
		"runc":                          l.path("bin", "runc"),
		"systemctl":                     l.path("bin", "systemctl"),
	} {
		if err := l.render(from, to); err != nil {
			return err
		}
	}
	if err := copyFile(l.path("etc", "10-lab.conflist"), l.path("root/etc/cni/net.d", "10-lab.conflist")); err != nil {
		return err
	}
	return l.copyPlugins()
}

func (l *Lab) render(from, to string) error {
	t, err := template.ParseFS(etc, "etc/"+from)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, l); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if strings.HasPrefix(b.String(), "#!") {
		mode = 0o755
	}
	return os.WriteFile(to, b.Bytes(), mode)
}

// copyPlugins copies Debian's CNI plugins, so that they can be broken.
func (l *Lab) copyPlugins() error {
	plugins, _ := filepath.Glob("/usr/lib/cni/*")
	if len(plugins) == 0 {
		return errors.New("no CNI plugins in /usr/lib/cni: run make lab-deps")
	}
	for _, p := range plugins {
		if err := copyFile(p, l.path("root/opt/cni/bin", filepath.Base(p))); err != nil {
			return err
		}
	}
	return nil
}

// copyFile puts a new file in the place of the old one: a plugin that runs at the moment cannot be written to.
func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to+".new", b, info.Mode()); err != nil {
		return err
	}
	return os.Rename(to+".new", to)
}

// start starts what does not run, in the order in which one needs the other: a kubelet ends where no runtime answers.
func (l *Lab) start() error {
	for _, step := range []func() error{l.startControlPlane, l.loadPause, l.startNode} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lab) startControlPlane() error {
	if !l.alive("labd") {
		os.Remove(l.path("run", "labd.ready"))
	}
	for _, name := range order[:4] {
		if err := l.Start(name); err != nil {
			return err
		}
	}
	return l.waitFor("the API server", time.Minute, func() bool { return l.kubectl("get", "--raw", "/readyz") == nil })
}

// loadPause puts the sandbox image where a node has it before its first Pod.
func (l *Lab) loadPause() error {
	ctr := filepath.Join(l.Bin(), "ctr")
	if l.Version.Containerd == "" {
		ctr = "/usr/bin/ctr"
	}
	if err := l.waitFor("containerd", 30*time.Second,
		func() bool { return l.Inside(ctr, "version").Run() == nil }); err != nil {
		return err
	}
	if err := l.waitFor("the registries", 2*time.Minute,
		func() bool { return exists(l.path("run", "labd.ready")) }); err != nil {
		return err
	}
	out, err := l.Inside(ctr, "-n", "k8s.io", "images", "import", l.path("data", "pause.tar")).CombinedOutput()
	if err != nil {
		return fmt.Errorf("import the pause image: %w: %s", err, out)
	}
	return nil
}

func (l *Lab) startNode() error {
	if err := l.keepSysctls(); err != nil {
		return err
	}
	for _, name := range order[4:] {
		if err := l.Start(name); err != nil {
			return err
		}
	}
	return l.WaitReady(2 * time.Minute)
}

// WaitReady returns when the node is Ready and new Pods have a ServiceAccount.
func (l *Lab) WaitReady(limit time.Duration) error {
	if err := l.waitFor("the node to be Ready", limit, func() bool {
		return l.kubectl("wait", "--for=condition=Ready", "node/"+NodeName, "--timeout=1s") == nil
	}); err != nil {
		return err
	}
	return l.waitFor("the default ServiceAccount", limit, func() bool {
		return l.kubectl("get", "serviceaccount",
			"default") == nil
	})
}

func (l *Lab) kubectl(args ...string) error {
	cmd := exec.Command(filepath.Join(l.Bin(), "kubectl"), args...)
	cmd.Env = l.Env()
	return cmd.Run()
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// Down stops everything and forgets the cluster's state; what was built stays.
func (l *Lab) Down() error {
	if err := l.restoreSysctls("fault"); err != nil {
		return err
	}
	if l.alive("holder") {
		for _, dir := range []string{"/var/lib/containerd", "/run/share"} {
			l.Inside("fsfreeze", "--unfreeze", dir).Run() // a fault may have left it frozen
		}
	}
	for i := len(order) - 1; i >= 0; i-- {
		if err := l.Stop(order[i]); err != nil {
			return err
		}
	}
	l.killInside()
	if err := l.Stop("holder"); err != nil {
		return err
	}
	removeCgroups()
	if err := l.restoreSysctls("machine"); err != nil { // no kubelet is left that would set them again
		return err
	}
	for _, dir := range []string{"run", "fault", "machine", "etc", "root", "data/etcd", "data/containerd.img", "version"} {
		if err := os.RemoveAll(l.path(dir)); err != nil {
			return err
		}
	}
	return nil
}

// removeCgroups removes those of Pods, children first; the kernel keeps one that is in use.
func removeCgroups() {
	roots, _ := filepath.Glob("/sys/fs/cgroup/*/kubepods")
	for _, root := range append(roots, "/sys/fs/cgroup/kubepods") {
		var dirs []string
		filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				dirs = append(dirs, p)
			}
			return nil
		})
		for i := len(dirs) - 1; i >= 0; i-- {
			os.Remove(dirs[i])
		}
	}
}

// Heal undoes what a fault did to the node: configuration and plugins as at first, everything running, the node Ready.
func (l *Lab) Heal() error {
	if err := l.restoreSysctls("fault"); err != nil {
		return err
	}
	l.Inside("fsfreeze", "--unfreeze", "/var/lib/containerd").Run() // fails where it was not frozen
	faults, _ := filepath.Glob(l.path("fault", "*"))
	extra, _ := filepath.Glob(l.path("etc", "*.args"))
	networks, _ := filepath.Glob(l.path("root/etc/cni/net.d", "*"))
	for _, f := range append(append(faults, extra...), networks...) {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	if err := l.prepare(); err != nil {
		return err
	}
	for _, name := range order {
		if l.alive(name) {
			if err := l.Signal(name, syscall.SIGCONT); err != nil {
				return err
			}
		}
	}
	return l.start()
}
