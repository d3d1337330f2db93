package cli

import (
	"strings"
	"testing"
)

const (
	deployed = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, uid: d, generation: 1, creationTimestamp: "2026-01-02T03:00:00Z"}
`
	job = `apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: shop, uid: j, creationTimestamp: "2026-01-02T03:00:00Z"}
`
	cronJob = `apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: shop, uid: c, creationTimestamp: "2026-01-02T03:00:00Z"}
`
	daemonSet = `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop, uid: s, generation: 1, creationTimestamp: "2026-01-02T03:00:00Z"}
`
)

// TestAskedByName says of a workload that is asked about by its name why it has the Pods that it has: exit 0 where
// somebody wants it so, 1 where it has fewer ready than it wants, 2 where it is not there.
func TestAskedByName(t *testing.T) {
	for _, c := range []struct {
		dump, asked, says, zh string
		code                  int
	}{
		{deployed + "spec: {replicas: 2, paused: true}\nstatus: {observedGeneration: 1, readyReplicas: 1}", "deploy/web",
			"deployment/web is paused: what is changed in it is not rolled out (1 of 2 ready)", "deployment/web 已暂停", ExitFine},
		{deployed + "spec: {replicas: 0}\nstatus: {observedGeneration: 1}", "deployments.apps/web",
			"deployment/web has 0 replicas, so it makes no Pods", "副本数是 0", ExitFine},
		{deployed + "spec: {replicas: 3}\nstatus: {observedGeneration: 1, updatedReplicas: 3, readyReplicas: 3}",
			"deploy/web",
			"3 of 3 Pods of deployment/web are ready", "3 个 Pod 中有 3 个就绪", ExitFine},
		{deployed + "spec: {replicas: 3}\nstatus: {observedGeneration: 1, updatedReplicas: 3, readyReplicas: 1}",
			"deploy/web",
			"1 of 3 Pods of deployment/web is ready", "3 个 Pod 中有 1 个就绪", ExitStuck},
		{job + "spec: {suspend: true}", "job/migrate", "job/migrate is suspended", "已挂起", ExitFine},
		{job + `status: {conditions: [{type: Complete, status: "True"}]}`, "job/migrate", "job/migrate is complete", "已经完成",
			ExitFine},
		{job + `status: {conditions: [{type: Failed, status: "True", reason: BackoffLimitExceeded, message: too often}]}`,
			"jobs/migrate", "job/migrate has failed and makes no more Pods: BackoffLimitExceeded: too often", "已经失败", ExitStuck},
		{cronJob + "spec: {suspend: true}", "cj/nightly", "cronjob/nightly is suspended", "已挂起", ExitFine},
		{cronJob, "cronjob/nightly", "cronjob/nightly waits for its next run", "等待下一次运行", ExitFine},
		{daemonSet + "status: {observedGeneration: 1}", "ds/agent", "daemonset/agent fits no node", "没有节点符合", ExitFine},
		{deployed, "deploy/wbe", "fits deploy/wbe", "deploy/wbe", ExitFailed},
	} {
		t.Run(c.asked+" "+c.says, func(t *testing.T) {
			for lang, says := range map[string]string{"en": c.says, "zh": c.zh} {
				got := command(nil, c.dump, nil, "-f", "-", "--lang", lang, c.asked)
				if first, _, _ := strings.Cut(got.out+got.err, "\n"); !strings.Contains(first, says) || got.code != c.code {
					t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
				}
			}
		})
	}
}

// TestIdle names what makes no Pods where nothing else is asked: whoever misses them finds them.
func TestIdle(t *testing.T) {
	got := command(nil, deployed+"spec: {replicas: 0}\nstatus: {observedGeneration: 1}\n---\n"+
		job+"spec: {suspend: true}", nil,
		"-f", "-", "--lang", "en")
	for _, says := range []string{"2 workloads make no Pods", "deployment/web has 0 replicas",
		"job/migrate is suspended"} {
		if !strings.Contains(got.out, says) || got.code != ExitFine {
			t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
		}
	}
}

// TestIdleCronJob says that a run lets no other begin where one was let go by for it, not before: one that goes on
// is nothing unusual.
func TestIdleCronJob(t *testing.T) {
	const tidy = runningPod + "---\napiVersion: batch/v1\nkind: CronJob\n" +
		"metadata: {name: tidy, namespace: shop, uid: t, creationTimestamp: \"2026-01-02T03:00:00Z\"}\n" +
		"spec: {schedule: '* * * * *', concurrencyPolicy: Forbid}\nstatus: {active: [{kind: Job, name: tidy-1}]}\n"
	const skipped = "---\napiVersion: v1\nkind: Event\nmetadata: {name: tidy.1, namespace: shop}\n" +
		"involvedObject: {kind: CronJob, namespace: shop, name: tidy, uid: t}\nreason: JobAlreadyActive\n"
	for dump, want := range map[string]bool{tidy: false, tidy + skipped: true} {
		got := command(nil, dump, nil, "-f", "-", "--lang", "en")
		if strings.Contains(got.out, "cronjob/tidy starts no run while tidy-1 goes on") != want || got.code != ExitFine {
			t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
		}
	}
}

// TestManifests leaves out what was never in a cluster, and says so; where there is nothing else, the question is not
// answered.
func TestManifests(t *testing.T) {
	const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: new, namespace: shop}\nspec: {containers: [{name: app}]}\n"
	const web = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec: {replicas: 2}\n"
	for _, c := range []struct {
		dump, out, err string
		code           int
	}{
		{runningPod + "---\n" + pod + "---\n" + web, "2 manifests that were never in a cluster", "", ExitFine},
		{stuckPod + "---\n" + pod, "1 manifest that was never in a cluster", "", ExitStuck},
		{pod + "---\n" + web, "", "only manifests that were never in a cluster (2)", ExitFailed},
	} {
		got := command(nil, c.dump, nil, "-f", "-", "--lang", "en")
		if got.code != c.code || !strings.Contains(strings.ReplaceAll(got.out, "\n", " "), c.out) ||
			!strings.Contains(got.err, c.err) {
			t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
		}
	}
	if got := command(nil, runningPod+"---\n"+web, nil, "-f", "-", "deploy/web"); got.code != ExitFailed {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
}
