package registry

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWebhook(t *testing.T) {
	const asked = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u1","object":` +
		`{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}}}`
	h := &hosts{}
	for path, want := range map[string]string{
		"/memory/16Mi": `"path":"/spec/containers/1/resources","value":{"limits":{"memory":"16Mi"}}`,
		"/deny":        `images must come from trusted.lab`,
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "https://webhook.lab"+path, strings.NewReader(asked)))
		var got review
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Response == nil {
			t.Errorf("%s: %v: %s", path, err, w.Body)
			continue
		}
		said := string(got.Response.Patch) + got.Response.Status["message"]
		if got.Response.UID != "u1" || got.Response.Allowed == (path == "/deny") || !strings.Contains(said, want) {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
}
