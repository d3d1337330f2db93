package pkgdb

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	bdbFile    = "../testdata/centos7-docker/var/lib/rpm/Packages"
	sqliteFile = "../testdata/crio/usr/lib/sysimage/rpm/rpmdb.sqlite"
)

// query is what the tests look for.
var query = Query{
	Package: regexp.MustCompile(`^(docker.*|containerd.*|runc|kubelet)$`).MatchString,
	File:    func(file string) bool { return path.Dir(file) == "/usr/bin" },
}

// TestRPM reads the same packages from each kind of database. The ndb is made here of the records of the others.
func TestRPM(t *testing.T) {
	lite := readTestFile(t, sqliteFile)
	want := []string{
		"containerd.io 1.2.6-3.3.el7 /usr/bin/containerd",
		"docker 2:1.13.1-209.git7d71120.el7.centos /usr/bin/docker",
		"docker-ce 3:18.09.9-3.el7 /usr/bin/dockerd",
		"kubelet 1.18.20-0 /usr/bin/kubelet",
	}
	for name, data := range map[string][]byte{
		"var/lib/rpm/Packages":              readTestFile(t, bdbFile),
		"usr/lib/sysimage/rpm/rpmdb.sqlite": lite,
		"var/lib/rpm/Packages.db":           ndbOf(t, lite),
	} {
		packages, err := Read(t.Context(), fstest.MapFS{name: {Data: data}}, query)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var got []string
		for _, p := range packages {
			if p.Manager != "rpm" || p.Origin == "" || p.Time.IsZero() || len(p.Files) == 0 {
				t.Errorf("%s: %+v", name, p)
				continue
			}
			got = append(got, p.Name+" "+p.Version+" "+p.Files[0])
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
		_, err = Read(t.Context(), fstest.MapFS{name: {Data: data[:40]}}, query)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s, cut off: %v", name, err)
		}
	}
}

// TestExpired ends with what there was time for.
func TestExpired(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Read(ctx, fstest.MapFS{"var/lib/rpm/Packages": {Data: readTestFile(t, bdbFile)}}, query)
	if err == nil {
		t.Error("a database was read when no time was left")
	}
}

func readTestFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// ndbOf writes the records of a SQLite database as rpm's ndb has them.
func ndbOf(t testing.TB, lite []byte) []byte {
	t.Helper()
	file := make([]byte, ndbPage)
	put := binary.LittleEndian.PutUint32
	put(file, ndbMagic)
	put(file[12:], 1) // pages of slots
	slot := 32
	err := readSQLite(bytes.NewReader(lite), int64(len(lite)), func(r record) error {
		data, err := r.read(maxHeader)
		if err != nil {
			return err
		}
		put(file[slot:], ndbSlotMagic)
		put(file[slot+4:], uint32(slot))
		put(file[slot+8:], uint32(len(file)/ndbBlock))
		put(file[slot+12:], uint32(len(data)/ndbBlock+2))
		slot += ndbBlock
		head := make([]byte, ndbBlock)
		put(head, ndbBlobMagic)
		put(head[4:], uint32(slot))
		put(head[12:], uint32(len(data)))
		file = append(append(file, head...), data...)
		file = append(file, make([]byte, ndbBlock-len(file)%ndbBlock)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	put(file[slot:], ndbSlotMagic) // a free one
	return file
}

// fuzzRPM looks for what makes a reader of a database panic, hang or take memory without end.
func fuzzRPM(f *testing.F, read recordReader) {
	f.Fuzz(func(t *testing.T, data []byte) {
		records := 0
		expired := func() bool { return t.Context().Err() != nil }
		read(&boundedReader{bytes.NewReader(data), expired, 1 << 20}, int64(len(data)), func(r record) error {
			if records++; records > 100 {
				return io.EOF
			}
			if head, err := r.read(headPrefix); err == nil && len(head) > headPrefix {
				t.Errorf("%d bytes were asked for, %d came", headPrefix, len(head))
			}
			readHeader(r, query)
			return nil
		})
	})
}

func FuzzBDB(f *testing.F) {
	f.Add(readTestFile(f, bdbFile)[:16384])
	fuzzRPM(f, readBDB)
}

func FuzzSQLite(f *testing.F) {
	f.Add(readTestFile(f, sqliteFile))
	fuzzRPM(f, readSQLite)
}

func FuzzNDB(f *testing.F) {
	f.Add(ndbOf(f, readTestFile(f, sqliteFile))[:8192])
	fuzzRPM(f, readNDB)
}

func FuzzHeader(f *testing.F) {
	data := readTestFile(f, sqliteFile)
	readSQLite(bytes.NewReader(data), int64(len(data)), func(r record) error {
		head, err := r.read(4096)
		f.Add(head)
		return err
	})
	f.Fuzz(func(t *testing.T, data []byte) {
		read := func(limit int) ([]byte, error) { return data[:min(limit, len(data))], nil }
		readHeader(record{len(data), read}, query)
	})
}

func TestDpkg(t *testing.T) {
	const status = `Package: runc
Status: install ok installed
Maintainer: A <a@example.org>
Architecture: amd64
Version: 1.1
Origin: Example

Package: docker-ce
Status: deinstall ok config-files
Version: 1

Package: vim
Status: install ok installed
Version: 9

Package: containerd
Status: hold ok installed
Maintainer: B
Version: 1.7
Description: x
 Package: docker.io
`
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	got, err := Read(t.Context(), fstest.MapFS{
		"var/lib/dpkg/status":               {Data: []byte(status)},
		"var/lib/dpkg/info/runc:amd64.list": {Data: []byte("/.\n/usr/bin\n/usr/bin/runc\n"), ModTime: at},
	}, query)
	want := []Package{
		{Name: "runc", Version: "1.1", Origin: "Example", Manager: "dpkg", Time: at, Files: []string{"/usr/bin/runc"}},
		{Name: "containerd", Version: "1.7", Origin: "B", Manager: "dpkg"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
}

func FuzzDpkg(f *testing.F) {
	f.Add([]byte("Package: runc\nStatus: install ok installed\nVersion: 1.1\n continued\n\nPackage: containerd\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		got, _ := parseDpkg(bytes.NewReader(data), query.Package)
		if len(got) > MaxPackages || time.Since(start) > 5*time.Second {
			t.Errorf("%d packages in %s", len(got), time.Since(start))
		}
	})
}
