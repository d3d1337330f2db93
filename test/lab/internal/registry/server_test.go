package registry

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestHosts asks each host for a manifest, as the node does.
func TestHosts(t *testing.T) {
	store := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("0123456789abcdef")) })
	h := &hosts{store: store}
	for _, c := range []struct {
		host, path, user, bearer string
		status                   int
	}{
		{"registry.lab", "/v2/app/manifests/1", "", "", 200},
		{"private.lab", "/v2/app/manifests/1", "", "", 401},
		{"private.lab", "/v2/app/manifests/1", user, "", 200},
		{"forbidden.lab", "/v2/app/manifests/1", "", "", 403},
		{"limit.lab", "/v2/app/manifests/1", "", "", 429},
		{"down.lab", "/v2/app/manifests/1", "", "", 503},
		{"token.lab", "/v2/app/manifests/1", "", "", 401},
		{"token.lab", "/token", "", "", 200},
		{"token.lab", "/token", "somebody", "", 401},
		{"token.lab", "/v2/app/manifests/1", "", "anonymous", 401},
		{"token.lab", "/v2/app/manifests/1", "", "granted", 200},
	} {
		r := httptest.NewRequest(http.MethodGet, "https://"+c.host+c.path, nil)
		if c.user != "" {
			r.SetBasicAuth(c.user, password)
		}
		if c.bearer != "" {
			r.Header.Set("Authorization", "Bearer "+c.bearer)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%v: status %d", c, w.Code)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "https://corrupt.lab/v2/app/blobs/x", nil))
	if w.Body.String() == "0123456789abcdef" {
		t.Error("corrupt.lab sent what was stored")
	}
}
