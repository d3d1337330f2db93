package cli

import (
	"strings"
	"testing"
)

// TestNoPodsInNamespace says of which namespace it is that it has no Pods, and of one that is being deleted since when
// and what holds it. Source of the words: the namespace controller of kube-controller-manager.
func TestNoPodsInNamespace(t *testing.T) {
	const going = `apiVersion: v1
kind: Namespace
metadata: {name: shop, uid: n, creationTimestamp: "2026-01-01T00:00:00Z", deletionTimestamp: "2026-01-02T03:00:00Z"}
status:
  phase: Terminating
  conditions:
  - {type: NamespaceDeletionContentFailure, status: "False", reason: ContentDeleted, message: All content successfully
      deleted}
  - {type: NamespaceFinalizersRemaining, status: "True", reason: SomeFinalizersRemain,
      message: "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"}
`
	for _, c := range []struct {
		dump string
		says []string
	}{
		{strings.NewReplacer("deletionTimestamp", "x", "status:", "y:").Replace(going),
			[]string{"No Pods in namespace shop\n"}},
		{going, []string{"No Pods in namespace shop, which is being deleted; since 2026-01-02", "example.com/hold",
			"kubectl -n shop get --show-kind"}},
	} {
		got := command(nil, c.dump, nil, "-f", "-", "-n", "shop", "--lang", "en")
		for _, says := range c.says {
			if !strings.Contains(got.out, says) || got.code != ExitFine || strings.Contains(got.out, "successfully") {
				t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
			}
		}
		if zh := command(nil, c.dump, nil, "-f", "-", "-n", "shop", "--lang", "zh"); !strings.Contains(zh.out,
			"命名空间 shop 里没有 Pod") {
			t.Errorf("%s", zh.out)
		}
	}
}
