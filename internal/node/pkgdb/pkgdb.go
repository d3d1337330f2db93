// Package pkgdb reads the package databases of a machine: dpkg's, and rpm's, which is SQLite, ndb or Berkeley DB.
//
// It reads files and starts no program: a database of another machine, or one that is damaged, can be read, too.
// What is read of one is bounded in bytes, packages and time.
package pkgdb

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"time"
)

// MaxPackages is how many packages of one database are returned at most.
const MaxPackages = 50

// A Package is one that is installed.
type Package struct {
	Name    string
	Version string    // as its package manager writes it: 1.6.20~ds1-1+b1, 2:1.13.1-209.el7
	Origin  string    // who made it, in the package's own words
	Manager string    // dpkg or rpm
	Time    time.Time // when it was installed; zero where that is not known
	Files   []string  // those of its files that were asked for
}

// A Query is what is looked for.
type Query struct {
	Package func(name string) bool // packages by their name
	File    func(path string) bool // files of these packages, by absolute path
}

// Read returns the packages of a machine, dpkg's before rpm's, from the file system that is its root. A machine
// without a package manager has none. Packages may be returned with an error: those that could be read.
func Read(ctx context.Context, root fs.FS, q Query) ([]Package, error) {
	packages, dpkgErr := readDpkg(root, q)
	rpm, rpmErr := readRPM(ctx, root, q)
	return append(packages, rpm...), errors.Join(dpkgErr, rpmErr)
}

// readFile reads at most so many bytes of a file. One that is larger is an error: half of a list tells less than none.
func readFile(root fs.FS, name string, limit int64) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = &fs.PathError{Op: "read", Path: name, Err: errors.New("it is too large")}
	}
	return data, err
}
