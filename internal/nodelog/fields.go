package nodelog

import (
	"strconv"
	"strings"
)

// eachField calls do for each key=value of a line of klog or logfmt, unquoted, until it returns false.
// What is not of this form is passed over.
func eachField(line string, do func(key, value string) bool) {
	for line = strings.TrimLeft(line, " "); line != ""; line = strings.TrimLeft(line, " ") {
		n := strings.IndexAny(line, "= \n")
		if n < 0 {
			return
		}
		if line[n] != '=' || n == 0 {
			line = line[n+1:]
			continue
		}
		key := line[:n]
		value, rest := cutValue(line[n+1:])
		if !do(key, value) {
			return
		}
		line = rest
	}
}

// cutValue takes a value off the beginning of a line: quoted as Go does, or as klog does with lines ("<", a tab before
// each, " >"), or as it is.
func cutValue(line string) (value, rest string) {
	if strings.HasPrefix(line, `"`) {
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil { // the end is missing, or it holds what need not be quoted to be understood
			return looselyQuoted(line[1:])
		}
		value, err = strconv.Unquote(quoted)
		if err != nil {
			value = quoted
		}
		return value, line[len(quoted):]
	}
	if lines, ok := strings.CutPrefix(line, "<\n"); ok {
		value, rest, _ = strings.Cut(lines, "\n >")
		return strings.ReplaceAll(strings.TrimPrefix(value, "\t"), "\n\t", "\n"), rest
	}
	if n := strings.IndexAny(line, " \n"); n >= 0 {
		return line[:n], line[n:]
	}
	return line, ""
}

// looselyQuoted takes what stands before a quote that is not escaped, or all where there is none.
func looselyQuoted(line string) (value, rest string) {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			return line[:i], line[i+1:]
		}
	}
	return line, ""
}
