package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubestuck/stuck/test/lab/internal/e2e"
	"github.com/kubestuck/stuck/test/lab/internal/lab"
)

// e2eCommand breaks the lab in all ways, or in those named, and checks what kubectl-stuck says.
func e2eCommand(open func() (*lab.Lab, error)) *cobra.Command {
	var stuck, agent, deploy, doc string
	var parallel int
	var choice e2e.Choice
	var list, remedy, fix bool
	var owner string
	cmd := &cobra.Command{Use: "e2e [FAULT...]", Short: "Break the lab and check what kubectl-stuck says"}
	cmd.Flags().StringVar(&stuck, "stuck", "", "the kubectl-stuck to test")
	cmd.Flags().StringVar(&agent, "agent", "",
		"the stuck-agent to test; without it what the node itself tells is left out")
	cmd.Flags().StringVar(&deploy, "deploy", "", "the `folder` with the agent's manifests")
	cmd.Flags().StringVar(&doc, "doc", "",
		"the Markdown `file` in whose table to write what the faults' nodes proved; with --remedy, what cured")
	cmd.Flags().IntVar(&parallel, "parallel", 6, "how many faults run side by side")
	cmd.Flags().BoolVar(&choice.Smoke, "smoke", false, "only the faults that CI runs")
	cmd.Flags().BoolVar(&choice.Alone, "alone", false, "only the faults that break the node or the control plane")
	cmd.Flags().BoolVar(&choice.Namespaced, "namespaced", false, "only the faults that do not")
	cmd.MarkFlagsMutuallyExclusive("alone", "namespaced")
	cmd.Flags().BoolVar(&remedy, "remedy", false, "do what the screen says, and see whether the Pods start")
	cmd.Flags().BoolVar(&fix, "fix", false, "let kubectl stuck fix mend it, and take that back")
	cmd.MarkFlagsMutuallyExclusive("remedy", "fix")
	cmd.Flags().StringVar(&owner, "owner", "", "with --remedy: make the faults' Pods by a `KIND`: "+
		strings.Join(e2e.Owners, ", "))
	cmd.Flags().BoolVar(&list, "list", false, "print the faults, run none")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		l, err := open()
		if err != nil {
			return err
		}
		all, err := e2e.Load(filepath.Join(l.Source, "faults"))
		if err != nil {
			return err
		}
		choice.Names = args
		faults, err := e2e.Select(slices.Clone(all), l.Version.Name, choice)
		if err != nil {
			return err
		}
		if list {
			for _, f := range faults {
				fmt.Printf("%-32s %s\n", f.Name, f.About)
			}
			return nil
		}
		if err := l.Lock(); err != nil {
			return err
		}
		r := &e2e.Runner{Lab: l, Stuck: stuck, Agent: agent, Deploy: deploy, Parallel: parallel, Out: os.Stdout}
		ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		start := time.Now()
		if fix || remedy {
			return mend(ctx, r, faults, all, fix, owner, doc)
		}
		results, err := r.Run(ctx, faults)
		wrong := summarise(results, time.Since(start), l.Version)
		if doc != "" && agent != "" {
			err = errors.Join(err, e2e.WriteTable(doc, all, results))
		}
		switch {
		case err != nil:
			return err
		case wrong > 0:
			return errors.New("not all faults were diagnosed and healed")
		}
		return r.Healthy(ctx)
	}
	return cmd
}

// summarise prints the figures of a run and the names of the faults that went wrong, and returns how many did.
func summarise(results []e2e.Result, took time.Duration, version lab.Version) int {
	var wrong []string
	for _, result := range results {
		if result.Err != nil {
			wrong = append(wrong, result.Name)
		}
	}
	fmt.Printf("%d faults, %d right, %d wrong, %.0f s, Kubernetes %s\n", len(results), len(results)-len(wrong),
		len(wrong), took.Seconds(), version.Kubernetes)
	if len(wrong) > 0 {
		fmt.Println("wrong:", strings.Join(wrong, " "))
	}
	return len(wrong)
}

// summariseCures prints how many faults were cured by what the screen says, and which were not.
func summariseCures(results []e2e.Result, took time.Duration, version lab.Version) {
	var cured, none int
	var left []string
	for _, result := range results {
		switch c := result.Cure; {
		case result.Err == nil && c != nil && c.Step > 0:
			cured++
		case result.Err == nil && c != nil && c.None != "":
			none++
		default:
			left = append(left, result.Name)
		}
	}
	fmt.Printf("%d faults: %d cured by what the screen says, %d that no command can cure, %d not; %.0f s, Kubernetes %s\n",
		len(results), cured, none, len(left), took.Seconds(), version.Kubernetes)
	if len(left) > 0 {
		fmt.Println("not:", strings.Join(left, " "))
	}
}

// mend lets kubectl stuck fix mend the faults, or does what the screen says, and writes into a file what came of it.
func mend(ctx context.Context, r *e2e.Runner, faults, all []e2e.Fault, fix bool, owner, doc string) error {
	start := time.Now()
	if fix {
		results, err := r.Fixes(ctx, faults)
		summariseFixes(results, time.Since(start), r.Lab.Version)
		if doc != "" {
			err = errors.Join(err, e2e.WriteFixes(doc, all, results, r.Lab.Version.Kubernetes))
		}
		return err
	}
	results, err := r.Remedies(ctx, faults, owner)
	summariseCures(results, time.Since(start), r.Lab.Version)
	if doc != "" && owner == "" {
		err = errors.Join(err, e2e.WriteRemedies(doc, all, results, r.Lab.Version.Kubernetes))
	}
	return err
}

// summariseFixes prints how many faults kubectl stuck fix mended, and took back.
func summariseFixes(results []e2e.Result, took time.Duration, version lab.Version) {
	var cured, asked, undone, refused, failed int
	for _, result := range results {
		switch x := result.Fixed; {
		case result.Err != nil || x == nil:
			failed++
		case !x.Cured:
			refused++
		default:
			cured++
			if x.Asked != "" {
				asked++
			}
			if x.Undone == "same" {
				undone++
			}
		}
	}
	fmt.Printf("%d faults: %d fixed (%d of them asked for a value), %d undone to the same specs, %d refused, %d errors; "+
		"%.0f s, Kubernetes %s\n", len(results), cured, asked, undone, refused, failed, took.Seconds(), version.Kubernetes)
}

// tourFaults are what the tour shows at once, all of one namespace each.
var tourFaults = []string{"cfg-cm-volume-missing", "cfg-secret-env-missing", "img-private-nosecret",
	"img-registry-refused", "img-tag-missing",
	"mem-1024m", "sched-cpu", "start-cmd-missing", "vol-csi-unregistered", "vol-pvc-unbound"}

// tourCommand prints a transcript of kubectl-stuck on the broken lab.
func tourCommand(open func() (*lab.Lab, error)) *cobra.Command {
	var stuck, out string
	cmd := &cobra.Command{Use: "tour", Short: "Write a transcript of kubectl-stuck on the broken lab",
		Args: cobra.NoArgs}
	cmd.Flags().StringVar(&stuck, "stuck", "", "the kubectl-stuck to show")
	cmd.Flags().StringVar(&out, "out", "", "the Markdown `file` to write")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		l, err := open()
		if err != nil {
			return err
		}
		faults, err := e2e.Load(filepath.Join(l.Source, "faults"))
		if err != nil {
			return err
		}
		faults, err = e2e.Select(faults, l.Version.Name, e2e.Choice{Names: tourFaults})
		if err != nil {
			return err
		}
		if err := l.Lock(); err != nil {
			return err
		}
		r := &e2e.Runner{Lab: l, Stuck: stuck}
		text, err := r.Tour(cmd.Context(), faults, [][]string{{"--namespace", "cfg-cm-volume-missing"},
			{"--all-namespaces"}, {"--all-namespaces", "--lang", "zh"}})
		if err != nil {
			return err
		}
		head := "# A tour\n\n" + pictures + "What kubectl-stuck says on a real cluster (Kubernetes " + l.Version.Kubernetes +
			") that is broken in these ways at once. Written by `make tour`, not by hand.\n\n"
		return os.WriteFile(out, []byte(head+text), 0o644)
	}
	return cmd
}

// pictures shows the pictures of a large incident, which internal/demo/picture makes.
const pictures = `## A large incident, at first sight

306 Pods of 20 recorded faults at once (` + "`internal/demo/big.tar.gz`" + `), as they stand on a terminal before a key is
pressed. What to do first is on the first screen, also on the smallest.

![On 80 columns and 24 rows: the three widest problems, then the first with its evidence and its first remedy](tour-80x24.svg)

![On 120 columns and 40 rows: twelve problems, then the first](tour-120x40.svg)

![On 200 columns and 50 rows: all nineteen problems, then the first two](tour-200x50.svg)

The same in Chinese:

![On 80 columns and 24 rows, in Chinese](tour-80x24.zh.svg)

![On 120 columns and 40 rows, in Chinese](tour-120x40.zh.svg)

![On 200 columns and 50 rows, in Chinese](tour-200x50.zh.svg)

## On a real cluster

`
