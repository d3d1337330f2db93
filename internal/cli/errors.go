package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/kubestuck/stuck/internal/causes/causefile"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/redact"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// failed is why the question could not be answered, and what to do about that.
func failed(what, todo message.Message) error { return &message.Error{What: what, Todo: todo} }

// failedBy is the same where an error of someone else is behind it.
func failedBy(err error, what, todo message.Message) error {
	return &message.Error{What: what, Todo: todo, Err: err}
}

// reason is an error within a message. Of a file error it leaves out the operation and the path,
// which we say ourselves.
func reason(err error) message.Message {
	var ours *message.Error
	var file *fs.PathError
	if !errors.As(err, &ours) && errors.As(err, &file) {
		err = file.Err
	}
	return message.Because(err)
}

// complain writes an error in one or two lines.
func (s *session) complain(err error) {
	what := message.Of("cli.error", "what", message.Because(err)).In(s.language)
	fmt.Fprintln(s.Err, safe(what))
	for _, line := range s.told(err)[1:] {
		fmt.Fprintln(s.Err, line)
	}
}

// told is an error, what is wrong in detail, and what to do about it, a line each.
func (s *session) told(err error) []string {
	lines := []string{safe(message.Because(err).In(s.language))}
	var e *message.Error
	if !errors.As(err, &e) {
		return lines
	}
	if faults := (causefile.Faults)(nil); errors.As(err, &faults) {
		for _, f := range faults {
			lines = append(lines, safe(f.Message().In(s.language)))
		}
	}
	if e.Todo.Code != "" {
		lines = append(lines, safe(e.Todo.In(s.language)))
	}
	return lines
}

// safe is a text of an error: it may quote a file or a server, and so anything.
func safe(text string) string { return render.Safe(redact.Text(text)) }

// didYouMean proposes words near to one, before what to do otherwise.
func didYouMean(near []string, otherwise message.Message) message.Message {
	if len(near) == 0 {
		return otherwise
	}
	return message.Of("cli.did-you-mean.else", "names", strings.Join(near, ", "), "else", otherwise)
}

// flagError is an error of the flags' parser.
func flagError(c *cobra.Command, err error) error {
	help := message.Of("cli.see-help", "command", c.CommandPath())
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case errors.As(err, &unknown):
		return failedBy(err, message.Of("cli.flag.unknown", "flag", unknownFlag(unknown)),
			didYouMean(nearFlags(c, unknown), help))
	case errors.As(err, &bare):
		return failedBy(err, message.Of("cli.flag.value", "flag", "--"+bare.GetFlag().Name), help)
	case errors.As(err, &invalid):
		name := "--" + invalid.GetFlag().Name
		todo := help
		switch invalid.GetFlag().Value.Type() {
		case "duration":
			todo = message.Of("cli.flag.duration")
		case "bool":
			todo = message.Of("cli.flag.boolean", "flag", name)
		}
		return failedBy(err, message.Of("cli.flag.invalid", "flag", name, "value", invalid.GetValue()), todo)
	case errors.As(err, &syntax):
		return failedBy(err, message.Of("cli.flag.syntax", "text", syntax.GetSpecifiedFlag()), help)
	}
	return failedBy(err, message.Of("verbatim", "text", err.Error()), help)
}

func unknownFlag(e *pflag.NotExistError) string {
	if e.GetSpecifiedShortnames() != "" {
		return "-" + e.GetSpecifiedName()
	}
	return "--" + e.GetSpecifiedName()
}

// nearFlags are the flags of the command that are spelled nearly like one that there is not.
func nearFlags(c *cobra.Command, e *pflag.NotExistError) []string {
	if e.GetSpecifiedShortnames() != "" {
		return nil
	}
	var all []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			all = append(all, f.Name)
		}
	})
	near := match.Nearest(e.GetSpecifiedName(), all)
	for i := range near {
		near[i] = "--" + near[i]
	}
	return near
}

// noArguments refuses arguments where a command has no use for them.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return failed(message.Of("cli.arguments", "command", c.Name(), "argument", args[0]),
		message.Of("cli.see-help", "command", c.CommandPath()))
}
