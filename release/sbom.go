package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/CycloneDX/cyclonedx-go"
)

// sbom lists what a program is made of, as CycloneDX JSON: the modules that its build recorded, and Go's own library.
// It runs nothing, so it lists the program of any platform.
func sbom(program, version, bin string) ([]byte, error) {
	info, err := buildinfo.ReadFile(bin)
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(bin)
	if err != nil {
		return nil, err
	}
	main := cyclonedx.Component{
		BOMRef:     purl(info.Main.Path, version) + "#cmd/" + program,
		Type:       cyclonedx.ComponentTypeApplication,
		Name:       info.Main.Path,
		Version:    version,
		PackageURL: purl(info.Main.Path, version) + "#cmd/" + program,
		Hashes: &[]cyclonedx.Hash{
			{Algorithm: cyclonedx.HashAlgoSHA256, Value: fmt.Sprintf("%x", sha256.Sum256(content))},
		},
		Properties: buildProperties(info),
	}
	components, err := modules(info)
	if err != nil {
		return nil, err
	}
	var uses []string
	for _, c := range components {
		uses = append(uses, c.BOMRef)
	}
	bom := cyclonedx.NewBOM()
	bom.Metadata = &cyclonedx.Metadata{Component: &main}
	bom.Components = &components
	bom.Dependencies = &[]cyclonedx.Dependency{{Ref: main.BOMRef, Dependencies: &uses}}
	var b bytes.Buffer
	err = cyclonedx.NewBOMEncoder(&b, cyclonedx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false).Encode(bom)
	return b.Bytes(), err
}

// modules are the modules in a program, Go's library first.
func modules(info *debug.BuildInfo) ([]cyclonedx.Component, error) {
	library := strings.TrimPrefix(info.GoVersion, "go")
	out := []cyclonedx.Component{component("std", library)}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		c := component(m.Path, m.Version)
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:"))
		if err != nil || len(sum) != sha256.Size {
			return nil, fmt.Errorf("module %s %s has no checksum: %q", m.Path, m.Version, m.Sum)
		}
		c.Hashes = &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgoSHA256, Value: hex.EncodeToString(sum)}}
		out = append(out, c)
	}
	return out, nil
}

func component(path, version string) cyclonedx.Component {
	return cyclonedx.Component{
		BOMRef:     purl(path, version),
		Type:       cyclonedx.ComponentTypeLibrary,
		Name:       path,
		Version:    version,
		Scope:      cyclonedx.ScopeRequired,
		PackageURL: purl(path, version),
	}
}

// purl is a module as a package URL, as the tools that look for known vulnerabilities want it.
func purl(path, version string) string {
	return "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B") + "?type=module"
}

// buildProperties are how a program was built.
func buildProperties(info *debug.BuildInfo) *[]cyclonedx.Property {
	var out []cyclonedx.Property
	for _, s := range info.Settings {
		if slices.Contains([]string{"CGO_ENABLED", "GOARCH", "GOOS", "-tags"}, s.Key) {
			out = append(out, cyclonedx.Property{Name: "go:build:" + s.Key, Value: s.Value})
		}
	}
	return &out
}
