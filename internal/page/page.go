// Package page lays a Report out as one HTML file, which needs nothing beside it: no network, no fonts, no scripts of
// others. English and Chinese are both in it. What a script adds, copying and finding, can be done without.
//
// Everything that is told is made safe to show in render; here nothing of it becomes HTML. See also law 7 (text from
// the cluster is hostile).
package page

import (
	"crypto/sha256"
	_ "embed" // for the style and the script
	"encoding/base64"
	"io"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
)

var (
	//go:embed page.css
	style string
	//go:embed page.js
	script string
)

// manyCards are so many that one has to look for one.
const manyCards = 9

// Write writes a Report as a page that begins in a language.
func Write(w io.Writer, r *diagnose.Report, lang string) error {
	s := &sheet{}
	s.page(r, lang)
	_, err := w.Write(s.b.Bytes())
	return err
}

// page is all of a page.
func (s *sheet) page(r *diagnose.Report, lang string) {
	en, zh := render.BoardOf(r, "en"), render.BoardOf(r, "zh")
	s.head(r, en, zh, lang)
	s.html("<main class=")
	s.state(en.State)
	if s.served != nil {
		s.attr("data-rest", rest(r))
	}
	s.html(">\n<div class=verdict><h1>")
	s.both(en.Verdict, zh.Verdict)
	s.html("</h1>")
	s.in("<p>", "</p>", en.AsOf, zh.AsOf)
	s.html("</div>\n")
	if s.served != nil {
		s.filters()
	}
	s.board(en, zh)
	s.where(en)
	s.rest(en, zh)
	s.html("</main>\n<footer><p>")
	s.say("html.made")
	s.html("</p></footer>\n<p id=status class=sr role=status></p>\n<script>")
	_, script := s.inline()
	s.b.WriteString(script)
	s.html("</script>\n</body>\n</html>\n")
}

// inline are the style and the script of the page.
func (s *sheet) inline() (css, js string) {
	if s.served != nil {
		return style + servedStyle, script + servedScript
	}
	return style, script
}

// state is one of ours.
func (s *sheet) state(state string) {
	switch state {
	case "stuck":
		s.html("stuck")
	case "unsure":
		s.html("unsure")
	default:
		s.html("fine")
	}
}

// policy lets a page load and run nothing but what stands in it.
func policy() string {
	return "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " + hash(style) + "; script-src " +
		hash(script)
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (s *sheet) head(r *diagnose.Report, en, zh *render.Board, lang string) {
	s.html("<!doctype html>\n<html")
	s.attr("lang", lang)
	if s.served != nil && render.Unfollowed(r, "en") != "" {
		s.html(" data-state=old")
	}
	s.html("><head><meta charset=utf-8>\n")
	if s.served == nil { // a server says it itself
		s.html("<meta http-equiv=Content-Security-Policy")
		s.attr("content", policy())
		s.html(">\n")
	}
	s.html("<meta name=viewport content=\"width=device-width, initial-scale=1\">\n" +
		"<meta name=referrer content=no-referrer>\n<title>")
	verdict := en.Verdict
	if lang == "zh" {
		verdict = zh.Verdict
	}
	s.text(verdict + " · kubectl stuck")
	s.html("</title>\n<style>")
	css, _ := s.inline()
	s.b.WriteString(css)
	s.html("</style></head>\n<body")
	copied := message.Of("html.copied")
	s.attr("data-copied-en", copied.In("en"))
	s.attr("data-copied-zh", copied.In("zh"))
	s.html(">\n<header class=top><strong>kubectl stuck</strong>")
	if s.served != nil && s.served.current {
		s.status(r)
	}
	s.html("<fieldset class=lang><legend class=sr>")
	s.say("html.language")
	s.html("</legend>")
	s.language("<input type=radio name=lang id=en value=en", "<label for=en lang=en>English</label>", lang != "zh")
	s.language("<input type=radio name=lang id=zh value=zh", "<label for=zh lang=zh>中文</label>", lang == "zh")
	s.html("</fieldset></header>\n")
	if s.served != nil && s.served.current {
		s.old(r)
	}
}

// language is one of the two to choose from. Of a page that is served it goes into the address, with what else is
// chosen.
func (s *sheet) language(input, label markup, chosen bool) {
	s.html(input)
	if s.served != nil {
		s.html(" form=filter")
	}
	if chosen {
		s.html(" checked")
	}
	s.html(">")
	s.html(label)
}

// board is the list of the problems and a card for each.
func (s *sheet) board(en, zh *render.Board) {
	if len(en.Cards) == 0 {
		return
	}
	s.html("<div class=\"board")
	if len(en.Cards) > 1 {
		s.html(" several\">\n<nav class=list aria-labelledby=list><h2 id=list>")
		s.say("html.list")
		s.html("</h2>")
		if len(en.Cards) >= manyCards {
			s.html("<p class=find><label for=find>")
			s.say("html.find")
			s.html("</label><input id=find type=search autocomplete=off></p>")
		}
		s.html("<ol>\n")
		for i := range en.Cards {
			s.listed(i, &en.Cards[i], &zh.Cards[i])
		}
		s.html("</ol></nav>\n<div>\n")
	} else {
		s.html("\"><div>\n")
	}
	for i := range en.Cards {
		s.card(i, &en.Cards[i], &zh.Cards[i])
	}
	s.html("</div></div>\n")
}

// listed is a problem in the list.
func (s *sheet) listed(i int, en, zh *render.Card) {
	s.html("<li><a")
	s.attr("href", "#p-"+en.ID)
	s.html("><span class=n>")
	s.int(i + 1)
	s.html("</span><b>")
	s.both(en.Title, zh.Title)
	s.html("</b><small>")
	s.pods(en.Pods)
	if en.Pods != "" && en.Lasts != "" {
		s.html(" · ")
	}
	s.both(en.Lasts, zh.Lasts)
	s.html("</small></a></li>\n")
}

// pods is how many Pods something blocks.
func (s *sheet) pods(n string) {
	switch n {
	case "":
	case "1":
		s.say("brief.pods", "n", 1)
	default:
		s.say("brief.pods", "n", n)
	}
}
