// Package demo holds an incident to look at without a cluster: recordings of a real one under real faults,
// put together as if they had happened at the same time.
package demo

import (
	"embed"
	"io/fs"
)

//go:generate go run ./gen
//go:generate go run ./picture

//go:embed dump/*.yaml
var files embed.FS

// Dump is the incident, as a folder that -f would read.
func Dump() fs.FS {
	sub, err := fs.Sub(files, "dump")
	if err != nil {
		panic(err) // the path is a constant
	}
	return sub
}
