package dump

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"io"
	"path"
	"strings"
)

// Limits on what an archive may unpack to: a few kilobytes can be made to unpack to as much as one likes.
const (
	maxArchive      = 1 << 30 // bytes
	maxArchiveFiles = 10000
)

// gzipMagic begins every gzip file.
var gzipMagic = []byte{0x1f, 0x8b}

// errArchiveTooLarge is told where an archive does not end within the limit.
var errArchiveTooLarge = &message.Error{What: message.Of("archive.too-large", "n", maxArchive>>20)}

// IsArchive tells by the name of a file whether it is an archive that [WriteArchive] writes.
func IsArchive(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".tar.gz") || strings.HasSuffix(name, ".tgz")
}

// archive reads the files of a .tar.gz one after the other, as they are unpacked. Nothing is written anywhere, so that
// the names of the files may be what they like. What cannot be unpacked is a gap; what came before it counts.
func (r *reader) archive(in io.Reader, limit int64) {
	name, written := r.name, r.time
	broken := func(err error) {
		r.begin(name, written)
		r.gap(cluster.Gap{What: inFile(name), Why: message.Of("archive.broken", "why", archiveReason(err)),
			Needs: message.Of("archive.give-again")})
	}
	gz, err := gzip.NewReader(in)
	if err != nil {
		broken(err)
		return
	}
	unpacked := &bounded{gz, limit}
	files := tar.NewReader(unpacked)
	for range maxArchiveFiles {
		h, err := files.Next()
		switch {
		case err == io.EOF:
			if _, err := io.Copy(io.Discard, unpacked); err != nil { // the checksum stands at the very end
				broken(err)
			}
			return
		case err != nil:
			broken(err)
			return
		case h.Typeflag != tar.TypeReg:
			continue
		}
		r.begin(path.Join(name, path.Clean("/"+h.Name)), h.ModTime)
		r.text(&upToBreak{r: files}, strings.ToLower(path.Ext(h.Name)), h.Size, false)
	}
	broken(&message.Error{What: message.Of("archive.too-many", "n", maxArchiveFiles)})
}

func archiveReason(err error) message.Message {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return message.Of("archive.cut-off")
	}
	return message.Because(err)
}

// bounded is a reader that fails where a limit is passed: an end of file would look as if all had been read.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errArchiveTooLarge
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// upToBreak ends a file where its archive breaks, so that the objects before that are read; that the archive
// is broken is told once, of the archive.
type upToBreak struct{ r io.Reader }

func (w *upToBreak) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

// WriteArchive writes the files that [Write] writes as a .tar.gz, in a folder of the given name. The same snapshot
// makes the same bytes.
func WriteArchive(w io.Writer, folder string, s *cluster.Snapshot) error {
	gz := gzip.NewWriter(w)
	files := tar.NewWriter(gz)
	err := Write(func(name string) (io.WriteCloser, error) {
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
