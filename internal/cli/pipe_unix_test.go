//go:build unix

package cli

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestPipe reads a named pipe that somebody writes into, and does not wait for ever where nobody does.
func TestPipe(t *testing.T) {
	dir(t)
	for _, name := range []string{"nobody", "pipe"} {
		if err := syscall.Mkfifo(name, 0o600); err != nil {
			t.Skip(err)
		}
	}
	_, err := openPipe("nobody", time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "nobody has opened it") {
		t.Errorf("nobody writes: %v", err)
	}
	go os.WriteFile("pipe", []byte(`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"shop",`+
		`"uid":"1"},"spec":{},"status":{"phase":"Succeeded"}}`), 0o600)
	if got := command(nil, "", nil, "-f", "pipe"); got.code != ExitFine || !strings.Contains(got.out, "1 Pod seen") {
		t.Errorf("%+v", got)
	}
}
