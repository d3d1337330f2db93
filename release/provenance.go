package main

import (
	"encoding/json"
	"maps"
	"runtime"
	"slices"
	"strings"
)

// repository is where the source is.
const repository = "https://github.com/kubestuck/stuck"

// A descriptor names something by its content.
type descriptor struct {
	Name   string            `json:"name,omitempty"`
	URI    string            `json:"uri,omitempty"`
	Digest map[string]string `json:"digest"`
}

// A statement says of files how they came to be: in-toto's Statement with the provenance of SLSA 1.0.
type statement struct {
	Type          string       `json:"_type"`
	Subject       []descriptor `json:"subject"`
	PredicateType string       `json:"predicateType"`
	Predicate     predicate    `json:"predicate"`
}

type predicate struct {
	BuildDefinition struct {
		BuildType            string            `json:"buildType"`
		ExternalParameters   map[string]string `json:"externalParameters"`
		InternalParameters   map[string]string `json:"internalParameters"`
		ResolvedDependencies []descriptor      `json:"resolvedDependencies"`
	} `json:"buildDefinition"`
	RunDetails struct {
		Builder struct {
			ID      string            `json:"id"`
			Version map[string]string `json:"version"`
		} `json:"builder"`
	} `json:"runDetails"`
}

// provenance makes the statement of a release from what the build knows: the commit, what was asked for, and the sums
// of what was made. It tells no time and no machine, so that the same commit gives the same bytes; who has built it is
// for the one who signs it to say.
func provenance(version, commit string, sums map[string]string) ([]byte, error) {
	s := statement{Type: "https://in-toto.io/Statement/v1", PredicateType: "https://slsa.dev/provenance/v1"}
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		s.Subject = append(s.Subject, descriptor{Name: name, Digest: map[string]string{"sha256": sums[name]}})
	}
	d := &s.Predicate.BuildDefinition
	d.BuildType = repository + "/blob/main/release"
	d.ExternalParameters = map[string]string{"repository": repository, "version": version}
	d.InternalParameters = map[string]string{"flags": "-trimpath " + strings.Join(flags(), " "), "cgo": "off"}
	d.ResolvedDependencies = []descriptor{{URI: "git+" + repository + "@" + version,
		Digest: map[string]string{"gitCommit": commit}}}
	b := &s.Predicate.RunDetails.Builder
	b.ID = repository + "/release"
	b.Version = map[string]string{"go": runtime.Version()}
	out, err := json.MarshalIndent(s, "", "  ")
	return append(out, '\n'), err
}
