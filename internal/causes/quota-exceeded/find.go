// Package quotaexceeded finds workloads whose Pods a ResourceQuota does not allow.
package quotaexceeded

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
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
			held, ok := room(p, m.Args)
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
// have to be, and who uses most of it. Evidence is what the quota itself says.
func room(p *diagnose.Pass, args map[string]string) ([]cluster.Sign, bool) {
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
	args["raised"] = raised.String()
	args["top"], args["topuse"] = heaviest(p, name)
	q, _ := cluster.Get[corev1.ResourceQuota](p.Snapshot, p.Pod.Namespace, args["quota"])
	if q == nil {
		return nil, true
	}
	ref := cluster.Ref{Kind: "ResourceQuota", Namespace: q.Namespace, Name: q.Name}
	of := q.Status.Hard[corev1.ResourceName(name)]
	return []cluster.Sign{diagnose.Cite(ref, "status.hard."+name, of.String())}, true
}

// first is the first of some amounts: "limits.memory=2Gi,requests.memory=1800Mi".
func first(list string) (string, resource.Quantity, bool) {
	list, _, _ = strings.Cut(list, ",")
	name, value, _ := strings.Cut(list, "=")
	q, err := resource.ParseQuantity(value)
	return name, q, err == nil && resourceName().MatchString(name)
}

// resourceName is what a resource may be called: it goes into a command, and anyone may write an Event.
var resourceName = match.Lazy(`^[a-z0-9][A-Za-z0-9./-]*$`)

// amountOf is the amount of one resource in such a list.
func amountOf(list, name string) *resource.Quantity {
	for _, part := range strings.Split(list, ",") {
		if n, value, _ := strings.Cut(part, "="); n == name {
			if q, err := resource.ParseQuantity(value); err == nil {
				return &q
			}
		}
	}
	return nil
}
