package causes_test

import (
	"slices"
	"testing"

	"github.com/kubestuck/stuck/internal/causes"
)

// TestSearch finds causes by what kubectl shows: the best first, and not what has nothing to do with it.
func TestSearch(t *testing.T) {
	for text, want := range map[string]struct {
		first string
		also  []string
		not   []string
	}{
		"ImagePullBackOff": {"image-access-denied", []string{"image-not-found", "registry-unreachable"},
			[]string{"secret-missing"}},
		"errimagepull":            {"image-access-denied", []string{"image-corrupt"}, nil},
		"no space left on device": {"node-disk-full", nil, []string{"image-not-found"}},
		`MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found`: {"secret-missing", nil,
			[]string{"image-not-found"}},
		"x509: certificate signed by unknown authority": {"registry-tls-failed", nil, nil},
		"exec format error":                             {"image-platform-mismatch", nil, nil},
		"Multi-Attach":                                  {"volume-multi-attach", nil, nil},
		"CrashLoopBackOff":                              {"container-crashing", []string{"command-not-found"}, nil},
		"qqqq":                                          {},
		"":                                              {},
	} {
		var got []string
		for _, c := range causes.Search(causes.All(), text) {
			got = append(got, c.ID)
		}
		if want.first == "" && want.also == nil {
			if len(got) > 0 {
				t.Errorf("%q: %v", text, got)
			}
			continue
		}
		if len(got) == 0 || want.first != "" && got[0] != want.first {
			t.Errorf("%q: %v, want %s first", text, got, want.first)
		}
		for _, id := range want.also {
			if !slices.Contains(got, id) {
				t.Errorf("%q: %v lack %s", text, got, id)
			}
		}
		for _, id := range want.not {
			if slices.Contains(got, id) {
				t.Errorf("%q: %v have %s", text, got, id)
			}
		}
	}
}
