package dump

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
)

// TestBzip2 reads what bzip2 packed.
func TestBzip2(t *testing.T) {
	const file = `QlpoOTFBWSZTWae/qAEAABjbgAAQQAQgEEEKLuvfCiAAcig0AAAGg0Jkp5Txomo2ptTO1qgiCiDIc8f4Y9dIBrOVNxM67SqfjmS4` +
		`PVmtTvc4G/VRh+Y6YSg0jF9tduPikj3EmwYV0vm1BOhMaTwhBARIB6NRhZfGzER+LuSKcKEhT39QAg==`
	data, err := base64.StdEncoding.DecodeString(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadSources(time.Time{}, Source{Name: "pods.yaml.bz2", R: bytes.NewReader(data)})
	if err != nil || !s.Has(cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "api"}) || len(s.Gaps) > 0 {
		t.Errorf("%v, %v", err, s)
	}
}

const xzBegins, zstdBegins = "\xfd7zXZ\x00", "\x28\xb5\x2f\xfd"

// TestUnpackingPrograms has a program unpack what the library cannot, stops it when it makes too much, and names it
// where it is not there.
func TestUnpackingPrograms(t *testing.T) {
	closed := 0
	unpack := func(program string, in io.Reader) (io.ReadCloser, error) {
		if program != "xz" {
			return nil, nil
		}
		_, err := io.CopyN(io.Discard, in, int64(len(xzBegins)))
		return &closing{in, func() { closed++ }}, err
	}
	tarred := packed(t, "pods.yaml", archivedPod)
	s, err := ReadSources(time.Time{}, Source{Name: "a.tar.gz.xz", Unpack: unpack,
		R: io.MultiReader(strings.NewReader(xzBegins), bytes.NewReader(tarred))})
	if err != nil || !s.Has(cluster.Ref{Kind: "Pod", Namespace: "shop", Name: "a"}) || closed != 1 {
		t.Errorf("%v, closed %d times", err, closed)
	}
	endless := io.MultiReader(strings.NewReader(xzBegins+"kind: Pod\napiVersion: v1\n"), zero{})
	if testing.Short() {
		endless = strings.NewReader(xzBegins)
	}
	_, err = ReadSources(time.Time{}, Source{Name: "bomb.xz", Unpack: unpack,
		R: io.LimitReader(endless, 64<<20)})
	if err == nil || closed != 2 {
		t.Errorf("%v, closed %d times", err, closed)
	}
	for program, begins := range map[string]string{"xz": xzBegins, "zstd": zstdBegins} {
		for name, unpack := range map[string]func(string, io.Reader) (io.ReadCloser, error){"no way": nil,
			"none": func(string, io.Reader) (io.ReadCloser, error) { return nil, nil }} {
			_, err = ReadSources(time.Time{}, Source{Name: "must-gather.tar." + program, Unpack: unpack,
				R: strings.NewReader(begins + "more")})
			if err == nil || !strings.Contains(err.Error(), program+", which is not installed here: install it") {
				t.Errorf("%s, %s: %v", program, name, err)
			}
		}
	}
}

type closing struct {
	io.Reader
	closed func()
}

func (c *closing) Close() error { c.closed(); return nil }

type zero struct{}

func (zero) Read(p []byte) (int, error) { clear(p); return len(p), nil }
