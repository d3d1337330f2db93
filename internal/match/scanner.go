package match

import "strings"

// A scanner finds which of many lower-case strings occur in a lower-case text, in one pass over it, so that of several
// hundred expressions only the few that can match are tried.
//
// It looks up the last eight and the last four bytes at every place of the text in a small table of what the strings
// begin with. It is built whenever the program starts, so it is kept small: no automaton, no map.
type scanner struct {
	wide   [1 << tableBits]int32 // by the first eight bytes, of strings that have as many: 1 + index into strings
	narrow [1 << tableBits]int32 // by the first four bytes, of those that have as many
	short  []int                 // the rest: they are looked for one by one

	strings []string
	values  []int32
	next    []int32 // 1 + index of the next string in the same place of a table
}

const tableBits = 12

// newScanner makes a scanner; strings[i] has the value values[i]. A string may be there several times.
func newScanner(strings []string, values []int32) *scanner {
	s := &scanner{strings: strings, values: values, next: make([]int32, len(strings))}
	for i, str := range strings {
		place := s.place(str)
		if place == nil {
			s.short = append(s.short, i)
			continue
		}
		s.next[i], *place = *place, int32(i+1)
	}
	return s
}

// place is the place in a table for what a string begins with; nil where it is too short for one.
func (s *scanner) place(str string) *int32 {
	switch {
	case len(str) >= 8:
		return &s.wide[hash(last(str[:8]))]
	case len(str) >= 4:
		return &s.narrow[hash(last(str[:4]))]
	}
	return nil
}

// last packs the last eight bytes of a text into a number.
func last(text string) uint64 {
	window := uint64(0)
	for i := range len(text) {
		window = window<<8 | uint64(text[i])
	}
	return window
}

func hash(window uint64) uint64 { return window * 0x9e3779b97f4a7c15 >> (64 - tableBits) }

// scan calls found for the value of every string in the text; the same value may come several times.
func (s *scanner) scan(text string, found func(int32)) {
	for _, i := range s.short {
		if strings.Contains(text, s.strings[i]) {
			found(s.values[i])
		}
	}
	window := uint64(0)
	for end := 1; end <= len(text); end++ {
		window = window<<8 | uint64(text[end-1])
		if n := s.narrow[hash(window&0xffffffff)]; n != 0 && end >= 4 {
			s.compare(n, text[end-4:], found)
		}
		if n := s.wide[hash(window)]; n != 0 && end >= 8 {
			s.compare(n, text[end-8:], found)
		}
	}
}

// compare calls found for those strings of one place in a table with which a text begins.
func (s *scanner) compare(n int32, text string, found func(int32)) {
	for ; n != 0; n = s.next[n-1] {
		if strings.HasPrefix(text, s.strings[n-1]) {
			found(s.values[n-1])
		}
	}
}
