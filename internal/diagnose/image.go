package diagnose

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

// What messages of a pull name, each behind a word without which it is not worth a look.
var (
	quotedImage  = quotedName{"mage", match.Lazy(`(?i)image:? (?:name |reference |tag |volume )?"([^"\s]+)"`)}
	quotedLookup = quotedName{"ookup", match.Lazy(`(?i)\blookup ([a-z0-9][^\s:"]*)`)}
	// the last: where redirects led
	quotedURL  = quotedName{"://", match.Lazy(`(?i).*(?:get|head|post|to|at|code|from|registry) "?https?://([^/\s"]+)`)}
	quotedHost = quotedName{"ulling from host", match.Lazy(`(?i)pulling from host ([^\s:]+(?::\d+)?)`)}
	// containerd adds it where it asks another host than the image's own
	quotedMirror = quotedName{"ns=", match.Lazy(`[?&]ns=([A-Za-z0-9.-]+(?::\d+)?)`)}
	quotedPing   = quotedName{"inging", match.Lazy(`(?i)pinging (?:container|docker) registry ([^\s:]+(?::\d+)?)`)}
)

type quotedName struct {
	word string
	re   func() *regexp.Regexp
}

// imageArgs fills image, registry, and for a cause of the image stage host: who answered badly or not at all, which may
// be a token server or where a redirect led. The spec's name of the image counts, unless the message speaks of another.
// What is said of the sandbox is said of no container's image.
func (p *Pass) imageArgs(args map[string]string, message string, sandbox bool) {
	if image := p.imageOf(args["container"], message, sandbox); image != "" && args["image"] == "" {
		args["image"] = image
	}
	if p.cause.Stage != pod.StageImage {
		if args["registry"] == "" && args["image"] != "" {
			args["registry"] = pod.RegistryOf(args["image"])
		}
		return
	}
	url := firstGroup(message, quotedURL, quotedHost, quotedPing)
	looked := firstGroup(message, quotedLookup)
	from := pod.Hub(cmp.Or(url, looked))
	if from == "" && args["image"] != "" {
		from = pod.RegistryOf(args["image"])
	}
	if from = cmp.Or(args["registry"], from); from == "" {
		return
	}
	args["registry"] = from
	if of := firstGroup(message, quotedMirror); of != "" && from == url {
		args["mirrored"] = of
	}
	if from == pod.DockerHub {
		from = "registry-1.docker.io" // who answers for it
	}
	args["host"] = cmp.Or(args["host"], looked, url, from)
}

// imageOf is the image that a message about a container speaks of.
func (p *Pass) imageOf(container, message string, sandbox bool) string {
	image := ""
	if container != "" {
		image = pod.ContainerImage(p.Pod, container)
	}
	if image == "" && !sandbox && len(p.Pod.Spec.Containers) == 1 && len(p.Pod.Spec.InitContainers) == 0 {
		image = p.Pod.Spec.Containers[0].Image
	}
	if p.cause.Stage == pod.StageImage && (image == "" || !strings.Contains(message, image)) {
		if quotedName := firstGroup(message, quotedImage); quotedName != "" && !strings.HasPrefix(quotedName, "sha256:") {
			return quotedName
		}
	}
	return image
}

func firstGroup(message string, any ...quotedName) string {
	for _, s := range any {
		if !strings.Contains(message, s.word) {
			continue
		}
		if m := s.re().FindStringSubmatch(message); m != nil {
			return strings.TrimRight(m[1], `.,;'`)
		}
	}
	return ""
}
