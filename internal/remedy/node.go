package remedy

import (
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
)

// A System is what of a node decides how a command on it reads.
type System struct {
	Name    string // the node
	Image   string // its osImage: Ubuntu 24.04 LTS
	Runtime string // its containerRuntimeVersion: containerd://2.1.4
	Kubelet string // its kubeletVersion: v1.33.4+k3s1
}

// Families of systems, by what of them matters here.
const (
	debian     = "debian"
	redhat     = "redhat"
	suse       = "suse"
	fixed      = "fixed" // nothing is installed into it: Flatcar, Container-Optimized OS
	talos      = "talos"
	bottle     = "bottlerocket"
	windows    = "windows"
	unknownish = ""
)

var families = []struct {
	name func() *regexp.Regexp
	is   string
}{
	{match.Lazy(`(?i)talos`), talos},
	{match.Lazy(`(?i)bottlerocket`), bottle},
	{match.Lazy(`(?i)windows`), windows},
	{match.Lazy(`(?i)container-optimized|flatcar|coreos|kairos|microos|leap micro`), fixed},
	{match.Lazy(`(?i)debian|ubuntu|mint|raspbian`), debian},
	{match.Lazy(`(?i)red hat|rhel|centos|fedora|rocky|alma|oracle linux|amazon linux|azure linux|mariner|openeuler|` +
		`anolis|alibaba cloud linux|kylin|tencentos`), redhat},
	{match.Lazy(`(?i)suse`), suse},
}

// family is that of the system; "" where it is not known.
func (s *System) family() string {
	for _, f := range families {
		if s != nil && f.name().MatchString(s.Image) {
			return f.is
		}
	}
	return unknownish
}

var (
	onNode = match.Lazy(`^(?:systemctl|journalctl|crictl|ctr|apt-get|dnf|mkdir|mount|umount|ls|cat|df|du|ps|ip|iptables|` +
		`sysctl|modprobe|dmesg|findmnt|chmod|mv|rm|ss|kill|timedatectl|reboot|stat|nsenter|iostat|blkid|lsblk|fsck|` +
		`file|grep|curl|openssl|nc|resolvectl|getenforce|ausearch|aa-status|containerd|runc|dpkg|rpm)\b`)
	installs = match.Lazy(`^(apt-get|dnf) (?:install|reinstall)`)
	restarts = match.Lazy(`systemctl restart ((?:containerd|kubelet|crio)(?: kubelet)?)\b`)
	units    = match.Lazy(`journalctl -u (kubelet|containerd)\b`)
)

// Adapt writes a command for the node as that node's system has it, with what has to be said with it. Not ok where it
// is none for this system: a package manager that it does not have.
func (s *System) Adapt(run string) (string, []message.Message, bool) {
	family := s.family()
	if s == nil || !onNode().MatchString(run) {
		return run, nil, true
	}
	if m := installs().FindStringSubmatch(run); m != nil {
		switch {
		case family == debian && m[1] == "dnf", family == redhat && m[1] == "apt-get":
			return "", nil, false
		case family == suse && m[1] == "apt-get":
			return "", nil, false
		case family == suse:
			return strings.Replace(run, "dnf install", "zypper install", 1), nil, true
		case family == fixed || family == talos || family == bottle || family == windows:
			if m[1] == "dnf" {
				return "", nil, false // once is enough
			}
			return "", []message.Message{message.Of("remedy.image", "system", s.system())}, true
		}
	}
	switch family {
	case talos:
		return s.talos(run)
	case bottle:
		return s.named(run), []message.Message{message.Of("remedy.bottlerocket")}, true
	case windows:
		return "", []message.Message{message.Of("remedy.windows", "system", s.system())}, true
	}
	return s.named(run), nil, true
}

// system is what the node's system is called, as far as that is plain text.
func (s *System) system() string {
	if plainName().MatchString(s.Image) {
		return s.Image
	}
	return "this system"
}

var plainName = match.Lazy(`^[A-Za-z0-9][A-Za-z0-9 .()/_:+-]{0,80}$`)

// named is a command with the names that the runtime and the kubelet have on this node.
func (s *System) named(run string) string {
	runtime, kubelet := "containerd", "kubelet"
	switch {
	case strings.HasPrefix(s.Runtime, "cri-o"):
		runtime = "crio"
	case strings.HasPrefix(s.Runtime, "docker"):
		runtime = "docker"
	}
	switch {
	case strings.Contains(s.Kubelet, "+k3s"):
		runtime, kubelet = "k3s-agent", "k3s-agent"
	case strings.Contains(s.Kubelet, "+rke2"):
		runtime, kubelet = "rke2-agent", "rke2-agent"
	case strings.Contains(s.Kubelet, "+k0s"):
		runtime, kubelet = "k0sworker", "k0sworker"
	}
	unit := strings.NewReplacer("containerd", runtime, "kubelet", kubelet)
	run = restarts().ReplaceAllStringFunc(run, func(m string) string {
		words := strings.Fields(unit.Replace(m))
		if len(words) == 4 && words[2] == words[3] {
			words = words[:3]
		}
		return strings.Join(words, " ")
	})
	return units().ReplaceAllStringFunc(run, unit.Replace)
}

var (
	talosRestart = match.Lazy(`^systemctl restart (containerd|kubelet)$`)
	talosLogs    = match.Lazy(`^journalctl (?:-u (kubelet|containerd)\b|-t kata\b)`)
	talosLess    = match.Lazy(`^(dmesg|df|mount|ls|cat|ps|reboot)\b *(-[a-zA-Z]+ *)*(/\S*)?`)
)

// talos is a command for a node that has no shell.
func (s *System) talos(run string) (string, []message.Message, bool) {
	node, ok := argument.Word("node", s.Name)
	if !ok {
		node = argument.Placeholder("node")
	}
	on := "talosctl -n " + node + " "
	note := []message.Message{message.Of("remedy.talos")}
	if m := talosRestart().FindStringSubmatch(run); m != nil {
		return on + "service " + map[string]string{"containerd": "cri", "kubelet": "kubelet"}[m[1]] + " restart", note, true
	}
	if m := talosLogs().FindStringSubmatch(run); m != nil {
		return on + "logs " + map[string]string{"": "cri", "containerd": "cri", "kubelet": "kubelet"}[m[1]], note, true
	}
	if m := talosLess().FindStringSubmatch(run); m != nil {
		path := strings.TrimRight(m[3], ";|")
		switch m[1] {
		case "dmesg", "reboot":
			return on + m[1], note, true
		case "df", "mount":
			return on + "mounts", note, true
		case "ps":
			return on + "processes", note, true
		case "ls":
			return strings.TrimSpace(on + "list " + path), note, true
		case "cat":
			return strings.TrimSpace(on + "read " + path), note, true
		}
	}
	return "", []message.Message{message.Of("remedy.talos.none")}, true
}
