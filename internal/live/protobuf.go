package live

import (
	"bytes"
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// prefix stands before every protobuf answer of an API server (k8s.io/apimachinery, serializer/protobuf).
var prefix = []byte{'k', '8', 's', 0}

// eachItem calls do with the bytes of every item of a list, one after another, so that what is not wanted is never
// held as an object. JSON, which a server without protobuf sends, is understood too. It returns the list's continue
// token.
func eachItem(answer []byte, do func(item []byte, isJSON bool) error) (next string, err error) {
	if !bytes.HasPrefix(answer, prefix) {
		return eachJSON(answer, do)
	}
	// runtime.Unknown: 1 typeMeta, 2 raw
	list, err := field(answer[len(prefix):], 2)
	if err != nil {
		return "", err
	}
	// every XList: 1 metadata, 2 items
	for len(list) > 0 {
		num, typ, n := protowire.ConsumeTag(list)
		if n < 0 {
			return "", protowire.ParseError(n)
		}
		list = list[n:]
		if typ != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(num, typ, list); n < 0 {
				return "", protowire.ParseError(n)
			}
			list = list[n:]
			continue
		}
		value, n := protowire.ConsumeBytes(list)
		if n < 0 {
			return "", protowire.ParseError(n)
		}
		list = list[n:]
		switch num {
		case 1: // ListMeta: 3 continue
			token, err := field(value, 3)
			if err != nil {
				return "", err
			}
			next = string(token)
		case 2:
			if err := do(value, false); err != nil {
				return "", err
			}
		}
	}
	return next, nil
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

func eachJSON(answer []byte, do func([]byte, bool) error) (string, error) {
	var list struct {
		Metadata struct {
			Continue string `json:"continue"`
		} `json:"metadata"`
		Items []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(answer, &list); err != nil {
		return "", fmt.Errorf("the API server's answer is neither protobuf nor JSON: %w", err)
	}
	for _, item := range list.Items {
		if err := do(item, true); err != nil {
			return "", err
		}
	}
	return list.Metadata.Continue, nil
}
