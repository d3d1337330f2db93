package applog

import (
	"strings"
	"testing"
)

// TestEnds holds whole logs, as they are pasted, against whether they alone show that the program gave up.
func TestEnds(t *testing.T) {
	for name, c := range map[string]struct{ text, kind string }{
		"a server that cannot listen": {"2026/03/02 10:19:59 starting\n2026/03/02 10:20:00 listen tcp :8080: bind: " +
			"address already in use\n", PortTaken},
		"frames behind it": {"Error: Cannot find module '/app/server.js'\n    at Module._resolveFilename " +
			"(node:internal/modules/cjs/loader:1140:15)\n    at Module._load (node:internal/modules/cjs/loader:981:27)\n" +
			"    at node:internal/main/run_main_module:28:49 {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n\n" +
			"Node.js v18.19.0\n", NoLibrary},
		"a way out that is noted": {"ERROR o.s.b.SpringApplication : Application run failed\n" +
			"Caused by: java.net.UnknownHostException: db\n" +
			" INFO 1 --- c.z.h.HikariDataSource : HikariPool-1 - Shutdown initiated...\n" +
			" INFO 1 --- c.z.h.HikariDataSource : HikariPool-1 - Shutdown completed.\n" +
			" INFO 1 --- o.a.c.c.StandardService : Stopping service [Tomcat]\n" +
			" INFO 1 --- o.e.j.s.AbstractConnector : Stopped ServerConnector\n", NoHost},
		"a web server": {"10.0.0.1 - - [02/Mar/2026:10:20:00 +0000] \"GET / HTTP/1.1\" 200 615 \"-\" \"curl/8\"\n" +
			"10.0.0.1 - - [02/Mar/2026:10:20:01 +0000] \"GET /missing HTTP/1.1\" 404 153 \"-\" \"kube-probe/1.34\"\n", "-"},
		"one that only notes": {"INFO starting\nINFO loaded 3 plugins\nINFO serving on :8080\n", "-"},
		"what passed":         {"ERROR redis-a:6379: connection refused, retrying\nINFO connected to redis-a:6379\n", "-"},
		"what it lives with": {"ERROR open /etc/plugins: no such file or directory\nINFO order 1\nINFO order 2\n" +
			"INFO order 3\nINFO order 4\n", "-"},
		"a file that a request asked for": {"2026/03/02 10:20:00 [error] 31#31: *1 open() \"/usr/share/nginx/html/x\" " +
			"failed (2: No such file or directory), client: 10.0.0.9\n10.0.0.9 - - [02/Mar/2026:10:20:00 +0000] " +
			"\"GET /x HTTP/1.1\" 404 153\n", "-"},
		"one that warns and goes on": {"WARN could not connect to kafka:9092: connection refused\n", "-"},
		"one that waited":            {"WARN connect to kafka:9092: connection refused\nERROR timed out\n", Refused},
		"nothing":                    {"\n\n", "-"},
	} {
		t.Run(name, func(t *testing.T) {
			got := "-"
			if s, ok := Ends(strings.Split(c.text, "\n")); ok {
				got = s.Kind
			}
			if got != c.kind {
				t.Errorf("got %q, want %q", got, c.kind)
			}
		})
	}
}
