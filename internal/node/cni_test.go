package node

import (
	"context"
	"fmt"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

func TestParseCNI(t *testing.T) {
	for _, c := range []struct{ file, data, network, err string }{
		{"a.conflist", `{"name":"net","plugins":[{"type":"bridge"}]}`, "net", ""},
		{"a.conf", `{"name":"net","type":"bridge","ipam":{"type":"whereabouts","ranges":"any","subnet":7}}`, "net", ""},
		{"a.json", `{"name":"net","type":"bridge"}`, "net", ""},
		{"a.conf", ``, "", "it is no JSON: unexpected end of JSON input (byte 0)"},
		{"a.conflist", `{"plugins":[{"type":"bridge"}]}`, "", "it has no name"},
		{"a.conflist", `{"name":"net"}`, "net", "it has no plugins"},
		{"a.conflist", `{"name":"net","plugins":[{"type":"bridge"},{"name":"x"}]}`, "net", "plugin 1 has no type"},
		{"a.conflist", `{"name":"net","plugins":[{"type":["bridge"]}]}`, "net", "plugin 0: type is a JSON array"},
		{"a.conflist", `[]`, "", "it is a JSON array"},
		// a list in a file for one
		{"a.conf", `{"name":"net","plugins":[{"type":"bridge"}]}`, "net", "plugin 0 has no type"},
		{"a.conf", `{"type":"bridge"}`, "", "it has no name"},
		{"a.conf", `{"name":"../x","type":"bridge"}`, "../x", `its name "../x" is none that CNI takes`},
	} {
		conf, err := parseCNI(c.file, []byte(c.data))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.err || conf.Name != c.network {
			t.Errorf("%s %s: %q of network %q; want %q of %q", c.file, c.data, got, conf.Name, c.err, c.network)
		}
	}
}

func FuzzCNI(f *testing.F) {
	f.Add("a.conflist",
		[]byte(
			`{"name":"net","plugins":[{"type":"bridge","ipam":{"type":"host-local","subnet":"10.0.0.0/24","rangeStart":`+
				`"10.0.0.5","ranges":[[{"subnet":"fd00::/64"}]]}}]}`))
	f.Add("a.conf", []byte(`{"name":"net","type":"calico","ipam":{"type":"calico-ipam"}}`))
	f.Fuzz(func(t *testing.T, file string, data []byte) {
		conf, err := parseCNI(file, data)
		if err == nil && (conf.Name == "" || len(conf.Plugins) == 0) {
			t.Errorf("a configuration of nothing is valid: %+v", conf)
		}
		for _, p := range conf.Plugins {
			p.programs()
			p.agentSocket()
			ranges, _ := p.IPAM.hostLocal(conf.Name)
			for _, r := range ranges {
				if r.facts.Size < 0 {
					t.Errorf("%+v has %d addresses", r.facts, r.facts.Size)
				}
			}
		}
	})
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		r    hostLocalRange
		size int64
	}{
		{hostLocalRange{Subnet: "10.244.1.0/24"}, 253}, // of 256: network, broadcast, gateway
		{hostLocalRange{Subnet: "10.244.1.7/24"}, 253}, // host bits do not count
		{hostLocalRange{Subnet: "10.244.1.0/24", From: "10.244.1.10", To: "10.244.1.19"}, 10},
		{hostLocalRange{Subnet: "10.244.1.0/24", From: "10.244.1.10", To: "10.244.1.19", Gateway: "10.244.1.12"}, 9},
		{hostLocalRange{Subnet: "10.244.1.0/24", Gateway: "10.244.1.254"}, 253},
		{hostLocalRange{Subnet: "10.244.1.0/30"}, 1},
		{hostLocalRange{Subnet: "10.244.1.0/31"}, 0},
		{hostLocalRange{Subnet: "10.244.1.0/32"}, 0},
		{hostLocalRange{Subnet: "255.255.255.255/32"}, 0},
		{hostLocalRange{Subnet: "10.0.0.0/24", From: "10.0.0.9", To: "10.0.0.3"}, 0},
		{hostLocalRange{Subnet: "10.0.0.0/24", From: "fd00::1"}, 0},
		{hostLocalRange{Subnet: "fd00::/120"}, 254},
		{hostLocalRange{Subnet: "fd00::/64"}, math.MaxInt64},
		{hostLocalRange{Subnet: "::/0"}, math.MaxInt64},
	} {
		a, err := c.r.addresses()
		if err != nil || a.facts.Size != c.size {
			t.Errorf("%+v has %d addresses, not %d (%v)", c.r, a.facts.Size, c.size, err)
		}
	}
	for _, r := range []hostLocalRange{{Subnet: "usePodCidr"}, {Subnet: "10.0.0.0/24", To: "none"}} {
		if _, err := r.addresses(); err == nil {
			t.Errorf("%+v is a range", r)
		}
	}
}

// TestLeakedAddresses reads a network whose addresses are given to a sandbox, to a container, to nobody, and to one
// that is just being made.
func TestLeakedAddresses(t *testing.T) {
	h := machine(t, "crio", "2026-11-25T12:00:00Z")
	(&fakeRuntime{version: &cri.VersionResponse{}, status: statusOf(`{}`, nil), sandboxes: []*cri.PodSandbox{
		{Id: "aa"}}, containers: []*cri.Container{{Id: "bb"}}}).serve(t, h, "/run/crio/crio.sock", "v1")
	dir := h.path("/var/lib/cni/networks/crio")
	for ip, content := range map[string]string{"10.85.0.11": "aa\r\neth0", "10.85.0.12": "bb",
		"10.85.0.13": "gone\neth0", "10.85.0.14": "new\neth0", "10.85.1.1": "elsewhere", "1100:200::5": "gone6",
		"lock": "", "last_reserved_ip.0": "10.85.0.14"} {
		file := filepath.Join(dir, ip)
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		made := sandboxNow.Add(-time.Hour)
		if ip == "10.85.0.14" {
			made = sandboxNow
		}
		if err := os.Chtimes(file, time.Time{}, made); err != nil {
			t.Fatal(err)
		}
	}
	set, err := readCNI(context.Background(), h)
	if err != nil {
		t.Fatal(err)
	}
	f := &nodefacts.NodeFacts{}
	set(f)
	want := []nodefacts.IPRange{
		{Network: "crio", Subnet: "10.85.0.0/16", From: "10.85.0.10", To: "10.85.0.19", Size: 10, Taken: 5, Live: 2,
			Leaked: []nodefacts.Leak{{IP: "10.85.0.10", ContainerID: fmt.Sprintf("%064x", 10)},
				{IP: "10.85.0.13", ContainerID: "gone"}}},
		{Network: "crio", Subnet: "1100:200::/24", Size: math.MaxInt64, Taken: 1, Leaked: []nodefacts.Leak{
			{IP: "1100:200::5", ContainerID: "gone6"}}},
	}
	if diff := cmp.Diff(want, f.CNI.Ranges); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestLeaksAreBounded(t *testing.T) {
	var given []allocation
	for ip := netip.MustParseAddr("10.0.0.1"); len(given) < 500; ip = ip.Next() {
		given = append(given, allocation{ip: ip, id: "x"})
	}
	a, err := (&hostLocalRange{Subnet: "10.0.0.0/16"}).addresses()
	if err != nil {
		t.Fatal(err)
	}
	if r := a.count(given, &criLists{}, sandboxNow); r.Taken != 500 || len(r.Leaked) != maxLeaks {
		t.Errorf("%d taken, %d leaked", r.Taken, len(r.Leaked))
	}
}

// TestAgentsSocket looks for the socket that a plugin hands its work to.
func TestAgentsSocket(t *testing.T) {
	h := machine(t, "debian-dup", "2026-11-25T12:00:00Z")
	dir := h.path("/etc/cni/other.d")
	for name, content := range map[string]string{"00-multus.conf": `{"name":"m","type":"cilium-cni"}`,
		"10-calico.conflist": "not read"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	set, err := readCNI(context.Background(), h)
	if err != nil {
		t.Fatal(err)
	}
	f := &nodefacts.NodeFacts{}
	set(f)
	if diff := cmp.Diff([]nodefacts.Socket{{Path: "/var/run/cilium/cilium.sock", Missing: true}},
		f.CNI.Sockets); diff != "" {
		t.Error(diff)
	}
	if err := os.WriteFile(filepath.Join(dir, "00-multus.conf"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	set, err = readCNI(context.Background(), h)
	if err != nil {
		t.Fatal(err)
	}
	set(f)
	for _, file := range f.CNI.Files { // containerd does not look behind the first
		if file.Wins || file.Name == "00-multus.conf" && !strings.HasPrefix(file.Invalid, "it is no JSON") {
			t.Errorf("%+v", file)
		}
	}
}
