package match

import (
	"regexp"
	"sync"
)

// An Expr is an expression to look for in messages: as in a [Pattern], without regard to case, and as cheap where it
// does not match.
type Expr struct {
	rules func() []*rule
	re    func() *regexp.Regexp
}

// MustExpr makes an expression that is a constant of the program. It is compiled at first use, and panics then where
// it is wrong.
func MustExpr(expression string) *Expr {
	rules := func() []*rule {
		rules, err := (&Pattern{Message: expression}).rules()
		if err != nil {
			panic("match: " + err.Error())
		}
		return rules
	}
	return &Expr{sync.OnceValue(rules), Lazy("(?i)" + expression)}
}

// Match reports whether the expression matches somewhere in a message.
func (e *Expr) Match(message string) bool {
	low := lowered(message)
	for _, r := range e.rules() {
		if r.must.find(low) >= 0 {
			return r.exact || e.re().MatchString(low)
		}
	}
	return false
}

// Lazy makes a regular expression that is a constant of the program. It is compiled at first use, and panics then where
// it is wrong: a program that starts for one answer needs few of those that it has. It is not put in line: each of the
// hundreds of places would get closures of its own.
//
//go:noinline
func Lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
