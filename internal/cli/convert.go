package cli

import (
	"os"
	"slices"

	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

// convert writes a report that was saved in another form. A report stands alone: nothing is diagnosed again.
func (s *session) convert() *cobra.Command {
	c := &cobra.Command{
		Use: "convert [REPORT]",
		Example: s.examples(example{"kubectl stuck -A -o json > report.json", ""},
			example{"kubectl stuck convert -o markdown < report.json", ""},
			example{"kubectl stuck convert -o junit report.json", ""}),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return failed(message.Of("cli.arguments.one", "command", c.Name(), "argument", args[1]),
					message.Of("cli.see-help", "command", c.CommandPath()))
			}
			in := s.In
			if len(args) == 1 && args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return failedBy(err, message.Of("cli.read", "file", args[0], "why", reason(err)), message.Of("report.form"))
				}
				defer f.Close()
				in = f
			}
			r, lang, err := render.Read(in)
			if err != nil {
				return err
			}
			if s.lang == "" && slices.Contains(message.Languages, lang) {
				s.language = lang // its sentences are in that one
			}
			var found []string
			for i := range r.Problems {
				found = append(found, r.Problems[i].Cause)
			}
			if err := s.checkFilter(found...); err != nil { // a site's own are known to the report alone
				return err
			}
			r.Filter(s.filter.of())
			s.exitZero, s.converted = true, true
			return s.show(r)
		},
	}
	s.outputFlag(c)
	s.filterFlags(c)
	hide(c, "fail-on") // that it was written is all that it tells
	s.view.flags(c)
	return c
}
