package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/kubestuck/stuck/internal/casefile"
	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/causes/causefile"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/render"
	"github.com/spf13/cobra"
)

func (s *session) checkCauses() *cobra.Command {
	return &cobra.Command{
		Use:     "check DIR",
		Example: s.examples(example{"kubectl stuck causes check our-causes", ""}),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return failed(message.Of("check.folder"), message.Of("cli.see-help", "command", c.CommandPath()))
			}
			s.causes = args[0]
			own, err := s.ownCauses()
			var faults causefile.Faults
			if err != nil && !errors.As(err, &faults) {
				return err
			}
			return s.checked(own, faults)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
	}
}

// checked says of each cause of a site what is wrong with it and with its cases. With a fault in any of them there is
// no catalogue, so that no case can be run.
func (s *session) checked(own []*diagnose.Cause, faults causefile.Faults) error {
	var catalogue *diagnose.Catalogue
	if len(faults) == 0 {
		var err error
		if catalogue, err = diagnose.NewCatalogue(append(causes.All(), own...)); err != nil {
			return s.badCause(err)
		}
	}
	for len(faults) > 0 {
		file := faults[0].File
		n := slices.IndexFunc(faults, func(f causefile.Fault) bool { return f.File != file })
		if n < 0 {
			n = len(faults)
		}
		var wrong []message.Message
		for _, f := range faults[:n] {
			wrong = append(wrong, f.Message())
		}
		s.reportFaults(path.Base(path.Dir(file)), wrong)
		faults = faults[n:]
	}
	for _, c := range own {
		if err := s.checkCases(c, catalogue); err != nil {
			return err
		}
	}
	return nil
}

// checkCases runs the cases of a cause whose file is right.
func (s *session) checkCases(c *diagnose.Cause, catalogue *diagnose.Catalogue) error {
	files, err := fs.Glob(os.DirFS(s.causes), c.ID+"/*.txtar")
	if err != nil {
		return err
	}
	var wrong []message.Message
	for _, file := range files {
		data, err := causefile.ReadFile(os.DirFS(s.causes), file, causefile.LongestCase)
		if errors.Is(err, causefile.ErrNoPlainFile) {
			wrong = append(wrong, message.Of("cause.in-file", "file", path.Join(s.folder(), file),
				"what", message.Of("cause.too-large", "n", causefile.LongestCase>>10)))
			continue
		}
		if err != nil {
			return failedBy(err, message.Of("cli.causes.read", "folder", path.Join(s.folder(), file), "why", reason(err)),
				message.Of("cli.causes.form"))
		}
		if catalogue == nil {
			continue
		}
		differences, err := casefile.Parse(file, data).Differences(catalogue)
		if err != nil {
			differences = append(differences, message.Of("verbatim", "text", err.Error()))
		}
		for _, d := range differences {
			wrong = append(wrong, message.Of("cause.in-file", "file", path.Join(s.folder(), file), "what", d))
		}
	}
	if len(wrong) > 0 {
		s.reportFaults(c.ID, wrong)
		return nil
	}
	signs, cases := message.Of("check.likely"), message.Of("check.cases", "n", len(files))
	if c.Certainty == diagnose.Proven {
		signs = message.Of("check.proven")
	}
	switch {
	case len(files) == 0:
		cases = message.Of("check.no-cases")
	case catalogue == nil:
		cases = message.Of("check.not-run")
	}
	s.printMessage(message.Of("check.fine", "id", c.ID, "signs", signs, "cases", cases), "")
	return nil
}

// reportFaults says what is wrong with a cause, and makes that the exit code.
func (s *session) reportFaults(id string, wrong []message.Message) {
	s.code = ExitStuck
	s.printMessage(message.Of("check.wrong", "id", id), "")
	for _, w := range wrong {
		s.printMessage(w, "  ")
	}
}

func (s *session) printMessage(m message.Message, indent string) {
	fmt.Fprintln(s.Out, indent+render.Safe(m.In(s.language)))
}
