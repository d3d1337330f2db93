package cli

import (
	"strings"
	"testing"
)

// TestLeftovers reads parts of what kubectl prints: Events whose table has neither times nor namespaces, the status of
// a Pod without the Pod, nodes without Pods, what kubectl apply was told.
func TestLeftovers(t *testing.T) {
	const custom = "T         N        R           SRC       RC                  F                      O     M\n" +
		"Normal    <none>   Scheduled   <none>    default-scheduler   <none>                 app   Successfully assigned " +
		"shop/app to n1\n"
	const status = "conditions:\n- {type: Ready, status: \"False\"}\ncontainerStatuses:\n- name: app\n  ready: false\n" +
		"  state:\n    waiting:\n      reason: ImagePullBackOff\n      message: Back-off pulling image \"r.io/a:1\"\n" +
		"phase: Pending\n"
	for name, c := range map[string]struct {
		text, says string
		code       int
	}{
		"a key that is missing": {custom +
			"Normal    13       Pulled      kubelet   kubelet             spec.containers{app}   app   Container image " +
			"\"r.io/a:1\" already present on machine\n" +
			"Warning   13       Failed      kubelet   kubelet             spec.containers{app}   app   Error: couldn't " +
			"find key x in ConfigMap shop/app-config\n", "Blame ConfigMap shop/app-config", ExitStuck},
		"a kubelet that refuses": {custom + "Warning   1        SysctlForbidden   kubelet   kubelet   <none>   app   " +
			"forbidden sysctl: \"net.core.somaxconn\" not allowlisted\n", "Node n1 does not allow sysctl", ExitStuck},
		"a start behind the failure": {custom +
			"Warning   1        Failed      kubelet   kubelet             spec.containers{app}   app   Error: ErrImagePull\n" +
			"Normal    1        Started     kubelet   kubelet             spec.containers{app}   app   Container started\n",
			"No Pods were found", ExitFine},
		"a table of one namespace": {"LAST SEEN   TYPE      REASON        OBJECT    MESSAGE\n" +
			"9s          Normal    Scheduled     pod/web   Successfully assigned shop/web to n1\n" +
			"5s          Warning   FailedMount   pod/web   MountVolume.SetUp failed for volume \"v\" : secret \"tls\" not " +
			"found\n", "Blame Secret shop/tls", ExitStuck},
		"a status":               {status, "Status ImagePullBackOff", ExitStuck},
		"a status below its key": {"status:\n  " + strings.ReplaceAll(status, "\n", "\n  "), "ImagePullBackOff", ExitStuck},
		"a status in JSON": {`{"containerStatuses":[{"name":"app","ready":false,"state":{"waiting":{"reason":` +
			`"CreateContainerConfigError","message":"secret \"db\" not found"}}}],"phase":"Pending"}`,
			"Secret db does not exist", ExitStuck},
		"nodes alone": {"NAME   STATUS     ROLES    AGE   VERSION\nn1     NotReady   <none>   10d   v1.34.1\n",
			"nodes that are not ready: n1; nothing in - tells of Pods", ExitFailed},
		"what the API server refuses": {"Error from server (Forbidden): error when creating \"pod.yaml\": pods \"x-1\" is " +
			"forbidden: exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5\n",
			"ResourceQuota q has no room", ExitStuck},
	} {
		t.Run(name, func(t *testing.T) {
			got := command(nil, c.text, nil, "-f", "-")
			text := strings.Join(strings.Fields(got.out+got.err), " ")
			if got.code != c.code || !strings.Contains(text, c.says) {
				t.Errorf("exit %d, want %d; %q is not in\n%s%s", got.code, c.code, c.says, got.out, got.err)
			}
		})
	}
}
