package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// agentImage is what deploy/agent.yaml calls the agent's image.
const agentImage = "ghcr.io/kubestuck/stuck-agent"

// image packs the agent's image for all platforms of nodes as an OCI layout, which `ctr images import`, `docker load`
// and, unpacked, `crane push` take. It holds the one static program, and the licences of what is in it. programs are
// its bytes by platform. It returns the digest by which a registry will know it.
func image(archive, version string, at time.Time, programs map[platform][]byte) (string, error) {
	at = at.UTC().Truncate(time.Second)
	var index v1.ImageIndex = empty.Index
	for _, p := range platforms {
		program, ok := programs[p]
		if !ok {
			continue
		}
		img, err := p.image(program, at)
		if err != nil {
			return "", err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{
			Platform: &v1.Platform{OS: p.OS, Architecture: p.Arch}}})
	}
	named := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: index, Descriptor: v1.Descriptor{
		Annotations: map[string]string{
			"io.containerd.image.name": agentImage + ":" + version, "org.opencontainers.image.ref.name": version}}})
	dir, err := os.MkdirTemp("", "image")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if _, err := layout.Write(dir, named); err != nil {
		return "", err
	}
	if err := packTree(archive, dir, at); err != nil {
		return "", err
	}
	digest, err := index.Digest()
	return digest.String(), err
}

// image is that of one platform.
func (p platform) image(program []byte, at time.Time) (v1.Image, error) {
	var files bytes.Buffer
	t := tar.NewWriter(&files)
	add := func(name string, mode int64, content []byte) error {
		if err := t.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(content)), ModTime: at,
			Format: tar.FormatUSTAR}); err != nil {
			return err
		}
		_, err := t.Write(content)
		return err
	}
	if err := add(agent, 0o755, program); err != nil {
		return nil, err
	}
	for _, legal := range []string{"LICENSE", notices} {
		content, err := os.ReadFile("../" + legal)
		if err == nil {
			err = add("licenses/"+legal, 0o644, content)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := t.Close(); err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(files.Bytes())), nil
	}, tarball.WithCompressionLevel(gzip.DefaultCompression))
	if err != nil {
		return nil, err
	}
	img, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: p.OS, Architecture: p.Arch,
		Created: v1.Time{Time: at}, Config: v1.Config{Entrypoint: []string{"/" + agent},
			Labels: map[string]string{"org.opencontainers.image.licenses": "Apache-2.0",
				"org.opencontainers.image.source": repository}}})
	if err != nil {
		return nil, err
	}
	return mutate.Append(img, mutate.Addendum{Layer: layer, History: v1.History{Created: v1.Time{Time: at},
		CreatedBy: "release"}})
}

// packTree writes a folder with all that is below it.
func packTree(archive, dir string, at time.Time) error {
	out, err := os.Create(archive)
	if err != nil {
		return err
	}
	defer out.Close()
	add, finish := tarInto(out, at)
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		return add(name, b, false)
	})
	if err != nil {
		return err
	}
	if err := finish(); err != nil {
		return err
	}
	return out.Close()
}
