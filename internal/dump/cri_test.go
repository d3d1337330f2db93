package dump

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	corev1 "k8s.io/api/core/v1"
)

const (
	sandboxID = "f14c2e847264062b227c6ad990d1de14c10a525b20ed490bcdc8512962714df8"
	appID     = "0687a20132d681c4d1161cf36f132789b6445049a50319d20958248ff070e1cb"
	shopUID   = "3a488963-ecee-4aae-8f91-e1073f3c788e"
)

const podLabels = `"io.kubernetes.container.name": "app", "io.kubernetes.pod.name": "web",
 "io.kubernetes.pod.namespace": "shop", "io.kubernetes.pod.uid": "` + shopUID + `"`

// lineOfID is a line of containerd that names no Pod.
const lineOfID = `time="2026-03-02T10:00:00Z" level=error msg="StartContainer for \"` + appID +
	`\" failed" error="failed to create containerd task: ttrpc: closed"` + "\n"

// criLists are the forms in which runtimes list the same sandbox and container.
var criLists = map[string]string{
	"crictl pods and ps": `$ crictl pods
POD ID              CREATED             STATE               NAME                NAMESPACE           ATTEMPT             RUNTIME
f14c2e8472640       3 minutes ago       Ready               web                 shop                0                   (default)
$ crictl ps -a
CONTAINER           IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID              POD
0687a20132d68       c5f42a8bc0d99       3 minutes ago       Exited              app                 2                   f14c2e8472640       web
`,
	"crictl ps with namespaces": `CONTAINER           IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID              POD                 NAMESPACE
0687a20132d68       c5f42a8bc0d99       3 minutes ago       Exited              app                 2                   f14c2e8472640       web                 shop
`,
	"columns moved": `CONTAINER  IMAGE  CREATED  STATE  NAME  ATTEMPT  POD ID  POD  NAMESPACE
0687a20132d68  c5f42a8bc0d99  3 minutes ago  Exited  app  2  f14c2e8472640  web  shop
`,
	"crictl -o json": `{"items": [{"id": "` + sandboxID + `", "state": "SANDBOX_READY", "createdAt": "1764500000000000000",
 "metadata": {"attempt": 0, "name": "web", "namespace": "shop", "uid": "` + shopUID + `"}, "labels": {}}]}
{"containers": [{"id": "` + appID + `", "podSandboxId": "` + sandboxID + `", "state": "CONTAINER_EXITED",
 "metadata": {"attempt": 2, "name": "app"}, "labels": {"io.kubernetes.container.name": "app"}}]}`,
	"crictl inspect": `{"status": {"id": "` + appID + `", "metadata": {"attempt": 2, "name": "app"}, "exitCode": 0,
 "state": "CONTAINER_RUNNING", "labels": {` + podLabels + `}}, "info": {"sandboxID": "` + sandboxID + `"}}`,
	"docker ps": `CONTAINER ID   IMAGE     COMMAND        CREATED         STATUS         PORTS     NAMES
0687a20132d6   c5f42a8   "sleep 1000"   3 minutes ago   Up 3 minutes             k8s_app_web_shop_` + shopUID + `_2
`,
	"docker inspect": `[{"Id": "` + appID + `", "State": {"Status": "running", "ExitCode": 0}, "Name": "/k8s_app_web",
 "Config": {"Env": ["PASSWORD=x"], "Labels": {` + podLabels + `}}}]`,
	"nerdctl ps": `CONTAINER ID    IMAGE                     COMMAND         CREATED          STATUS    PORTS    NAMES
0687a20132d6    docker.io/library/x:1     "sleep 1000"    3 minutes ago    Up                 k8s://shop/web/app
`,
}

// TestIDs holds that a line which names nobody but a container is one of its Pod, where the runtime lists both.
func TestIDs(t *testing.T) {
	for form, list := range criLists {
		s := readCRI(t, map[string]string{"containerd.log": lineOfID, "list.txt": list})
		facts := cluster.Objects[nodefacts.NodeFacts](s)
		if len(facts) != 1 || len(facts[0].Logs) != 1 {
			t.Fatalf("%s: %d facts", form, len(facts))
		}
		pods := cluster.Objects[corev1.Pod](s)
		if len(pods) != 1 || pods[0].Namespace+"/"+pods[0].Name != "shop/web" {
			t.Errorf("%s: the line is of %v", form, names(pods))
		}
	}
}

// TestEnded holds that a list alone tells of a container that did not end well, how often and how, and of no other.
func TestEnded(t *testing.T) {
	for form, c := range map[string]struct{ list, want string }{
		"docker ps": {`CONTAINER ID   IMAGE     COMMAND        CREATED         STATUS                     PORTS     NAMES
0687a20132d6   c5f42a8   "sleep 1000"   3 minutes ago   Exited (3) 2 minutes ago             k8s_app_web_shop_` + shopUID + `_4
1687a20132d6   c5f42a8   "sleep 1000"   3 minutes ago   Exited (0) 2 minutes ago             k8s_init_web_shop_` + shopUID + `_0
`, "shop/web app 4 Error 3"},
		"crictl inspect": {`{"status": {"id": "` + appID + `", "metadata": {"attempt": 5, "name": "app"}, "state": "CONTAINER_EXITED",
 "exitCode": 137, "reason": "OOMKilled", "startedAt": "2026-03-02T10:00:00.1Z", "finishedAt": "2026-03-02T10:00:09Z",
 "labels": {` + podLabels + `}}}`,
			"shop/web app 5 OOMKilled 137"},
		"docker inspect": {`[{"Id": "` + appID + `", "State": {"Status": "created", "ExitCode": 127, "Error": "exec: \"x\": not found"},
 "Config": {"Labels": {` + podLabels + `}}}]`,
			"shop/web app 0 ContainerCannotRun 127"},
	} {
		var got []string
		for _, p := range cluster.Objects[corev1.Pod](readCRI(t, map[string]string{"list.txt": c.list})) {
			for _, s := range p.Status.ContainerStatuses {
				e := s.State.Terminated
				got = append(got, fmt.Sprintf("%s/%s %s %d %s %d", p.Namespace, p.Name, s.Name, s.RestartCount, e.Reason,
					e.ExitCode))
			}
		}
		if diff := cmp.Diff([]string{c.want}, got); diff != "" {
			t.Errorf("%s: wanted (-) and read (+) differ:\n%s", form, diff)
		}
	}
}

// TestIDsAlone holds that lists in which nothing is amiss answer no question.
func TestIDsAlone(t *testing.T) {
	for form, list := range criLists {
		_, err := ReadSources(time.Time{}, Source{Name: "d", FS: fstest.MapFS{"list.txt": {Data: []byte(list)}}})
		if err == nil || !strings.Contains(err.Error(), "sandboxes and containers") {
			t.Errorf("%s: %v", form, err)
		}
	}
}

func names(pods []*corev1.Pod) (out []string) {
	for _, p := range pods {
		out = append(out, p.Namespace+"/"+p.Name)
	}
	return out
}

func readCRI(t *testing.T, files map[string]string) *cluster.Snapshot {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, err := ReadSources(time.Time{}, Source{Name: "d", FS: m, Knows: func(line string) bool {
		return strings.Contains(line, "ttrpc")
	}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// FuzzCRI holds for any text that claims to be such a list: no panic, and no Pod without a name.
func FuzzCRI(f *testing.F) {
	for _, list := range criLists {
		f.Add([]byte(list))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadSources(time.Time{}, Source{Name: "d", FS: fstest.MapFS{"list.txt": {Data: data}}})
		if err != nil {
			return
		}
		for _, p := range cluster.Objects[corev1.Pod](s) {
			if p.Name == "" {
				t.Error("a Pod without a name")
			}
		}
	})
}
