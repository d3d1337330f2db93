package containercrashing

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// unset: a setting is missing: an environment variable, or a key of a file that a ConfigMap holds. What ConfigMap that
// is, is known where the container reads just one, or the words name one or its file.
func (w *words) unset() {
	key := w.args["key"]
	w.be("unset")
	w.set("key", key)
	if w.optional(key) || w.prefixed(key) {
		return
	}
	if r := w.meant(); r != nil {
		w.finding.Variant = "unset-file"
		w.set("configmap", r.Name)
		w.finding.Blame = cluster.Ref{Kind: "ConfigMap", Namespace: w.Pod.Namespace, Name: r.Name}
		w.bornOut(w.Cite(r.Path, r.Name))
		return
	}
	if variable().MatchString(key) && key == strings.ToUpper(key) {
		w.set("variable", key)
		w.misspelt(key)
	}
}

// misspelt: the container has a variable of nearly the same name.
func (w *words) misspelt(key string) {
	c := w.spec()
	var have []string
	for _, e := range c.Env {
		have = append(have, e.Name)
	}
	near := match.Near(key, have)
	if near == "" {
		return
	}
	i := slices.Index(have, near)
	at := fmt.Sprintf("%s.env[%d].name", w.path(), i)
	w.set("meant", near)
	w.cite(at, near)
	w.edit(at, near, diagnose.Edit{Op: "replace", Path: diagnose.PointerTo(at), Value: key})
}

// badValue: the program complains and names one of the variables that it is given: what is wrong is that one's value.
func (w *words) badValue() bool {
	c := w.spec()
	for i, e := range c.Env {
		if len(e.Name) < 3 || !nameIn(w.finding.Args["words"], e.Name) {
			continue
		}
		if i > 0 && strings.Contains(w.finding.Args["words"], "$("+e.Name+")") {
			w.tooLate(i)
			return true
		}
		w.be("bad-value")
		w.set("variable", e.Name)
		w.finding.Attested = append(w.finding.Attested, "variable")
		w.bornOut(w.Cite(fmt.Sprintf("%s.env[%d].name", w.path(), i), e.Name))
		of := func(kind, name, key string) {
			w.set("kind", kind)
			w.set("object", name)
			w.set("key", key)
			w.finding.Blame = cluster.Ref{Kind: kind, Namespace: w.Pod.Namespace, Name: name}
			w.finding.Attested = append(w.finding.Attested, "object", "key")
		}
		switch from := e.ValueFrom; {
		case from == nil:
			w.set("plain", e.Name)
		case from.ConfigMapKeyRef != nil:
			of("ConfigMap", from.ConfigMapKeyRef.Name, from.ConfigMapKeyRef.Key)
		case from.SecretKeyRef != nil:
			of("Secret", from.SecretKeyRef.Name, from.SecretKeyRef.Key)
		}
		return true
	}
	return false
}

// tooLate: the program was given $(NAME) as it stands: what refers to a variable is replaced only where that one stands
// before it.
func (w *words) tooLate(i int) {
	name, list := w.spec().Env[i].Name, w.path()+".env"
	at := fmt.Sprintf("%s[%d]", list, i)
	w.be("env-order")
	w.set("variable", name)
	w.finding.Attested = append(w.finding.Attested, "variable")
	w.cite(at+".name", name)
	w.edit(at+".name", name,
		diagnose.Edit{Op: "move", From: diagnose.PointerTo(at), Path: diagnose.PointerTo(list + "[0]")})
}

// serviceLink: the program took for its own setting what Kubernetes sets for each Service of the namespace: PORT of
// Service app is APP_PORT=tcp://10.96.0.7:8080.
func (w *words) serviceLink() bool {
	if on := w.Pod.Spec.EnableServiceLinks; on != nil && !*on {
		return false
	}
	for _, s := range cluster.Objects[corev1.Service](w.Snapshot) {
		if s.Namespace != w.Pod.Namespace || !strings.Contains(w.finding.Args["words"], "tcp://"+s.Spec.ClusterIP+":") ||
			s.Spec.ClusterIP == "" {
			continue
		}
		w.be("service-link")
		w.set("service", s.Name)
		w.set("variable", strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))+"_PORT")
		w.finding.Attested = append(w.finding.Attested, "service", "variable")
		r := cluster.Ref{Kind: "Service", Namespace: s.Namespace, Name: s.Name}
		w.bornOut(diagnose.Cite(r, "spec.clusterIP", s.Spec.ClusterIP))
		return true
	}
	return false
}

// nameIn reports whether a text has a variable's name in it, and not as part of another.
func nameIn(text, name string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(name)
		if (i == 0 || !partOfName(text[i-1])) && (end == len(text) || !partOfName(text[end])) {
			return true
		}
		from = i + 1
	}
}

func partOfName(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// Forms of the names of variables that hold a password, a port and a host.
var (
	password     = match.Lazy(`(?i)PASS|PWD|TOKEN`)
	portName     = match.Lazy(`(?i)(?:^|_)PORT$`)
	databaseName = match.Lazy(`(?i)(?:^|_)(?:DB|DATABASE)(?:_?NAME)?$`)
	hostName     = match.Lazy(`(?i)(?:^|_)(?:HOST(?:NAME)?|SERVER|ADDR(?:ESS)?)$`)
)

// oneVariable sets {variable} to the one variable of the container whose name has a form, where its value stands in the
// container itself.
func (w *words) oneVariable(form func() *regexp.Regexp) bool {
	c := w.spec()
	found := ""
	for _, e := range c.Env {
		if form().MatchString(e.Name) {
			if found != "" || e.ValueFrom != nil {
				return false
			}
			found = e.Name
		}
	}
	if found == "" {
		return false
	}
	w.set("variable", found)
	w.finding.Attested = append(w.finding.Attested, "variable")
	return true
}

// badArgument: the program does not know one of its arguments. It is taken out where it is a word of its own among
// them, and what comes behind it is no value of it.
func (w *words) badArgument() {
	flag, _, _ := strings.Cut(w.args["argument"], "=")
	c := w.spec()
	for _, of := range []struct {
		field string
		list  []string
	}{{"args", c.Args}, {"command", c.Command}} {
		field, list := of.field, of.list
		i := slices.IndexFunc(list, func(word string) bool {
			name, _, _ := strings.Cut(word, "=")
			bare := strings.TrimLeft(flag, "-")
			return bare != "" && (name == flag || name != bare && strings.TrimLeft(name, "-") == bare)
		})
		if i < 0 || i == 0 && field == "command" {
			continue
		}
		at := fmt.Sprintf("%s.%s[%d]", w.path(), field, i)
		w.be("bad-argument")
		w.set("unknown", list[i])
		w.cite(at, list[i])
		if strings.Contains(list[i], "=") || i+1 == len(list) || strings.HasPrefix(list[i+1], "-") {
			w.edit(at, list[i], diagnose.Edit{Op: "remove", Path: diagnose.PointerTo(at)})
		}
		return
	}
	w.configured()
}

// meant is the ConfigMap that the words are about: one whose name or a file of which they name, or the only one that
// the container mounts, unless what is missing has the form of an environment variable.
func (w *words) meant() *pod.ConfigRef {
	refs := w.reads("ConfigMap")
	said := w.finding.Args["words"]
	for i := range refs {
		keys := w.Keys(cluster.Ref{Kind: "ConfigMap", Namespace: w.Pod.Namespace, Name: refs[i].Name})
		if mentions(said, refs[i].Name) ||
			slices.ContainsFunc(keys, func(k string) bool { return mentions(said, k) }) {
			return &refs[i]
		}
	}
	key := w.args["key"]
	if len(refs) == 1 && (refs[0].Volume == "" || key != strings.ToUpper(key)) {
		return &refs[0]
	}
	return nil
}

// mentions reports whether a text has a name in it that is long enough to mean it.
func mentions(text, name string) bool { return len(name) > 3 && strings.Contains(text, name) }
