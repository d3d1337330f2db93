package dump

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/therootcompany/xz"
)

// maxWindow is how far back what is packed may refer, in bytes of memory: xz -9 and zstd --ultra need as much.
const maxWindow = 128 << 20

// A packing is a way to pack one file.
type packing struct {
	begins []byte // every packed file
	unpack func(io.Reader) (io.Reader, error)
}

// packingOf is how a file with such a beginning is packed; nil where it is not.
func packingOf(begin []byte) *packing {
	for _, p := range []packing{
		{[]byte("\x1f\x8b\x08"), func(in io.Reader) (io.Reader, error) { return gzip.NewReader(in) }},
		{[]byte("BZh"), func(in io.Reader) (io.Reader, error) { return bzip2.NewReader(in), nil }},
		{[]byte("\xfd7zXZ\x00"), func(in io.Reader) (io.Reader, error) { return xz.NewReader(in, maxWindow) }},
		{[]byte("\x28\xb5\x2f\xfd"), unpackZstd},
	} {
		if bytes.HasPrefix(begin, p.begins) {
			return &p
		}
	}
	return nil
}

func unpackZstd(in io.Reader) (io.Reader, error) {
	return zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(maxWindow), zstd.WithDecoderMaxWindow(maxWindow))
}
