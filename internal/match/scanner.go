package match

// A scanner finds which of many lower-case strings occur in a text, in any case, in one pass over it (Aho and
// Corasick's automaton), so that of several hundred expressions only the few that can match are tried.
type scanner struct {
	class [256]uint8 // bytes that no string holds share class 0
	n     int        // classes
	next  []int32    // state*n + class -> state
	out   [][]int32  // the values that end in a state
}

// longest is how much of a string the scanner looks for: enough to tell strings apart, and the automaton stays small.
const longest = 12

// newScanner builds the automaton; strings[i] has the values values[i].
func newScanner(strings []string, values [][]int32) *scanner {
	s := &scanner{n: 1}
	for _, str := range strings {
		for i := range min(len(str), longest) {
			if c := str[i]; s.class[c] == 0 {
				s.class[c] = uint8(s.n)
				s.n++
			}
		}
	}
	for c := byte('A'); c <= 'Z'; c++ {
		s.class[c] = s.class[c+'a'-'A']
	}
	s.next = make([]int32, 0, 6000*s.n) // about what the catalogue needs
	s.grow()
	for i, str := range strings {
		state := int32(0)
		for j := range min(len(str), longest) {
			at := int(state)*s.n + int(s.class[str[j]])
			if s.next[at] == 0 {
				s.next[at] = s.grow()
			}
			state = s.next[at]
		}
		s.out[state] = append(s.out[state], values[i]...)
	}
	s.link()
	return s
}

func (s *scanner) grow() int32 {
	s.next = append(s.next, make([]int32, s.n)...)
	s.out = append(s.out, nil)
	return int32(len(s.out) - 1)
}

// link turns the trie into an automaton: where a state has no way on, it goes where its longest proper suffix would.
func (s *scanner) link() {
	fail := make([]int32, len(s.out))
	var queue []int32
	for c := range s.n {
		if to := s.next[c]; to != 0 {
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		f := fail[state]
		s.out[state] = append(s.out[state], s.out[f]...)
		for c := range s.n {
			at := int(state)*s.n + c
			if to := s.next[at]; to != 0 {
				fail[to] = s.next[int(f)*s.n+c]
				queue = append(queue, to)
			} else {
				s.next[at] = s.next[int(f)*s.n+c]
			}
		}
	}
}

// scan calls found for every value of every string in the text; the same value may come several times.
func (s *scanner) scan(text string, found func(int32)) {
	state := int32(0)
	for i := range len(text) {
		state = s.next[int(state)*s.n+int(s.class[text[i]])]
		for _, v := range s.out[state] {
			found(v)
		}
	}
}
