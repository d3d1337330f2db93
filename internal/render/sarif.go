package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// The parts of SARIF 2.1.0 that are written here. A problem is a result: at the lines of the dump that give it away,
// where those are known, and else at the objects.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID    string     `json:"id"`
	Short *sarifText `json:"shortDescription,omitempty"`
	Full  *sarifText `json:"fullDescription,omitempty"`
	Help  *sarifText `json:"help,omitempty"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifInvocation struct {
	OK            bool          `json:"executionSuccessful"`
	EndTime       string        `json:"endTimeUtc,omitempty"`
	Notifications []sarifNotice `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotice struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints,omitempty"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	Name      string `json:"name"`
	Qualified string `json:"fullyQualifiedName"`
	Kind      string `json:"kind"`
}

// maxLocations is how many places of a problem are told.
const maxLocations = 10

// unexplainedRule is the rule of what no cause explains.
const unexplainedRule = "unexplained"

// sarif is a Report in the form in which tools exchange what they found.
func sarif(w io.Writer, r *diagnose.Report, o Options) error {
	p := newReport(r, o)
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: "kubectl-stuck",
		InformationURI: "https://github.com/kubestuck/stuck", Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	rule := func(id string, of func() sarifRule) int {
		i := slices.IndexFunc(run.Tool.Driver.Rules, func(r sarifRule) bool { return r.ID == id })
		if i < 0 {
			i = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, of())
		}
		return i
	}
	for i := range r.Problems {
		pr := &r.Problems[i]
		run.Results = append(run.Results, sarifResult{RuleID: name(pr.Cause), Level: level(pr),
			RuleIndex: rule(name(pr.Cause), func() sarifRule { return p.sarifRule(pr) }),
			Message:   sarifText{p.plainProblem(pr)}, Locations: sarifLocations(pr),
			Fingerprints: map[string]string{"problem/v1": pr.ID()}})
	}
	for i := range r.Unexplained {
		s := &r.Unexplained[i]
		head := p.say("head.unexplained", "n", 1)
		text := p.join("sep", head, p.unexplainedText(s))
		run.Results = append(run.Results, sarifResult{RuleID: unexplainedRule, Level: "warning", Message: sarifText{text},
			RuleIndex: rule(unexplainedRule, func() sarifRule {
				return sarifRule{ID: unexplainedRule, Short: &sarifText{head}}
			}),
			Locations: []sarifLocation{sarifPlace(s, s.Against())}})
	}
	done := sarifInvocation{OK: !r.Lost()}
	if !r.At.IsZero() {
		done.EndTime = r.At.UTC().Format(time.RFC3339)
	}
	for _, g := range r.Gaps {
		done.Notifications = append(done.Notifications, sarifNotice{"note", sarifText{p.gapText(&g)}})
	}
	if r.Hidden.Any() {
		done.Notifications = append(done.Notifications, sarifNotice{"warning", sarifText{sentenceOf(r, o)}})
	}
	run.Invocations = []sarifInvocation{done}
	data, err := marshal(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{run}}, surrogates)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// sarifRule is the cause of a problem, in the words of the first problem that has it.
func (p *report) sarifRule(pr *diagnose.Problem) sarifRule {
	t := textOf(p.Report, &pr.Findings[0])
	rule := sarifRule{ID: name(pr.Cause), Short: &sarifText{p.titleOf(pr)}}
	if why := flat(cut(t.Why.In(p.lang), 8192)); why != "" {
		rule.Full = &sarifText{why}
	}
	var steps []string
	for i := range t.Fix {
		step := fmt.Sprintf("%d. %s", i+1, flat(cut(t.Fix[i].Do.In(p.lang), 8192)))
		if run := runs(&t.Fix[i]); run != "" {
			step += "\n   " + oneLine(run)
		}
		steps = append(steps, step)
	}
	if len(steps) > 0 {
		rule.Help = &sarifText{strings.Join(steps, "\n")}
	}
	return rule
}

// sarifLocations are the places that give a problem away, each once: those in files, or else the objects.
func sarifLocations(pr *diagnose.Problem) []sarifLocation {
	var files, objects []sarifLocation
	var seen []string
	for _, q := range quotesOf(pr.Findings) {
		if at := fmt.Sprint(q.sign.File, q.sign.Line); q.sign.File != "" && !slices.Contains(seen, at) {
			seen = append(seen, at)
			files = append(files, sarifPlace(&q.sign, q.pods.list[0]))
		}
	}
	for _, of := range subjects(pr.Findings) {
		objects = append(objects, sarifPlace(&cluster.Sign{}, of))
	}
	if len(files) == 0 {
		files = objects
	}
	if len(files) == 0 {
		files = []sarifLocation{sarifPlace(&cluster.Sign{}, pr.Blame)}
	}
	return files[:min(len(files), maxLocations)]
}

// sarifPlace is where a sign stands, and of which object it speaks.
func sarifPlace(s *cluster.Sign, of cluster.Ref) sarifLocation {
	var l sarifLocation
	if s.File != "" {
		l.Physical = &sarifPhysical{Artifact: sarifArtifact{fileURI(s.File)}}
		if s.Line > 0 {
			l.Physical.Region = &sarifRegion{s.Line}
		}
	}
	if of.Name != "" {
		qualified := name(of.Kind) + "/" + name(of.Name)
		if of.Namespace != "" {
			qualified = name(of.Namespace) + "/" + qualified
		}
		l.Logical = []sarifLogical{{Name: name(of.Name), Qualified: qualified, Kind: "resource"}}
	}
	return l
}

// fileURI is the name of a file as a URI reference: a relative one stays relative.
func fileURI(file string) string {
	var b strings.Builder
	if strings.HasPrefix(file, "/") {
		b.WriteString("file://")
	}
	for i := range len(file) {
		switch c := file[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
