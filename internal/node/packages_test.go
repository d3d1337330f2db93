package node

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	bdbFile    = "testdata/centos7-docker/var/lib/rpm/Packages"
	sqliteFile = "testdata/crio/usr/lib/sysimage/rpm/rpmdb.sqlite"
)

// namesOf reads a database and returns the packages that it holds, and how many records.
func namesOf(t testing.TB, blobs func(io.ReaderAt, int64, func(blob) error) error, data []byte) (names []string, records int, err error) {
	t.Helper()
	err = blobs(bytes.NewReader(data), int64(len(data)), func(b blob) error {
		records++
		if p, files, err := readHeader(b); err == nil && p != nil {
			names = append(names, p.Name+" "+p.Version)
			if len(files) == 0 {
				t.Errorf("%s has no files", p.Name)
			}
		}
		return nil
	})
	return names, records, err
}

// TestRPM reads the same packages from each kind of database. The ndb is made here of the records of the others.
func TestRPM(t *testing.T) {
	want := []string{"docker 2:1.13.1-209.git7d71120.el7.centos", "docker-ce 3:18.09.9-3.el7", "containerd.io 1.2.6-3.3.el7", "kubelet 1.18.20-0"}
	bdb, err := os.ReadFile(bdbFile)
	if err != nil {
		t.Fatal(err)
	}
	lite, err := os.ReadFile(sqliteFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, db := range map[string]struct {
		blobs func(io.ReaderAt, int64, func(blob) error) error
		data  []byte
	}{"Berkeley DB": {bdbBlobs, bdb}, "SQLite": {sqliteBlobs, lite}, "ndb": {ndbBlobs, ndbOf(t, lite)}} {
		got, records, err := namesOf(t, db.blobs, db.data)
		if err != nil || records != 5 {
			t.Errorf("%s: %d records, %v", name, records, err)
		}
		if diff := cmp.Diff(sortedCopy(want), sortedCopy(got)); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
		if _, _, err := namesOf(t, db.blobs, db.data[:40]); err == nil {
			t.Errorf("%s: a file that was cut off is whole", name)
		}
	}
}

func sortedCopy(s []string) []string {
	lines := slices.Clone(s)
	slices.Sort(lines)
	return lines
}

// ndbOf writes the records of a SQLite database as rpm's ndb has them.
func ndbOf(t testing.TB, lite []byte) []byte {
	t.Helper()
	file := make([]byte, ndbPage)
	put := binary.LittleEndian.PutUint32
	put(file, ndbMagic)
	put(file[12:], 1) // pages of slots
	slot := 32
	err := sqliteBlobs(bytes.NewReader(lite), int64(len(lite)), func(b blob) error {
		data, err := b.read(mostHeader)
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
func fuzzRPM(f *testing.F, blobs func(io.ReaderAt, int64, func(blob) error) error) {
	f.Fuzz(func(t *testing.T, data []byte) {
		records := 0
		blobs(&boundedReader{bytes.NewReader(data), t.Context(), 1 << 20}, int64(len(data)), func(b blob) error {
			if records++; records > 100 {
				return io.EOF
			}
			if head, err := b.read(headOf); err == nil && len(head) > headOf {
				t.Errorf("%d bytes were asked for, %d came", headOf, len(head))
			}
			readHeader(b)
			return nil
		})
	})
}

func FuzzBDB(f *testing.F) {
	data, err := os.ReadFile(bdbFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data[:16384])
	fuzzRPM(f, bdbBlobs)
}

func FuzzSQLite(f *testing.F) {
	data, err := os.ReadFile(sqliteFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	fuzzRPM(f, sqliteBlobs)
}

func FuzzNDB(f *testing.F) {
	data, err := os.ReadFile(sqliteFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(ndbOf(f, data)[:8192])
	fuzzRPM(f, ndbBlobs)
}

func FuzzHeader(f *testing.F) {
	data, err := os.ReadFile(sqliteFile)
	if err != nil {
		f.Fatal(err)
	}
	sqliteBlobs(bytes.NewReader(data), int64(len(data)), func(b blob) error {
		head, err := b.read(4096)
		f.Add(head)
		return err
	})
	f.Fuzz(func(t *testing.T, data []byte) {
		readHeader(blob{len(data), func(most int) ([]byte, error) { return data[:min(most, len(data))], nil }})
	})
}

func TestParseDpkg(t *testing.T) {
	const status = "Package: runc\nStatus: install ok installed\nMaintainer: A <a@example.org>\nArchitecture: amd64\nVersion: 1.1\nOrigin: Example\n\n" +
		"Package: docker-ce\nStatus: deinstall ok config-files\nVersion: 1\n\n" +
		"Package: vim\nStatus: install ok installed\nVersion: 9\n\n" +
		"Package: containerd\nStatus: hold ok installed\nVersion: 1.7\nDescription: x\n Package: docker.io\n"
	got, err := parseDpkg(strings.NewReader(status))
	if err != nil || len(got) != 2 || got[0].Name != "runc" || got[0].Origin != "Example" || got[0].arch != "amd64" || got[1].Name != "containerd" || got[1].Version != "1.7" {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzDpkg(f *testing.F) {
	f.Add([]byte("Package: runc\nStatus: install ok installed\nVersion: 1.1\n continued\n\nPackage: containerd\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		got, _ := parseDpkg(bytes.NewReader(data))
		if len(got) > mostPackages || time.Since(start) > 5*time.Second {
			t.Errorf("%d packages in %s", len(got), time.Since(start))
		}
	})
}
