package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A packedFile is one that goes into an archive, under its base name.
type packedFile struct {
	path       string
	executable bool
}

// pack writes files into an archive whose bytes depend on nothing but their names, contents and the given time. A name
// that ends in .zip makes a ZIP file, any other a compressed tar file.
func pack(archive string, files []packedFile, at time.Time) error {
	out, err := os.Create(archive)
	if err != nil {
		return err
	}
	defer out.Close()
	add, finish := tarInto(out, at)
	if strings.HasSuffix(archive, ".zip") {
		add, finish = zipInto(out, at)
	}
	for _, file := range files {
		b, err := os.ReadFile(file.path)
		if err != nil {
			return err
		}
		if err := add(filepath.Base(file.path), b, file.executable); err != nil {
			return err
		}
	}
	if err := finish(); err != nil {
		return err
	}
	return out.Close()
}

type adder func(name string, content []byte, executable bool) error

func mode(executable bool) os.FileMode {
	if executable {
		return 0o755
	}
	return 0o644
}

func tarInto(out io.Writer, at time.Time) (adder, func() error) {
	gz := gzip.NewWriter(out)
	t := tar.NewWriter(gz)
	add := func(name string, content []byte, executable bool) error {
		h := &tar.Header{Name: name, Mode: int64(mode(executable)), Size: int64(len(content)),
			ModTime: at.UTC().Truncate(time.Second), Format: tar.FormatUSTAR}
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		_, err := t.Write(content)
		return err
	}
	return add, func() error {
		if err := t.Close(); err != nil {
			return err
		}
		return gz.Close()
	}
}

func zipInto(out io.Writer, at time.Time) (adder, func() error) {
	z := zip.NewWriter(out)
	add := func(name string, content []byte, executable bool) error {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at.UTC().Truncate(2 * time.Second)}
		h.SetMode(mode(executable))
		w, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		_, err = w.Write(content)
		return err
	}
	return add, z.Close
}
