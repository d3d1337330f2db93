package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// readMemory reads the node's memory: how much is free, and in pieces of which size.
func readMemory(_ context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	data, err := h.read(maxTable, "proc/meminfo")
	if err != nil {
		return nil, err
	}
	m, err := parseMeminfo(data)
	if err != nil {
		return nil, err
	}
	var missing partial
	data, err = h.read(maxTable, "proc/buddyinfo")
	if err == nil {
		m.Zones, err = parseBuddyinfo(data)
	}
	missing.miss("memory.zones", err)
	data, err = h.read(maxTable, "proc/vmstat")
	if err == nil {
		m.Compaction, err = parseCompaction(data)
	}
	missing.miss("memory.compaction", err)
	return func(f *nodefacts.NodeFacts) { f.Memory = &m }, missing.orNil()
}

// parseMeminfo reads /proc/meminfo: "MemTotal:       16265432 kB". Kernels before 3.14 tell no MemAvailable.
func parseMeminfo(data []byte) (nodefacts.Memory, error) {
	var m nodefacts.Memory
	var total, free bool
	for line := range bytes.Lines(data) {
		name, rest, _ := strings.Cut(string(line), ":")
		if name != "MemTotal" && name != "MemFree" && name != "MemAvailable" {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
		if err != nil || kib < 0 || kib > 1<<50 {
			return m, fmt.Errorf("/proc/meminfo: %s is %q", name, rest)
		}
		bytes := kib << 10
		switch name {
		case "MemTotal":
			m.Bytes, total = bytes, true
		case "MemFree":
			m.BytesFree, free = bytes, true
		case "MemAvailable":
			m.BytesAvailable = &bytes
		}
	}
	if !total || !free {
		return m, errors.New("/proc/meminfo has no MemTotal or no MemFree")
	}
	return m, nil
}

// Most zones and orders that a fact lists. Machines have three zones for each NUMA node, and 11 orders (14 with 64 KiB
// pages).
const (
	maxZones  = 64
	maxOrders = 32
)

// parseBuddyinfo reads /proc/buddyinfo: "Node 0, zone   Normal   1057    304     51 ...", one number for each order.
func parseBuddyinfo(data []byte) ([]nodefacts.MemoryZone, error) {
	var zones []nodefacts.MemoryZone
	for line := range bytes.Lines(data) {
		f := strings.Fields(string(line))
		if len(f) < 5 || f[0] != "Node" || f[2] != "zone" {
			return nil, fmt.Errorf("/proc/buddyinfo: a line is %.100q", line)
		}
		if len(zones) == maxZones || len(f) > 4+maxOrders {
			return nil, fmt.Errorf("/proc/buddyinfo has more than %d zones or %d orders", maxZones, maxOrders)
		}
		node, err := strconv.Atoi(strings.TrimSuffix(f[1], ","))
		if err != nil {
			return nil, fmt.Errorf("/proc/buddyinfo: %w", err)
		}
		z := nodefacts.MemoryZone{Node: node, Zone: f[3]}
		for _, s := range f[4:] {
			n, err := strconv.ParseInt(s, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("/proc/buddyinfo: %w", err)
			}
			z.Free = append(z.Free, n)
		}
		zones = append(zones, z)
	}
	if len(zones) == 0 {
		return nil, errors.New("/proc/buddyinfo is empty")
	}
	return zones, nil
}

// parseCompaction takes the counters of compaction out of /proc/vmstat: "compact_stall 12".
func parseCompaction(data []byte) (*nodefacts.Compaction, error) {
	var c nodefacts.Compaction
	into := map[string]*int64{"compact_stall": &c.Stalls, "compact_success": &c.Successes, "compact_fail": &c.Failures}
	for line := range bytes.Lines(data) {
		name, value, _ := strings.Cut(string(line), " ")
		p := into[name]
		if p == nil {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("/proc/vmstat: %s: %w", name, err)
		}
		*p = n
		delete(into, name)
	}
	if len(into) > 0 {
		return nil, errors.New(
			"/proc/vmstat has no compact_stall, compact_success or compact_fail: this kernel does not compact " +
				"(CONFIG_COMPACTION)")
	}
	return &c, nil
}
