// labd is the lab's DNS server and its registries.
package main

import (
	"flag"
	"log"

	"github.com/kubestuck/stuck/test/lab/internal/registry"
)

func main() {
	dir := flag.String("dir", "", "the lab's `folder`")
	dns := flag.String("dns", "", "listen `address` of the DNS server")
	flag.Parse()
	log.Fatal(registry.Serve(*dir, *dns))
}
