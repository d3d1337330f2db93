package causes

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/casefile"
	"github.com/kubestuck/stuck/internal/casetest"
	"github.com/kubestuck/stuck/internal/casetest/mutate/fault"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// known is a case or a recording, read, with what holds a report against what it should be.
type known struct {
	file     string
	snapshot *cluster.Snapshot
	options  diagnose.Options
	right    func(r *diagnose.Report) bool
}

// TestFaults is what make mutate runs, with faults built into the causes: it says which of them a case or a recording
// notices.
func TestFaults(t *testing.T) {
	asked := strings.Fields(os.Getenv("STUCK_FAULTS"))
	if len(asked) == 0 {
		t.Skip("make mutate runs this")
	}
	cat := catalogue(t)
	fault.Watch(false)
	all := everyKnown(t)
	start := fault.Reached()
	by := map[int][]known{} // what comes by a fault
	fault.Watch(true)
	for _, k := range all {
		if !k.right(diagnose.Run(k.snapshot, cat, k.options)) {
			t.Fatalf("%s fails without any fault", k.file)
		}
		for n := range fault.Reached() {
			by[n] = append(by[n], k)
		}
	}
	fault.Watch(false)
	for _, a := range asked {
		n, err := strconv.Atoi(a)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case start[n]:
			fmt.Printf("fault %d start\n", n)
		case len(by[n]) == 0:
			fmt.Printf("fault %d NOT REACHED\n", n)
		default:
			fmt.Printf("fault %d %s\n", n, become(n, cat, by[n]))
		}
	}
}

// become is what becomes of a fault. One that makes a case run for ever ends the process once it is told.
func become(n int, cat *diagnose.Catalogue, by []known) string {
	fault.Set(n)
	defer fault.Set(0)
	result := make(chan string)
	go func() {
		defer func() {
			if recover() != nil {
				result <- "noticed"
			}
		}()
		for _, k := range by {
			if !k.right(diagnose.Run(k.snapshot, cat, k.options)) {
				result <- "noticed"
				return
			}
		}
		result <- "NOT NOTICED"
	}()
	select {
	case r := <-result:
		return r
	case <-time.After(20 * time.Second):
		fmt.Printf("fault %d endless\n", n)
		os.Exit(1)
		return ""
	}
}

func everyKnown(t *testing.T) []known {
	t.Helper()
	var out []known
	files, err := filepath.Glob("*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		c, err := casetest.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := c.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, known{file, s, c.Options(), func(r *diagnose.Report) bool { return len(c.Hold(r)) == 0 }})
	}
	files, err = filepath.Glob("testdata/found/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := read(t, load(t, filepath.Join("testdata/captures", strings.TrimSuffix(filepath.Base(file), ".txt"))))
		out = append(out, known{file, s, diagnose.Options{}, func(r *diagnose.Report) bool {
			return bytes.Equal(casefile.Found(r), want)
		}})
	}
	return out
}
