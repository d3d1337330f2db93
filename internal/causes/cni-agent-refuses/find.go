// Package cniagentrefuses finds network plugins whose agent on the node runs and answers with an error that no other
// cause knows.
package cniagentrefuses

import (
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// answer is where what the agent says begins.
var answer = match.Lazy(`(?i)\]\[[45]\d\d\] ?|failed with status [45]\d\d:? ?|request ip return [45]\d\d:? ?|` +
	`\(status code [45]\d\d\):? ?|code = \w+ desc = |unable to create endpoint: ?`)

// Find tells apart an agent that limits how many it serves at once.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		m.Args["says"] = says(match.Plain(m.Sign.Message))
		if m.Args["says"] == "" {
			delete(m.Args, "says")
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["status"] == "429" || m.Args["word"] == "TooManyRequests" {
			f.Variant = "busy"
		}
		p.Report(f)
	}
}

// says is what the agent answered, cut between two words.
func says(text string) string {
	const most = 200
	text = last(answer(), text)
	if len(text) > most {
		text = text[:max(0, strings.LastIndexByte(text[:most], ' '))] + " ..."
	}
	return strings.TrimRight(strings.TrimSpace(text), ".")
}

// last is what stands behind the last match that has anything behind it.
func last(re *regexp.Regexp, text string) string {
	all := re.FindAllStringIndex(text, -1)
	for i := len(all) - 1; i >= 0; i-- {
		if rest := strings.TrimSpace(text[all[i][1]:]); rest != "" {
			return rest
		}
	}
	return text
}
