// release makes what a release consists of, from the checkout above it: an archive for each platform, with an SBOM
// beside it, the checksums, and the manifest for krew. The same commit gives the same bytes on any machine.
package main

import (
	"cmp"
	"crypto/sha256"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// platform is one that kubectl plugins are used on.
type platform struct{ OS, Arch string }

var platforms = []platform{{"darwin", "amd64"}, {"darwin", "arm64"}, {"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"}}

// binary is the name that kubectl looks for.
func (p platform) binary() string {
	if p.OS == "windows" {
		return "kubectl-stuck.exe"
	}
	return "kubectl-stuck"
}

// archive is named as users of other plugins expect: kubectl-stuck_v1.2.3_linux_amd64.tar.gz.
func (p platform) archive(version string) string {
	ext := ".tar.gz"
	if p.OS == "windows" {
		ext = ".zip"
	}
	return "kubectl-stuck_" + version + "_" + p.OS + "_" + p.Arch + ext
}

func main() {
	log.SetFlags(0)
	version := flag.String("version", "", "version `tag`; that of git describe where empty")
	out := flag.String("out", "../dist", "`folder` to make")
	flag.Parse()
	if err := release(*version, *out); err != nil {
		log.Fatal("release: ", err)
	}
}

func release(version, out string) error {
	described, err := output("git", "describe", "--tags", "--always", "--dirty")
	if err != nil {
		return err
	}
	version = cmp.Or(version, described)
	committed, err := output("git", "log", "-1", "--format=%cI")
	if err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, committed)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, p := range platforms {
		if err := p.make(version, out, at); err != nil {
			return err
		}
	}
	sums, err := checksums(out)
	if err != nil {
		return err
	}
	manifest, err := krew(version, sums)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "stuck.yaml"), manifest, 0o644)
}

// make builds one platform's program, lists what it is made of, and packs it.
func (p platform) make(version, out string, at time.Time) error {
	work, err := os.MkdirTemp("", "release")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	bin := filepath.Join(work, p.binary())
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", bin, "./cmd/kubectl-stuck")
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.OS, "GOARCH="+p.Arch, "GOFLAGS=")
	if b, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build for %s/%s: %w: %s", p.OS, p.Arch, err, b)
	}
	archive := filepath.Join(out, p.archive(version))
	bom := exec.Command("go", "tool", "cyclonedx-gomod", "bin", "-json", "-std", "-noserial", "-notimestamp", "-version", version, "-output", archive+".cdx.json", bin)
	if b, err := bom.CombinedOutput(); err != nil {
		return fmt.Errorf("list what %s is made of: %w: %s", bin, err, b)
	}
	return pack(archive, []string{bin, "../LICENSE", "../README.md", "../README.zh.md"}, at)
}

// checksums writes checksums.txt, in the form that sha256sum --check reads, and returns the sums by file.
func checksums(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	var lines []string
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		sums[e.Name()] = fmt.Sprintf("%x", sha256.Sum256(b))
		lines = append(lines, sums[e.Name()]+"  "+e.Name()+"\n")
	}
	slices.Sort(lines)
	return sums, os.WriteFile(filepath.Join(dir, "checksums.txt"), []byte(strings.Join(lines, "")), 0o644)
}

func output(name string, args ...string) (string, error) {
	b, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(b)), nil
}
