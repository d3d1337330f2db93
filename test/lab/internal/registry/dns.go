package registry

import (
	"net"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// zone has the hosts that are not the registries' own address, 127.0.0.1.
var zone = map[string][4]byte{
	"refused.lab":   {127, 0, 0, 2},
	"badtls.lab":    {127, 0, 0, 3}, // a certificate of an unknown authority
	"plainhttp.lab": {127, 0, 0, 4},
	"nohost.lab":    {10, 99, 0, 7}, // nobody answers ARP: no route to host
	"timeout.lab":   {10, 98, 0, 7}, // swallowed: i/o timeout
}

// lookup says what the server answers: an address of NAME.lab, no such host, or, for servfail.lab, a failure.
func lookup(host string) (addr [4]byte, code dnsmessage.RCode) {
	label, ok := strings.CutSuffix(host, ".lab")
	switch {
	case host == "servfail.lab":
		return addr, dnsmessage.RCodeServerFailure
	case !ok || strings.Contains(label, ".") || host == "nodns.lab":
		return addr, dnsmessage.RCodeNameError
	}
	if addr, ok := zone[host]; ok {
		return addr, dnsmessage.RCodeSuccess
	}
	return [4]byte{127, 0, 0, 1}, dnsmessage.RCodeSuccess
}

func serveDNS(listen string) error {
	conn, err := net.ListenPacket("udp", listen)
	if err != nil {
		return err
	}
	buf := make([]byte, 1500)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return err
		}
		if reply := answer(buf[:n]); reply != nil {
			conn.WriteTo(reply, from)
		}
	}
}

// answer to one query; nil where it is none.
func answer(query []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(query) != nil || len(m.Questions) == 0 {
		return nil
	}
	q := m.Questions[0]
	addr, code := lookup(strings.TrimSuffix(strings.ToLower(q.Name.String()), "."))
	m.Response, m.RecursionAvailable, m.Authoritative, m.RCode = true, true, true, code
	m.Additionals, m.Answers = nil, nil
	if code == dnsmessage.RCodeSuccess && q.Type == dnsmessage.TypeA {
		header := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: q.Type, TTL: 5}
		m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AResource{A: addr}}}
	}
	b, err := m.Pack()
	if err != nil {
		return nil
	}
	return b
}
