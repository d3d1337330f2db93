package diagnose

import (
	"path"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// Whoever may create Events can write any, about any object, and a program writes into its log and its last message
// what it likes. What only such words say fills no command that changes something: an attacker would choose it. Other
// words are those of components: conditions, which their controllers write; what a container waits for, and why a Pod
// was rejected, which the kubelet writes into a status that its users cannot; the errors of attachments; the logs of
// the kubelet and the runtime.

// IsHearsay reports whether a sign is the word of somebody who may be anybody.
func IsHearsay(s *cluster.Sign) bool {
	switch s.Kind {
	case cluster.SignEvent:
		return true
	case cluster.SignField:
		return s.Ref.Kind == "Event"
	case cluster.SignTerminated: // the kubelet's own words where nothing ran that could have left others
		return s.Reason != "StartError" && s.Reason != "ContainerCannotRun"
	case cluster.SignLog:
		return s.Ref.Kind != "NodeFacts"
	}
	return false
}

// ours are arguments whose values are a few words of ours, whatever was said.
var ours = []string{"kind", "probefield", "probehole", "probename", "probevalue"}

// mostHearsay is how many Events of a Pod are looked through for what they say of a finding, the last.
const mostHearsay = 500

// speech is what was said of a Pod: by who may be anybody, as patterns read it, and by components.
type speech struct{ anybody, components []string }

// speech is what was said of the Pod, whatever the finding. It is put together once: a Pod may have thousands of both.
func (p *Pass) speech() *speech {
	if p.said == nil {
		p.said = &speech{}
		p.hear(p.said, p.podRun.signs)
		for _, e := range p.Events[max(len(p.Events)-mostHearsay, 0):] {
			p.said.anybody = append(p.said.anybody, match.Plain(e.Message))
		}
		slices.Sort(p.said.anybody)
		p.said.anybody = slices.Compact(p.said.anybody)
	}
	return p.said
}

// hear adds what signs say.
func (p *Pass) hear(to *speech, signs []cluster.Sign) {
	for i := range signs {
		switch s := &signs[i]; {
		case IsHearsay(s) || p.quotes(s):
			to.anybody = append(to.anybody, match.Plain(s.Message))
		case s.Kind != cluster.SignStall: // a field that is cited, too
			to.components = append(to.components, s.Message)
		}
	}
}

// quotes reports whether a component repeats a sentence of the Pod's own: what a container is to be started with may
// be any, such as what a runtime says of another container.
func (p *Pass) quotes(s *cluster.Sign) bool {
	if s.Kind != cluster.SignWaiting && s.Kind != cluster.SignTerminated {
		return false
	}
	if p.sentences == nil {
		p.sentences = sentencesOf(p.Pod)
	}
	if len(p.sentences) == 0 {
		return false
	}
	said := match.Plain(s.Message)
	return slices.ContainsFunc(p.sentences, func(begin string) bool { return strings.Contains(said, begin) })
}

// sentencesOf are the beginnings of the sentences that the containers of a Pod are started with; not nil.
func sentencesOf(o *corev1.Pod) []string {
	const begin = 16
	out := []string{}
	for _, c := range containersOf(o) {
		for _, word := range append(slices.Concat(c.Command, c.Args), c.WorkingDir) {
			if word = match.Plain(word); len(word) >= begin && strings.Contains(word, " ") {
				out = append(out, word[:begin])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// setUnattested notes the arguments of a finding whose values only hearsay has: no field of an object names the same
// for the Pod, no component says it, and the Find does not vouch for it.
func (p *Pass) setUnattested(f *Finding) {
	var evidence *speech
	anybody := func(part string) bool {
		has := func(text string) bool { return strings.Contains(text, part) }
		return part == "" || slices.ContainsFunc(evidence.anybody, has) || slices.ContainsFunc(p.speech().anybody, has)
	}
	component := func(part string) bool {
		has := func(text string) bool { return hasWord(text, part) }
		return slices.ContainsFunc(evidence.components, has) || slices.ContainsFunc(p.speech().components, has)
	}
	for name, value := range f.Args {
		t := argument.Of(name)
		ofHearsay := slices.Contains(f.Hearsay, name)
		known := t == argument.Patch || p.baseArgs[name] == value || slices.Contains(f.Attested, name)
		if value == "" || t == argument.Text || t == argument.Flag || slices.Contains(ours, name) || known && !ofHearsay {
			continue
		}
		if evidence == nil && !ofHearsay {
			evidence = &speech{}
			p.hear(evidence, f.Evidence)
		}
		if ofHearsay || !p.names(name, value) && mentioned(t, value, anybody) && !mentioned(t, value, component) {
			if f.unattested == nil {
				f.unattested = map[string]bool{}
			}
			f.unattested[name] = true
		}
	}
	for _, made := range composed { // what is to be made is no more certain than its name
		if f.unattested[made.called] && f.Args[made.arg] != "" {
			f.unattested[made.arg] = true
		}
	}
}

// unattest notes which arguments of remedies were made of one that only hearsay has.
func (f *Finding) unattest() {
	for name := range f.unattested {
		for _, made := range derived[name] {
			f.unattested[made] = true
		}
		if f.Args[name] == f.Blame.Name { // something else may be near it, and was chosen with it
			f.unattested["nearest"] = true
		}
	}
}

// derived has what [podRun.remedyArgs] makes of an argument.
var derived = map[string][]string{"path": {"folderpath", "devpath"}, "key": {"keypatch", "nearest"},
	"image": {"valid", "nearimage"}, "registry": {"loginserver"}}

// mentioned reports whether what was said has a value in it: that of a list or of pairs in all its parts. Who wrote a
// longer word around what a pattern takes of it has written that, too; a component has not said what is a part of its
// words.
func mentioned(t *argument.Type, value string, has func(part string) bool) bool {
	parts := []string{value}
	switch t {
	case argument.Names:
		parts = strings.Split(value, ", ")
	case argument.Object: // the kind before the name is ours
		parts = []string{value[strings.LastIndexByte(value, '/')+1:]}
	case argument.Host: // the port may be the usual one
		parts[0], _, _ = strings.Cut(value, ":")
	case argument.Pairs:
		parts = strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune("=,:", r) })
	case argument.Number: // a count is in any text; Go code makes those that are in commands
		return false
	}
	for _, part := range parts {
		if !has(part) {
			return false
		}
	}
	return len(parts) > 0
}

// hasWord reports whether a text has a word that is not part of a longer one.
func hasWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(word)
		if (i == 0 || !goesOn(text[i-1])) && (end == len(text) || !goesOn(text[end])) {
			return true
		}
		from = i + 1
	}
}

func goesOn(c byte) bool {
	return c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// contradicted reports whether all that speaks for a finding is hearsay, and names something for the Pod that it does
// not have: then that is no proof.
func (p *Pass) contradicted(f *Finding) bool {
	speaks := func(s cluster.Sign) bool {
		return !IsHearsay(&s) && s.Kind != cluster.SignStall && (s.Kind != cluster.SignField || s.Ref.Kind == "NodeFacts")
	}
	if len(p.Pod.Spec.Containers) == 0 || slices.ContainsFunc(f.Evidence, speaks) { // a Pod without is but a name
		return false
	}
	for name := range f.unattested {
		if p.lacks(name, f.Args[name]) {
			return true
		}
	}
	return false
}

// lacks reports whether it is known that the Pod has nothing of the name that hearsay has for an argument.
func (p *Pass) lacks(arg, value string) bool {
	switch arg {
	case "image": // runtimes name one in other ways than the Pod does, up to the last part
		return p.cause.Stage == pod.StageImage && !slices.ContainsFunc(p.images().all, func(i string) bool {
			return path.Base(repository(i)) == path.Base(repository(value))
		})
	case "claim", "configmap", "container", "resourceclaim", "runtimeclass":
		return true
	case "serviceaccount":
		return p.Pod.Spec.ServiceAccountName != ""
	case "volume":
		return p.volumesKnown()
	case "secret":
		_, account := cluster.Get[corev1.ServiceAccount](p.Snapshot, p.Pod.Namespace, p.Pod.Spec.ServiceAccountName)
		return p.volumesKnown() && account != cluster.Unknown
	}
	return false
}

// volumesKnown reports whether it is known what is behind each of the Pod's volumes, as far as anything is.
func (p *Pass) volumesKnown() bool {
	return !slices.ContainsFunc(p.Volumes(), func(v Volume) bool {
		return v.Claim != "" && v.PVCPresence == cluster.Unknown
	})
}
