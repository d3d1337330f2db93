package live

import (
	"net/url"
	"strings"
	"testing"

	attack "github.com/kubestuck/stuck/internal/casetest/hostile"
	"github.com/kubestuck/stuck/internal/cluster"
	"k8s.io/client-go/rest"
)

// steeringNames lead elsewhere, for one server or another on the way.
var steeringNames = append([]string{"..", ".", "../..", "a/../b", "a/b", "/", "/etc", "..%2f..", "%2e%2e",
	"%2e%2e%2fnodes", "a%00b", `..\..`, `a\b`, "a?watch=true", "a#b", "a;b", "http:victim:80", "https:n1:10250", "a b",
	"a\nb", "a\u2215b", "..;/x", "A", "a_b", "-a", "a-", "a..b", ".a", strings.Repeat("a", 254)}, attack.Values...)

// TestPlaces makes no path of a name that no object can have, and of all others one that has the name at its end.
func TestPlaces(t *testing.T) {
	c, err := NewClient(&rest.Config{Host: "https://api.example.com/prefix"})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range cluster.Kinds {
		for _, name := range steeringNames {
			if name == "" {
				continue
			}
			if _, err := placeOf(k, "", name); err == nil && name != "a" {
				t.Errorf("%s: a path is made of the name %q", k.Name, name)
			}
			if _, err := placeOf(k, name, "a"); err == nil {
				t.Errorf("%s: a path is made of the namespace %q", k.Name, name)
			}
		}
		place, err := placeOf(k, "shop", "api-1.example.com")
		if err != nil {
			t.Fatal(err)
		}
		r, err := c.at(place...)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.URL().EscapedPath(); !strings.HasPrefix(got, "/prefix/api") ||
			!strings.HasSuffix(got, "/namespaces/shop/"+k.Resource()+"/api-1.example.com") {
			t.Errorf("%s: %s", k.Name, got)
		}
	}
}

// TestSegments makes no path of segments that would not stay what they are, wherever they come from: the names of log
// files are a kubelet's word.
func TestSegments(t *testing.T) {
	c, err := NewClient(&rest.Config{Host: "https://api.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(steeringNames, "pods.log", "kubelet.log.1", "a:b") {
		r, err := c.at("api", "v1", "nodes", "n1", "proxy", "logs", s)
		if err != nil {
			continue
		}
		u := r.URL()
		if got, err := url.PathUnescape(u.EscapedPath()); err != nil || got != "/api/v1/nodes/n1/proxy/logs/"+s ||
			strings.Count(u.EscapedPath(), "/") != 7 || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q makes %s", s, u)
		}
	}
	for _, s := range []string{"..", ".", "a/b", "%2e", `\`, "?", "#"} {
		if _, err := c.at("api", s, "x"); err == nil {
			t.Errorf("a path is made of %q", s)
		}
		if _, err := c.at("api", s); err == nil {
			t.Errorf("a path is made of %q at its end", s)
		}
	}
	if _, err := c.at("api", "", "x"); err == nil {
		t.Error("a path is made of nothing")
	}
}
