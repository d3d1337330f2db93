package node

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

func TestParseMeminfo(t *testing.T) {
	for name, c := range map[string]struct{ data, err string }{
		"no MemFree":   {"MemTotal: 5 kB\n", "no MemTotal or no MemFree"},
		"not a number": {"MemTotal: x kB\nMemFree: 1 kB\n", "MemTotal is"},
		"too much":     {"MemTotal: 9223372036854775807 kB\nMemFree: 1 kB\n", "MemTotal is"},
		"empty":        {"", "no MemTotal"},
	} {
		if m, err := parseMeminfo([]byte(c.data)); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
	m, err := parseMeminfo([]byte("MemTotal:       1000 kB\nMemFree:  10 kB\n")) // before 3.14
	if diff := cmp.Diff(nodefacts.Memory{Bytes: 1024000, BytesFree: 10240}, m); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestParseBuddyinfo(t *testing.T) {
	for name, data := range map[string]string{
		"empty": "", "another file": "MemTotal: 5 kB\n", "no numbers": "Node 0, zone Normal\n",
		"not a number":    "Node 0, zone Normal 1 x\n",
		"too many zones":  strings.Repeat("Node 0, zone Normal 1\n", maxZones+1),
		"too many orders": "Node 0, zone Normal" + strings.Repeat(" 1", maxOrders+1) + "\n",
	} {
		if zones, err := parseBuddyinfo([]byte(data)); err == nil || zones != nil {
			t.Errorf("%s: %+v, %v", name, zones, err)
		}
	}
}

func TestParseCompaction(t *testing.T) {
	for name, data := range map[string]string{"a kernel that does not": "nr_free_pages 1\n",
		"not a number": "compact_stall x\n", "too few": "compact_stall 1\n"} {
		if c, err := parseCompaction([]byte(data)); err == nil || c != nil {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

func TestParsePressure(t *testing.T) {
	s, err := parsePressure([]byte("some avg10=0.00 avg60=12.50 avg300=0.00 total=9\n")) // the CPU's before 5.13
	if diff := cmp.Diff(&nodefacts.Stall{Some: 1250}, s); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for name, data := range map[string]string{"empty": "", "cut off": "some avg10=0.00\n",
		"not a number": "some avg10=0 avg60=NaN total=0\n", "more than all": "some avg10=0 avg60=101 total=0\n"} {
		if s, err := parsePressure([]byte(data)); err == nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func FuzzBuddyinfo(f *testing.F) {
	for _, m := range []string{"centos7-fragmented", "debian12"} {
		seed, err := os.ReadFile("testdata/" + m + "/proc/buddyinfo")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		zones, err := parseBuddyinfo(data)
		if (err == nil) != (len(zones) > 0) || len(zones) > maxZones {
			t.Errorf("%d zones, %v", len(zones), err)
		}
		for _, z := range zones {
			if z.Zone == "" || len(z.Free) == 0 || len(z.Free) > maxOrders {
				t.Errorf("%+v", z)
			}
		}
	})
}

// FuzzTables gives any text to the parsers of short tables.
func FuzzTables(f *testing.F) {
	f.Add([]byte("MemTotal: 5 kB\nMemFree: 4 kB\nMemAvailable: 3 kB\n"))
	f.Add([]byte("compact_stall 1\ncompact_fail 2\ncompact_success 3\n"))
	f.Add([]byte("some avg10=0.00 avg60=12.50 avg300=0.00 total=9\nfull avg10=0.00 avg60=100.00 avg300=0.00 total=9\n"))
	f.Add([]byte("#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t11\t65012\t1\n"))
	f.Add([]byte("nr_descendants 97\nnr_dying_descendants 12\n"))
	f.Add([]byte("3:pids:/a/../../b\n0::/../c\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := parseMeminfo(data); err == nil && (m.Bytes < 0 || m.BytesFree < 0) {
			t.Errorf("%+v", m)
		}
		if s, err := parsePressure(data); err == nil && (s.Some < 0 || s.Some > 10000 || s.Full < 0 || s.Full > 10000) {
			t.Errorf("%+v", s)
		}
		if c, err := parseCompaction(data); (err == nil) != (c != nil) {
			t.Errorf("%+v, %v", c, err)
		}
		if c := parseCgroup(data, "pids"); c != "" && (c[0] != '/' || strings.Contains(c+"/", "/../")) {
			t.Errorf("a cgroup at %q", c)
		}
		_, _ = parseCgroups(data, "memory")
		_, _, _ = parseCgroupStat(data)
	})
}
