package e2e

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A line is kept where its fault was not run, written anew where it was, and dropped where it was wrong.
func TestTable(t *testing.T) {
	w := &Witness{Cause: "node-disk-full", Once: "fileSystems"}
	all := []Fault{{Name: "a", About: "A.", Node: w}, {Name: "b", About: "B.", Node: w}, {Name: "c", About: "C.",
		Node: w}, {Name: "d", About: "D."}}
	cited := map[string]Testimony{wayOnce: {Cited: []string{"logs[0].message", "fileSystems[0].bytesFree",
		"logs[1].message"}}}
	old := table(all, []Result{{Name: "a", Node: cited}, {Name: "b", Node: cited}}, "")
	got := table(all, []Result{{Name: "b", Err: errors.New("wrong")}, {Name: "c", Node: cited}, {Name: "d"}}, old)
	line := func(name, about string) string {
		return "| `" + name + "` | " + about +
			" | node-disk-full | – | `logs[].message` `fileSystems[0].bytesFree` | – |\n"
	}
	want := "| Fault | What is wrong | Proven cause | by the kubelet, through the API server | by `stuck-agent " +
		"--once` | by the DaemonSet |\n|---|---|---|---|---|---|\n" +
		line("a", "A") + line("c", "C") +
		"\nProven by the kubelet's own answers: 0; by `stuck-agent --once`: 2; by the DaemonSet: 0.\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
