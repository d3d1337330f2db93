package live

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/dump"
)

type kept struct{ io.Writer }

func (kept) Close() error { return nil }

// TestCaptureLeaksNothing saves what an API server holds that has a credential of each shape in each place, in logs and
// in its refusals, too: none of them is in a capture.
func TestCaptureLeaksNothing(t *testing.T) {
	var list struct {
		Items []map[string]any `json:"items"`
	}
	read := func(name string, into any) {
		data, err := os.ReadFile("../redact/testdata/" + name)
		if err == nil {
			err = json.Unmarshal(data, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	keys := map[string]string{}
	read("leak.json", &list)
	read("leak.keys.json", &keys)
	s := &server{objects: map[string][]map[string]any{}, logs: map[string]string{"web-7d9f8-abcde/app": "start\n" +
		"dial postgres://app:LEAK201x@db/x\npassword: LEAK202x\n-----BEGIN PRIVATE KEY-----\nLEAK203x\n" +
		"-----END PRIVATE KEY-----\n"}, intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "/csidrivers") {
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403,`+
				`"message":"Get \"https://u:LEAK204x@webhook/\": token=LEAK205x"}`)
			return true
		}
		return false
	}}
	for _, o := range list.Items {
		k := cluster.KindOf(o["kind"].(string))
		s.objects[k.Resource()] = append(s.objects[k.Resource()], o)
	}
	snap, err := collect(t, s, Scope{}, time.Date(2026, 1, 2, 4, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := dump.Write(func(string) (io.WriteCloser, error) { return kept{&out}, nil }, snap); err != nil {
		t.Fatal(err)
	}
	text := strings.ToLower(out.String())
	for _, n := range []string{"201", "202", "203", "204", "205"} {
		keys["LEAK"+n+"x"] = "log or refusal"
	}
	for value, where := range keys {
		if strings.Contains(text, strings.ToLower(value)) {
			t.Errorf("a capture holds %s: %s", value, where)
		}
	}
	if !strings.Contains(text, "postgres://app:redacted@db/x") || !strings.Contains(text, "csidriver") {
		t.Errorf("what stands around them is gone: %s", text)
	}
}
