// Package imageaccessdenied finds images that the registry does not give to the node.
package imageaccessdenied

import (
	"fmt"
	"regexp"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

var (
	// An official image of Docker Hub is open to all: one that is refused does not exist.
	official = match.Lazy(`(?i)docker\.io/library/[^/" ]+"?: .*pull access denied|` +
		`pull access denied for (docker\.io/library/|library/)?[^/ ,]+, repository does not`)
	// Registries that hide what is private say this of images that do not exist, too: Docker Hub, GitLab; Quay; Google.
	vague = match.Lazy(`(?i)pull access denied|insufficient_scope|requested access to the resource is denied|` +
		`access to the requested resource is not authorized|may not exist`)
	// open are registries where most images are for all, and which ask for credentials where a name leads nowhere.
	open = match.Lazy(`^(?:ghcr\.io|quay\.io|docker\.io|registry\.gitlab\.com|public\.ecr\.aws|mcr\.microsoft\.com)$`)
	asks = match.Lazy(`(?i)no basic auth|authentication required|unauthorized:|token has expired|\b401 `)
	// the registry wants a password before it says anything, and none was there
	without = match.Lazy(`(?i)no basic auth credentials`)
	forbids = match.Lazy(`(?i)\b403\b|\bforbidden\b`)
	expired = match.Lazy(`(?i)\b(token|credentials?|password)\b.{0,20}\bexpired`)
	// the runtime had nothing to show: containerd and docker ask for a token, or want a password, without any
	unsent = match.Lazy(`(?i)no basic auth credentials|failed to fetch anonymous token`)
	other  = match.Lazy(`(?i)toomanyrequests|pull rate limit|too many requests|proxy authentication`)
)

// clouds are the registries that let the nodes of their own cloud in by what these are, and not by a password.
var clouds = []struct {
	variant string
	host    func() *regexp.Regexp
}{
	{"ecr", match.Lazy(`\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com`)},
	{"google", match.Lazy(`(?:^|\.)(?:gcr\.io|pkg\.dev)$`)},
	{"acr", match.Lazy(`\.azurecr\.(?:io|cn|us)$`)},
}

func cloud(registry string) string {
	for _, c := range clouds {
		if c.host().MatchString(registry) {
			return c.variant
		}
	}
	return ""
}

// Find reports refusals. They prove that credentials are the matter only where the registry asked for them.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		said := match.Plain(m.Sign.Message)
		if provider(p, m) {
			continue
		}
		if official().MatchString(said) || other().MatchString(said) {
			continue
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		sure := !vague().MatchString(said) || without().MatchString(said)
		if len(p.Pod.Spec.ImagePullSecrets) == 0 && open().MatchString(m.Args["registry"]) {
			sure = false
		}
		if !sure {
			f.Certainty = diagnose.Likely
		}
		refs := p.Pod.Spec.ImagePullSecrets
		switch {
		case expired().MatchString(said):
			f.Variant = "expired"
		case forbids().MatchString(said) && m.Args["mirrored"] != "":
			f.Variant, f.Certainty = "mirror", diagnose.Likely
			f.Blame = cluster.Ref{Kind: "Registry", Name: m.Args["host"]}
		case forbids().MatchString(said) && !asks().MatchString(said):
			f.Variant, f.Certainty = "forbidden", diagnose.Likely
		case len(refs) > 0 && unsent().MatchString(said):
			f.Variant, f.Certainty = "unsent", ""
			f.Blame = cluster.Ref{Kind: "Secret", Namespace: p.Pod.Namespace, Name: refs[0].Name}
		case len(refs) > 0:
			f.Variant = "refused"
		case sure:
			f.Variant = "nosecret"
		}
		if v := cloud(m.Args["registry"]); len(refs) == 0 && f.Variant != "expired" && v != "" {
			f.Variant = v
		}
		if len(refs) == 0 && p.Snapshot.Retold(p.Ref) { // it may name one that the text does not show
			f.Certainty = diagnose.Likely
		}
		// one that is pulled each time is asked for each time, whatever the node has
		c := pod.Container(p.Pod, m.Args["container"])
		if minor, _ := p.KubeletMinor(); minor >= 35 && len(refs) == 0 && c != nil &&
			c.ImagePullPolicy == corev1.PullIfNotPresent {
			if listed, there := p.OnNode(m.Args["image"]); there {
				f.Variant = "there"
				f.Evidence = append(f.Evidence, listed)
			}
		}
		for i, r := range refs {
			if m.Args["secret"] == "" {
				m.Args["secret"] = r.Name
			}
			f.Evidence = append(f.Evidence, p.Cite(fmt.Sprintf("spec.imagePullSecrets[%d].name", i), r.Name))
		}
		p.Report(f)
	}
}
