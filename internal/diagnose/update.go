package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/revision"
)

// IsChanged is the reason of a sign that cites a field which the newest revision of a workload changed.
const IsChanged = "Changed"

// maxCitedChanges is how many changes are cited as evidence; the others are in the finding's Update.
const maxCitedChanges = 3

// addUpdates tells for each finding what the newest revision of the Pod's workload changed, where a change is of what
// the finding is about: that is most often the fault, and going back the cure.
func (d *podRun) addUpdates() {
	update := revision.Of(d.index.snapshot, d.pass.Pod)
	if update == nil || update.Served {
		return
	}
	for i := range d.found {
		f := &d.found[i]
		u := *update
		u.Changes = slices.Clone(u.Changes)
		if !markTouching(u.Changes, d.catalogue.Cause(f.Cause).Stage, f) {
			continue
		}
		f.Update = &u
		f.addEvidence(citeChanges(&u), len(f.Evidence)+maxCitedChanges)
	}
}

// markTouching marks the changes that touch what a finding is about, puts them first, and reports whether there are
// any.
// Where some are evidence of the finding, they are what it is about.
func markTouching(changes []revision.Difference, stage pod.Stage, f *Finding) bool {
	cited := slices.ContainsFunc(changes, func(c revision.Difference) bool { return cites(f, c.Path) })
	for i := range changes {
		c := &changes[i]
		c.Touches = cites(f, c.Path) || !cited && touches(c, stage, f)
	}
	slices.SortStableFunc(changes, func(a, b revision.Difference) int { return rank(&a) - rank(&b) })
	return len(changes) > 0 && changes[0].Touches
}

// rank orders changes by how much they say: what runs, then what touches the finding, then all else.
func rank(c *revision.Difference) int {
	switch {
	case !c.Touches:
		return 3
	case c.Field == "image":
		return 0
	case c.Field == "command", c.Field == "args":
		return 1
	}
	return 2
}

// cites reports whether a finding has a field of the Pod's spec, or one in it or around it, for evidence.
func cites(f *Finding, path string) bool {
	return slices.ContainsFunc(f.Evidence, func(s cluster.Sign) bool {
		return s.Kind == cluster.SignField && s.Ref == f.Pod && within(strings.TrimPrefix(s.Path, "spec."), path)
	})
}

// citeChanges makes evidence of the first few changes that touch a finding, as far as the newer template shows them.
func citeChanges(u *revision.Update) []cluster.Sign {
	in := "spec.template.spec."
	if u.Object.Kind == "ControllerRevision" {
		in = "data." + in
	}
	var signs []cluster.Sign
	for _, c := range u.Changes {
		path, value := in+c.Path, c.New
		if value == revision.Withheld {
			_, value, _ = strings.Cut(strings.TrimSuffix(c.Field, "]"), "[")
			path += ".name"
		}
		if c.Touches && value != "" && len(signs) < maxCitedChanges {
			signs = append(signs, cluster.Sign{Ref: u.Object, Path: path, Kind: cluster.SignField, Reason: IsChanged,
				Message: value})
		}
	}
	return signs
}

// touches reports whether a change is of what a finding is about: it names what is to blame, or is of a kind that
// matters at the cause's stage.
func touches(c *revision.Difference, stage pod.Stage, f *Finding) bool {
	isImage := c.Field == "image" || c.Field == revision.Whole && c.Container != ""
	switch f.Blame.Kind {
	case "Image":
		return isImage && c.New == f.Blame.Name
	case "Registry":
		return isImage && pod.RegistryOf(c.New) == f.Blame.Name && pod.RegistryOf(c.Old) != f.Blame.Name
	case "Secret", "ConfigMap", "PersistentVolumeClaim", "ServiceAccount", "RuntimeClass":
		return c.New == f.Blame.Name || strings.Contains(c.New, fmt.Sprintf("%q", f.Blame.Name))
	case "Container", "Pod", f.workloadKind():
		return matters(c, stage, f.Container)
	}
	return false
}

// workloadKind is the kind of the Pod's workload, as its arguments tell: it is blamed where the template is.
func (f *Finding) workloadKind() string {
	kind, _, _ := strings.Cut(f.Args["workload"], "/")
	if strings.EqualFold(kind, f.Blame.Kind) {
		return f.Blame.Kind
	}
	return ""
}

// within reports whether one path is the same as another, or of a field in it, or around it.
func within(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	rest, ok := strings.CutPrefix(b, a)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// matter are the fields that can stop a Pod at a stage, by the beginning of their names. Those of a container count at
// the stages of its own.
var matter = map[pod.Stage][]string{
	pod.StageSchedule: {"nodeSelector", "affinity", "tolerations", "topologySpreadConstraints", "schedulerName",
		"priorityClassName", "resources.requests", "resources.limits", "resourceClaims", "ports", "hostNetwork",
		"volumes", "nodeName", "schedulingGates", "runtimeClassName", revision.Whole},
	pod.StageAccept: {"securityContext", "nodeName", "nodeSelector", "affinity", "resources", "ports", "hostNetwork",
		"runtimeClassName", "os", "topologySpreadConstraints"},
	pod.StageVolumes: {"volumes", "volumeMounts", "securityContext.fsGroup", "serviceAccountName", "resources.limits",
		"automountServiceAccountToken"},
	pod.StageSandbox: {"hostNetwork", "hostPID", "hostIPC", "hostUsers", "runtimeClassName", "securityContext",
		"resources.limits", "dns", "ports"},
	pod.StageNetwork: {"hostNetwork", "ports", "dns"},
	pod.StageImage:   {"image", "serviceAccountName", revision.Whole},
	pod.StageCreate: {"image", "command", "args", "workingDir", "env", "volumes", "volumeMounts", "volumeDevices",
		"securityContext", "resources.limits", "lifecycle", "serviceAccountName", "host", revision.Whole},
	pod.StageStart: {"image", "command", "args", "workingDir", "env", "volumes", "volumeMounts", "securityContext",
		"resources.limits", "lifecycle", "livenessProbe", "startupProbe", "ports", "serviceAccountName", "host",
		"shareProcessNamespace", "dns", revision.Whole},
	pod.StageReady: {"image", "command", "args", "env", "volumes", "volumeMounts", "resources.limits",
		"readinessProbe", "startupProbe", "readinessGates", "ports", "hostNetwork", revision.Whole},
}

// matters reports whether a change can stop a container, or a Pod, at a stage.
func matters(c *revision.Difference, stage pod.Stage, container string) bool {
	if container != "" && c.Container != "" && c.Container != container && c.Field != revision.Whole {
		return false
	}
	return slices.ContainsFunc(matter[stage], func(field string) bool { return strings.HasPrefix(c.Field, field) })
}

// goingBack is the first thing to do about a finding whose field the newest revision changed.
func goingBack(f *Finding) (Step, bool) {
	u := f.Update
	if u == nil {
		return Step{}, false
	}
	do := message.Of("fix.undo", "earlier", int(u.Earlier), "revision", int(u.Revision))
	switch {
	case u.Running:
		do.Code = "fix.undo.running"
	case u.Workload.Kind == "StatefulSet": // which goes on with a Pod only once it is ready
		do.Code = "fix.undo.statefulset"
	}
	words := Words{EN: do.In("en"), ZH: do.In("zh")}
	if u.By != "" && !strings.HasPrefix(u.By, "kubectl") {
		again := message.Of("fix.undo.again", "by", u.By)
		words.EN, words.ZH = words.EN+" "+again.In("en"), words.ZH+again.In("zh")
	}
	run := "kubectl -n {namespace} rollout undo {workload} --to-revision=" + fmt.Sprint(u.Earlier)
	if u.Workload.Kind == "StatefulSet" {
		run += "\nkubectl -n {namespace} delete pod {pod}"
	}
	return f.filled(Step{Do: words, Run: run, Risk: "disruptive"}), true
}
