package dump

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kyaml "sigs.k8s.io/yaml"
)

const password = "hunter2"

// secretive are objects that hold the password wherever one may stand.
var secretive = []string{
	`{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop, managedFields: [{manager: hunter2}],
    annotations: {kubectl.kubernetes.io/last-applied-configuration: "{\"p\":\"hunter2\"}"}},
  data: {p: ` + base64.StdEncoding.EncodeToString([]byte(password)) +
		`, q: hunter2}, stringData: {r: hunter2}, type: Opaque}`,
	`{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop,
    annotations: {kubectl.kubernetes.io/last-applied-configuration: "hunter2",
    keep: hunter2, deployment.kubernetes.io/revision: "7"}},
  data: {p: hunter2, q: "a: hunter2"}, binaryData: {r: aHVudGVyMg==}}`,
	`{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {` + secretiveContainers + `}}`,
	`{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: shop}, spec: {template: {spec: {` +
		secretiveContainers + `}}}}`,
	`{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: d, namespace: shop}, spec: {template: {spec: {` +
		secretiveContainers + `}}}}`,
	`{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: d, namespace: shop}, spec: {template: {spec: {` +
		secretiveContainers + `}}}}`,
	`{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: d, namespace: shop}, spec: {template: {spec: {` +
		secretiveContainers + `}}}}`,
	`{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: shop}, spec: {template: {spec: {` +
		secretiveContainers + `}}}}`,
	`{apiVersion: v1, kind: Secret, metadata: {name: wrong, namespace: shop}, data: [hunter2], stringData: hunter2, ` +
		`type: [hunter2]}`,
	`{apiVersion: v1, kind: Endpoints, metadata: {name: other}, spec: hunter2}`,
}

const secretiveContainers = `containers: [{name: a, env: [{name: KEY, value: hunter2},
    {name: NUMBER, value: {hunter2: hunter2}}, {name: FROM, valueFrom: {secretKeyRef: {name: s, key: p}}}]}],
  initContainers: [{name: b, env: [{name: KEY, value: hunter2}]}],
  ephemeralContainers: [{name: c, env: [{name: KEY, value: hunter2}]}]`

// texts calls visit with every text that can be reached from a value, exported or not.
func texts(v reflect.Value, seen map[any]bool, visit func(string)) {
	switch v.Kind() {
	case reflect.String:
		visit(v.String())
	case reflect.Pointer:
		if p := v.UnsafePointer(); !v.IsNil() && !seen[p] {
			seen[p] = true
			texts(v.Elem(), seen, visit)
		}
	case reflect.Interface:
		texts(v.Elem(), seen, visit)
	case reflect.Struct:
		for i := range v.NumField() {
			texts(v.Field(i), seen, visit)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			texts(it.Key(), seen, visit)
			texts(it.Value(), seen, visit)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
			visit(string(v.Bytes()))
			return
		}
		for i := range v.Len() {
			texts(v.Index(i), seen, visit)
		}
	}
}

func TestReadHoldsNoValues(t *testing.T) {
	var asJSON []string
	for _, o := range secretive {
		j, err := kyaml.YAMLToJSON([]byte(o))
		if err != nil {
			t.Fatal(err)
		}
		asJSON = append(asJSON, string(j))
	}
	for name, files := range map[string]map[string]string{
		"documents": {"x.yaml": strings.Join(secretive, "\n---\n")},
		"YAML list": {"x.yaml": "items:\n- " + strings.Join(secretive, "\n- ") + "\nkind: List\n"},
		"flow list": {"x.yaml": "{kind: List, items: [" + strings.Join(secretive, ",\n ") + "]}\n"},
		"values":    {"x.json": strings.Join(asJSON, "\n")},
		"JSON list": {"x.json": kubectlList(asJSON...)},
		"typed list": {"x.json": `{"kind":"SecretList","apiVersion":"v1","items":[` + asJSON[0] + "]}",
			"y.json": strings.Join(asJSON[1:], "")},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustRead(t, files)
			if n := len(holds(s)); n != len(secretive)-1 {
				t.Errorf("%d objects: %q", n, gaps(s))
			}
			texts(reflect.ValueOf(s), map[any]bool{}, func(text string) {
				if strings.Contains(text, password) || strings.Contains(text, "aHVudGVyMg") {
					t.Errorf("the snapshot holds %q", text)
				}
			})
			secret, _ := cluster.Get[corev1.Secret](s, "shop", "s")
			expect(t, "keys of the Secret", secret.Data, map[string][]byte{"p": nil, "q": nil, "r": nil})
			config, _ := cluster.Get[corev1.ConfigMap](s, "shop", "c")
			expect(t, "keys of the ConfigMap", []any{config.Data, config.BinaryData},
				[]any{map[string]string{"p": "", "q": ""}, map[string][]byte{"r": nil}})
			expect(t, "annotations", config.Annotations, map[string]string{"deployment.kubernetes.io/revision": "7"})
			pod, _ := cluster.Get[corev1.Pod](s, "shop", "p")
			expect(t, "environment", pod.Spec.Containers[0].Env, []corev1.EnvVar{{Name: "KEY"}, {Name: "NUMBER"},
				{Name: "FROM", ValueFrom: &corev1.EnvVarSource{
					SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "s"}, Key: "p"}}}})
			_, files := writeRead(t, s)
			for file, f := range files {
				if strings.Contains(string(f.Data), password) {
					t.Errorf("%s holds the password", file)
				}
			}
		})
	}
}

// What an API server sends is trimmed by Add, with the same outcome.
func TestAddHoldsNoValues(t *testing.T) {
	env := []corev1.Container{{Name: "a", Env: []corev1.EnvVar{{Name: "KEY", Value: password}}}}
	b := cluster.NewBuilder(time.Unix(1, 0))
	b.Add("Secret", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"},
		Data: map[string][]byte{"p": []byte(password)}, StringData: map[string]string{"q": password}})
	b.Add("Pod", &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p"},
		Spec: corev1.PodSpec{InitContainers: env, Containers: env}})
	b.Add("Deployment", &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "d"},
		Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: env}}}})
	texts(reflect.ValueOf(b.Snapshot()), map[any]bool{}, func(text string) {
		if strings.Contains(text, password) {
			t.Errorf("the snapshot holds %q", text)
		}
	})
}

// Read skips while it decodes what Add removes from decoded objects. The outcome has to be the same,
// and the same as what Kubernetes' own decoders make of it.
func TestReadIsDecodingAndAdding(t *testing.T) {
	for _, dir := range captures(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			read, err := Read(os.DirFS(dir), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			b := cluster.NewBuilder(read.At)
			files, _ := filepath.Glob(filepath.Join(dir, "*.yaml"))
			for _, file := range files {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				var list struct{ Items []json.RawMessage }
				if err := kyaml.Unmarshal(data, &list); err != nil {
					t.Fatal(err)
				}
				for _, item := range list.Items {
					var m metav1.TypeMeta
					json.Unmarshal(item, &m)
					if k, ok := kindOf(header{m.APIVersion, m.Kind}); ok {
						o := k.New()
						if err := json.Unmarshal(item, o); err != nil {
							t.Fatal(err)
						}
						b.Add(k.Name, o)
					}
				}
			}
			added := b.Snapshot()
			for _, k := range cluster.Kinds {
				if diff := cmp.Diff(added.OfKind(k.Name), read.OfKind(k.Name), same); diff != "" {
					t.Errorf("decoded (-) and read (+) differ:\n%.2000s", diff)
				}
			}
		})
	}
}
