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
	en, zh := render.BoardOf(r, "en"), render.BoardOf(r, "zh")
	s.head(en, zh, lang)
	s.html("<main class=")
	s.state(en.State)
	s.html(">\n<div class=verdict><h1>")
	s.both(en.Verdict, zh.Verdict)
	s.html("</h1>")
	s.in("<p>", "</p>", en.AsOf, zh.AsOf)
	s.html("</div>\n")
	s.board(en, zh)
	s.where(en)
	s.rest(en, zh)
	s.html("</main>\n<footer><p>")
	s.say("html.made")
	s.html("</p></footer>\n<p id=status class=sr role=status></p>\n<script>")
	s.b.WriteString(script)
	s.html("</script>\n</body>\n</html>\n")
	_, err := w.Write(s.b.Bytes())
	return err
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

func (s *sheet) head(en, zh *render.Board, lang string) {
	s.html("<!doctype html>\n<html")
	s.attr("lang", lang)
	s.html("><head><meta charset=utf-8>\n<meta http-equiv=Content-Security-Policy")
	s.attr("content", policy())
	s.html(">\n<meta name=viewport content=\"width=device-width, initial-scale=1\">\n" +
		"<meta name=referrer content=no-referrer>\n<title>")
	verdict := en.Verdict
	if lang == "zh" {
		verdict = zh.Verdict
	}
	s.text(verdict + " · kubectl stuck")
	s.html("</title>\n<style>")
	s.b.WriteString(style)
	s.html("</style></head>\n<body")
	copied := message.Of("html.copied")
	s.attr("data-copied-en", copied.In("en"))
	s.attr("data-copied-zh", copied.In("zh"))
	s.html(">\n<header class=top><strong>kubectl stuck</strong><fieldset class=lang><legend class=sr>")
	s.say("html.language")
	s.html("</legend><input type=radio name=lang id=en")
	s.checked(lang != "zh")
	s.html("><label for=en lang=en>English</label><input type=radio name=lang id=zh")
	s.checked(lang == "zh")
	s.html("><label for=zh lang=zh>中文</label></fieldset></header>\n")
}

func (s *sheet) checked(is bool) {
	if is {
		s.html(" checked")
	}
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
			s.html("<p hidden class=find><label for=find>")
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
