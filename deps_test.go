package stuck_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// heavy are the packages that the programs do without, by the start of their path. What one of them costs was
// measured in the stripped kubectl-stuck for Linux on amd64, which has 25 MB; `make size` holds it under 25 MiB.
var heavy = []struct {
	path     string
	programs []string
	why      string
}{
	{"k8s.io/cli-runtime", both,
		"kustomize, OpenAPI and 56 API groups for a dozen flags: 12 MB, and 34 MB where cgo is there (see plugin)"},
	{"sigs.k8s.io/kustomize", both, "nothing here builds manifests"},
	{"plugin", both, "with it the linker keeps every exported method of every type: 22 MB"},
	{"k8s.io/client-go/kubernetes", both,
		"a clientset of all kinds is two thirds of a program that reads a dozen of them"},
	{"k8s.io/client-go/informers", both, "the same, and a cache of whole objects"},
	{"k8s.io/client-go/discovery", both, "the kinds are known, and OpenAPI comes along"},
	{"k8s.io/client-go/applyconfigurations", both, "generated for every kind, used by none"},
	{"k8s.io/kubectl", both, "all of kubectl, for what a line of code does"},
	{"github.com/google/gnostic-models", both, "OpenAPI's documents as protobuf: megabytes of descriptors"},
	{"github.com/modelcontextprotocol/go-sdk", both, "kubectl-stuck-mcp is a program of its own for it"},
	{"html/template", []string{"kubectl-stuck"}, "it calls methods by name, so that the linker keeps them all"},
	{"google.golang.org/grpc", []string{"kubectl-stuck"}, "only the agent talks to a container runtime"},
	{"google.golang.org/protobuf/reflect", []string{"kubectl-stuck"}, "Kubernetes' own types encode themselves"},
	{"github.com/kubestuck/stuck/internal/node", []string{"kubectl-stuck"},
		"only the agent reads the node that it runs on"},
	{"golang.org/x/net/trace", []string{"stuck-agent"},
		"it brings html/template: 6 MB; build with -tags grpcnotrace,nethttpomithttp2, as make and release do"},
}

var both = []string{"kubectl-stuck", "stuck-agent"}

// TestLight holds what the programs are made of against what is known to be heavy.
func TestLight(t *testing.T) {
	for _, program := range both {
		out, err := exec.Command("go", "list", "-deps", "-tags", "grpcnotrace,nethttpomithttp2", "./cmd/"+program).Output()
		if err != nil {
			t.Fatal(err)
		}
		deps := strings.Fields(string(out))
		if !slices.Contains(deps, "github.com/kubestuck/stuck/cmd/"+program) {
			t.Fatalf("%s is not among its own packages", program)
		}
		for _, h := range heavy {
			if !slices.Contains(h.programs, program) {
				continue
			}
			for _, d := range deps {
				if d == h.path || strings.HasPrefix(d, h.path+"/") {
					t.Errorf("%s is made of %s: %s\n\tgo mod why %s says how it came in", program, d, h.why, d)
				}
			}
		}
	}
}
