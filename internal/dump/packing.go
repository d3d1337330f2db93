package dump

import (
	"bytes"
	"compress/gzip"
	"io"
)

// A packing is a way to pack one file.
type packing struct {
	begins []byte // every packed file
	unpack func(io.Reader) (io.Reader, error)
}

// packingOf is how a file with such a beginning is packed; nil where it is not.
func packingOf(begin []byte) *packing {
	for _, p := range []packing{
		{[]byte("\x1f\x8b\x08"), func(in io.Reader) (io.Reader, error) { return gzip.NewReader(in) }},
	} {
		if bytes.HasPrefix(begin, p.begins) {
			return &p
		}
	}
	return nil
}
