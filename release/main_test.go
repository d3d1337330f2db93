package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"sigs.k8s.io/yaml"
)

// TestPack packs the same files twice, from other folders and at another hour, and wants the same bytes.
func TestPack(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, name := range []string{"a.tar.gz", "a.zip"} {
		var made [2]string
		for i := range made {
			dir := t.TempDir()
			program, license := filepath.Join(dir, "kubectl-stuck"), filepath.Join(dir, "LICENSE")
			for _, file := range []string{program, license} {
				if err := os.WriteFile(file, []byte(strings.Repeat(filepath.Base(file), 100)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			archive := filepath.Join(dir, name)
			if err := pack(archive, []packedFile{{program, true}, {license, false}},
				at.In(time.FixedZone("", 3600*i))); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(archive)
			if err != nil {
				t.Fatal(err)
			}
			made[i] = string(b)
		}
		if made[0] != made[1] {
			t.Errorf("%s: two runs differ", name)
		}
	}
}

// TestFiles has the completer, as kubectl executes it, in the plugin's archives for shells and nowhere else; and every
// file that is packed besides the programs is there.
func TestFiles(t *testing.T) {
	for _, p := range platforms {
		for _, program := range p.programs() {
			has := false
			for _, f := range p.files(program, "work") {
				if strings.HasPrefix(f.path, "work") {
					continue
				}
				info, err := os.Stat(f.path)
				if err != nil {
					t.Error(err)
					continue
				}
				has = has || filepath.Base(f.path) == "kubectl_complete-stuck"
				if f.executable && info.Mode()&0o111 == 0 {
					t.Errorf("%s cannot be executed", f.path)
				}
			}
			if want := program == plugin && p.OS != "windows"; has != want {
				t.Errorf("%s for %v: it has the completer: %v, want %v", program, p, has, want)
			}
		}
	}
}

// TestSBOM lists this test itself: its modules with their checksums, and Go's library.
func TestSBOM(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := sbom("release", "v1.2.3", self)
	if err != nil {
		t.Fatal(err)
	}
	var bom struct {
		BOMFormat, SpecVersion string
		Metadata               struct{ Component struct{ Purl string } }
		Components             []struct {
			Name, Version, Purl string
			Hashes              []struct{ Alg, Content string }
		}
		Dependencies []struct{ DependsOn []string }
	}
	if err := yaml.Unmarshal(b, &bom); err != nil {
		t.Fatal(err)
	}
	if bom.BOMFormat != "CycloneDX" || bom.SpecVersion != "1.6" || !strings.Contains(bom.Metadata.Component.Purl,
		"@v1.2.3") {
		t.Errorf("%s %s of %s", bom.BOMFormat, bom.SpecVersion, bom.Metadata.Component.Purl)
	}
	found := map[string]bool{}
	for _, c := range bom.Components {
		found[c.Name] = true
		if c.Name != "std" && (len(c.Hashes) != 1 || len(c.Hashes[0].Content) != 64) || !strings.HasPrefix(c.Purl,
			"pkg:golang/") {
			t.Errorf("%+v", c)
		}
	}
	if !found["std"] || !found["github.com/google/go-containerregistry"] || len(bom.Dependencies[0].DependsOn) != len(
		found) {
		t.Errorf("it is made of %v", found)
	}
	if _, err := sbom("release", "v1.2.3", "main.go"); err == nil {
		t.Error("a file that is no program was listed")
	}
}

func TestKrew(t *testing.T) {
	sums := map[string]string{}
	for _, p := range platforms {
		sums[p.archive(plugin, "v1.2.3")] = strings.Repeat("a", 64)
	}
	b, err := krew("v1.2.3", sums)
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		APIVersion, Kind string
		Metadata         struct{ Name string }
		Spec             struct {
			Version, Homepage, ShortDescription, Description, Caveats string
			Platforms                                                 []struct {
				URI, SHA256, Bin string
				Selector         struct{ MatchLabels map[string]string }
				Files            []struct{ From, To string }
			}
		}
	}
	if err := yaml.UnmarshalStrict(b, &m); err != nil {
		t.Fatal(err)
	}
	if m.Metadata.Name != "stuck" || m.Spec.Version != "v1.2.3" || len(m.Spec.Platforms) != 6 ||
		len(m.Spec.ShortDescription) > 80 {
		t.Errorf("manifest: %+v", m)
	}
	for _, p := range m.Spec.Platforms {
		want := platform{p.Selector.MatchLabels["os"], p.Selector.MatchLabels["arch"]}
		if !strings.HasSuffix(p.URI, want.archive(plugin, "v1.2.3")) || p.Bin != want.binary(plugin) || p.SHA256 == "" {
			t.Errorf("platform %v: %+v", want, p)
		}
		// Whatever krew is told to take has to be in the archive, and it takes all that is executed.
		inArchive := map[string]bool{}
		executables := 0
		for _, f := range want.files(plugin, "work") {
			inArchive[filepath.Base(f.path)] = true
			if f.executable {
				executables++
			}
		}
		if want := executables + 1; len(p.Files) != want {
			t.Errorf("krew takes %d files, want %d: %v", len(p.Files), want, p.Files)
		}
		for _, f := range p.Files {
			if !inArchive[f.From] {
				t.Errorf("krew takes %s, which is not in %s", f.From, p.URI)
			}
		}
	}
	delete(sums, platforms[3].archive(plugin, "v1.2.3"))
	if _, err := krew("v1.2.3", sums); err == nil {
		t.Error("a platform without a checksum was taken")
	}
}

// TestManifests applies in one file what is two in the tree, with the version of the release.
func TestManifests(t *testing.T) {
	dir, digest := t.TempDir(), "sha256:"+strings.Repeat("a", 64)
	if err := manifests("../deploy", "v1.2.3", digest, dir); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "stuck-agent.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, doc := range strings.Split(string(b), "\n---\n") {
		var o struct{ Kind string }
		if err := yaml.Unmarshal([]byte(doc), &o); err != nil {
			t.Fatal(err)
		}
		kinds[o.Kind]++
	}
	if kinds["CustomResourceDefinition"] != 1 || kinds["DaemonSet"] != 1 || kinds["ValidatingAdmissionPolicy"] != 1 {
		t.Errorf("kinds: %v", kinds)
	}
	if text := string(b); !strings.Contains(text, "stuck-agent:v1.2.3@"+digest+" ") || strings.Contains(text, "VERSION") {
		t.Error("the image has not the release's version")
	}
}

// TestImage packs an image twice, from bytes alone, and reads it back.
func TestImage(t *testing.T) {
	programs := map[platform][]byte{{"linux", "amd64"}: []byte("one"), {"linux", "arm64"}: []byte("two")}
	var made [2][]byte
	digest := ""
	for i := range made {
		file := filepath.Join(t.TempDir(), "image.tar.gz")
		var err error
		if digest, err = image(file, "v1.2.3", time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600*i)).Add(
			time.Duration(i)*time.Hour), programs); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		made[i] = b
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Error("two runs differ")
	}
	dir := t.TempDir()
	unpack(t, made[0], dir)
	top, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	names, err := top.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	got := names.Manifests[0].Annotations["io.containerd.image.name"]
	if got != "ghcr.io/kubestuck/stuck-agent:v1.2.3" {
		t.Errorf("it is called %q", got)
	}
	if names.Manifests[0].Digest.String() != digest {
		t.Errorf("its digest is %s, and %s is told", names.Manifests[0].Digest, digest)
	}
	index, err := top.ImageIndex(names.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	all, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	for i, arch := range []string{"amd64", "arm64"} {
		img, err := index.Image(all.Manifests[i].Digest)
		if err != nil {
			t.Fatal(err)
		}
		config, err := img.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		layers, err := img.Layers()
		if err != nil {
			t.Fatal(err)
		}
		if all.Manifests[i].Platform.Architecture != arch || config.Architecture != arch ||
			config.Config.Entrypoint[0] != "/stuck-agent" || len(layers) != 1 {
			t.Errorf("image %d: %v, %d layers", i, config, len(layers))
		}
		content, err := layers[0].Uncompressed()
		if err != nil {
			t.Fatal(err)
		}
		inside := map[string]bool{}
		for r := tar.NewReader(content); ; {
			h, err := r.Next()
			if err != nil {
				break
			}
			inside[h.Name] = true
		}
		if !inside["stuck-agent"] || !inside["licenses/LICENSE"] || !inside["licenses/THIRD_PARTY_NOTICES"] {
			t.Errorf("image %d holds %v", i, inside)
		}
	}
}

func unpack(t *testing.T, archive []byte, dir string) {
	t.Helper()
	gz, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(gz); ; {
		h, err := r.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, h.Name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
