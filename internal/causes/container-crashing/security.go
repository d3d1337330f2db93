package containercrashing

import (
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// certificate: a certificate is not accepted. Its own is in a Secret that the container mounts, whom it trusts in a
// Secret or a ConfigMap.
func (w *words) certificate() {
	if w.args["unknown"] != "" {
		w.be("unknown-issuer")
		w.name("ConfigMap", "configmap")
		return
	}
	if w.wrongClock() {
		return
	}
	w.be("certificate")
	w.name("Secret", "secret")
}

// ownTime is the time that a program shows which finds a certificate invalid then (Go, crypto/x509).
var ownTime = match.Lazy(`current time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{1,6}) is (?:after|before)`)

// wrongClock: by the cluster's clock, the time that the program shows is long before its Pod was made, or to come.
func (w *words) wrongClock() bool {
	m := ownTime().FindStringSubmatch(w.finding.Args["words"])
	if m == nil || w.Pod.Spec.NodeName == "" || w.Snapshot.At.IsZero() {
		return false
	}
	shown, err := time.Parse(time.RFC3339, strings.TrimRight(m[1], ".,"))
	early, late := w.Pod.CreationTimestamp.Add(-24*time.Hour), w.Snapshot.At.Add(24*time.Hour)
	if err != nil || shown.After(early) && shown.Before(late) {
		return false
	}
	w.be("clock")
	w.set("clock", shown.UTC().Format(time.DateTime))
	w.set("asof", w.Snapshot.At.UTC().Format(time.DateTime))
	w.finding.Blame = cluster.Ref{Kind: "Node", Name: w.Pod.Spec.NodeName}
	return true
}

// noDatabase: the server is there, and has no database of that name.
func (w *words) noDatabase() {
	w.be("no-database")
	w.set("database", w.args["database"])
	w.oneVariable(databaseName)
}

// noResource: the API server does not serve a kind of objects.
func (w *words) noResource() {
	w.be("no-resource")
	w.set("kind", w.args["kind"])
	w.set("apigroup", w.args["group"])
}

// needed are the capabilities that programs speak of by what they do, as groups of an expression.
var needed = match.Lazy(`(?i)(?P<CHOWN>\b[lf]?chown(?:at)?\b)|(?P<FOWNER>\bf?chmod\b|\butime)|` +
	`(?P<SETUID>\b(?:init|set)groups\b|` +
	`\bset(?:e|res?)?[gu]id\b|su-exec|gosu|setpriv|switch user)|(?P<MKNOD>\bmknod\b)|(?P<SYS_CHROOT>\bchroot\b)|` +
	`(?P<NET_ADMIN>iptables|nftables|RTNETLINK|\bip (?:link|route|addr)|/dev/net/tun)|` +
	`(?P<NET_RAW>raw socket|SOCK_RAW|\bping\b)|(?P<IPC_LOCK>\bmlock|memory lock)`)

// capability: the kernel refuses what a capability is for that the container does not have.
func (w *words) capability() bool {
	if !strings.Contains(strings.ToLower(w.finding.Args["words"]), "operation not permitted") {
		return false
	}
	if uid := w.runsAs(); uid != nil && *uid != 0 {
		return false // then it has none, whatever is added
	}
	m := needed().FindStringSubmatch(w.finding.Args["words"])
	i := 1
	for i < len(m) && m[i] == "" {
		i++
	}
	if i >= len(m) {
		return false
	}
	capability := corev1.Capability(needed().SubexpNames()[i])
	var set corev1.Capabilities
	if c := w.spec().SecurityContext; c != nil && c.Privileged != nil && *c.Privileged {
		return false
	} else if c != nil && c.Capabilities != nil {
		set = *c.Capabilities
	}
	dropped := slices.Contains(set.Drop, capability) || slices.Contains(set.Drop, "ALL")
	given := capability != "NET_ADMIN" && capability != "IPC_LOCK" // by runtimes to all
	if slices.Contains(set.Add, capability) || given && !dropped {
		return false
	}
	w.be("capability")
	w.set("capability", string(capability))
	if dropped {
		w.cite(w.path()+".securityContext.capabilities.drop[0]", string(set.Drop[0]))
	}
	add := append(slices.Clone(set.Add), capability)
	if capability == "SETUID" {
		add = append(add, "SETGID")
	}
	w.set("addcaps", diagnose.JSON(add))
	return true
}
