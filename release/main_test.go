package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"
)

// TestPack packs the same files twice, from other folders and at another hour, and wants the same bytes.
func TestPack(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, name := range []string{"a.tar.gz", "a.zip"} {
		var packed [2]string
		for i := range packed {
			dir := t.TempDir()
			program, license := filepath.Join(dir, "kubectl-stuck"), filepath.Join(dir, "LICENSE")
			for _, file := range []string{program, license} {
				if err := os.WriteFile(file, []byte(strings.Repeat(filepath.Base(file), 100)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			archive := filepath.Join(dir, name)
			if err := pack(archive, []string{program, license}, at.In(time.FixedZone("", 3600*i))); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(archive)
			if err != nil {
				t.Fatal(err)
			}
			packed[i] = string(b)
		}
		if packed[0] != packed[1] {
			t.Errorf("%s: two runs differ", name)
		}
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
	if m.Metadata.Name != "stuck" || m.Spec.Version != "v1.2.3" || len(m.Spec.Platforms) != 6 || len(m.Spec.ShortDescription) > 80 {
		t.Errorf("manifest: %+v", m)
	}
	for _, p := range m.Spec.Platforms {
		want := platform{p.Selector.MatchLabels["os"], p.Selector.MatchLabels["arch"]}
		if !strings.HasSuffix(p.URI, want.archive(plugin, "v1.2.3")) || p.Bin != want.binary(plugin) || p.SHA256 == "" || len(p.Files) != 2 {
			t.Errorf("platform %v: %+v", want, p)
		}
	}
	delete(sums, platforms[3].archive(plugin, "v1.2.3"))
	if _, err := krew("v1.2.3", sums); err == nil {
		t.Error("a platform without a checksum was taken")
	}
}

// TestManifests applies in one file what is two in the tree, with the version of the release.
func TestManifests(t *testing.T) {
	file := filepath.Join(t.TempDir(), "stuck-agent.yaml")
	if err := manifests("../deploy", "v1.2.3", file); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
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
	if text := string(b); !strings.Contains(text, "stuck-agent:v1.2.3 ") || strings.Contains(text, "VERSION") {
		t.Error("the image has not the release's version")
	}
}
