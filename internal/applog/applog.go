// Package applog reads what a program wrote before it ended, and finds the statement that says most.
//
// A log is written by whoever made the program: it may say anything, and is believed to be what that program says and
// nothing else. Names are only taken from it where they have the form of such names.
package applog

import (
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// Kinds of statements: why a program says that it cannot go on.
const (
	PortTaken    = "port-taken"   // port: an address to listen on is in use
	PortRefused  = "port-refused" // port: it may not listen there
	Forbidden    = "forbidden"    // verb, resource, apigroup, user, inspace: the API server refuses a request
	SettingUnset = "unset"        // key: a setting, a key of a file or an environment variable is missing
	NoSpace      = "no-space"     // path: nothing more can be written there
	NoHost       = "no-host"      // host: a name has no address
	Refused      = "refused"      // host, port: nobody answers there
	WrongCPU     = "wrong-cpu"    // a program is for another processor
	NoMemory     = "no-memory"    // its own memory is used up
	Denied       = "denied"       // path: it may not read or write there
	ReadOnly     = "read-only"    // path: nobody can write there
	NoFile       = "no-file"      // path: a file is not there
	IsFolder     = "is-folder"    // path: a folder is where it expects a file
	NoLibrary    = "no-library"   // library: what the program is made of is not in the image
	BadArgument  = "bad-argument" // argument: it does not know one of its arguments
	Login        = "login"        // its password or token is not accepted
	Certificate  = "certificate"  // unknown: a certificate is not accepted, since nobody knows who issued it
	NoDatabase   = "no-database"  // database, host: a database is not there
	NoResource   = "no-resource"  // kind, group: the API server does not serve a kind of objects
	OpenFiles    = "open-files"   // it may open no more files
	KernelLimit  = "kernel-limit" // sysctl: a limit of the node's kernel is too low for it
	NoThreads    = "no-threads"   // it may start no more processes or threads
	LineEnds     = "line-ends"    // a script has line ends of Windows
	Iptables     = "iptables"     // again, root: it cannot make rules of the network
	NoDriver     = "no-driver"    // it finds no driver of a GPU
	NoAddress    = "no-address"   // address: one to listen on is not there
	NotEmpty     = "not-empty"    // path: the folder for its data has something in it, which it did not put there
	OtherVersion = "version"      // dataversion, programversion: its data was written by another version of it
	Locked       = "locked"       // another process has its data
)

// A Statement is what one line of a log says.
type Statement struct {
	Kind string            // one of the kinds; "" where the line is of none
	Line int               // which line it is, from 0
	Text string            // the line
	Args map[string]string // what it names, as far as the kind has it
}

// How much a line says.
const (
	said     = iota // anything
	problem         // it complains
	broken          // the program gives up, and shows where
	specific        // it says of what
)

// Last returns the statement among the lines that says most of why the program ended: what is of a kind comes before
// what only complains, and the later before the earlier. Not ok where there is nothing but space.
func Last(lines []string) (Statement, bool) {
	best, _ := last(lines)
	return best, best.Line >= 0
}

// last is the same, and how much the statement says.
func last(lines []string) (Statement, int) {
	best, weight := Statement{Line: -1}, -1
	warned := Statement{Line: -1}
	for i, line := range lines {
		text := strings.TrimSpace(line)
		if text == "" {
			continue
		}
		s := read(text)
		s.Line = i
		w := weigh(&s)
		if w >= weight {
			best, weight = s, w
		}
		if w < specific && (s.Kind == Refused || s.Kind == NoHost || s.Kind == Login || s.Kind == Certificate) {
			warned = s
		}
	}
	if best.Kind == "" && warned.Line >= 0 && gaveTime().MatchString(best.Text) {
		return warned, broken // what it waited for in vain, it has warned of
	}
	return best, weight
}

// read finds the kind of a line.
func read(text string) Statement {
	s := Statement{Text: text}
	low := strings.ToLower(text)
	for i := range forms {
		f := &forms[i]
		if !f.mayBe(low) {
			continue
		}
		if m := f.re().FindStringSubmatch(text); m != nil {
			args := groups(f.re(), m)
			if f.kind == SettingUnset && !isSetting(args["key"]) || source().MatchString(args["host"]) {
				continue
			}
			s.Kind, s.Args = f.kind, args
			return s
		}
	}
	return s
}

// source is no host: a file of a program's text, or a time. What stands behind its colon is no port.
var source = match.Lazy(`(?i)^(?:[\w-]+\.(?:go|py|js|ts|java|rs|rb|c|cc|cpp)|\d[\dT-]*)$`)

// isSetting reports whether a word looks like the name of a setting, and not like a word of a sentence: DB_HOST,
// server.port, mongoAddress.
func isSetting(key string) bool {
	return len(key) > 2 && (strings.ContainsAny(key, "_.") || key[1:] != strings.ToLower(key[1:]))
}

func groups(re *regexp.Regexp, m []string) map[string]string {
	args := map[string]string{}
	for i, name := range re.SubexpNames() {
		if name != "" && m[i] != "" {
			args[name] = strings.TrimRight(m[i], ".,;:")
		}
	}
	return args
}

var (
	gaveUp = match.Lazy(`(?i)^panic:|\bpanic(?:ked)?\b|\bfatal\b|\bFTL\b|\bcritical\b|^Caused by: |` +
		`^(?:[\w$]+\.)*[A-Z]\w*(?:Error|Exception)\b|Uncaught|unhandled|Segmentation fault|core dumped|\bemerg\b`)
	gaveTime  = match.Lazy(`(?i)time[ -]?out|timed out|deadline exceeded`)
	complains = match.Lazy(`(?i)\berr(?:or)?\b|\bfail(?:ed|ure)?\b|cannot|can't|could not|unable to|invalid|refused|` +
		`denied`)
	calm = match.Lazy(`(?i)^\W*(?:\d\S*\s+)*\[?(?:level=)?(?:info|debug|trace|notice|warn(?:ing)?|wrn|inf|dbg)` +
		`\b|"?level"?[=:]\s?"?(?:info|debug|trace|warn)|^[IW]\d{4} `)
	// ends says that the program ends, and not of what.
	ends = match.Lazy(`(?i)(?:^|[\]:.] ?)(?:now )?(?:aborting|exiting|shutting down|giving up|terminating|bye)` +
		`(?: now)?\W*$`)
	frame = match.Lazy(`^\s*(?:at |File "|goroutine \d|\.\.\. \d+ more|/\S+\.go:\d+|[\w./*()]+\(0x)`)
)

// weigh tells how much a statement says. A program that notes something, or warns of it, goes on.
func weigh(s *Statement) int {
	w := said
	switch {
	case s.Kind != "":
		w = specific
	case frame().MatchString(s.Text):
		return said
	case gaveUp().MatchString(s.Text):
		w = broken
	case complains().MatchString(s.Text):
		w = problem
	}
	if calm().MatchString(s.Text) {
		w = min(w, problem)
	}
	if w < specific && ends().MatchString(s.Text) {
		return said
	}
	return w
}
