package argument

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kubestuck/stuck/internal/casetest/hostile"
)

// plain is what a word is made of that means itself in every shell.
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/:@+=,-"

// good are values of each type, bad are those that look like it.
var good = map[*Type][]string{
	Label: {"shop", "a", "web-1"},
	Name:  {"web-7d9c8f6b5-x2x4z", "ip-10-0-1-7.eu-west-1.compute.internal", "4fa6c1", "pvc-7b6e"},
	Names: {"n1", "n1, n2, ip-10-0-0-1.internal"},
	Object: {"deployment/web", "pod/web-0", "rollout.argoproj.io/web",
		"postgresql/db.main"},
	Image: {"nginx", "nginx:1.99", "registry.example.com:5000/a/b_c/d:V1.2_x",
		"10.0.0.1/a@sha256:" + strings.Repeat("0f", 32),
		"sha256:" + strings.Repeat("0f", 32), "localhost/x", "a__b/c--d"},
	Path:      {"/", "/etc/cni/net.d/10-calico.conflist", "/opt/..data/x", "/run/user/1000/a@b"},
	File:      {"10-calico.conflist", "nfs-common", "containerd.service", "libstdc++6"},
	ID:        {"4fa6c1d2e3b4a5", strings.Repeat("0f", 32)},
	IP:        {"10.0.0.1", "fd00::1", "2001:db8::1:2"},
	Number:    {"0", "10250"},
	Quantity:  {"100m", "1.5Gi", "2", "3e3", "128974848"},
	Field:     {"spec.nodeName", "spec.containers[0].envFrom[1].secretRef.name"},
	Key:       {"tls.crt", ".dockerconfigjson", "HTTP_PROXY", "fs.inotify.max_user_instances", "_X"},
	Host:      {"registry.example.com", "10.0.0.1:5000", "localhost", "Registry.Example.com:443"},
	Qualified: {"cpu", "nvidia.com/gpu", "topology.kubernetes.io/zone", "requests.memory"},
	Pairs: {"app=web", "app=web,tier=db", "gpu=true:NoSchedule", "node.kubernetes.io/x:NoExecute",
		"cpu=100m,memory=1.5Gi", "a="},
	Kinds: {"get", "get,list", "pods", "deployments.apps", "pods/log", "ConfigMap"},
	User:  {"system:serviceaccount:shop:web", "alice@example.com", "admin"},
	Flag:  {"--previous"},
	Patch: {`[{"op":"remove","path":"/spec/template/spec/nodeSelector/kubernetes.io~1arch"}]`,
		`{"spec":{"schedule":"0 3 * * *"}}`,
		`{"spec":{"containers":[{"name":"a","$patch":"delete"}]}}`},
}

// TestTypes holds that each type takes its own values, and that no type takes what is not plain or begins with a dash.
func TestTypes(t *testing.T) {
	for _, typ := range Types {
		if typ != Text && len(good[typ]) == 0 {
			t.Errorf("%s: no value to try", typ.Name)
		}
		for _, v := range good[typ] {
			if !typ.Holds(v) {
				t.Errorf("%s does not hold %q", typ.Name, v)
			}
		}
		for _, v := range hostile.Values {
			if typ.Holds(v) {
				t.Errorf("%s holds %q", typ.Name, v)
			}
		}
		for _, v := range append(good[typ], "a", "0", "/", "/a", "a/b", "{}", "[]", `{"a":"b"}`) {
			everyByte(t, typ, v)
		}
	}
}

// everyByte puts every byte into every place of a value, and holds that what the type takes is plain.
func everyByte(t *testing.T, typ *Type, v string) {
	t.Helper()
	allowed, first := plain, "-.:@+=,"
	switch typ {
	case Patch:
		allowed = plain + `{}[]" ~*()$`
	case Field:
		allowed = plain + "[]"
	case Names:
		allowed = plain + " "
	case Flag:
		return // it has one value
	case Key:
		first = "-:@+=,"
	}
	for at := 0; at <= len(v); at++ {
		for b := range 256 {
			in := v[:at] + string([]byte{byte(b)}) + v[at:]
			if typ.Holds(in) && (strings.Trim(in, allowed) != "" || strings.ContainsRune(first, rune(in[0]))) {
				t.Errorf("%s holds %q", typ.Name, in)
			}
		}
	}
}

// TestWord holds what stands in a command.
func TestWord(t *testing.T) {
	for _, c := range []struct{ arg, value, want string }{
		{"pod", "web-0", "web-0"},
		{"nodes", "n1, n2", "n1 n2"},
		{"patch", `{"a":1}`, `'{"a":1}'`},
		{"previous", "--previous", "--previous"},
		{"pod", "--previous", ""},
		{"answer", "yes", ""},
		{"notdeclared", "yes", ""},
		{"pod", strings.Repeat("a", longest+1), ""},
		{"patch", fmt.Sprintf(`{"a":%q}`, strings.Repeat("a", longestPatch)), ""},
	} {
		if got, ok := Word(c.arg, c.value); got != c.want || ok != (c.want != "") {
			t.Errorf("Word(%s, %.40q) = %.40q, %v", c.arg, c.value, got, ok)
		}
	}
}

// TestDeclared holds that the table knows each type, and every argument once.
func TestDeclared(t *testing.T) {
	n := 0
	for _, typ := range Types {
		if len(NamesOf(typ)) == 0 {
			t.Errorf("no argument is of the type %s", typ.Name)
		}
		n += len(NamesOf(typ))
	}
	if n != len(declared()) {
		t.Errorf("%d arguments are of types that are listed, and there are %d", n, len(declared()))
	}
}
