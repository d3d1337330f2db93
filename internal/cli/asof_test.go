package cli

import (
	"strings"
	"testing"
)

// TestAsOf holds that what a dump says that tells no instant is told as of the newest time in it, and never as of the
// time of the file: it may have been copied years later.
func TestAsOf(t *testing.T) {
	const old = `apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, uid: u-api, creationTimestamp: "2021-03-02T10:00:00Z"}
spec: {nodeName: n1, containers: [{name: app, image: shop/api:1.4}]}
status:
  phase: Pending
  startTime: "2021-03-02T10:00:00Z"
  containerStatuses:
  - {name: app, state: {waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image "shop/api:1.4"'}}}
---
apiVersion: v1
kind: Event
metadata: {name: api.1, namespace: shop}
involvedObject: {kind: Pod, namespace: shop, name: api, uid: u-api, fieldPath: 'spec.containers{app}'}
type: Warning
reason: Failed
count: 3
firstTimestamp: "2021-03-02T10:00:05Z"
lastTimestamp: "2021-03-02T10:04:00Z"
message: 'Failed to pull image "shop/api:1.4": manifest for shop/api:1.4 not found: manifest unknown'
`
	for _, c := range []struct {
		lang, dump string
		says       []string
	}{
		{"en", old, []string{"As of 2021-03-02 10:04 UTC", "for at least 4 min", "last at 10:04 UTC"}},
		{"zh", old, []string{"截至 2021-03-02 10:04 UTC", "至少已 4 分钟", "最近一次在 10:04 UTC"}},
		{"en", "apiVersion: stuck.dev/v1alpha1\nkind: SnapshotInfo\nat: \"2021-03-02T10:10:00Z\"\n---\n" + old,
			[]string{"for 10 min", "last 6 min ago"}},
	} {
		got := command(nil, c.dump, nil, "-f", "-", "--lang", c.lang)
		for _, says := range c.says {
			if !strings.Contains(got.out, says) {
				t.Errorf("%s: does not say %q:\n%s%s", c.lang, says, got.out, got.err)
			}
		}
		if strings.Contains(got.out, " days") || strings.Contains(got.out, "天") ||
			strings.Contains(got.out, "As of") == strings.Contains(c.dump, "SnapshotInfo") && c.lang == "en" {
			t.Errorf("%s:\n%s", c.lang, got.out)
		}
	}
	if got := command(nil, old, nil, "-f", "-", "-o", "json"); !strings.Contains(got.out, `"asOf": true`) ||
		!strings.Contains(got.out, `"at": "2021-03-02T10:04:00Z"`) {
		t.Error(got.out)
	}
}
