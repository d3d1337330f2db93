package cli

import (
	"bytes"
	"context"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// TestUnpackWith runs the real programs where this machine has them: a whole file, one that was cut off, and one that
// nobody wants to the end.
func TestUnpackWith(t *testing.T) {
	text := strings.Repeat("apiVersion: v1\n", 100_000)
	for program := range unpackers {
		path, err := exec.LookPath(program)
		if err != nil {
			t.Logf("%s is not installed", program)
			continue
		}
		pack := exec.Command(path, "-c")
		pack.Stdin = strings.NewReader(text)
		data, err := pack.Output()
		if err != nil {
			t.Fatal(err)
		}
		unpack := func(data []byte) io.ReadCloser {
			out, err := unpackWith(context.Background())(program, bytes.NewReader(data))
			if err != nil || out == nil {
				t.Fatal(out, err)
			}
			return out
		}
		out := unpack(data)
		if got, err := io.ReadAll(out); err != nil || string(got) != text || out.Close() != nil {
			t.Errorf("%s: %d bytes, %v", program, len(got), err)
		}
		out = unpack(data[:len(data)/2])
		if _, err := io.ReadAll(out); err == nil || !strings.Contains(err.Error(), program) || out.Close() != nil {
			t.Errorf("%s, cut off: %v", program, err)
		}
		out = unpack(data)
		if _, err := io.ReadFull(out, make([]byte, 10)); err != nil || out.Close() != nil {
			t.Errorf("%s, not to the end: %v", program, err)
		}
	}
	if out, err := unpackWith(context.Background())("sh", nil); out != nil || err != nil {
		t.Errorf("a shell: %v, %v", out, err)
	}
}
