package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// A cost is what one run of a program took.
type cost struct {
	wall, user time.Duration
	peak       int64 // MiB
}

// pairs runs two commands in turn and prints the median of each, and how the second stands to the first: on a machine
// with more to do, nothing but what was measured side by side says anything.
func pairs(args []string) error {
	f := flag.NewFlagSet("pairs", flag.ExitOnError)
	n := f.Int("n", 5, "pairs")
	f.Parse(args)
	rest := f.Args()
	cut := slices.Index(rest, "--")
	if cut < 0 {
		return errors.New("two commands, with -- between them")
	}
	both := [2][]string{rest[:cut], rest[cut+1:]}
	var costs [2][]cost
	for range *n {
		for i, command := range both {
			c, err := run(command)
			if err != nil {
				return err
			}
			costs[i] = append(costs[i], c)
		}
	}
	var middle [2]cost
	for i, all := range costs {
		middle[i] = median(all)
		fmt.Printf("%8.2f s wall %8.2f s user %6d MiB   %s\n", middle[i].wall.Seconds(), middle[i].user.Seconds(),
			middle[i].peak, both[i][0])
	}
	fmt.Printf("%8.2f        %8.2f\n", middle[1].wall.Seconds()/middle[0].wall.Seconds(),
		middle[1].user.Seconds()/middle[0].user.Seconds())
	return nil
}

func run(command []string) (cost, error) {
	c := exec.Command(command[0], command[1:]...)
	var errs bytes.Buffer
	c.Stderr = &errs
	began := time.Now()
	err := c.Run()
	if c.ProcessState == nil || c.ProcessState.ExitCode() > 1 { // 1: something is stuck
		return cost{}, fmt.Errorf("%v: %w: %s", command, err, errs.Bytes())
	}
	usage := c.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{time.Since(began), c.ProcessState.UserTime(), usage.Maxrss >> 10}, nil
}

// median takes the median of each figure.
func median(all []cost) (c cost) {
	at := len(all) / 2
	slices.SortFunc(all, func(a, b cost) int { return int(a.wall - b.wall) })
	c.wall = all[at].wall
	slices.SortFunc(all, func(a, b cost) int { return int(a.user - b.user) })
	c.user = all[at].user
	slices.SortFunc(all, func(a, b cost) int { return int(a.peak - b.peak) })
	c.peak = all[at].peak
	return c
}

// list is the floor that a diagnosis is measured against: it LISTs all Pods and all Events once with client-go, decodes
// them, and throws them away.
func list(args []string) error {
	f := flag.NewFlagSet("list", flag.ExitOnError)
	kubeconfig := f.String("kubeconfig", "", "kubeconfig of the API server")
	f.Parse(args)
	cfg, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	cfg.QPS, cfg.ContentType = -1, "application/vnd.kubernetes.protobuf"
	c, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		return err
	}
	cached := metav1.ListOptions{ResourceVersion: "0"}
	pods, err := c.CoreV1().Pods("").List(context.Background(), cached)
	if err != nil {
		return err
	}
	events, err := c.CoreV1().Events("").List(context.Background(), cached)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "%d Pods, %d Events\n", len(pods.Items), len(events.Items))
	return nil
}
