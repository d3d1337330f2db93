package diagnose

import (
	"slices"
	"testing"
)

func TestExpand(t *testing.T) {
	args := map[string]string{"secret": "api tls", "holder": ""}
	for _, c := range []struct{ in, want string }{
		{"Secret {secret} is gone", "Secret api tls is gone"},
		{"Secret {other} is gone", "Secret OTHER is gone"},
		{"Held[[ by {holder}]] still", "Held still"},
		{"Gone[[ ({secret})]]", "Gone (api tls)"},
		{"[[{secret} and {holder}]]both", "both"},
		{"{Not} a { placeholder }", "{Not} a { placeholder }"},
	} {
		if got := Expand(c.in, args); got != c.want {
			t.Errorf("Expand(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// TestCommand fills a command with values of the arguments' types alone, and leaves a name in capitals for all others.
func TestCommand(t *testing.T) {
	for _, c := range []struct {
		run  string
		args map[string]string
		want string
		left []string
	}{
		{"logs {pod} {previous}", map[string]string{"pod": "web", "previous": "--previous"}, "logs web --previous", nil},
		{"crictl rmi {image}", map[string]string{"image": "--all"}, "crictl rmi IMAGE", []string{"image"}},
		{"crictl rmi {image}; crictl pull {image}", map[string]string{"image": "a b"}, "crictl rmi IMAGE; crictl pull IMAGE",
			[]string{"image"}},
		{"edit {workload}", map[string]string{"workload": "--server=https:/x"}, "edit WORKLOAD", []string{"workload"}},
		{"uncordon {nodes}", map[string]string{"nodes": "n1, n2"}, "uncordon n1 n2", nil},
		{"uncordon {nodes}", map[string]string{"nodes": "n1, --all"}, "uncordon NODES", []string{"nodes"}},
		{"patch -p {patch}", map[string]string{"patch": `{"a":[1]}`}, `patch -p '{"a":[1]}'`, nil},
		{"patch -p {patch}", map[string]string{"patch": `{"a":"it's"}`}, "patch -p PATCH", []string{"patch"}},
		{"get[[ -c {container}]]", map[string]string{"container": "$(id)"}, "get -c CONTAINER", []string{"container"}},
		{"get[[ -c {container}]]", nil, "get", nil},
		{"say {says}", map[string]string{"says": "no"}, "say SAYS", []string{"says"}}, // free text, whatever is in it
	} {
		got, left := Command(c.run, c.args, nil)
		if got != c.want || !slices.Equal(left, c.left) {
			t.Errorf("Command(%q, %q) = %q, %q; want %q, %q", c.run, c.args, got, left, c.want, c.left)
		}
	}
}
