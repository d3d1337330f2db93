package pasted

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

func text(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func pods(out Text) (pods []*corev1.Pod, events []*corev1.Event) {
	for _, o := range out.Objects {
		switch o := o.Object.(type) {
		case *corev1.Pod:
			pods = append(pods, o)
		case *corev1.Event:
			events = append(events, o)
		}
	}
	return pods, events
}

// TestDescribedPod reads what kubectl 1.37 printed of a Pod that crashes.
func TestDescribedPod(t *testing.T) {
	out := Parse([]byte(text(t, "crash.txt")), time.Time{})
	ps, events := pods(out)
	if len(ps) != 1 || len(events) != 5 || out.Other != 0 {
		t.Fatalf("%d Pods, %d Events, %d other lines", len(ps), len(events), out.Other)
	}
	p := ps[0]
	s := p.Status.ContainerStatuses[0]
	got := fmt.Sprint(p.Namespace, " ", p.Name, " ", p.Spec.NodeName, " ", p.Status.Phase, " ", s.Name, " ",
		s.RestartCount, " ", s.State.Terminated.ExitCode, " ", s.LastTerminationState.Terminated.Reason, " ",
		p.Spec.Containers[0].Command)
	if want := "start-crashloop app lab-1 Running app 5 7 Error [sh -c echo boom; exit 7]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	// taken up at 08:33:10, which its first Event says to be 3m33s ago
	if want := time.Date(2026, 11, 23, 8, 36, 43, 0, time.UTC); !out.Now.Equal(want) {
		t.Errorf("printed at %v, want %v", out.Now, want)
	}
	e := events[4]
	if e.Reason != "BackOff" || e.Count != 7 || e.InvolvedObject.FieldPath != "spec.containers{app}" ||
		!strings.HasPrefix(e.Message, "Back-off restarting failed container app") ||
		out.Now.Sub(e.LastTimestamp.Time) != 34*time.Second || out.Now.Sub(e.FirstTimestamp.Time) != 211*time.Second {
		t.Errorf("%+v", e)
	}
}

// TestDescribedReferences reads what a Pod takes from elsewhere, and a message of several lines.
func TestDescribedReferences(t *testing.T) {
	ps, _ := pods(Parse([]byte(text(t, "key.txt")), time.Time{}))
	ref := ps[0].Spec.Containers[0].Env[0].ValueFrom.ConfigMapKeyRef
	if ref.Name != "app-config" || ref.Key != "x" || *ref.Optional {
		t.Errorf("%+v", ref)
	}
	if p := ps[0].Spec.Volumes[0].Projected; len(p.Sources) != 3 || p.Sources[1].ConfigMap.Name != "kube-root-ca.crt" {
		t.Errorf("%+v", p)
	}
	_, events := pods(Parse([]byte(text(t, "nfs.txt")), time.Time{}))
	last := events[len(events)-1]
	if !strings.Contains(last.Message, "exit status 32 Mounting command: mount") ||
		!strings.HasSuffix(last.Message, "or start statd.") {
		t.Errorf("%s", last.Message)
	}
}

// TestPastedAnyhow pastes a description through what people paste through: it is the same.
func TestPastedAnyhow(t *testing.T) {
	plain := text(t, "crash.txt")
	want := Parse([]byte(plain), time.Time{})
	number := 0
	for name, pasted := range map[string]string{
		"Windows":  strings.ReplaceAll(plain, "\n", "\r\n"),
		"Markdown": "```\n" + plain + "```\n",
		"prompt":   "user@host:~$ kubectl -n x describe pod app\n" + plain,
		"quoted":   "> " + strings.ReplaceAll(strings.TrimSpace(plain), "\n", "\n> ") + "\n",
		"indented": "    " + strings.ReplaceAll(strings.TrimSpace(plain), "\n", "\n    ") + "\n",
		"numbered": regexp.MustCompile(`(?m)^`).ReplaceAllStringFunc(strings.TrimSpace(plain), func(string) string {
			number++
			return fmt.Sprintf("%4d  ", number)
		}),
		"coloured": strings.ReplaceAll(plain, "Warning", "\x1b[31mWarning\x1b[0m"),
		"tabs":     strings.ReplaceAll(plain, "Name:             ", "Name:\t\t  "),
	} {
		got := Parse([]byte(pasted), time.Time{})
		for i := range got.Objects {
			got.Objects[i].Line = want.Objects[min(i, len(want.Objects)-1)].Line
		}
		if diff := cmp.Diff(want.Objects, got.Objects); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	twice := Parse([]byte(plain+"\n\n"+strings.ReplaceAll(plain, "app", "web")), time.Time{})
	if ps, _ := pods(twice); len(ps) != 2 || ps[1].Name != "web" {
		t.Errorf("two in a row: %d", len(ps))
	}
}

const eventTable = `NAMESPACE   LAST SEEN            TYPE      REASON        OBJECT        MESSAGE
shop        5s (x13 over 2m31s)  Warning   FailedMount   pod/web-1     MountVolume.SetUp failed for volume "v" : secret "s" not found
shop        2m                   Normal    Scheduled     pod/web-1     Successfully assigned shop/web-1 to n1
`

const podTable = `NAME    READY   STATUS             RESTARTS      AGE     IP           NODE   NOMINATED NODE   READINESS GATES
web-1   0/1     ImagePullBackOff   0             4m10s   10.244.0.1   n1     <none>           <none>
web-2   1/1     Running            3 (2m ago)    2d      10.244.0.2   n2     <none>           <none>
`

// TestWrapped reads tables that a mail program wrapped: what they say is the same.
func TestWrapped(t *testing.T) {
	saved := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct{ table, wrapped string }{
		{`LAST SEEN   TYPE      REASON        OBJECT      MESSAGE
12s         Warning   FailedMount   pod/web-1   MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found
2m          Normal    Scheduled     pod/web-1   Successfully assigned shop/web-1 to n1
`, `LAST SEEN   TYPE      REASON        OBJECT      MESSAGE
12s         Warning   FailedMount   pod/web-1
MountVolume.SetUp failed for volume "tls" : secret "api-tls" not
found
2m          Normal    Scheduled     pod/web-1
Successfully assigned shop/web-1 to n1
`},
		{podTable, `NAME    READY   STATUS             RESTARTS      AGE     IP
NODE   NOMINATED NODE   READINESS GATES
web-1   0/1     ImagePullBackOff   0             4m10s   10.244.0.1
n1     <none>           <none>
web-2   1/1     Running            3 (2m ago)    2d      10.244.0.2
n2     <none>           <none>
`},
	} {
		want, got := Parse([]byte(c.table), saved), Parse([]byte(c.wrapped), saved)
		for _, text := range []*Text{&want, &got} {
			for i := range text.Objects {
				text.Objects[i].Line = 0
				if e, ok := text.Objects[i].Object.(*corev1.Event); ok {
					e.Name = ""
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("whole (-) and wrapped (+) differ:\n%s", diff)
		}
	}
}

// TestTables reads tables of Events and Pods.
func TestTables(t *testing.T) {
	saved := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	_, events := pods(Parse([]byte(eventTable), saved))
	if len(events) != 2 || events[0].Count != 13 || events[0].InvolvedObject.Kind != "Pod" ||
		events[0].InvolvedObject.Namespace != "shop" || events[0].InvolvedObject.Name != "web-1" ||
		!events[0].LastTimestamp.Time.Equal(saved.Add(-5*time.Second)) || events[1].Reason != "Scheduled" {
		t.Errorf("%+v", events)
	}
	ps, _ := pods(Parse([]byte("$ kubectl get pods -o wide\n"+podTable), saved))
	if len(ps) != 2 || ps[0].Status.ContainerStatuses[0].State.Waiting.Reason != "ImagePullBackOff" ||
		ps[0].Spec.NodeName != "n1" || ps[1].Status.Phase != corev1.PodRunning || !ps[1].Status.ContainerStatuses[0].Ready {
		t.Errorf("%+v", ps)
	}
}

// TestAge reads ages as kubectl prints them.
func TestAge(t *testing.T) {
	for text, want := range map[string]time.Duration{"0s": 0, "3m12s": 192 * time.Second, "5d3h": 123 * time.Hour,
		"2y15d": (2*365 + 15) * 24 * time.Hour, "<invalid>": 0} {
		if got, ok := age(text); !ok || got != want {
			t.Errorf("%s: %v %t", text, got, ok)
		}
	}
	for _, text := range []string{"", "x", "5", "s", "5s6", "99999999999999999999s", "-5s"} {
		if got, ok := age(text); ok {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"crash.txt", "nfs.txt", "key.txt"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(eventTable))
	f.Add([]byte(podTable))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, o := range Parse(data, time.Time{}).Objects {
			if o.Object.GetName() == "" || o.Kind == "" {
				t.Errorf("%+v", o)
			}
		}
	})
}

// TestNowWithoutEvents knows when a description was printed only where something in it was seldom long before: that a
// container runs since a second after the others were taken up says nothing of how long those wait.
func TestNowWithoutEvents(t *testing.T) {
	const pod = "Name:  app\nNamespace:  shop\nNode:  n1/10.0.0.1\nStart Time:  Mon, 23 Nov 2026 08:56:53 +0000\n" +
		"Status:  Running\nContainers:\n  app:\n    Image:  a:1\n    State:  "
	running := Parse([]byte(pod+"Running\n      Started:  Mon, 23 Nov 2026 08:56:54 +0000\n"), time.Time{})
	if len(running.Objects) != 1 || !running.Now.IsZero() {
		t.Errorf("printed at %v", running.Now)
	}
	ended := Parse([]byte(pod+"Waiting\n      Reason:  CrashLoopBackOff\n    Last State:  Terminated\n"+
		"      Exit Code:  1\n      Finished:  Mon, 23 Nov 2026 09:10:00 +0000\n"), time.Time{})
	if want := time.Date(2026, 11, 23, 9, 10, 0, 0, time.UTC); !ended.Now.Equal(want) {
		t.Errorf("printed at %v, want %v", ended.Now, want)
	}
}
