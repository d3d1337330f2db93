package containercrashing

import (
	"fmt"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// jobFailed adds why the Pod's Job makes no more Pods: it says so itself.
func jobFailed(p *diagnose.Pass, f *diagnose.Finding) {
	c := metav1.GetControllerOf(p.Pod)
	if c == nil || c.Kind != "Job" {
		return
	}
	job, _ := cluster.Get[batchv1.Job](p.Snapshot, p.Pod.Namespace, c.Name)
	if job == nil {
		return
	}
	for i, o := range job.Status.Conditions {
		if o.Type != batchv1.JobFailed || o.Status != corev1.ConditionTrue {
			continue
		}
		switch o.Reason {
		case batchv1.JobReasonBackoffLimitExceeded:
			if n := job.Spec.BackoffLimit; n != nil {
				f.Args["tries"] = fmt.Sprint(*n)
			}
		case batchv1.JobReasonPodFailurePolicy:
			f.Args["failpolicy"] = o.Reason
		case batchv1.JobReasonDeadlineExceeded:
			if n := job.Spec.ActiveDeadlineSeconds; n != nil {
				f.Args["deadline"] = fmt.Sprintf("%ds", *n)
			}
		}
		f.Evidence = append(f.Evidence, diagnose.Cite(cluster.Ref{Kind: "Job", Namespace: job.Namespace, Name: job.Name},
			fmt.Sprintf("status.conditions[%d].reason", i), o.Reason))
	}
}
