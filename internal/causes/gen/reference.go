package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/causes/causefile"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
)

// reference is the page about every field of a cause.yaml. The lists in it of what there is are made here.
const reference = "../../docs/writing-a-cause.md"

var meanings = map[string]string{
	"stage admission": "the API server takes in the Pod that a workload's controller makes",
	"stage schedule":  "a node is found",
	"stage accept":    "its kubelet takes the Pod up",
	"stage volumes":   "volumes are attached and mounted",
	"stage sandbox":   "cgroup and sandbox are made",
	"stage network":   "the sandbox gets its address",
	"stage image":     "images are pulled",
	"stage create":    "containers are configured and created",
	"stage start":     "they start and stay up",
	"stage ready":     "they pass their probes, and the Pod is ready for the first time",
	"stage terminate": "the Pod ends and gives back what it held: not on the way, but in the way of another",

	"sign " + cluster.SignEvent:      "an Event about the Pod; or about its node, claim or volume, which is context",
	"sign " + cluster.SignWaiting:    "a container's `state.waiting`",
	"sign " + cluster.SignTerminated: "a container's `state.terminated` or `lastState.terminated`",
	"sign " + cluster.SignRejected:   "`status.reason` and `status.message` of a Pod that the kubelet refused or evicted",
	"sign " + cluster.SignCondition:  "a condition of the Pod; or of its node, which is context",
	"sign " + cluster.SignAttachment: "`attachError` or `detachError` of a VolumeAttachment",
	"sign " + cluster.SignLog:        "a line that the kubelet or the container runtime wrote",

	"risk none":       "nothing that runs is touched",
	"risk low":        "what runs goes on; something may be slow or missing for moments",
	"risk disruptive": "something that runs is interrupted",
	"risk data-loss":  "data can be lost",
}

// referenceLists are the lists of the page, by the name between whose marks they are.
func referenceLists() (map[string]string, error) {
	lists := map[string]string{}
	var unknown error
	row := func(list, kind, name string) {
		meaning := meanings[kind+" "+name]
		if meaning == "" {
			unknown = fmt.Errorf("%s: there is nothing to say about the %s %s: write it into meanings", reference, kind, name)
		}
		lists[list] += fmt.Sprintf("| `%s` | %s |\n", name, meaning)
	}
	for _, s := range pod.Stages {
		row("stages", "stage", string(s))
	}
	for _, k := range causefile.SignKinds {
		row("signs", "sign", k)
	}
	for _, r := range diagnose.Risks {
		row("risks", "risk", r)
	}
	for _, k := range diagnose.BlameKinds() {
		by := "the Pod's workload"
		if k == "Container" {
			by = "`{container}` of the Pod's workload"
		}
		if args := diagnose.BlameArguments(k); args != nil {
			by = "`{" + strings.Join(args, "}`, else `{") + "}`"
		}
		lists["blames"] += fmt.Sprintf("| `%s` | %s |\n", k, by)
	}
	for _, a := range diagnose.Arguments {
		at := ""
		if a.Stage != "" {
			at = fmt.Sprintf(" (stage `%s` only)", a.Stage)
		}
		lists["arguments"] += fmt.Sprintf("| `{%s}` | %s%s |\n", a.Name, a.Meaning, at)
	}
	for _, t := range argument.Types {
		lists["types"] += fmt.Sprintf("| %s | %s |\n", t.Name, t.Meaning)
		if t != argument.Text {
			lists["types"] += fmt.Sprintf("| | `{%s}` |\n", strings.Join(argument.NamesOf(t), "}` `{"))
		}
	}
	return lists, unknown
}

// referencePage is the page with its lists made anew, which are between marks: <!-- stages --> and <!-- /stages -->.
func referencePage(dir string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(dir, reference))
	if err != nil {
		return nil, err
	}
	lists, err := referenceLists()
	if err != nil {
		return nil, err
	}
	page := string(data)
	for name, rows := range lists {
		begins, ends := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
		before, rest, ok := strings.Cut(page, begins)
		old, after, closed := strings.Cut(rest, ends)
		head, _, headed := strings.Cut(old, "|---|---|\n")
		if !ok || !closed || !headed {
			return nil, fmt.Errorf("%s has no place for the list of %s: it wants a table of two columns between %s and %s",
				reference, name, strings.TrimSpace(begins), strings.TrimSpace(ends))
		}
		page = before + begins + head + "|---|---|\n" + rows + ends + after
	}
	return []byte(page), nil
}
