package pkgdb

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Berkeley DB's hash files: page 0 tells the size of a page, and how many there are. A page has a header of 26 bytes,
// then 2 bytes for each item with its place in the page. Keys and values take turns; what is longer than a page lies in
// a chain of others.
const (
	bdbMagic     = 0x061561
	bdbHeader    = 26
	bdbUnsorted  = 2 // types of pages
	bdbOverflow  = 7
	bdbSorted    = 13
	bdbInPage    = 1 // types of items
	bdbOffPage   = 3
	maxPages     = 1 << 20 // that are looked at: 4 GiB
	bdbLargePage = 64 << 10
)

// A bdb is an open hash file.
type bdb struct {
	r     io.ReaderAt
	order binary.ByteOrder
	page  int
}

func readBDB(r io.ReaderAt, size int64, do func(record) error) error {
	meta := make([]byte, 72)
	if _, err := r.ReadAt(meta, 0); err != nil {
		return errDamaged
	}
	db := bdb{r: r, order: binary.LittleEndian}
	if db.order.Uint32(meta[12:]) != bdbMagic {
		db.order = binary.BigEndian // as it was on the machine that made it
	}
	db.page = int(db.order.Uint32(meta[20:]))
	if db.order.Uint32(meta[12:]) != bdbMagic || db.page < 512 || db.page > bdbLargePage {
		return errDamaged
	}
	page := make([]byte, db.page)
	for n := int64(1); n < min(size/int64(db.page), maxPages); n++ {
		if _, err := r.ReadAt(page[:bdbHeader], n*int64(db.page)); err != nil {
			return err
		}
		if kind := page[25]; kind != bdbUnsorted && kind != bdbSorted {
			continue
		}
		if _, err := r.ReadAt(page, n*int64(db.page)); err != nil {
			return err
		}
		if err := db.values(page, do); err != nil {
			return err
		}
	}
	return nil
}

// values hands over the values of a page. Items lie in it from its end to its start, so each ends where the one before
// it begins.
func (db *bdb) values(page []byte, do func(record) error) error {
	items := int(db.order.Uint16(page[20:]))
	if bdbHeader+items*2 > len(page) {
		return nil // damaged: the other pages may not be
	}
	place := func(i int) int { return int(db.order.Uint16(page[bdbHeader+i*2:])) }
	for i := 1; i < items; i += 2 {
		from, to := place(i), place(i-1)
		if from >= to || to > len(page) {
			continue
		}
		item := page[from:to]
		switch {
		case item[0] == bdbInPage && len(item) > 5: // a value of 4 bytes is rpm's own counter
			data := bytes.Clone(item[1:])
			if err := do(record{len(data), func(limit int) ([]byte, error) {
				return data[:min(limit, len(data))],
					nil
			}}); err != nil {
				return err
			}
		case item[0] == bdbOffPage && len(item) >= 12:
			first, length := db.order.Uint32(item[4:]), int(db.order.Uint32(item[8:]))
			if err := do(record{length, func(limit int) ([]byte, error) {
				return db.chain(first,
					min(limit, length))
			}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// chain reads a value that lies in pages of its own.
func (db *bdb) chain(first uint32, length int) ([]byte, error) {
	var out []byte
	page := make([]byte, db.page)
	for n, seen := first, 0; len(out) < length; seen++ {
		if n == 0 || seen > length/(db.page-bdbHeader)+1 {
			return nil, errDamaged // too short, or a circle
		}
		if _, err := db.r.ReadAt(page, int64(n)*int64(db.page)); err != nil {
			return nil, errDamaged
		}
		used := int(db.order.Uint16(page[22:]))
		if page[25] != bdbOverflow || bdbHeader+used > db.page || used == 0 {
			return nil, errDamaged
		}
		out = append(out, page[bdbHeader:bdbHeader+used]...)
		n = db.order.Uint32(page[16:])
	}
	return out[:length], nil
}

// rpm's own ndb: a header of 32 bytes, then slots of 16 bytes (magic, number of the package, place and length in blocks
// of 16 bytes), in as many pages of 4 KiB as the header tells. A record has a header of 16 bytes: magic, number,
// generation, length.
const (
	ndbMagic     = 'R' | 'p'<<8 | 'm'<<16 | 'P'<<24
	ndbSlotMagic = 'S' | 'l'<<8 | 'o'<<16 | 't'<<24
	ndbBlobMagic = 'B' | 'l'<<8 | 'b'<<16 | 'S'<<24
	ndbBlock     = 16
	ndbPage      = 4096
)

func readNDB(r io.ReaderAt, _ int64, do func(record) error) error {
	meta := make([]byte, 32)
	if _, err := r.ReadAt(meta, 0); err != nil || binary.LittleEndian.Uint32(meta) != ndbMagic {
		return errDamaged
	}
	pages := min(int64(binary.LittleEndian.Uint32(meta[12:])), maxHeaders/(ndbPage/ndbBlock)+1)
	slots := make([]byte, pages*ndbPage)
	if _, err := r.ReadAt(slots, 0); err != nil {
		return errDamaged
	}
	for at := 32; at+ndbBlock <= len(slots); at += ndbBlock {
		slot := slots[at:]
		number, place := binary.LittleEndian.Uint32(slot[4:]), int64(binary.LittleEndian.Uint32(slot[8:]))*ndbBlock
		if binary.LittleEndian.Uint32(slot) != ndbSlotMagic || number == 0 || place == 0 {
			continue // free
		}
		head := make([]byte, ndbBlock)
		if _, err := r.ReadAt(head, place); err != nil || binary.LittleEndian.Uint32(head) != ndbBlobMagic {
			continue
		}
		length := int(binary.LittleEndian.Uint32(head[12:]))
		err := do(record{length, func(limit int) ([]byte, error) {
			return readSection(r, place+ndbBlock,
				min(limit, length))
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// readSection reads so many bytes. It takes no memory for what is not there.
func readSection(r io.ReaderAt, at int64, length int) ([]byte, error) {
	data, err := io.ReadAll(io.NewSectionReader(r, at, int64(length)))
	if err == nil && len(data) < length {
		err = errDamaged
	}
	return data, err
}
