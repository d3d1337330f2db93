package cli

import (
	"os"
	"strings"
	"testing"
)

// TestRetold gives logs and a table, which do not tell what made a Pod or how it is set: no command is made for what is
// not known, none for a Pod that is made up, and nothing is proven by what a text does not show.
func TestRetold(t *testing.T) {
	const refused = `failed to pull and unpack image \"reg.example.com/x:1\": authorization failed: ` +
		`no basic auth credentials`
	for name, c := range map[string]struct {
		text        string
		want, never []string
	}{
		"a line of no Pod": {
			`time="2026-11-23T08:52:51Z" level=error msg="PullImage failed" error="` + refused + `"` + "\n",
			[]string{"1 problem found, named by no Pod", "reg.example.com/x:1"}, []string{"line-", "replace --force"}},
		"a line of a Pod": {
			`E1123 08:52:51.344932   11602 pod_workers.go:1338] "Error syncing pod, skipping" err="failed to ` +
				`\"StartContainer\" for \"web\" with ErrImagePull: \"` + strings.ReplaceAll(refused, `\"`, "") + `\"" ` +
				`pod="shop/web" podUID="07517c0f-6e76-4b2b-935f-6a861da04830"` + "\n",
			[]string{"shop/web", "ErrImagePull", "likely, not proven"}, []string{"replace --force", "is alone"}},
		"a table": {
			"NAME  READY  STATUS             RESTARTS  AGE\nweb   0/1    CrashLoopBackOff   9         1h\n",
			[]string{"default/web", "CrashLoopBackOff"}, []string{"replace --force", "is alone"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir(t)
			if err := os.WriteFile("kubelet.log", []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got := command(nil, "", nil, "-f", "kubelet.log")
			if got.code != ExitStuck {
				t.Errorf("exit code %d: %s", got.code, got.err)
			}
			for _, w := range c.want {
				if !strings.Contains(got.out, w) {
					t.Errorf("%q is not in\n%s", w, got.out)
				}
			}
			for _, n := range c.never {
				if strings.Contains(got.out, n) {
					t.Errorf("%q is in\n%s", n, got.out)
				}
			}
		})
	}
}
