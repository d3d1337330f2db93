package causes

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/remedy"
)

// TestLawRemedies holds law 9 (a remedy can be done as it is written) over all that is known, as far as a command and a
// dump tell: the API server takes the change, nothing that is known is left to be filled in, and the risk is not
// understated.
func TestLawRemedies(t *testing.T) {
	alone(t)
	cat := catalogue(t)
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		s := read(t, dump)
		r := diagnose.Run(s, cat, diagnose.Options{})
		for i := range r.Problems {
			f := &r.Problems[i].Findings[0]
			text := r.Text(f)
			if len(text.Fix) == 0 {
				t.Errorf("%s: nothing is said to be done", f.Cause)
			}
			for _, step := range slices.Concat(text.Confirm, text.Fix) {
				for _, fault := range remedyFaults(&step, s, f) {
					t.Errorf("%s: %s: %s [%s]", f.Cause, fault, step.Run, step.Risk)
				}
			}
		}
	})
}

var (
	inPlace  = regexp.MustCompile(`kubectl (?:-n \S+ )?(?:edit|patch) (\w[\w.-]*)[/ ]`)
	rollsOut = regexp.MustCompile(`kubectl (?:-n \S+ )?rollout (?:undo|restart) (\w[\w.-]*)[/ ]`)
	deletes  = regexp.MustCompile(`kubectl (?:-n \S+ )?delete pods?[ /]([\w.-]+)`)
	asked    = regexp.MustCompile(`\b[A-Z][A-Z_-]{2,}\b`)
	hasPatch = regexp.MustCompile(`kubectl (?:-n \S+ )?patch [^']*-p '([^']*)'`)
	number   = regexp.MustCompile(`:([A-Z_]+)([,}\]])`)
)

// rolled are the kinds that keep revisions, or make all of their Pods anew.
var rolled = []string{"deployment", "statefulset", "daemonset"}

// never are names that nobody can be asked to fill in: who reads the screen does not know them either.
var never = []string{"NAMESPACE", "NODE", "POD", "AGENT", "AGENT_POD", "PVC", "PV", "CLAIM", "DRIVER", "KUBE_PROXY_POD",
	"DEVICE-PLUGIN", "DRIVER-POD", "WORKLOAD", "CONTAINER"}

// remedyFaults are what of a command cannot be done as it is written.
func remedyFaults(step *diagnose.Step, s *cluster.Snapshot, f *diagnose.Finding) []string {
	var out []string
	for _, m := range inPlace.FindAllStringSubmatch(step.Run, -1) {
		if kind := strings.TrimSuffix(m[1], "s"); kind == "pod" || kind == "job" {
			out = append(out, "what cannot be changed in place is")
		}
	}
	for _, m := range rollsOut.FindAllStringSubmatch(step.Run, -1) {
		if !slices.Contains(rolled, strings.TrimSuffix(m[1], "s")) {
			out = append(out, "a "+m[1]+" has no revisions")
		}
	}
	for _, m := range deletes.FindAllStringSubmatch(step.Run, -1) {
		if m[1] == f.Pod.Name && f.Args["workload"] == "pod/"+m[1] && step.Risk != remedy.DataLoss {
			out = append(out, "nobody makes the Pod anew")
		}
	}
	for _, name := range asked.FindAllString(step.Run, -1) {
		said := strings.Contains(step.Do.EN, name+" “") // what it is, and that no command takes it
		if slices.Contains(never, name) && !said {
			out = append(out, name+" is left to be filled in")
		}
	}
	for _, m := range hasPatch.FindAllStringSubmatch(step.Run, -1) {
		if filled := number.ReplaceAllString(m[1], `:1$2`); !json.Valid([]byte(filled)) {
			out = append(out, "the patch is no JSON")
		}
	}
	if !closed(step.Run) {
		out = append(out, "a quote is not closed")
	}
	if least := leastRisk(step.Run); step.Risk != "" && remedy.Worst(step.Risk, least) != step.Risk {
		out = append(out, "the risk is "+least)
	}
	return out
}

var (
	losesData   = regexp.MustCompile(`--delete-emptydir-data|--force.*--grace-period=0|--grace-period=0.*--force`)
	losesVolume = regexp.MustCompile(`kubectl (?:-n \S+ )?delete (?:pvc|pv|persistentvolumeclaim|persistentvolume|node)\b`)
	stops       = regexp.MustCompile(`kubectl .*\bdrain\b|--replicas=0\b|\breboot\b`)
)

// leastRisk is what a command may do at the least.
func leastRisk(run string) string {
	switch {
	case losesData.MatchString(run), losesVolume.MatchString(run):
		return remedy.DataLoss
	case stops.MatchString(run):
		return remedy.Disruptive
	}
	return remedy.None
}

// closed reports whether every quote in a command is closed.
func closed(run string) bool {
	quote := rune(0)
	for _, r := range run {
		switch {
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case r == quote:
			quote = 0
		}
	}
	return quote == 0
}
