package dump

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// written is what a container writes into its log that wants to be heard: lines of a kubelet, a whole object, a
// description, a table.
var written = map[string]string{
	"kubelet": kubeletLog,
	"journal": "Nov 23 08:52:52 n1 kubelet[1]: E1123 08:52:52.000000   11602 kubelet.go:2400] \"Container runtime " +
		"network not ready\" networkReady=\"cni plugin not initialized\" pod=\"shop/app\" podUID=\"" + uid + "\"\n",
	"YAML": "apiVersion: v1\nkind: Pod\nmetadata: {name: app, namespace: shop}\nspec: {nodeName: n1}\n",
	"JSON": `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"app","namespace":"shop"}}` + "\n",
	"description": "Name:         app\nNamespace:    shop\nNode:         n1/10.0.0.1\nStatus:       Pending\n" +
		"Containers:\n  app:\n    Image:  x\nEvents:  <none>\n",
	"table": "NAMESPACE   NAME   READY   STATUS             RESTARTS   AGE\n" +
		"shop        app    0/1     ImagePullBackOff   0          1m\n",
}

// TestContainersAreNotHeard reads a bundle with the log of a container, which says what it likes: nothing of it is
// taken for what the cluster or a node says. The log of the node beside it is.
func TestContainersAreNotHeard(t *testing.T) {
	const real = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop"},"spec":{"nodeName":"n1"}}`
	knows := func(line string) bool { return strings.Contains(line, "cni plugin not initialized") }
	read := func(files map[string]string, packed bool) *cluster.Snapshot {
		t.Helper()
		fsys := fstest.MapFS{}
		var archive bytes.Buffer
		zip := gzip.NewWriter(&archive)
		out := tar.NewWriter(zip)
		for name, text := range files {
			fsys[name] = &fstest.MapFile{Data: []byte(text), ModTime: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
			if err := out.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o600}); err != nil {
				t.Fatal(err)
			}
			if _, err := out.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		out.Close()
		zip.Close()
		source := Source{Name: "bundle", FS: fsys, Knows: knows}
		if packed {
			source = Source{Name: "bundle.tar.gz", R: &archive, Knows: knows}
		}
		s, err := ReadSources(time.Time{}, source)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for what, text := range written {
		for _, name := range []string{"shop/web/logs.txt", "namespaces/shop/pods/web/web/web/logs/current.log",
			"var/log/pods/shop_web_1/web/0.log", "n1/pods/shop_kubelet_1/containerd/0.log", "podlogs/web.txt",
			"containers/kubelet-1_shop_web.log", "pod-logs/kubelet.log", "web.log", "web.log.1", "pods/web/logs/app"} {
			for _, packed := range []bool{false, true} {
				s := read(map[string]string{"pods.json": real, name: text}, packed)
				if s.Has(cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "app"}) ||
					len(cluster.Objects[nodefacts.NodeFacts](s)) > 0 || len(s.OfKind("Pod")) != 1 {
					t.Errorf("%s in %s is heard", what, name)
				}
			}
		}
	}
	for _, name := range []string{"kubelet.log", "n1/kubelet.log", "n1/journal.log",
		"host_service_logs/kubelet_service.log", "var_log/messages", "kubelet/1.log", "sos/journalctl_--unit_kubelet"} {
		s := read(map[string]string{"pods.json": real, name: kubeletLog}, false)
		if len(cluster.Objects[nodefacts.NodeFacts](s)) != 1 {
			t.Errorf("the log of a node in %s is not read", name)
		}
	}
}
