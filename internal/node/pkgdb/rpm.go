package pkgdb

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// rpmDatabases are where rpm keeps its packages, and how each is read: SQLite since 2020, ndb on SUSE, Berkeley DB
// before.
var rpmDatabases = []struct {
	name string
	read recordReader
}{
	{"var/lib/rpm/rpmdb.sqlite", readSQLite},
	{"var/lib/rpm/Packages.db", readNDB},
	{"var/lib/rpm/Packages", readBDB},
	{"usr/lib/sysimage/rpm/rpmdb.sqlite", readSQLite},
	{"usr/lib/sysimage/rpm/Packages.db", readNDB},
	{"usr/lib/sysimage/rpm/Packages", readBDB},
}

const (
	maxHeaders  = 50_000    // packages of a database
	maxDatabase = 512 << 20 // bytes that are read of it
	maxHeader   = 16 << 20  // bytes of one package, the list of its files included
	headPrefix  = 16 << 10  // bytes in which the name stands: rpm writes it first
)

// A recordReader calls do for each record of a database, until one returns an error.
type recordReader func(r io.ReaderAt, size int64, do func(record) error) error

// A record is one value of a database; read returns at most so many of its first bytes.
type record struct {
	size int
	read func(limit int) ([]byte, error)
}

// errDamaged is that a database is not what its format promises.
var errDamaged = errors.New("the database is damaged, or of a format that is not known")

// A boundedReader reads until its time or its bytes are used up: what a damaged database leads to may have no end.
type boundedReader struct {
	io.ReaderAt
	expired func() bool
	left    int64
}

func (b *boundedReader) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 || b.expired() {
		return 0, errDamaged
	}
	return b.ReaderAt.ReadAt(p, at)
}

// readRPM reads the first of rpm's databases that is there.
func readRPM(ctx context.Context, root fs.FS, q Query) ([]Package, error) {
	for _, db := range rpmDatabases {
		f, err := root.Open(db.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		packages, err := readDatabase(ctx, f, db.read, q)
		if err != nil {
			err = fmt.Errorf("/%s: %w", db.name, err)
		}
		return packages, err
	}
	return nil, nil
}

func readDatabase(ctx context.Context, f fs.File, read recordReader, q Query) ([]Package, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	at, ok := f.(io.ReaderAt)
	if !ok {
		return nil, fmt.Errorf("it cannot be read at an offset: %w", errors.ErrUnsupported)
	}
	var packages []Package
	headers := 0
	expired := func() bool { return ctx.Err() != nil }
	err = read(&boundedReader{at, expired, maxDatabase}, info.Size(), func(r record) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if headers++; headers > maxHeaders {
			return fmt.Errorf("it has more than %d packages", maxHeaders)
		}
		// One that cannot be read hides no other.
		if p, err := readHeader(r, q); err == nil && p != nil && len(packages) < MaxPackages {
			packages = append(packages, *p)
		}
		return nil
	})
	return packages, err
}

// Tags of an rpm header that are looked at, and the types that they have.
const (
	tagName        = 1000
	tagVersion     = 1001
	tagRelease     = 1002
	tagEpoch       = 1003
	tagInstallTime = 1008
	tagVendor      = 1011
	tagDirIndexes  = 1116
	tagBaseNames   = 1117
	tagDirNames    = 1118

	typeInt32   = 4
	typeString  = 6
	typeStrings = 8
	typeI18N    = 9
)

// readHeader returns the package that a header describes; nil where it is not one that is looked for.
func readHeader(r record, q Query) (*Package, error) {
	data, err := r.read(headPrefix)
	if err != nil {
		return nil, err
	}
	if h, err := parseHeader(data); err == nil && h.text(tagName) != "" && !q.Package(h.text(tagName)) {
		return nil, nil // most packages, of which the rest need not be read
	}
	if data, err = r.read(maxHeader); err != nil {
		return nil, err
	}
	h, err := parseHeader(data)
	if err != nil {
		return nil, err
	}
	p := &Package{Name: h.text(tagName), Version: h.text(tagVersion) + "-" + h.text(tagRelease),
		Origin: h.text(tagVendor), Manager: "rpm"}
	if !q.Package(p.Name) {
		return nil, nil
	}
	if e, ok := h.number(tagEpoch, 0); ok {
		p.Version = fmt.Sprintf("%d:%s", e, p.Version)
	}
	if at, ok := h.number(tagInstallTime, 0); ok {
		p.Time = time.Unix(int64(at), 0).UTC()
	}
	for _, file := range h.files() {
		if q.File(file) {
			p.Files = append(p.Files, file)
		}
	}
	return p, nil
}

// An rpmHeader is an index of tags, and the store of what they say.
type rpmHeader struct {
	entries map[uint32]rpmEntry
	store   []byte
}

type rpmEntry struct{ kind, offset, count uint32 }

// parseHeader reads a header as it stands in the database: the number of entries and the bytes of the store, four bytes
// each, big endian; then entries of 16 bytes (tag, type, offset in the store, count); then the store, of which less
// than all may be there.
func parseHeader(data []byte) (*rpmHeader, error) {
	if len(data) < 8 {
		return nil, errDamaged
	}
	n := binary.BigEndian.Uint32(data)
	if uint64(n)*16+8 > uint64(len(data)) {
		return nil, errDamaged
	}
	h := &rpmHeader{entries: make(map[uint32]rpmEntry, n), store: data[8+n*16:]}
	for i := range n {
		e := data[8+i*16:]
		h.entries[binary.BigEndian.Uint32(e)] = rpmEntry{
			kind:   binary.BigEndian.Uint32(e[4:]),
			offset: binary.BigEndian.Uint32(e[8:]),
			count:  binary.BigEndian.Uint32(e[12:]),
		}
	}
	return h, nil
}

// text returns a tag's text, the first where it has more; "" where it has none.
func (h *rpmHeader) text(tag uint32) string {
	if s := h.texts(tag, 1); len(s) == 1 {
		return s[0]
	}
	return ""
}

// texts returns a tag's list of texts, at most so many.
func (h *rpmHeader) texts(tag uint32, limit int) []string {
	e, ok := h.entries[tag]
	isText := e.kind == typeString || e.kind == typeStrings || e.kind == typeI18N
	if !ok || !isText || int64(e.offset) >= int64(len(h.store)) {
		return nil
	}
	var out []string
	rest := h.store[e.offset:]
	for range min(int(e.count), limit) {
		s, after, ok := bytes.Cut(rest, []byte{0})
		if !ok {
			break
		}
		out = append(out, string(s))
		rest = after
	}
	return out
}

// number returns the i-th number of a tag.
func (h *rpmHeader) number(tag uint32, i int) (uint32, bool) {
	e, ok := h.entries[tag]
	at := int64(e.offset) + int64(i)*4
	if !ok || e.kind != typeInt32 || int64(i) >= int64(e.count) || at+4 > int64(len(h.store)) {
		return 0, false
	}
	return binary.BigEndian.Uint32(h.store[at:]), true
}

// files returns the paths of the package's files: rpm keeps their folders apart.
func (h *rpmHeader) files() []string {
	const limit = 10_000
	bases, dirs := h.texts(tagBaseNames, limit), h.texts(tagDirNames, limit)
	var out []string
	for i, base := range bases {
		if d, ok := h.number(tagDirIndexes, i); ok && int64(d) < int64(len(dirs)) {
			out = append(out, dirs[d]+base)
		}
	}
	return out
}
