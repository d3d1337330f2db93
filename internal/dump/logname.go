package dump

import (
	"path"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// A logName is whose log something is, as far as that is told.
type logName struct{ namespace, pod, container string }

// A name that a controller gives a Pod ends with five letters and digits, or with a number.
var (
	// pathNames are the layouts that the kubelet, must-gather, Replicated's and Sonobuoy's collectors have, and how
	// people name a file. Of each the groups are namespace, Pod and container.
	pathNames = match.Lazy(`(?:^|/)namespaces/([a-z0-9-]+)/pods/([a-z0-9.-]+)/([a-z0-9-]+)/(?:[a-z0-9-]+/)?logs/|` +
		`(?:^|/)([a-z0-9-]+)_([a-z0-9.-]+)_[0-9a-f-]{32,36}/([a-z0-9-]+)/\d+\.log|` +
		`(?:^|/)(?:pods/logs|podlogs|pod-logs)/([a-z0-9-]+)/([a-z0-9.-]+)/(?:logs/)?([a-z0-9-]+)\.(?:log|txt)`)
	linkName = match.Lazy(`(?:^|/)([a-z0-9.-]+)_([a-z0-9-]+)_([a-z0-9-]+)-[0-9a-f]{64}\.log`)
	dated    = match.Lazy(`20\d\d-?\d\d`)
	halfName = match.Lazy(`^(?:([a-z0-9-]+)_)?([a-z][a-z0-9.-]*-(?:[a-z0-9]{5}|\d{1,3}))(?:_([a-z0-9-]+))?$`)
	earlier  = match.Lazy(`[-_.](?:previous|prev|old|crash|crashed|last|logs?)$`)
)

// logNameOf is whose log a file is by its name and folders.
func logNameOf(file string) (n logName) {
	file = strings.ToLower(file)
	if m := pathNames().FindStringSubmatch(file); m != nil {
		for i := 1; i < len(m); i += 3 {
			if m[i] != "" {
				return logName{m[i], m[i+1], strings.TrimSuffix(m[i+2], "-previous")}.checked()
			}
		}
	}
	if m := linkName().FindStringSubmatch(file); m != nil {
		return logName{m[2], m[1], m[3]}.checked()
	}
	base := path.Base(file)
	base = strings.TrimSuffix(base, path.Ext(base))
	base = earlier().ReplaceAllString(earlier().ReplaceAllString(base, ""), "")
	if dated().MatchString(base) {
		return n
	}
	if m := halfName().FindStringSubmatch(base); m != nil {
		return logName{m[1], m[2], m[3]}.checked()
	}
	return n
}

var (
	// asksLog is a command that prints a log, behind a prompt or at the beginning of a line.
	asksLog = match.Lazy(`(?m)^(?:[^\n]{0,80}[$#>%❯➜~] ?|\+ ?)?(?:sudo )?(?:(?:kubectl|oc|k|k3s kubectl|` +
		`microk8s kubectl) [^|;\n]*?\blogs\b|(?:docker|podman|nerdctl|crictl) (?:-\S+ )*logs\b|stern |kubetail )([^\n]*)$`)
	// prompts is another command, or a fence: what follows is no log any more.
	prompts = match.Lazy("^(?:\\S*[$#%>❯] *(?:sudo )?(?:kubectl|oc|k|crictl|docker) |" +
		"\\[?[\\w.-]+@[\\w.-]+[^\\n]{0,40}?[$#%] |\\s*(?:```|~~~|\\{noformat\\}))")
)

// withValue are flags that have a value of their own behind them.
var withValue = []string{"--tail", "--since", "--since-time", "-l", "--selector", "--context", "--kubeconfig",
	"--cluster", "--limit-bytes"}

// askedLog is whose log a command prints.
func askedLog(line string) (n logName, ok bool) {
	m := asksLog().FindStringSubmatch(line)
	if m == nil {
		return n, false
	}
	before, behind, _ := strings.Cut(line, "logs")
	words := append(strings.Fields(before), "logs")
	for _, word := range strings.Fields(behind) {
		if strings.ContainsAny(word[:1], "|>;&$`2") {
			break
		}
		words = append(words, word)
	}
	asked := !strings.Contains(before, "docker") && !strings.Contains(before, "crictl")
	for i := 0; i < len(words); i++ {
		flag, value, set := strings.Cut(words[i], "=")
		if !set && i+1 < len(words) {
			value = words[i+1]
		}
		switch {
		case flag == "-n" || flag == "--namespace":
			n.namespace = value
		case flag == "-c" || flag == "--container":
			n.container = value
		case slices.Contains(withValue, flag):
		case strings.HasPrefix(flag, "-n") && !strings.HasPrefix(flag, "-no"):
			n.namespace = flag[2:]
			continue
		case flag == "logs":
			n.pod = ""
			continue
		case strings.HasPrefix(flag, "-") || !asked || i <= len(strings.Fields(before)):
			continue
		case n.pod == "":
			n.pod = strings.TrimPrefix(strings.TrimPrefix(flag, "pods/"), "pod/")
			continue
		case n.container == "":
			n.container = flag
			continue
		}
		if !set {
			i++ // the value
		}
	}
	if strings.Contains(n.pod, "/") { // of a workload
		n.pod = ""
	}
	return n.checked(), true
}

var (
	isLabel = match.Lazy(`^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$`)
	isName  = match.Lazy(`^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$`)
)

// checked is the name without what cannot be one.
func (n logName) checked() logName {
	if !isLabel().MatchString(n.namespace) {
		n.namespace = ""
	}
	if !isName().MatchString(n.pod) {
		n.pod = ""
	}
	if !isLabel().MatchString(n.container) {
		n.container = ""
	}
	return n
}

var (
	ofRuntime = match.Lazy(`^\d{4}-\d\d-\d\dT\S+ (?:stdout|stderr) ([FP]) (.*)$`)
	stamped   = match.Lazy(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d) `)
	bracketed = match.Lazy(`^\[pods?/([a-z0-9.-]+)/([a-z0-9-]+)\] ?`)                        // kubectl logs --prefix
	tailed    = match.Lazy(`^\[([a-z0-9.-]+-(?:[a-z0-9]{5}|\d{1,3}))(?: ([a-z0-9-]+))?\] ?`) // kubetail
	sterned   = match.Lazy(`^(?:([a-z0-9-]+) )?([a-z0-9.-]+-(?:[a-z0-9]{5}|\d{1,3})) (?:› )?([a-z0-9-]+) `)
	sternSays = match.Lazy(`^[+-] (?:([a-z0-9-]+) )?([a-z0-9.-]+) › ([a-z0-9-]+)\s*$`)
	composed  = match.Lazy(`^[a-z0-9._-]+-\d+ +\| `)
	// defaulted and using are what kubectl says of a choice that it made.
	defaulted = match.Lazy(`^Defaulted container "([a-z0-9-]+)" out of: `)
	using     = match.Lazy(`^Found \d+ pods, using pods?/([a-z0-9.-]+)`)
	// started is how kubectl cluster-info dump begins a log.
	started = match.Lazy(`^==== START logs for container ([a-z0-9-]+) of pod ([a-z0-9-]+)/([a-z0-9.-]+) ====`)
)
