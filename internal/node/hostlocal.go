package node

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/big"
	"net/netip"
	"os"
	"path"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

const (
	maxAllocations = 1 << 17 // names: two /16
	maxHolders     = 8192    // files that are opened for who holds the address
	maxLeaks       = 50
	maxRanges      = 16
	// A sandbox is in the runtime's list only when its network is up, so an address that was just given may have none
	// yet.
	givenLongAgo = 30 * time.Second
)

// An addressRange is what host-local gives addresses out of.
type addressRange struct {
	facts    nodefacts.IPRange
	from, to netip.Addr
}

// An allocation is a file of host-local: its name is the address, its first line who has it.
type allocation struct {
	ip   netip.Addr
	id   string // "" where it was not read
	made time.Time
}

// hostLocal returns the ranges of a configuration. Those that cannot be read are in the error; the others are returned.
func (i *cniIPAM) hostLocal(network string) ([]addressRange, error) {
	all := i.Ranges
	if i.Subnet != "" {
		all = append([][]hostLocalRange{{i.hostLocalRange}}, all...)
	}
	var out []addressRange
	var errs []error
	for _, set := range all {
		for _, r := range set {
			a, err := r.addresses()
			if err != nil {
				errs = append(errs, err)
				continue
			}
			if a.facts.Network = network; len(out) < maxRanges {
				out = append(out, a)
			}
		}
	}
	return out, errors.Join(errs...)
}

// addresses works out a range as host-local does: without the subnet's own address, IPv4's broadcast and the gateway,
// which is the first where none is named.
func (r *hostLocalRange) addresses() (addressRange, error) {
	prefix, err := netip.ParsePrefix(r.Subnet)
	if err != nil {
		return addressRange{}, fmt.Errorf("host-local's subnet %q is none", clip(r.Subnet))
	}
	prefix = prefix.Masked()
	a := addressRange{facts: nodefacts.IPRange{Subnet: prefix.String(), From: clip(r.From), To: clip(r.To)}}
	a.from, a.to = prefix.Addr().Next(), last(prefix)
	if prefix.Addr().Is4() {
		a.to = a.to.Prev()
	}
	gateway := prefix.Addr().Next()
	for text, set := range map[*string]*netip.Addr{&r.From: &a.from, &r.To: &a.to, &r.Gateway: &gateway} {
		if *text == "" {
			continue
		}
		ip, err := netip.ParseAddr(*text)
		if err != nil {
			return addressRange{}, fmt.Errorf("host-local's range of %s has an address that is none", prefix)
		}
		*set = ip.Unmap()
	}
	if !a.from.IsValid() || !a.to.IsValid() || a.from.BitLen() != a.to.BitLen() || a.to.Less(a.from) {
		return a, nil // of no address
	}
	size := new(big.Int).Sub(new(big.Int).SetBytes(a.to.AsSlice()), new(big.Int).SetBytes(a.from.AsSlice()))
	size.Add(size, big.NewInt(1))
	if a.has(gateway) {
		size.Sub(size, big.NewInt(1))
	}
	a.facts.Size = math.MaxInt64
	if size.IsInt64() {
		a.facts.Size = size.Int64()
	}
	return a, nil
}

// last returns the last address of a prefix.
func last(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

func (a *addressRange) has(ip netip.Addr) bool {
	return ip.BitLen() == a.from.BitLen() && !ip.Less(a.from) && !a.to.Less(ip)
}

// count tells how many addresses of a range are given, and to whom. What the runtime has is not known where lists is
// nil.
func (a *addressRange) count(given []allocation, lists *criLists, now time.Time) nodefacts.IPRange {
	live := map[string]bool{}
	if lists != nil {
		for _, s := range lists.sandboxes {
			live[s.Id] = true
		}
		for _, c := range lists.containers {
			live[c.Id] = true
		}
	}
	r := a.facts
	for _, g := range given {
		if !a.has(g.ip) {
			continue
		}
		r.Taken++
		switch {
		case lists == nil || g.id == "":
		case live[g.id]:
			r.Live++
		case now.Sub(g.made) > givenLongAgo && len(r.Leaked) < maxLeaks:
			r.Leaked = append(r.Leaked, nodefacts.Leak{IP: g.ip.String(), ContainerID: g.id})
		}
	}
	return r
}

// allocations reads a network's folder: files by address, beside last_reserved_ip.0 and lock. A folder that is not
// there has given none.
func allocations(t tree, dir string) ([]allocation, error) {
	names, err := t.names(dir, maxAllocations)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, err
	}
	if dir, err = t.at(dir); err != nil {
		return nil, err
	}
	var out []allocation
	for _, n := range names {
		ip, err := netip.ParseAddr(n)
		if err != nil {
			continue
		}
		a := allocation{ip: ip.Unmap()}
		if len(out) < maxHolders {
			file := path.Join(dir, n)
			data, err := tree{root: "/"}.read(file, maxText)
			if errors.Is(err, os.ErrNotExist) {
				continue // it was just given back
			}
			if info, statErr := os.Stat(file); err == nil && statErr == nil {
				line, _, _ := bytes.Cut(data, []byte("\n"))
				a.id, a.made = clip(string(bytes.TrimSpace(line))), info.ModTime()
			}
		}
		out = append(out, a)
	}
	return out, nil
}
