// Command picture makes the pictures of an answer that the READMEs and the tour show: what kubectl stuck says of one
// namespace of the demo's incident, and the first screens of a large one, as they stand on a terminal, in each
// language. Run it by go generate ./internal/demo.
package main

import (
	"bytes"
	"fmt"
	"log"
	"maps"
	"os"
	"path"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cli"
	"github.com/kubestuck/stuck/internal/render"
)

// docs is where the pictures are, seen from package demo.
const docs = "../../docs"

func main() {
	files, err := all()
	if err != nil {
		log.Fatal(err)
	}
	for name, data := range files {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// all makes all pictures.
func all() (map[string][]byte, error) {
	files, err := pictures("dump")
	if err != nil {
		return nil, err
	}
	more, err := screens("big.tar.gz")
	maps.Copy(files, more)
	return files, err
}

// pictures makes the pictures of a dump, by their file names.
func pictures(dump string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, lang := range render.Languages {
		args := []string{"-f", dump, "-n", "checkout"}
		shown := "kubectl stuck -f dump -n checkout"
		name := "answer.svg"
		if lang != "en" {
			args, shown, name = append(args, "--lang", lang), shown+" --lang "+lang, "answer."+lang+".svg"
		}
		text, err := answer(append(args, "--color", "always"))
		if err != nil {
			return nil, err
		}
		files[path.Join(docs, name)] = picture(shown, "\x1b[2m$ \x1b[0m"+shown+"\n"+strings.TrimRight(text, "\n"), 80)
	}
	return files, nil
}

// answer is what the program writes.
func answer(args []string) (string, error) {
	var out, complaints bytes.Buffer
	app := &cli.App{In: strings.NewReader(""), Out: &out, Err: &complaints, Now: time.Now,
		Getenv: func(string) string { return "" }}
	if code := app.Run(args); code != cli.ExitStuck {
		return "", fmt.Errorf("%v exits with %d: %s", args, code, complaints.String())
	}
	return out.String(), nil
}
