package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const screen = `1 problem blocks 1 of 1 Pod

1. Container app asks for too much
   Blame      Pod shop/web

   What to do
   1. Ask for less. (interrupts what runs)
      $ kubectl -n shop set resources deployment/web -c app --limits=memory=MEMORY
   2. See what there is.
      $ kubectl -n shop get pods
   3. Talk to
      them.
   4. Make it anew.
      $ cat <<E | kubectl apply -f -
        a: b
        E

2. Another
   What to do
   1. Not this.
      $ false
`

// TestScreenSteps reads the commands that a person sees.
func TestScreenSteps(t *testing.T) {
	var got []string
	for _, s := range screenSteps(screen) {
		got = append(got, s.command)
	}
	want := []string{"kubectl -n shop set resources deployment/web -c app --limits=memory=MEMORY",
		"kubectl -n shop get pods", "", "cat <<E | kubectl apply -f -\na: b\nE"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestAnswer fills what a person knows, and says what is left.
func TestAnswer(t *testing.T) {
	for command, want := range map[string][2]string{
		"set image deployment/web app=REGISTRY/NAME:TAG": {"set image deployment/web app=registry.lab/busybox:1.36", ""},
		"patch -p '{\"memory\":\"MEMORY\"}'":             {"patch -p '{\"memory\":\"1Gi\"}'", ""},
		"delete pod AGENT_POD -n NAMESPACE":              {"delete pod AGENT_POD -n NAMESPACE", "AGENT_POD,NAMESPACE"},
		"get pod web -o yaml":                            {"get pod web -o yaml", ""},
	} {
		got, left := answer(command, map[string]string{"MEMORY": "1Gi"})
		if got != want[0] || strings.Join(left, ",") != want[1] {
			t.Errorf("%s: %s, left %v", command, got, left)
		}
	}
}

// TestOwnedBy puts a Pod into the template of what makes Pods, and leaves the rest.
func TestOwnedBy(t *testing.T) {
	objects := "kind: Secret\nmetadata: {name: s}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec:\n" +
		"  containers: [{name: app, image: x}]"
	for _, kind := range Owners {
		got, ok, err := ownedBy(objects, kind)
		if err != nil || !ok || !strings.Contains(got, "kind: "+kind+"\n") || !strings.Contains(got, "image: x") ||
			!strings.HasPrefix(got, "kind: Secret\n") || strings.Contains(got, "kind: Pod\n") {
			t.Errorf("%s: %t, %v: %s", kind, ok, err, got)
		}
	}
	if _, ok, _ := ownedBy("kind: Deployment", "Job"); ok {
		t.Error("without a Pod there is nothing to put")
	}
	if got, ok, _ := ownedBy(objects, ""); !ok || got != objects {
		t.Error("without a kind all stays as it is")
	}
}
