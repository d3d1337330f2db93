package node

import (
	"cmp"
	"context"
	"debug/buildinfo"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/node/pkgdb"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// programNames are the programs of container runtimes, and the kubelet.
var programNames = []string{"containerd", "containerd-shim", "containerd-shim-runc-v2", "runc", "crun", "docker",
	"dockerd", "crio", "conmon", "cri-dockerd", "kubelet", "ctr"}

// runtimePackage are the names of packages that have to do with container runtimes.
var runtimePackage = match.Lazy(
	`^(docker.*|containerd.*|moby-.*|runc|cri-o.*|cri-tools|cri-dockerd|crun|conmon|` +
		`kubelet|kubernetes-cni|podman)$`)

// programDirs are the folders of root's PATH, in the order in which they are searched.
var programDirs = []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/opt/bin"}

const maxPrograms = 50

func readPrograms(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	var unread partial
	t := h.tree()
	p := &nodefacts.Programs{}
	packages, err := pkgdb.Read(ctx, treeFS{t}, pkgdb.Query{Package: runtimePackage().MatchString, File: isProgram})
	if err != nil {
		unread.miss("programs.packages", err)
	}
	p.Packages = packageFacts(packages)
	owners := map[string]string{}
	for _, p := range packages {
		for _, file := range p.Files {
			owners[file] = clip(p.Name)
		}
	}
	p.Installed, err = h.installed(t, owners)
	unread.miss("programs.installed", err)
	procs, err := sharedOf(ctx, h).procs()
	if err != nil {
		unread.miss("programs.running", err)
	}
	p.Running = h.started(procs)
	if denied := hiddenPrograms(procs); denied > 0 {
		unread.miss("programs.running", &message.Error{What: message.Of("fact.programs", "n", denied, "all", len(procs))})
	}
	set := func(f *nodefacts.NodeFacts) { f.Programs = p }
	return set, unread.orNil()
}

func isProgram(file string) bool { return slices.Contains(programNames, path.Base(file)) }

// packageFacts are packages as facts, by name.
func packageFacts(packages []pkgdb.Package) []nodefacts.Package {
	var out []nodefacts.Package
	for _, p := range packages {
		out = append(out, nodefacts.Package{Name: clip(p.Name), Version: clip(p.Version), Origin: clip(p.Origin),
			Manager: p.Manager, Time: metav1.NewTime(p.Time)})
	}
	slices.SortStableFunc(out, func(a, b nodefacts.Package) int { return cmp.Compare(a.Name, b.Name) })
	return out[:min(len(out), pkgdb.MaxPackages)]
}

// installed looks for programs in the folders of PATH. Folders that are one (a merged /usr) and links to the same file
// count once. An error is that a folder is not to be seen.
func (h *Host) installed(t tree, owners map[string]string) (out []nodefacts.Installed, hidden error) {
	for _, name := range programNames {
		var seen []fs.FileInfo
		for _, dir := range programDirs {
			if _, err := t.at(dir); err != nil {
				hidden = err
				continue
			}
			file, err := t.resolve(path.Join(dir, name))
			if err != nil {
				continue
			}
			at := filepath.Join(t.root, file)
			info, err := os.Stat(at)
			if err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 ||
				slices.ContainsFunc(seen, func(i fs.FileInfo) bool { return os.SameFile(i, info) }) {
				continue
			}
			seen = append(seen, info)
			out = append(out, nodefacts.Installed{Name: name, Path: file, Version: h.buildVersion(at),
				Package:  packageOf(owners, path.Join(dir, name), file),
				Modified: metav1.NewTime(info.ModTime().UTC().Truncate(time.Second))})
		}
	}
	return out, hidden
}

// packageOf is the package that a file belongs to. dpkg may list /bin/runc where the file is in /usr/bin.
func packageOf(owners map[string]string, names ...string) string {
	for _, n := range names {
		for _, n := range []string{n, strings.TrimPrefix(n, "/usr"), "/usr" + n} {
			if o := owners[n]; o != "" {
				return o
			}
		}
	}
	return ""
}

// hiddenPrograms are how many of the runtimes' processes do not show which program they are.
func hiddenPrograms(procs []process) (n int) {
	for _, p := range procs {
		name := p.name()
		if name != "kubelet" && !daemon().MatchString(name) && !shim().MatchString(name) {
			continue
		}
		if _, err := os.Readlink(p.dir + "/exe"); errors.Is(err, fs.ErrPermission) {
			n++
		}
	}
	return n
}

// started lists the runtimes' programs that run, one for each executable; its pid is that of the one that runs longest.
func (h *Host) started(procs []process) []nodefacts.Program {
	byExe := map[string]*nodefacts.Program{}
	var order []string
	for _, p := range procs {
		name := p.name()
		if name != "kubelet" && !daemon().MatchString(name) && !shim().MatchString(name) {
			continue
		}
		exe, deleted := p.exe()
		if exe == "" {
			continue
		}
		info, err := os.Stat(p.dir + "/exe")
		key := exe
		if err == nil {
			key += fileID(info) // two versions may have been at one path
		}
		if have := byExe[key]; have != nil {
			have.Count++
			if p.started.Before(have.Started.Time) {
				have.PID, have.Started = p.pid, metav1.NewTime(p.started.UTC().Truncate(time.Second))
			}
			continue
		}
		byExe[key] = &nodefacts.Program{Name: clip(name), PID: p.pid, Path: clip(exe), Deleted: deleted,
			Version: h.buildVersion(p.dir + "/exe"),
			Started: metav1.NewTime(p.started.UTC().Truncate(time.Second)), Count: 1}
		order = append(order, key)
	}
	var out []nodefacts.Program
	for _, key := range order {
		out = append(out, *byExe[key])
	}
	slices.SortStableFunc(out, func(a, b nodefacts.Program) int { return cmp.Compare(a.Name, b.Name) })
	return out[:min(len(out), maxPrograms)]
}

// name is what a process is called: the kernel keeps 15 bytes of it, so a longer one is that of its executable.
func (p *process) name() string {
	if len(p.comm) < 15 {
		return p.comm
	}
	if exe, _ := p.exe(); strings.HasPrefix(path.Base(exe), p.comm) {
		return path.Base(exe)
	}
	return p.comm
}

// linkedVersion is how Go programs are told their version when they are built: -X
// github.com/containerd/containerd/version.Version=1.6.20.
var linkedVersion = match.Lazy(
	`(?:gitVersion|[vV]ersion\.Version|dockerversion\.Version|main\.[vV]ersion|\.[vV]ersion)=v?([0-9]+\.[0-9][^\s'"]*)`)

// version is what a build says of itself: what it was told by the linker, else the version of its module. Nothing is
// executed to learn it.
func version(info *buildinfo.BuildInfo) string {
	for _, s := range info.Settings {
		if s.Key == "-ldflags" {
			if m := linkedVersion().FindStringSubmatch(s.Value); m != nil {
				return clip(m[1])
			}
		}
	}
	if v := info.Main.Version; v != "(devel)" && !strings.HasPrefix(v, "v0.0.0-") {
		return clip(strings.TrimPrefix(v, "v"))
	}
	return ""
}
