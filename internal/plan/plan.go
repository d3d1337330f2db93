// Package plan is what has been agreed to be changed in a cluster: which objects, as they are now, how, and how it is
// taken back. A plan can be saved, read by somebody else, and approved by its hash.
//
// It is pure: whoever makes it of what an API server says, and carries it out, stands above it.
package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/remedy"
	"sigs.k8s.io/yaml"
)

// The form of a plan.
const (
	APIVersion = cluster.Group + "/v1alpha1"
	Kind       = "Plan"
)

// Valid is for how long a plan may be carried out.
const Valid = 15 * time.Minute

// A Plan is one remedy of one problem, made ready for the objects as they were found.
type Plan struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Made       time.Time `json:"made"`
	Expires    time.Time `json:"expires"`      // it is not carried out later
	By         string    `json:"by,omitempty"` // who made it, as the API server knows them
	Cluster    Cluster   `json:"cluster"`      // it is carried out in no other
	Problem    Problem   `json:"problem"`      // it is carried out only where this is still so
	Step       Step      `json:"step"`         // what is done about it
	Actions    []Action  `json:"actions"`      // what that changes, in this order
	Hash       string    `json:"hash"`         // of all the above

	Done []Done `json:"done,omitempty"` // what became of each action; not part of the hash
}

// A Cluster is told from others by the UID of its namespace kube-system, as far as that may be read.
type Cluster struct {
	Server string `json:"server"`
	UID    string `json:"uid,omitempty"`
}

// A Problem is what a plan is a remedy of, as a report names it.
type Problem struct {
	Cause    string      `json:"cause"`
	Blame    cluster.Ref `json:"blame"`
	Subject  cluster.Ref `json:"subject"`  // the Pod, or the workload whose Pods are not made
	Workload cluster.Ref `json:"workload"` // what makes the Pod; the Pod itself where it is alone
}

// A Step is the remedy as the answer shows it.
type Step struct {
	Do      string            `json:"do"`
	Run     string            `json:"run"` // the command that does the same
	Risk    string            `json:"risk"`
	Answers map[string]string `json:"answers,omitempty"` // what a person chose, by its name
}

// An Action is one change of one object.
type Action struct {
	remedy.Operation
	UID             string `json:"uid,omitempty"`             // of the object; it is done to no other of its name
	ResourceVersion string `json:"resourceVersion,omitempty"` // of the object when the plan was made
	State           string `json:"state,omitempty"`           // of what is wanted of it: see [State]
	After           string `json:"after,omitempty"`           // the same once it is done, as the dry run gave it
	Diff            string `json:"diff,omitempty"`            // between the two, for people
	// what takes it back: a JSON patch; none where it cannot be
	Undo []remedy.Change `json:"undo,omitempty"`
}

// What became of an action.
const (
	Began   = "began"   // nothing is known yet of how it ended
	Carried = "done"    // the API server said so
	Unknown = "unknown" // the API server did not answer, or did not say
	Undone  = "undone"  // it was taken back
)

// Done is what became of one action.
type Done struct {
	At     time.Time `json:"at"`
	Result string    `json:"result"`          // one of those above
	UID    string    `json:"uid,omitempty"`   // of the object since
	State  string    `json:"state,omitempty"` // of the object since
	// what takes it back, by how the object is since; what the action says is by the dry run
	Undo []remedy.Change `json:"undo,omitempty"`
	// the object as it was, of one that is deleted and made anew
	Before map[string]any `json:"before,omitempty"`
}

// Sum is the hash of a plan: of what will be done, and nothing of what has been.
func (p *Plan) Sum() string {
	c := *p
	c.Hash, c.Done = "", nil
	data, err := json.Marshal(&c)
	if err != nil {
		return ""
	}
	return sum(data)
}

func sum(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

// Encode writes a plan as YAML.
func (p *Plan) Encode() ([]byte, error) { return yaml.Marshal(p) }

// MaxSize is how large the file of a plan may be, in bytes.
const MaxSize = 4 << 20

// Decode reads a plan. What is in it and is not part of a plan is an error: it would be approved and not done.
func Decode(data []byte) (*Plan, error) {
	var p Plan
	if len(data) > MaxSize {
		return nil, &message.Error{What: message.Of("plan.long")}
	}
	if err := yaml.UnmarshalStrict(bytes.TrimPrefix(data, []byte("\ufeff")), &p); err != nil {
		return nil, &message.Error{What: message.Of("plan.form", "why", message.Quote(firstLine(err))), Err: err}
	}
	switch kind := strings.TrimSpace(p.APIVersion + " " + p.Kind); {
	case kind == "", kind == APIVersion+" "+Kind && len(p.Actions) == 0:
		return nil, &message.Error{What: message.Of("plan.part")}
	case kind != APIVersion+" "+Kind:
		return nil, &message.Error{What: message.Of("plan.other", "kind", kind)}
	}
	return &p, nil
}

func firstLine(err error) string {
	line, _, _ := bytes.Cut([]byte(err.Error()), []byte("\n"))
	return string(line)
}

// Approved is the error where a plan is not the one that was approved, or its time is over.
func (p *Plan) Approved(hash string, now time.Time) error {
	switch sum := p.Sum(); {
	case hash != sum:
		return &message.Error{What: message.Of("plan.hash"), Todo: message.Of("plan.hash.todo", "hash", sum)}
	case len(p.Done) > 0:
		return &message.Error{What: message.Of("plan.done"), Todo: message.Of("plan.again")}
	case now.After(p.Expires) || p.Expires.Sub(p.Made) > Valid:
		return &message.Error{What: message.Of("plan.expired", "time", p.Expires.UTC().Format("2006-01-02 15:04 UTC")),
			Todo: message.Of("plan.again")}
	case now.Before(p.Made.Add(-Valid)):
		return &message.Error{What: message.Of("plan.future"), Todo: message.Of("plan.again")}
	}
	return nil
}

// Elsewhere is the error where a plan is of another cluster.
func (p *Plan) Elsewhere(here Cluster) error {
	if p.Cluster.UID == here.UID && (p.Cluster.UID != "" || p.Cluster.Server == here.Server) {
		return nil
	}
	return &message.Error{What: message.Of("plan.elsewhere", "server", p.Cluster.Server, "here", here.Server),
		Todo: message.Of("plan.context")}
}

// Does reports whether the actions of a plan are these operations.
func (p *Plan) Does(ops []remedy.Operation) bool {
	if len(ops) != len(p.Actions) {
		return false
	}
	for i := range ops {
		a, errA := json.Marshal(ops[i])
		b, errB := json.Marshal(p.Actions[i].Operation)
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			return false
		}
	}
	return true
}
