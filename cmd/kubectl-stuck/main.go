// Command kubectl-stuck tells why Pods do not start.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/kubestuck/stuck/internal/causes"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/render"
)

func main() {
	dir := flag.String("f", "", "dump")
	form := flag.String("o", "text", "form")
	lang := flag.String("lang", "en", "language")
	flag.Parse()
	check := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	all, err := causes.All()
	check(err)
	c, err := diagnose.NewCatalogue(all)
	check(err)
	s, err := cluster.Read(os.DirFS(*dir), time.Time{})
	check(err)
	r := diagnose.Run(s, c, diagnose.Options{})
	show := render.Text
	if *form == "json" {
		show = render.JSON
	}
	check(show(os.Stdout, r, render.Options{Lang: *lang}))
	if r.Pods.Stuck > 0 {
		os.Exit(1)
	}
}
