package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/casetest/mutate/fault"
)

// What becomes of a fault. The test TestFaults of the causes says so, a line for each: its number and the word.
const (
	noticed   = "noticed"
	survived  = "NOT NOTICED"
	unreached = "NOT REACHED"
	atStart   = "start" // it is asked about before the first case, so that it needs a process of its own
	endless   = "endless"
)

// measure builds the tests of the causes with all faults in them, and returns what became of those that were picked.
func measure(rooms []*room, faults []*mutation, picked []int) (map[int]string, error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	overlay, err := writeOverlay(dir, rooms)
	if err != nil {
		return nil, err
	}
	test := filepath.Join(dir, "causes.test")
	build := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", test, "./internal/causes")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the tests with the faults in them: %w\n%s", err, out)
	}
	results := map[int]string{}
	for {
		var rest []string
		for _, i := range picked {
			if results[i+1] == "" {
				rest = append(rest, strconv.Itoa(i+1))
			}
		}
		if len(rest) == 0 {
			break
		}
		if err := ask(test, rest, results); err != nil {
			return nil, err
		}
	}
	for n, result := range results {
		switch result {
		case atStart:
			results[n] = alone(n, test)
		case endless:
			results[n] = noticed
		case survived, unreached:
			if pkg := filepath.Dir(faults[n].file.name); !strings.HasPrefix(pkg, "internal/causes/") {
				results[n] = own(n, overlay, pkg, result)
			}
		}
	}
	return results, nil
}

// ask runs TestFaults for some faults. It ends early where one of them makes a case run for ever.
func ask(test string, numbers []string, results map[int]string) error {
	cmd := exec.Command(test, "-test.run", "^TestFaults$", "-test.timeout", "1h", "-test.v")
	cmd.Dir = "internal/causes"
	cmd.Env = append(os.Environ(), "STUCK_FAULTS="+strings.Join(numbers, " "))
	out, err := cmd.CombinedOutput()
	known := len(results)
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		line, ok := strings.CutPrefix(lines.Text(), "fault ")
		number, word, _ := strings.Cut(line, " ")
		if n, err := strconv.Atoi(number); ok && err == nil {
			results[n] = word
		}
	}
	if len(results) == known {
		return errors.Join(err, fmt.Errorf("the tests say nothing of any fault:\n%s", out))
	}
	return nil
}

// alone runs all cases and recordings with a fault that is on from the start.
func alone(n int, test string) string {
	cmd := exec.Command(test, "-test.run", "^(TestCases|TestRecordings)$", "-test.failfast", "-test.timeout", "2m")
	cmd.Dir = "internal/causes"
	return after(cmd, n, survived)
}

// own runs the tests of the package that a fault is in.
func own(n int, overlay, pkg, before string) string {
	return after(exec.Command("go", "test", "-vet=off", "-overlay", overlay, "./"+pkg), n, before)
}

func after(cmd *exec.Cmd, n int, otherwise string) string {
	cmd.Env = append(os.Environ(), fault.Env+"="+strconv.Itoa(n))
	if cmd.Run() != nil {
		return noticed
	}
	return otherwise
}

// writeOverlay writes the files with their faults, and what makes the go command take them for those of the tree.
func writeOverlay(dir string, rooms []*room) (string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for _, r := range rooms {
		for _, s := range r.sources {
			to := filepath.Join(dir, fmt.Sprint(len(replace), ".go"))
			text, _ := s.write()
			if err := os.WriteFile(to, text, 0o644); err != nil {
				return "", err
			}
			replace[filepath.Join(wd, s.name)] = to
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, data, 0o644)
}
