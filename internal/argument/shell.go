package argument

import (
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// What a shell would make of a command is asked in two places: whether a placeholder stands where a value means itself,
// and whether a command only reads.

// A Slot is a placeholder in a command.
type Slot struct {
	Arg   string
	Fault string // why it must not stand there: one of the constants; "" where it may
}

// Where a placeholder must not stand: a value that is a plain word elsewhere could be more than that there.
const (
	InQuotes  = "quotes"  // shells differ in what ends them and in what is expanded in them
	InHereDoc = "heredoc" // there it is text, of which nobody knows what reads it
	AsProgram = "program" // the cluster must not choose what runs
	Joined    = "joined"  // a sign before it gives it another meaning: $, \, ~, !, %, #
)

// A Line is what a shell would read from a command: the programs that run with their words, as they are written, and
// the placeholders in them.
type Line struct {
	Commands [][]string // what is in $( ) comes as commands of its own, too
	Writes   bool       // something is redirected into a file
	Slots    []Slot
}

// slot is a placeholder: {name}.
var slot = match.Lazy(`^\{[a-z][a-z0-9]*\}`)

// Read reads a command as POSIX shells do, as far as commands here are written: words, quotes, $( ), redirections, and
// what stands between commands.
func Read(run string) Line {
	r := &reader{in: strings.NewReplacer("[[", "", "]]", "").Replace(run)}
	r.code(0)
	return r.Line
}

type reader struct {
	Line
	in      string
	at      int
	heredoc bool // one has begun
}

// code reads commands up to the end, or to what ends the $( ) that they stand in.
func (r *reader) code(end byte) {
	var words []string
	var word strings.Builder
	begun, target := false, false // a word; which a redirection takes
	endWord := func() {
		if begun && !target {
			words = append(words, word.String())
		}
		if begun {
			target = false
		}
		word.Reset()
		begun = false
	}
	endCommand := func() {
		if endWord(); len(words) > 0 {
			r.Commands = append(r.Commands, words)
		}
		words, target = nil, false
	}
	defer func() { endCommand() }()
	for r.at < len(r.in) {
		c := r.in[r.at]
		switch {
		case c == end && end != 0:
			return
		case c == ' ' || c == '\t':
			endWord()
		case strings.IndexByte("\n;&|()", c) >= 0:
			endCommand()
		case c == '<' || c == '>':
			if strings.Trim(word.String(), "0123456789") == "" { // the number of what is redirected
				word.Reset()
				begun = false
			}
			endWord()
			target = r.redirect(c)
		case c == '#' && !begun:
			r.skipTo('\n')
			continue
		default:
			start := r.at
			r.part(begun || len(words) > 0 || target)
			word.WriteString(r.in[start:r.at])
			begun = true
			continue
		}
		r.at++
	}
}

// redirect notes a redirection; it reports whether the next word is what it goes to or comes from.
func (r *reader) redirect(c byte) bool {
	rest := r.in[r.at+1:]
	switch {
	case c == '<' && strings.HasPrefix(rest, "<"):
		r.heredoc = true
		r.at++
	case strings.HasPrefix(rest, "&"): // to where another goes
		r.at++
	case c == '>' && !strings.HasPrefix(strings.TrimLeft(strings.TrimLeft(rest, ">"), " "), "/dev/null"):
		r.Writes = true
	}
	for c == '>' && strings.HasPrefix(r.in[r.at+1:], ">") {
		r.at++
	}
	return true
}

// part reads what comes next in a word: something in quotes, a placeholder, a sign. Named says whether a program is
// named already.
func (r *reader) part(named bool) {
	switch c := r.in[r.at]; {
	case c == '\\':
		r.at = min(r.at+2, len(r.in))
	case c == '\'':
		r.at++
		r.quoted('\'', false)
	case c == '"', c == '`':
		r.at++
		r.quoted(c, true)
	case strings.HasPrefix(r.in[r.at:], "$("):
		r.nested()
	case slot().MatchString(r.in[r.at:]):
		fault := ""
		if !named {
			fault = AsProgram
		}
		r.slot(fault)
	default:
		r.at++
	}
}

// nested reads $( ), in which quotes begin anew.
func (r *reader) nested() {
	r.at += 2
	r.code(')')
	r.at = min(r.at+1, len(r.in))
}

// quoted reads what is in quotes, and what ends them.
func (r *reader) quoted(end byte, expands bool) {
	for r.at < len(r.in) && r.in[r.at] != end {
		switch {
		case expands && r.in[r.at] == '\\':
			r.at = min(r.at+2, len(r.in))
		case expands && strings.HasPrefix(r.in[r.at:], "$("):
			r.nested()
		case slot().MatchString(r.in[r.at:]):
			r.slot(InQuotes)
		default:
			r.at++
		}
	}
	r.at = min(r.at+1, len(r.in))
}

// slot notes a placeholder.
func (r *reader) slot(fault string) {
	p := slot().FindString(r.in[r.at:])
	switch {
	case fault == "" && r.heredoc:
		fault = InHereDoc
	case fault == "" && r.at > 0 && strings.IndexByte(`$\~!%#`, r.in[r.at-1]) >= 0:
		fault = Joined
	}
	r.Slots = append(r.Slots, Slot{p[1 : len(p)-1], fault})
	r.at += len(p)
}

func (r *reader) skipTo(c byte) {
	for r.at < len(r.in) && r.in[r.at] != c {
		r.at++
	}
}
