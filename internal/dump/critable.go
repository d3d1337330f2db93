package dump

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// criHead is the head of a table of crictl, docker or nerdctl, behind whatever stands before it: a prompt, a mark of a
// quotation.
var criHead = match.Lazy(`(?m)^[>|\s\d]*(?:POD ID +CREATED +STATE +NAME +NAMESPACE\b|` +
	`CONTAINER(?: ID)? +IMAGE +CREATED +STATE +NAME +ATTEMPT\b|CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS\b|` +
	`IMAGE +TAG +IMAGE ID +SIZE\b)`)

// criWords are words of which criHead needs one.
var criWords = []string{"POD ID", "CONTAINER", "IMAGE "}

var (
	criColumn = match.Lazy(`POD ID|CONTAINER ID|IMAGE ID|[A-Z]+`)
	exited    = match.Lazy(`^Exited \((-?\d+)\)`)
	criGap    = match.Lazy(`\s{2,}|\t`)
)

// criTables reads the tables of a text.
func criTables(data []byte) (out []criContainer) {
	var names []string
	var at [][]int
	for raw := range bytes.Lines(data) {
		line := strings.TrimRight(strings.ToValidUTF8(string(raw), "\uFFFD"), " \r\n")
		if criHead().MatchString(line) {
			at, names = criColumn().FindAllStringIndex(line, -1), criColumn().FindAllString(line, -1)
			continue
		}
		if strings.TrimSpace(line) == "" || names == nil {
			continue
		}
		if c := criRow(criCells(line, names, at)); c.id != "" {
			out = append(out, c)
		}
	}
	return out
}

// criCells takes a line apart where the columns begin, or where two spaces are, as in a table whose columns were moved.
func criCells(line string, names []string, at [][]int) map[string]string {
	cells := map[string]string{}
	fits := true
	for i, name := range names {
		from, to := at[i][0], len(line)
		if i+1 < len(names) {
			to = min(to, at[i+1][0])
		}
		if from > len(line) || from > 0 && from < len(line) && line[from-1] != ' ' {
			fits = false
			break
		}
		cells[name] = strings.TrimSpace(line[from:max(from, to)])
	}
	if fits {
		return cells
	}
	parts := criGap().Split(strings.TrimSpace(line), -1)
	if len(parts) > len(names) {
		return nil
	}
	cells = map[string]string{}
	for i, part := range parts {
		cells[names[i]] = part
	}
	return cells
}

// criRow makes a sandbox or a container of the cells of a line; one without id where it is of neither.
func criRow(cells map[string]string) criContainer {
	attempt, _ := strconv.Atoi(cells["ATTEMPT"])
	switch {
	case cells["COMMAND"] != "" || cells["STATUS"] != "":
		return dockerRow(cells)
	case cells["CONTAINER"]+cells["CONTAINER ID"] != "":
		return criContainer{id: hexOnly(cells["CONTAINER"] + cells["CONTAINER ID"]), sandbox: hexOnly(cells["POD ID"]),
			name: cells["NAME"], attempt: attempt, pod: cells["POD"], namespace: cells["NAMESPACE"]}
	case cells["NAMESPACE"] != "" && cells["POD ID"] != "":
		return criContainer{id: hexOnly(cells["POD ID"]), pod: cells["NAME"], namespace: cells["NAMESPACE"],
			attempt: attempt}
	}
	return criContainer{}
}

// dockerRow reads how docker calls what the kubelet made, k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT, and nerdctl,
// k8s://NAMESPACE/POD/CONTAINER.
func dockerRow(cells map[string]string) criContainer {
	c := criContainer{id: hexOnly(cells["CONTAINER ID"])}
	if rest, ok := strings.CutPrefix(cells["NAMES"], "k8s://"); ok {
		parts := append(strings.Split(rest, "/"), "", "")
		c.namespace, c.pod, c.name = parts[0], parts[1], parts[2]
	} else if parts := strings.Split(cells["NAMES"], "_"); len(parts) == 6 && parts[0] == "k8s" {
		c.name, c.pod, c.namespace, c.uid = parts[1], parts[2], parts[3], parts[4]
		c.attempt, _ = strconv.Atoi(parts[5])
		if c.name == "POD" {
			c.name = ""
		}
	}
	if m := exited().FindStringSubmatch(cells["STATUS"]); m != nil && m[1] != "0" {
		code, _ := strconv.ParseInt(m[1], 10, 32)
		c.state = ended(int32(code), "", "", "", "")
	}
	return c
}

// hexOnly is an id, or nothing where it is none.
func hexOnly(id string) string {
	if hexID().FindString(id) != id {
		return ""
	}
	return id
}
