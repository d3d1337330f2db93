package match

import (
	"slices"
	"strings"
)

// A Finder finds where any of many words occurs in a long text, without regard to the case of ASCII letters. A blank in
// a word stands for white space of any length, as in the [Plain] form of a message: for the end of a line, too, and for
// what is written for either where a text is quoted, \n or \\t.
//
// It is an automaton, one look-up a byte, which walks through four parts of the text side by side: what a look-up waits
// for is the one before it. It is made where there are gigabytes to look through, and takes some milliseconds and
// megabytes; a [Set] needs none.
type Finder struct {
	classes [256]uint32 // of bytes that the words do not tell apart
	width   uint32      // a state's row in next is so wide
	next    []uint32    // by state and class: the next state, a multiple of the width, and occurs where a word ends there
}

// occurs marks a state in which a word ends.
const occurs = 1 << 31

// lanes are the parts of a text that are looked through side by side.
const lanes = 4

// before is how many bytes before a part may belong to a word that ends in it.
const before = 256

// NewFinder makes a Finder of words. Empty ones are left out, and a backslash may be in none.
func NewFinder(words []string) *Finder {
	f := &Finder{width: 1}
	tree := []node{{}}
	for _, w := range words {
		if w = lowered(w); w != "" {
			tree = f.grow(tree, w)
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		f.classes[c-'a'+'A'] = f.classes[c]
	}
	for _, c := range "\t\r\n" {
		f.classes[c] = f.classes[' ']
	}
	f.build(tree)
	return f
}

// A node is what words begin with.
type node struct {
	steps []step
	ends  bool // a word
}

// A step leads from a node to another one.
type step struct{ class, to uint32 }

func (f *Finder) class(c byte) uint32 {
	if f.classes[c] == 0 {
		f.classes[c] = f.width
		f.width++
	}
	return f.classes[c]
}

// grow adds a word to a tree. A blank in it leads to itself as well, and what is written for one to it.
func (f *Finder) grow(tree []node, word string) []node {
	at := uint32(0)
	for i := range len(word) {
		if tree[at].ends { // a word that begins with another one adds nothing
			return tree
		}
		blank := word[i] == ' '
		if blank && i > 0 && word[i-1] == ' ' {
			continue
		}
		class := f.class(word[i])
		if n := slices.IndexFunc(tree[at].steps, func(s step) bool { return s.class == class }); n >= 0 {
			at = tree[at].steps[n].to
			continue
		}
		to := uint32(len(tree))
		tree = append(tree, node{})
		tree[at].steps = append(tree[at].steps, step{class, to})
		if blank {
			escape, backslash := to+1, step{f.class('\\'), to + 1}
			tree = append(tree, node{})
			tree[at].steps = append(tree[at].steps, backslash)
			tree[to].steps = []step{{class, to}, backslash}
			tree[escape].steps = []step{backslash, {f.class('n'), to}, {f.class('t'), to}}
		}
		at = to
	}
	tree[at].ends = true
	return tree
}

// build makes the automaton. What a text ends with may be several nodes at once: a state is the one that began first,
// and the state without it.
func (f *Finder) build(tree []node) {
	type state struct{ node, rest uint32 }
	states, ids := []state{{}}, map[state]uint32{}
	has := func(s, node uint32) bool {
		for s != 0 && states[s].node != node {
			s = states[s].rest
		}
		return s != 0
	}
	for n := 0; n < len(states); n++ {
		s := states[n]
		f.next = append(f.next, make([]uint32, f.width)...)
		row := f.next[n*int(f.width):]
		if n > 0 {
			copy(row, f.next[s.rest*f.width:][:f.width])
		}
		for _, step := range tree[s.node].steps {
			rest := row[step.class]
			if has(rest, step.to) {
				continue
			}
			to := state{step.to, rest}
			if ids[to] == 0 {
				ids[to] = uint32(len(states))
				states = append(states, to)
			}
			row[step.class] = ids[to]
		}
	}
	ends := make([]bool, len(states))
	for n, s := range states {
		ends[n] = tree[s.node].ends || ends[s.rest]
	}
	for i, to := range f.next {
		if f.next[i] = to * f.width; ends[to] {
			f.next[i] |= occurs
		}
	}
}

// Find calls found with where a word ends in a text, in order, from a place on.
func (f *Finder) Find(text []byte, from int, found func(end int)) {
	var parts [lanes][]byte
	var states [lanes]uint32
	var ends [lanes][]int
	size := (len(text) - from) / lanes
	for i := range parts {
		begin, end := from+i*size, from+(i+1)*size
		if i == lanes-1 {
			end = len(text)
		}
		parts[i] = text[begin:end]
		f.alone(text[max(0, begin-before):begin], &states[i], func(int) {})
	}
	f.together(&parts, size, &states, &ends)
	for i, part := range parts {
		for _, end := range ends[i] {
			found(from + end)
		}
		f.alone(part[size:], &states[i], func(end int) { found(from + size + end) })
		from += len(part)
	}
}

// together looks through the first n bytes of all parts.
func (f *Finder) together(parts *[lanes][]byte, n int, states *[lanes]uint32, ends *[lanes][]int) {
	next, classes := f.next, &f.classes
	p0, p1, p2, p3 := parts[0][:n], parts[1][:n], parts[2][:n], parts[3][:n]
	s0, s1, s2, s3 := states[0], states[1], states[2], states[3]
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
	*states = [lanes]uint32{s0, s1, s2, s3}
}

func (f *Finder) alone(text []byte, state *uint32, found func(end int)) {
	s := *state
	for i, c := range text {
		if s = f.next[s+f.classes[c]]; s&occurs != 0 {
			s &^= occurs
			found(i + 1)
		}
	}
	*state = s
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

// longEnough is how long a word is that is rare.
const longEnough = 9

// rare is a part of a literal that stands in a message as it is, however that is escaped: the fewest words that are
// long enough to be rare, or all that there are. Between words it has a space, as what is written in one line has.
func rare(literal string) string {
	best := ""
	// what is before a colon may be a message, and what is after it its error
	literal = strings.ReplaceAll(literal, ": ", "\n")
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
