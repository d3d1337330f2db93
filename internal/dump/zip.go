package dump

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"io"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
)

// What the parts of a zip begin with. Source: APPNOTE.TXT of PKWARE, 4.3.
const (
	zipFile       = "PK\x03\x04"
	zipDirectory  = "PK\x01\x02"
	zipEnd        = "PK\x05\x06"
	zipDescriptor = "PK\x07\x08"
)

// A zipEntry is the header of a file in a zip.
type zipEntry struct {
	name           string
	flags, method  uint16
	written        time.Time
	sum            uint32
	packed, length uint64
}

// Flags and methods of an entry.
const (
	zipEncrypted = 1 << 0
	zipStreamed  = 1 << 3 // the sizes stand behind the file
	zipStored    = 0
	zipDeflated  = 8
)

// zip reads a zip from its beginning on, without the directory at its end, so that it may be a stream.
func (r *reader) zip(in *bufio.Reader) error {
	name, written, asked := r.name, r.time, r.asked
	for {
		begin, err := in.Peek(4)
		switch {
		case err != nil:
			return io.ErrUnexpectedEOF
		case string(begin) == zipDirectory || string(begin) == zipEnd:
			return nil
		case string(begin) != zipFile:
			return &message.Error{What: message.Of("archive.zip")}
		}
		e, err := readZipEntry(in)
		if err != nil {
			return err
		}
		r.begin(inArchive(name, e.name), e.written, false)
		if err := r.zipped(in, e); err != nil {
			return err
		}
		r.begin(name, written, asked)
	}
}

// zipped reads one file, up to the next.
func (r *reader) zipped(in *bufio.Reader, e zipEntry) error {
	known := e.flags&zipStreamed == 0 || e.packed > 0
	sum := crc32.NewIEEE()
	l := &layer{of: &r.unpacking}
	switch {
	case e.flags&zipEncrypted == 0 && e.method == zipDeflated:
		l.r = io.TeeReader(flate.NewReader(in), sum)
	case e.flags&zipEncrypted == 0 && e.method == zipStored && known:
		l.r = io.TeeReader(&whole{in, int64(e.packed)}, sum)
	case known:
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Of("archive.method"), Needs: message.Of("archive.as-tar")})
		_, err := io.CopyN(io.Discard, in, int64(min(e.packed, 1<<62)))
		return unexpected(err)
	default:
		return &message.Error{What: message.Of("archive.method")}
	}
	if !strings.HasSuffix(e.name, "/") {
		if err := r.archivedFile(l, e.name, int64(min(e.length, maxYAMLFile))); err != nil {
			return unexpected(err)
		}
	}
	if _, err := io.Copy(io.Discard, l); err != nil || l.err != nil {
		return unexpected(l.err)
	}
	return e.check(in, sum)
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// check compares the checksum of what was unpacked, and skips the descriptor where there is one.
func (e *zipEntry) check(in *bufio.Reader, sum hash.Hash32) error {
	if e.flags&zipStreamed != 0 {
		rest, _ := in.Peek(28)
		from := 0
		if bytes.HasPrefix(rest, []byte(zipDescriptor)) {
			from = 4
		}
		size := from + 4 + 8
		if len(rest) >= from+4+16+2 && string(rest[from+4+16:][:2]) == "PK" && string(rest[size:][:2]) != "PK" {
			size = from + 4 + 16 // the sizes have 64 bits
		}
		if len(rest) < size {
			return io.ErrUnexpectedEOF
		}
		e.sum = binary.LittleEndian.Uint32(rest[from:])
		in.Discard(size)
	}
	if sum.Sum32() != e.sum {
		return &message.Error{What: message.Of("archive.checksum")}
	}
	return nil
}

// whole is the next so many bytes, all of which have to be there.
type whole struct {
	r    io.Reader
	left int64
}

func (w *whole) Read(p []byte) (int, error) {
	if w.left <= 0 {
		return 0, io.EOF
	}
	n, err := w.r.Read(p[:min(int64(len(p)), w.left)])
	w.left -= int64(n)
	if w.left > 0 {
		err = unexpected(err)
	}
	return n, err
}

func readZipEntry(in *bufio.Reader) (zipEntry, error) {
	var h [30]byte
	if _, err := io.ReadFull(in, h[:]); err != nil {
		return zipEntry{}, unexpected(err)
	}
	le := binary.LittleEndian
	e := zipEntry{flags: le.Uint16(h[6:]), method: le.Uint16(h[8:]),
		written: dosTime(le.Uint16(h[12:]), le.Uint16(h[10:])),
		sum:     le.Uint32(h[14:]), packed: uint64(le.Uint32(h[18:])), length: uint64(le.Uint32(h[22:]))}
	text := make([]byte, int(le.Uint16(h[26:]))+int(le.Uint16(h[28:])))
	if _, err := io.ReadFull(in, text); err != nil {
		return e, unexpected(err)
	}
	e.name = string(text[:le.Uint16(h[26:])])
	for extra := text[le.Uint16(h[26:]):]; len(extra) >= 4; {
		kind, size := le.Uint16(extra), int(le.Uint16(extra[2:]))
		if extra = extra[4:]; size > len(extra) {
			break
		}
		if field := extra[:size]; kind == 1 && size >= 16 { // sizes of 64 bits
			e.length, e.packed = le.Uint64(field), le.Uint64(field[8:])
		}
		extra = extra[size:]
	}
	if e.packed > 1<<62 {
		return e, &message.Error{What: message.Of("archive.zip")}
	}
	return e, nil
}

// dosTime is a time as zips have it: of no zone, in steps of two seconds. It is taken for one of UTC.
func dosTime(date, clock uint16) time.Time {
	if date == 0 {
		return time.Time{}
	}
	return time.Date(int(date>>9)+1980, time.Month(date>>5&15), int(date&31), int(clock>>11), int(clock>>5&63),
		int(clock&31)*2, 0, time.UTC)
}
