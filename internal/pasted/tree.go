package pasted

import (
	"regexp"
	"strings"
	"sync"
	"time"
)

// A field is a line "Key: value" of a description, and the lines below it that are further to the right.
type field struct {
	key, value string
	below      []line
	number     int
}

var keyed = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^ *([^:\s][^:]*?):(?: +(.*))?$`) })

// fields takes lines apart into fields. What is no "Key: value" belongs to the field before it: a value that goes on.
func fields(lines []line) []field {
	var out []field
	indent := -1
	for _, l := range lines {
		if l.text == "" {
			continue
		}
		m := keyed().FindStringSubmatch(l.text)
		if indent < 0 && m != nil {
			indent = l.indent()
		}
		switch {
		case m != nil && l.indent() <= indent:
			out = append(out, field{key: m[1], value: strings.TrimSpace(m[2]), number: l.number})
		case len(out) > 0:
			f := &out[len(out)-1]
			f.below = append(f.below, l)
		}
	}
	return out
}

// get is the value of a field; "" where it is not there or holds nothing.
func get(fields []field, keys ...string) string {
	f := find(fields, keys...)
	if f == nil || isNone(f.value) {
		return ""
	}
	return f.value
}

func find(fields []field, keys ...string) *field {
	for _, key := range keys {
		for i := range fields {
			if strings.EqualFold(fields[i].key, key) {
				return &fields[i]
			}
		}
	}
	return nil
}

// every is a field with what stands below it wherever it is: a message may look like its beginning, and hides nothing.
func every(fs []field, key string) *field {
	first := find(fs, key)
	if first == nil {
		return nil
	}
	all := field{key: first.key, value: first.value, number: first.number}
	for i := range fs {
		if strings.EqualFold(fs[i].key, key) {
			all.below = append(all.below, fs[i].below...)
		}
	}
	return &all
}

// isNone reports whether kubectl says of a field that it holds nothing.
func isNone(value string) bool {
	switch value {
	case "<none>", "<unset>", "<unknown>", "<nil>", "n/a":
		return true
	}
	return false
}

// pairs are the keys and values of labels or annotations: the first on the line of the field, the others below.
func (f *field) pairs(separator string) map[string]string {
	if f == nil || isNone(f.value) {
		return nil
	}
	out := map[string]string{}
	for _, text := range append([]string{f.value}, f.texts()...) {
		if key, value, ok := strings.Cut(text, separator); ok {
			out[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return out
}

// texts are the lines below a field, without what they are moved to the right.
func (f *field) texts() []string {
	var out []string
	for _, l := range f.below {
		out = append(out, strings.TrimSpace(l.text))
	}
	return out
}

// clock reads a time as kubectl prints it: Mon, 23 Nov 2026 08:32:03 +0000.
func clock(text string) time.Time {
	for _, form := range []string{time.RFC1123Z, time.RFC3339, time.RFC1123} {
		if t, err := time.Parse(form, strings.TrimSpace(text)); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

var agePart = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d+)(y|d|h|m|s)`) })

// age reads how long ago something was, as kubectl prints it: 3m12s, 5d3h, 2y15d. Source: apimachinery,
// duration.HumanDuration.
func age(text string) (time.Duration, bool) {
	if text == "<invalid>" {
		return 0, true
	}
	units := map[string]time.Duration{"y": 365 * 24 * time.Hour, "d": 24 * time.Hour, "h": time.Hour, "m": time.Minute,
		"s": time.Second}
	var out time.Duration
	rest := text
	for rest != "" {
		m := agePart().FindStringSubmatch(rest)
		if m == nil {
			return 0, false
		}
		n := 0
		for _, digit := range m[1] {
			if n = 10*n + int(digit-'0'); n > 1<<20 {
				return 0, false
			}
		}
		out += time.Duration(n) * units[m[2]]
		rest = rest[len(m[0]):]
	}
	return out, text != ""
}
