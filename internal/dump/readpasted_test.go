package dump

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
)

// TestCustomColumns reads Events whose columns somebody chose, and finds the objects that they are about: which of two
// Pods of one name is not known.
func TestCustomColumns(t *testing.T) {
	const events = `T         N        R                        SRC                       F                      O      M
Normal    <none>   Scheduled                default-scheduler         <none>                 app    Successfully assigned shop/app to n1
Warning   4        Failed                   kubelet                   spec.containers{web}   app    Error: ErrImagePull
Warning   1        FailedAttachVolume       attachdetach-controller   <none>                 two    Waiting for detach of volume "v"
Warning   2        ProvisioningFailed       <none>                    <none>                 data   no  such class
`
	const objects = `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"app","namespace":"shop"}}
{"kind":"Pod","apiVersion":"v1","metadata":{"name":"two","namespace":"a"}}
{"kind":"Pod","apiVersion":"v1","metadata":{"name":"two","namespace":"b"}}
{"kind":"PersistentVolumeClaim","apiVersion":"v1","metadata":{"name":"data","namespace":"shop"}}
`
	s, err := ReadSources(time.Time{}, Source{Name: "events.txt", R: strings.NewReader(events)},
		Source{Name: "objects.json", R: strings.NewReader(objects)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range cluster.Objects[corev1.Event](s) {
		about := e.InvolvedObject
		got = append(got, strings.Join([]string{about.Kind, about.Namespace, about.Name, about.FieldPath, e.Type, e.Reason,
			e.Message}, " "))
	}
	want := []string{
		`Pod default two  Warning FailedAttachVolume Waiting for detach of volume "v"`,
		"Pod shop app  Normal Scheduled Successfully assigned shop/app to n1",
		"Pod shop app spec.containers{web} Warning Failed Error: ErrImagePull",
		"PersistentVolumeClaim shop data  Warning ProvisioningFailed no  such class",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestFirstLines cuts off a text behind as many lines as are read.
func TestFirstLines(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{{"a\nb\nc\n", 2, "a\nb\n"}, {"a\nb", 2, "a\nb"}, {"", 1, ""}, {"\n\n\n", 1, "\n"}} {
		if got := string(firstLines([]byte(c.text), c.n)); got != c.want {
			t.Errorf("%q: %q", c.text, got)
		}
	}
}
