package lab

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Build makes what is missing of the lab's programs: some fifteen minutes on two cores the first time, nothing after.
// Programs of the lab itself are always built: Go's cache makes that cheap.
func (l *Lab) Build() error {
	if err := os.MkdirAll(l.Bin(), 0o755); err != nil {
		return err
	}
	own := [][]string{
		{"-o", l.path("bin", "labd"), "./cmd/labd"},
		{"-o", l.path("bin", "lab"), "./cmd/lab"},
		{"-o", l.path("bin", "pause"), "./cmd/pause"},
	}
	for _, args := range own {
		if err := l.goBuild(l.Source, nil, args...); err != nil {
			return err
		}
	}
	if err := l.goBuild(l.Source, []string{"GOARCH=arm64"}, "-o", l.path("bin", "pause-arm64"),
		"./cmd/pause"); err != nil {
		return err
	}
	if err := l.buildKube(); err != nil {
		return err
	}
	if err := l.buildContainerd(); err != nil {
		return err
	}
	return l.buildOldRunc()
}

func (l *Lab) goBuild(dir string, env []string, args ...string) error {
	cmd := exec.Command("go", append([]string{"build", "-trimpath"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0"), env...)
	return run(cmd)
}

// buildKube makes the multi-call binary and a link for each of its names.
func (l *Lab) buildKube() error {
	kube := filepath.Join(l.Bin(), "kube")
	if _, err := os.Stat(kube); err != nil {
		fmt.Println("building Kubernetes", l.Version.Kubernetes, "(up to 15 minutes, once)")
		if err := l.goBuild(filepath.Join(l.Source, "kube"), nil, "-modfile="+l.Version.Modfile, "-ldflags",
			kubeFlags(l.Version.Kubernetes), "-o", kube, "."); err != nil {
			return err
		}
	}
	for _, name := range []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kubectl",
		"etcd"} {
		link := filepath.Join(l.Bin(), name)
		if _, err := os.Lstat(link); err == nil {
			continue
		}
		if err := os.Symlink("kube", link); err != nil {
			return err
		}
	}
	return nil
}

// kubeFlags stamp the version, which Kubernetes' own build takes from git.
func kubeFlags(version string) string {
	part := strings.Split(strings.TrimPrefix(version, "v"), ".")
	flags := []string{"-s", "-w"}
	for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		for _, v := range [][2]string{{"gitVersion", version}, {"gitMajor", part[0]}, {"gitMinor", part[1]},
			{"gitTreeState", "clean"}} {
			flags = append(flags, "-X", pkg+"."+v[0]+"="+v[1])
		}
	}
	return strings.Join(flags, " ")
}

func (l *Lab) buildContainerd() error {
	if l.Version.Containerd == "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(l.Bin(), "containerd")); err == nil {
		return nil
	}
	fmt.Println("building containerd", l.Version.Containerd)
	args := []string{"install", "-trimpath", "-ldflags", "-s -w"}
	for _, name := range []string{"containerd", "containerd-shim-runc-v2", "ctr"} {
		args = append(args, "github.com/containerd/containerd/v2/cmd/"+name+"@"+l.Version.Containerd)
	}
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOBIN="+l.Bin())
	return run(cmd)
}

// oldRunc is a runc that knows no capabilities of Linux 5.8, as nodes have that were upgraded by half.
const oldRunc = "v1.0.0-rc92"

func (l *Lab) buildOldRunc() error {
	dir := l.path("bin", "old")
	if _, err := os.Stat(filepath.Join(dir, "runc")); err == nil {
		return nil
	}
	cmd := exec.Command("go", "install", "-trimpath", "-ldflags", "-s -w", "github.com/opencontainers/runc@"+oldRunc)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOBIN="+dir)
	return run(cmd)
}

// run shows a command's output, and names the command where it fails.
func run(cmd *exec.Cmd) error {
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	return nil
}
