package cli

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"
)

// A bundle is what a program writes for whoever is asked for help: its files. Each is laid out as its program does it.
type bundle map[string]string

const clusterObjects = `apiVersion: v1
kind: Node
metadata: {name: n1, uid: n1-uid, creationTimestamp: "2026-01-01T03:00:00Z"}
status:
  conditions: [{type: Ready, status: "True", reason: KubeletReady, lastHeartbeatTime: "2026-01-02T03:49:00Z"}]
  nodeInfo: {kubeletVersion: v1.33.1, containerRuntimeVersion: containerd://2.0.5, osImage: Debian 12, architecture: amd64}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, creationTimestamp: "2026-01-01T03:00:00Z"}
status: {phase: Active}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: ebs.csi.aws.com
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: pv1}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], claimRef: {namespace: shop, name: data}}
status: {phase: Bound}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, volumeName: pv1}
status: {phase: Bound}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: fine, namespace: shop, uid: d1, generation: 1}
spec:
  replicas: 1
  selector: {matchLabels: {app: fine}}
  strategy: {type: RollingUpdate}
  template: {metadata: {labels: {app: fine}}, spec: {containers: [{name: app, image: "shop/api:1"}]}}
status: {observedGeneration: 1, replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1}
---
apiVersion: v1
kind: Service
metadata: {name: fine, namespace: shop}
spec: {selector: {app: fine}, ports: [{port: 80}]}
status: {loadBalancer: {}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {mode: fast}
`

// badImage is a Pod that tells by itself why it waits.
const badImage = `apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, uid: u1, creationTimestamp: "2026-01-02T03:00:00Z"}
spec: {nodeName: n1, containers: [{name: app, image: "registry.example.com/shop/api:9"}]}
status:
  phase: Pending
  startTime: "2026-01-02T03:00:01Z"
  conditions: [{type: PodScheduled, status: "True", lastTransitionTime: "2026-01-02T03:00:00Z"}]
  containerStatuses:
  - name: app
    image: "registry.example.com/shop/api:9"
    state:
      waiting:
        reason: ErrImagePull
        message: 'failed to pull and unpack image "registry.example.com/shop/api:9": failed to resolve reference
          "registry.example.com/shop/api:9": registry.example.com/shop/api:9: not found'
`

// inCluster are the objects of a cluster by resource, with a Pod that is stuck or without.
func inCluster(t *testing.T, stuck string) map[string][]map[string]any {
	t.Helper()
	all := map[string][]map[string]any{}
	for text := range strings.SplitSeq(clusterObjects+"---\n"+runningPod+"---\n"+stuck, "---\n") {
		var o map[string]any
		if err := yaml.Unmarshal([]byte(text), &o); err != nil {
			t.Fatal(err)
		}
		if kind, ok := o["kind"].(string); ok {
			name := strings.TrimSuffix(strings.ToLower(kind), "s") + "s"
			if kind == "StorageClass" {
				name = "storageclasses"
			}
			all[name] = append(all[name], o)
		}
	}
	return all
}

// bare are objects as Go's types are written: without their kind.
func bare(items []map[string]any) []map[string]any {
	var out []map[string]any
	for _, o := range items {
		o = maps.Clone(o)
		delete(o, "kind")
		delete(o, "apiVersion")
		out = append(out, o)
	}
	return out
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func asYAML(t *testing.T, v any) string {
	t.Helper()
	text, err := yaml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return "---\n" + string(text)
}

// listOf is a List of a kind, whose items tell their kind or do not.
func listOf(kind, version string, items []map[string]any) map[string]any {
	return map[string]any{"kind": kind + "List", "apiVersion": version, "metadata": map[string]any{"resourceVersion": "9"},
		"items": append([]map[string]any{}, items...)}
}

// static is what a program writes beside objects. Two lines of journald would end a file of such an archive.
func static(t *testing.T, name string) bundle {
	t.Helper()
	a, err := txtar.ParseFile("testdata/bundles/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	b := bundle{}
	for _, f := range a.Files {
		b[f.Name] = string(f.Data)
	}
	return b
}

// replicated is what `kubectl support-bundle` writes; before 0.30 or so objects had no kind there. Source:
// replicatedhq/troubleshoot, pkg/collect/cluster_resources.go.
func replicated(t *testing.T, in map[string][]map[string]any, old bool) bundle {
	b := static(t, "replicated")
	for name, at := range map[string]string{"pods": "pods/shop", "events": "events/shop",
		"deployments": "deployments/shop", "services": "services/shop", "persistentvolumeclaims": "pvcs/shop",
		"nodes": "nodes", "namespaces": "namespaces", "persistentvolumes": "pvs",
		"storageclasses": "storage-classes", "configmaps": "configmaps/shop"} {
		var what any = append([]map[string]any{}, bare(in[name])...)
		if !old {
			kind, version := "Pod", "v1"
			if len(in[name]) > 0 {
				kind, version = in[name][0]["kind"].(string), in[name][0]["apiVersion"].(string)
			}
			what = listOf(kind, version, in[name])
		}
		b["cluster-resources/"+at+".json"] = asJSON(t, what)
	}
	return b
}

// inspected is what `oc adm inspect` writes of a namespace and of nodes. Source: openshift/oc, pkg/cli/admin/inspect.
func inspected(t *testing.T, in map[string][]map[string]any) bundle {
	b := static(t, "inspect")
	b["namespaces/shop/shop.yaml"] = asYAML(t, in["namespaces"][0])
	b["namespaces/shop/core/replicationcontrollers.yaml"] = asYAML(t, listOf("ReplicationController", "v1", nil))
	b["namespaces/shop/batch/jobs.yaml"] = asYAML(t, listOf("Job", "batch/v1", nil))
	b["cluster-scoped-resources/core/nodes/n1.yaml"] = asYAML(t, in["nodes"][0])
	b["cluster-scoped-resources/core/persistentvolumes/pv1.yaml"] = asYAML(t, in["persistentvolumes"][0])
	for name, of := range map[string][3]string{"pods": {"core", "Pod", "v1"}, "events": {"core", "Event", "v1"},
		"configmaps": {"core", "ConfigMap", "v1"}, "services": {"core", "Service", "v1"},
		"persistentvolumeclaims": {"core", "PersistentVolumeClaim", "v1"}, "deployments": {"apps", "Deployment", "apps/v1"}} {
		b["namespaces/shop/"+of[0]+"/"+name+".yaml"] = asYAML(t, listOf(of[1], of[2], in[name]))
	}
	for _, p := range in["pods"] {
		name := p["metadata"].(map[string]any)["name"].(string)
		b["namespaces/shop/pods/"+name+"/"+name+".yaml"] = asYAML(t, p)
	}
	return b
}

// mustGather is what `oc adm must-gather` writes. Source: openshift/must-gather, collection-scripts.
func mustGather(t *testing.T, in map[string][]map[string]any) bundle {
	const image = "quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-4f688c54/"
	const kubelet = "host_service_logs/masters/kubelet_service.log"
	files, b := static(t, "must-gather"), bundle{}
	maps.Copy(files, inspected(t, in))
	files["nodes/n1/n1_logs_kubelet.gz"] = zipped(t, files[kubelet])
	files[kubelet] = "-- Logs begin at Thu 2026-01-01 03:00:00 UTC --\n" + files[kubelet]
	files["audit_logs/kube-apiserver/n1-audit.log.gz"] = zipped(t,
		`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","verb":"get"}`+"\n")
	files["insights-data/insights-2026-01-02-034000.tar.gz"] = insights(t, in).tarred(t)
	for name, text := range files {
		b[image+name] = text
	}
	b["must-gather.log"] = "[must-gather      ] OUT 2026-01-02T03:49:00Z Using must-gather plug-in image\n"
	b["timestamp"] = files["timestamp"]
	return b
}

// insights is what the Insights operator sends. Source: openshift/insights-operator, docs/insights-archive-sample.
func insights(t *testing.T, in map[string][]map[string]any) bundle {
	b := static(t, "insights")
	b["config/node/n1.json"] = asJSON(t, bare(in["nodes"])[0])
	b["config/persistentvolumes/pv1.json"] = asJSON(t, bare(in["persistentvolumes"])[0])
	for _, p := range bare(in["pods"]) {
		b["config/pod/shop/"+p["metadata"].(map[string]any)["name"].(string)+".json"] = asJSON(t, p)
	}
	return b
}

// sonobuoy is what `sonobuoy retrieve` brings. Source: vmware-tanzu/sonobuoy, pkg/discovery.
func sonobuoy(t *testing.T, in map[string][]map[string]any) bundle {
	b := static(t, "sonobuoy")
	for name, as := range map[string]string{"pods": "ns/shop/core_v1_pods", "events": "ns/shop/core_v1_events",
		"services": "ns/shop/core_v1_services", "configmaps": "ns/shop/core_v1_configmaps",
		"persistentvolumeclaims": "ns/shop/core_v1_persistentvolumeclaims", "deployments": "ns/shop/apps_v1_deployments",
		"nodes": "cluster/core_v1_nodes", "persistentvolumes": "cluster/core_v1_persistentvolumes",
		"storageclasses": "cluster/storage.k8s.io_v1_storageclasses"} {
		b["resources/"+as+".json"] = asJSON(t, append([]map[string]any{}, in[name]...))
	}
	return b
}

// clusterInfo is what `kubectl cluster-info dump --output-directory` writes. Source: kubectl, clusterinfo_dump.go.
func clusterInfo(t *testing.T, in map[string][]map[string]any, old bool) bundle {
	b := bundle{"shop/fine/logs.txt": "==== START logs for container app of pod shop/fine ====\npanic: nothing\n" +
		"==== END logs for container app of pod shop/fine ====\n"}
	for name, of := range map[string][3]string{"nodes": {"nodes", "Node", "v1"}, "pods": {"shop/pods", "Pod", "v1"},
		"events": {"shop/events", "Event", "v1"}, "services": {"shop/services", "Service", "v1"},
		"deployments": {"shop/deployments", "Deployment", "apps/v1"}, "none": {"shop/daemonsets", "DaemonSet", "apps/v1"},
		"no": {"shop/replication-controllers", "ReplicationController", "v1"}} {
		list := listOf(of[1], of[2], bare(in[name]))
		if old {
			delete(list, "kind")
			delete(list, "apiVersion")
		}
		b[of[0]+".json"] = asJSON(t, list)
	}
	return b
}

// rancher is what Rancher's logs collector writes on a node: mostly what kubectl prints for people.
func rancher(t *testing.T, stuck bool) bundle {
	b := static(t, "rancher")
	if stuck {
		maps.Copy(b, static(t, "rancher-stuck"))
	}
	b["journald/containerd"] = "-- No entries --\n"
	return b
}

// stream is what it prints where no folder is given.
func stream(b bundle) bundle {
	var all strings.Builder
	for _, name := range []string{"nodes.json", "shop/events.json", "shop/replication-controllers.json",
		"shop/services.json", "shop/daemonsets.json", "shop/deployments.json", "shop/pods.json", "shop/fine/logs.txt"} {
		all.WriteString(strings.TrimSuffix(b[name], "\n") + "\n")
	}
	return bundle{"dump.txt": all.String()}
}

// tarred is a bundle as one archive.
func (b bundle) tarred(t *testing.T) string {
	t.Helper()
	var archive bytes.Buffer
	out := tar.NewWriter(&archive)
	for _, name := range slices.Sorted(maps.Keys(b)) {
		err := out.WriteHeader(&tar.Header{Name: name, Size: int64(len(b[name])), Mode: 0o600, ModTime: now()})
		if _, e := out.Write([]byte(b[name])); err != nil || e != nil {
			t.Fatal(err, e)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return zipped(t, archive.String())
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bundles are all layouts.
func bundles(t *testing.T, stuck string) map[string]bundle {
	in := inCluster(t, stuck)
	all := map[string]bundle{
		"replicated": replicated(t, in, false), "old replicated": replicated(t, in, true),
		"inspect": inspected(t, in), "must-gather": mustGather(t, in), "insights": insights(t, in),
		"sonobuoy": sonobuoy(t, in), "rancher": rancher(t, stuck != ""),
		"cluster-info": clusterInfo(t, in, false), "old cluster-info": clusterInfo(t, in, true),
		"cluster-info stream": stream(clusterInfo(t, in, false)), "old cluster-info stream": stream(clusterInfo(t, in, true)),
	}
	return all
}

// write lays a bundle out in a folder, or in one archive, which is read in the same way.
func (b bundle) write(t *testing.T, packed bool) string {
	t.Helper()
	dir := t.TempDir()
	if packed {
		file := filepath.Join(dir, "bundle.tar.gz")
		if err := os.WriteFile(file, []byte(b.tarred(t)), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		file := filepath.Join(dir, "bundle", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b[name]), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, now(), now()); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "bundle")
}

// TestBundles reads what each program writes for whoever is asked for help: a Pod that is stuck is the one problem, and
// where nothing is stuck there is neither a problem nor a gap.
func TestBundles(t *testing.T) {
	type problem struct {
		Cause string
		Blame struct{ Kind, Namespace, Name string }
	}
	type report struct {
		Problems    []problem
		Unexplained []any
		Gaps        []any
		Pods        struct{ Seen, Stuck int }
	}
	read := func(b bundle, packed bool) (r report, said outcome) {
		said = command(nil, "", nil, "-f", b.write(t, packed), "-o", "json", "--sources")
		if err := json.Unmarshal([]byte(said.out), &r); err != nil {
			t.Fatal(err, said)
		}
		return r, said
	}
	for _, packed := range []bool{false, true} {
		for name, b := range bundles(t, "") {
			r, said := read(b, packed)
			if said.code != ExitFine || len(r.Problems)+len(r.Unexplained)+len(r.Gaps) > 0 || r.Pods.Seen == 0 {
				t.Errorf("a healthy bundle of %s (packed: %t): exit code %d\n%s\n%s", name, packed, said.code, said.out, said.err)
			}
		}
		for name, b := range bundles(t, stuckPod) {
			want, of := "secret-missing", "api-tls"
			if name == "insights" { // which has Events without what they are about
				b, want, of = bundles(t, badImage)[name], "image-not-found", "registry.example.com/shop/api:9"
			}
			r, said := read(b, packed)
			if said.code != ExitStuck || len(r.Problems) != 1 || r.Problems[0].Cause != want || r.Problems[0].Blame.Name != of ||
				len(r.Unexplained) > 0 || len(r.Gaps) > 0 || r.Pods.Stuck != 1 {
				t.Errorf("a bundle of %s (packed: %t) with a Pod that is stuck: exit code %d\n%s\n%s",
					name, packed, said.code, said.out, said.err)
			}
		}
	}
}
