package cli

import (
	"archive/tar"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// planted are values that no output may hold, each with where it stands in leak.json.
func planted(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("leak.keys.json")
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]string
	if err := json.Unmarshal(data, &keys); err != nil || len(keys) < 200 {
		t.Fatalf("%d values, %v", len(keys), err)
	}
	return keys
}

// leaks counts the values that a text holds, as they are and in base64.
func leaks(t *testing.T, what, text string, keys map[string]string) {
	t.Helper()
	low := strings.ToLower(text)
	for value, where := range keys {
		found := strings.Contains(low, strings.ToLower(value))
		for offset := range 3 {
			coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", offset) + value))
			found = found || strings.Contains(text, coded[4*min(offset, 1):len(coded)-4])
		}
		if found {
			t.Errorf("%s holds %s: %s", what, value, where)
		}
	}
}

// TestNothingLeaks plants a credential of each shape in each place where one may stand, and finds none in anything that
// is written.
func TestNothingLeaks(t *testing.T) {
	files, err := filepath.Glob("../redact/testdata/leak*.json")
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	at := t.TempDir()
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(at, filepath.Base(file)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(at)
	keys := planted(t)
	for _, args := range [][]string{{}, {"-o", "json"}, {"-o", "yaml"}, {"--lang", "zh"}} {
		got := command(nil, "", nil, append([]string{"-f", "leak.json"}, args...)...)
		if got.out == "" {
			t.Fatalf("%s: nothing is said: %s", args, got.err)
		}
		leaks(t, strings.Join(args, " "), got.out+got.err, keys)
	}
	for _, o := range []captureOptions{{to: "folder"}, {to: "archive.tar.gz"}, {to: "hidden", pseudonyms: true}} {
		if _, err := savedOf(t, "leak.json", o); err != nil {
			t.Fatal(err)
		}
		text := written(t, o.to)
		if len(text) < 5000 {
			t.Fatalf("%s has %d bytes", o.to, len(text))
		}
		leaks(t, "capture -o "+o.to, text, keys)
	}
}

// TestErrorsLeakNothing has what a server and a file say quoted without the credentials in it.
func TestErrorsLeakNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("bad.json", []byte(`{"kind": "Pod", "token=LEAK001x": [}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-f", "bad.json"}, {"-f", "https://u:LEAK001x@x/y"}, {"--lang=password=LEAK001x"},
		{"--token=LEAK001x", "-f", "bad.json"}, {"--password=LEAK001x"}} {
		got := command(nil, "", nil, args...)
		if strings.Contains(got.out+got.err, "LEAK001x") {
			t.Errorf("%s: %s%s", args, got.out, got.err)
		}
	}
}

// written is all that is in a folder or an archive.
func written(t *testing.T, name string) string {
	t.Helper()
	if !strings.HasSuffix(name, ".gz") {
		all, err := filepath.Glob(name + "/*")
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, file := range all {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(data)
		}
		return b.String()
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for r := tar.NewReader(z); ; {
		if _, err := r.Next(); err == io.EOF {
			return b.String()
		} else if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&b, r); err != nil {
			t.Fatal(err)
		}
	}
}
