package cli

import (
	"os"
	"strings"
	"testing"
)

// ended is a Pod of a Job that has failed, as kubectl describes it.
const ended = `Name:             load-x1
Namespace:        shop
Node:             n1/10.0.0.1
Start Time:       Mon, 02 Mar 2026 10:00:00 +0000
Status:           Failed
IP:               10.1.0.7
Controlled By:  Job/load
Containers:
  curl:
    Container ID:  containerd://7d1f
    Image:         shop/curl:8
    State:          Terminated
      Reason:       Error
      Exit Code:    6
      Started:      Mon, 02 Mar 2026 10:00:03 +0000
      Finished:     Mon, 02 Mar 2026 10:00:04 +0000
    Ready:          False
    Restart Count:  0
Conditions:
  Type              Status
  Initialized       True
  Ready             False
Events:
  Type    Reason     Age    From               Message
  ----    ------     ----   ----               -------
  Normal  Scheduled  8m41s  default-scheduler  Successfully assigned shop/load-x1 to n1
`

// TestDescribedPodIsAskedAbout holds that the description of one Pod asks about it, so that the failed Pod of a Job is
// told; among others it is history, as in a dump.
func TestDescribedPodIsAskedAbout(t *testing.T) {
	dir(t)
	other := strings.NewReplacer("load-x1", "load-x2", "Failed", "Succeeded", "Reason:       Error",
		"Reason:       Completed", "Exit Code:    6", "Exit Code:    0").Replace(ended)
	for name, text := range map[string]string{"one.txt": ended, "two.txt": ended + "\n" + other} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := command(nil, "", nil, "-f", "one.txt"); got.code != ExitStuck ||
		!strings.Contains(got.out, "Container curl failed (exit code 6)") {
		t.Errorf("exit code %d of\n%s%s", got.code, got.out, got.err)
	}
	if got := command(nil, "", nil, "-f", "two.txt"); got.code != ExitFine {
		t.Errorf("exit code %d of\n%s%s", got.code, got.out, got.err)
	}
}

// TestFolderOfContainerLogs holds that a folder in which nothing but a log was found that may be a container's own says
// so, and not that there is nothing.
func TestFolderOfContainerLogs(t *testing.T) {
	dir(t)
	const line = `E1123 08:52:51.344932   11602 pod_workers.go:1338] "Error syncing pod, skipping" pod="shop/web"` + "\n"
	if err := os.Mkdir("logs", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("logs/app.log", []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := command(nil, "", nil, "-f", "logs"); got.code != ExitFailed ||
		!strings.Contains(got.err, "app.log may be a container's own words") {
		t.Errorf("exit code %d of\n%s%s", got.code, got.out, got.err)
	}
}
