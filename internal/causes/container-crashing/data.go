package containercrashing

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

var version = match.Lazy(`^[0-9][0-9A-Za-z.-]{0,30}$`)

// otherVersion: what the program finds as its data was written by another version of it, newer or too old.
func (w *words) otherVersion() {
	w.be("other-version")
	for _, name := range []string{"dataversion", "programversion"} {
		if v := w.has(name, version); v != "" {
			w.set(name, v)
		}
	}
	w.dataClaim()
}

// locked: another process has the data. Where the container has it in a claim that another Pod has as well, that one is
// who; of the same Deployment it is the Pod before, which an update leaves until the new one is ready.
func (w *words) locked() {
	w.be("locked")
	claim := w.dataClaim()
	for _, o := range w.UsersOf(claim) {
		if o.UID == w.Pod.UID || o.Status.Phase != corev1.PodRunning {
			continue
		}
		w.be("locked-by")
		w.set("holder", o.Name)
		w.finding.Attested = append(w.finding.Attested, "holder")
		w.bornOut(diagnose.Cite(cluster.RefOf(o), "status.phase", string(o.Status.Phase)))
		if w.Workload().Kind == "Deployment" && w.WorkloadOf(o) == w.Workload() {
			w.set("kind", "Deployment")
		}
		return
	}
}

// dataClaim is the one claim that the container mounts to write to, as {claim}; "" for none or several.
func (w *words) dataClaim() string {
	claim := ""
	for _, v := range w.Volumes() {
		m := w.mountOf(func(m *corev1.VolumeMount) bool { return m.Name == v.Name && !m.ReadOnly })
		if v.Claim == "" || m == nil {
			continue
		}
		if claim != "" {
			return ""
		}
		claim = v.Claim
	}
	if claim != "" {
		w.set("claim", claim)
	}
	return claim
}
