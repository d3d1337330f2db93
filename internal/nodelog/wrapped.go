package nodelog

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/match"
)

// containerLog is what a container runtime writes before a line of a container (CRI), and what kubectl logs
// --timestamps does.
var containerLog = match.Lazy(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(?:Z|[+-]\d\d:\d\d) ` +
	`(?:(?:stdout|stderr) [FP] )?([IWEF]\d{4} |time="|\{")`)

// timeless is what journalctl -o cat and a careful editor leave of journald's prefix: the program.
var timeless = match.Lazy(`(?s)^\s*(?:kubelet|containerd|dockerd|crio|cri-o|k3s|rke2|k0s|edgecore|hyperkube|` +
	`(?:microk8s\.)?(?:daemon-)?kubelite|microk8s\.daemon-containerd)\[\d+\]: (.*)$`)

// syslog5424 is the header of RFC 5424.
var syslog5424 = match.Lazy(`(?s)^<\d+>\d{1,2} (\S+) (\S+) (\S+) \S+ \S+ (?:-|\[.*?\]) ?(.*)$`)

// unwrapped is a line in the form in which journald prints it, without what keeps it: journalctl -o json, Docker's
// JSON, the CRI's log files, a syslog of RFC 5424.
func unwrapped(line string) string {
	if m := timeless().FindStringSubmatch(line); m != nil {
		return m[1]
	}
	switch {
	case strings.HasPrefix(line, "{") && strings.Contains(line, `"MESSAGE"`):
		return journal(line)
	case strings.HasPrefix(line, `{"log":"`):
		var o struct{ Log string }
		if json.Unmarshal([]byte(line), &o) == nil {
			return strings.TrimRight(o.Log, "\n")
		}
	case strings.HasPrefix(line, "<"):
		if m := syslog5424().FindStringSubmatch(line); m != nil {
			return Prefixed(zoned(m[1]), m[2], m[3], strings.TrimPrefix(m[4], "\ufeff"))
		}
	case strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t"): // as it was pasted; else it continues an entry
		flush := strings.TrimLeft(line, " \t")
		if klogged().MatchString(flush) || isLogfmt(flush) || prefixed().MatchString(flush) {
			return flush
		}
	case strings.HasPrefix(line, "# "): // a comment of whoever wrote it down
		if flush := strings.TrimLeft(line, "# "); klogged().MatchString(flush) || prefixed().MatchString(flush) {
			return flush
		}
	case strings.HasPrefix(line, "20"):
		if m := containerLog().FindStringSubmatchIndex(line); m != nil {
			return line[m[2]:]
		}
	}
	return line
}

// journal is an entry as journalctl -o json has it. A message that is no text is a list of bytes.
func journal(line string) string {
	var o struct {
		Message json.RawMessage `json:"MESSAGE"`
		Host    string          `json:"_HOSTNAME"`
		Program string          `json:"SYSLOG_IDENTIFIER"`
		Command string          `json:"_COMM"`
		Micros  string          `json:"__REALTIME_TIMESTAMP"`
	}
	if json.Unmarshal([]byte(line), &o) != nil {
		return line
	}
	var text string
	if json.Unmarshal(o.Message, &text) != nil {
		var numbers []uint16
		if json.Unmarshal(o.Message, &numbers) != nil {
			return line
		}
		for _, n := range numbers {
			text += string([]byte{byte(n)})
		}
	}
	if o.Program == "" {
		o.Program = o.Command
	}
	n, err := strconv.ParseInt(o.Micros, 10, 64)
	if err != nil || o.Host == "" || o.Program == "" {
		return text
	}
	return Prefixed(time.UnixMicro(n), o.Host, o.Program, text)
}

// Prefixed is a message with what journald prints before it.
func Prefixed(at time.Time, host, program, message string) string {
	return at.UTC().Format("2006-01-02T15:04:05.000000Z") + " " + host + " " + program + ": " + message
}
