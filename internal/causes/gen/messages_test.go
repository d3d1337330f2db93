package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/render"
)

// TestShorten sees that the words that give a cause away are left in a long message, wherever they stand.
func TestShorten(t *testing.T) {
	pad := strings.Repeat("more words ", 60)
	patterns := []match.Pattern{{Message: "no ip addresses"}}
	for name, text := range map[string]string{
		"short":     "No IP addresses",
		"beginning": "No IP addresses " + pad,
		"middle":    "Failed " + pad + "no IP addresses available " + pad,
		"end":       "Failed " + pad + "no IP addresses available",
	} {
		got := shorten(text, patterns)
		if len(got) > long || !strings.Contains(strings.ToLower(got), "no ip addresses") || got[:5] != text[:5] {
			t.Errorf("%s: %d bytes: %s", name, len(got), got)
		}
	}
	if got := shorten(pad+"last", nil); !strings.HasSuffix(got, " last") {
		t.Errorf("where no pattern matches the end is shown, not %s", got)
	}
}

// TestChoose sees that messages differ in more than names, that each case has its turn, and that what repeats comes
// last.
func TestChoose(t *testing.T) {
	of := func(file, message string, symptom bool) said {
		return said{Sign: cluster.Sign{Reason: "Failed", Message: message, Symptom: symptom}, file: file}
	}
	got := choose([]said{of("a", `Back-off`, true),
		of("a", `secret "x" not found`, false), of("a", `secret "y" not found`, false),
		of("a", `couldn't get it`, false), of("b", `no such key`, false)})
	want := []render.Quote{{Reason: "Failed", Message: "no such key"}, {Reason: "Failed", Message: `secret "x" not found`},
		{Reason: "Failed", Message: "couldn't get it"}, {Reason: "Failed", Message: "Back-off"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
