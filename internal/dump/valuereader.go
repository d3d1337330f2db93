package dump

import (
	"bytes"
	"github.com/kubestuck/stuck/internal/message"
	"io"
	"slices"
)

var errTooLarge = &message.Error{What: message.Of("object.too-large", "n", maxObject>>20)}

// A valueReader is a stream that bounds how much one value may take, and that can be read anew from some place on.
type valueReader struct {
	r     io.Reader
	front []byte // comes before what r still holds
	chunk []byte // memory to read into
	left  int    // bytes until errTooLarge
	err   error  // of r
}

func (f *valueReader) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, errTooLarge
	}
	if len(f.front) == 0 && !f.more() {
		return 0, f.err
	}
	n := copy(p, f.front)
	f.front = f.front[n:]
	f.left -= n
	return n, nil
}

// more reads on into front, and reports whether there was more.
func (f *valueReader) more() bool {
	if f.chunk == nil {
		f.chunk = make([]byte, 64<<10)
	}
	for tries := 0; f.err == nil && tries < 100; tries++ {
		var n int
		if len(f.front) == 0 {
			n, f.err = f.r.Read(f.chunk)
			f.front = f.chunk[:n]
		} else {
			f.front = slices.Grow(f.front, len(f.chunk))
			n, f.err = f.r.Read(f.front[len(f.front) : len(f.front)+len(f.chunk)])
			f.front = f.front[:len(f.front)+n]
		}
		if n > 0 {
			return true
		}
	}
	if f.err == nil {
		f.err = io.ErrNoProgress
	}
	return false
}

const separators = " \t\r\n,:"

// separators reads what stands between two values.
func (f *valueReader) separators() (between []byte) {
	for {
		rest := bytes.TrimLeft(f.front, separators)
		between = append(between, f.front[:len(f.front)-len(rest)]...)
		f.front = rest
		if len(rest) > 0 || len(between) > maxObject || !f.more() {
			return between
		}
	}
}

// unread puts text back.
func (f *valueReader) unread(text []byte) { f.front = slices.Concat(text, f.front) }

// skipTo goes to the end of the line before the next one that begins with an object at the given indent, or at none.
// It returns how many lines that were and the indent.
func (f *valueReader) skipTo(indent int) (lines, found int, ok bool) {
	at := func(n int) bool {
		line := f.front[1:]
		return n >= 0 && len(line) > n && line[n] == '{' && len(bytes.TrimLeft(line[:n], " \t")) == 0
	}
	for {
		i := bytes.IndexByte(f.front, '\n')
		if i < 0 {
			f.front = f.front[:0]
			if !f.more() {
				return lines, 0, false
			}
			continue
		}
		f.front = f.front[i:]
		for len(f.front) < 2+max(indent, 0) && f.more() {
		}
		for _, n := range []int{indent, 0} {
			if at(n) {
				return lines, n, true
			}
		}
		f.front = f.front[1:]
		lines++
	}
}
