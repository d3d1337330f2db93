package redact

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// kept are texts about secrets that hold none: what is wrong stands in them.
var kept = []string{
	`MountVolume.SetUp failed for volume "secret" : secret "api-tls" not found`,
	`MountVolume.SetUp failed for volume "token" : failed to fetch token: pod "x" not found`,
	`MountVolume.SetUp failed for volume "password" : references non-existent secret key: password`,
	`couldn't find key password in Secret shop/db`,
	`Error: secret "db-password" not found`,
	`failed to fetch token: Post "https://10.0.0.1:6443/api/v1/namespaces/shop/serviceaccounts/api/token": net/http: TLS`,
	`failed to authorize: failed to fetch anonymous token: Get "https://auth.docker.io/token?scope=a%3Ab": EOF`,
	`failed to fetch oauth token: unexpected status from GET request to https://auth.docker.io/token: 401 Unauthorized`,
	`pull access denied, repository does not exist or may require authorization: server message: insufficient_scope`,
	`pull access denied, repository does not exist or may require authorization: 401 Unauthorized`,
	`repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
	`no basic auth credentials`,
	`WWW-Authenticate: Bearer realm="https://auth.example.com/token",service="registry",scope="repository:a:pull"`,
	`password authentication failed for user "app"`,
	`FATAL: password authentication failed for user "app" (SQLSTATE 28P01)`,
	`Access denied for user 'root'@'10.0.0.1' (using password: YES)`,
	`invalid token: expired`, `invalid password: access denied`, `token: 401 Unauthorized`, `secret: web-tls-2 not found`,
	`failed to get credentials: sts.eu-west-1.amazonaws.com: no such host`,
	`error mounting "/var/lib/kubelet/pods/x/v" to rootfs at "/etc/passwd": mount /var/lib: not a directory`,
	`open /run/secrets/token: permission denied`,
	`open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory`,
	`unable to find user app: no matching entries in passwd file`,
	`pods "x" is forbidden: error looking up service account shop/api: serviceaccount "api" not found`,
	`secrets "api-tls" is forbidden: User "system:node:n1" cannot get resource "secrets" in API group ""`,
	`Failed to pull image "nginx:1.25@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08": not found`,
	`docker://registry.example.com:5000/app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`,
	`"Unable to retrieve pull secret" pod="shop/web" secret="shop/regcred" err="secret \"regcred\" not found"`,
	`0/3 nodes are available: 3 node(s) had untolerated taint {key: value}`,
	`{name: v, secret: {secretName: tls}}`, `imagePullSecrets: [{name: gone}]`,
	`--token-file=/run/t`, `--passwd-file=/x`, `--password=$(DB_PASSWORD)`, `--token ${TOKEN}`, `password: ""`,
	`tokenExpirationSeconds: 3607`, `secretName: api-tls`, `secretKeyRef: {name: db, key: password}`,
	`unknown flag: --token`, `the --password flag is required`, `KeyError: 'DB_PASSWORD'`,
	`required key DB_PASSWORD missing value`, `missing environment variable: API_TOKEN`, `DB_PASSWORD is not set`,
	`mount failed: exit status 32 Mounting arguments: -t nfs -o vers=4.1,sec=sys 10.0.0.1:/x /y`,
	`dial tcp 10.0.0.1:5432: i/o timeout`, `dial tcp: lookup db on 10.96.0.10:53: no such host`,
	`ssh://git@github.com/x/y.git`, `ssh://deploy@host`, `http://[fd00::1]:8080/x@y`,
	`Get "https://registry.example.com:5000/v2/a/manifests/b@c": x`,
	`node(s) didn't match Pod's node affinity/selector`, `systemctl show docker -p ActiveState`,
	`create rolebinding --user=system:serviceaccount:shop:api`, `docker run -p 8080:80 nginx`, `mkdir -p /data`,
	`sh.helm.release.v1.app.v1`, `default-token-x2x9k`, `xapp-7d9c5b64f8-x2x9k`, `sk-frontend-7d9c5b64f8-x2x9k`,
	`registry.example.com/app:v1.0-20260102-9f86d081884c`, `task-runner-7d9c5b64f8-x2x9k`,
	`failed to decrypt: wrong passphrase`, `x509: certificate signed by unknown authority`,
	`admission webhook "secrets.vault.example.com" denied the request: token: required`,
	`signature: not found`, `failed to verify signature: no matching signatures`, `cookie: name`,
	`unexpected token: <`, `SyntaxError: Unexpected token '}', "{"a":}" is not valid JSON`, `the bearer token is expired`,
	`basic authentication is disabled`, `secret api-tls-2 not found`, `token 6f2c1d8e-3b57-4c09-9a41-8f0e2d7b5c13 expired`,
	`the access key for user App1Admin is gone`, `secret default/api-7d9c5b64f8 missing`, `password for User1234 expired`,
	`could not find key Foo1Bar in ConfigMap`, `Error: unknown shorthand flag: 'p' in -port`,
}

// TestKept leaves alone what an operator needs.
func TestKept(t *testing.T) {
	for _, text := range kept {
		if got := Text(text); got != text {
			t.Errorf("%s\n became %s", text, got)
		}
	}
}

// TestArgs redacts the words of commands, and those that follow a flag.
func TestArgs(t *testing.T) {
	for in, want := range map[string]string{
		"--password=hunter2|--token|hunter2|-p|hunter2|--v|4": "--password=REDACTED|--token|REDACTED|-p|REDACTED|--v|4",
		"mysqld|-phunter2": "mysqld|-pREDACTED",
		"app|-pHunter2":    "app|-pREDACTED",
		"server|-p8080|-parallel=4|-profile|-p|80": "server|-p8080|-parallel=4|-profile|-p|80",
		"mkdir|-p|/data":                                  "mkdir|-p|/data",
		"redis-cli|-a|hunter2|ping":                       "redis-cli|-a|REDACTED|ping",
		"ls|-a|hunter2":                                   "ls|-a|hunter2",
		"curl|-u|admin:hunter2|http://x":                  "curl|-u|admin:REDACTED|http://x",
		"chown|--user|1000:1000":                          "chown|--user|1000:1000",
		"-H|Authorization: Basic hunter2":                 "-H|Authorization: Basic REDACTED",
		"--connection-string|hunter2":                     "--connection-string|REDACTED",
		"--dsn|postgres://app:hunter2@db/x":               "--dsn|postgres://app:REDACTED@db/x",
		"--token|--verbose":                               "--token|--verbose",
		"--token-file|/run/t|--tls-key|/k.pem":            "--token-file|/run/t|--tls-key|/k.pem",
		"--password|$(PW)|--key|/etc/k":                   "--password|$(PW)|--key|/etc/k",
		"--key|hunter2|--key=hunter2":                     "--key|REDACTED|--key=REDACTED",
		`--password="two words"`:                          `--password="REDACTED"`,
		"--license=hunter2|--auth=hunter2":                "--license=REDACTED|--auth=REDACTED",
		"sh|-c|mysql -u root -phunter2; run --pw hunter2": "sh|-c|mysql -u root -pREDACTED; run --pw REDACTED",
		"-e|PW=hunter2":                                   "-e|PW=REDACTED",
		"--secret-name|api-tls|--secretly|x":              "--secret-name|api-tls|--secretly|x",
		"--leader-elect|true|--v=4|--kubeconfig=/k":       "--leader-elect|true|--v=4|--kubeconfig=/k",
		"ldapsearch|-w|hunter2|-b|dc=x":                   "ldapsearch|-w|REDACTED|-b|dc=x",
		"java|-Dspring.datasource.password=hunter2":       "java|-Dspring.datasource.password=REDACTED",
		"java|-printDetails|-Dx=y":                        "java|-printDetails|-Dx=y",
	} {
		words := strings.Split(in, "|")
		n := Args(words)
		if diff := cmp.Diff(strings.Split(want, "|"), words); diff != "" || (n == 0) != (in == want) {
			t.Errorf("%s: %d words (-want +got)\n%s", in, n, diff)
		}
		if Args(words) != 0 {
			t.Errorf("%s: a second time changes it", words)
		}
	}
	command, args := []string{"app", "--token"}, []string{"hunter2"}
	if Args(command, args); args[0] != Redacted {
		t.Errorf("%s goes on in %s", command, args)
	}
}

// TestValue redacts what a map tells under a telling name.
func TestValue(t *testing.T) {
	for _, c := range []struct{ key, value, want string }{
		{"password", "hunter2", Redacted}, {"example.com/api-token", "x1", Redacted}, {"app", "token", "token"},
		{"secretName", "api-tls", "api-tls"}, {"dsn", "postgres://a:b@c/d", "postgres://a:REDACTED@c/d"},
		{"key", "x1", "x1"}, {"vault.example.com/secret-path", "kv/a", "kv/a"},
	} {
		if got := Value(c.key, c.value); got != c.want {
			t.Errorf("%s: %s became %s, want %s", c.key, c.value, got, c.want)
		}
	}
}

// TestLines takes a key out that is printed over several lines, in whole or cut off.
func TestLines(t *testing.T) {
	got := Lines("\x1b[31mERROR\x1b[0m db\x00\r\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nshort\n" +
		"-----END RSA PRIVATE KEY----- end\n" +
		"MIIEpAIBAAKCAQEA7bq0n1n2n3n4n5n6n7n8n9n0a1b2c3d4e5f6g7h8i9j0\nx\n-----BEGIN PRIVATE KEY-----\nMIIE\nit is cut off\n")
	want := []string{"ERROR db", "-----BEGIN RSA PRIVATE KEY-----REDACTED", "REDACTED", "REDACTED",
		"REDACTED-----END RSA PRIVATE KEY----- end", "REDACTED", "x", "-----BEGIN PRIVATE KEY-----REDACTED", "REDACTED",
		"it is cut off"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	Each(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a second time (-want +got)\n%s", diff)
	}
}

// FuzzText holds that a text without credentials has none, and that nothing makes it fail.
func FuzzText(f *testing.F) {
	for _, text := range slices.Concat(hidden, kept) {
		f.Add(strings.ReplaceAll(text, "§", "hunter2"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := Text(text)
		if len(once) > 20*len(text)+20 {
			t.Errorf("%q grew to %d bytes", text, len(once))
		}
		Args(strings.Fields(text))
		Lines(text)
	})
}

// BenchmarkText is what an ordinary message costs, and one with a credential in it.
func BenchmarkText(b *testing.B) {
	for name, text := range map[string]string{
		"plain":  `Back-off restarting failed container app in pod api-x2x9k_shop(1c9e5b8a-7f30-4b02-9d4f-6a3f1f0c2b11)`,
		"secret": `MountVolume.SetUp failed for volume "tls" : secret "api-tls" not found`,
		"url":    `Failed to pull image "registry.example.com/a:1": Get "https://registry.example.com/v2/": EOF`,
		"hidden": `Failed to pull image "x": Get "https://user:hunter2@registry.example.com/v2/": unauthorized`,
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Text(text)
			}
		})
	}
}

// TestLinear holds that a long text costs no more than its length, whatever is repeated in it.
func TestLinear(t *testing.T) {
	for _, part := range []string{`token:"`, `://a:`, `://a@`, `-----BEGIN A-----`, `mysql x `, `cookie: `,
		`cookie: a=b; `, `env=[`,
		`password `, `a:b@`, `curl -u `, `{"password":`, `\\\"token\\\":\\\"`, `eyJ`, `<password>`, `Bearer `,
		`--token `, `Name:A,Value:`, `docker login `, `redis-cli `, `snmp `, `echo a | `, `htpasswd a b `, "token: |\n",
		`password[`, `\`, `secret.secret_`, `Digest username `} {
		begin := time.Now()
		Text(strings.Repeat(part, 1<<15/len(part)))
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("32 KiB of %q took %s", part, took)
		}
	}
}
