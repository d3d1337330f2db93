package match

import (
	"regexp/syntax"
	"strings"
)

// A skeleton is what every match of an expression holds: literals, one after another or one of several. It is far
// cheaper to look for than the expression, which is then tried on few messages only. nil: nothing is required.
type skeleton struct {
	literal string
	all     []*skeleton // these, in this order
	any     []*skeleton // one of these
}

// required is the skeleton of an expression.
func required(re *syntax.Regexp) *skeleton {
	switch re.Op {
	case syntax.OpLiteral:
		return &skeleton{literal: string(re.Rune)}
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		s := &skeleton{}
		for _, sub := range re.Sub {
			if r := required(sub); r != nil {
				s.all = append(s.all, r)
			}
		}
		switch len(s.all) {
		case 0:
			return nil
		case 1:
			return s.all[0]
		}
		return s
	case syntax.OpAlternate:
		s := &skeleton{}
		for _, sub := range re.Sub {
			r := required(sub)
			if r == nil {
				return nil
			}
			s.any = append(s.any, r)
		}
		return s
	}
	return nil
}

// find looks for the skeleton in a text and returns where its earliest occurrence ends; -1 where there is none.
func (s *skeleton) find(text string) int {
	switch {
	case s == nil:
		return 0
	case s.all != nil:
		end := 0
		for _, sub := range s.all {
			n := sub.find(text[end:])
			if n < 0 {
				return -1
			}
			end += n
		}
		return end
	case s.any != nil:
		best := -1
		for _, sub := range s.any {
			if n := sub.find(text); n >= 0 && (best < 0 || n < best) {
				best = n
			}
		}
		return best
	}
	if i := strings.Index(text, s.literal); i >= 0 {
		return i + len(s.literal)
	}
	return -1
}

// anyOf are strings of which every match holds at least one; nil where there are none. Of several choices it takes
// the one that costs least: cost is how common a string is.
func (s *skeleton) anyOf(cost func(string) float64) (strings []string, total float64) {
	switch {
	case s == nil:
		return nil, 0
	case s.all != nil:
		for i, sub := range s.all {
			if l, c := sub.anyOf(cost); i == 0 || c < total {
				strings, total = l, c
			}
		}
		return strings, total
	case s.any != nil:
		for _, sub := range s.any {
			l, c := sub.anyOf(cost)
			strings, total = append(strings, l...), total+c
		}
		return strings, total
	}
	return []string{s.literal}, cost(s.literal)
}

// each calls do with every literal.
func (s *skeleton) each(do func(string)) {
	if s == nil {
		return
	}
	if s.literal != "" {
		do(s.literal)
	}
	for _, sub := range s.all {
		sub.each(do)
	}
	for _, sub := range s.any {
		sub.each(do)
	}
}
