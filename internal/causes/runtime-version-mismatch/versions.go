package runtimeversionmismatch

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// differ reports whether two versions are known and not the same: 1.1.5 and Debian's 1.1.5+ds1-1 are.
func differ(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	rest, same := strings.CutPrefix(b, a)
	return a != "" && !(same && (rest == "" || !strings.ContainsAny(rest[:1], "0123456789.")))
}

// release is the version of a program: its own, or that of the package which brought it, as distributions build many
// without one.
func release(all *nodefacts.Programs, i nodefacts.Installed) string {
	if i.Version != "" || i.Package == "" {
		return i.Version
	}
	for _, pkg := range all.Packages {
		if pkg.Name == i.Package {
			return pkg.Version
		}
	}
	return ""
}

// called is a package as a person names it: docker-ce 26.1.4 (Docker).
func called(p nodefacts.Package) string {
	name := strings.TrimSpace(p.Name + " " + p.Version)
	if p.Origin != "" {
		name += " (" + p.Origin + ")"
	}
	return name
}
