package node

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// rpmFolders are where rpm keeps its database.
var rpmFolders = []string{"/var/lib/rpm", "/usr/lib/sysimage/rpm"}

const (
	mostHeaders  = 50_000    // packages of a database
	mostDatabase = 512 << 20 // bytes that are read of it
	mostHeader   = 16 << 20  // bytes of one package, the list of its files included
	headOf       = 16 << 10  // bytes in which the name stands: rpm writes it first
)

// A blob is one record of a database; read returns at most so many of its first bytes.
type blob struct {
	size int
	read func(most int) ([]byte, error)
}

// errDamaged is that a database is not what its format promises.
var errDamaged = errors.New("the database is damaged, or of a format that is not known")

// A boundedReader reads until its time or its bytes are used up: what a damaged database leads to may have no end.
type boundedReader struct {
	io.ReaderAt
	ctx  context.Context
	left int64
}

func (b *boundedReader) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 || b.ctx.Err() != nil {
		return 0, errDamaged
	}
	return b.ReaderAt.ReadAt(p, at)
}

// readRPM reads rpm's database: SQLite since 2020, ndb on SUSE, Berkeley DB before.
func readRPM(ctx context.Context, t tree, owners map[string]string) ([]nodefacts.Package, error) {
	for _, folder := range rpmFolders {
		for _, db := range []struct {
			name  string
			blobs func(r io.ReaderAt, size int64, each func(blob) error) error
		}{{"rpmdb.sqlite", sqliteBlobs}, {"Packages.db", ndbBlobs}, {"Packages", bdbBlobs}} {
			name := path.Join(folder, db.name)
			f, err := os.Open(t.path(name))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, err
			}
			defer f.Close()
			info, err := f.Stat()
			if err != nil {
				return nil, err
			}
			var out []nodefacts.Package
			seen := 0
			err = db.blobs(&boundedReader{f, ctx, mostDatabase}, info.Size(), func(b blob) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				if seen++; seen > mostHeaders {
					return fmt.Errorf("it has more than %d packages", mostHeaders)
				}
				p, files, err := readHeader(b)
				if err == nil && p != nil && len(out) < mostPackages {
					out = append(out, *p)
					for _, file := range files {
						own(owners, file, p.Name)
					}
				}
				return nil // one that cannot be read hides no other
			})
			if err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
			return out, err
		}
	}
	return nil, nil
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

// readHeader returns the package that a header describes, with its programs; nil where it has nothing to do with container runtimes.
func readHeader(b blob) (*nodefacts.Package, []string, error) {
	data, err := b.read(headOf)
	if err != nil {
		return nil, nil, err
	}
	if h, err := parseHeader(data); err == nil && !runtimePackage.MatchString(h.text(tagName)) && h.text(tagName) != "" {
		return nil, nil, nil // most packages, of which the rest need not be read
	}
	if data, err = b.read(mostHeader); err != nil {
		return nil, nil, err
	}
	h, err := parseHeader(data)
	if err != nil {
		return nil, nil, err
	}
	p := &nodefacts.Package{Name: clip(h.text(tagName)), Version: clip(h.text(tagVersion) + "-" + h.text(tagRelease)), Origin: clip(h.text(tagVendor)), Manager: "rpm"}
	if !runtimePackage.MatchString(p.Name) {
		return nil, nil, nil
	}
	if e, ok := h.number(tagEpoch, 0); ok {
		p.Version = fmt.Sprintf("%d:%s", e, p.Version)
	}
	if at, ok := h.number(tagInstallTime, 0); ok {
		p.Time = metav1.NewTime(time.Unix(int64(at), 0).UTC())
	}
	return p, h.files(), nil
}

// An rpmHeader is an index of tags, and the store of what they say.
type rpmHeader struct {
	entries map[uint32]rpmEntry
	store   []byte
}

type rpmEntry struct{ kind, offset, count uint32 }

// parseHeader reads a header as it stands in the database: the number of entries and the bytes of the store, four bytes each, big endian;
// then entries of 16 bytes (tag, type, offset in the store, count); then the store, of which less than all may be there.
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
		h.entries[binary.BigEndian.Uint32(e)] = rpmEntry{binary.BigEndian.Uint32(e[4:]), binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])}
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
func (h *rpmHeader) texts(tag uint32, most int) []string {
	e, ok := h.entries[tag]
	if !ok || e.kind != typeString && e.kind != typeStrings && e.kind != typeI18N || int64(e.offset) >= int64(len(h.store)) {
		return nil
	}
	var out []string
	rest := h.store[e.offset:]
	for range min(int(e.count), most) {
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
	const most = 10_000
	bases, dirs := h.texts(tagBaseNames, most), h.texts(tagDirNames, most)
	var out []string
	for i, base := range bases {
		if d, ok := h.number(tagDirIndexes, i); ok && int64(d) < int64(len(dirs)) {
			out = append(out, dirs[d]+base)
		}
	}
	return out
}
