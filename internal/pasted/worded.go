package pasted

import (
	"regexp"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
)

// What people send of an Event is often its message alone. How it begins says which reason it has.

// beginnings are how messages of a reason begin. Source: kubelet, scheduler, the controllers that make Pods.
var beginnings = []struct{ reason, words string }{
	{"FailedScheduling", `\d+/\d+ nodes are available: |no nodes available to schedule pods`},
	{"FailedMount", `MountVolume\.\w+ failed for volume |Unable to (?:attach or )?mount volumes|MapVolume\.`},
	{"FailedAttachVolume", `AttachVolume\.\w+ failed for volume |Multi-Attach error for volume `},
	{"FailedCreatePodSandBox", `[Ff]ailed (?:to )?create pod sandbox: |` +
		`[Ff]ailed to (?:create|setup network for) sandbox `},
	{"Failed", `(?:Error: )?[Ff]ailed to pull (?:and unpack )?image |Back-off pulling image |` +
		`Error: (?:ErrImage|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|failed to (?:start|create) container|` +
		`container create failed|configmap "|secret "|couldn't find key )|` +
		`(?:Error: )?failed to create (?:containerd|shim) task: |(?:Error: )?failed to generate (?:container|spec)`},
	{"InspectFailed", `Failed to inspect image |Failed to apply default image tag `},
	{"BackOff", `Back-off restarting failed container`},
	{"Unhealthy", `(?:Liveness|Readiness|Startup) probe (?:failed|errored)`},
	{"FailedCreate", `(?:Error from server \(\w+\): )?(?:error when creating "[^"]+": )?` +
		`(?:Error creating: |create Pod \S+ in StatefulSet \S+ failed error: )?pods "[^"]+" is forbidden: `},
}

var (
	wordedHead = sync.OnceValue(func() *regexp.Regexp {
		var all []string
		for _, b := range beginnings {
			all = append(all, b.words)
		}
		return regexp.MustCompile(`(?m)^[>|\s"'*-]*(?:` + strings.Join(all, "|") + `)`)
	})
	wordings = sync.OnceValue(func() []*regexp.Regexp {
		var all []*regexp.Regexp
		for _, b := range beginnings {
			all = append(all, regexp.MustCompile(`^["'*\s-]*(?:`+b.words+`)`))
		}
		return all
	})
)

// worded is an Event of which only the message is told.
func worded(text string) (bare, bool) {
	if !wordedHead().MatchString(text) { // most lines are none
		return bare{}, false
	}
	for i, w := range wordings() {
		if !w.MatchString(text) {
			continue
		}
		said := strings.TrimLeft(text, "* -")
		for _, quote := range []string{`"`, "'"} {
			if inner, ok := strings.CutPrefix(said, quote); ok {
				said = strings.TrimSuffix(inner, quote)
			}
		}
		return bare{told: told{kind: corev1.EventTypeWarning, reason: beginnings[i].reason, message: said, count: 1,
			undated: true}}, true
	}
	return bare{}, false
}
