package page

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	_ "embed" // for the style and the script of a page that is served

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
)

var (
	//go:embed served.css
	servedStyle string
	//go:embed served.js
	servedScript string
)

// maxChoices is how many namespaces, causes or nodes there are to choose from.
const maxChoices = 500

// A Part is what of an answer a page shows, as its address says it.
type Part struct{ Namespace, Cause, Node, Lang string }

// PartOf reads it from the query of an address.
func PartOf(q url.Values) Part {
	p := Part{q.Get("namespace"), q.Get("cause"), q.Get("node"), q.Get("lang")}
	if !slices.Contains(message.Languages, p.Lang) {
		p.Lang = ""
	}
	return p
}

// query is a Part as the query of an address, with its question mark.
func (p Part) query() string {
	q := url.Values{}
	for name, value := range map[string]string{"namespace": p.Namespace, "cause": p.Cause, "node": p.Node,
		"lang": p.Lang} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "?" + q.Encode()
}

// of is a Report of nothing but the Part, which says how much it leaves out.
func (p Part) of(r *diagnose.Report) *diagnose.Report {
	part, before := *r, r.Hidden
	f := diagnose.Filter{Namespace: p.Namespace, Node: p.Node}
	if p.Cause != "" {
		f.Causes = []string{p.Cause}
	}
	part.Filter(f)
	part.Hidden.OfPage = part.Hidden != before
	return &part
}

// A served page is one that is asked for by its address.
type served struct {
	Part
	whole   *diagnose.Report
	current bool // it follows a cluster: there will be other answers
}

// Served is the page of a Part of a Report, which begins in its language, or else in another. A current one says when
// there is a newer answer, and shows it when it is told to.
func Served(r *diagnose.Report, p Part, lang string, current bool) []byte {
	if p.Lang != "" {
		lang = p.Lang
	}
	s := &sheet{served: &served{p, r, current}}
	s.page(p.of(r), lang)
	return s.b.Bytes()
}

// ServedPolicy is the Content-Security-Policy of all pages that are served. No other page may show them in itself.
func ServedPolicy() string {
	return "default-src 'none'; base-uri 'none'; form-action 'self'; connect-src 'self'; frame-ancestors 'none'" +
		"; style-src " + hash(style+servedStyle) + "; script-src " + hash(script+servedScript)
}

// A state is what a page has to know of the newest answer to say what is different in it.
type state struct {
	At       int64             `json:"at"` // in milliseconds
	AsOf     [2]string         `json:"asOf"`
	Problems map[string]string `json:"problems"` // the edition of each by its id
	Rest     string            `json:"rest"`     // the edition of all else
	Old      [2]string         `json:"old"`      // why the answer may be old; empty where it is not
}

// State is the newest answer for a page of a Part, on one line.
func State(r *diagnose.Report, p Part) []byte {
	part := p.of(r)
	s := state{At: r.At.UnixMilli(), Problems: map[string]string{}, Rest: rest(part)}
	for i := range part.Problems {
		s.Problems[part.Problems[i].ID()] = part.Problems[i].Edition()
	}
	for i, lang := range message.Languages {
		s.AsOf[i], s.Old[i] = render.AsOf(r, lang), render.Unfollowed(r, lang)
	}
	data, err := json.Marshal(s)
	if err != nil {
		return nil // it holds texts alone
	}
	return data
}

// rest is the same as long as the same Pods are stuck for no known cause, and the same workloads make no Pods.
func rest(r *diagnose.Report) string {
	refs := map[cluster.Ref]bool{}
	for i := range r.Unexplained {
		refs[r.Unexplained[i].Against()] = true
	}
	for i := range r.Idle {
		refs[r.Idle[i].Ref] = true
	}
	if len(refs) == 0 {
		return "none"
	}
	hash := sha256.New()
	for _, ref := range slices.SortedFunc(maps.Keys(refs), cluster.Ref.Compare) {
		hash.Write([]byte(ref.Kind + "\x00" + ref.Namespace + "\x00" + ref.Name + "\n"))
	}
	return hex.EncodeToString(hash.Sum(nil)[:4])
}

// status is how current the page is, and what can be done about that.
func (s *sheet) status(r *diagnose.Report) {
	s.html("<div class=now><p><span class=\"s live\">")
	s.say("html.live")
	s.html(" · </span><span class=\"s paused\">")
	s.say("html.paused")
	s.html(" · </span><span id=asof>")
	s.spans(render.AsOf(r, "en"), render.AsOf(r, "zh"))
	s.html("</span></p><a id=fresh class=act")
	s.attr("href", s.served.query())
	s.html(">")
	for _, what := range []string{"html.opened", "html.changed", "html.solved"} {
		s.html("<span class=news hidden><b></b> ")
		s.say(what)
		s.html("</span>")
	}
	s.say("html.fresh")
	s.html("</a><button id=pause class=act type=button hidden><span class=\"s live lost old\">")
	s.say("html.pause")
	s.html("</span><span class=\"s paused\">")
	s.say("html.resume")
	s.html("</span></button></div>\n")
}

// old says that what stands on the page may be old, and why.
func (s *sheet) old(r *diagnose.Report) {
	s.html("<div class=warn role=alert><p class=\"s lost\">")
	s.say("html.lost")
	s.html("</p><p class=\"s old\" id=old>")
	s.spans(render.Unfollowed(r, "en"), render.Unfollowed(r, "zh"))
	s.html("</p></div>\n")
}

// spans writes a text in both languages as both does, also where it is the same or there is none yet.
func (s *sheet) spans(en, zh string) {
	s.html("<span lang=en>")
	s.text(en)
	s.html("</span><span lang=zh>")
	s.text(zh)
	s.html("</span>")
}

// filters are the namespaces, causes and nodes of the whole answer, to choose from.
func (s *sheet) filters() {
	namespaces, causes, nodes := map[string]bool{}, map[string]bool{}, map[string]bool{}
	whole := s.served.whole
	for i := range whole.Problems {
		causes[whole.Problems[i].Cause] = true
		for j := range whole.Problems[i].Findings {
			f := &whole.Problems[i].Findings[j]
			namespaces[f.Subject().Namespace], nodes[f.Node()] = true, true
		}
	}
	for i := range whole.Unexplained {
		namespaces[whole.Unexplained[i].Against().Namespace] = true
	}
	some := s.served.Namespace+s.served.Cause+s.served.Node != ""
	if len(whole.Problems)+len(whole.Unexplained) == 0 && !some {
		return
	}
	s.html("<form id=filter class=filter>")
	s.choice("namespace", "html.space", s.served.Namespace, namespaces)
	s.choice("cause", "html.cause", s.served.Cause, causes)
	s.choice("node", "html.node", s.served.Node, nodes)
	s.html("<button class=act>")
	s.say("html.apply")
	s.html("</button>")
	if some {
		s.html("<a")
		s.attr("href", Part{Lang: s.served.Lang}.query())
		s.html(">")
		s.say("html.every")
		s.html("</a>")
	}
	s.html("</form>\n")
}

// choice is one filter. What cannot be shown as it is cannot be chosen.
func (s *sheet) choice(name, label, now string, of map[string]bool) {
	of[now] = true
	all := slices.DeleteFunc(slices.SortedFunc(maps.Keys(of), cluster.CompareNames), func(v string) bool {
		return strings.TrimSpace(v) == "" || render.Safe(v) != v
	})
	s.html("<label><span>")
	s.say(label)
	s.html("</span><select")
	s.attr("name", name)
	s.html("><option value=\"\">—</option>")
	for i, value := range all {
		if i >= maxChoices && value != now {
			continue
		}
		s.html("<option")
		s.attr("value", value)
		if value == now {
			s.html(" selected")
		}
		s.html(">")
		s.text(value)
		s.html("</option>")
	}
	s.html("</select></label>\n")
}
