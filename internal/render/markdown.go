package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
)

// A doc is a Markdown page under construction.
type doc struct {
	strings.Builder
	lang string
}

func (d *doc) say(code string, values ...any) string { return message.Of(code, values...).In(d.lang) }

// prose is text of the catalogue in which nothing means anything to Markdown.
func prose(text string) string {
	return strings.NewReplacer("<", "&lt;", "*", `\*`, "|", `\|`, "`", "\\`").Replace(flat(Readable(text)))
}

// PageName is the file name of the page of a cause, or of README, in a language.
func PageName(id, lang string) string {
	if lang == "en" {
		return id + ".md"
	}
	return id + "." + lang + ".md"
}

// languageName is what a language calls itself, for who reads no other.
var languageName = map[string]string{"en": "English", "zh": "中文"}

func other(lang string) string {
	if lang == "en" {
		return "zh"
	}
	return "en"
}

// Markdown is the page of a cause in the documentation. It begins with what kubectl shows, so that a search for that
// finds it; source is the folder that it is made from.
func Markdown(a CauseDoc, s Shown, lang, source string) string {
	d := &doc{lang: lang}
	d.head(source)
	fmt.Fprintf(d, "# %s\n\n`%s` · [%s](%s) · [%s](%s)\n", prose(Title(a.Cause, lang)), a.ID,
		languageName[other(lang)], PageName(a.ID, other(lang)), d.say("page.all"), PageName("README", lang))
	d.shown(s)
	sep := d.say("sep")
	fmt.Fprintf(d, "\n%s%s%s (`%s`) · %s%s%s\n", d.say("page.stage"), sep,
		d.say("stage."+string(a.Stage)), a.Stage, d.say("page.blame"), sep, prose(a.Blame))
	d.text("##", a.Text)
	for _, v := range a.Variants {
		fmt.Fprintf(d, "\n## %s\n", prose(Heading(v, lang)))
		if v.When != (diagnose.Words{}) && v.Title != (diagnose.Words{}) {
			fmt.Fprintf(d, "\n**%s**\n", prose(v.Title.In(lang)))
		}
		d.text("###", v.Text)
	}
	d.patterns("page.says", a.Signs)
	d.patterns("page.hints", a.Hints)
	if len(a.Signs)+len(a.Hints) > 0 {
		fmt.Fprintf(d, "\n%s\n", d.say("page.regexp"))
	}
	if a.Find != nil {
		fmt.Fprintf(d, "\n%s\n", d.say("page.joins"))
	}
	if a.Fallback {
		fmt.Fprintf(d, "\n%s\n", d.say("page.last"))
	}
	d.links("page.explains", a.Explains)
	d.links("page.explained", a.Explained)
	return d.String()
}

func (d *doc) head(source string) {
	fmt.Fprintf(d, "<!-- %s -->\n\n", d.say("page.generated", "file", source))
}

// text is why, how to tell and what to do, under headings of a level.
func (d *doc) text(level string, t diagnose.Text) {
	if why := t.Why.In(d.lang); why != "" {
		fmt.Fprintf(d, "\n%s\n", prose(why))
	}
	d.steps(level, "page.tell", t.Confirm)
	d.steps(level, "page.fix", t.Fix)
}

func (d *doc) steps(level, head string, steps []diagnose.Step) {
	if len(steps) == 0 {
		return
	}
	fmt.Fprintf(d, "\n%s %s\n\n", level, d.say(head))
	p := page{lang: d.lang}
	for i, s := range readableSteps(steps) {
		do := prose(s.Do.In(d.lang))
		if s.Risk != "" {
			do = p.withRisk(do, s.Risk, prose(s.Because.In(d.lang)))
		}
		fmt.Fprintf(d, "%d. %s\n", i+1, do)
		if run := strings.TrimSpace(s.Run); run != "" {
			fmt.Fprintf(d, "\n   ```sh\n   %s\n   ```\n\n", strings.ReplaceAll(run, "\n", "\n   "))
		}
	}
}

func (d *doc) patterns(head string, patterns []match.Pattern) {
	if len(patterns) == 0 {
		return
	}
	fmt.Fprintf(d, "\n## %s\n\n", d.say(head))
	p := report{page: &page{lang: d.lang}}
	for _, pt := range patterns {
		var parts []string
		if where := p.patternPlace(pt); where != "" {
			parts = append(parts, prose(where))
		}
		if pt.Message != "" {
			parts = append(parts, "`` "+visible(pt.Message)+" ``")
		}
		fmt.Fprintf(d, "- %s\n", strings.Join(parts, d.say("sep")))
	}
}

func (d *doc) links(head string, causes []*diagnose.Cause) {
	if len(causes) == 0 {
		return
	}
	fmt.Fprintf(d, "\n## %s\n\n", d.say(head))
	for _, c := range causes {
		fmt.Fprintf(d, "- [%s](%s) (`%s`)\n", prose(Title(c, d.lang)), PageName(c.ID, d.lang), c.ID)
	}
}

// MarkdownIndex is the list of all causes in the documentation, in the order in which a Pod passes the stages.
func MarkdownIndex(all []*diagnose.Cause, lang, source string) string {
	d := &doc{lang: lang}
	d.head(source)
	fmt.Fprintf(d, "# %s\n\n[%s](%s) · [%s](%s)\n", d.say("page.index"),
		languageName[other(lang)], PageName("README", other(lang)), d.say("page.shown"), PageName(ShownPage, lang))
	for _, stage := range pod.Stages {
		of := ofStage(all, stage)
		if len(of) == 0 {
			continue
		}
		fmt.Fprintf(d, "\n<a id=\"%[2]s\"></a>\n\n## %[1]s (`%[2]s`)\n\n", d.say("stage."+string(stage)), stage)
		fmt.Fprintf(d, "| %s | %s |\n|---|---|\n", d.say("page.meaning"), d.say("page.cause"))
		for _, c := range of {
			fmt.Fprintf(d, "| [%s](%s) | `%s` |\n", prose(Title(c, lang)), PageName(c.ID, lang), c.ID)
		}
	}
	return d.String()
}

func ofStage(all []*diagnose.Cause, stage pod.Stage) []*diagnose.Cause {
	return slices.DeleteFunc(slices.Clone(all), func(c *diagnose.Cause) bool { return c.Stage != stage })
}

// MarkdownTable is how many causes each stage has, with a link to them: what a README has room for.
func MarkdownTable(all []*diagnose.Cause, lang, docs string) string {
	d := &doc{lang: lang}
	fmt.Fprintf(d, "| %s | %s |\n|---|---|\n", d.say("page.stage"), d.say("page.causes"))
	for _, stage := range pod.Stages {
		if n := len(ofStage(all, stage)); n > 0 {
			fmt.Fprintf(d, "| %s | [%d](%s/%s#%s) |\n", d.say("stage."+string(stage)), n,
				docs, PageName("README", lang), stage)
		}
	}
	fmt.Fprintf(d, "| %s | [%d](%s/%s) |\n", d.say("page.together"), len(all), docs, PageName("README", lang))
	return d.String()
}
