package containercrashing

import (
	"testing"

	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// TestOwned gives a Pod's user no folder that programs of the node or people have: whoever writes the Pod chooses.
func TestOwned(t *testing.T) {
	for folder, want := range map[string]bool{"/srv/api": true, "/mnt/disk1/api": true, "/data/api": true, "/srv": false,
		"/opt/cni/bin": false, "/home/admin/.ssh": false, "/etc/cron.d": false, "/var/lib/kubelet": false,
		"/usr/local/bin": false, "/root": false, "/": false} {
		if got := owned().MatchString(folder); got != want {
			t.Errorf("%s: %v, want %v", folder, got, want)
		}
	}
}

// TestHides leaves an empty volume away where it would take the program, or what it reads, out of the container.
func TestHides(t *testing.T) {
	for _, c := range []struct {
		command    []string
		workingDir string
		at, folder string
		want       bool
	}{
		{[]string{"sh", "-c", "echo x > /work/out.txt"}, "", "/work/out.txt", "/work", false},
		{[]string{"/app/run", "--log=/app/log.txt"}, "", "/app/log.txt", "/app", true},
		{[]string{"run", "--log=/app/log.txt"}, "/app", "/app/log.txt", "/app", true},
		{[]string{"run", "--log=/app/log.txt"}, "/app/src", "/app/log.txt", "/app", true},
		{[]string{"run", "--dir=/etc"}, "", "/etc/lock", "/etc", true},
		{[]string{"ls", "/"}, "", "/lock", "/", true},
	} {
		w := words{Pass: &diagnose.Pass{Pod: &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{
			{Name: "app", Command: c.command, WorkingDir: c.workingDir}}}}}, container: "app"}
		if got := w.hides(c.folder, c.at); got != c.want {
			t.Errorf("%q in %q, %s: %v, want %v", c.command, c.workingDir, c.at, got, c.want)
		}
	}
}
