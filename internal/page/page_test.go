package page

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
)

// attack is what whoever may create a Pod or an Event would write.
const attack = `x" onload="alert(1)" style='x'><script>alert(1)</script><img src=x onerror=alert(1)>'` + "`" +
	`--></pre></style></script><!-- javascript:alert(1) &lt;b&gt; {{.}} ` + "\x1b[31m\x1b]0;t\x07\u202e\x00\r\n\u2028"

// hostile is a report in which every text is an attack.
func hostile() *diagnose.Report {
	r := &diagnose.Report{}
	fill(reflect.ValueOf(r).Elem(), 0)
	r.At = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	r.MinorGaps = 1
	for i := range r.Problems {
		p := &r.Problems[i]
		for j := range p.Findings {
			p.Findings[j].Missing, p.Findings[j].Since = j, r.At.Add(-time.Hour)
			p.Findings[j].Said = &diagnose.Text{Title: words(), Why: words(), Confirm: steps(), Fix: steps()}
		}
	}
	return r
}

func words() diagnose.Words { return diagnose.Words{EN: attack, ZH: attack + "中"} }

func steps() []diagnose.Step {
	return []diagnose.Step{{Do: words(), Run: attack, Risk: attack, Because: words()}, {Do: words()}, {Do: words(),
		Run: "kubectl " + attack}, {Do: words()}}
}

// fill sets all texts that can be reached to the attack, and makes two of all that there can be several of.
func fill(v reflect.Value, depth int) {
	if depth > 12 || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(attack)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(2)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Struct:
		if _, ok := v.Addr().Interface().(*time.Time); ok {
			return
		}
		if m, ok := v.Addr().Interface().(*message.Message); ok {
			*m = message.Quote(attack)
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), depth+1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth+1)
		fill(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	}
}

func pageOf(t *testing.T, r *diagnose.Report, lang string) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, lang); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The elements that a page consists of, and the attributes that they have; and those of a page that is served.
var (
	elements = strings.Fields("html head meta title style body header strong fieldset legend input label main div h1 p " +
		"nav h2 ol li a span b small article h3 pre code button details summary ul br table caption " +
		"thead tr th tbody td dl dt dd " +
		"section svg rect footer script")
	servedElements = append(strings.Fields("form select option"), elements...)
	attributes     = strings.Fields("lang charset http-equiv content name class id type value for checked href " +
		"aria-labelledby aria-hidden role start scope viewbox preserveaspectratio height width x title autocomplete " +
		"data-copied-en data-copied-zh")
	servedAttributes = append(strings.Fields("form selected hidden data-edition data-rest data-state"), attributes...)
	anchor           = regexp.MustCompile(`^(#p-[0-9a-f]{8}|\?[A-Za-z0-9=&%+._-]*)$`)
)

// Nothing that the cluster says becomes an element, an attribute or a script, and nothing moves what stands beside it.
func TestHostile(t *testing.T) {
	for _, lang := range message.Languages {
		holdHostile(t, lang, pageOf(t, hostile(), lang), elements, attributes)
	}
}

// Nor does it on a page that is served, nor does what stands in its address.
func TestServedHostile(t *testing.T) {
	r := hostile()
	r.Gaps = append(r.Gaps, cluster.Gap{What: message.Of("gap.kind", "resource", attack, "question",
		message.Of("question.changes", "time", attack)),
		Why: message.Quote(attack)})
	q := url.Values{"namespace": {attack}, "cause": {attack}, "node": {attack}, "lang": {attack}}
	for _, lang := range message.Languages {
		holdHostile(t, lang, string(Served(r, Part{}, lang, true)), servedElements, servedAttributes)
		holdAddress(t, string(Served(r, PartOf(q), lang, true)))
	}
	if state := State(r, Part{}); bytes.ContainsAny(state, "\n\r\x1b") {
		t.Errorf("the state is no line: %q", state)
	}
}

// holdAddress sees that what stands in the address of a page stays in its links, and is no element.
func holdAddress(t *testing.T, page string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		if tok.Type == html.StartTagToken && !slices.Contains(servedElements, tok.Data) {
			t.Errorf("<%s>", tok.Data)
		}
		for _, a := range tok.Attr {
			if a.Key == "href" && !anchor.MatchString(a.Val) {
				t.Errorf("<%s %s=%q>", tok.Data, a.Key, a.Val)
			}
		}
	}
}

// holdHostile sees that a page of a hostile report consists of what it may, and tells the attack as text.
func holdHostile(t *testing.T, lang, page string, elements, attributes []string) {
	t.Helper()
	text, scripts, within := "", 0, ""
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		switch tok := z.Token(); tok.Type {
		case html.StartTagToken, html.SelfClosingTagToken:
			within = tok.Data
			if tok.Data == "script" {
				scripts++
			}
			if !slices.Contains(elements, tok.Data) {
				t.Errorf("%s: <%s>", lang, tok.Data)
			}
			for _, a := range tok.Attr {
				if !slices.Contains(attributes, a.Key) || a.Key == "href" && !anchor.MatchString(a.Val) {
					t.Errorf("%s: <%s %s=%q>", lang, tok.Data, a.Key, a.Val)
				}
			}
		case html.CommentToken:
			t.Errorf("%s: <!--%s-->", lang, tok.Data)
		case html.TextToken:
			if within == "script" || within == "style" {
				continue
			}
			for _, c := range tok.Data {
				if c != '\n' && !unicode.IsPrint(c) {
					t.Fatalf("%s: raw %U in %q", lang, c, tok.Data)
				}
			}
			text += tok.Data
		case html.EndTagToken:
			within = ""
		}
	}
	if scripts != 1 || strings.Count(text, "<script>alert(1)</script>") < 20 {
		t.Errorf("%s: %d scripts, and the attack is told %d times", lang, scripts,
			strings.Count(text, "<script>alert(1)</script>"))
	}
}

// The policy lets nothing run and nothing show but what stands in the page.
func TestPolicy(t *testing.T) {
	doc, err := html.Parse(strings.NewReader(pageOf(t, &diagnose.Report{}, "en")))
	if err != nil {
		t.Fatal(err)
	}
	said, inline := "", map[string]string{}
	for n := range doc.Descendants() {
		switch n.Data {
		case "meta":
			if len(n.Attr) == 2 && n.Attr[0].Val == "Content-Security-Policy" {
				said = n.Attr[1].Val
			}
		case "style", "script":
			inline[n.Data] = n.FirstChild.Data
		}
	}
	want := "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " + hash(inline["style"]) +
		"; script-src " + hash(inline["script"])
	if said != want {
		t.Errorf("the policy is\n%s\nand what stands in the page needs\n%s", said, want)
	}
	for _, s := range []string{"url(", "@import", "</", "<!--"} {
		if strings.Contains(style+servedStyle+script+servedScript, s) {
			t.Errorf("%s stands in the style or the script", s)
		}
	}
}

// A page without data is light.
func TestLight(t *testing.T) {
	if n := len(pageOf(t, &diagnose.Report{}, "en")); n > 40_000 {
		t.Errorf("a page without data has %d bytes", n)
	}
}

// A page is as long as what it tells: the same is not told over and over.
func TestPerPod(t *testing.T) {
	r := &diagnose.Report{At: time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)}
	f := diagnose.Finding{Cause: "x", Certainty: diagnose.Proven, Pod: cluster.Ref{Kind: "Pod", Namespace: "n"}}
	for range 1000 {
		f.Pod.Name += "x"
		f.Pod.Name = "pod-" + f.Pod.Name[max(0, len(f.Pod.Name)-8):] + string(rune('a'+len(f.Pod.Name)%26))
		r.Problems = append(r.Problems, diagnose.Problem{Cause: "x", Findings: []diagnose.Finding{f}})
	}
	if n := len(pageOf(t, r, "en")) / 1000; n > 3_000 {
		t.Errorf("a problem has %d bytes", n)
	}
}

// A page of many Pods can be opened: not all of them are drawn, and it says of how many.
func TestManyPods(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	r := &diagnose.Report{At: at, Pods: diagnose.Pods{Seen: 5100, Stuck: 5100}}
	var spans []pod.Span
	for _, step := range pod.Steps {
		spans = append(spans, pod.Span{Step: step, State: pod.SpanDone, From: at.Add(-time.Hour), To: at})
	}
	for i := range 300 {
		p := diagnose.Problem{Cause: "x", Blame: cluster.Ref{Kind: "Secret", Name: fmt.Sprint(i)}}
		for j := range 17 {
			of := cluster.Ref{Kind: "Pod", Namespace: "shop", Name: fmt.Sprintf("web-%d-%d", i, j)}
			p.Findings = append(p.Findings, diagnose.Finding{Cause: "x", Certainty: diagnose.Proven, Pod: of,
				Status: "ContainerCreating", Since: at.Add(-time.Minute), Args: map[string]string{"node": fmt.Sprint("n", j)}})
			r.Timelines = append(r.Timelines, diagnose.Timeline{Pod: of, Created: at.Add(-time.Hour), Spans: spans})
		}
		r.Problems = append(r.Problems, p)
	}
	text := pageOf(t, r, "en")
	if n := strings.Count(text, "<"); len(text) > 4_000_000 || n > 300_000 {
		t.Errorf("%d bytes with %d tags", len(text), n)
	}
	if !strings.Contains(text, "How it went with 1 of these 17") || !strings.Contains(text, "shop/web-299-16") {
		t.Error("the page does not say how much of it is drawn, or leaves out a Pod")
	}
}

// Only what stands in the code of this package is HTML: no text is converted to it.
func TestNoTextBecomesMarkup(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	raw := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				if fun.Name == "markup" {
					t.Errorf("%s: a text is converted to markup", name)
				}
			case *ast.SelectorExpr:
				if fun.Sel.Name == "WriteString" {
					raw++
				}
			}
			return true
		})
	}
	if raw != 6 { // of markup.go, and the style and the script
		t.Errorf("%d places write a text as it is", raw)
	}
}
