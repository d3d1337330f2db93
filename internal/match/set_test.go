package match

import (
	"strings"
	"testing"
)

func TestBlankIDs(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	for _, c := range []struct{ in, want string }{
		{`for sandbox "` + id + `": no`, `for sandbox "` + strings.Repeat("0", 64) + `": no`},
		{id[:32], strings.Repeat("0", 32)},
		{"x" + id[:32], "x" + strings.Repeat("0", 32)},
		{id[:31] + "x" + id[:31], id[:31] + "x" + id[:31]},
		{"cafe and deadbeef", "cafe and deadbeef"},
		{"", ""},
	} {
		got := []byte(c.in)
		if blankIDs(got); string(got) != c.want {
			t.Errorf("%q becomes %q, want %q", c.in, got, c.want)
		}
	}
}
