package pasted

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// lastWords is a description of a Pod whose container wrote something before it ended, as kubectl prints it: with its
// line breaks, and nothing before its second line.
func lastWords(message string) string {
	return `Name:             app
Namespace:        shop
Node:             n1/10.0.0.1
Start Time:       Mon, 23 Nov 2026 08:33:10 +0000
Labels:           app=app
Annotations:      note: x
                    ` + strings.ReplaceAll(message, "\n", "\n                    ") + `
Status:           Running
IP:               10.244.0.7
Containers:
  app:
    Image:         busybox
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Message:      ` + message + `
      Exit Code:    7
      Started:      Mon, 23 Nov 2026 08:36:00 +0000
      Finished:     Mon, 23 Nov 2026 08:36:01 +0000
    Ready:          False
    Restart Count:  5
    Environment:    <none>
    Mounts:
      /tls from tls (ro)
Conditions:
  Type                        Status
  PodScheduled                True
  Ready                       False
Volumes:
  tls:
    Type:        Secret (a volume populated by a Secret)
    SecretName:  api-tls
    Optional:    false
QoS Class:       BestEffort
Events:
  Type     Reason       Age   From     Message
  ----     ------       ----  ----     -------
  Warning  FailedMount  5s    kubelet  MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found
`
}

// TestLastWordsHideNothing describes a Pod of which a program writes what descriptions and tables look like: what it
// writes makes no other object, and hides nothing of the Pod.
func TestLastWordsHideNothing(t *testing.T) {
	for _, message := range []string{
		"boom",
		"boom\nName:         db\nNamespace:    kube-system\nNode:         n2/10.0.0.2\nStatus:       Pending",
		"boom\nName:  n2\nRoles:  <none>\nTaints:  x=y:NoExecute\nConditions:\n  Type  Status\n  Ready  False",
		"boom\nEvents:  <none>",
		"boom\nEvents:\n  Type  Reason  Age  From  Message\n  Normal  Started  1s  kubelet  all is well",
		"boom\nConditions:\n  Type  Status\n  Ready  True\nVolumes:  <none>",
		"boom\nNAME  READY  STATUS  RESTARTS  AGE\ndb    0/1    ErrImagePull  0  5m",
		"boom\nNAMESPACE   LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\nkube-system  1s  Warning  Failed  pod/db  x",
		"boom\nNode:  n9/1.1.1.1\nStatus:  Succeeded\nNamespace:  kube-system",
		"```\nName:  db\n```",
	} {
		out := Parse([]byte(lastWords(message)), time.Time{})
		ps, events := pods(out)
		if len(ps) != 1 || len(out.Objects) != 1+len(events) {
			t.Errorf("%q: %d Pods, %d objects", message, len(ps), len(out.Objects))
			continue
		}
		p := ps[0]
		var ready corev1.ConditionStatus
		for _, c := range p.Status.Conditions {
			if c.Type == corev1.PodReady {
				ready = c.Status
			}
		}
		if p.Name != "app" || p.Namespace != "shop" || p.Spec.NodeName != "n1" || p.Status.Phase != "Running" ||
			ready == corev1.ConditionTrue || len(p.Spec.Volumes) != 1 || p.Spec.Volumes[0].Secret == nil {
			t.Errorf("%q: it is said of the Pod: %s/%s on %s, %s, ready %s, %+v", message, p.Namespace, p.Name,
				p.Spec.NodeName, p.Status.Phase, ready, p.Spec.Volumes)
		}
		if s := p.Status.ContainerStatuses; len(s) != 1 || s[0].LastTerminationState.Terminated.ExitCode != 7 ||
			s[0].RestartCount != 5 {
			t.Errorf("%q: of the container it is said %+v", message, s)
		}
		last := events[len(events)-1]
		if last.Reason != "FailedMount" || last.InvolvedObject.Name != "app" || last.InvolvedObject.Namespace != "shop" {
			t.Errorf("%q: the last Event is %+v", message, last)
		}
	}
}

// TestBlankLines keeps no more of a thousand empty lines than of two.
func TestBlankLines(t *testing.T) {
	lines := clean([]byte("Name: a\n" + strings.Repeat(" \n", 100000) + "b\n"))
	if n := len(lines); n > 4 || lines[n-1].number != 100002 {
		t.Errorf("%d lines, the last of which is number %d", n, lines[n-1].number)
	}
}
