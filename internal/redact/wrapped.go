package redact

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Credentials in a form that hides them from whoever looks for words: what Go printed as the numbers of its bytes, what
// stands in base64, and what nobody but a machine makes up.

// numberLists takes credentials out of texts that stand as the numbers of their bytes, [112 97 115 …], as Go prints
// them, and whoever shows a message reads them.
func numberLists(s string, clean func(string) string) string {
	var b strings.Builder
	done := 0
	for from := strings.IndexByte(s, '['); from >= 0; {
		begin := from + 1
		data, length := numbers(s[begin:])
		if plain := clean(string(data)); plain != string(data) {
			b.WriteString(s[done:begin])
			b.WriteString(strings.Trim(fmt.Sprint([]byte(plain)), "[]"))
			done = begin + length
		}
		next := strings.IndexByte(s[begin+length:], '[')
		if next < 0 {
			break
		}
		from = begin + length + next
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// numbers reads the numbers of bytes with spaces between them, and how much of the text they are.
func numbers(s string) (data []byte, length int) {
	for i := 0; i < len(s); i++ {
		end := i
		for end < len(s) && end-i < 3 && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		n, err := strconv.ParseUint(s[i:end], 10, 8)
		if err != nil {
			break
		}
		data, length = append(data, byte(n)), end
		if i = end; i < len(s) && s[i] != ' ' {
			break
		}
	}
	return data, length
}

// words64 are long enough for a user and a password in base64.
var words64 = lazy(`[A-Za-z0-9+/_-]{16,}={0,2}`)

// base64Words takes out what is a text with a credential in it once it is decoded, and user:password.
func base64Words(s string, clean func(string) string) string {
	return group(words64(), s, 0, func(word string) bool {
		if strings.HasPrefix(word, pemIn64) {
			return true // known as such
		}
		plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(word, "="))
		data, err := base64.RawStdEncoding.DecodeString(plain[:len(plain)/4*4])
		text := string(data)
		return err != nil || !printable(text) || !userAndPassword().MatchString(text) && clean(text) == text
	})
}

var userAndPassword = lazy(`^[\w.@-]{1,64}:[^\s:/]{4,}$`)

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsPrint(r) && !unicode.IsSpace(r)
	})
}

// longWords are those that may be nobody's name.
var longWords = lazy(`[A-Za-z0-9+/_-]{24,}={0,2}`)

// pemIn64 is what a file of PEM in base64 begins with.
const pemIn64 = "LS0tLS1CRUdJTi"

// chance takes out long words that look like nothing but chance: keys of whatever service. Names, paths, digests and
// what programs are called have no letters of both cases and numbers that change all the time.
func chance(s string) string {
	return group(longWords(), s, 0, func(word string) bool {
		return strings.HasPrefix(word, pemIn64) || !byChance(word)
	})
}

// byChance reports whether capitals, small letters and digits change as often as chance would have it.
func byChance(word string) bool {
	const capital, small, digit, other = 0, 1, 2, 3
	var runs [4]int
	last, all, smallOnes := -1, 0, 0
	for i := range len(word) {
		kind := other
		switch c := word[i]; {
		case upper(c):
			kind = capital
		case letter(c):
			kind = small
		case c >= '0' && c <= '9':
			kind = digit
		}
		if kind != other {
			all++
		}
		if smallOnes++; kind != small {
			smallOnes = 0
		}
		if smallOnes > 6 { // a word
			return false
		}
		if kind != last {
			runs[kind]++
		}
		last = kind
	}
	changes := runs[capital] + runs[small] + runs[digit]
	return runs[capital] > 2 && runs[small] > 2 && runs[digit] > 2 && changes*100 >= all*45 && all >= 20
}
