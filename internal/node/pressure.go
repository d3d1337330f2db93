package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
)

// readPressure reads for how much of the last minute tasks waited.
func readPressure(_ context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	if _, err := h.at("proc/pressure"); err != nil {
		return nil, err
	}
	if !h.exists("proc/pressure") {
		return nil, &message.Error{What: message.Of("fact.no-pressure")}
	}
	var p nodefacts.Pressure
	var missing partial
	for _, of := range []struct {
		name string
		into **nodefacts.Stall
	}{{"cpu", &p.CPU}, {"memory", &p.Memory}, {"io", &p.IO}} {
		data, err := h.read(maxValue, "proc/pressure", of.name)
		if err == nil {
			*of.into, err = parsePressure(data)
		}
		missing.miss("pressure."+of.name, err)
	}
	return func(f *nodefacts.NodeFacts) { f.Pressure = &p }, missing.orNil()
}

// parsePressure reads a file of /proc/pressure: "some avg10=0.00 avg60=12.50 avg300=0.00 total=0", and the same with
// "full", which older kernels leave out for the CPU.
func parsePressure(data []byte) (*nodefacts.Stall, error) {
	var s nodefacts.Stall
	var some bool
	for line := range bytes.Lines(data) {
		f := strings.Fields(string(line))
		if len(f) < 3 || f[0] != "some" && f[0] != "full" {
			continue
		}
		avg, ok := strings.CutPrefix(f[2], "avg60=")
		percent, err := strconv.ParseFloat(avg, 64)
		if !ok || err != nil || !(percent >= 0 && percent <= 100) {
			return nil, fmt.Errorf("the third field is %.50q and should be avg60=0 to 100", f[2])
		}
		n := int64(percent*100 + 0.5)
		if f[0] == "some" {
			s.Some, some = n, true
		} else {
			s.Full = n
		}
	}
	if !some {
		return nil, errors.New(`it has no line that begins with "some"`)
	}
	return &s, nil
}
