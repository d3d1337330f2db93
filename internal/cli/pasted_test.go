package cli

import (
	"strings"
	"testing"
)

// TestWhatPeoplePaste reads what people send of a cluster that they cannot give access to: the message of an Event
// alone, rows of a table that grep has left, a description without a time in it, tables of several kinds in one.
func TestWhatPeoplePaste(t *testing.T) {
	for name, c := range map[string]struct {
		text, says string
		code       int
	}{
		"a message": {`MountVolume.SetUp failed for volume "x" : configmap "app-config" not found`,
			"ConfigMap app-config does not exist", ExitStuck},
		"a message in quotes": {`> "Failed to pull image "foo:1": rpc error: code = NotFound desc = failed to pull and ` +
			`unpack image "docker.io/library/foo:1": not found"`, "1. Image foo:1 is not in the registry", ExitStuck},
		"the scheduler's": {"0/3 nodes are available: 3 Insufficient cpu.", "No node has cpu free", ExitStuck},
		"the API server's": {`pods "web-5d-" is forbidden: exceeded quota: q, requested: pods=1, used: ` +
			`pods=5, limited: pods=5`,
			"ResourceQuota q has no room for the Pods of replicaset/web-5d", ExitStuck},
		"a probe's": {"Readiness probe failed: HTTP probe failed with statuscode: 500",
			"answers with an error (HTTP probe failed with", ExitStuck},
		"a probe's, among Events": {"Events:\n  Type  Reason  Age  From  Message\n  ----  ------  ----  ----  -------\n" +
			"  Normal   Started    10m                  kubelet, n1  Started container\n" +
			"  Warning  Unhealthy  42s (x299 over 10m)  kubelet, n1  Startup probe failed: Get " +
			"\"http://10.42.0.20:9902/ready\": " +
			"dial tcp 10.42.0.20:9902: connect: connection refused\n", "nothing listens on port 9902", ExitStuck},
		"an attach that has worked since": {"Warning  FailedAttachVolume  99s  attachdetach-controller  " +
			"AttachVolume.Attach " +
			"failed for volume \"pvc-1\" : rpc error: code = DeadlineExceeded desc = context deadline exceeded\n" +
			"Normal  SuccessfulAttachVolume  83s  attachdetach-controller  AttachVolume.Attach succeeded for " +
			"volume \"pvc-1\"\n",
			"No Pods were found", ExitFine},
		"rows without their head": {"web-7d4b9-x1   0/1   ImagePullBackOff   0             5m\n" +
			"shop  db-0     1/1   Running            3 (20h ago)   2d   10.1.0.7   n1   <none>   <none>\n",
			"Pods default/web-7d4b9-x1 Status ImagePullBackOff", ExitStuck},
		"kinds before names": {"NAME        READY   STATUS              RESTARTS   AGE\n" +
			"pod/mypod   0/1     ContainerCreating   0          3m\n\n" +
			"LAST SEEN   TYPE      REASON        OBJECT      MESSAGE\n" +
			"5s          Warning   FailedMount   pod/mypod   MountVolume.SetUp failed for volume \"v\" : secret " +
			"\"tls\" not found\n",
			"Pods       default/mypod", ExitStuck},
		"a description without a time": {"Name:           web-5d\nNamespace:      shop\nReplicas:       0 " +
			"current / 1 desired\n" +
			"Pods Status:    0 Running / 0 Waiting / 0 Succeeded / 0 Failed\nEvents:\n" +
			"  Type     Reason        Age                 From                   Message\n" +
			"  ----     ------        ----                ----                   -------\n" +
			"  Warning  FailedCreate  15m (x20 over 54m)  replicaset-controller  Error creating: pods " +
			"\"web-5d-\" is forbidden: " +
			"exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5\n",
			"ResourceQuota q has no room for the Pods of replicaset/web-5d", ExitStuck},
		"a log without its times": {" kubelet[111106]: F0812 16:26:52.166979  111106 server.go:269] failed to " +
			"run Kubelet: " +
			"inotify_init: too many open files\n", "has run out of file handles", ExitStuck},
		"a log, commented out": {"# Aug 12 16:26:52 n1 kubelet[11]: F0812 16:26:52.166979  11 server.go:269] " +
			"failed to run " +
			"Kubelet: inotify_init: too many open files\n", "Node n1 has run out of file handles", ExitStuck},
		"a terminal, with its prompts": {"ann@desk:~$ kubectl get pods -n shop\n" +
			"NAME     READY   STATUS             RESTARTS   AGE\n" +
			"web-a1   0/1     CrashLoopBackOff   6          15m\n" +
			"ann@desk:~$ date\nSun 03 Sep 2023 02:31:35 PM -03\nann@desk:~$\n",
			"1 problem blocks 1 of 1 Pod", ExitStuck},
		"a namespace that the command tells, and no container": {"$ kubectl -nshop get po\n" +
			"NAME     READY   STATUS   RESTARTS   AGE\nweb-a1   0/1     Error    6          15m\n",
			"$ kubectl -n shop logs web-a1 --tail=50", ExitStuck},
		"a Job that has failed is no crash": {"NAME     READY   STATUS   RESTARTS   AGE\n" +
			"web-a1   1/1     Running  0          15d\nseed-a1  0/1     Error    0          15d\n",
			"Nothing is stuck", ExitFine},
		"a table beside a description": {"NAME     READY   STATUS              RESTARTS   AGE\n" +
			"web-a1   0/1     ContainerCreating   0          5m\n\n" +
			"Name:         web-a1\nNamespace:    shop\nNode:         n1/10.0.0.1\nStatus:       Pending\n" +
			"Containers:\n  app:\n    State:          Waiting\n      Reason:       ContainerCreating\n" +
			"    Ready:          False\nEvents:\n" +
			"  Type     Reason       Age                   From     Message\n" +
			"  ----     ------       ----                  ----     -------\n" +
			"  Warning  FailedMount  28s (x9 over 2m36s)   kubelet  MountVolume.SetUp failed for volume \"c\" : " +
			"configmap \"x\" not found\n",
			"1 problem blocks 1 of 1 Pod", ExitStuck},
		"something else": {"hello world\n", "", ExitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			got := command(nil, c.text, nil, "-f", "-")
			if got.code != c.code || !strings.Contains(strings.Join(strings.Fields(got.out), " "),
				strings.Join(strings.Fields(c.says), " ")) {
				t.Errorf("exit %d, want %d; %q is not in\n%s%s", got.code, c.code, c.says, got.out, got.err)
			}
		})
	}
}
