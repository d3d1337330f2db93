package main

import (
	"os"
	"strings"
	"testing"
)

// TestNotices holds that the notices are those of what is linked now.
func TestNotices(t *testing.T) {
	want, err := notices("../..")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../THIRD_PARTY_NOTICES")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("THIRD_PARTY_NOTICES is stale: run make generate")
	}
	for _, must := range []string{"Go's standard library", "k8s.io/client-go ", "Apache License", "Copyright"} {
		if !strings.Contains(string(want), must) {
			t.Errorf("there is no %q", must)
		}
	}
}

// TestFilesOf wants a licence of every module, and finds those of its parts.
func TestFilesOf(t *testing.T) {
	dir := t.TempDir()
	write := func(name string) {
		if err := os.MkdirAll(dir+"/part/sub", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+"/"+name, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("NOTICE")
	if _, err := filesOf(module{Dir: dir}, nil); err == nil {
		t.Error("a module without a licence was taken")
	}
	write("LICENSE.md")
	write("part/COPYING")
	write("part/license.go")
	if got, err := filesOf(module{Dir: dir}, []string{dir + "/part/sub"}); err != nil || len(got) != 3 {
		t.Errorf("%v %v", got, err)
	}
}
