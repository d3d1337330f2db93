// Package quotaexceeded finds workloads whose Pods a ResourceQuota does not allow.
package quotaexceeded

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// FindMissing makes one finding of all that the API server says of one quota.
func FindMissing(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["unset"] != "":
			f.Variant = "unset"
			unset(m.Args)
		case m.Args["scopes"] != "":
			f.Variant = "scopes"
		default:
			held, ok := room(p, &m.Sign, m.Args)
			if !ok {
				continue // these are no amounts: it stays what was said
			}
			f.Evidence = append(f.Evidence, held...)
		}
		f.Blame = p.Blame(m.Args)
		p.Report(f)
	}
}

// unset names what containers have to say, and how to say it: "limits.memory for: app; requests.cpu for: app", until
// Kubernetes 1.23 "limits.memory,requests.cpu".
func unset(args map[string]string) {
	var names, requests, limits []string
	for _, part := range strings.FieldsFunc(args["unset"], func(r rune) bool { return r == ';' || r == ',' }) {
		name, _, _ := strings.Cut(strings.TrimSpace(part), " for: ")
		kind, of, ok := strings.Cut(name, ".")
		if !ok {
			kind, of = "requests", name
		}
		start := map[string]string{"memory": "128Mi", "cpu": "100m"}[of]
		if start == "" || slices.Contains(names, name) {
			continue
		}
		names = append(names, name)
		if kind == "limits" {
			limits = append(limits, of+"="+start)
		} else {
			requests = append(requests, of+"="+start)
		}
	}
	if len(names) > 0 {
		args["unset"] = strings.Join(names, ", ")
	}
	args["requests"], args["limits"] = strings.Join(requests, ","), strings.Join(limits, ",")
}

// room says how much a Pod needs of the first resource that does not suffice, how much is free, what the quota would
// have to be, and who uses most of it. Evidence is what the quota itself says. What it would have to be is said only
// where more than an Event speaks for it: the workload's status, or the quota and the template.
func room(p *diagnose.Pass, s *cluster.Sign, args map[string]string) ([]cluster.Sign, bool) {
	name, needs, ok := first(args["requested"])
	used, hard := amountOf(args["used"], name), amountOf(args["limited"], name)
	if !ok || used == nil || hard == nil {
		return nil, false
	}
	free := hard.DeepCopy()
	free.Sub(*used)
	if free.Sign() < 0 {
		free = resource.Quantity{Format: free.Format}
	}
	raised := used.DeepCopy()
	for range p.Missing {
		raised.Add(needs)
	}
	args["resource"], args["needs"], args["free"], args["hard"] = name, needs.String(), free.String(), hard.String()
	args["top"], args["topuse"] = heaviest(p, name)
	q, _ := cluster.Get[corev1.ResourceQuota](p.Snapshot, p.Pod.Namespace, args["quota"])
	of := resource.Quantity{}
	if q != nil {
		of = q.Status.Hard[corev1.ResourceName(name)]
	}
	own, known := useOf(p.Pod, name)
	if kind := strings.TrimPrefix(name, "count/"); kind != name || name == "persistentvolumeclaims" {
		own, known = resource.MustParse("1"), true // objects are counted one by one
	}
	if diagnose.Attested(s) || q != nil && of.Cmp(*hard) == 0 && known && own.Cmp(needs) == 0 {
		args["raised"], args["patch"] = raised.String(), patch(name, raised)
	}
	if q == nil {
		return nil, true
	}
	ref := cluster.Ref{Kind: "ResourceQuota", Namespace: q.Namespace, Name: q.Name}
	return []cluster.Sign{diagnose.Cite(ref, "status.hard."+name, of.String())}, true
}

// patch is the merge patch that sets what a quota allows of a resource.
func patch(name string, hard resource.Quantity) string {
	return diagnose.JSON(map[string]any{"spec": map[string]any{"hard": map[string]string{name: hard.String()}}})
}
