// Package e2e breaks the lab's cluster in one way after another, and checks what kubectl-stuck says each time.
package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

// Fault is one way to break a cluster: the first document of a file in faults/. Kubernetes objects follow it, to be
// made in a namespace of the fault's name. In all of it $NS is that namespace and $RUN is new in each run, for images
// that the node must not have yet, and $BIN in objects the folder of the lab's programs.
type Fault struct {
	// About says in a sentence what is wrong, as a person would see it afterwards.
	About string `json:"about"`
	// Before and Break are shell, run inside the lab before and after the objects are made.
	Before string `json:"before,omitempty"`
	Break  string `json:"break,omitempty"`
	// Shown are regular expressions: the fault has shown when each is found in a line of Facts.
	Shown []string `json:"shown"`
	// After is how long it takes at least, for what shows by silence; Within how long at most (90s).
	After  Duration `json:"after,omitempty"`
	Within Duration `json:"within,omitempty"`
	// Expect are the problems that must be named, the first one first, and no other. The exit code follows: 1 where
	// there is one.
	Expect []Expectation `json:"expect"`
	// Missing is how many Pods were wanted and not made.
	Missing int `json:"missing,omitempty"`
	// Says are regular expressions: each is found on the screen, whose lines are joined. They name what a right answer
	// names.
	Says []string `json:"says,omitempty"`
	// Asked are questions by name, and what their answers must be.
	Asked []Question `json:"asked,omitempty"`
	// Node is what the node's own facts prove of it; nil where they do not.
	Node *Witness `json:"node,omitempty"`
	// Samples is how often it is asked once the answer was right, every few seconds: each answer has to be right, so
	// that it does not flap with the moment of asking.
	Samples int `json:"samples,omitempty"`
	// Cure is which remedy of the first problem is carried out as it is printed, 1 being the first: nothing may be
	// stuck after it. 0: none.
	Cure int `json:"cure,omitempty"`
	// Remedy is what a person decides who does what the screen says, in a run of remedies.
	Remedy Remedy `json:"remedy,omitempty"`
	// Heal is shell, run inside the lab; after it nothing may be stuck. Empty: the objects are deleted.
	Heal string `json:"heal,omitempty"`
	// Alone: it breaks the node or the control plane, so nothing else may run meanwhile.
	Alone bool `json:"alone,omitempty"`
	// Versions of the lab that can show it; all where empty.
	Versions []string `json:"versions,omitempty"`
	// Smoke: CI runs it.
	Smoke bool `json:"smoke,omitempty"`

	Name    string `json:"-"`
	Objects string `json:"-"` // YAML documents

	doFix    bool   // let kubectl stuck fix do it
	doRemedy bool   // do what the screen says
	owner    string // what the Pod was put into
}

// Expectation is one problem that must be named.
type Expectation struct {
	Cause string `json:"cause"`           // catalogue id
	Blame string `json:"blame,omitempty"` // Kind/name or Kind/namespace/name; any where empty
}

// Question is one that names a Pod or a workload: kubectl-stuck ABOUT.
type Question struct {
	About string `json:"about"` // deploy/web
	Exit  int    `json:"exit"`
	// Says as in a Fault.
	Says []string `json:"says,omitempty"`
}

// Duration reads 90s.
type Duration time.Duration

func (d *Duration) UnmarshalJSON(b []byte) error {
	v, err := time.ParseDuration(strings.Trim(string(b), `"`))
	*d = Duration(v)
	return err
}

// Load reads all faults of a folder, by name.
func Load(dir string) ([]Fault, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no faults in %s (%v)", dir, err)
	}
	var faults []Fault
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		f, err := parse(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		f.Name = strings.TrimSuffix(filepath.Base(file), ".yaml")
		faults = append(faults, f)
	}
	return faults, nil
}

func parse(b []byte) (Fault, error) {
	head, objects, _ := bytes.Cut(b, []byte("\n---\n"))
	var f Fault
	if err := yaml.UnmarshalStrict(head, &f); err != nil {
		return f, err
	}
	f.Objects = string(objects)
	if f.Within == 0 {
		f.Within = Duration(90 * time.Second)
	}
	if f.About == "" || len(f.Shown) == 0 && f.After == 0 {
		return f, fmt.Errorf("about and one of shown, after are needed")
	}
	for _, s := range f.expressions() {
		if _, err := regexp.Compile(s); err != nil {
			return f, err
		}
	}
	if f.Cure > 0 && len(f.Expect) == 0 {
		return f, fmt.Errorf("cure needs a problem to be expected")
	}
	return f, nil
}

// expressions are all regular expressions of the fault.
func (f Fault) expressions() []string {
	all := slices.Concat(f.Shown, f.Says)
	for _, q := range f.Asked {
		all = append(all, q.Says...)
	}
	return all
}

// on reports whether a lab of this version can show the fault.
func (f Fault) on(version string) bool {
	return len(f.Versions) == 0 || slices.Contains(f.Versions, version)
}

// fill puts the run's names in.
func (f Fault) fill(run, bin string) Fault {
	r := strings.NewReplacer("$NS", f.Name, "$RUN", run)
	f.Before, f.Break, f.Heal, f.Objects = r.Replace(f.Before), r.Replace(f.Break), r.Replace(f.Heal), r.Replace(
		f.Objects)
	f.Objects = strings.ReplaceAll(f.Objects, "$BIN", bin)
	f.Expect = slices.Clone(f.Expect)
	for i := range f.Expect {
		f.Expect[i].Blame = r.Replace(f.Expect[i].Blame)
	}
	f.Says = slices.Clone(f.Says)
	for i := range f.Says {
		f.Says[i] = r.Replace(f.Says[i])
	}
	return f
}

// Choice narrows down which faults are run; its zero value is all of them.
type Choice struct {
	Names      []string // only these
	Smoke      bool     // only what CI runs
	Alone      bool     // only what breaks the node or the control plane
	Namespaced bool     // only what does not
}

func (c Choice) has(f Fault) bool {
	return !(c.Smoke && !f.Smoke || c.Alone && !f.Alone || c.Namespaced && f.Alone || len(c.Names) > 0 &&
		!slices.Contains(c.Names, f.Name))
}

// Select keeps what a lab of this version can show, and of that what is chosen.
func Select(faults []Fault, version string, choice Choice) ([]Fault, error) {
	for _, n := range choice.Names {
		if !slices.ContainsFunc(faults, func(f Fault) bool { return f.Name == n && f.on(version) }) {
			return nil, fmt.Errorf("no fault %q for lab version %s: each is a file in test/lab/faults", n, version)
		}
	}
	return slices.DeleteFunc(faults, func(f Fault) bool {
		return !f.on(version) || !choice.has(f)
	}), nil
}
