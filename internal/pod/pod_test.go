package pod

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func podOf(t *testing.T, text string) *corev1.Pod {
	t.Helper()
	var p corev1.Pod
	if err := yaml.UnmarshalStrict([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	return &p
}

// TestPodState holds what is made of a Pod's status against what kubectl get pods shows and what a person would say.
func TestPodState(t *testing.T) {
	for _, c := range []struct {
		name, pod, status string
		waits             bool
		stage             Stage
	}{
		{"unscheduled", `status: {phase: Pending}`, "Pending", true, StageSchedule},
		{"gated",
			`status: {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: SchedulingGated}]}`,
			"SchedulingGated", true, StageSchedule},
		{"not taken up", `{spec: {nodeName: n1}, status: {phase: Pending}}`, "Pending", true, StageAccept},
		{"creating",
			`{spec: {nodeName: n1}, status: {phase: Pending, startTime: "2026-01-02T03:00:00Z",` +
				` containerStatuses: [{name: a, state: {waiting: {reason: ContainerCreating}}}]}}`,
			"ContainerCreating", true, StageVolumes},
		{"init containers never say ContainerCreating",
			`{spec: {nodeName: n1, initContainers: [{name: i}, {name: j}]},
			status: {phase: Pending, startTime: "2026-01-02T03:00:00Z",
			initContainerStatuses: [{name: i, state: {waiting: {reason: PodInitializing}}},
				{name: j, state: {waiting: {reason: PodInitializing}}}],
			containerStatuses: [{name: a, state: {waiting: {reason: PodInitializing}}}]}}`, "Init:0/2", true, StageVolumes},
		{"second init container pulls",
			`{spec: {nodeName: n1, initContainers: [{name: i}, {name: j}]},
			status: {phase: Pending, startTime: "2026-01-02T03:00:00Z",
			initContainerStatuses: [{name: i, state: {terminated: {exitCode: 0, reason: Completed}}},
				{name: j, state: {waiting: {reason: ImagePullBackOff}}}]}}`,
			"Init:ImagePullBackOff", true, StageImage},
		{"sidecar runs, container is made",
			`{spec: {nodeName: n1, initContainers: [{name: i, restartPolicy: Always}]},
			status: {phase: Pending, startTime: "2026-01-02T03:00:00Z",
			initContainerStatuses: [{name: i, started: true, state: {running: {}}}],
			containerStatuses: [{name: a, state: {waiting: {reason: CreateContainerError}}}]}}`,
			"CreateContainerError", true, StageCreate},
		{"crash loop",
			`{spec: {nodeName: n1}, status: {phase: Running, startTime: "2026-01-02T03:00:00Z",` +
				` containerStatuses: [{name: a, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}}}]}}`,
			"CrashLoopBackOff", true, StageStart},
		{"between two crashes",
			`{spec: {nodeName: n1}, status: {phase: Running, startTime: "2026-01-02T03:00:00Z",` +
				` containerStatuses: [{name: a, restartCount: 3, state: {terminated: {exitCode: 1, reason: Error}}}]}}`,
			"Error", true, StageStart},
		{"healed",
			`{spec: {nodeName: n1}, status: {phase: Running,` +
				` containerStatuses: [{name: a, restartCount: 3, state: {running: {}}, lastState: {terminated: {exitCode: 1}}}]}}`,
			"Running", false, ""},
		{"done",
			`{spec: {nodeName: n1}, status: {phase: Succeeded,` +
				` containerStatuses: [{name: a, state: {terminated: {exitCode: 0, reason: Completed}}}]}}`, "Completed", false, ""},
		{"one of two is done and stays so",
			`{spec: {nodeName: n1, restartPolicy: Never}, status: {phase: Running,` +
				` containerStatuses: [{name: a, state: {terminated: {exitCode: 1, reason: Error}}},` +
				` {name: b, state: {running: {}}}]}}`,
			"Error", false, ""},
		{"ran and failed",
			`{spec: {nodeName: n1}, status: {phase: Failed,` +
				` containerStatuses: [{name: a, state: {terminated: {exitCode: 1, reason: Error}}}]}}`, "Error", false, ""},
		{"refused", `{spec: {nodeName: n1}, status: {phase: Failed, reason: OutOfcpu}}`, "OutOfcpu", true, StageAccept},
		{"a sidecar ended after the start",
			`{spec: {nodeName: n1, initContainers: [{name: i, restartPolicy: Always}]}, status: {phase: Running,` +
				` conditions: [{type: Initialized, status: "True"}],` +
				` initContainerStatuses: [{name: i, restartCount: 3, state: {terminated: {exitCode: 3, reason: Error}}}],` +
				` containerStatuses: [{name: a, ready: true, state: {running: {}}}]}}`, "Init:Error", true, StageStart},
		{"a sidecar waits after the start",
			`{spec: {nodeName: n1, initContainers: [{name: i, restartPolicy: Always}]}, status: {phase: Running,` +
				` initContainerStatuses: [{name: i, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}}}],` +
				` containerStatuses: [{name: a, ready: true, state: {running: {}}}]}}`,
			"Init:CrashLoopBackOff", true, StageStart},
		{"a sidecar was ended after the work",
			`{spec: {nodeName: n1, restartPolicy: Never, initContainers: [{name: i, restartPolicy: Always}]},` +
				` status: {phase: Running,` +
				` initContainerStatuses: [{name: i, started: true, state: {terminated: {exitCode: 143, reason: Error}}}],` +
				` containerStatuses: [{name: a, state: {terminated: {exitCode: 0, reason: Completed}}}]}}`,
			"Completed", false, ""},
		{"a sidecar whose Pod starts nothing again",
			`{spec: {nodeName: n1, restartPolicy: Never, initContainers: [{name: i, restartPolicy: Always}]},` +
				` status: {phase: Running,` +
				` initContainerStatuses: [{name: i, state: {terminated: {exitCode: 3, reason: Error}}}],` +
				` containerStatuses: [{name: a, ready: true, state: {running: {}}}]}}`, "Init:Error", true, StageStart},
		{"a container with a rule of its own",
			`{spec: {nodeName: n1, restartPolicy: Never, containers: [{name: a, restartPolicyRules:` +
				` [{action: Restart, exitCodes: {operator: In, values: [42]}}]}]}, status: {phase: Running,` +
				` containerStatuses: [{name: a, state: {terminated: {exitCode: 42, reason: Error}}}]}}`,
			"Error", true, StageStart},
		{"restarts again and again, and runs",
			`{spec: {nodeName: n1}, status: {phase: Running, containerStatuses: [{name: a, restartCount: 2,` +
				` state: {running: {startedAt: "2026-01-02T11:59:45Z"}}, lastState: {terminated: {exitCode: 137,` +
				` startedAt: "2026-01-02T11:59:24Z", finishedAt: "2026-01-02T11:59:44Z"}}}]}}`,
			"Running", true, StageStart},
		{"restarted again and again, and stays",
			`{spec: {nodeName: n1}, status: {phase: Running, containerStatuses: [{name: a, restartCount: 5,` +
				` state: {running: {startedAt: "2026-01-02T11:59:10Z"}}, lastState: {terminated: {exitCode: 137,` +
				` startedAt: "2026-01-02T11:58:48Z", finishedAt: "2026-01-02T11:59:08Z"}}}]}}`, "Running", false, ""},
		{"restarted just now after a long run",
			`{spec: {nodeName: n1}, status: {phase: Running, containerStatuses: [{name: a, restartCount: 5,` +
				` state: {running: {startedAt: "2026-01-02T11:59:50Z"}}, lastState: {terminated: {exitCode: 137,` +
				` startedAt: "2026-01-01T11:58:48Z", finishedAt: "2026-01-02T11:59:49Z"}}}]}}`, "Running", false, ""},
		{"never ready",
			`{spec: {nodeName: n1}, status: {phase: Running, startTime: "2026-01-02T11:50:00Z", conditions:` +
				` [{type: Ready, status: "False", lastTransitionTime: "2026-01-02T11:50:00Z"}],` +
				` containerStatuses: [{name: a, started: true, state: {running: {startedAt: "2026-01-02T11:50:03Z"}}}]}}`,
			"Running", true, StageReady},
		{"ready once",
			`{spec: {nodeName: n1}, status: {phase: Running, startTime: "2026-01-02T11:50:00Z", conditions:` +
				` [{type: Ready, status: "False", lastTransitionTime: "2026-01-02T11:58:00Z"}],` +
				` containerStatuses: [{name: a, started: true, state: {running: {startedAt: "2026-01-02T11:50:03Z"}}}]}}`,
			"Running", false, ""},
		{"a gate is shut",
			`{spec: {nodeName: n1, readinessGates: [{conditionType: lb}]}, status: {phase: Running,` +
				` startTime: "2026-01-02T11:50:00Z", conditions:` +
				` [{type: ContainersReady, status: "True", lastTransitionTime: "2026-01-02T11:50:05Z"},` +
				` {type: Ready, status: "False", lastTransitionTime: "2026-01-02T11:50:00Z"}],` +
				` containerStatuses: [{name: a, ready: true, state: {running: {startedAt: "2026-01-02T11:50:03Z"}}}]}}`,
			"Running", true, StageReady},
		{"one is done, another runs",
			`{spec: {nodeName: n1, restartPolicy: Never}, status: {phase: Running,` +
				` startTime: "2026-01-02T11:50:00Z", conditions:` +
				` [{type: Ready, status: "False", lastTransitionTime: "2026-01-02T11:50:00Z"}], containerStatuses:` +
				` [{name: a, state: {terminated: {exitCode: 0, reason: Completed}}}, {name: b, ready: true,` +
				` state: {running: {}}}]}}`, "NotReady", false, ""},
		{"going", `{metadata: {deletionTimestamp: "2026-01-02T03:00:00Z"}, status: {phase: Pending}}`, "Terminating",
			false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := podOf(t, c.pod)
			if got := Status(p); got != c.status {
				t.Errorf("status %s, want %s", got, c.status)
			}
			if got := Waiting(p, noon); got != c.waits {
				t.Fatalf("waits %v, want %v", got, c.waits)
			}
			if c.waits {
				if got := CurrentStage(p, noon, nil, nil); got != c.stage {
					t.Errorf("stands at %s, want %s", got, c.stage)
				}
			}
		})
	}
}

func event(reason, message, path string, at time.Time) *corev1.Event {
	return &corev1.Event{Type: "Warning", Reason: reason, Message: message,
		InvolvedObject: corev1.ObjectReference{FieldPath: path}, LastTimestamp: metav1.NewTime(at)}
}

func TestWhatIsOver(t *testing.T) {
	app := "spec.containers{app}"
	for _, c := range []struct {
		name   string
		pod    string
		event  *corev1.Event
		others []*corev1.Event
		want   bool
	}{
		{"mount failed, nothing since", `spec: {nodeName: n1}`, event("FailedMount", "x", "", noon), nil, false},
		{"mount failed, then pulled", `spec: {nodeName: n1}`, event("FailedMount", "x", "", noon),
			[]*corev1.Event{event("Pulling", "", app, noon)}, true},
		{"pulled, then mount failed", `spec: {nodeName: n1}`, event("FailedMount", "x", "", noon),
			[]*corev1.Event{event("Pulled", "", app, noon.Add(-time.Minute))}, false},
		{"mount failed, then a sandbox was tried", `spec: {nodeName: n1}`, event("FailedMount", "x", "", noon),
			[]*corev1.Event{event("FailedCreatePodSandBox", "y", "", noon.Add(time.Second))}, true},
		{"a sandbox was tried, then mount failed", `spec: {nodeName: n1}`, event("FailedMount", "x", "", noon),
			[]*corev1.Event{event("FailedCreatePodSandBox", "y", "", noon)}, false},
		{"runtime away, then it answered", `spec: {nodeName: n1}`,
			event("FailedCreatePodSandBox", "rpc error: code = Unavailable desc = connection error: x", "", noon),
			[]*corev1.Event{event("FailedCreatePodSandBox", "rpc error: code = Unknown desc = y", "",
				noon.Add(time.Second))}, true},
		{"runtime away, then it told of the network", `spec: {nodeName: n1}`,
			event("FailedCreatePodSandBox", "rpc error: code = Unavailable desc = connection error: x", "", noon),
			[]*corev1.Event{event("NetworkNotReady", "network is not ready", "", noon.Add(time.Second))}, true},
		{"runtime away, and again", `spec: {nodeName: n1}`,
			event("FailedCreatePodSandBox", "rpc error: code = Unavailable desc = connection error: x", "", noon),
			[]*corev1.Event{event("FailedCreatePodSandBox", "rpc error: code = Unavailable desc = connection error: y",
				"", noon.Add(time.Second))}, false},
		{"no node, then one", `spec: {nodeName: n1}`, event("FailedScheduling", "x", "", noon), nil, true},
		{"sandbox failed, then ready",
			`{spec: {nodeName: n1}, status: {conditions: [{type: PodReadyToStartContainers, status: "True", ` +
				`lastTransitionTime: "2026-01-02T12:00:05Z"}]}}`,
			event("FailedCreatePodSandBox", "x", "", noon), nil, true},
		{"pull failed, then pulled", `spec: {nodeName: n1}`, event("Failed", "Failed to pull image", app, noon),
			[]*corev1.Event{event("Pulled", "", app, noon.Add(time.Second))}, true},
		{"pull failed, another container's image came", `spec: {nodeName: n1}`,
			event("Failed", "Failed to pull image", app, noon),
			[]*corev1.Event{event("Pulled", "", "spec.containers{b}", noon.Add(time.Second))}, false},
		{"start failed, image came again", `spec: {nodeName: n1}`, event("Failed", "Error: exec", app, noon),
			[]*corev1.Event{event("Pulled", "", app, noon.Add(time.Second))}, false},
		{"start failed, runs now",
			`{spec: {nodeName: n1}, status: {containerStatuses: [{name: app, state: {running: {}}}]}}`,
			event("Failed", "Error: exec", app, noon), nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Resolved(podOf(t, c.pod), noon, c.event, append(c.others, c.event)); got != c.want {
				t.Errorf("over %v, want %v", got, c.want)
			}
		})
	}
}
