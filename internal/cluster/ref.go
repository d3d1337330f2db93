package cluster

import "strings"

// A Ref names one object, or what is no object of the API: an Image, a Registry, a Container. It is comparable, so it can key a map.
type Ref struct {
	Kind      string `json:"kind"`                // as in a manifest
	Namespace string `json:"namespace,omitempty"` // none for what is not in a namespace
	Name      string `json:"name"`                // of the object
}

// String is the form that people read: "Secret shop/api-tls", "Node n1".
func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + " " + r.Name
	}
	return r.Kind + " " + r.Namespace + "/" + r.Name
}

// Compare orders Refs by kind, namespace and name.
func (r Ref) Compare(o Ref) int {
	if c := strings.Compare(r.Kind, o.Kind); c != 0 {
		return c
	}
	if c := strings.Compare(r.Namespace, o.Namespace); c != 0 {
		return c
	}
	return strings.Compare(r.Name, o.Name)
}

// Presence is the answer to "is this object there?".
//
// Unknown is a real answer: a dump may not hold the kind, or access may be denied.
// A cause may be reported on Absent, never on Unknown.
type Presence int

// The three answers.
const (
	Unknown Presence = iota
	Absent
	Present
)

func (p Presence) String() string { return [...]string{"unknown", "absent", "present"}[p] }

// A Gap is something that could not be read, so that nothing can be said about it.
type Gap struct {
	What  string `json:"what"`            // "Secrets in namespace shop", "pods.yaml:17"
	Why   string `json:"why"`             // the error, as it was told
	Needs string `json:"needs,omitempty"` // what would close the gap: a permission, a file
}
