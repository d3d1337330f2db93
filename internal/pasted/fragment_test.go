package pasted

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestFragments reads Events that were copied without what they are about, as far as they tell it.
func TestFragments(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 20, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		text  string
		want  []string
		other int
	}{
		"the Events of a description": {
			"$ kubectl -n shop describe pod api-0 | tail -5\n" +
				"Events:\n  Type     Reason       Age               From               Message\n" +
				"  ----     ------       ----              ----               -------\n" +
				"  Warning  FailedMount  5s (x13 over 2m)  kubelet            MountVolume.SetUp failed for volume \"v\" :\n" +
				"    secret \"tls\" not found\n\nWhat is wrong here?\n",
			[]string{`Pod shop/api-0 FailedMount x13 5s MountVolume.SetUp failed for volume "v" : secret "tls" not found`}, 1},
		"who it is about stands in a message": {
			"Normal   Scheduled  19s  default-scheduler  Successfully assigned shop/web to n1\n" +
				"Warning  Failed     16s  kubelet, n1        spec.containers{app}: Error: it failed\n",
			[]string{"Pod shop/web Scheduled x1 19s n1 Successfully assigned shop/web to n1",
				"Pod shop/web Failed x1 16s n1 spec.containers{app} Error: it failed"}, 0},
		"rows of a table": {
			"31s         Warning   FailedMount   pod/web-1   it failed\n" +
				"shop        5m28s (x3 over 8m)   Warning   FailedCreate   replicaset/web-2   it failed, too\n",
			[]string{"Pod default/web-1 FailedMount x1 31s it failed",
				"ReplicaSet shop/web-2 FailedCreate x3 5m28s it failed, too"}, 0},
		"before 1.11": {
			"12s  14s  3  nginx-9n8z7   Pod  spec.containers{nginx}  Warning  Failed  kubelet, n1   Failed to pull it\n" +
				"  1m\t20s\t2\t{kubelet n2}\tspec.containers{main}\tWarning\tFailedPostStartHook\t\n",
			[]string{"Pod default/nginx-9n8z7 Failed x3 14s spec.containers{nginx} Failed to pull it",
				"Pod default/(unknown) FailedPostStartHook x2 20s spec.containers{main} "}, 0},
		"without ages, wrapped": {
			"Warning  FailedCreate  daemonset-controller  Error creating: pods \"logs-gc9m4\" is\nforbidden: no\n" +
				"Warning  FailedScheduling   default-scheduler  0/3 nodes are available:\n3 node(s) had a taint.\n",
			[]string{`DaemonSet default/logs FailedCreate x1 0s Error creating: pods "logs-gc9m4" is forbidden: no`,
				"Pod default/(unknown) FailedScheduling x1 - 0/3 nodes are available: 3 node(s) had a taint."}, 0},
		"prose": {"Warning  This is no Event.\nNormal people fail. Warning: FailedMount\n", nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			out := Parse([]byte(c.text), now)
			_, events := pods(out)
			var got []string
			for _, e := range events {
				ago := "-"
				if !e.LastTimestamp.IsZero() {
					ago = now.Sub(e.LastTimestamp.Time).String()
				}
				o := e.InvolvedObject
				where := strings.TrimLeft(e.Source.Host+" "+o.FieldPath+" ", " ")
				got = append(got, fmt.Sprintf("%s %s/%s %s x%d %s %s%s", o.Kind, e.Namespace, o.Name, e.Reason, e.Count, ago,
					strings.ReplaceAll(where, "  ", " "), e.Message))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if out.Other != c.other {
				t.Errorf("%d other lines, want %d", out.Other, c.other)
			}
		})
	}
}
