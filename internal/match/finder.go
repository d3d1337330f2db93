package match

import (
	"slices"
	"strings"
)

// A Finder finds where any of many words occurs in a long text of lines, without regard to the case of ASCII letters.
// It is an automaton of Aho and Corasick, one look-up a byte, which walks through four parts of the text side by side:
// what a look-up waits for is the one before it. It is made where there are gigabytes to look through, and takes some
// milliseconds and megabytes; a [Set] needs none.
type Finder struct {
	classes [256]uint32 // of bytes that the words do not tell apart
	width   uint32      // a state's row in next is so wide
	next    []uint32    // by state and class: the next state, a multiple of the width, and occurs where a word ends there
}

// occurs marks a state in which a word ends.
const occurs = 1 << 31

// lanes are the parts of a text that are looked through side by side.
const lanes = 4

// NewFinder makes a Finder of words. Empty ones are left out.
func NewFinder(words []string) *Finder {
	f := &Finder{width: 1}
	lower := make([]string, 0, len(words))
	for _, w := range words {
		if w = lowered(w); w != "" {
			lower = append(lower, w)
		}
	}
	slices.Sort(lower)
	for _, w := range lower {
		for i := range len(w) {
			if f.classes[w[i]] == 0 {
				f.classes[w[i]] = f.width
				f.width++
			}
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		f.classes[c-'a'+'A'] = f.classes[c]
	}
	f.build(slices.Compact(lower))
	return f
}

// build makes a tree of the words, and then of each state the steps of the longest other beginning that it ends with.
func (f *Finder) build(words []string) {
	f.next = make([]uint32, f.width)
	ends := []bool{false}
	for _, w := range words {
		state := uint32(0)
		for i := 0; i < len(w) && !ends[state/f.width]; i++ { // a word that begins with another one adds nothing
			at := state + f.classes[w[i]]
			if f.next[at] == 0 {
				f.next[at] = uint32(len(f.next))
				f.next = append(f.next, make([]uint32, f.width)...)
				ends = append(ends, false)
			}
			state = f.next[at]
		}
		ends[state/f.width] = true
	}
	shorter := make([]uint32, len(ends))
	var queue []uint32
	for _, to := range f.next[:f.width] {
		if to != 0 {
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		short := shorter[state/f.width]
		ends[state/f.width] = ends[state/f.width] || ends[short/f.width]
		for c := range f.width {
			if to := f.next[state+c]; to != 0 {
				shorter[to/f.width] = f.next[short+c]
				queue = append(queue, to)
			} else {
				f.next[state+c] = f.next[short+c]
			}
		}
	}
	for i, to := range f.next {
		if ends[to/f.width] {
			f.next[i] |= occurs
		}
	}
}

// Find calls found with where a word ends in a text, in order: at least once for every line that holds one. No word may
// hold a line break.
func (f *Finder) Find(text []byte, found func(end int)) {
	var parts [lanes][]byte
	var ends [lanes][]int
	rest, from := text, 0
	for i := range lanes - 1 {
		n := len(rest) / (lanes - i)
		for n > 0 && rest[n-1] != '\n' {
			n--
		}
		parts[i], rest = rest[:n], rest[n:]
	}
	parts[lanes-1] = rest
	n := min(len(parts[0]), len(parts[1]), len(parts[2]), len(parts[3]))
	states := f.together(&parts, n, &ends)
	for i, part := range parts {
		for _, end := range ends[i] {
			found(from + end)
		}
		f.alone(part[n:], states[i], func(end int) { found(from + n + end) })
		from += len(part)
	}
}

// together looks through the first n bytes of all parts.
func (f *Finder) together(parts *[lanes][]byte, n int, ends *[lanes][]int) [lanes]uint32 {
	next, classes := f.next, &f.classes
	p0, p1, p2, p3 := parts[0][:n], parts[1][:n], parts[2][:n], parts[3][:n]
	var s0, s1, s2, s3 uint32
	for i := range p0 {
		s0 = next[s0+classes[p0[i]]]
		s1 = next[s1+classes[p1[i]]]
		s2 = next[s2+classes[p2[i]]]
		s3 = next[s3+classes[p3[i]]]
		if (s0|s1|s2|s3)&occurs != 0 {
			for lane, s := range [lanes]uint32{s0, s1, s2, s3} {
				if s&occurs != 0 {
					ends[lane] = append(ends[lane], i+1)
				}
			}
			s0, s1, s2, s3 = s0&^occurs, s1&^occurs, s2&^occurs, s3&^occurs
		}
	}
	return [lanes]uint32{s0, s1, s2, s3}
}

func (f *Finder) alone(text []byte, state uint32, found func(int)) {
	for i, c := range text {
		if state = f.next[state+f.classes[c]]; state&occurs != 0 {
			state &^= occurs
			found(i + 1)
		}
	}
}

// Words are parts of messages, one of which every message of a kind holds that a pattern matches which wants says yes
// to; without what may be escaped. all is true where some pattern has none: then every message has to be tried.
func (s *Set) Words(kind string, wants func(pattern int) bool) (words []string, all bool) {
	for n := range s.rules {
		if p := s.rules[n].pattern; !s.patterns[p].applies(kind, "", s.explicit) || !wants(p) {
			continue
		}
		own := literalsOf(s.rule(int32(n)), func(l string) float64 { return chance(rare(l)) })
		all = all || len(own) == 0
		for _, l := range own {
			w := rare(l)
			all = all || w == ""
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return slices.Compact(words), all
}

// chance is about how often a line holds a word: what is short is common.
func chance(word string) float64 {
	out := 1.0
	for range min(len(word), longEnough) {
		out /= 3
	}
	return out
}

// MayMatch reports whether a text holds what a message of a kind needs that a pattern matches which wants says yes to.
// The message may be a part of it.
func (s *Set) MayMatch(kind, text string, wants func(pattern int) bool) bool {
	low := []byte(Plain(ends(text)))
	lowerBytes(low)
	plain, may := string(low), false
	s.scan.scan(plain, func(n int32) {
		if p := s.rules[n].pattern; !may && s.patterns[p].applies(kind, "", s.explicit) && wants(p) {
			may = s.rule(n).must.find(plain) >= 0
		}
	})
	return may
}

// longEnough is how long a word is that is rare.
const longEnough = 9

// rare is a part of a literal that stands in a message as it is, however that is escaped: the fewest words that are
// long enough to be rare, or all that there are. Between words it has a space, as what is written in one line has.
func rare(literal string) string {
	best := ""
	for _, part := range strings.FieldsFunc(literal, func(r rune) bool { // what may be escaped, in JSON too
		return r < ' ' || r >= 0x7f || strings.ContainsRune("\\\"'<>&", r)
	}) {
		words := strings.Fields(part)
		for i := range words {
			w := ""
			for j := i; j < len(words) && len(w) < longEnough; j++ {
				w = strings.TrimPrefix(w+" "+words[j], " ")
			}
			switch long, was := len(w) >= longEnough, len(best) >= longEnough; {
			case long && (!was || len(w) < len(best)), !long && !was && len(w) > len(best):
				best = w
			}
		}
	}
	return best
}
