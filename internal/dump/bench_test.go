package dump

import (
	"bytes"
	"io"
	"testing"
	"testing/fstest"
	"time"
)

// discard is a folder that keeps nothing.
type discard struct{ io.Writer }

func (discard) Close() error { return nil }

func BenchmarkReadJSON(b *testing.B) {
	benchmarkRead(b, fstest.MapFS{"dump.json": {Data: bigDump(1000)}})
}

func BenchmarkReadYAML(b *testing.B) {
	benchmarkRead(b, fstest.MapFS{"dump.yaml": {Data: bigYAML(b, 1000)}})
}

func benchmarkRead(b *testing.B, dir fstest.MapFS) {
	for _, f := range dir {
		b.SetBytes(int64(len(f.Data)))
	}
	b.ReportAllocs()
	for b.Loop() {
		s, err := Read(dir, time.Time{})
		if err != nil || len(s.Gaps) > 0 || len(s.OfKind("Pod")) != 1000 {
			b.Fatal(err, s.Gaps)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	s, err := Read(fstest.MapFS{"dump.json": {Data: bigDump(1000)}}, time.Time{})
	if err != nil {
		b.Fatal(err)
	}
	var size int64
	for b.Loop() {
		size = 0
		err := Write(func(string) (io.WriteCloser, error) { return discard{counter{&size}}, nil }, s)
		if err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(size)
}

type counter struct{ n *int64 }

func (c counter) Write(p []byte) (int, error) {
	*c.n += int64(len(p))
	return len(p), nil
}

// bigYAML is a big dump as kubectl prints it with -o yaml, but for what a snapshot does not hold.
func bigYAML(tb testing.TB, pods int) []byte {
	s, err := Read(fstest.MapFS{"dump.json": {Data: bigDump(pods)}}, time.Time{})
	if err != nil {
		tb.Fatal(err)
	}
	_, files := writeRead(tb, s)
	var all bytes.Buffer
	for _, name := range []string{"pods.yaml", "events.yaml", "nodes.yaml"} {
		all.WriteString("---\n")
		all.Write(files[name].Data)
	}
	return all.Bytes()
}
