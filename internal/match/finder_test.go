package match

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestFinder finds what an expression of each word finds, in which a blank is white space of any length.
func TestFinder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func(n int, of string) string {
		b := make([]byte, 1+r.IntN(n))
		for i := range b {
			b[i] = of[r.IntN(len(of))]
		}
		return string(b)
	}
	for range 300 {
		words := make([]string, 1+r.IntN(6))
		for i := range words {
			words[i] = word(6, "abcAB. nt")
		}
		text := word(200, "abcAB.  \n\t\\nt")
		from := r.IntN(len(text))
		ends, places := map[int]bool{}, map[int]bool{} // where a word may end, and where one is found
		f := NewFinder(words)
		f.Find([]byte(text), 0, func(end int) { places[end] = true })
		f.Find([]byte(text), from, func(end int) {
			if !places[end] || end <= from {
				t.Fatalf("%q from %d of %q: nothing ends at %d", words, from, text, end)
			}
		})
		for _, w := range words {
			expr := regexp.MustCompile(`^(?i:` + blanks.ReplaceAllString(regexp.QuoteMeta(lowered(w)), `(?:\s|\\+[nt])+`) + `)`)
			for start := range text {
				for end := start + 1; end <= len(text); end++ {
					m := expr.FindString(text[start:end])
					if len(m) != end-start {
						continue
					}
					ends[end] = true
					found := false
					for at := start + 1; at <= end; at++ {
						found = found || places[at]
					}
					if !found {
						t.Fatalf("%q in %q: %q is not found", words, text, m)
					}
				}
			}
		}
		for end := range places {
			if !ends[end] {
				t.Fatalf("%q in %q: nothing ends at %d", words, text, end)
			}
		}
	}
}

var blanks = regexp.MustCompile(` +`)

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
		f.Find(text, 0, func(int) {})
	}
}
