package live

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/dump"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
)

const hunter = "hunter2-is-the-password"

// pullSecret is the value of a pull secret, with the password wherever there can be one.
var pullSecret = []byte(`{"auths":{"other.example.com:5000/x":{"password":"` + hunter + `","auth":"` +
	base64.StdEncoding.EncodeToString([]byte("u:"+hunter)) + `"},"https://u:` + hunter + `@bad.example.com":{}}}`)

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// TestInspect looks into a pull secret for another registry: that becomes the answer, and no value of it is anywhere.
func TestInspect(t *testing.T) {
	const name = "img-private-otherhost-secret"
	server, at := record(t, recordings+name), recorded(t, name).At
	for _, o := range server.objects["secrets"] {
		o["data"] = map[string]any{".dockerconfigjson": pullSecret, "more": []byte(hunter)}
	}
	h := httptest.NewServer(server)
	defer h.Close()
	c, err := NewClient(&rest.Config{Host: h.URL})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Collect(t.Context(), c, Scope{Namespace: name}, Options{Now: func() time.Time { return at },
		InspectSecrets: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := problems(t, s); len(got) == 0 || got[0] != "proven pull-secret-missing Secret "+name+"/reg" {
		t.Errorf("%v", got)
	}
	var out bytes.Buffer
	if err := dump.Write(func(string) (io.WriteCloser, error) { return nopCloser{&out}, nil }, s); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "other.example.com:5000") {
		t.Error("the registry is not in the capture")
	}
	holdsNone(t, out.String())
}

// holdsNone fails where a text holds the password, plain or in base64.
func holdsNone(t *testing.T, text string) {
	t.Helper()
	for _, value := range []string{hunter, base64.StdEncoding.EncodeToString([]byte(hunter)),
		base64.StdEncoding.EncodeToString([]byte("u:" + hunter)), base64.StdEncoding.EncodeToString(pullSecret)} {
		if strings.Contains(text, value) {
			t.Errorf("%q is in %q", value, text)
		}
	}
}

// TestContents reads Secrets and ConfigMaps as API servers send them, in protobuf and in JSON.
func TestContents(t *testing.T) {
	secret := &corev1.Secret{Type: corev1.SecretTypeDockerConfigJson,
		Data: map[string][]byte{corev1.DockerConfigJsonKey: pullSecret, "more": []byte(hunter)}}
	old := &corev1.Secret{Type: corev1.SecretTypeDockercfg, Data: map[string][]byte{corev1.DockerConfigKey: []byte(
		`{"https://index.docker.io/v1/":{"password":"` + hunter + `"}}`)}}
	config := &corev1.ConfigMap{Data: map[string]string{"a": hunter}, BinaryData: map[string][]byte{
		"b": []byte(hunter)}}
	for _, c := range []struct {
		object unmarshaler
		want   contents
	}{
		{secret, contents{string(secret.Type), []string{corev1.DockerConfigJsonKey, "more"},
			[]string{"other.example.com:5000"}}},
		{old, contents{string(old.Type), []string{corev1.DockerConfigKey}, []string{"docker.io"}}},
		{config, contents{"", []string{"a", "b"}, nil}},
	} {
		raw, err := c.object.(interface{ Marshal() ([]byte, error) }).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		envelope, err := (&runtime.Unknown{Raw: raw}).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(c.object)
		if err != nil {
			t.Fatal(err)
		}
		for _, answer := range [][]byte{append(slices.Clone(prefix), envelope...), text} {
			got, err := contentsOf(answer)
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(contents{})); diff != "" || err != nil {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
			for cut := range answer {
				contentsOf(answer[:cut]) // an error or less, never a panic
			}
		}
	}
}
