package live

import (
	"slices"
	"testing"
	"time"

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
		server.forbidden = slices.DeleteFunc(server.forbidden, func(s string) bool { return slices.Contains(r.Resources, s) })
	}
	s, err := collect(t, server, Scope{Namespace: "vol-multiattach"}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Gaps) > 0 {
		t.Errorf("the role is not enough: %v", s.Gaps)
	}
}

func TestRoleOfANamespace(t *testing.T) {
	var role rbacv1.Role
	if err := yaml.UnmarshalStrict([]byte(Role("shop")), &role); err != nil {
		t.Fatal(err)
	}
	if role.Namespace != "shop" || len(role.Rules) != 1 || slices.Contains(role.Rules[0].Resources, "nodes") {
		t.Errorf("a Role in a namespace can allow nothing outside of it: %v", role)
	}
}
