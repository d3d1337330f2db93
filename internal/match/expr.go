package match

// An Expr is an expression to look for in messages: as in a [Pattern], without regard to case, and as cheap where it
// does not match.
type Expr struct{ rules []*rule }

// MustExpr compiles an expression that is a constant of the program; it panics where that is wrong.
func MustExpr(expression string) *Expr {
	rules, err := newRules(0, Pattern{Message: expression})
	if err != nil {
		panic("match: " + err.Error())
	}
	return &Expr{rules}
}

// Match reports whether the expression matches somewhere in a message.
func (e *Expr) Match(message string) bool {
	low := lowered(message)
	for _, r := range e.rules {
		if _, ok := r.match(low); ok {
			return true
		}
	}
	return false
}
