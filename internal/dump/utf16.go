package dump

import (
	"bufio"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf8Reader returns the text of a file in UTF-8 and without a byte order mark.
// Windows PowerShell writes `kubectl get ... > file` in UTF-16.
func utf8Reader(in *bufio.Reader) io.Reader {
	mark, _ := in.Peek(16)
	low, high := zerosAt(mark, 0), zerosAt(mark, 1)
	switch {
	case high && !low: // without the mark, as some programs write it
		return &utf16Reader{in: in, order: binary.LittleEndian}
	case low && !high:
		return &utf16Reader{in: in, order: binary.BigEndian}
	}
	mark = mark[:min(len(mark), 3)]
	switch {
	case len(mark) == 3 && string(mark) == "\xef\xbb\xbf":
		in.Discard(3)
	case len(mark) >= 2 && string(mark[:2]) == "\xff\xfe":
		in.Discard(2)
		return &utf16Reader{in: in, order: binary.LittleEndian}
	case len(mark) >= 2 && string(mark[:2]) == "\xfe\xff":
		in.Discard(2)
		return &utf16Reader{in: in, order: binary.BigEndian}
	}
	return in
}

// zerosAt reports whether every second byte of the beginning of a file is 0, and no other, as that of ASCII in UTF-16.
func zerosAt(begin []byte, first int) bool {
	for i, c := range begin {
		if (c == 0) != (i%2 == first) {
			return false
		}
	}
	return len(begin) >= 8
}

// A utf16Reader turns UTF-16 into UTF-8.
type utf16Reader struct {
	in    *bufio.Reader
	order binary.ByteOrder
	half  rune // the first half of a pair, 0 for none
	out   []byte
	err   error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) < len(p) && u.err == nil {
		var unit [2]byte
		if _, u.err = io.ReadFull(u.in, unit[:]); u.err != nil {
			break
		}
		c := rune(u.order.Uint16(unit[:]))
		if u.half != 0 {
			u.out = utf8.AppendRune(u.out, utf16.DecodeRune(u.half, c))
			u.half = 0
			continue
		}
		if c >= 0xd800 && c < 0xdc00 {
			u.half = c
			continue
		}
		u.out = utf8.AppendRune(u.out, c)
	}
	n := copy(p, u.out)
	u.out = u.out[:copy(u.out, u.out[n:])]
	if n == 0 && len(p) > 0 {
		return 0, u.err
	}
	return n, nil
}
