// scale makes large clusters and dumps, and measures what it costs to diagnose them. docs/scale.md tells how.
//
//	scale bench -pods 100000 -stuck 500 -program bin/kubectl-stuck
//	scale serve -pods 100000 -stuck 500
//	scale churn -etcd http://127.0.0.1:36444 -pods 100000 -stuck 500 -rate 50 -for 10m
//	scale dump  -pods 1000000 -stuck 5000 > big.json
//	scale pairs -n 5 -- FIRST COMMAND -- SECOND COMMAND
//	scale list  -kubeconfig FILE
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func main() {
	commands := map[string]func([]string) error{"bench": bench, "serve": serve, "fill": fill, "churn": churn,
		"dump": dump, "pairs": pairs, "list": list}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "scale: bench, serve, fill, churn, dump, pairs or list")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// sized adds the flags of how large a cluster is.
func sized(f *flag.FlagSet) *size {
	s := &size{roots: 25, namespaces: 50}
	f.IntVar(&s.nodes, "nodes", 1000, "nodes")
	f.IntVar(&s.pods, "pods", 10000, "Pods")
	f.IntVar(&s.stuck, "stuck", 500, "how many of them are stuck")
	f.IntVar(&s.events, "events", 0, "how many Events more than usual each Pod has")
	return s
}

func second(t time.Time) metav1.Time { return metav1.NewTime(t.UTC().Truncate(time.Second)) }

// fill writes a cluster into an empty etcd, before an API server is started on it.
func fill(args []string) error {
	f := flag.NewFlagSet("fill", flag.ExitOnError)
	etcd, of := f.String("etcd", "http://127.0.0.1:36444", "etcd, on loopback"), sized(f)
	f.Parse(args)
	return fillInto(*etcd, of)
}

func fillInto(etcd string, of *size) error {
	s, err := newStore(etcd)
	if err != nil {
		return err
	}
	now := second(time.Now())
	for i := range of.nodes {
		if err := s.put("minions/"+nodeName(i), "v1", "Node", makeNode(i, now)); err != nil {
			return err
		}
	}
	for i := range of.pods {
		p, fault := makePod(i, *of, now)
		if err := s.put("pods/"+p.Namespace+"/"+p.Name, "v1", "Pod", p); err != nil {
			return err
		}
		for _, e := range makeEvents(p, fault, i, *of, now) {
			if err := s.put("events/"+e.Namespace+"/"+e.Name, "v1", "Event", e); err != nil {
				return err
			}
		}
	}
	return s.close()
}

// churn changes Pods that run, so many in a second, for a while: their status, as kubelets do.
func churn(args []string) error {
	f := flag.NewFlagSet("churn", flag.ExitOnError)
	etcd, of := f.String("etcd", "http://127.0.0.1:36444", "etcd, on loopback"), sized(f)
	rate, until := f.Int("rate", 50, "changes in a second"), f.Duration("for", 10*time.Minute, "how long")
	f.Parse(args)
	s, err := newStore(*etcd)
	if err != nil {
		return err
	}
	now := second(time.Now())
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for i, end := of.stuck, time.Now().Add(*until); time.Now().Before(end); {
		for range *rate {
			if i++; i >= of.pods {
				i = of.stuck
			}
			p, _ := makePod(i, *of, now)
			p.Status.Conditions[0].LastTransitionTime = second(time.Now())
			if err := s.put("pods/"+p.Namespace+"/"+p.Name, "v1", "Pod", p); err != nil {
				return err
			}
		}
		if err := s.flush(); err != nil {
			return err
		}
		<-every.C
	}
	return s.close()
}
