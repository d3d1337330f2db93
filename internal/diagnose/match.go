package diagnose

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
)

// A fit is a rule that matches a message, and where its named groups stand in it.
type fit struct {
	rule *rule
	at   []int // start and end of each group in the plain form of the message; nil where the rule has none
}

// A hit is a fit for one of a Pod's signs.
type hit struct {
	fit
	sign  int    // index into the Pod's signs
	plain string // the sign's message in its plain form
}

// args adds the named groups.
func (h *hit) args(args map[string]string) {
	for i, name := range h.rule.names {
		if name != "" && h.at[2*i] >= 0 && h.at[2*i] < h.at[2*i+1] && !h.earlier(i) {
			args[name] = h.plain[h.at[2*i]:h.at[2*i+1]]
		}
	}
}

// earlier tells whether a group of the same name as group i stands before it and has matched.
func (h *hit) earlier(i int) bool {
	for j := range i {
		if h.rule.names[j] == h.rule.names[i] && h.at[2*j] >= 0 && h.at[2*j] < h.at[2*j+1] {
			return true
		}
	}
	return false
}

// enough is how many messages a run remembers.
const enough = 20000

// match appends the rules that match a sign, in the order of the catalogue. Messages that differ in nothing but the ids
// in them are the same to the rules, and a big cluster says the same thing thousands of times: so it is remembered.
func (r *run) match(i int, s *cluster.Sign, hits []hit) []hit {
	plain, _, _ := strings.Cut(withoutMirrors(Plain(ends(s.Message))), cleanup)
	key := append(append(append(append(r.key[:0], s.Kind...), 0), s.Reason...), 0)
	from := len(key)
	key = append(key, plain...)
	lowerBytes(key[from:])
	blankIDs(key[from:])
	r.key = key
	fits, ok := r.said[string(key)]
	if !ok {
		fits = r.c.fits(s, string(key[from:]))
		if len(r.said) < enough {
			r.said[string(key)] = fits
		}
	}
	for _, f := range fits {
		hits = append(hits, hit{f, i, plain})
	}
	return hits
}

// long is a message of which only the ends are looked at: nobody who means to be read writes so much.
const long = 64 << 10

// ends is a message without the middle, where it is long.
func ends(message string) string {
	if len(message) <= long {
		return message
	}
	return message[:long/2] + " ... " + message[len(message)-long/2:]
}

// fits finds the rules that match a sign, whose message is given in its plain form, in lower case and without ids.
func (c *Catalogue) fits(s *cluster.Sign, low string) []fit {
	var buf [32]int32
	candidates := buf[:0]
	try := func(n int32) {
		if c.rules[n].fits(s) {
			candidates = append(candidates, n)
		}
	}
	for _, n := range c.always {
		try(n)
	}
	c.scan.scan(low, try)
	slices.Sort(candidates)
	var out []fit
	for _, n := range slices.Compact(candidates) {
		if at, ok := c.rules[n].match(low); ok {
			out = append(out, fit{c.rules[n], at})
		}
	}
	return out
}

// blankIDs blanks what is as long as an id of a sandbox, a container or a digest (32 hexadecimal digits and more)
// in a text in lower case. Every byte keeps its place.
func blankIDs(low []byte) {
	const id = 32
	for i := id - 1; i < len(low); i += id { // a run of 32 covers one of every 32 places
		if !hexDigit[low[i]] {
			continue
		}
		from, to := i, i
		for from > 0 && hexDigit[low[from-1]] {
			from--
		}
		for to < len(low) && hexDigit[low[to]] {
			to++
		}
		if to-from >= id {
			for j := from; j < to; j++ {
				low[j] = '0'
			}
		}
	}
}

var hexDigit = [256]bool{'0': true, '1': true, '2': true, '3': true, '4': true, '5': true, '6': true, '7': true, '8': true, '9': true,
	'a': true, 'b': true, 'c': true, 'd': true, 'e': true, 'f': true}
