package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestContainersOwnLogs reads what a program in a container wrote, in the forms in which people have it: nothing but
// that says that the Pod does not start.
func TestContainersOwnLogs(t *testing.T) {
	const taken = "2026/03/02 10:19:59 starting\n2026/03/02 10:20:00 listen tcp :8080: bind: address already in use\n"
	const crashes = "NAME    READY   STATUS             RESTARTS   AGE\nweb-0   0/1     CrashLoopBackOff   5          9m\n"
	for name, c := range map[string]struct {
		file, text, beside string
		says               []string
		code               int
	}{
		"lines alone": {"-", taken, "", []string{"1. The container cannot listen on port 8080", "of no Pod",
			"Certainty  likely"}, ExitStuck},
		"behind a prompt": {"x.txt", "$ kubectl logs -n shop web-0 -c app --previous\n" + taken, "",
			[]string{"Container app cannot listen on port 8080", "Container shop/web-0/app", "x.txt:3"}, ExitStuck},
		"of a file that names the Pod": {"shop_web-0_app.log", taken, "", []string{"Container shop/web-0/app"}, ExitStuck},
		"with a prefix": {"-", "[pod/web-0/app] 2026-03-02T10:20:00.123456789Z starting\n" +
			"[pod/web-0/proxy] 2026-03-02T10:20:00.123456789Z info up\n" +
			"[pod/web-0/app] 2026-03-02T10:20:00.123456789Z KeyError: 'DB_HOST'\n", "",
			[]string{"Container app ends: setting DB_HOST is missing", "> KeyError: 'DB_HOST'"}, ExitStuck},
		"of stern": {"-", "+ web-7d9f8b6c5-abcde › app\nweb-7d9f8b6c5-abcde app starting\n" +
			"web-7d9f8b6c5-abcde app open /etc/app/c.yaml: no such file or directory\n", "",
			[]string{"Container app needs /etc/app/c.yaml", "web-7d9f8b6c5-abcde"}, ExitStuck},
		"of CRI": {"x.log", "2026-03-02T10:20:00.1Z stderr P open /etc/app/c.yaml: no such\n" +
			"2026-03-02T10:20:00.1Z stderr F  file or directory\n", "", []string{"needs /etc/app/c.yaml"}, ExitStuck},
		"of Docker": {"x.log", `{"log":"exec /app: exec format error\n","stream":"stderr",` +
			`"time":"2026-03-02T10:20:00Z"}` + "\n", "", []string{"exec format error"}, ExitStuck},
		"as the kubelet writes": {"x.log", "I0302 10:20:00.000000       1 main.go:20] starting\n" +
			"F0302 10:20:01.000000       1 main.go:33] listen tcp 127.0.0.1:10252: bind: address already in use\n", "",
			[]string{"cannot listen on port 10252"}, ExitStuck},
		"in JSON": {"-", `{"level":"info","ts":"2026-03-02T10:20:00Z","msg":"starting"}` + "\n" +
			`{"level":"error","ts":"2026-03-02T10:20:00Z","msg":"no","error":"dial tcp 10.96.3.4:5432: connect: ` +
			`connection refused"}` + "\n", "", []string{"no connection to 10.96.3.4, port 5432"}, ExitStuck},
		"beside a table": {"x.txt", "$ kubectl logs -n shop web-0 -c app\n" + taken, crashes,
			[]string{"1 problem blocks 1 of 1 Pod", "Container app cannot listen", "for 9 min"}, ExitStuck},
		"between other commands": {"-", "$ kubectl get pods\n" + crashes + "$ kubectl logs web-0\n" +
			"Warning  FailedMount  this is the program's\n" + taken + "$ kubectl get nodes\n", "",
			[]string{"1 problem blocks 1 of 1 Pod", "cannot listen on port 8080"}, ExitStuck},
		"of a program that is well": {"x.log", `10.0.0.1 - - [02/Mar/2026:10:20:00 +0000] "GET / HTTP/1.1" 200 61 "-"` +
			"\n", "", []string{"nothing in"}, ExitFailed},
		"of one that only notes": {"-", "INFO starting\nINFO serving\n", "", []string{"nothing in"}, ExitFailed},
		"a story": {"-", "It could not start.\nWe looked at it.\n", "",
			[]string{"holds no Kubernetes"}, ExitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			dir, in, args := t.TempDir(), "", []string{}
			write := func(name, text string) {
				file := filepath.Join(dir, name)
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				args = append(args, "-f", file)
			}
			if c.file == "-" {
				in, args = c.text, []string{"-f", "-"}
			} else {
				write(c.file, c.text)
			}
			if c.beside != "" {
				write("beside.txt", c.beside)
			}
			got := command(nil, in, nil, args...)
			text := strings.Join(strings.Fields(got.out+got.err), " ")
			if got.code != c.code {
				t.Errorf("exit %d, want %d:\n%s%s", got.code, c.code, got.out, got.err)
			}
			for _, says := range c.says {
				if !strings.Contains(text, strings.Join(strings.Fields(says), " ")) {
					t.Errorf("%q is not in\n%s%s", says, got.out, got.err)
				}
			}
		})
	}
}
