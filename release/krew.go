package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"text/template"
)

//go:embed stuck.yaml.tmpl
var manifestTemplate string

// krew makes the manifest that the krew index takes for a version; sums are the archives' SHA-256 sums by file name.
func krew(version string, sums map[string]string) ([]byte, error) {
	type entry struct {
		platform
		File, Sum, Binary string
		Completer         string // "" where there is none
	}
	data := struct {
		Version   string
		Platforms []entry
	}{Version: version}
	for _, p := range platforms {
		file := p.archive(plugin, version)
		if sums[file] == "" {
			return nil, fmt.Errorf("krew manifest: no checksum of %s", file)
		}
		e := entry{platform: p, File: file, Sum: sums[file], Binary: p.binary(plugin)}
		if p.completes(plugin) {
			e.Completer = completer
		}
		data.Platforms = append(data.Platforms, e)
	}
	t, err := template.New("stuck.yaml").Parse(manifestTemplate)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, data)
	return b.Bytes(), err
}
