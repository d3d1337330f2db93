package node

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
)

// SQLite's file format, as far as one table has to be read: page 1 holds the schema after a header of 100 bytes, and names the page
// that a table's tree starts at. Inner pages name their children, leaves hold rows; what is longer than fits lies in a chain of pages.
// What is only in the write-ahead log beside it (a transaction of the last moments) is not seen.
const (
	sqliteMagic    = "SQLite format 3\x00"
	sqliteInner    = 0x05
	sqliteLeaf     = 0x0d
	sqliteDeepest  = 20
	sqliteSchemaAt = 100
)

// A sqlite is an open database.
type sqlite struct {
	r      io.ReaderAt
	page   int // its size in bytes
	usable int // without what is reserved at its end
	visits int // pages that may still be looked at
}

// sqliteBlobs hands over the records of rpm's table Packages (hnum, blob).
func sqliteBlobs(r io.ReaderAt, size int64, each func(blob) error) error {
	head := make([]byte, 100)
	if _, err := r.ReadAt(head, 0); err != nil || string(head[:16]) != sqliteMagic {
		return errDamaged
	}
	db := sqlite{r: r, page: int(binary.BigEndian.Uint16(head[16:]))}
	if db.page == 1 {
		db.page = 65536
	}
	db.usable = db.page - int(head[20])
	if db.page < 512 || db.usable < 480 {
		return errDamaged
	}
	db.visits = int(min(size/int64(db.page)+1, mostPages))
	root := int64(0)
	err := db.rows(1, 0, func(b blob) error {
		data, err := b.read(mostOfValue)
		if err != nil {
			return nil
		}
		cols, at := sqliteColumns(data)
		if len(cols) < 5 { // type, name, tbl_name, rootpage, sql
			return nil
		}
		var text [4][]byte
		for i := range text {
			if at+cols[i] > len(data) {
				return nil
			}
			text[i], at = data[at:at+cols[i]], at+cols[i]
		}
		if string(text[0]) == "table" && strings.EqualFold(string(text[1]), "Packages") {
			root = sqliteInt(text[3])
		}
		return nil
	})
	if err != nil || root == 0 {
		return errDamaged
	}
	return db.rows(root, 0, func(row blob) error {
		data, err := row.read(sqliteSchemaAt) // the record's own header is at most some bytes
		if err != nil {
			return nil
		}
		cols, at := sqliteColumns(data)
		if len(cols) < 2 {
			return nil
		}
		at += cols[0]
		length := cols[1]
		return each(blob{length, func(most int) ([]byte, error) {
			data, err := row.read(at + min(most, length))
			if err != nil || len(data) < at {
				return nil, errDamaged
			}
			return data[at:], nil
		}})
	})
}

// rows walks the tree of a table, and hands over the records in its leaves.
func (db *sqlite) rows(number int64, depth int, each func(blob) error) error {
	if db.visits--; db.visits < 0 || depth > sqliteDeepest || number < 1 {
		return errDamaged
	}
	page := make([]byte, db.page)
	if _, err := db.r.ReadAt(page, (number-1)*int64(db.page)); err != nil {
		return errDamaged
	}
	head := 0
	if number == 1 {
		head = sqliteSchemaAt
	}
	cells := int(binary.BigEndian.Uint16(page[head+3:]))
	pointers := head + 8
	inner := page[head] == sqliteInner
	if inner {
		pointers += 4
	} else if page[head] != sqliteLeaf {
		return errDamaged
	}
	if pointers+cells*2 > len(page) {
		return errDamaged
	}
	for i := range cells {
		at := int(binary.BigEndian.Uint16(page[pointers+i*2:]))
		if at+4 > len(page) {
			return errDamaged
		}
		var err error
		if inner {
			err = db.rows(int64(binary.BigEndian.Uint32(page[at:])), depth+1, each)
		} else {
			err = db.cell(page, at, each)
		}
		if err != nil {
			return err
		}
	}
	if inner {
		return db.rows(int64(binary.BigEndian.Uint32(page[head+8:])), depth+1, each)
	}
	return nil
}

// cell hands over the record of a cell of a leaf: its length, the row's number, as much of it as fits, and the page with the rest.
func (db *sqlite) cell(page []byte, at int, each func(blob) error) error {
	length, n := sqliteVarint(page[at:])
	_, m := sqliteVarint(page[min(at+n, len(page)):])
	at += n + m
	if n == 0 || m == 0 || length < 0 || length > mostHeader*2 {
		return errDamaged
	}
	local := int(length)
	if most := db.usable - 35; local > most {
		least := (db.usable-12)*32/255 - 23
		local = least + (int(length)-least)%(db.usable-4)
		if local > most {
			local = least
		}
	}
	if at+local > len(page) || int(length) > local && at+local+4 > len(page) {
		return errDamaged
	}
	return each(blob{int(length), func(most int) ([]byte, error) {
		most = min(most, int(length))
		out := bytes.Clone(page[at : at+min(local, most)])
		if len(out) == most {
			return out, nil
		}
		return db.chain(out, int64(binary.BigEndian.Uint32(page[at+local:])), most)
	}})
}

// chain adds what lies in overflow pages: each has the number of the next, then bytes of the record.
func (db *sqlite) chain(out []byte, number int64, most int) ([]byte, error) {
	page := make([]byte, db.page)
	for len(out) < most {
		if number < 1 {
			return nil, errDamaged
		}
		if _, err := db.r.ReadAt(page, (number-1)*int64(db.page)); err != nil {
			return nil, errDamaged
		}
		out = append(out, page[4:4+min(db.usable-4, most-len(out))]...)
		number = int64(binary.BigEndian.Uint32(page))
	}
	return out, nil
}

// sqliteColumns reads the head of a record, and returns where its values start.
func sqliteColumns(data []byte) (cols []int, start int) {
	length, n := sqliteVarint(data)
	if n == 0 || length < int64(n) || length > int64(len(data)) {
		return nil, 0
	}
	for at := n; at < int(length); {
		kind, n := sqliteVarint(data[at:int(length)])
		if n == 0 || kind < 0 || kind > mostHeader*4 {
			return nil, 0
		}
		at += n
		switch {
		case kind >= 12:
			cols = append(cols, int(kind-12)/2)
		case kind == 5:
			cols = append(cols, 6)
		case kind == 6 || kind == 7:
			cols = append(cols, 8)
		case kind < 5:
			cols = append(cols, int(kind))
		default: // 8 and 9 are the numbers 0 and 1
			cols = append(cols, 0)
		}
	}
	return cols, int(length)
}

// sqliteVarint reads a number of one to nine bytes, seven bits in each but the ninth; n is 0 where it is cut off.
func sqliteVarint(data []byte) (v int64, n int) {
	for i := range min(len(data), 9) {
		if i == 8 {
			return v<<8 | int64(data[i]), 9
		}
		v = v<<7 | int64(data[i]&0x7f)
		if data[i] < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}

// sqliteInt reads a big-endian number.
func sqliteInt(b []byte) int64 {
	var v int64
	for _, x := range b {
		v = v<<8 | int64(x)
	}
	return v
}
