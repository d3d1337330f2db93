package dump

import (
	"encoding/binary"
	"html"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	corev1 "k8s.io/api/core/v1"
)

const described = `Name:         api
Namespace:    shop
Node:         n1/10.0.0.1
Start Time:   Fri, 02 Jan 2026 03:00:01 +0000
Status:       Pending
Containers:
  app:
    Image:          shop/api:1
    State:          Waiting
      Reason:       ContainerCreating
Volumes:
  tls:
    Type:        Secret (a volume populated by a Secret)
    SecretName:  api-tls
Events:
  Type     Reason       Age                From     Message
  ----     ------       ----               ----     -------
  Warning  FailedMount  2m (x9 over 50m)   kubelet  MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found
`

const tabled = `NAMESPACE   LAST SEEN   TYPE      REASON        OBJECT    MESSAGE
shop        2m          Warning   FailedMount   pod/api   MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found

NAMESPACE   NAME   READY   STATUS              RESTARTS   AGE   NOMINATED NODE
shop        api    0/1     ContainerCreating   0          50m   <none>
`

const manifested = `apiVersion: v1
kind: Pod
metadata:
  name: api
  namespace: shop
spec:
  nodeName: n1
---
apiVersion: v1
kind: Event
metadata:
  name: api.1
  namespace: shop
involvedObject:
  kind: Pod
  name: api
  namespace: shop
reason: FailedMount
message: 'MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found'
`

// eachLine puts something before and after each line.
func eachLine(text, before, after string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(before + strings.TrimSuffix(line, "\n") + after + "\n")
	}
	return b.String()
}

func inUTF16(text string, order binary.AppendByteOrder, mark bool) string {
	var out []byte
	if mark {
		out = order.AppendUint16(out, 0xfeff)
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

// copies are what becomes of a text on its way to whoever is asked for help.
var copies = map[string]func(string) string{
	"as it was":            func(text string) string { return text },
	"Windows line ends":    func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
	"UTF-16 of PowerShell": func(text string) string { return inUTF16(text, binary.LittleEndian, true) },
	"UTF-16 without mark":  func(text string) string { return inUTF16(text, binary.LittleEndian, false) },
	"UTF-16, big-endian":   func(text string) string { return inUTF16(text, binary.BigEndian, false) },
	"colours":              func(text string) string { return eachLine(text, "\x1b[1;36m", "\x1b[0m") },
	"colours as carets":    func(text string) string { return eachLine(text, "^[[36m", "^[[0m") },
	"a quotation":          func(text string) string { return eachLine(text, "> ", "") },
	"a quoted quotation":   func(text string) string { return "On Monday X wrote:\n\n" + eachLine(text, "> > ", "") },
	"HTML":                 html.EscapeString,
	"HTML in a page": func(text string) string {
		return `<pre class="code"><code>` + html.EscapeString(text) + "</code></pre>\n"
	},
	"an issue's fences": func(text string) string { return "### What it does\n\n```text\n" + text + "```\n\nThanks\n" },
	"Jira's fences":     func(text string) string { return "{noformat}\n" + text + "{noformat}\n" },
	"no-break spaces":   func(text string) string { return strings.ReplaceAll(text, " ", "\u00a0") },
	"mixed spaces":      func(text string) string { return strings.ReplaceAll(text, "  ", " \u00a0") },
	"zero width":        func(text string) string { return eachLine(text, "\u200b", "") },
}

// TestCopies reads texts as they come to whoever is asked for help: in each of them stands the same.
func TestCopies(t *testing.T) {
	const said = `MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found`
	for copied, by := range copies {
		for form, text := range map[string]string{"description": described, "tables": tabled, "YAML": manifested} {
			s, err := ReadSources(time.Time{}, Source{Name: "stdin", R: strings.NewReader(by(text))})
			if err != nil {
				t.Errorf("%s with %s: %v", form, copied, err)
				continue
			}
			p, _ := cluster.Get[corev1.Pod](s, "shop", "api")
			events := cluster.Objects[corev1.Event](s)
			if p == nil || len(events) != 1 || events[0].Message != said || events[0].InvolvedObject.Name != "api" {
				t.Errorf("%s with %s: %v\n%v", form, copied, holds(s), events)
			}
		}
		s, err := ReadSources(time.Time{}, Source{Name: "stdin", R: strings.NewReader(by(kubeletLog)),
			Knows: func(line string) bool { return strings.Contains(line, "cni plugin not initialized") }})
		if err != nil || len(cluster.Objects[nodefacts.NodeFacts](s)) != 1 || len(s.OfKind("Pod")) == 0 {
			t.Errorf("a log with %s: %v", copied, err)
		}
	}
}

// TestMarkupOfItsOwn leaves alone what a text has of its own.
func TestMarkupOfItsOwn(t *testing.T) {
	for what, text := range map[string]string{
		"JSON with entities": `{"kind":"Pod","apiVersion":"v1","metadata":{"annotations":{"a":"x &lt; y"}}}`,
		"YAML with entities": "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    a: \"x &lt; y\"\n",
		"one no-break space": `{"kind":"Pod","metadata":{"annotations":{"a":"10` + "\u00a0" + `MB"}}}`,
		"folded YAML":        "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: >\n    text\n  b: >\n    text\n",
	} {
		if m := markupOf([]byte(text)); m != (markup{}) {
			t.Errorf("%s: %+v", what, m)
		}
	}
}
