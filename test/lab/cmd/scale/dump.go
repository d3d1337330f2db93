package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

// dump writes what kubectl get pods,events -A -o json prints of a cluster: Pods as they are there, in little more than
// a line each, where -compact is given.
func dump(args []string) error {
	f := flag.NewFlagSet("dump", flag.ExitOnError)
	compact, of := f.Bool("compact", false, "without indents, and without who manages the fields"), sized(f)
	f.Parse(args)
	w := bufio.NewWriterSize(os.Stdout, 1<<20)
	now := second(time.Now())
	fmt.Fprint(w, "{\n    \"apiVersion\": \"v1\",\n    \"items\": [")
	first := true
	write := func(kind string, o any) error {
		raw, err := json.Marshal(o)
		if err == nil && !*compact {
			raw, err = indented(raw)
		}
		if err != nil {
			return err
		}
		if !first {
			io.WriteString(w, ",")
		}
		first = false
		fmt.Fprintf(w, "\n        {\"apiVersion\": \"v1\", \"kind\": %q, ", kind)
		_, err = w.Write(raw[1:])
		return err
	}
	for i := range of.pods {
		p, fault := makePod(i, *of, now)
		if *compact {
			p.ManagedFields = nil
		}
		if err := write("Pod", p); err != nil {
			return err
		}
		if fault == nil {
			continue
		}
		for _, e := range makeEvents(p, fault, i, *of, now) {
			if err := write("Event", e); err != nil {
				return err
			}
		}
	}
	fmt.Fprint(w, "\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\"resourceVersion\": \"\"}\n}\n")
	return w.Flush()
}

func indented(raw []byte) ([]byte, error) {
	var v json.RawMessage = raw
	return json.MarshalIndent(v, "        ", "    ")
}
