package dump

import (
	"bufio"
	"io"
	"strings"
)

// smallBuffer is enough to find out what a file is packed of, or that it is empty.
const smallBuffer = 4 << 10

// buffers are those of files that were read, for the next ones: a bundle may be of a hundred thousand small files.
type buffers []*bufio.Reader

// get returns one that reads from r, as large as that.
func (b *buffers) get(r io.Reader, size int) *bufio.Reader {
	for i, in := range *b {
		if in.Size() == size {
			(*b)[i] = (*b)[len(*b)-1]
			*b = (*b)[:len(*b)-1]
			in.Reset(r)
			return in
		}
	}
	return bufio.NewReaderSize(r, size)
}

// put takes one back that nobody reads any more.
func (b *buffers) put(in *bufio.Reader) {
	in.Reset(strings.NewReader("")) // what was read can go
	*b = append(*b, in)
}
