package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/causes/causefile"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// newCause writes the folder of a cause that is to be written, and returns its files. Where it says TODO something has
// to be filled in; a test refuses what still says so.
func newCause(dir, id, stage, blame string) ([]string, error) {
	if err := usable(dir, id, stage, blame); err != nil {
		return nil, err
	}
	folder := filepath.Join(dir, id)
	if err := os.Mkdir(folder, 0o755); err != nil {
		return nil, err
	}
	var names []string
	waits := podForm
	if stage == string(pod.StageAdmission) {
		waits = workloadForm
	}
	for name, text := range map[string]string{"cause.yaml": causeForm, "todo.txtar": caseForm + waits} {
		name = filepath.Join(folder, name)
		text = strings.NewReplacer("ID", id, "STAGE", stage, "BLAME", blame, "ARG", caughtAs(blame)).Replace(text)
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return nil, err
		}
		names = append(names, filepath.ToSlash(name))
	}
	slices.Sort(names)
	return names, nil
}

// usable refuses what cannot be a new cause, before anything is written.
func usable(dir, id, stage, blame string) error {
	if !causefile.IsID(id) {
		return fmt.Errorf("%q is no id: it says what is wrong, in small letters, digits and dashes, as in secret-missing", id)
	}
	if _, err := os.Stat(filepath.Join(dir, id)); err == nil {
		return fmt.Errorf("there is a cause %s: write a sign or a case into it, or choose another id", id)
	}
	var stages []string
	for _, s := range pod.Stages {
		stages = append(stages, string(s))
	}
	if !slices.Contains(stages, stage) {
		return fmt.Errorf("there is no stage %q: give STAGE as one of %s", stage, strings.Join(stages, ", "))
	}
	if !slices.Contains(diagnose.BlameKinds(), blame) {
		return fmt.Errorf("nothing of kind %q can be to blame: give BLAME as one of %s", blame,
			strings.Join(diagnose.BlameKinds(), ", "))
	}
	return nil
}

// caughtAs is under which name a pattern catches what is to blame.
func caughtAs(blame string) string {
	for _, a := range diagnose.BlameArguments(blame) {
		if a != "node" && a != "namespace" && a != "image" && a != "registry" { // these are known without
			return a
		}
	}
	return "detail"
}

const causeForm = `# Every field is explained in docs/writing-a-cause.md.
stage: STAGE
blame: BLAME
# Where the signs admit no other reading, say so; else the cause is likely:
# certainty: proven
# Causes that are only consequences of this one, and are shown below it:
# explains: [config-not-synced]
# Any of these gives it away. Say who writes it, in which version. A named group fills {ARG} in the texts.
signs:
- {kind: event, message: 'TODO "(?P<ARG>[^"]+)" TODO'}
title: {en: 'TODO: what is wrong with {ARG}', zh: 'TODO：{ARG} 出了什么问题'}
why:
  en: >-
    TODO: what happens, why it stops the Pod, and whether it passes by itself.
  zh: >-
    TODO：发生了什么，为什么 Pod 因此启动不了，会不会自行恢复。
# How to tell, where it is only likely: commands that read, and what each answer means.
confirm:
- do: {en: 'TODO: look.', zh: TODO：查看。}
  run: kubectl -n {namespace} describe pod {pod}
# What to do, the step that cures first. risk is what the worst of the commands may do to what still runs.
fix:
- do: {en: 'TODO: cure it.', zh: TODO：解决。}
  risk: none
`

const caseForm = `TODO: the story in a sentence, and the name of this file after it.
first: ID

-- snapshot.yaml --
apiVersion: stuck.dev/v1alpha1
kind: SnapshotInfo
at: "2026-03-02T10:20:00Z"
`

const podForm = `-- pods.yaml --
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, uid: u-api, creationTimestamp: "2026-03-02T10:00:00Z"}
spec:
  nodeName: n1
  containers: [{name: app, image: shop/api:1.4}]
status:
  phase: Pending
  startTime: "2026-03-02T10:00:01Z"
  containerStatuses:
  - name: app
    state: {waiting: {reason: ContainerCreating}}
-- events.yaml --
apiVersion: v1
kind: Event
metadata: {name: api.1, namespace: shop}
involvedObject: {kind: Pod, namespace: shop, name: api, uid: u-api}
type: Warning
reason: Failed
count: 9
firstTimestamp: "2026-03-02T10:00:02Z"
lastTimestamp: "2026-03-02T10:18:00Z"
source: {component: kubelet}
message: 'TODO "this" TODO' # want ID
`

// workloadForm is the case of a cause that keeps Pods from being made.
const workloadForm = `-- workloads.yaml --
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: api, namespace: shop, uid: u-api, creationTimestamp: "2026-03-02T10:00:00Z"}
spec:
  replicas: 1
  template: {spec: {containers: [{name: app, image: shop/api:1.4}]}}
-- events.yaml --
apiVersion: v1
kind: Event
metadata: {name: api.1, namespace: shop}
involvedObject: {kind: StatefulSet, namespace: shop, name: api, uid: u-api}
type: Warning
reason: FailedCreate
count: 9
firstTimestamp: "2026-03-02T10:00:02Z"
lastTimestamp: "2026-03-02T10:18:00Z"
source: {component: statefulset-controller}
message: 'TODO "this" TODO' # want ID
`
