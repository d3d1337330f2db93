package causes

import (
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

var (
	letters = match.Lazy(`[A-Za-z]{2,}`)
	escapes = match.Lazy(`\\[a-zA-Z]|\(\?P<\w+>`)
)

// spoken are words that messages are made of and that the causes' own code looks for, or that name a place on every
// node.
const spoken = `
	spec containers initcontainers container containers pod pods node nodes volume volumes mount mounts image images
	secret secrets configmap configmaps claim claims persistentvolume persistentvolumeclaim serviceaccount namespace
	namespaces event events lease storageclass csinode csidriver attach attached error errors failed fail not found
	timeout timed out waiting unable var lib run dev proc sys etc tmp usr bin kubelet kubernetes containerd docker
	cri plugins opt cni net http https tcp udp dial lookup get head post api apis registry manifest manifests blobs
	tag latest library sha256 true false null key keys data app config default local hostname host ip is it the a an
	of in on to for and or no by from with at be was has have been`

// Words returns a func that reports whether the causes look for a word, in lower case, in messages. A name that is one
// of them must not be taken out of messages, or they say something else.
func Words(all []*diagnose.Cause) func(word string) bool {
	known := map[string]bool{}
	for _, w := range strings.Fields(spoken) {
		known[w] = true
	}
	for _, c := range all {
		for _, list := range [][]match.Pattern{c.Signs, c.Hints} {
			for _, p := range list {
				for _, w := range letters().FindAllString(escapes().ReplaceAllString(p.Message, " "), -1) {
					known[strings.ToLower(w)] = true
				}
			}
		}
	}
	return func(word string) bool { return known[word] }
}
