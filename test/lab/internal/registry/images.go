// Package registry is what the lab's node pulls from: image registries that behave well or badly, by host name, and the
// DNS server that knows them.
package registry

import (
	"archive/tar"
	"bytes"
	"hash/fnv"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// busybox is Debian's, statically linked.
const busybox = "/bin/busybox"

var created = time.Unix(1_700_000_000, 0)

type file struct {
	name string
	mode int64
	data []byte
	link string
	dir  bool
}

func layer(files ...file) (v1.Layer, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.data)), Typeflag: tar.TypeReg, ModTime: created}
		if f.dir {
			h.Typeflag = tar.TypeDir
		}
		if f.link != "" {
			h.Typeflag, h.Linkname = tar.TypeSymlink, f.link
		}
		if err := w.WriteHeader(h); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(b.Bytes())),
			nil
	})
}

func image(arch string, config v1.Config, layers ...v1.Layer) (v1.Image, error) {
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	img, err := mutate.AppendLayers(img, layers...)
	if err != nil {
		return nil, err
	}
	cf, err := img.ConfigFile()
	if err != nil {
		return nil, err
	}
	cf = cf.DeepCopy()
	cf.Architecture, cf.OS, cf.Config, cf.Created = arch, "linux", config, v1.Time{Time: created}
	return mutate.ConfigFile(img, cf)
}

// SaveProgram writes an image with one static program, which is its entrypoint, to an archive as docker save would.
func SaveProgram(archive, tag, program string) error {
	data, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	name, err := name.NewTag(tag)
	if err != nil {
		return err
	}
	base := filepath.Base(program)
	only, err := layer(file{name: base, mode: 0o755, data: data})
	if err != nil {
		return err
	}
	img, err := image("amd64", v1.Config{Entrypoint: []string{"/" + base}}, only)
	if err != nil {
		return err
	}
	return tarball.WriteToFile(archive, name, img)
}

// library makes images for one registry. The first error stops it.
type library struct {
	host string // where images are pushed
	bin  string // folder of pause and pause-arm64
	base v1.Layer
	err  error
}

func (l *library) layer(files ...file) v1.Layer {
	made, err := layer(files...)
	l.fail(err)
	return made
}

func (l *library) fail(err error) {
	if l.err == nil {
		l.err = err
	}
}

func (l *library) read(file string) []byte {
	b, err := os.ReadFile(file)
	l.fail(err)
	return b
}

func (l *library) push(tag, arch string, config v1.Config, layers ...v1.Layer) v1.Image {
	if l.err != nil {
		return nil
	}
	img, err := image(arch, config, layers...)
	l.fail(err)
	if l.err == nil {
		l.fail(remote.Write(l.ref(tag), img))
	}
	return img
}

func (l *library) ref(tag string) name.Reference {
	ref, err := name.ParseReference(l.host+"/"+tag, name.Insecure)
	l.fail(err)
	return ref
}

var (
	path  = []string{"PATH=/bin:/usr/bin"}
	sleep = v1.Config{Env: path, Cmd: []string{"sleep", "1000000"}}
)

// fill pushes all images and writes the pause image to the file save, as docker save would.
func (l *library) fill(save string) error {
	pause := file{name: "pause", mode: 0o755, data: l.read(filepath.Join(l.bin, "pause"))}
	sandbox := l.push("pause:3.10", "amd64", v1.Config{Entrypoint: []string{"/pause"}, User: "65535:65535"},
		l.layer(pause))
	if l.err == nil {
		tag, err := name.NewTag("registry.k8s.io/pause:3.10")
		l.fail(err)
		l.fail(tarball.WriteToFile(save, tag, sandbox))
	}
	l.base = l.layer(l.root()...)
	l.push("busybox:1.36", "amd64", sleep, l.base)
	l.push("busybox:latest", "amd64", sleep, l.base)
	l.push("nonroot:named", "amd64", v1.Config{Env: path, User: "app", Cmd: sleep.Cmd}, l.base)
	l.push("nocmd:1.0", "amd64", v1.Config{Env: path}, l.base)
	l.otherPlatforms()
	l.scripts()
	return l.err
}

func (l *library) root() []file {
	files := []file{{name: "bin", mode: 0o755, dir: true}, {name: "etc", mode: 0o755, dir: true},
		{name: "tmp", mode: 0o1777, dir: true},
		{name: "etc/passwd", mode: 0o644, data: []byte("root:x:0:0:root:/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n")},
		{name: "etc/group", mode: 0o644, data: []byte("root:x:0:\napp:x:1000:\n")},
		{name: "bin/busybox", mode: 0o755, data: l.read(busybox)}}
	for _, applet := range []string{"sh", "sleep", "cat", "ls", "echo", "env", "dd", "true", "false", "id", "ps",
		"mkdir", "touch", "date", "stat", "df", "rm", "tail"} {
		files = append(files, file{name: "bin/" + applet, mode: 0o777, link: "busybox"})
	}
	return files
}

// otherPlatforms: really arm64 and said to be; an index that lacks amd64; arm64 that says amd64.
func (l *library) otherPlatforms() {
	binary := l.layer(file{name: "pause", mode: 0o755, data: l.read(filepath.Join(l.bin, "pause-arm64"))})
	config := v1.Config{Entrypoint: []string{"/pause"}}
	arm := l.push("armonly:1.0", "arm64", config, binary)
	l.push("mislabelled:1.0", "amd64", config, binary)
	if l.err != nil {
		return
	}
	index := mutate.AppendManifests(mutate.IndexMediaType(empty.Index, types.OCIImageIndex),
		mutate.IndexAddendum{Add: arm, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux",
			Architecture: "arm64"}}})
	l.fail(remote.WriteIndex(l.ref("armindex:1.0"), index))
}

// scripts whose start fails: no interpreter line, a carriage return in it, not executable.
func (l *library) scripts() {
	for tag, script := range map[string]file{
		"noshebang:1.0": {mode: 0o755, data: []byte("echo hi\n")},
		"crlf:1.0":      {mode: 0o755, data: []byte("#!/bin/sh\r\necho hi\r\n")},
		"notexec:1.0":   {mode: 0o644, data: []byte("#!/bin/sh\necho hi\n")},
	} {
		script.name = "start"
		l.push(tag, "amd64", v1.Config{Env: path, Entrypoint: []string{"/start"}}, l.base, l.layer(script))
	}
}

// fresh pushes an image that no node has seen, whatever other images it has: its second layer holds its name.
// One that is called fresh/big... has another 64 MiB that do not compress.
func (l *library) fresh(repository string) {
	layers := []v1.Layer{l.base, l.layer(file{name: "name", mode: 0o644, data: []byte(repository)})}
	if strings.HasPrefix(repository, "fresh/big") {
		seed := fnv.New64a()
		seed.Write([]byte(repository))
		layers = append(layers, l.layer(noise("noise", 64<<20, int64(seed.Sum64()))))
	}
	l.push(repository+":1.0", "amd64", sleep, layers...)
}

// noise is a file that does not compress.
func noise(name string, size int, seed int64) file {
	data := make([]byte, size)
	rand.New(rand.NewSource(seed)).Read(data)
	return file{name: name, mode: 0o644, data: data}
}
