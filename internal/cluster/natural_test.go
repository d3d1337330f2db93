package cluster

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompareNames(t *testing.T) {
	want := []string{"", "app", "app-0", "app-1", "app-2", "app-02", "app-2-b", "app-9", "app-10", "app-10a", "app-010b",
		"app-18446744073709551616", "app-18446744073709551617", "app-x", "b1", "web", "\xff"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, CompareNames)
	slices.SortFunc(want, CompareNames)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for i, a := range got {
		for j, b := range got {
			if c := CompareNames(a, b); (c < 0) != (i < j) || (c == 0) != (i == j) {
				t.Errorf("%q, %q: %d", a, b, c)
			}
		}
	}
	if slices.Index(got, "app-2") > slices.Index(got, "app-10") {
		t.Error(got)
	}
}
