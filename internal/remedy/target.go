package remedy

import (
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	corev1 "k8s.io/api/core/v1"
)

// A Target is what makes a Pod, and what has to be known to change it.
type Target struct {
	Owner cluster.Ref     // what has to be changed: the Deployment, not its ReplicaSet; the Pod itself where it is alone
	Group string          // the API group of an owner that is none of Kubernetes' own
	Pod   cluster.Ref     // the Pod; its name is empty where it is not made
	Spec  *corev1.PodSpec // of the Pod
	Marks map[string]bool // which annotations it has, of those that edits take away: annotations[NAME]

	Manager *Manager // who manages the owner; nil where nobody is known to

	Job      string // the run of a CronJob that the Pod is of
	Static   string // the node that has the manifest of a static Pod as a file
	OnDelete bool   // of a DaemonSet or a StatefulSet that replaces no Pod unless it is deleted
	Place    bool   // the scheduler has to place it anew: it has no node that takes it
	Pinned   bool   // its node is named where the owner keeps the template, not chosen by the scheduler
	Started  bool   // a container of it has run
	Deaf     bool   // it does not end when it is deleted, as long as a hook of it runs
}

// Alone reports whether nobody makes the Pod anew once it is gone.
func (t *Target) Alone() bool { return t.Owner.Kind == "Pod" && t.Static == "" }

// Known reports whether it is known where the owner keeps the template of its Pods.
func (t *Target) Known() bool { return t.Static != "" || templates[t.Owner.Kind] }

// templates are the kinds of which it is known where their template is.
var templates = map[string]bool{"Pod": true, "Deployment": true, "StatefulSet": true, "DaemonSet": true,
	"ReplicaSet": true, "ReplicationController": true, "Job": true, "CronJob": true}

// Resource is the owner as kubectl takes it: deployment/web, rollout.argoproj.io/web.
func (t *Target) Resource() string {
	kind := strings.ToLower(t.Owner.Kind)
	if t.Group != "" && !t.Known() {
		kind += "." + t.Group
	}
	return kind + "/" + t.Owner.Name
}

// moves are the fields that decide where a Pod may be: who changes one of them has it placed anew.
var moves = []string{"nodeSelector", "affinity", "tolerations", "topologySpreadConstraints", "nodeName", "hostNetwork",
	"runtimeClassName", "schedulerName", "schedulingGates"}

// Set makes the command that changes the template of a Pod, and puts a Pod with the change in the place of this one.
// Not ok where the edits fit no Pod.
func (t *Target) Set(edits []Edit) (Commands, bool) {
	c := Commands{Action: Action{Kind: KindSet, On: t.Resource(), Edits: edits}}
	p := newPatch(t.Spec)
	moved := t.Place
	for _, e := range edits {
		mark := strings.HasPrefix(e.Remove, "annotations[") && t.Marks != nil
		if e.Remove == "nodeName" && !t.Pinned && !t.Alone() || mark && !t.Marks[e.Remove] {
			continue
		}
		if p.add(e) != nil {
			return Commands{}, false
		}
		field := strings.TrimPrefix(e.Field+e.Remove, "spec.")
		moved = moved || slices.ContainsFunc(moves, func(m string) bool { return strings.HasPrefix(field, m) }) ||
			strings.Contains(field, ".resources.") || strings.Contains(field, ".hostPort")
	}
	switch {
	case p.empty(), !plainPatch(p.template()):
		return Commands{}, false // a value in it is not plain
	case t.Static != "":
		t.setStatic(&c, p)
	case !t.Known():
		t.show(&c, edits)
	case t.Owner.Kind == "Pod":
		t.setPod(&c, p, moved)
	case t.Owner.Kind == "Job":
		t.setJob(&c, p)
	case t.Owner.Kind == "CronJob":
		t.setCronJob(&c, p)
	default:
		t.setTemplate(&c, p)
	}
	if t.Manager != nil {
		c.Note = append(c.Note, t.Manager.Note())
	}
	return c, true
}

// on begins a command of kubectl in the Pod's namespace.
func (t *Target) on(words ...string) string {
	out := "kubectl"
	if t.Owner.Namespace != "" {
		out += " -n " + word("namespace", t.Owner.Namespace)
	}
	for _, w := range words {
		out += " " + w
	}
	return out
}

func (t *Target) setTemplate(c *Commands, p *patch) {
	body := map[string]any{"spec": map[string]any{"template": p.template()}}
	c.Run, c.Risk = t.on("patch", word("workload", t.Resource()), "-p", quoted(body)), Disruptive
	switch kind := t.Owner.Kind; {
	case kind == "Deployment", kind == "DaemonSet" && !t.OnDelete:
		c.Undo = t.on("rollout", "undo", word("workload", t.Resource()))
		return
	case kind == "StatefulSet", kind == "DaemonSet":
		c.Undo = t.on("rollout", "undo", word("workload", t.Resource()))
	default:
		c.Risk = Low
	}
	if t.Pod.Name != "" {
		c.Run += " && " + t.on("delete", "pod", word("pod", t.Pod.Name))
		c.Note = append(c.Note, message.Of("remedy.stays", "kind", t.Owner.Kind))
	}
}

// setPod writes a Pod that nobody makes anew out, and puts it back with the change.
func (t *Target) setPod(c *Commands, p *patch, moved bool) {
	if image, ok := t.inPlace(c.Edits); ok {
		c.Run, c.Risk = t.on("set", "image", "pod/"+word("pod", t.Owner.Name), image), Low
		return
	}
	t.leave(p, moved)
	c.Run = t.back(p)
	t.isGone(c)
}

// back writes a Pod alone out, and puts it with a change in the place of the one that there is. One that does not end
// is not waited for.
func (t *Target) back(p *patch) string {
	name, change := word("pod", t.Owner.Name), p.template()
	if t.Deaf {
		meta, _ := change["metadata"].(map[string]any)
		anew := map[string]any{"uid": nil, "resourceVersion": nil}
		maps.Copy(anew, meta)
		change["metadata"] = anew
	}
	run := t.on("get", "pod", name, "-o", "yaml")
	if len(change) > 0 {
		run += " | kubectl patch --local -f - -p " + quoted(change) + " -o yaml"
	}
	if t.Deaf {
		return run + " > " + name + ".yaml && " + t.on("delete", "pod", name, "--grace-period=0", "--force") +
			" && kubectl create -f " + name + ".yaml"
	}
	return run + " | kubectl replace --force -f -"
}

// leave takes out of a Pod what the API server does not take from one that is made, or what ties it to its node.
func (t *Target) leave(p *patch, moved bool) {
	if t.Spec == nil {
		return
	}
	if len(t.Spec.EphemeralContainers) > 0 {
		p.out["ephemeralContainers"] = nil
	}
	if _, set := p.out["nodeName"]; !set && moved && t.Spec.NodeName != "" {
		p.out["nodeName"] = nil
	}
}

// isGone says what becomes of a Pod alone that is made anew, and what is lost by it.
func (t *Target) isGone(c *Commands) {
	c.Risk = Low
	c.Note = append(c.Note, message.Of("remedy.alone"))
	if t.Deaf {
		c.Risk = DataLoss
		c.Note = append(c.Note, message.Of("remedy.deaf"))
	}
	if !t.Started {
		return
	}
	c.Risk = Worst(c.Risk, Disruptive)
	if t.Spec != nil && slices.ContainsFunc(t.Spec.Volumes, func(v corev1.Volume) bool { return v.EmptyDir != nil }) {
		c.Risk = DataLoss
		c.Note = append(c.Note, message.Of("remedy.emptydir"))
	}
}

// inPlace is what kubectl set image takes where edits change nothing but the image of one container, which a Pod lets
// change.
func (t *Target) inPlace(edits []Edit) (string, bool) {
	if len(edits) != 1 || t.Place || edits[0].Remove != "" || numbered(edits[0].Field) {
		return "", false
	}
	all, _, err := places(edits[0].Field)
	if err != nil || len(all) != 2 || all[1].name != "image" {
		return "", false
	}
	image := edits[0].Hole
	if image == "" || edits[0].Value != "" {
		image = word("image", edits[0].Value)
	}
	return word("container", all[0].key) + "=" + image, true
}

// setJob puts a Job in the place of one whose template cannot be changed. What the API server set in the old one, it
// sets anew.
func (t *Target) setJob(c *Commands, p *patch) {
	labels := map[string]any{"controller-uid": nil, "batch.kubernetes.io/controller-uid": nil}
	template := p.template()
	meta, _ := template["metadata"].(map[string]any)
	if meta == nil {
		meta = map[string]any{}
		template["metadata"] = meta
	}
	if own, ok := meta["labels"].(map[string]any); ok {
		for k := range own {
			labels[k] = own[k]
		}
	}
	meta["labels"] = labels
	body := map[string]any{"spec": map[string]any{"selector": nil, "template": template}}
	local := "kubectl patch --local -f - -p " + quoted(body) + " -o yaml"
	c.Run = t.on("get", word("workload", t.Resource()), "-o", "yaml") + " | " + local + " | kubectl replace --force -f -"
	c.Risk = Disruptive
	c.Note = append(c.Note, message.Of("remedy.job"))
}

func (t *Target) setCronJob(c *Commands, p *patch) {
	job := map[string]any{"spec": map[string]any{"template": p.template()}}
	body := map[string]any{"spec": map[string]any{"jobTemplate": job}}
	c.Run, c.Risk = t.on("patch", word("workload", t.Resource()), "-p", quoted(body)), Low
	if t.Job == "" {
		return
	}
	c.Run += " && " + t.on("delete", "job", word("object", t.Job)) + " && " +
		t.on("create", "job", word("object", t.Job), "--from="+word("workload", t.Resource()))
	c.Note = append(c.Note, message.Of("remedy.cronjob"))
}

// manifests is where the kubelet finds the manifests of static Pods, unless it is told another folder.
const manifests = "/etc/kubernetes/manifests"

// file is the shell that finds the manifest of a static Pod.
func (t *Target) file() (find, name string) {
	name = word("pod", strings.TrimSuffix(t.Pod.Name, "-"+t.Static))
	return `f=$(grep -lE '^ *"?name"?: *"?` + strings.ReplaceAll(name, ".", `[.]`) + `"?,?$' ` + manifests + `/*)`, name
}

func (t *Target) setStatic(c *Commands, p *patch) {
	find, name := t.file()
	c.Run = find + ` && kubectl patch --local -f "$f" -p ` + quoted(p.template()) + ` -o yaml > ` +
		"/root/" + name + ".yaml" + ` && mv ` + "/root/" + name + ".yaml" + ` "$f"`
	c.Risk = Disruptive
	c.Note = append(c.Note, message.Of("remedy.static", "node", t.Static))
}

// show is what can be said where nobody here knows in which field an owner keeps the template of its Pods.
func (t *Target) show(c *Commands, edits []Edit) {
	c.Run, c.Risk = t.on("get", word("workload", t.Resource()), "-o", "yaml"), Disruptive
	for _, e := range edits {
		switch {
		case e.Remove != "":
			c.Note = append(c.Note, message.Of("remedy.custom.remove", "field", e.Remove, "kind", t.Owner.Kind))
		default:
			c.Note = append(c.Note, message.Of("remedy.custom", "field", e.Field, "value", e.Value+e.Hole, "kind", t.Owner.Kind))
		}
	}
}

// Restart makes the Pod anew, as it was: who makes it makes another once it is gone, and one that is alone is put back.
// Not ok where there is no Pod.
func (t *Target) Restart() (Commands, bool) {
	c := Commands{Action: Action{Kind: KindRestart, On: "pod/" + t.Pod.Name}, Risk: Low}
	switch {
	case t.Pod.Name == "":
		return Commands{}, false
	case t.Static != "":
		find, name := t.file()
		c.Run = find + ` && mv "$f" ` + "/root/" + name + ".yaml" + ` && sleep 20 && mv ` +
			"/root/" + name + ".yaml" + ` "$f"`
		c.Risk = Disruptive
		c.Note = append(c.Note, message.Of("remedy.static.again", "node", t.Static))
	case !t.Alone():
		c.Run = t.on("delete", "pod", word("pod", t.Pod.Name))
		if t.Deaf {
			c.Run += " --grace-period=0 --force"
			c.Risk = DataLoss
			c.Note = append(c.Note, message.Of("remedy.deaf"))
		}
		c.Note = append(c.Note, message.Of("remedy.again", "owner", t.Owner.Kind+" "+t.Owner.Name))
	default:
		p := newPatch(t.Spec)
		t.leave(p, t.Place)
		c.Run = t.back(p)
		t.isGone(&c)
	}
	return c, true
}
