package dump

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"io"

	"github.com/kubestuck/stuck/internal/message"
)

// A packing is a way to pack one file.
type packing struct {
	begins  []byte // every packed file
	after   []byte // and every one after one byte more
	program string // that unpacks it, where the standard library cannot
	unpack  func(io.Reader) (io.Reader, error)
}

// packings are those that are known. Go's own library unpacks no xz and no zstd, and one that does would weigh more
// than all archives: who has such a file has the program that packed it.
func packings() []packing {
	return []packing{
		{begins: []byte("\x1f\x8b\x08"), unpack: func(in io.Reader) (io.Reader, error) { return gzip.NewReader(in) }},
		{begins: []byte("BZh"), after: []byte("1AY&SY"),
			unpack: func(in io.Reader) (io.Reader, error) { return bzip2.NewReader(in), nil }},
		{begins: []byte("\xfd7zXZ\x00"), program: "xz"},
		{begins: []byte("\x28\xb5\x2f\xfd"), program: "zstd"},
	}
}

// packingOf is how a file with such a beginning is packed; nil where it is not.
func packingOf(begin []byte) *packing {
	for _, p := range packings() {
		rest, ok := bytes.CutPrefix(begin, p.begins)
		if ok && (p.after == nil || len(rest) > 1 && bytes.HasPrefix(rest[1:], p.after)) {
			return &p
		}
	}
	return nil
}

// errNoProgram is that of [Source.Unpack] where the program is not there.
func errNoProgram(program string) error {
	return &message.Error{What: message.Of("archive.program", "program", program)}
}

// unpacked is what a packed file holds, as a stream.
func (r *reader) unpacked(in io.Reader, p *packing) (io.ReadCloser, error) {
	if p.program == "" {
		out, err := p.unpack(in)
		return io.NopCloser(out), err
	}
	if r.unpack == nil {
		return nil, errNoProgram(p.program)
	}
	out, err := r.unpack(p.program, in)
	if err == nil && out == nil {
		err = errNoProgram(p.program)
	}
	return out, err
}
