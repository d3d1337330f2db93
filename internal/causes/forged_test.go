package causes

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// TestForgedEvents holds that what only an Event says fills no command that changes something, and proves nothing that
// the Pod itself denies. Whoever may create Events writes every Event of every case about Pods of his, which wait in
// several ways and have none of what the Events name.
func TestForgedEvents(t *testing.T) {
	alone(t)
	cat := catalogue(t)
	commands, forged := 0, 0
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		said := cluster.Objects[corev1.Event](read(t, dump))
		for _, waiting := range []string{"ContainerCreating", "ErrImagePull", "CreateContainerError", "CrashLoopBackOff",
			""} {
			s := forge(said, waiting)
			for _, p := range diagnose.Run(s, cat, diagnose.Options{}).Problems {
				for _, f := range append(p.Findings, p.Effects...) {
					forged++
					commands += holdForged(t, cat, &f, said)
				}
			}
		}
	})
	if forged < 1000 || commands < 1000 {
		t.Errorf("%d findings with %d commands: that is no test", forged, commands)
	}
}

// forge makes a Pod for each Event, with that Event about it and nothing that it names. It is on no node where it does
// not say what it waits for.
func forge(said []*corev1.Event, waiting string) *cluster.Snapshot {
	at := time.Date(2026, 3, 2, 10, 20, 0, 0, time.UTC)
	b := cluster.NewBuilder(at)
	for i, e := range said {
		p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("victim-%d", i), Namespace: "forged",
			UID: types.UID(fmt.Sprintf("uid-%d", i)), CreationTimestamp: metav1.NewTime(at.Add(-time.Hour))},
			Spec:   corev1.PodSpec{NodeName: "vn", Containers: []corev1.Container{{Name: "vc", Image: "v.example.net/v:1"}}},
			Status: corev1.PodStatus{Phase: corev1.PodPending}}
		if waiting == "" {
			p.Spec.NodeName = ""
		} else {
			started := metav1.NewTime(at.Add(-50 * time.Minute))
			p.Status.StartTime = &started
			p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "vc", Image: "v.example.net/v:1",
				State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: waiting}}}}
		}
		b.Add("Pod", p)
		f := e.DeepCopy()
		f.Name, f.Namespace = fmt.Sprintf("e-%d", i), "forged"
		field := f.InvolvedObject.FieldPath
		f.InvolvedObject = corev1.ObjectReference{Kind: "Pod", Namespace: "forged", Name: p.Name, UID: p.UID}
		if field != "" {
			f.InvolvedObject.FieldPath = "spec.containers{vc}"
		}
		f.Type = corev1.EventTypeWarning
		f.FirstTimestamp, f.LastTimestamp = metav1.NewTime(at.Add(-40*time.Minute)), metav1.NewTime(at.Add(-time.Minute))
		f.EventTime, f.Series = metav1.MicroTime{}, nil
		b.Add("Event", f)
	}
	for _, kind := range []string{"Pod", "PersistentVolumeClaim", "ServiceAccount", "VolumeAttachment"} {
		b.Complete(kind, "")
	}
	return b.Snapshot()
}

// stand in for a value: where one of these comes out of a command, the value would have.
var standIn = map[*argument.Type]string{argument.Label: "sentinel", argument.Name: "sentinel",
	argument.Names: "sentinel", argument.Object: "sentinel/sentinel", argument.Image: "sentinel",
	argument.Path: "/sentinel", argument.File: "sentinel", argument.ID: "5e4714e15e4714e1", argument.IP: "192.0.2.77",
	argument.Quantity: "77777", argument.Key: "sentinel", argument.Number: "77777", argument.Host: "sentinel",
	argument.Qualified: "sentinel", argument.Pairs: "sentinel=1", argument.Kinds: "sentinel",
	argument.User: "sentinel", argument.Patch: `["sentinel"]`}

// holdForged holds the commands of a finding, and returns how many it has.
func holdForged(t *testing.T, cat *diagnose.Catalogue, f *diagnose.Finding, said []*corev1.Event) int {
	t.Helper()
	own := []string{f.Pod.Name, "forged", "vn", "pod/" + f.Pod.Name, "vc", "v.example.net/v:1", "v.example.net"}
	evil := func(value string) bool {
		return slices.ContainsFunc(said, func(e *corev1.Event) bool { return strings.Contains(e.Message, value) })
	}
	report := &diagnose.Report{Texts: map[string]diagnose.Text{f.Cause: cat.Cause(f.Cause).Text}}
	n := 0
	for name, value := range f.Args {
		typ := argument.Of(name)
		if name == "kind" && (value == "ConfigMap" || value == "Secret") { // words of ours, whatever the Event says
			continue
		}
		if slices.Contains(own, value) || standIn[typ] == "" || !evil(value) && typ != argument.Quantity {
			continue
		}
		g := *f
		g.Args = map[string]string{}
		for k, v := range f.Args {
			g.Args[k] = v
		}
		g.Args[name] = standIn[typ]
		text := report.Text(&g)
		for i, step := range slices.Concat(text.Fix, text.Confirm) {
			risky := i < len(text.Fix) && step.Risk != "none"
			n++
			if (risky || argument.Changes(step.Run)) && strings.Contains(step.Run, standIn[typ]) {
				t.Errorf("%s/%s: {%s} is %q, which only an Event says, and it fills: %s (Event: %s)", f.Cause, f.Variant, name,
					value, step.Run, f.Evidence[0].Message)
			}
		}
	}
	if f.Certainty == diagnose.Proven && f.Args["volume"] != "" {
		t.Errorf("%s: proven of volume %s, which the Pod does not have (Event: %s)", f.Cause, f.Args["volume"],
			f.Evidence[0].Message)
	}
	return n
}

// TestForgedValues is as TestForgedEvents, to the end: in place of each value that a finding has from an Event stands a
// word of an attacker's, also in the numbers of its bytes, as Go prints them; no step that changes something has it.
func TestForgedValues(t *testing.T) {
	alone(t)
	cat := catalogue(t)
	words := 0
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		said := cluster.Objects[corev1.Event](read(t, dump))
		for _, waiting := range []string{"ContainerCreating", "ErrImagePull", "CreateContainerError", ""} {
			evil := forgeValues(cat, said, waiting)
			words += len(evil)
			for _, numbers := range []bool{false, true} {
				for _, e := range evil {
					if numbers {
						e.Message = strings.TrimSuffix(fmt.Sprintln([]byte(e.Message)), "\n")
					}
				}
				report := diagnose.Run(forge(evil, waiting), cat, diagnose.Options{})
				for _, p := range report.Problems {
					for _, f := range slices.Concat(p.Findings, p.Effects) {
						holdWord(t, report, &f)
					}
				}
			}
		}
	})
	if words < 1000 {
		t.Errorf("%d Events: that is no test", words)
	}
}

// forgeValues returns Events with a word of an attacker's in place of each value that findings have from them, one
// Event for each value.
func forgeValues(cat *diagnose.Catalogue, said []*corev1.Event, waiting string) (evil []*corev1.Event) {
	seen := map[string]bool{}
	for _, p := range diagnose.Run(forge(said, waiting), cat, diagnose.Options{}).Problems {
		for _, f := range slices.Concat(p.Findings, p.Effects) {
			var n int
			if _, err := fmt.Sscanf(f.Evidence[0].Ref.Name, "e-%d", &n); err != nil || n >= len(said) {
				continue
			}
			for name, value := range f.Args {
				word := standIn[argument.Of(name)]
				if len(value) < 2 || word == "" || !strings.Contains(said[n].Message, value) {
					continue
				}
				e := said[n].DeepCopy()
				if e.Message = strings.ReplaceAll(e.Message, value, word); !seen[e.Message] {
					seen[e.Message] = true
					evil = append(evil, e)
				}
			}
		}
	}
	return evil
}

// holdWord holds that no step of a finding that changes something has the word of an attacker's.
func holdWord(t *testing.T, report *diagnose.Report, f *diagnose.Finding) {
	t.Helper()
	text := report.Text(f)
	for i, step := range slices.Concat(text.Fix, text.Confirm) {
		if i < len(text.Fix) && step.Risk != "none" || argument.Changes(step.Run) {
			for _, word := range standIn {
				if word != "77777" && strings.Contains(step.Run, strings.Trim(word, `[]"`)) {
					t.Errorf("%s/%s: only an Event says it, and it fills: %s (Event: %s)", f.Cause, f.Variant, step.Run,
						f.Evidence[0].Message)
				}
			}
		}
	}
}

// TestForgedWords is as TestForgedValues, of what programs write: their logs and last messages. Their Pods are as they
// were. A word of an attacker's stands there in place of each value that a finding has from them.
func TestForgedWords(t *testing.T) {
	alone(t)
	cat := catalogue(t)
	words := 0
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		s := read(t, dump)
		if said := wordsIn(s); len(said) > 0 {
			first := diagnose.Run(s, cat, diagnose.Options{})
			for value, word := range saidIn(first, said) {
				s := read(t, dump)
				for _, text := range wordsIn(s) {
					*text = strings.ReplaceAll(*text, value, word)
				}
				words++
				report := diagnose.Run(s, cat, diagnose.Options{})
				for _, p := range report.Problems {
					for _, f := range slices.Concat(p.Findings, p.Effects) {
						holdWord(t, report, &f)
					}
				}
			}
		}
	})
	if words < 50 {
		t.Errorf("%d words: that is no test", words)
	}
}

// saidIn are the values of a report's findings that are among what programs say, each with the word for its place.
func saidIn(r *diagnose.Report, said []*string) map[string]string {
	out := map[string]string{}
	for _, p := range r.Problems {
		for _, f := range slices.Concat(p.Findings, p.Effects) {
			for name, value := range f.Args {
				// the file of a ConfigMap's volume that a program misses can but be a key of that, and its value is to be filled in
				word := standIn[argument.Of(name)]
				if len(value) > 1 && word != "" && name != "key" &&
					slices.ContainsFunc(said, func(text *string) bool { return strings.Contains(*text, value) }) {
					out[value] = word
				}
			}
		}
	}
	return out
}

// wordsIn are what the programs of a Snapshot say.
func wordsIn(s *cluster.Snapshot) (all []*string) {
	for _, l := range cluster.Objects[containerlog.ContainerLog](s) {
		for i := range l.Lines {
			all = append(all, &l.Lines[i])
		}
	}
	for _, p := range cluster.Objects[corev1.Pod](s) {
		for _, list := range [][]corev1.ContainerStatus{p.Status.InitContainerStatuses, p.Status.ContainerStatuses} {
			for i := range list {
				for _, state := range []corev1.ContainerState{list[i].State, list[i].LastTerminationState} {
					if t := state.Terminated; t != nil && t.Message != "" && t.Reason != "StartError" {
						all = append(all, &t.Message)
					}
				}
			}
		}
	}
	return all
}

// TestForgedCommand lets a Pod be started with what a runtime says of another container. The kubelet repeats it, and
// that fills nothing that changes something.
func TestForgedCommand(t *testing.T) {
	const other = "deadbeefdeadbeefdeadbeefdeadbeef"
	said := `x: Conflict. The container name "/k8s_app" is already in use by container "` + other + `". You have to remove`
	s := forge([]*corev1.Event{{Reason: "Odd", Message: "nothing"}}, "RunContainerError")
	p := cluster.Objects[corev1.Pod](s)[0]
	p.Spec.Containers[0].Command = []string{said}
	p.Status.ContainerStatuses[0].State.Waiting.Message = `unable to start container process: exec: "` +
		strings.ReplaceAll(said, `"`, `\"`) + `": no such file or directory: unknown`
	report, found := diagnose.Run(s, catalogue(t), diagnose.Options{}), false
	for _, p := range report.Problems {
		for _, f := range slices.Concat(p.Findings, p.Effects) {
			found = found || f.Args["holder"] == other
			for _, step := range report.Text(&f).Fix {
				if strings.Contains(step.Run, other) && argument.Changes(step.Run) {
					t.Errorf("%s: %s", f.Cause, step.Run)
				}
			}
		}
	}
	if !found {
		t.Error("the words are not read at all: that is no test")
	}
}
