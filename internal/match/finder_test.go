package match

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestFinder finds the lines that a search for one word after the other finds.
func TestFinder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func(n int) string {
		b := make([]byte, 1+r.IntN(n))
		for i := range b {
			b[i] = "abcAB.é "[r.IntN(9)]
		}
		return string(b)
	}
	for range 300 {
		var words []string
		for range 1 + r.IntN(6) {
			words = append(words, word(5))
		}
		var text []byte
		for range r.IntN(40) {
			text = append(append(text, word(20)...), '\n')
		}
		text = append(text, word(8)...)
		f, got := NewFinder(words), map[int]bool{}
		f.Find(text, func(end int) { got[bytes.Count(text[:end], []byte("\n"))] = true })
		for i, line := range strings.Split(string(text), "\n") {
			want := slices.ContainsFunc(words, func(w string) bool { return strings.Contains(lowered(line), lowered(w)) })
			if got[i] != want {
				t.Fatalf("%q in line %d of %q: %v, want %v", words, i, text, got[i], want)
			}
		}
	}
}

func BenchmarkFinder(b *testing.B) {
	var words []string
	for i := range 800 {
		words = append(words, fmt.Sprintf("%x failed", i*7919*7919))
	}
	line := `I1123 08:56:53.075062   11602 util.go:35] "No sandbox for pod can be found. Need to start a new one" ` +
		`pod="cni/p0"`
	text := []byte(strings.Repeat(line+"\n", 1<<13))
	f := NewFinder(words)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		f.Find(text, func(int) {})
	}
}
