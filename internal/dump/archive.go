package dump

import (
	"archive/tar"
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
)

// Limits on what a file may unpack to, with all archives in it: a few kilobytes can be made to unpack to as much as one
// likes. A log of the same few lines is packed to a hundredth, and hardly further.
const (
	maxUnpacked     = 1 << 30 // bytes, or
	maxRatio        = 200     // times what is packed
	maxArchiveDepth = 8       // archives and packed files in one another: a .tar.gz is two
	maxArchivedName = 1024    // bytes
	tarHeader       = 512     // bytes at the beginning of a file that tell whether it is packed
)

var (
	errArchiveTooLarge = &message.Error{What: message.Of("archive.too-large", "n", maxUnpacked>>20)}
	errArchiveTooMany  = &message.Error{What: message.Of("archive.too-many", "n", maxFiles)}
	errArchiveTooDeep  = &message.Error{What: message.Of("archive.too-deep", "n", maxArchiveDepth)}
)

// An unpacking is what was read of a file that was given, and unpacked of it and all archives in it.
type unpacking struct {
	read         *atomic.Int64 // a program that unpacks reads on its own
	unpacked     int64
	limit        int64
	files, depth int
}

// given starts with a file that was given.
func (r *reader) given(f io.Reader) io.Reader {
	r.unpacking = unpacking{limit: maxUnpacked, read: new(atomic.Int64)}
	return counted{f, r.unpacking.read, &r.progress.Bytes}
}

// counted counts what is read of a file.
type counted struct {
	r      io.Reader
	n, all *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	c.all.Add(int64(n))
	return n, err
}

// A layer is what is unpacked of one packed file. Where that breaks it ends, so that what came before is read; that it
// is broken is told once, of the packed file.
type layer struct {
	r   io.Reader
	of  *unpacking
	err error // that broke it
}

func (l *layer) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, io.EOF
	}
	n, err := l.r.Read(p)
	l.of.unpacked += int64(n)
	if l.of.unpacked > l.of.limit && l.of.unpacked > maxRatio*l.of.read.Load() {
		n, err = 0, errArchiveTooLarge
	}
	if err != nil && err != io.EOF {
		l.err, err = err, io.EOF
	}
	return n, err
}

// archive reads what a file is packed of, and reports whether it is packed: the files of an archive one after the
// other, as they are unpacked. Nothing is written anywhere, so that their names may be what they like. What cannot be
// unpacked is a gap; what came before it counts. It is read from in, which buffers f.
func (r *reader) archive(in *bufio.Reader, f io.Reader, ext string) bool {
	begin, _ := in.Peek(tarHeader)
	var read func() error
	switch p := packingOf(begin); {
	case p != nil:
		read = func() error { return r.packed(in, p, ext) }
	case isTar(begin):
		read = func() error { return r.tar(in) }
	case bytes.HasPrefix(begin, []byte(zipFile)):
		read = func() error { return r.zip(in) }
	default:
		return false
	}
	name, written, asked := r.name, r.time, r.asked
	var err error = errArchiveTooDeep
	if r.unpacking.depth < maxArchiveDepth {
		r.unpacking.depth++
		err = read()
		r.unpacking.depth--
	}
	if l, ok := f.(*layer); ok && l.err != nil {
		err = nil // it is told of what this is unpacked from
	}
	if r.begin(name, written, asked); err != nil {
		r.gap(archiveGap(name, err))
	}
	return true
}

// archiveGap says why an archive could not be read to its end, or not at all.
func archiveGap(name string, err error) cluster.Gap {
	g := cluster.Gap{What: inFile(name), Why: message.Of("archive.broken", "why", archiveReason(err)),
		Needs: message.Of("archive.give-again")}
	if e := (*message.Error)(nil); errors.As(err, &e) && e.What.Code == "archive.program" {
		g.Why, g.Needs = e.What, message.Of("archive.install", "program", e.What.Args["program"])
	}
	return g
}

func archiveReason(err error) message.Message {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return message.Of("archive.cut-off")
	}
	return message.Because(err)
}

// packed reads a file that is packed by itself, which may be an archive.
func (r *reader) packed(in io.Reader, p *packing, ext string) error {
	unpacked, err := r.unpacked(in, p)
	if err != nil {
		return err
	}
	defer unpacked.Close()
	l := &layer{r: unpacked, of: &r.unpacking}
	if inner := strings.ToLower(path.Ext(strings.TrimSuffix(strings.ToLower(r.name), ext))); ext != "" {
		ext = inner
	}
	r.text(l, ext, 0)
	if _, err := io.Copy(io.Discard, l); err != nil { // the checksum stands at the very end
		return err
	}
	return l.err
}

// isTar reports whether a file begins with the header of a tar, by its checksum.
func isTar(begin []byte) bool {
	if len(begin) < tarHeader || begin[0] == 0 {
		return false
	}
	want, err := strconv.ParseUint(strings.Trim(string(begin[148:156]), " \x00"), 8, 32)
	sum := uint64(8 * ' ')
	for i, c := range begin[:tarHeader] {
		if i < 148 || i >= 156 {
			sum += uint64(c)
		}
	}
	return err == nil && sum == want
}

func (r *reader) tar(in io.Reader) error {
	name := r.name
	files := tar.NewReader(in)
	for {
		h, err := files.Next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case h.Typeflag != tar.TypeReg:
			continue
		}
		r.begin(inArchive(name, h.Name), h.ModTime, false)
		l := &layer{r: files, of: &unpacking{limit: math.MaxInt64}} // what is read of it counts below
		if err := r.archivedFile(l, h.Name, h.Size); err != nil {
			return err
		}
	}
}

// archivedFile reads a file of an archive, and counts it.
func (r *reader) archivedFile(l *layer, name string, size int64) error {
	if r.unpacking.files++; r.unpacking.files > maxFiles {
		return errArchiveTooMany
	}
	r.text(l, strings.ToLower(path.Ext(name)), size)
	return l.err
}

// inArchive is how a file of an archive is named to the user.
func inArchive(archive, name string) string {
	if len(name) > maxArchivedName {
		end := maxArchivedName
		for end > 0 && !utf8.RuneStart(name[end]) {
			end--
		}
		name = name[:end]
	}
	return path.Join(archive, path.Clean("/"+strings.ReplaceAll(name, `\`, "/")))
}
