package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// differ is what an incident is found to be where a form tells less of it than the objects do, and why.
var differ = map[string][2]string{
	"start-notexec log":   {"command-not-executable blames Pod start-notexec/app", "its lines do not name the container"},
	"vol-nfs-dead events": {"mount-helper-missing blames Pod vol-nfs-dead/app", "it does not name the node"},
	"vol-nfs-dead log": {"nfs-mount-failed blames Pod vol-nfs-dead/app",
		"the lines in which mount.nfs says why were not recorded, and none names the node"},
}

// TestFiveForms reads incidents of the lab as five people would give them: as objects, as a description, as a table of
// Events, as that with a table of Pods, and as a kubelet's log. They are the same problem; where one is not, it is said
// here what the form does not tell.
func TestFiveForms(t *testing.T) {
	files, err := filepath.Glob("testdata/five/*.txtar")
	if err != nil || len(files) != 5 {
		t.Fatal(err, files)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		forms := map[string]bundle{}
		for _, f := range a.Files {
			form, name, _ := strings.Cut(f.Name, "/")
			if forms[form] == nil {
				forms[form] = bundle{}
			}
			forms[form][name] = string(f.Data)
		}
		incident := strings.TrimSuffix(filepath.Base(file), ".txtar")
		want := problemsIn(t, forms["objects"])
		for _, form := range []string{"describe", "events", "tables", "log"} {
			want := want
			if d, ok := differ[incident+" "+form]; ok {
				want = d[0]
			}
			if got := problemsIn(t, forms[form]); got != want {
				t.Errorf("%s as %s: %s\nas objects: %s", incident, form, got, want)
			}
		}
	}
}

// problemsIn are the problems of what was given: the cause and what is to blame of each.
func problemsIn(t *testing.T, b bundle) string {
	t.Helper()
	said := command(nil, "", nil, "-f", b.write(t, false), "-o", "json")
	var r struct {
		Problems []struct {
			Cause string
			Blame struct{ Kind, Namespace, Name string }
		}
	}
	if err := json.Unmarshal([]byte(said.out), &r); err != nil {
		t.Fatal(err, said)
	}
	var all []string
	for _, p := range r.Problems {
		all = append(all, fmt.Sprintf("%s blames %s %s/%s", p.Cause, p.Blame.Kind, p.Blame.Namespace, p.Blame.Name))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}
