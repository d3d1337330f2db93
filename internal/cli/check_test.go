package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vaultCause is a cause of a site's own, and vaultCase a case that it finds.
const (
	vaultCause = `stage: volumes
blame: Secret
signs:
- {kind: event, message: 'vault has no "(?P<secret>[^"]+)"'}
title: {en: 'Vault has no {secret}', zh: 'Vault 里没有 {secret}'}
why: {en: Nobody has written it yet., zh: 还没有人写入。}
fix:
- {do: {en: Write it., zh: 写进去。}, run: 'vault write {secret}', risk: none}
`
	vaultCase = `A volume needs what Vault does not have.
first: vault-empty

-- snapshot.yaml --
apiVersion: stuck.dev/v1alpha1
kind: SnapshotInfo
at: "2026-03-02T10:20:00Z"
-- pods.yaml --
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, uid: u-api, creationTimestamp: "2026-03-02T10:00:00Z"}
spec: {nodeName: n1, containers: [{name: app, image: "shop/api:1.4"}]}
status:
  phase: Pending
  startTime: "2026-03-02T10:00:01Z"
  containerStatuses: [{name: app, state: {waiting: {reason: ContainerCreating}}}]
-- events.yaml --
apiVersion: v1
kind: Event
metadata: {name: api.1, namespace: shop}
involvedObject: {kind: Pod, namespace: shop, name: api, uid: u-api}
type: Warning
reason: FailedMount
count: 9
firstTimestamp: "2026-03-02T10:00:02Z"
lastTimestamp: "2026-03-02T10:18:00Z"
source: {component: kubelet}
message: 'vault has no "api"' # want vault-empty
`
)

func TestCheckCauses(t *testing.T) {
	for name, c := range map[string]struct {
		cause, cases string
		code         int
		out          string
	}{
		"likely": {vaultCause, vaultCase, ExitFine,
			"vault-empty: fine; its signs make it likely (certainty: proven would say that they prove it), 1 case passed\n"},
		"proven": {"certainty: proven\n" + vaultCause, vaultCase, ExitFine,
			"vault-empty: fine; its signs prove it, 1 case passed\n"},
		"none": {"certainty: proven\n" + vaultCause, "", ExitFine, "vault-empty: fine; its signs prove it, no cases\n"},
		"fault": {strings.Replace(vaultCause, "none}", "slight}", 1), vaultCase, ExitStuck,
			"vault-empty: not right\n  DIR/vault-empty/cause.yaml:8: " +
				"fix[0].risk is \"slight\", which is none of none, low, disruptive, data-loss\n"},
		"case": {vaultCause, strings.Replace(vaultCase, " # want vault-empty", "", 1), ExitStuck,
			"vault-empty: not right\n  DIR/vault-empty/one.txtar: " +
				"events.yaml:11: vault-empty was found there, and nothing wants it\n"},
		"wanted": {strings.Replace(vaultCause, "vault has", "vault lost", 1), vaultCase, ExitStuck,
			"vault-empty: not right\n" +
				"  DIR/vault-empty/one.txtar: events.yaml:11 wants vault-empty, which was not found there\n" +
				"  DIR/vault-empty/one.txtar: events.yaml:11: csi-call-failed was found there, and nothing wants it\n" +
				"  DIR/vault-empty/one.txtar: vault-empty does not stand first\n"},
		"section": {vaultCause, vaultCase + "-- found --\nnothing\n", ExitStuck, "vault-empty: not right\n" +
			"  DIR/vault-empty/one.txtar: section found, line 1: it has \"nothing\", " +
			"and what comes out is \"likely vault-empty blames " +
			"Secret shop/api in Pod shop/api image=shop/api:1.4 node=n1 registry=docker.io secret=api\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			d := t.TempDir()
			folder := filepath.Join(d, "vault-empty")
			if err := os.Mkdir(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			for file, data := range map[string]string{"cause.yaml": c.cause, "one.txtar": c.cases} {
				if data == "" {
					continue
				}
				if err := os.WriteFile(filepath.Join(folder, file), []byte(data), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got := command(nil, "", nil, "causes", "check", d)
			if out := strings.ReplaceAll(got.out, d, "DIR"); got.code != c.code || out != c.out || got.err != "" {
				t.Errorf("exit code %d, want %d; output\n%s\nwant\n%s\nerrors %q", got.code, c.code, out, c.out, got.err)
			}
		})
	}
}

func TestCheckNothing(t *testing.T) {
	for args, want := range map[string]string{
		"causes check":      "check takes the folder of your own causes",
		"causes check none": "cannot read causes from none: no such file",
	} {
		if got := command(nil, "", nil, strings.Fields(args)...); got.code != ExitFailed || !strings.Contains(got.err, want) {
			t.Errorf("%s: exit code %d, errors %q", args, got.code, got.err)
		}
	}
}
