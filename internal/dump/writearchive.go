package dump

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
)

// IsArchive tells by the name of a file whether it is an archive that [WriteArchive] writes.
func IsArchive(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".tar.gz") || strings.HasSuffix(name, ".tgz")
}

// WriteArchive writes the files that [Write] writes as a .tar.gz, in a folder of the given name. The same snapshot
// makes the same bytes.
func WriteArchive(w io.Writer, folder string, s *cluster.Snapshot) error {
	gz, err := gzip.NewWriterLevel(w, gzip.BestSpeed) // a large cluster's text is ten times as small all the same
	if err != nil {
		return err
	}
	files := tar.NewWriter(gz)
	err = Write(func(name string) (io.WriteCloser, error) {
		return &archived{to: files, head: tar.Header{Name: path.Join(folder, name), Mode: 0o600, ModTime: s.At,
			Format: tar.FormatPAX}}, nil
	}, s)
	if err == nil {
		err = files.Close()
	}
	if err == nil {
		err = gz.Close()
	}
	if err != nil {
		return fmt.Errorf("cannot write the archive: %w", err)
	}
	return nil
}

// archived is one file on its way into an archive, where the size stands first.
type archived struct {
	bytes.Buffer
	to   *tar.Writer
	head tar.Header
}

func (a *archived) Close() error {
	a.head.Size = int64(a.Len())
	if err := a.to.WriteHeader(&a.head); err != nil {
		return err
	}
	_, err := a.WriteTo(a.to)
	return err
}
