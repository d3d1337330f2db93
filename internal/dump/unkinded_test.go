package dump

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
)

const (
	barePod   = `{"metadata":{"name":"%s","namespace":"shop"},"spec":{"containers":[{"name":"a"}]},"status":{}}`
	bareClass = `{"metadata":{"name":"fast"},"provisioner":"x"}`
	kindedPod = `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"%s","namespace":"shop"}}`
)

// TestUnkinded reads what tells no kind in the layouts of support bundles. Sources: Replicated's troubleshoot
// (pkg/collect/cluster_resources.go), the Insights operator (docs/gathered-data.md), kubectl (clusterinfo_dump.go),
// sonobuoy (pkg/client/results).
func TestUnkinded(t *testing.T) {
	pod := func(name string) string { return fmt.Sprintf(barePod, name) }
	for name, files := range map[string]map[string]string{
		"troubleshoot": {"b/cluster-resources/pods/shop.json": "[" + pod("a") + "]",
			"b/cluster-resources/storage-classes.json": "[" + bareClass + "]"},
		"insights": {"config/pod/shop/a.json": pod("a"), "config/storageclass/fast.json": bareClass},
		"lists":    {"pods.json": `{"items":[` + pod("a") + `]}`, "storageclasses.json": `{"items":[` + bareClass + `]}`},
		"wrapper": {"all.json": `{"pods":[` + pod("a") + `],"storageClasses":{"items":[` + bareClass + `],` +
			`"kind":"StorageClassList","apiVersion":"storage.k8s.io/v1"}}`},
		"watch": {"w.json": `{"type":"ADDED","object":` + fmt.Sprintf(kindedPod, "a") + `}` + "\n" +
			`{"type":"ADDED","object":{"kind":"StorageClass","apiVersion":"storage.k8s.io/v1",` +
			`"metadata":{"name":"fast"}}}` + "\n" +
			`{"type":"DELETED","object":` + fmt.Sprintf(kindedPod, "gone") + `}`},
		"cluster-info dump": {"dump": "{\n\"kind\": \"PodList\",\n\"apiVersion\": \"v1\",\n" +
			"\"items\": [" + pod("a") + "]\n}\n" +
			"==== START logs for container a of pod shop/a ====\n{\"kind\": broken [\n}{\n" + strings.Repeat("x {\n", 300) +
			"==== END logs for container a of pod shop/a ====\n" +
			"{\n\"kind\": \"StorageClassList\",\n\"apiVersion\": \"storage.k8s.io/v1\",\n" +
			"\"items\": [" + bareClass + "]\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for file, text := range files {
				fsys[file] = &fstest.MapFile{Data: []byte(text)}
			}
			s, err := ReadSources(time.Time{}, Source{FS: fsys})
			if err != nil {
				t.Fatal(err)
			}
			if !s.Has(cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "a"}) || len(s.OfKind("Pod")) != 1 ||
				!s.Has(cluster.Ref{Kind: "StorageClass", Name: "fast"}) || len(s.Gaps) > 0 {
				t.Errorf("Pods %v, classes %v, gaps %v", s.OfKind("Pod"), s.OfKind("StorageClass"), s.Gaps)
			}
		})
	}
}

// TestUnloggedCutOff says that the stream ends in a log.
func TestUnloggedCutOff(t *testing.T) {
	s, err := ReadSources(time.Time{}, Source{Name: "dump", R: strings.NewReader(fmt.Sprintf(kindedPod, "a") + "\n" +
		beginLog + "a of pod shop/a ====\nhello\n")})
	if err != nil || len(s.Gaps) != 1 || !s.Gaps[0].Lost {
		t.Errorf("%v, gaps %v", err, s.Gaps)
	}
}
