package match

import "testing"

func TestReadable(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		// k8snetworkplumbingwg/multus-cni issue 1107
		{`failed with 400: '&{Path: StdinData:[123 34 99 97 112 97 98 105 108 105 116 105 101 115 34]} ` +
			`ERRORED: no address`, `failed with 400: '&{Path: StdinData:{…}} ERRORED: no address`},
		{`Path: StdinData:[123 34 99 97 112 97 98 105 108 105 116 105 101 115 34...`, `Path: StdinData:{…}...`},
		{`output: [101 114 114 111 114 58 32 110 111 32 114 111 117 116 101]`, `output: error: no route`},
		{`[1 2 3] and [10.0.0.1 10.0.0.2]`, `[1 2 3] and [10.0.0.1 10.0.0.2]`},
		{`cpus [0 1 2 3 4 5 6 7 8 9 10 11 12]`, `cpus [0 1 2 3 4 5 6 7 8 9 10 11 12]`},
		{`sizes [300 400 500 600 700 800 900 100 100 100]`, `sizes [300 400 500 600 700 800 900 100 100 100]`},
		{`a [`, `a [`}, {``, ``},
	} {
		if got := Readable(c.in); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}
