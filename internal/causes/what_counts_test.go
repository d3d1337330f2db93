package causes

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/casetest"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// counted is a row of docs/what-counts.md: what kubectl shows, the exit code, and the case that holds it.
var counted = regexp.MustCompile("(?m)^\\| (.+?) \\|.* \\| ([01]) \\| `([^`]+)` \\|$")

// TestWhatCounts holds docs/what-counts.md against the cases that it names: kubectl shows a Pod of the case in the word
// of the row, and the diagnosis has its exit code.
func TestWhatCounts(t *testing.T) {
	page, err := os.ReadFile("../../docs/what-counts.md")
	if err != nil {
		t.Fatal(err)
	}
	pods, _, _ := strings.Cut(string(page), "\n## Workloads")
	rows := counted.FindAllStringSubmatch(string(page), -1)
	if all := strings.Count(string(page), "\n| `") + strings.Count(string(page), "\n| Job"); len(rows) < all {
		t.Errorf("%d rows of %d name an exit code and a case", len(rows), all)
	}
	cat := catalogue(t)
	for _, row := range rows {
		shown, exit, name := row[1], row[2], row[3]
		c, err := casetest.Load(name + ".txtar")
		if err != nil {
			t.Error(err)
			continue
		}
		s, err := c.Snapshot()
		if err != nil {
			t.Error(err)
			continue
		}
		word := strings.Trim(shown, "`")
		is := func(p *corev1.Pod) bool { return pod.Status(p) == word }
		if strings.Contains(pods, row[0]) && !slices.ContainsFunc(cluster.Objects[corev1.Pod](s), is) {
			t.Errorf("%s: kubectl shows no Pod of it as %s", name, word)
		}
		got := "0"
		if r := diagnose.Run(s, cat, c.Options()); r.Pods.Stuck+r.Pods.Missing > 0 {
			got = "1"
		}
		if got != exit {
			t.Errorf("%s: exit code %s, and the page says %s", name, got, exit)
		}
	}
}

// TestWhatCountsInChinese holds the Chinese page against the English one: the same cases in the same order, with the
// same exit codes.
func TestWhatCountsInChinese(t *testing.T) {
	var rows [2][]string
	for i, name := range []string{"what-counts.md", "what-counts.zh.md"} {
		page, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range counted.FindAllStringSubmatch(string(page), -1) {
			rows[i] = append(rows[i], row[2]+" "+row[3])
		}
	}
	if diff := cmp.Diff(rows[0], rows[1]); diff != "" {
		t.Error(diff)
	}
}
