// Package limitrangeviolated finds workloads whose Pods a LimitRange does not allow.
package limitrangeviolated

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// FindMissing joins what the API server says with the LimitRange that holds it.
func FindMissing(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["bound"] == "":
			f.Variant = "ratio"
		case m.Args["asked"] == "":
			f.Variant = "unset"
		}
		if strings.Contains(m.Args["asked"], ".") { // ratios come with six digits behind the point
			m.Args["asked"] = strings.TrimRight(strings.TrimRight(m.Args["asked"], "0"), ".")
		}
		m.Args["setting"] = m.Args["resource"] + "=" + m.Args["allowed"]
		if m.Args["which"] != "" {
			m.Args["flag"] = m.Args["which"] + "s"
		}
		if m.Args["bound"] == "minimum" { // a limit below the request would be refused as well
			m.Args["flag"] = "requests"
		}
		if others := beside(m.Sign.Message, m.Args); f.Variant != "ratio" && others != "" {
			m.Args["setting"] += "," + others
			m.Args["others"] = strings.ReplaceAll(others, ",", ", ")
		}
		if held, sign := limitRange(p, m.Args); held != "" {
			m.Args["limitrange"] = held
			f.Evidence = append(f.Evidence, sign)
			byTemplate(p, &f)
		}
		f.Container = m.Args["container"]
		f.Blame = p.Blame(m.Args)
		p.Report(f)
	}
}

// bounds are what the API server says of one resource; it says all that is wrong at once.
var bounds = match.Lazy(`(maximum|minimum) ([a-z0-9][\w./-]*) usage per (\w+) is ` +
	`(\d\w*(?:\.\d\w*)?)(?:,? but (limit|request)|\. +No (limit|request))`)

// beside are the settings that the other resources want which are wrong in the same way: the same command sets them.
func beside(message string, args map[string]string) string {
	var out []string
	for _, b := range bounds().FindAllStringSubmatch(message, -1) {
		if b[1] == args["bound"] && b[3] == args["scope"] && b[2] != args["resource"] && b[5]+b[6] == args["which"] {
			out = append(out, b[2]+"="+b[4])
		}
	}
	return strings.Join(out, ",")
}

// limitRange finds the LimitRange of the namespace that has the bound which was named.
func limitRange(p *diagnose.Pass, args map[string]string) (string, cluster.Sign) {
	want, err := resource.ParseQuantity(args["allowed"])
	if err != nil {
		return "", cluster.Sign{}
	}
	for _, l := range cluster.Objects[corev1.LimitRange](p.Snapshot) {
		if l.Namespace != p.Pod.Namespace {
			continue
		}
		for i, item := range l.Spec.Limits {
			list, path := item.MaxLimitRequestRatio, "maxLimitRequestRatio"
			switch args["bound"] {
			case "maximum":
				list, path = item.Max, "max"
			case "minimum":
				list, path = item.Min, "min"
			}
			q, ok := list[corev1.ResourceName(args["resource"])]
			if ok && q.Cmp(want) == 0 && strings.EqualFold(string(item.Type), args["scope"]) {
				ref := cluster.Ref{Kind: "LimitRange", Namespace: l.Namespace, Name: l.Name}
				return l.Name, diagnose.Cite(ref, fmt.Sprintf("spec.limits[%d].%s.%s", i, path, args["resource"]), q.String())
			}
		}
	}
	return "", cluster.Sign{}
}
