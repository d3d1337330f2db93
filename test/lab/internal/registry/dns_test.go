package registry

import (
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func TestLookup(t *testing.T) {
	for _, c := range []struct {
		host string
		addr [4]byte
		code dnsmessage.RCode
	}{
		{"registry.lab", [4]byte{127, 0, 0, 1}, dnsmessage.RCodeSuccess},
		{"refused.lab", [4]byte{127, 0, 0, 2}, dnsmessage.RCodeSuccess},
		{"nodns.lab", [4]byte{}, dnsmessage.RCodeNameError},
		{"a.b.lab", [4]byte{}, dnsmessage.RCodeNameError},
		{"example.com", [4]byte{}, dnsmessage.RCodeNameError},
		{"servfail.lab", [4]byte{}, dnsmessage.RCodeServerFailure},
	} {
		if addr, code := lookup(c.host); addr != c.addr || code != c.code {
			t.Errorf("lookup(%s) = %v, %v", c.host, addr, code)
		}
	}
}

func TestAnswer(t *testing.T) {
	name := dnsmessage.MustNewName("private.lab.")
	q := dnsmessage.Message{Header: dnsmessage.Header{ID: 7}, Questions: []dnsmessage.Question{
		{Name: name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}}}
	packed, err := q.Pack()
	if err != nil {
		t.Fatal(err)
	}
	var m dnsmessage.Message
	if err := m.Unpack(answer(packed)); err != nil {
		t.Fatal(err)
	}
	if m.ID != 7 || len(m.Answers) != 1 {
		t.Errorf("answer = %+v", m)
	}
	if answer([]byte("no query")) != nil {
		t.Error("garbage was answered")
	}
}
