package redact

import (
	"strings"
	"testing"
)

// hidden are texts that hold a credential, which stands where § is. All else of them has to stay.
var hidden = []string{
	// URLs and addresses
	`Get "https://user:§@registry.example.com/v2/": unauthorized`,
	`dial postgres://app:§@db:5432/x failed`,
	`redis://:§@h:6379 refused`,
	`rediss://default:§@h:6379/0`,
	`https://§@github.com/x refused`,
	`mongodb://§@h/`,
	`mongodb+srv://app:§@cluster0.abcde.mongodb.net/?retryWrites=true`,
	`amqp://guest:§@rabbit:5672/%2f: 403 ACCESS_REFUSED`,
	`git clone https://oauth2:§@gitlab.example.com/a/b.git: exit status 128`,
	`fatal: unable to access 'https://ci:§@git.example.com/x.git/': The requested URL returned error: 403`,
	`proxyconnect tcp: dial http://proxyuser:§@proxy.example.com:3128`,
	`jdbc:postgresql://db:5432/shop?user=app&password=§&ssl=true`,
	`jdbc:sqlserver://db:1433;databaseName=x;user=sa;password=§;encrypt=true`,
	`jdbc:oracle:thin:scott/§@//db:1521/shop`,
	`app:§@tcp(db:3306)/shop: connection refused`,
	`http_proxy=user:§@proxy.example.com:3128`,
	`ftp://anonymous:§@files.example.com/x`,
	`smb://user:§@nas/share`,
	`mount.cifs //user:§@nas/share /mnt`,
	`ldap://cn=admin:§@ldap.example.com`,
	`dial https://u:§@x`,
	`nats://user:§@nats:4222`,
	`kafka://u:§@k1:9092,k2:9092`,
	`https://x-access-token:§@github.com/o/r.git`,
	`sentry dsn https://§@o1.ingest.sentry.io/2`,
	`https%3A%2F%2Fx%2F%3Ftoken%3D§%26y%3D1`,
	// signed URLs
	`https://b.s3.amazonaws.com/x?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=§&X-Amz-Signature=§: 403`,
	`Get "https://b.s3.amazonaws.com/x?X-Amz-Security-Token=§&x=1": dial tcp: i/o timeout`,
	`https://b.s3.amazonaws.com/x?AWSAccessKeyId=§&Expires=1&Signature=§`,
	`Get "https://a.blob.core.windows.net/x?sv=2020&sr=b&sig=§&se=1": net/http: TLS handshake timeout`,
	`Get "https://storage.googleapis.com/x?GoogleAccessId=§&Expires=1&Signature=§": EOF`,
	`https://storage.googleapis.com/x?X-Goog-Algorithm=GOOG4&X-Goog-Credential=§&X-Goog-Signature=§`,
	`Get "https://b.oss-cn-hangzhou.aliyuncs.com/x?OSSAccessKeyId=§&Expires=1&Signature=§": EOF`,
	`https://b.oss-cn-hangzhou.aliyuncs.com/x?x-oss-credential=§&x-oss-signature=§`,
	`https://b.cos.ap-guangzhou.myqcloud.com/x?q-sign-algorithm=sha1&q-ak=§&q-signature=§`,
	`https://obs.example.com/x?AccessKeyId=§&Expires=1&Signature=§`,
	`https://d111.cloudfront.net/x?Policy=§&Signature=§&Key-Pair-Id=K1`,
	`Get "https://production.cloudflare.docker.com/x?verify=§": dial tcp 1.2.3.4:443: i/o timeout`,
	`https://cdn.example.com/x?__token__=§`,
	`https://maps.example.com/api?key=§&q=1`,
	`https://a.example.com/cb?code=§&state=1`,
	`Get "https://r/v2/token?access_token=§": x`,
	`https://app.example.com/#access_token=§&token_type=bearer`,
	`http-get http://:80/h?token=§`,
	// headers
	`failed: Authorization: Bearer § rejected 401 Unauthorized`,
	`failed: authorization: Basic § denied`,
	`Authorization: token §`,
	`Authorization: §`,
	`Proxy-Authorization: Basic §`,
	`"Authorization":"Bearer §"`,
	`"authorization": ["Bearer §"]`,
	`map[Accept:[*/*] Authorization:[Bearer §] X-Api-Key:[§]]`,
	`http: request with header "Authorization: Basic §" was refused`,
	`PRIVATE-TOKEN: §`,
	`X-Api-Key: §`,
	`curl -H "X-Api-Key: §" x`,
	`X-Vault-Token: § is not valid`,
	`x-auth-token=§`,
	`Cookie: session=§; theme=§`,
	`Set-Cookie: sid=§; Path=/; HttpOnly`,
	`"Cookie":"JSESSIONID=§"`,
	`Authorization: AWS4-HMAC-SHA256 Credential=§, SignedHeaders=host, Signature=§`,
	`Authorization: Digest username="u", realm="r", nonce="§", uri="/", response="§"`,
	`bearer § is expired`,
	`grpc: metadata authorization=bearer §`,
	// JSON and what is printed like it
	`invalid docker config {"auths":{"r.example.com":{"username":"u","password":"§","auth":"§"}}}`,
	`{"auths":{"r":{"identitytoken":"§"}}}`,
	`{\"password\":\"§\"}`,
	`{\\\"client_secret\\\":\\\"§\\\"}`,
	`{"apiKey": "§", "user": "u"}`,
	`{'password': '§', 'user': 'u'}`,
	`{:password=>"§", :user=>"u"}`,
	`config {Auth:{Username:u Password:§}}`,
	`&Config{User:"u", Password:"§", Host:"db"}`,
	`<settings><password>§</password><user>u</user></settings>`,
	`{"access_token":"§","expires_in":3600}`,
	`"refresh_token" : "§"`,
	`{"private_key": "§", "client_email": "a@b.example.com"}`,
	`unexpected config ["--password", "§"]`,
	`{&quot;password&quot;:&quot;§&quot;}`,
	// options of mounts
	`Mounting arguments: -t cifs -o username=u,password=§ //h/s /m Output: mount error(13): Permission denied`,
	`mount -t cifs -o user=u,pass=§,vers=3.0 //h/s /m`,
	`mount -t ceph -o name=admin,secret=§ 1.2.3.4:/ /m: mount error 22`,
	`rbd: map failed exit status 1, rbd --id admin --key=§ map x`,
	`rbd map x --id admin -m 10.0.0.1 --key § failed`,
	`mount -t glusterfs -o secret=§,ro x`,
	`s3fs b /m -o passwd=§`,
	// names and values
	`error: password=§ is wrong`,
	`error: password: §`,
	`the password: "§" does not match`,
	`err token=§`,
	`err api_key=§`,
	`err apikey: §`,
	`APIKEY=§`,
	`access_key=§`,
	`aws_secret_access_key = §`,
	`AWS_SESSION_TOKEN=§`,
	`secretKey: §`,
	`passwd=§`,
	`pwd=§`,
	`PGPASSWORD=§ psql`,
	`exec failed: FOO_SECRET=§ sh -c x`,
	`spring.datasource.password=§`,
	`db.password=§, db.user=u`,
	`client-secret=§`,
	`encryption_key="§"`,
	`DefaultEndpointsProtocol=https;AccountName=a;AccountKey=§;EndpointSuffix=core.windows.net`,
	`Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=§`,
	`SharedAccessSignature=sv=2020&sig=§`,
	`Server=db;Database=x;User Id=sa;Password=§;`,
	`host=db user=app password=§ dbname=x sslmode=disable`,
	`password='§ §'`,
	`license_key: §`,
	`passphrase: "§"`,
	`PHPSESSID=§`,
	`kubeadm join --certificate-key § x`,
	`%22client_secret%22%3A%22§%22`,
	`//registry.example.com/:_authToken=§`,
	`client-key-data: §`,
	`Data Source=db;User ID=sa;Pwd=§`,
	`helm upgrade --set db.password=§ x`,
	`x-amz-security-token: §`,
	`credentials=§`,
	`signing-key=§`,
	`$config["password"] = "§";`,
	`password := "§"`,
	`password: |
  §`,
	`machine h login u password §`,
	// commands
	`--token §`,
	`run --api-key § --verbose`,
	`mysql -u root -p§`,
	`mysqldump -h db -uroot -p"§" shop`,
	`sshpass -p § ssh x`,
	`sshpass -p'§' ssh x`,
	`redis-cli -h r -a § ping`,
	`curl -u admin:§ http://x`,
	`curl --user admin:§ http://x`,
	`docker login -u u -p § r.example.com`,
	`helm registry login -u u --password § r`,
	`ldapsearch -D cn=admin -w § -b x`,
	`openssl rsa -passin pass:§ -in k`,
	`kubectl create secret generic x --from-literal=a=§`,
	`docker run -e DB=§ x`,
	`echo § | docker login -u u --password-stdin r`,
	`smbclient -U user%§ //h/s`,
	`export SECRET_KEY=§; run`,
	`unzip -P § a.zip`,
	`psql "postgresql://u:§@h/x"`,
	`mongosh -u u -p § h`,
	// keys in a form of their own
	`err eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0§.abc`,
	// environments
	`&Container{Name:app,Image:x,Env:[]EnvVar{EnvVar{Name:PW,Value:§,ValueFrom:nil,},},}`,
	`Envs:[]*KeyValue{&KeyValue{Key:PW,Value:§,},}`,
	`"env":["PW=§","A=§"]`,
	`process env=[PW=§ HOME=§]`,
	`{"name":"PW","value":"§"}`,
	"-----BEGIN PRIVATE KEY-----§-----END PRIVATE KEY-----",
	`key: "-----BEGIN RSA PRIVATE KEY-----§-----END RSA PRIVATE KEY-----"`,
}

// secrets are values of several kinds.
var secrets = []string{"LEAK012x", "hunter2", "S3cr3tV4lue", "c29tZS1sb25nLXZhbHVl", "9f86d081884c7d659a2feaa0c55ad015"}

// TestHidden takes the credential out of texts of all kinds, and nothing else.
func TestHidden(t *testing.T) {
	for _, text := range hidden {
		want := strings.ReplaceAll(text, "§ §", "§")
		if strings.Contains(text, "eyJ") {
			want = "err §"
		}
		want = strings.ReplaceAll(want, "§", Redacted)
		for _, secret := range secrets {
			got := Text(strings.ReplaceAll(text, "§", secret))
			if got != want {
				t.Errorf("%s\n became %s\n   want %s", strings.ReplaceAll(text, "§", secret), got, want)
				break
			}
			if again := Text(got); again != got {
				t.Errorf("%s\n became %s\n a second time", got, again)
			}
		}
	}
}

// keyed are texts with keys that are known by their own form, which follow the last space before §.
var keyed = strings.Fields(`AKIA§ ASIA§ LTAI§ AIzaSyA§xyz ya29.§ ghp_§AAAAAAAA gho_§ ghs_§ github_pat_§ glpat-§ xoxb-§
	sk_live_§ 	whsec_§ npm_§ hvs.§ hvb.§ dop_v1_§ shpat_§ SG.§.§ sq0atp-§ lin_api_§aa glsa_§ tskey-§ AGE-SECRET-KEY-1§ dckr_pat_§
	pypi-§aaaa sk-proj-§aaaaaaaaaaaa xapp-1-§ ATATT§aaaaa rubygems_§ sntrys_§ PMAK-§aaaaa`)

// TestSpoken takes values out of sentences where they look like chance.
func TestSpoken(t *testing.T) {
	for _, text := range []string{`the token % is not valid`, `login with password % failed`, `api key % was rejected`,
		`invalid access key "%"`, `secret % is not accepted`, `the password is %`, `bad credentials %`} {
		for _, secret := range []string{"LEAK012x", "S3cr3tV4lue", "9f86d081884c7d659a2feaa0c55ad015"} {
			if got, want := Text(strings.ReplaceAll(text, "%", secret)), strings.ReplaceAll(text, "%", Redacted); got != want {
				t.Errorf("%s became %s", strings.ReplaceAll(text, "%", secret), got)
			}
		}
	}
}

// TestKeyed takes keys out of texts that say nothing of them.
func TestKeyed(t *testing.T) {
	for _, key := range keyed {
		for _, around := range []string{"err %", `cannot push with "%"`, "key (%), x", "x=%&y"} {
			text := strings.ReplaceAll(around, "%", strings.ReplaceAll(key, "§", "LEAK012x"))
			if got, want := Text(text), strings.ReplaceAll(around, "%", Redacted); got != want {
				t.Errorf("%s became %s", text, got)
			}
		}
	}
	for path, want := range map[string]string{
		"post https://hooks.slack.com/services/T0/B0/LEAK012x: 4": "post https://hooks.slack.com/services/REDACTED: 4",
		"https://discord.com/api/webhooks/1234/LEAK012x":          "https://discord.com/api/webhooks/1234/REDACTED",
		`P "https://api.telegram.org/bot12345678:LEAK012x/s": x`:  `P "https://api.telegram.org/bot12345678:REDACTED": x`,
	} {
		if got := Text(path); got != want {
			t.Errorf("%s became %s, want %s", path, got, want)
		}
	}
}
