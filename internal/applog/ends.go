package applog

import "github.com/kubestuck/stuck/internal/match"

var (
	// answers is a line of an access log, or what is said of one request.
	answers = match.Lazy(`\b(?:GET|POST|PUT|HEAD|DELETE|PATCH|OPTIONS) (?:https?:/)?/\S*.{0,40}\b[1-5]\d\d\b|` +
		`kube-probe/|, client: [\d.:a-f]+, `)
	// serves is how a program says that it does its work.
	serves = match.Lazy(`(?i)\b(?:re)?connected\b|\blistening\b|accept(?:ing)? connections|ready (?:to|for)|` +
		`\bis (?:up|ready)\b|\b(?:started|recovered|succeeded|successful(?:ly)?|healthy)\b`)
	// notYet takes the words of serves back.
	notYet = match.Lazy(`(?i)\b(?:not|never|un|before|once|until|retry)\b|disconnected|fail|cannot|error|could`)
	// leaves is what a program says on its way out.
	leaves = match.Lazy(`(?i)\b(?:clos|shut|stop|terminat|exit|cancel|clean|dump|quit|rolling|abort)|\bbye\b`)
)

// goesOn is how many lines of a program that notes what it does come behind the last one of its end, at the most.
const goesOn = 3

// Ends is the statement by which lines of a log, and nothing beside them, show that the program gave up and why: it is
// of a kind, or the program breaks off, and nothing after it shows that it went on. Not ok where they do not show that.
func Ends(lines []string) (Statement, bool) {
	own, answered := make([]string, len(lines)), -1
	for i, line := range lines {
		if answers().MatchString(line) {
			answered = i
		} else {
			own[i] = line
		}
	}
	s, weight := last(own)
	if weight < broken || answered > s.Line {
		return Statement{}, false
	}
	calmly := 0
	for _, line := range own[s.Line+1:] {
		switch {
		case serves().MatchString(line) && !notYet().MatchString(line):
			return Statement{}, false
		case calm().MatchString(line) && !leaves().MatchString(line) && !complains().MatchString(line):
			calmly++
		}
	}
	return s, calmly <= goesOn
}

// GaveUp reports whether a line alone says that the program breaks off, or why it ends.
func GaveUp(line string) bool {
	s := read(line)
	return weigh(&s) >= broken
}
