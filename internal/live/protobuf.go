package live

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// prefix stands before every protobuf answer of an API server (k8s.io/apimachinery, serializer/protobuf).
var prefix = []byte{'k', '8', 's', 0}

// A wire reads a protobuf message field by field from a stream.
type wire struct {
	*bufio.Reader
	most int64  // bytes that a field may have
	buf  []byte // of the last one
}

// next reads the header of a field, and the length of one that has bytes; the value of another is skipped.
func (w *wire) next() (num protowire.Number, size uint64, hasBytes bool, err error) {
	tag, err := binary.ReadUvarint(w)
	if err != nil {
		return 0, 0, false, err // io.EOF: the message ends here
	}
	num, typ := protowire.DecodeTag(tag)
	skip := int64(0)
	switch typ {
	case protowire.BytesType:
		size, err = binary.ReadUvarint(w)
		return num, size, true, cut(err)
	case protowire.VarintType:
		_, err = binary.ReadUvarint(w)
	case protowire.Fixed32Type:
		skip = 4
	case protowire.Fixed64Type:
		skip = 8
	default:
		return 0, 0, false, fmt.Errorf("the API server's answer is no protobuf: wire type %d", typ)
	}
	if skip > 0 {
		_, err = io.CopyN(io.Discard, w, skip)
	}
	return num, 0, false, cut(err)
}

// bytes reads the value of a field. It is valid until the next one is read.
func (w *wire) bytes(size uint64) ([]byte, error) {
	if size > uint64(w.most) {
		return nil, tooLarge(w.most)
	}
	if uint64(cap(w.buf)) < size {
		w.buf = make([]byte, size+size/2)
	}
	_, err := io.ReadFull(w, w.buf[:size])
	return w.buf[:size], cut(err)
}

// cut is the error of a message that ends within a field.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// eachProto reads a list in protobuf: a runtime.Unknown (1 typeMeta, 2 raw) around an XList (1 metadata, 2 items).
func eachProto(r *bufio.Reader, most int64, do func([]byte, bool) error) (meta listMeta, err error) {
	r.Discard(len(prefix))
	outer := &wire{Reader: r, most: most}
	for {
		num, size, hasBytes, err := outer.next()
		switch {
		case errors.Is(err, io.EOF):
			return meta, nil // a list without anything in it
		case err != nil:
			return meta, err
		case num == 2 && hasBytes:
			return eachListField(r, size, most, do)
		case hasBytes:
			if _, err := outer.bytes(size); err != nil {
				return meta, err
			}
		}
	}
}

// eachListField reads an XList of so many bytes.
func eachListField(r *bufio.Reader, size uint64, most int64, do func([]byte, bool) error) (meta listMeta, err error) {
	limited := &io.LimitedReader{R: r, N: int64(min(size, math.MaxInt64))}
	list := &wire{Reader: bufio.NewReaderSize(limited, 64<<10), most: most}
	for {
		num, size, hasBytes, err := list.next()
		if errors.Is(err, io.EOF) && limited.N == 0 {
			return meta, nil
		}
		if err != nil {
			return meta, cut(err)
		}
		if !hasBytes {
			continue
		}
		value, err := list.bytes(size)
		if err != nil {
			return meta, err
		}
		switch num {
		case 1:
			meta, err = protoMeta(value)
		case 2:
			err = do(value, false)
		}
		if err != nil {
			return meta, err
		}
	}
}

// protoMeta reads a ListMeta: 2 resourceVersion, 3 continue.
func protoMeta(message []byte) (meta listMeta, err error) {
	version, err := field(message, 2)
	if err != nil {
		return meta, err
	}
	next, err := field(message, 3)
	return listMeta{string(version), string(next)}, err
}

// field finds a field of bytes in a message; nil where it is not set.
func field(message []byte, want protowire.Number) ([]byte, error) {
	for len(message) > 0 {
		num, typ, n := protowire.ConsumeTag(message)
		if n < 0 {
			return nil, protowire.ParseError(n)
		}
		message = message[n:]
		if num == want && typ == protowire.BytesType {
			value, n := protowire.ConsumeBytes(message)
			if n < 0 {
				return nil, protowire.ParseError(n)
			}
			return value, nil
		}
		if n = protowire.ConsumeFieldValue(num, typ, message); n < 0 {
			return nil, protowire.ParseError(n)
		}
		message = message[n:]
	}
	return nil, nil
}

// errNoList is that an answer in JSON has no items.
var errNoList = errors.New("the API server's answer is no list")

// eachJSON reads a list in JSON, item by item.
func eachJSON(r io.Reader, most int64, do func([]byte, bool) error) (meta listMeta, err error) {
	limited := &io.LimitedReader{R: r, N: most}
	d := json.NewDecoder(limited)
	whole := false
	for open, err := d.Token(); ; {
		if err == nil && open != json.Delim('{') {
			err = errNoList
		}
		if err != nil {
			return meta, jsonError(err, limited, most)
		}
		if !d.More() {
			_, err := d.Token() // the closing brace, or that it ends before that
			if err == nil && !whole {
				err = errNoList
			}
			return meta, jsonError(err, limited, most)
		}
		key, err := d.Token()
		if err != nil {
			return meta, jsonError(err, limited, most)
		}
		switch key {
		case "metadata":
			var m struct{ Continue, ResourceVersion string }
			err = d.Decode(&m)
			meta = listMeta{m.ResourceVersion, m.Continue}
		case "items":
			whole, err = true, eachElement(d, limited, most, do)
		default:
			err = d.Decode(new(json.RawMessage))
		}
		if err != nil {
			return meta, jsonError(err, limited, most)
		}
	}
}

// eachElement reads the array that comes next, or null.
func eachElement(d *json.Decoder, limited *io.LimitedReader, most int64, do func([]byte, bool) error) error {
	open, err := d.Token()
	if err != nil || open == nil {
		return err
	}
	if open != json.Delim('[') {
		return errNoList
	}
	var item json.RawMessage
	for limited.N = most; d.More(); limited.N = most {
		if err := d.Decode(&item); err != nil {
			return err
		}
		if err := do(item, true); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// jsonError says what an error of the decoder means for an answer.
func jsonError(err error, limited *io.LimitedReader, most int64) error {
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case limited.N <= 0:
		return tooLarge(most)
	case errors.As(err, &syntax):
		return fmt.Errorf("the API server's answer is neither protobuf nor JSON: %w", err)
	}
	return cut(err)
}
