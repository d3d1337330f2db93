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
		data.Platforms = append(data.Platforms, entry{p, file, sums[file], p.binary(plugin)})
	}
	t, err := template.New("stuck.yaml").Parse(manifestTemplate)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, data)
	return b.Bytes(), err
}
