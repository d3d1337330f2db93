package argument

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/casetest/hostile"
)

func TestRead(t *testing.T) {
	for _, c := range []struct {
		run   string
		want  [][]string
		slots []Slot
	}{
		{"kubectl -n {namespace} get pod {pod} -o jsonpath='{.spec}'", [][]string{{"kubectl", "-n", "{namespace}", "get",
			"pod", "{pod}", "-o", "jsonpath='{.spec}'"}}, []Slot{{"namespace", ""}, {"pod", ""}}},
		{"a {pod} && b; c | d\ne & f 2>/dev/null", [][]string{{"a", "{pod}"}, {"b"}, {"c"}, {"d"}, {"e"}, {"f"}},
			[]Slot{{"pod", ""}}},
		{"a '{pod}' \"{node}\" `{image}`", [][]string{{"a", "'{pod}'", `"{node}"`, "`{image}`"}},
			[]Slot{{"pod", InQuotes}, {"node", InQuotes}, {"image", InQuotes}}},
		{`du "$(findmnt {path} -o x)" $(b {pod})`, [][]string{{"findmnt", "{path}", "-o", "x"}, {"b", "{pod}"},
			{"du", `"$(findmnt {path} -o x)"`, "$(b {pod})"}}, []Slot{{"path", ""}, {"pod", ""}}},
		{"{image} x; {pod}", [][]string{{"{image}", "x"}, {"{pod}"}}, []Slot{{"image", AsProgram}, {"pod", AsProgram}}},
		{"a ${pod} ~{user} %{node}% \\{image}", [][]string{{"a", "${pod}", "~{user}", "%{node}%", "\\{image}"}},
			[]Slot{{"pod", Joined}, {"user", Joined}, {"node", Joined}}},
		{"cat <<EOF\n{pod}\nEOF", [][]string{{"cat"}, {"{pod}"}, {"EOF"}}, []Slot{{"pod", AsProgram}}},
		{"cat <<EOF\nname: {pod}\nEOF", [][]string{{"cat"}, {"name:", "{pod}"}, {"EOF"}}, []Slot{{"pod", InHereDoc}}},
		{"a > {pod}.yaml 2>&1 # {node}", [][]string{{"a"}}, []Slot{{"pod", ""}}},
		{`echo '"'http://{host}'"'`, [][]string{{"echo", `'"'http://{host}'"'`}}, []Slot{{"host", ""}}},
		{"get[[ -c {container}]]", [][]string{{"get", "-c", "{container}"}}, []Slot{{"container", ""}}},
		{`a 'open {pod}`, [][]string{{"a", "'open {pod}"}}, []Slot{{"pod", InQuotes}}},
		{`a\`, [][]string{{`a\`}}, nil},
		{"a $(b", [][]string{{"b"}, {"a", "$(b"}}, nil},
	} {
		got := Read(c.run)
		if diff := cmp.Diff(c.want, got.Commands); diff != "" {
			t.Errorf("%q: commands %s", c.run, diff)
		}
		if diff := cmp.Diff(c.slots, got.Slots); diff != "" {
			t.Errorf("%q: slots %s", c.run, diff)
		}
	}
}

func TestChanges(t *testing.T) {
	for run, want := range map[string]bool{
		"kubectl -n {namespace} get pods":                                      false,
		"kubectl get pods | grep {pod} | tail -n 5":                            false,
		"kubectl --context x describe node {node}":                             false,
		"kubectl delete get":                                                   true,
		"kubectl -n get delete pod {pod}":                                      true,
		"kubectl auth can-i --list --as={user}":                                false,
		"kubectl auth reconcile -f x":                                          true,
		"kubectl rollout status {workload}":                                    false,
		"kubectl rollout undo {workload}":                                      true,
		"kubectl get x -o yaml > x.yaml":                                       true,
		"kubectl get x 2>/dev/null":                                            false,
		"kubectl patch --local -f - -p {patch} -o yaml":                        false,
		"kubectl patch --local -f - -p {patch} -o yaml | kubectl replace -f -": true,
		"crictl pull {image}":                                                  true,
		"crictl ps -a --name {pod}":                                            false,
		"mount -v -t nfs {server}:{export} /mnt":                               true,
		"mount | grep {pod}":                                                   false,
		"fsck -y {device}":                                                     true,
		"curl -sS -o /dev/null https://{host}/v2/":                             false,
		"curl -X POST https://{host}/":                                         true,
		"sysctl {sysctl}":                                                      false,
		"sysctl -w {sysctl}=1":                                                 true,
		"sudo -n rm {path}":                                                    true,
		"xargs -n 1 kubectl -n {namespace} get":                                false,
		"echo $(rm {path})":                                                    true,
		"ids=$(crictl pods -q) && for f in *; do ls $f; done":                  false,
		"for f in *; do rm $f; done":                                           true,
		"ip addr add {ip} dev eth0":                                            true,
		"ip addr":                                                              false,
		"python3 -m json.tool {policyfile}":                                    false,
		"python3 -m http.server":                                               true,
		"command -v {path}":                                                    false,
		"command {path}":                                                       true,
		"frobnicate":                                                           true,
	} {
		if got := Changes(run); got != want {
			t.Errorf("Changes(%q) = %v", run, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range hostile.Values {
		f.Add(fmt.Sprintf("a %s {pod} '%s' \"$(%s)\"", s, s, s))
	}
	f.Fuzz(func(t *testing.T, run string) { Changes(run) }) // it ends, and does not panic
}
