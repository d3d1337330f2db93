package diagnose

import (
	"strings"

	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
)

// nameless are the arguments that prose can do without: each has words in the table of messages.
var nameless = []string{"image", "registry", "host", "volume", "container", "claim", "driver", "plugin", "node",
	"pod", "workload"}

// kinds are the nouns that stand before such an argument: "image {image}" is "the image" where that is not known.
var kinds = match.Lazy(`(?i)\b(?:the )?(?:(?:init |csi )?(?:image|registry|volume|container|claim|driver|plugin)|` +
	`node|pod|persistentvolumeclaim|sidecar) $`)

// kindsZH are those of the Chinese text.
var kindsZH = match.Lazy(`(?:init )?(?:镜像仓库|镜像|仓库|存储卷|卷|容器|PVC|CSI 驱动|驱动|插件|节点|Pod|sidecar|PersistentVolumeClaim) ?$`)

// described is prose in which what is not known has words in place of its name in capitals. What stands in double
// brackets is left to those.
func (w Words) described(args map[string]string) Words {
	for _, name := range nameless {
		hole := "{" + name + "}"
		if args[name] != "" || !strings.Contains(w.EN+w.ZH, hole) {
			continue
		}
		m := message.Of("nameless." + name)
		w.EN = replaceHole(w.EN, hole, m.In("en"), kinds().FindStringIndex)
		w.ZH = replaceHole(w.ZH, hole, m.In("zh"), kindsZH().FindStringIndex)
	}
	return w
}

// replaceHole puts words in the place of a hole and of the noun before it, where that does not stand in brackets.
func replaceHole(text, hole, words string, noun func(string) []int) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, hole)
		if !ok {
			b.WriteString(text)
			return b.String()
		}
		if strings.LastIndex(before, "[[") > strings.LastIndex(before, "]]") {
			b.WriteString(before + hole)
			text = after
			continue
		}
		if at := noun(before); at != nil {
			before = before[:at[0]]
		}
		if done := b.String() + before; done == "" || strings.HasSuffix(done, ". ") {
			words = capital(words)
		}
		b.WriteString(before + words)
		text = after
	}
}
