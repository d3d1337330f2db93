package applog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestKinds holds lines as programs write them against what they say.
func TestKinds(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{`2026-11-30 10:00:00.000 UTC [1] FATAL:  database files are incompatible with server`, "version"},
		{`DETAIL:  The data directory was initialized by PostgreSQL version 14, which is not compatible with this ` +
			`version 16.1.`, "version dataversion=14 programversion=16.1"},
		{`[ERROR] [MY-013171] [InnoDB] Cannot boot server version 80036 on data directory built by version 80400. ` +
			`Downgrade is not supported`, "version dataversion=80400 programversion=80036"},
		{`java.lang.IllegalStateException: cannot upgrade a node from version [6.8.23] directly to version [8.5.1]`,
			"version dataversion=6.8.23 programversion=8.5.1"},
		{`# Can't handle RDB format version 11`, "version"},
		{`Your database (migration version: 305) is for a newer Gitea, you can not use the newer database`, "version"},
		{`{"s":"F","c":"CONTROL","msg":"Wrong mongod version","attr":{"error":"UPGRADE PROBLEM: Found an invalid"}}`,
			"version"},
		{`server version: 8.0.36`, ""},
		{`FATAL:  lock file "postmaster.pid" already exists`, "locked"},
		{`[ERROR] [MY-012574] [InnoDB] Unable to lock ./ibdata1 error: 11`, "locked"},
		{`opening storage failed: lock DB directory: resource temporarily unavailable`, "locked"},
		{`java.lang.IllegalStateException: failed to obtain node locks, tried [/data] with lock id [0]`, "locked"},
		{`IO error: While lock file: /data/db/LOCK: Resource temporarily unavailable`, "locked"},
		{`ERROR Failed to acquire lock on file .lock in /data. A Kafka instance in another process is using it`, "locked"},
		{`leader election: lock is held by api-1`, ""},
		{`listen tcp :8080: bind: address already in use`, "port-taken port=8080"},
		{`Error: listen EADDRINUSE: address already in use :::3000`, "port-taken port=3000"},
		{`nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)`, "port-taken port=80"},
		{`httpd: bind: Address already in use`, "port-taken"},
		{`httpd: bind: Address in use`, "port-taken"},
		{`OSError: [Errno 98] Address already in use`, "port-taken"},
		{`java.net.BindException: Address already in use`, "port-taken"},
		{`ERROR: [Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address ` +
			`already in use`,
			"port-taken port=8000"},
		{`Error: bind: address already in use 0.0.0.0:9090`, "port-taken port=9090"},
		{`F0201 07:00:34.118275       1 controllermanager.go:221] listen tcp 127.0.0.1:10252: bind: address ` +
			`already in use`,
			"port-taken port=10252"},
		{`E0201 07:00:34.1 1 main.go:99] connection refused`, "refused"},
		{`12:01:02 ERROR redis-a:6379: connection refused`, "refused host=redis-a port=6379"},
		{`etcdmain: listen tcp 192.168.88.242:2380: bind: cannot assign requested address`,
			"no-address address=192.168.88.242:2380"},
		{`dial tcp [::1]:80: connect: cannot assign requested address`, ""},
		{"+ iptables -t nat -N ISTIO_REDIRECT iptables: Chain already exists.", "iptables again=Chain already exists"},
		{"iptables v1.8.2 (legacy): can't initialize iptables table `nat': Permission denied (you must be root)",
			"iptables root=you must be root"},
		{`iptables: No chain/target/match by that name.`, "iptables"},
		{`Failed to execute: iptables-restore --noflush /tmp/iptables-rules-1.txt7, exit status 2.`, "iptables"},
		{`iptables v1.8.7: Operation not permitted`, "denied"},
		{`Failed to initialize NVML: could not load NVML library.`, "no-driver"},
		{`unable to create plugin manager: nvml init failed: ERROR_LIBRARY_NOT_FOUND`, "no-driver"},
		{`ImportError: libcuda.so.1: cannot open shared object file: No such file or directory`, "no-driver"},
		{`failed complete: too many open files`, "kernel-limit"},
		{`panic: failed to new ca-cert watcher: too many open files`, "kernel-limit"},
		{`accept tcp [::]:80: accept4: too many open files`, "open-files"},
		{`listen tcp :80: bind: permission denied`, "port-refused port=80"},
		{`nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)`, "port-refused port=80"},
		{`Error from server (Forbidden): configmaps "app" is forbidden: User ` +
			`"system:serviceaccount:shop:api" cannot get resource "configmaps" in API group "" in the ` +
			`namespace "shop"`,
			"forbidden inspace=shop resource=configmaps user=system:serviceaccount:shop:api verb=get"},
		{`E0302 reflector.go:147] nodes is forbidden: User "system:serviceaccount:a:b" cannot list ` +
			`resource "nodes" in API group "" at the cluster scope`,
			"forbidden resource=nodes user=system:serviceaccount:a:b verb=list"},
		{`exec /app/server: exec format error`, "wrong-cpu"},
		{`dd: error writing '/dev/shm/scratch': No space left on device`, "no-space path=/dev/shm/scratch"},
		{`OSError: [Errno 28] No space left on device: '/data/x'`, "no-space path=/data/x"},
		{`write /var/lib/x/wal: no space left on device`, "no-space path=/var/lib/x/wal"},
		{`FATAL:  could not resize shared memory segment "/PostgreSQL.160" to 50438144 bytes: No ` +
			`space left on device`,
			"no-space path=/PostgreSQL.160"},
		{`Exception in thread "main" java.lang.OutOfMemoryError: Java heap space`, "no-memory"},
		{`java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory`, "no-threads"},
		{`RuntimeError: can't start new thread`, "no-threads"},
		{`/usr/bin/env: 'bash\r': No such file or directory`, "line-ends"},
		{`/run.sh: line 2: $'\r': command not found`, "line-ends"},
		{`/usr/bin/env: 'node': No such file or directory`, "no-file path=node"},
		{`sh: can't fork: Resource temporarily unavailable`, "no-threads"},
		{`bash: fork: retry: Resource temporarily unavailable`, "no-threads"},
		{`max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]`,
			"kernel-limit"},
		{`Error: ENOSPC: System limit for number of file watchers reached, watch '/app/src'`,
			"kernel-limit"},
		{`failed to create fsnotify watcher: too many open files`,
			"kernel-limit"},
		{`initdb: error: directory "/var/lib/postgresql/data" exists but is not empty`,
			"not-empty path=/var/lib/postgresql/data"},
		{`FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory`, "no-memory"},
		{`dial tcp: lookup db on 10.96.0.10:53: no such host`, "no-host host=db"},
		{`Error: getaddrinfo ENOTFOUND redis.shop`, "no-host host=redis.shop"},
		{`java.net.UnknownHostException: kafka`, "no-host host=kafka"},
		{`psql: error: could not translate host name "postgres" to address: Name or service not known`,
			"no-host host=postgres"},
		{`nslookup: can't resolve 'legacy-config-service'`, "no-host host=legacy-config-service"},
		{`** server can't find legacy-config-service.shop.svc.cluster.local: NXDOMAIN`,
			"no-host host=legacy-config-service.shop.svc.cluster.local"},
		{`nc: bad address 'db'`, "no-host host=db"},
		{`nginx: [emerg] host not found in upstream "api" in /etc/nginx/nginx.conf:12`, "no-host host=api"},
		{`dial tcp 10.96.12.3:5432: connect: connection refused`, "refused host=10.96.12.3 port=5432"},
		{`Error: connect ECONNREFUSED 10.1.2.3:6379`, "refused host=10.1.2.3 port=6379"},
		{`connection to server at "db" (10.96.1.2), port 5432 failed: Connection refused`,
			"refused host=db port=5432"},
		{`Get "http://users:8080/health": dial tcp 10.1.1.1:8080: connect: connection refused`,
			"refused host=users port=8080"},
		{`FATAL: password authentication failed for user "app"`, "login"},
		{`x509: certificate signed by unknown authority`, "certificate"},
		{`mkdir: cannot create directory '/data/x': Permission denied`, "denied path=/data/x"},
		{`Error: EACCES: permission denied, open '/app/log.txt'`, "denied path=/app/log.txt"},
		{`open /etc/app/key.pem: permission denied`, "denied path=/etc/app/key.pem"},
		{`PermissionError: [Errno 13] Permission denied: '/srv'`, "denied path=/srv"},
		{`touch: /tmp/x: Read-only file system`, "read-only path=/tmp/x"},
		{`nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)`,
			"read-only path=/var/cache/nginx/client_temp"},
		{`ModuleNotFoundError: No module named 'flask'`, "no-library library=flask"},
		{`Error: Cannot find module '/app/server.js'`, "no-library library=/app/server.js"},
		{`./app: error while loading shared libraries: libssl.so.1.1: cannot open shared object file: ` +
			`No such file or directory`,
			"no-library library=libssl.so.1.1"},
		{`flag provided but not defined: -listen`, "bad-argument argument=-listen"},
		{`Error: unknown flag: --config-dir`, "bad-argument argument=--config-dir"},
		{`open /etc/app/config.yaml: no such file or directory`, "no-file path=/etc/app/config.yaml"},
		{`FileNotFoundError: [Errno 2] No such file or directory: '/cfg/a.json'`, "no-file path=/cfg/a.json"},
		{`FTL config.json: required key GeoMongoAddress is missing`, "unset key=GeoMongoAddress"},
		{`required key DATABASE_URL missing value`, "unset key=DATABASE_URL"},
		{`KeyError: 'DB_HOST'`, "unset key=DB_HOST"},
		{`Error: Missing required environment variable: API_KEY`, "unset key=API_KEY"},
		{`Error: JWT_SECRET must be set`, "unset key=JWT_SECRET"},
		{`Could not resolve placeholder 'spring.datasource.url' in value "${spring.datasource.url}"`,
			"unset key=spring.datasource.url"},
		{`error: the environment variable "LOG_DIR" is not set`, "unset key=LOG_DIR"},
		{`sh: DATABASE_URL: is not set`, "unset key=DATABASE_URL"},
		{`/app/run.sh: line 3: DB_HOST: unbound variable`, "unset key=DB_HOST"},
		{`/bin/sh: API_TOKEN: parameter not set`, "unset key=API_TOKEN"},
		{`sh: pg_isready: not found`, ""},
		{`cat: read error: Is a directory`, "is-folder"},
		{`open /etc/app/config.yaml: is a directory`, "is-folder path=/etc/app/config.yaml"},
		{`IsADirectoryError: [Errno 21] Is a directory: '/cfg/a.json'`, "is-folder path=/cfg/a.json"},
		{`Error: EISDIR: illegal operation on a directory, read`, "is-folder"},
		{`the required file is missing from the archive`, ""},
		{`panic: runtime error: invalid memory address or nil pointer dereference`, ""},
		{`all is well`, ""},
	} {
		s := read(c.line)
		got := s.Kind
		for _, k := range []string{"address", "again", "argument", "apigroup", "dataversion", "host", "inspace", "key",
			"library", "path", "port", "programversion", "resource", "root", "user", "verb"} {
			if v := s.Args[k]; v != "" {
				got += " " + k + "=" + v
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s\n%s", c.line, diff)
		}
	}
}

// TestLast holds which line of a log says most.
func TestLast(t *testing.T) {
	for _, c := range []struct{ name, log, want string }{
		{"what stopped it, not what is said on the way out",
			"starting\nlisten tcp :80: bind: address already in use\nbye\n",
			"listen tcp :80: bind: address already in use"},
		{"a warning is no end",
			"WARN open /etc/x.yaml: no such file or directory, using defaults\npanic: boom\n\n" +
				"goroutine 1 [running]:\nmain.main()\n\t/src/main.go:9 +0x1d",
			"panic: boom"},
		{"the head of a Python traceback",
			"Traceback (most recent call last):\n  File \"/app/x.py\", line 3, in <module>\n    run()\n" +
				"ValueError: bad colour",
			"ValueError: bad colour"},
		{"what caused a Java exception",
			"Exception in thread \"main\" java.lang.IllegalStateException: x\n\tat a.b(C.java:1)\n" +
				"Caused by: java.io.IOException: y\n\tat d.e(F.java:2)\n\t... 3 more",
			"Caused by: java.io.IOException: y"},
		{"the last line where none complains", "one\ntwo\n\n", "two"},
		{"nothing", "\n \n", ""},
	} {
		s, ok := Last(strings.Split(c.log, "\n"))
		if ok != (c.want != "") || s.Text != c.want {
			t.Errorf("%s: got %q", c.name, s.Text)
		}
	}
}

// TestWords holds what is shown of lines that are objects of JSON, and of others.
func TestWords(t *testing.T) {
	for line, want := range map[string]string{
		`{"level":"fatal","ts":1,"msg":"cannot start","error":"dial tcp: no"}`: "cannot start: dial tcp: no",
		`{"s":"F","msg":"Wrong mongod version","attr":{"error":"UPGRADE PROBLEM: Found"}}`: "Wrong mongod version: " +
			"UPGRADE PROBLEM: Found",
		`{"level":50,"err":{"type":"Error","message":"no DB","stack":"…"},"msg":"no DB"}`: "no DB",
		`{"@timestamp":"2026","message":"Application run failed","level":"ERROR"}`:        "Application run failed",
		`{"level":"info","status":200}`: `{"level":"info","status":200}`,
		`{"msg":"cut off`:               `{"msg":"cut off`,
		`panic: no`:                     `panic: no`,
		`{}`:                            `{}`,
	} {
		if got := Words(line); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}
