package cli

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// say says a message without arguments in the language of this run.
func (s *session) say(code string) string { return message.Message{Code: code}.In(s.language) }

// describe gives a command, its flags and all commands below it their texts. That is done before anything is parsed, so
// that --help and completions have the right language wherever --lang stands.
func (s *session) describe(c *cobra.Command) {
	id := "help." + c.Name()
	c.Short = s.say(id)
	c.Long = c.Short
	if message.Known(id + ".long") {
		c.Long = s.say(id + ".long")
	}
	for _, flags := range []*pflag.FlagSet{c.Flags(), c.PersistentFlags()} {
		flags.VisitAll(func(f *pflag.Flag) {
			f.Usage = s.say("flag." + f.Name)
			if own := "flag." + c.Name() + "." + f.Name; message.Known(own) {
				f.Usage = s.say(own)
			}
		})
	}
	for _, below := range c.Commands() {
		s.describe(below)
	}
}

// An example is a command line, and a message that says what it is for.
type example struct{ run, comment string }

const exampleWidth = 40 // columns up to the comment

// examples lays examples out.
func (s *session) examples(all ...example) string {
	var lines []string
	for _, e := range all {
		line := e.run
		if e.comment != "" {
			line += strings.Repeat(" ", max(2, exampleWidth-len(line))) + "# " + s.say(e.comment)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// showHelp writes the help of a command. It uses no template: a program in which text/template can be reached keeps
// every exported method, and has some megabytes more.
func (s *session) showHelp(c *cobra.Command) error {
	return render.Help(c.OutOrStdout(), s.page(c), s.options())
}

// page is the help of a command, laid out in parts.
func (s *session) page(c *cobra.Command) render.HelpPage {
	p := render.HelpPage{About: c.Long}
	p.Add(s.say("help.usage"), render.HelpLine{Name: c.UseLine()})
	if c.HasAvailableSubCommands() {
		p.Add(s.say("help.usage"), render.HelpLine{Name: c.CommandPath() + " COMMAND"})
		p.More = message.Of("help.more", "command", c.CommandPath()).In(s.language)
	}
	for line := range strings.Lines(c.Example) {
		p.Add(s.say("help.examples"), render.HelpLine{Name: strings.TrimSuffix(line, "\n")})
	}
	for _, below := range c.Commands() {
		if below.IsAvailableCommand() {
			p.Add(s.say("help.commands"), render.HelpLine{Name: below.Name(), Text: below.Short})
		}
	}
	c.LocalFlags() // has the flags of the commands above, too, from now on
	for _, group := range []string{"help.flags", "help.kubectl"} {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && groupOf(f) == group {
				p.Add(s.say(group), s.flagLine(f))
			}
		})
	}
	return p
}

// The annotation of a flag that is in a group of its own, and that group's title.
const inGroup = "group"

func groupOf(f *pflag.Flag) string {
	if g := f.Annotations[inGroup]; len(g) > 0 {
		return g[0]
	}
	return "help.flags"
}

// flagLine is what the help says of a flag.
func (s *session) flagLine(f *pflag.Flag) render.HelpLine {
	name := "    --" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", --" + f.Name
	}
	value, usage := pflag.UnquoteUsage(f)
	if value != "" {
		name += " " + value
	}
	if f.DefValue != "" && !slices.Contains([]string{"false", "[]", "0s"}, f.DefValue) {
		usage += message.Of("help.default", "value", f.DefValue).In(s.language)
	}
	return render.HelpLine{Name: name, Text: usage}
}

// help is the command of that name: what --help says, as a command.
func (s *session) help() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]",
		RunE: func(c *cobra.Command, args []string) error {
			of, rest, err := c.Root().Find(args)
			if err != nil || of == nil || len(rest) > 0 {
				return failed(message.Of("cli.command.unknown", "word", strings.Join(args, " ")),
					message.Of("cli.see-help", "command", c.Root().CommandPath()))
			}
			return s.showHelp(of)
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) (completions, cobra.ShellCompDirective) {
			var names completions
			for _, below := range c.Root().Commands() {
				if len(args) == 0 && below.IsAvailableCommand() {
					names = append(names, cobra.CompletionWithDesc(below.Name(), below.Short))
				}
			}
			return names, noFiles
		},
	}
}
