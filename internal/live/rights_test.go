package live

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// TestRoleAllowsWhatIsAsked holds the role against what the collections of all recordings ask for, whether the server
// has it or not.
func TestRoleAllowsWhatIsAsked(t *testing.T) {
	var role rbacv1.ClusterRole
	if err := yaml.UnmarshalStrict([]byte(Role("")+SecretRule), &role); err != nil {
		t.Fatal(err)
	}
	var allowed []string
	for _, r := range role.Rules {
		if slices.Contains(r.Verbs, "get") && slices.Contains(r.Verbs, "list") {
			allowed = append(allowed, r.Resources...)
		}
	}
	if all := slices.Sorted(slices.Values(allowed)); len(slices.Compact(slices.Clone(all))) < len(all) {
		t.Errorf("the role names a resource twice: %v", all)
	}
	recorded, err := os.ReadDir(recordings)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range recorded {
		if !d.IsDir() {
			continue
		}
		server := record(t, recordings+d.Name())
		for _, scope := range []Scope{{}, {Namespace: d.Name()}, {Namespace: d.Name(), Name: "app"}} {
			server.asked = nil
			if _, err := collect(t, server, scope, time.Time{}); err != nil && scope.Name == "" {
				t.Error(err)
			}
			for _, asked := range server.asked {
				if r := resourceOf(asked); r != "" && !slices.Contains(allowed, r) {
					t.Errorf("%s: the role does not allow %s", d.Name(), asked)
				}
			}
		}
	}
}

// resourceOf is which resource a request asks for; "" for what everyone may ask.
func resourceOf(uri string) string {
	m := regexp.MustCompile(`^/(?:api|apis/[^/]+)/[^/]+/(?:namespaces/[^/]+/)?([a-z]+)(?:[/?]|$)`).FindStringSubmatch(uri)
	if m == nil {
		return ""
	}
	return m[1]
}

// TestRoleAllowsToFollow holds the role against what Follow asks for.
func TestRoleAllowsToFollow(t *testing.T) {
	var role rbacv1.ClusterRole
	if err := yaml.UnmarshalStrict([]byte(Role("")+SecretRule), &role); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet"} {
		synctest.Test(t, func(t *testing.T) {
			f, c := serve(t)
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			f.Put(waitingPod("web"))
			scope := Scope{Namespace: "shop", Owner: cluster.Ref{Kind: kind, Namespace: "shop", Name: "web"}}
			Follow(ctx, c, scope, Options{Workload: true}, func(*cluster.Snapshot) error { return nil })
			if len(f.Asked()) < 6 {
				t.Errorf("it asked for %v only", f.Asked())
			}
			for _, asked := range f.Asked() {
				verb, resource, _ := strings.Cut(asked, " ")
				if !slices.ContainsFunc(role.Rules, func(r rbacv1.PolicyRule) bool {
					return slices.Contains(r.Verbs, verb) && slices.Contains(r.Resources, resource)
				}) {
					t.Errorf("the role does not allow to %s", asked)
				}
			}
		})
	}
}

// TestRoleAllowsToFindWhatIsWanted holds the role against what a workload without Pods makes it ask for.
func TestRoleAllowsToFindWhatIsWanted(t *testing.T) {
	role := Role("") + SecretRule
	d, r, q := refusedWorkload()
	f, c := serve(t)
	for _, o := range []metav1.Object{d, r, q} {
		f.Put(o)
	}
	if _, err := Collect(t.Context(), c, Scope{Namespace: "shop"}, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, asked := range f.Asked() {
		_, resource, _ := strings.Cut(asked, " ")
		if !regexp.MustCompile(`[\[ ]` + resource + `[,\]]`).MatchString(role) {
			t.Errorf("the role does not allow to %s", asked)
		}
	}
}

// TestRoleIsTheLeast holds that no right to values, or to the whole kubelet, is given where it was not asked for.
func TestRoleIsTheLeast(t *testing.T) {
	for _, namespace := range []string{"", "shop"} {
		if m := regexp.MustCompile(`\b(?:secrets|configmaps|nodes/\w+|pods/exec|\*)\b`).FindString(Role(namespace)); m != "" {
			t.Errorf("a role for %q gives %s", namespace, m)
		}
	}
}

func TestRoleOfANamespace(t *testing.T) {
	var role rbacv1.Role
	if err := yaml.UnmarshalStrict([]byte(Role("shop")), &role); err != nil {
		t.Fatal(err)
	}
	for _, r := range role.Rules {
		if role.Namespace != "shop" || slices.Contains(r.Resources, "nodes") {
			t.Errorf("a Role in a namespace can allow nothing outside of it: %v", role)
		}
	}
}
