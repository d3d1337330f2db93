package dump

import (
	"regexp"
	"strings"
	"testing"

	"github.com/kubestuck/stuck/internal/cluster"
)

// A line of these files that is evidence says so in a comment: # is: PATH of Ref{Kind: Pod, Name: x}.
var isPath = regexp.MustCompile(`# is: (\S+) (\S+)$`)

var located = map[string]string{
	"documents.yaml": `
# a comment before all
apiVersion: v1
kind: Pod
metadata:
  name: a # is: a metadata.name
  labels:
    app.kubernetes.io/name: x # is: a metadata.labels.app.kubernetes.io/name
spec:
  containers:
  - name: first # is: a spec.containers[0]
    command:
    - sh # is: a spec.containers[0].command[0]
    - |-
      not a --- document
      - not an item
    image: x # is: a spec.containers[0].image
  -
    name: second # is: a spec.containers[1].name
    "image": y # is: a spec.containers[1].image
status:
  containerStatuses:
  - state: {waiting: {reason: x, # is: a status.containerStatuses[0].state.waiting.reason
      'message': y, # is: a status.containerStatuses[0].state.waiting.message
      }}
--- # the next
kind: Pod
metadata:
  annotations:
    note: >
      folded: text
      name: z
    a.b: x # is: b metadata.annotations[a.b]
    a: x # is: b metadata.annotations["a"]
  name: b # is: b metadata.name
status: # is: b status.message
  phase: Pending # is: b status.phase
--- {kind: Pod,
  metadata: {name: c}, # is: c metadata.name
  "status": { # is: c status.reason
    "message": "two
    lines", "phase": x, # is: c status.phase
  }}
`,
	"list.yaml": `apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: d # is: d metadata.name

# between items
- kind: Pod # is: e spec.nodeName
  metadata: {name: e} # is: e metadata
  status:
    conditions:
    - type: Ready
      message: x # is: e status.conditions[0].message
      # a comment in between
    - type: Other
      message: y # is: e status.conditions[1].message
    - type: Last # is: e status.conditions[2].message
kind: List
`,
	"flow.yaml": `{kind: List, items: [
  {kind: Pod, metadata: {name: f}, # is: f metadata.name
   status: {message: x}}, # is: f status.message
  {kind: Pod, metadata: {
     name: g}}, # is: g metadata.name
]}
`,
	"whole.yaml": `items:
- kind: Pod
  metadata: &m
    name: h # is: h metadata.name
    namespace: x
- kind: Pod
  metadata:
    <<: *m
    name: i # is: i metadata.name
    namespace: ""
  status: &s {message: "a
- b"}
  spec: # is: i spec.containers
    nodeName: n # is: i spec.nodeName
- {kind: Pod, metadata: {name: j}, # is: j metadata.name
   status: *s} # is: j status.message
kind: List
`,
	"event.yaml": `apiVersion: events.k8s.io/v1
kind: Event
metadata: {name: k}
note: it broke # is: k message
regarding:
  kind: Pod
  name: x # is: k involvedObject.name
deprecatedCount: 3 # is: k count
`,
}

func TestLocate(t *testing.T) {
	for file, text := range located {
		for _, ends := range []string{"\n", "\r\n"} {
			s := mustRead(t, map[string]string{file: strings.ReplaceAll(text, "\n", ends)})
			expect(t, "gaps of "+file, gaps(s), []string{})
			for i, line := range strings.Split(text, "\n") {
				m := isPath.FindStringSubmatch(line)
				if m == nil {
					continue
				}
				ref := cluster.Ref{Kind: "Pod", Name: m[1]}
				switch {
				case file == "event.yaml":
					ref.Kind = "Event"
				case m[1] == "h":
					ref.Namespace = "x"
				}
				if got := s.Locate(cluster.Sign{Ref: ref, Path: m[2]}); got.File != file || got.Line != i+1 {
					t.Errorf("%s %s is at %s:%d, want %s:%d", ref, m[2], got.File, got.Line, file, i+1)
				}
			}
		}
	}
}

func TestLocateInJSONIsTheFile(t *testing.T) {
	s := mustRead(t, map[string]string{"x.json": "\n" + podA})
	ref := cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "a"}
	expect(t, "sign", s.Locate(cluster.Sign{Ref: ref, Path: "metadata.name"}),
		cluster.Sign{Ref: ref, Path: "metadata.name", File: "x.json"})
}

func TestLocateLeavesAloneWhatWasNotRead(t *testing.T) {
	sign := cluster.Sign{Ref: cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "nobody"}, Path: "x"}
	expect(t, "sign", mustRead(t, map[string]string{"x.yaml": yamlA}).Locate(sign), sign)
}

func TestLocateOfOddPaths(t *testing.T) {
	s := mustRead(t, map[string]string{"x.yaml": yamlA})
	for _, path := range []string{"", ".", "..", "[", "]", "[0]", "metadata[", "metadata]", "metadata[x]", "metadata[0]",
		"metadata.name.x", "metadata..name", "spec[-1]", "spec[99999999999999999999]"} {
		if got := s.Locate(cluster.Sign{Ref: cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "a"},
			Path: path}); got.Line < 1 || got.Line > 7 {
			t.Errorf("%q is at line %d", path, got.Line)
		}
	}
}
