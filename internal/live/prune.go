package live

import (
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// fields are which fields of a message are of interest, by number.
type fields struct {
	of   [48]*fields // nil: not of interest
	must int         // a message without this field is of no interest at all
}

// all is all of a field.
var all = &fields{}

// only makes the fields of those that are wanted whole, and of messages of which a part is.
func only(whole []int, parts map[int]*fields) *fields {
	f := new(fields)
	for _, n := range whole {
		f.of[n] = all
	}
	for n, part := range parts {
		f.of[n] = part
	}
	return f
}

// prune appends of a message the fields that are of interest: what is left is a smaller message of the same type.
func prune(out, message []byte, keep *fields) ([]byte, error) {
	for len(message) > 0 {
		num, typ, n := protowire.ConsumeTag(message)
		if n < 0 {
			return out, protowire.ParseError(n)
		}
		size := protowire.ConsumeFieldValue(num, typ, message[n:])
		if size < 0 {
			return out, protowire.ParseError(size)
		}
		var want *fields
		if num < protowire.Number(len(keep.of)) {
			want = keep.of[num]
		}
		switch {
		case want == all:
			out = append(out, message[:n+size]...)
		case want != nil && typ == protowire.BytesType:
			value, _ := protowire.ConsumeBytes(message[n:])
			var err error
			if out, err = prunePart(out, message[:n], value, want); err != nil {
				return out, err
			}
		}
		message = message[n+size:]
	}
	return out, nil
}

// prunePart appends a message within a message: its tag, its length, and what of it is of interest.
func prunePart(out, tag, value []byte, keep *fields) ([]byte, error) {
	before := len(out)
	out = append(out, tag...)
	start := len(out)
	out, err := prune(out, value, keep)
	if err != nil {
		return out, err
	}
	size := len(out) - start
	if keep.must > 0 {
		if value, err := field(out[start:], protowire.Number(keep.must)); len(value) == 0 {
			return out[:before], err
		}
	}
	var length [10]byte
	return slices.Insert(out, start, protowire.AppendVarint(length[:0], uint64(size))...), nil
}
