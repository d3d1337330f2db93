// Command mutate measures how much the cases and recordings notice. It puts faults into the code of the causes, one at
// a time (a comparison turned round, a variant's name emptied, a blame dropped, Likely said for Proven, a statement
// taken away), diagnoses all cases and recordings, and prints the faults with which everything came out as before.
//
//	go run ./internal/casetest/mutate -seed 1 -n 100
//	go run ./internal/casetest/mutate -n 0 ./internal/diagnose ./internal/pod
//
// The tree is not touched: an overlay of the build holds all faults at once, each behind a switch, so that the tests
// are built once and a fault costs no more than the cases that come by it. What does not compile is not counted.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
)

func main() {
	seed := flag.Uint64("seed", 1, "which faults are picked")
	n := flag.Int("n", 100, "how many are picked; 0 for all")
	kind := flag.String("kind", "", "only faults of these kinds, separated by commas, such as blame,variant,certainty")
	hard := flag.Bool("hard", false, "smaller faults too: half of a condition, a boundary, any string")
	all := flag.Bool("v", false, "print the faults that are noticed, too")
	flag.Parse()
	patterns := flag.Args()
	if len(patterns) == 0 {
		patterns = []string{"./internal/causes/..."}
	}
	if err := run(patterns, *kind, *hard, *seed, *n, *all); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(patterns []string, kind string, hard bool, seed uint64, n int, all bool) error {
	rooms, err := open(patterns, hard)
	if err != nil {
		return err
	}
	gone, faults := 0, []*mutation{nil} // they count from 1
	for _, r := range rooms {
		for _, s := range r.sources {
			for _, m := range s.all {
				m.number = 1
			}
		}
		gone += r.check()
		for _, s := range r.sources {
			for _, m := range s.all {
				if m.number == 0 {
					continue
				}
				if m.number = 0; kind == "" || strings.Contains(","+kind+",", ","+m.kind+",") {
					m.number = len(faults)
					faults = append(faults, m)
				}
			}
		}
	}
	picked := rand.New(rand.NewPCG(seed, 0)).Perm(len(faults) - 1)
	if n > 0 && n < len(picked) {
		picked = picked[:n]
	}
	results, err := measure(rooms, faults, picked)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, i := range picked {
		result := results[i+1]
		if result == "" {
			result = unreached
		}
		if count[result]++; all || result != noticed {
			fmt.Printf("%-12s %s\n", result, faults[i+1])
		}
	}
	fmt.Printf("seed %d: %d of %d faults noticed (%d come by no case); there are %d, and %d more do not compile\n",
		seed, count[noticed], len(picked), count[unreached], len(faults)-1, gone)
	return nil
}
