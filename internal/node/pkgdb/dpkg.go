package pkgdb

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

const (
	dpkgFolder   = "var/lib/dpkg"
	maxStatus    = 64 << 20 // bytes of dpkg's status: 40,000 packages
	maxFilesList = 4 << 20  // bytes of the list of a package's files
)

func readDpkg(root fs.FS, q Query) ([]Package, error) {
	f, err := root.Open(dpkgFolder + "/status")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	found, err := parseDpkg(io.LimitReader(f, maxStatus), q.Package)
	var packages []Package
	for _, p := range found {
		for _, list := range []string{p.Name + ".list", p.Name + ":" + p.arch + ".list"} {
			if p.addFiles(root, path.Join(dpkgFolder, "info", list), q.File) {
				break
			}
		}
		packages = append(packages, p.Package)
	}
	return packages, err
}

// A dpkgPackage is a package with its architecture, which may stand in the name of its list of files.
type dpkgPackage struct {
	Package
	arch string
}

// addFiles reads the list of a package's files, which is as old as the installation. It reports whether there is one.
func (p *dpkgPackage) addFiles(root fs.FS, list string, wanted func(path string) bool) bool {
	info, err := fs.Stat(root, list)
	if err != nil {
		return false
	}
	p.Time = info.ModTime().UTC()
	data, err := readFile(root, list, maxFilesList)
	if err != nil {
		return true // the package is there all the same
	}
	for line := range bytes.Lines(data) {
		if file := string(bytes.TrimSpace(line)); wanted(file) {
			p.Files = append(p.Files, file)
		}
	}
	return true
}

// parseDpkg reads dpkg's status file: paragraphs of lines "Field: value", continued by lines that start with a space.
func parseDpkg(r io.Reader, wanted func(name string) bool) ([]dpkgPackage, error) {
	var out []dpkgPackage
	var p dpkgPackage
	var origin string
	installed := false
	end := func() {
		if installed && wanted(p.Name) && len(out) < MaxPackages {
			p.Manager = "dpkg"
			p.Origin = cmp.Or(origin, p.Origin)
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
		switch text := string(bytes.TrimSpace(value)); string(field) {
		case "Package":
			p.Name = text
		case "Status":
			installed = strings.HasSuffix(text, " ok installed")
		case "Version":
			p.Version = text
		case "Architecture":
			p.arch = text
		case "Maintainer":
			p.Origin = text
		case "Origin":
			origin = text
		}
	}
	end()
	return out, s.Err()
}
