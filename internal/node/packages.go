package node

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// runtimePackage are the names of packages that have to do with container runtimes.
var runtimePackage = regexp.MustCompile(`^(docker.*|containerd.*|moby-.*|runc|cri-o.*|cri-tools|cri-dockerd|crun|conmon|kubelet|kubernetes-cni|podman)$`)

const (
	dpkgFolder   = "/var/lib/dpkg"
	mostPackages = 50
	mostStatus   = 64 << 20 // of dpkg's: 40,000 packages
)

// readPackages reads the databases of dpkg and rpm, and which package owns the programs that are looked for. A machine without one has no packages.
func readPackages(ctx context.Context, t tree) (packages []nodefacts.Package, owners map[string]string, err error) {
	owners = map[string]string{}
	dpkg, dpkgErr := readDpkg(t, owners)
	rpm, rpmErr := readRPM(ctx, t, owners)
	packages = slices.Concat(dpkg, rpm)
	slices.SortStableFunc(packages, func(a, b nodefacts.Package) int { return cmp.Compare(a.Name, b.Name) })
	return packages[:min(len(packages), mostPackages)], owners, errors.Join(dpkgErr, rpmErr)
}

func readDpkg(t tree, owners map[string]string) ([]nodefacts.Package, error) {
	f, err := os.Open(t.path(dpkgFolder + "/status"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	found, err := parseDpkg(io.LimitReader(f, mostStatus))
	for i := range found {
		p := &found[i]
		for _, list := range []string{p.Name + ".list", p.Name + ":" + p.arch + ".list"} {
			file := path.Join(dpkgFolder, "info", list)
			info, err := os.Stat(t.path(file))
			if err != nil {
				continue
			}
			p.Time = metav1.NewTime(info.ModTime().UTC())
			if data, err := t.read(file, mostOfTable); err == nil {
				for line := range bytes.Lines(data) {
					own(owners, string(bytes.TrimSpace(line)), p.Name)
				}
			}
			break
		}
	}
	var out []nodefacts.Package
	for _, p := range found {
		out = append(out, p.Package)
	}
	return out, err
}

// own notes the owner of a file, where it is one of the programs that are looked for.
func own(owners map[string]string, file, name string) {
	if slices.Contains(programNames, path.Base(file)) {
		owners[file] = name
	}
}

// A dpkgPackage is a package with its architecture, which may stand in the name of its list of files.
type dpkgPackage struct {
	nodefacts.Package
	arch string
}

// parseDpkg reads dpkg's status file: paragraphs of lines "Field: value", continued by lines that start with a space.
func parseDpkg(r io.Reader) ([]dpkgPackage, error) {
	var out []dpkgPackage
	var p dpkgPackage
	var origin string
	installed := false
	end := func() {
		if installed && runtimePackage.MatchString(p.Name) && len(out) < mostPackages {
			p.Manager = "dpkg"
			p.Origin = clip(cmp.Or(origin, p.Origin))
			out = append(out, p)
		}
		p, origin, installed = dpkgPackage{}, "", false
	}
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 64<<10), 1<<20)
	for s.Scan() {
		line := s.Bytes()
		if len(line) == 0 {
			end()
			continue
		}
		field, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || line[0] == ' ' || line[0] == '\t' {
			continue
		}
		switch string(field) {
		case "Package":
			p.Name = clip(string(bytes.TrimSpace(value)))
		case "Status":
			installed = strings.HasSuffix(string(value), " ok installed")
		case "Version":
			p.Version = clip(string(bytes.TrimSpace(value)))
		case "Architecture":
			p.arch = clip(string(bytes.TrimSpace(value)))
		case "Maintainer":
			p.Origin = string(bytes.TrimSpace(value))
		case "Origin":
			origin = string(bytes.TrimSpace(value))
		}
	}
	end()
	return out, s.Err()
}
