// Package cniagentrefuses finds network plugins whose agent on the node runs and answers with an error that no other
// cause knows.
package cniagentrefuses

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// answer is where what the agent says begins.
var answer = match.Lazy(`(?i)\]\[[45]\d\d\] ?|failed with status [45]\d\d:? ?|request ip return [45]\d\d:? ?|` +
	`\(status code [45]\d\d\):? ?|code = \w+ desc = |unable to create endpoint: ?|` +
	`ERRORED: (?:error configuring pod \[[^\]]*\] networking: )?(?:Multus: \[[^\]]*\]: )?`)

// echo is what only repeats that a call failed.
var echo = match.Lazy(`(?i)^netplugin failed(?: with no error message)?[:"\s]*$|^exit status \d+$|` +
	`^unexpected end of JSON input$`)

// silent is what the runtime says of a plugin that printed nothing, which it does only where it breaks off.
var silent = match.Lazy(`(?i)^(?:netplugin failed with no error message(?:: .*)?|unexpected end of JSON input)[."]*$`)

// Find tells apart an agent that limits how many it serves at once, and a plugin that fails in words of its own. What
// is said of a network beside that of the node is no answer of its agent.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		if m.Args["secondary"] != "" {
			continue
		}
		if failure := m.Args["failure"]; failure != "" {
			same := func(o diagnose.Match) bool { return o.Sign.Message == m.Sign.Message }
			if slices.ContainsFunc(p.MatchesOf("pod-network-request-invalid"), func(o diagnose.Match) bool {
				return same(o) && o.Args["says"] != "" // the annotation of the Pod is at fault
			}) || slices.ContainsFunc(p.MatchesOf("cni-plugin-missing"), same) { // known words, if not what they mean
				continue
			}
			m.Args["says"] = ""
			variant := "plugin"
			if silent().MatchString(failure) {
				variant = "silent"
			}
			if !echo().MatchString(failure) {
				m.Args["says"] = match.Clip(strings.Trim(strings.TrimSpace(failure), `".'`), 200)
			}
			p.Report(diagnose.Finding{Certainty: diagnose.Likely, Variant: variant, Blame: p.Blame(m.Args), Args: m.Args,
				Evidence: []cluster.Sign{m.Sign}})
			continue
		}
		if branch := m.Args["branch"]; branch != "" {
			if slices.ContainsFunc(p.MatchesOf("ip-exhausted"), func(o diagnose.Match) bool {
				return o.Sign.Message == m.Sign.Message
			}) {
				continue
			}
			m.Args["says"] = match.Clip(branch, 200)
			p.Report(diagnose.Finding{Certainty: diagnose.Likely, Variant: "branch", Args: m.Args,
				Blame: cluster.Ref{Kind: "Namespace", Name: p.Pod.Namespace}, Evidence: []cluster.Sign{m.Sign}})
			continue
		}
		m.Args["says"] = says(match.Plain(m.Sign.Message))
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["status"] == "429" || m.Args["word"] == "TooManyRequests" {
			f.Variant = "busy"
		}
		p.Report(f)
	}
}

// says is what the agent answered; "" where it is not in the message, which an Event cuts off at 1024 bytes: Multus
// repeats what it was asked first.
func says(text string) string {
	if said := last(answer(), text); strings.HasPrefix(said, "'&{") || strings.HasPrefix(said, "'ContainerID:") {
		return ""
	}
	return match.Clip(strings.TrimRight(strings.TrimSpace(last(answer(), text)), ".'"), 200)
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
