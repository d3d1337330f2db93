package nodelog

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/match"
)

// An entry is one entry of a log, which may have several lines.
type entry struct {
	at   time.Time // zero where the line does not tell
	info bool      // it is no warning and no error
	text string    // what its program's logger was given: a message, with fields after it
	form form

	scanned int  // how much of text was looked at
	open    bool // a quoted value begins in that, and does not end
}

// grow adds a line that the entry goes on with.
func (e *entry) grow(line string) { e.text += e.gap() + line }

// gap is what stands between the lines of an entry: nothing where the line broke within a quoted value, which has no
// line breaks as it is written. It was wrapped by a terminal that it was copied from.
func (e *entry) gap() string {
	if e.form == logfmt || e.form == klog && strings.HasPrefix(e.text, `"`) {
		for ; e.scanned < len(e.text); e.scanned++ {
			switch e.text[e.scanned] {
			case '\\':
				e.scanned++
			case '"':
				e.open = !e.open
			}
		}
		if e.open {
			return ""
		}
	}
	return "\n"
}

// form is how a program writes its log.
type form int

const (
	plain form = iota // a message
	klog              // "message" key="value", or a message alone
	logfmt
	jsonObject
)

// parseEntry takes a line, without what journald or syslog put before it. It reports false for one that begins no
// entry.
func parseEntry(line string, now time.Time) (entry, bool) {
	if m := klogged().FindStringSubmatchIndex(line); m != nil {
		return entry{at: yearless("0102 15:04:05", line[m[4]:m[5]], now), info: line[0] == 'I', text: line[m[1]:],
			form: klog}, true
	}
	if isLogfmt(line) {
		e, inner := entry{text: line, form: logfmt}, ""
		eachField(line, func(key, value string) bool {
			switch key {
			case "time":
				e.at = zoned(value)
			case "level":
				e.info = isInfo(value)
			case "msg":
				inner = value
			}
			return key != "msg"
		})
		if klogged().MatchString(inner) || isLogfmt(inner) { // a supervisor (k0s) logs what its components do
			wrapped, _ := parseEntry(inner, now)
			if wrapped.form == klog && !e.at.IsZero() { // klog tells no zone
				wrapped.at = e.at
			}
			return wrapped, true
		}
		return e, true
	}
	if strings.HasPrefix(line, "{") && strings.HasSuffix(line, "}") {
		return parseJSON(line)
	}
	return entry{}, false
}

// isLogfmt reports whether a line is of containerd, CRI-O or docker, or of a plugin that writes as they do.
func isLogfmt(line string) bool {
	return strings.HasPrefix(line, "time=") || strings.HasPrefix(line, "level=") && strings.Contains(line, " msg=")
}

// isInfo reports whether a level is none that anybody has to look at.
func isInfo(level string) bool {
	return level == "info" || level == "debug" || level == "trace"
}

// object is an entry in JSON: of klog ("ts" in milliseconds, "v" where it is no error, "err"), or of logrus ("time",
// "level", "error").
type object struct {
	TS     float64   `json:"ts"`
	V      *float64  `json:"v"`
	Time   time.Time `json:"time"`
	Level  string    `json:"level"`
	Msg    string    `json:"msg"`
	Err    string    `json:"err"`
	Error  string    `json:"error"`
	PodUID string    `json:"podUID"`
	Pod    named     `json:"pod"`
	Secret named     `json:"secret"`

	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// named is the name of an object as klog writes it into JSON: {"name":"app","namespace":"shop"}, or in one text.
type named struct{ namespace, name string }

// UnmarshalJSON reads either form; what is of another is no name.
func (n *named) UnmarshalJSON(raw []byte) error {
	var text string
	var o struct{ Name, Namespace string }
	if json.Unmarshal(raw, &text) == nil {
		if before, after, ok := strings.Cut(text, "/"); ok {
			n.namespace, n.name = before, after
		}
	} else if json.Unmarshal(raw, &o) == nil {
		n.namespace, n.name = o.Namespace, o.Name
	}
	return nil
}

func (n named) String() string {
	if n.name == "" || n.namespace == "" {
		return ""
	}
	return n.namespace + "/" + n.name
}

func parseJSON(line string) (entry, bool) {
	var o object
	if json.Unmarshal([]byte(line), &o) != nil || o.Msg == "" {
		return entry{}, false
	}
	e := entry{at: o.Time, info: isInfo(o.Level) || o.Level == "" && o.V != nil, text: line, form: jsonObject}
	if o.TS > 0 && o.TS < 1e14 {
		e.at = time.UnixMicro(int64(o.TS * 1000))
	}
	return e, true
}

// A statement is what an entry says, and of which Pod.
type statement struct {
	message string
	routine bool   // it tells of no error, and of nothing that failed: the message is left out
	podUID  string // "" where it does not tell
	pod     string // NAMESPACE/NAME, where it tells
}

// parse takes an entry apart.
func (e *entry) parse() statement {
	var s statement
	msg, err := e.text, ""
	more := map[string]string{} // fields that a few messages need
	field := func(key, value string) bool {
		switch key {
		case "reason", "message", "secret":
			more[key] = value
		case "msg":
			msg = value
		case "err", "error", "networkReady": // kubelet.go: "Container runtime network not ready" networkReady="…"
			err = value
		case "podUID":
			s.podUID = value
		case "pod":
			s.pod = strings.Trim(value, `"`)
		}
		return true
	}
	switch e.form {
	case klog:
		if strings.HasPrefix(msg, `"`) {
			text, fields := cutValue(msg)
			msg = text
			eachField(fields, field)
		}
	case logfmt:
		msg = ""
		eachField(e.text, field)
	case jsonObject:
		var o object
		if json.Unmarshal([]byte(e.text), &o) == nil {
			msg, err, s.podUID, s.pod = o.Msg, o.Err+o.Error, o.PodUID, o.Pod.String()
			more = map[string]string{"reason": o.Reason, "message": o.Message, "secret": o.Secret.String()}
		}
	}
	if told := event(msg, more); told != "" {
		msg, err, e.info = told, "", false
	}
	s.routine = e.info && err == "" && !failing().MatchString(msg) || strings.HasPrefix(msg, counting)
	if !s.routine {
		s.message = joined(withoutSecrets(msg), withoutSecrets(err))
	}
	if s.podUID != "" && !isUID().MatchString(s.podUID) {
		s.podUID = ""
	}
	return s
}

// Denied begins what the kubelet says of a Pod that it turns away; the reason and the message of its status follow, as
// in its status. Source: pkg/kubelet, "Pod admission denied" since 1.21.
const Denied = "Pod admission denied: "

// event makes of what the kubelet logs, without a word of failure or with the decisive words in fields, what it says in
// an Event or in the Pod's status; "" where it says as much in its log.
func event(msg string, fields map[string]string) string {
	switch {
	case msg == "Pod admission denied" && fields["reason"] != "":
		return Denied + fields["reason"] + ": " + fields["message"]
	case strings.HasPrefix(msg, "Unable to retrieve pull secret") && fields["secret"] != "":
		_, name, _ := strings.Cut(fields["secret"], "/")
		return "Unable to retrieve some image pull secrets (" + name + "); attempting to pull the image may not succeed."
	}
	return ""
}

// counting begins what the kubelet (kubelet_pods.go of 1.37) says when it looks at the cgroup of a Pod that has none
// yet, or no more: it only wants to report the Pod's resources, and goes on without.
const counting = "failed to read memory cgroup "

var (
	failing   = match.Lazy(`(?i)\bfail(?:ed|ure|s)?\b|\berror\b`)
	operation = match.Lazy(
		`(?s)^Operation for ".*?" failed\. No retries permitted until .*?\(durationBeforeRetry [^)]*\)\. [Ee]rror: ` +
			`(.+)$`)
)

// joined is a message and its error in one. What says nothing of its own is left out.
func joined(msg, err string) string {
	msg = strings.TrimSpace(msg)
	if m := operation().FindStringSubmatch(msg); m != nil {
		msg = m[1]
	}
	switch {
	case err == "":
		return msg
	case msg == "" || msg == "Unhandled Error":
		return err
	}
	return strings.TrimSuffix(strings.TrimSuffix(msg, ", error"), ":") + ": " + err
}

var (
	isUID    = match.Lazy(`^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$`)
	namedUID = match.Lazy(`(?:podUID=\\*"?|[Uu]id:\\*"?|\(UID: \\*"?|/pods/|[a-z0-9]\(|` +
		`_)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[^0-9a-f-]|$)`)
)

// sandboxed is how containerd names the Pod of a sandbox: as Go prints the struct, and since 2.0 as protobuf does.
var sandboxed = match.Lazy(`[Nn]ame:\\*"?([a-z0-9][a-z0-9.-]*)\\*"?[ ,]+[Uu]id:\\*"?([0-9a-f-]{32,36})\\*"?[ ,]+` +
	`[Nn]amespace:\\*"?([a-z0-9][a-z0-9-]*)`)

// formatted is how the kubelet names a Pod in lines that are not structured. Source: pkg/kubelet/util/format, Pod.
var formatted = match.Lazy(`\b([a-z0-9][a-z0-9.-]*)_([a-z0-9][a-z0-9-]*)\(([0-9a-f-]{32,36})\)`)

// sandboxOf is the Pod of this UID, as NAMESPACE/NAME, where a line says that it is of its sandbox, or names
// both.
func sandboxOf(line, uid string) string {
	if m := sandboxed().FindStringSubmatch(line); m != nil && m[2] == uid {
		return m[3] + "/" + m[1]
	}
	if m := formatted().FindStringSubmatch(line); m != nil && m[3] == uid {
		return m[2] + "/" + m[1]
	}
	return ""
}

// podUIDIn is the UID that a line names as that of a Pod; "" where it names none.
func podUIDIn(line string) string {
	if m := namedUID().FindStringSubmatch(line); m != nil {
		return m[1]
	}
	return PodUID(line)
}
