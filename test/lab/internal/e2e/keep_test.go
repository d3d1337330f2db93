package e2e

import (
	"slices"
	"strings"
	"testing"
)

// TestNamed finds in a command what it touches on the node, so that it can be put back.
func TestNamed(t *testing.T) {
	for command, want := range map[string]string{
		"mkdir -p /srv/data":                                   "/srv/data",
		"sysctl -w net.ipv4.ip_forward=1":                      "",
		"echo '{\"local\":{\"path\":\"/mnt/a\"}}' | kubectl x": "/mnt/a",
		"hostPath: {path: /etc/passwd, type: File}":            "/etc/passwd",
		"kubectl get pod app":                                  "",
	} {
		var got []string
		for _, m := range absolute.FindAllStringSubmatch(command, -1) {
			got = append(got, m[1])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v", command, got)
		}
	}
	if m := setting.FindStringSubmatch("sysctl -w net.ipv4.ip_forward=1"); !slices.Contains(m, "net.ipv4.ip_forward") {
		t.Errorf("no sysctl in %v", m)
	}
}

// TestCalls runs only what calls kubectl, where others use the node.
func TestCalls(t *testing.T) {
	for command, want := range map[string]string{
		"echo '{}' | kubectl create -f -": "", "kubectl delete pod web": "", "kubectl get pods": "reads only",
		"mkdir /srv/data": "on the node", "kubectl drain lab-1": "of the whole node",
	} {
		if _, why := (&Runner{}).refusal(Fault{}, command); why != want {
			t.Errorf("%s: %q, not %q", command, why, want)
		}
	}
}
