package pkgdb

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
)

// SQLite's file format, as far as one table has to be read: page 1 holds the schema after a header of 100 bytes, and
// names the page that a table's tree starts at. Inner pages name their children, leaves hold rows; what is longer than
// fits lies in a chain of pages. What is only in the write-ahead log beside it (a transaction of the last moments) is
// not seen.
const (
	sqliteMagic    = "SQLite format 3\x00"
	sqliteInner    = 0x05
	sqliteLeaf     = 0x0d
	sqliteDeepest  = 20
	sqliteSchemaAt = 100
	maxSchemaRow   = 64 << 10
)

// A sqlite is an open database.
type sqlite struct {
	r      io.ReaderAt
	page   int // its size in bytes
	usable int // without what is reserved at its end
	visits int // pages that may still be looked at
}

// readSQLite hands over the records of rpm's table Packages (hnum, blob).
func readSQLite(r io.ReaderAt, size int64, do func(record) error) error {
	db, err := openSQLite(r, size)
	if err != nil {
		return err
	}
	root, err := db.tableRoot("Packages")
	if err != nil {
		return err
	}
	return db.rows(root, 0, func(row record) error {
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
		return do(record{length, func(limit int) ([]byte, error) {
			data, err := row.read(at + min(limit, length))
			if err != nil || len(data) < at {
				return nil, errDamaged
			}
			return data[at:], nil
		}})
	})
}

func openSQLite(r io.ReaderAt, size int64) (*sqlite, error) {
	head := make([]byte, 100)
	if _, err := r.ReadAt(head, 0); err != nil || string(head[:16]) != sqliteMagic {
		return nil, errDamaged
	}
	db := &sqlite{r: r, page: int(binary.BigEndian.Uint16(head[16:]))}
	if db.page == 1 {
		db.page = 65536
	}
	db.usable = db.page - int(head[20])
	if db.page < 512 || db.usable < 480 {
		return nil, errDamaged
	}
	db.visits = int(min(size/int64(db.page)+1, maxPages))
	return db, nil
}

// tableRoot looks in the schema for the page that a table's tree starts at.
func (db *sqlite) tableRoot(table string) (int64, error) {
	root := int64(0)
	err := db.rows(1, 0, func(r record) error {
		data, err := r.read(maxSchemaRow)
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
		if string(text[0]) == "table" && strings.EqualFold(string(text[1]), table) {
			root = sqliteInt(text[3])
		}
		return nil
	})
	if err != nil || root == 0 {
		return 0, errDamaged
	}
	return root, nil
}

// rows walks the tree of a table, and hands over the records in its leaves.
func (db *sqlite) rows(number int64, depth int, do func(record) error) error {
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
			err = db.rows(int64(binary.BigEndian.Uint32(page[at:])), depth+1, do)
		} else {
			err = db.cell(page, at, do)
		}
		if err != nil {
			return err
		}
	}
	if inner {
		return db.rows(int64(binary.BigEndian.Uint32(page[head+8:])), depth+1, do)
	}
	return nil
}

// cell hands over the record of a cell of a leaf: its length, the row's number, as much of it as fits, and the page
// with the rest.
func (db *sqlite) cell(page []byte, at int, do func(record) error) error {
	length, n := sqliteVarint(page[at:])
	_, m := sqliteVarint(page[min(at+n, len(page)):])
	at += n + m
	if n == 0 || m == 0 || length < 0 || length > maxHeader*2 {
		return errDamaged
	}
	local := int(length)
	if limit := db.usable - 35; local > limit {
		least := (db.usable-12)*32/255 - 23
		local = least + (int(length)-least)%(db.usable-4)
		if local > limit {
			local = least
		}
	}
	if at+local > len(page) || int(length) > local && at+local+4 > len(page) {
		return errDamaged
	}
	return do(record{int(length), func(limit int) ([]byte, error) {
		limit = min(limit, int(length))
		out := bytes.Clone(page[at : at+min(local, limit)])
		if len(out) == limit {
			return out, nil
		}
		return db.chain(out, int64(binary.BigEndian.Uint32(page[at+local:])), limit)
	}})
}

// chain adds what lies in overflow pages: each has the number of the next, then bytes of the record.
func (db *sqlite) chain(out []byte, number int64, limit int) ([]byte, error) {
	page := make([]byte, db.page)
	for len(out) < limit {
		if number < 1 {
			return nil, errDamaged
		}
		if _, err := db.r.ReadAt(page, (number-1)*int64(db.page)); err != nil {
			return nil, errDamaged
		}
		out = append(out, page[4:4+min(db.usable-4, limit-len(out))]...)
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
		if n == 0 || kind < 0 || kind > maxHeader*4 {
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
