package node

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// readSystem reads what the node is.
func readSystem(ctx context.Context, h *Host) (func(*nodefacts.NodeFacts), error) {
	var s nodefacts.System
	var missing partial
	var err error
	s.OS, err = h.osName()
	missing.miss("system.os", err)
	s.Kernel, err = h.text("proc/sys/kernel/osrelease")
	missing.miss("system.kernel", err)
	s.BootID, err = h.text("proc/sys/kernel/random/boot_id")
	missing.miss("system.bootID", err)
	booted, err := h.booted()
	missing.miss("system.booted", err)
	if err == nil {
		s.Booted = metav1.NewTime(booted)
	}
	s.CgroupVersion, err = h.cgroupVersion()
	missing.miss("system.cgroupVersion", err)
	name := h.nodeName(ctx)
	return func(f *nodefacts.NodeFacts) {
		f.System = &s
		f.Name = cmp.Or(f.Name, name)
	}, missing.orNil()
}

// nodeName is the name that the kubelet gives its node: --hostname-override, or the host's name. A cloud provider may
// have given another: then [Host.Name] has to be set.
func (h *Host) nodeName(ctx context.Context) string {
	if name := h.Override(ctx); name != "" {
		return name
	}
	name, _ := h.text("proc/sys/kernel/hostname")
	return strings.ToLower(strings.TrimSpace(name))
}

// Override is the name that the kubelet's --hostname-override gives the node; empty where it gives none, or no kubelet
// runs.
func (h *Host) Override(ctx context.Context) string {
	p := h.kubelet(ctx)
	if p == nil {
		return ""
	}
	name, _ := flagOf(p.args(), "hostname-override")
	return strings.ToLower(strings.TrimSpace(name))
}

// osName is PRETTY_NAME of os-release(5).
func (h *Host) osName() (string, error) {
	at, err := h.resolve("/etc/os-release")
	if err != nil || !h.exists(at) {
		at = "/usr/lib/os-release"
	}
	data, err := h.read(maxValue, at)
	if err != nil {
		return "", err
	}
	for line := range bytes.Lines(data) {
		if v, ok := bytes.CutPrefix(line, []byte("PRETTY_NAME=")); ok {
			return strings.Trim(strings.TrimSpace(string(v)), `"'`), nil
		}
	}
	return "", errors.New(at + " has no PRETTY_NAME")
}

// Where cgroups are mounted: all of version 2, and one folder for each controller of version 1.
const cgroups = "sys/fs/cgroup"

// cgroupVersion is 2 where the root of cgroups is that of version 2; a machine that has both (hybrid) has its
// controllers in version 1.
func (h *Host) cgroupVersion() (int, error) {
	if _, err := h.at(cgroups); err != nil {
		return 0, err
	}
	switch {
	case h.exists(cgroups, "cgroup.controllers"):
		return 2, nil
	case h.exists(cgroups, "memory"), h.exists(cgroups, "pids"), h.exists(cgroups, "cpu"):
		return 1, nil
	}
	return 0, errors.New("/" + cgroups + " is of neither version")
}
