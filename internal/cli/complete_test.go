package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestComplete presses TAB where names of a cluster can stand.
func TestComplete(t *testing.T) {
	dir(t)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		names := map[string][]string{"/api/v1/namespaces/shop/pods": {"web-1", "web-2", "api"},
			"/apis/apps/v1/namespaces/shop/deployments": {"web"},
			"/api/v1/namespaces":                        {"shop", "other"}, "/api/v1/nodes": {"n1"}}[r.URL.Path]
		if names == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		var items []string
		for _, n := range names {
			items = append(items, fmt.Sprintf(`{"metadata":{"name":%q}}`, n))
		}
		fmt.Fprintf(w, `{"items":[%s]}`, strings.Join(items, ","))
	}))
	defer h.Close()
	if err := os.WriteFile("live", []byte(strings.ReplaceAll(kubeconfig, "http://127.0.0.1:1", h.URL)),
		0o600); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"web":            "web-1\nweb-2\n",
		"de":             "deploy/\n",
		"deploy/":        "deploy/web\n",
		"deploy w":       "web\n",
		"node/":          "node/n1\n",
		"svc/":           "",
		"capture ap":     "api\n",
		"--namespace s":  "shop\n",
		"--context g":    "gone\n",
		"capture -n oth": "other\n",
	} {
		line := append([]string{"__complete", "--kubeconfig", "live", "-n", "shop"}, strings.Fields(args)...)
		if first := strings.Fields(args)[0]; first == "capture" {
			line = append([]string{"__complete", "capture", "--kubeconfig", "live", "-n", "shop"}, strings.Fields(args)[1:]...)
		}
		got := command(nil, "", nil, line...).out
		if got, _, _ = strings.Cut(got, ":"); got != want {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
	if got := command(nil, "", nil, "__complete", "--kubeconfig", "config", "w"); !strings.HasPrefix(got.out, ":") {
		t.Errorf("without a cluster: %+v", got)
	}
}
