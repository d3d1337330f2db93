package main

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cli"
	"github.com/kubestuck/stuck/internal/render"
)

// A size is that of a terminal.
type size struct{ columns, rows int }

// sizes are those at which a large incident is looked at: the least that a terminal has, that of a laptop, and of a
// large screen.
var sizes = []size{{80, 24}, {120, 40}, {200, 50}}

// screens are the first screens of a large incident, 306 Pods of 20 recorded faults at once, by their file names.
func screens(dump string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, lang := range render.Languages {
		for _, s := range sizes {
			shown, args := "kubectl stuck -f big.tar.gz", []string{"-f", dump, "--color", "always"}
			name := fmt.Sprintf("tour-%dx%d", s.columns, s.rows)
			if lang != "en" {
				shown, args, name = shown+" --lang "+lang, append(args, "--lang", lang), name+"."+lang
			}
			text, err := firstScreen(args, s)
			if err != nil {
				return nil, err
			}
			files[path.Join(docs, name+".svg")] = picture(shown, text, s.columns)
		}
	}
	return files, nil
}

// firstScreen is what the program shows before anything is pressed: all of it where it fits, and else its first rows in
// a pager, which waits at the last one.
func firstScreen(args []string, s size) (string, error) {
	var out, complaints, paged bytes.Buffer
	app := &cli.App{In: strings.NewReader(""), Out: &out, Err: &complaints, Now: time.Now,
		Getenv:   func(string) string { return "" },
		Terminal: func() (columns, rows int, ok bool) { return s.columns, s.rows, true },
		Page: func(_ string, text []byte) error {
			_, err := paged.Write(text)
			return err
		}}
	if code := app.Run(args); code != cli.ExitStuck {
		return "", fmt.Errorf("%v exits with %d: %s", args, code, complaints.String())
	}
	var rows []string
	for l := range strings.Lines(out.String() + paged.String()) {
		rows = append(rows, broken(strings.TrimSuffix(l, "\n"), s.columns)...)
	}
	if len(rows) >= s.rows {
		rows = append(rows[:s.rows-1], ":")
	}
	return strings.Join(rows, "\n"), nil
}

// broken is a line as a terminal breaks it, in its colours.
func broken(l string, columns int) []string {
	var rows []string
	row, at, style := "", 0, ""
	for l != "" {
		if m := sgr.FindStringIndex(l); m != nil && m[0] == 0 {
			style, row, l = l[:m[1]], row+l[:m[1]], l[m[1]:]
			continue
		}
		r := []rune(l)[0]
		wide := render.Columns(string(r))
		if at+wide > columns {
			rows, row, at = append(rows, row), style, 0
		}
		row, at, l = row+string(r), at+wide, l[len(string(r)):]
	}
	return append(rows, row)
}
