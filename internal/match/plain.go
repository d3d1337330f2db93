package match

import "strings"

// Combined begins the message of an Event that client-go made of many similar ones.
const Combined = "(combined from similar events): "

// cleanup stands in a message between what failed and what then failed in clearing it away: the first half decides.
const cleanup = ", failed to clean up sandbox container "

// withoutMirrors leaves out what CRI-O quotes of the mirrors of a registry, "(Mirrors also failed: [...]): ": what the
// registry itself says comes after it, and decides.
func withoutMirrors(plain string) string {
	before, rest, ok := strings.Cut(plain, "(Mirrors also failed: [")
	if !ok {
		return plain
	}
	if _, after, ok := strings.Cut(rest, "]): "); ok {
		return before + after
	}
	return plain
}

// Plain is the form of a message that patterns are matched in. Components quote each other's errors, so the same words
// come with any depth of escaping and with line breaks anywhere: backslashes before quotes go, typographic
// quotes become plain ones, and white space of any length is one space.
func Plain(message string) string {
	message = Readable(strings.TrimPrefix(message, Combined))
	if isPlain(message) {
		return message
	}
	var b strings.Builder
	b.Grow(len(message))
	space := false
	for i := 0; i < len(message); {
		c := message[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			space = true
			i++
			continue
		case c == '\\':
			j := i
			for j < len(message) && message[j] == '\\' {
				j++
			}
			if j < len(message) && (message[j] == '"' || message[j] == '\'') {
				i = j
				continue
			}
			if j < len(message) && (message[j] == 'n' || message[j] == 't') &&
				(j+1 == len(message) || !lower(message[j+1])) {
				space, i = true, j+1
				continue
			}
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		if c == 0xe2 && i+2 < len(message) && message[i+1] == 0x80 {
			switch message[i+2] {
			case 0x9c, 0x9d:
				b.WriteByte('"')
				i += 3
				continue
			case 0x98, 0x99:
				b.WriteByte('\'')
				i += 3
				continue
			}
		}
		b.WriteByte(c)
		i++
	}
	return b.String()
}

// isPlain reports whether a message is in its plain form already, as most are.
func isPlain(message string) bool {
	for i := range len(message) {
		if c := message[i]; odd[c] && (c != ' ' || i+1 == len(message) || message[i+1] == ' ') {
			return false
		}
	}
	return true
}

// odd are the bytes that a plain message may not hold, and the space, of which it holds single ones.
var odd = [256]bool{'\\': true, '\n': true, '\t': true, '\r': true, 0xe2: true, ' ': true}

func lower(c byte) bool { return c >= 'a' && c <= 'z' }

// lowered is a text in lower case, ASCII letters only, so that every byte keeps its place.
func lowered(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' }) < 0 {
		return s
	}
	b := []byte(s)
	lowerBytes(b)
	return string(b)
}

func lowerBytes(b []byte) {
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
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

var hexDigit = [256]bool{'0': true, '1': true, '2': true, '3': true, '4': true, '5': true, '6': true, '7': true,
	'8': true, '9': true,
	'a': true, 'b': true, 'c': true, 'd': true, 'e': true, 'f': true}
