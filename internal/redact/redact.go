// Package redact takes credentials out of texts, whoever wrote them: messages of Events, statuses and logs, arguments
// of commands, values of maps.
//
// There is one table of what a credential looks like, and everything that enters a Snapshot goes through it. What an
// operator needs stays: hosts, paths, names of users, and what went wrong.
package redact

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Redacted stands where something was taken out.
const Redacted = "REDACTED"

// A shape is one form in which texts hold credentials.
type shape struct {
	name string
	// words are lower-case strings of which every text with this shape holds one: all other texts are not looked at.
	words []string
	take  func(string) string
	// within does it for one that has to be decoded first, with what takes credentials out of a decoded text.
	within func(s string, clean func(string) string) string
}

func (x *shape) takeFrom(s string) string {
	if x.within != nil {
		return x.within(s, Text)
	}
	return x.take(s)
}

// shapes are all of them, in the order in which they are tried: a block before a line, a URL before its parts, and
// what is told by a name before what is told by its own form.
var shapes = slices.Concat([]shape{
	{name: "the numbers of bytes", words: []string{"[1", "[3", "[4", "[5", "[6", "[7", "[8", "[9"}, within: numberLists},
	{name: "wide punctuation", words: []string{"：", "＝", "“", "”", "「", "『", "‘"}, within: widePunctuation},
	{"a name in another script", elsewhereWords, elsewhere, nil},
	{"a key in PEM", []string{"-----begin", "---- begin", "putty-user-key"}, pemBlocks, nil},
	{"an environment that is written out", []string{"env", "keyvalue{", `"value`, `value\`, "value:"}, environments, nil},
	{"the user of a URL", []string{"://"}, userInfos, nil},
	{"the user of an address", []string{"@"}, userOfAddresses, nil},
	{"a cookie", []string{"cookie"}, cookies, nil},
	{"a header that authenticates", []string{"bearer", "basic", "authorization", "digest", "negotiate", "ssws", "apikey",
		"oauth"}, authorizations, nil},
}, commands, []shape{
	{"a name and its value", nameWords, assignments, nil},
	{"a value in a sentence", spokenWords, spoken, nil},
	{"an element of XML", []string{"</"}, elements, nil},
	{"an attribute of XML", []string{"value="}, attributesOfXML, nil},
	{"a key in a form of its own", keyWords, ownForms, nil},
	{name: "a text in base64", within: base64Words},
	{name: "what is nothing but chance", take: chance},
})

// longWord is the length of a word from which on it may be a key, a text in base64, or nothing but chance, whatever
// words stand beside it. These are the last three shapes.
const longWord = 16

// shortest is the length of the shortest text that can hold a name and a credential.
const shortest = 5

// Text returns a text without the credentials in it. A text without any is returned as it is, after one pass over it.
func Text(s string) string {
	if len(s) < shortest {
		return s
	}
	may := words().in(s)
	if hasLongWord(s) {
		may |= 7 << (len(shapes) - 3)
	}
	if may == 0 {
		return s
	}
	for i := range shapes {
		if may&(1<<i) != 0 { // 64 at most
			s = shapes[i].takeFrom(s)
		}
	}
	return s
}

// hasLongWord reports whether a text has a long word with capitals and other letters or digits.
func hasLongWord(s string) bool {
	n, capital, rest := 0, false, false
	for i := range len(s) {
		switch c := s[i]; {
		case upper(c):
			capital = true
		case letter(c), c >= '0' && c <= '9':
			rest = true
		case c == '+', c == '/', c == '_', c == '-', c == '=':
		default:
			n, capital, rest = 0, false, false
			continue
		}
		if n++; n >= longWord && capital && rest {
			return true
		}
	}
	return false
}

// words finds the words of all shapes.
var words = sync.OnceValue(func() *finder {
	f := &finder{}
	for i := range shapes {
		for _, w := range shapes[i].words {
			f.add(w, 1<<i)
		}
	}
	return f
})

// A finder finds out which of some sets have a word in a text, in one pass. Words of four bytes and more are found by
// their first four, the rest by their first bytes.
type finder struct {
	table [1 << finderBits]uint16 // 1 + index of the first word in entries
	short [256]uint16             // the same of words of less than four bytes, by the first
	list  []entry
}

type entry struct {
	word string
	sets uint64
	next uint16
}

const finderBits = 11

func (f *finder) add(word string, sets uint64) {
	place := &f.short[word[0]]
	if len(word) >= 4 {
		place = &f.table[place4(uint32(word[0])<<24|uint32(word[1])<<16|uint32(word[2])<<8|uint32(word[3]))]
	}
	f.list = append(f.list, entry{word, sets, *place})
	*place = uint16(len(f.list))
}

func place4(window uint32) uint32 { return window * 0x9e3779b1 >> (32 - finderBits) }

// in returns the sets that have a word in the text. Case is of no account.
func (f *finder) in(s string) (sets uint64) {
	window := uint32(0)
	for i := range len(s) {
		c := lower(s[i])
		window = window<<8 | uint32(c)
		if n := f.short[c]; n != 0 {
			sets |= f.compare(n, s[i:])
		}
		if n := f.table[place4(window)]; n != 0 && i >= 3 {
			sets |= f.compare(n, s[i-3:])
		}
	}
	return sets
}

func (f *finder) compare(n uint16, s string) (sets uint64) {
	for ; n != 0; n = f.list[n-1].next {
		if e := &f.list[n-1]; hasPrefixFold(s, e.word) {
			sets |= e.sets
		}
	}
	return sets
}

// hasPrefixFold reports whether s begins with a word in lower case, whatever its own case.
func hasPrefixFold(s, word string) bool {
	if len(s) < len(word) {
		return false
	}
	for i := range len(word) {
		if lower(s[i]) != word[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// lazy makes a regular expression that is compiled at its first use: most texts need none.
func lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// group replaces one group of every match of an expression where keep does not say that it stays.
func group(re *regexp.Regexp, s string, n int, keep func(string) bool) string {
	var b strings.Builder
	from := 0
	for _, m := range re.FindAllStringSubmatchIndex(s, -1) {
		begin, end := m[2*n], m[2*n+1]
		if begin < from || s[begin:end] == Redacted || keep != nil && keep(s[begin:end]) {
			continue
		}
		b.WriteString(s[from:begin])
		b.WriteString(Redacted)
		from = end
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}
