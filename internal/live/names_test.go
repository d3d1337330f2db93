package live

import (
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"sigs.k8s.io/yaml"
)

// what a Pod and an Event name is free text for whoever may create them.
const steering = `
pods:
- metadata: {name: web, namespace: shop, uid: u, creationTimestamp: "2026-01-02T03:00:00Z"}
  spec:
    nodeName: n1
    serviceAccountName: "%2e%2e"
    imagePullSecrets: [{name: ../../kube-system/secrets/admin-token}]
    containers: [{name: app, image: x}]
    volumes: [{name: d, persistentVolumeClaim: {claimName: ../services/http:victim:80/proxy/admin}}]
  status: {phase: Pending, containerStatuses: [{name: app, state: {waiting: {reason: ContainerCreating}}}]}
events:
- metadata: {name: x.1, namespace: shop}
  involvedObject: {kind: ReplicaSet, namespace: shop, name: ../../../../../../api/v1/nodes/n1/proxy/run}
  type: Warning
  reason: FailedCreate
  lastTimestamp: "2026-01-02T03:49:00Z"
  message: 'Error creating: exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2'
`

// TestNamesLeadNowhere makes no request by a name that no object can have, whether a Pod or an Event names it: what
// cannot be there is absent.
func TestNamesLeadNowhere(t *testing.T) {
	s := &server{}
	if err := yaml.Unmarshal([]byte(steering), &s.objects); err != nil {
		t.Fatal(err)
	}
	snap, err := collect(t, s, Scope{Namespace: "shop"}, time.Date(2026, 1, 2, 3, 50, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, asked := range s.asked {
		if strings.Contains(asked, "proxy") || strings.Contains(asked, "secrets") || strings.Contains(asked, "%25") {
			t.Errorf("asked %s", asked)
		}
	}
	for _, ref := range []cluster.Ref{
		{Kind: "ServiceAccount", Namespace: "shop", Name: "%2e%2e"},
		{Kind: "Secret", Namespace: "shop", Name: "../../kube-system/secrets/admin-token"},
		{Kind: "PersistentVolumeClaim", Namespace: "shop", Name: "../services/http:victim:80/proxy/admin"},
		{Kind: "ReplicaSet", Namespace: "shop", Name: "../../../../../../api/v1/nodes/n1/proxy/run"},
	} {
		if !snap.Absent(ref) {
			t.Errorf("%s is not known to be absent", ref)
		}
	}
}
