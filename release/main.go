// release makes what a release consists of, from the checkout above it: an archive for each platform, with an SBOM
// beside it, the image of the agent, the checksums, and the manifest for krew. The same commit gives the same bytes on
// any machine.
package main

import (
	"cmp"
	"crypto"
	"crypto/sha256"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// platform is one that kubectl plugins are used on.
type platform struct{ OS, Arch string }

var platforms = []platform{{"darwin", "amd64"}, {"darwin", "arm64"}, {"linux", "amd64"}, {"linux", "arm64"},
	{"windows", "amd64"}, {"windows", "arm64"}}

// The programs: the plugin and the one that answers language models, for all platforms, and the agent, for those that
// nodes are of.
const (
	plugin = "kubectl-stuck"
	server = "kubectl-stuck-mcp"
	agent  = "stuck-agent"
)

// programs are those that a release has for the platform.
func (p platform) programs() []string {
	if p.OS == "linux" {
		return []string{plugin, server, agent}
	}
	return []string{plugin, server}
}

// binary is the name of a program's file; kubectl looks for the plugin by it.
func (p platform) binary(program string) string {
	if p.OS == "windows" {
		return program + ".exe"
	}
	return program
}

// archive is named as users of other plugins expect: kubectl-stuck_v1.2.3_linux_amd64.tar.gz.
func (p platform) archive(program, version string) string {
	ext := ".tar.gz"
	if p.OS == "windows" {
		ext = ".zip"
	}
	return program + "_" + version + "_" + p.OS + "_" + p.Arch + ext
}

func main() {
	log.SetFlags(0)
	version := flag.String("version", "", "version `tag`; that of git describe where empty")
	out := flag.String("out", "../dist", "`folder` to make")
	key := flag.String("key", "", "`file` with a private key (ed25519 or ECDSA, PEM) that signs checksums and provenance")
	flag.Parse()
	if err := release(*version, *out, *key); err != nil {
		log.Fatal("release: ", err)
	}
}

func release(version, out, keyFile string) error {
	var key crypto.Signer
	if keyFile != "" { // before all else: a release that takes minutes should not fail at its end
		var err error
		if key, err = readKey(keyFile); err != nil {
			return err
		}
	}
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
	agents, err := makeAll(version, out, at)
	if err != nil {
		return err
	}
	digest, err := image(filepath.Join(out, agent+"_"+version+"_image.tar.gz"), version, at, agents)
	if err != nil {
		return err
	}
	if err := manifests("../deploy", version, digest, out); err != nil {
		return err
	}
	commit, err := output("git", "rev-parse", "HEAD")
	if err != nil {
		return err
	}
	sums, err := attest(version, commit, out, key)
	if err != nil {
		return err
	}
	manifest, err := krew(version, sums)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "stuck.yaml"), manifest, 0o644)
}

// attest says how everything in a folder came to be, and writes the checksums; with a key both are signed.
func attest(version, commit, out string, key crypto.Signer) (map[string]string, error) {
	sums, err := sumsOf(out)
	if err != nil {
		return nil, err
	}
	made, err := provenance(version, commit, sums)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(out, "provenance.json"), made, 0o644); err != nil {
		return nil, err
	}
	if sums, err = checksums(out); err != nil || key == nil {
		return sums, err
	}
	signed, err := envelope(key, made)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(out, "provenance.intoto.jsonl"), signed, 0o644); err != nil {
		return nil, err
	}
	return sums, signFile(key, filepath.Join(out, "checksums.txt"))
}

// manifests joins what kubectl apply needs for the agent into one file: the form of NodeFacts, and the agent of this
// version, whose image is named by what is in it. Beside it lies the patch that lets the agent see all.
func manifests(deploy, version, digest, out string) error {
	crd, err := os.ReadFile(filepath.Join(deploy, "crd/stuck.dev_nodefacts.yaml"))
	if err != nil {
		return err
	}
	daemon, err := os.ReadFile(filepath.Join(deploy, "agent.yaml"))
	if err != nil {
		return err
	}
	const image = "image: " + agentImage + ":"
	if strings.Count(string(daemon), image+"VERSION") != 1 {
		return fmt.Errorf("%s/agent.yaml has no %sVERSION", deploy, image)
	}
	wide, err := os.ReadFile(filepath.Join(deploy, "wide.patch"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "stuck-agent-wide.patch"), wide, 0o644); err != nil {
		return err
	}
	text := strings.ReplaceAll(string(daemon), image+"VERSION", image+version+"@"+digest)
	return os.WriteFile(filepath.Join(out, "stuck-agent.yaml"), []byte(string(crd)+"---\n"+text), 0o644)
}

// atOnce is how many platforms are made at once. What a compiler of one has to wait for leaves room for another's; more
// of them need more memory and no less time.
const atOnce = 2

// makeAll makes the programs of all platforms, and returns the agent's by platform.
func makeAll(version, out string, at time.Time) (map[platform][]byte, error) {
	agents := make([][]byte, len(platforms))
	errs := make([]error, len(platforms))
	slots := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i, p := range platforms {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			agents[i], errs[i] = p.make(version, out, at)
		})
	}
	wg.Wait()
	byPlatform := map[platform][]byte{}
	for i, p := range platforms {
		if agents[i] != nil {
			byPlatform[p] = agents[i]
		}
	}
	return byPlatform, errors.Join(errs...)
}

// make builds a platform's programs, lists what they are made of, and packs them. It returns the agent, where nodes are
// of this platform.
func (p platform) make(version, out string, at time.Time) ([]byte, error) {
	work, err := os.MkdirTemp("", "release")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	if err := p.build(work); err != nil {
		return nil, err
	}
	var made []byte
	for _, program := range p.programs() {
		bin := filepath.Join(work, p.binary(program))
		archive := filepath.Join(out, p.archive(program, version))
		bom, err := sbom(program, version, bin)
		if err != nil {
			return nil, fmt.Errorf("list what %s is made of: %w", bin, err)
		}
		if err := os.WriteFile(archive+".cdx.json", bom, 0o644); err != nil {
			return nil, err
		}
		if err := pack(archive, p.files(program, work), at); err != nil {
			return nil, err
		}
		if program == agent {
			if made, err = os.ReadFile(bin); err != nil {
				return nil, err
			}
		}
	}
	return made, nil
}

//go:embed build.flags
var buildFlags string

// flags is how the programs are built.
func flags() []string {
	var out []string
	for line := range strings.Lines(buildFlags) {
		if !strings.HasPrefix(line, "#") {
			out = append(out, strings.TrimSpace(line))
		}
	}
	return out
}

// build builds all programs of a platform together: they share most of their packages.
func (p platform) build(dir string) error {
	args := append([]string{"build", "-trimpath", "-ldflags=-s -w", "-o", dir + string(filepath.Separator)}, flags()...)
	for _, program := range p.programs() {
		args = append(args, "./cmd/"+program)
	}
	build := exec.Command("go", args...)
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.OS, "GOARCH="+p.Arch, "GOFLAGS=")
	if b, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build for %s/%s: %w: %s", p.OS, p.Arch, err, b)
	}
	return nil
}

// completer is what kubectl looks for on the PATH to complete "kubectl stuck". It is a shell script.
const completer = "kubectl_complete-stuck"

// files are those of a program's archive: what is executed first.
func (p platform) files(program, dir string) []packedFile {
	files := []packedFile{{filepath.Join(dir, p.binary(program)), true}}
	if p.completes(program) {
		files = append(files, packedFile{"../cmd/kubectl-stuck/" + completer, true})
	}
	for _, text := range []string{"LICENSE", notices, "README.md", "README.zh.md"} {
		files = append(files, packedFile{"../" + text, false})
	}
	return files
}

// completes reports whether a program's archive has the completer: that of the plugin, where a shell can run it.
func (p platform) completes(program string) bool { return program == plugin && p.OS != "windows" }

// notices is the file with the licences of what is linked in.
const notices = "THIRD_PARTY_NOTICES"

// sumsOf are the SHA-256 sums of the files in a folder.
func sumsOf(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		sums[e.Name()] = fmt.Sprintf("%x", sha256.Sum256(b))
	}
	return sums, nil
}

// checksums writes checksums.txt, in the form that sha256sum --check reads, and returns the sums by file.
func checksums(dir string) (map[string]string, error) {
	sums, err := sumsOf(dir)
	if err != nil {
		return nil, err
	}
	var lines []string
	for name, sum := range sums {
		lines = append(lines, sum+"  "+name+"\n")
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
