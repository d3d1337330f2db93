package live

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"
)

// TestRoleAllowsWhatIsAsked holds the role against what the collection of the recording with the most kinds asks for.
func TestRoleAllowsWhatIsAsked(t *testing.T) {
	var role rbacv1.ClusterRole
	if err := yaml.UnmarshalStrict([]byte(Role("")), &role); err != nil {
		t.Fatal(err)
	}
	server := record(t, recordings+"vol-multiattach")
	for resource := range server.objects {
		server.forbidden = append(server.forbidden, resource)
	}
	for _, r := range role.Rules {
		server.forbidden = slices.DeleteFunc(server.forbidden, func(s string) bool {
			return slices.Contains(r.Resources,
				s)
		})
	}
	s, err := collect(t, server, Scope{Namespace: "vol-multiattach"}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Gaps) > 0 {
		t.Errorf("the role is not enough: %v", s.Gaps)
	}
}

// TestRoleAllowsToFollow holds the role against what Follow asks for.
func TestRoleAllowsToFollow(t *testing.T) {
	var role rbacv1.ClusterRole
	if err := yaml.UnmarshalStrict([]byte(Role("")), &role); err != nil {
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
