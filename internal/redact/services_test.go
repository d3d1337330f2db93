package redact

import (
	"strings"
	"testing"
)

// ofServices are texts with credentials in the forms that services and programs in common use give them, as logs,
// Events, arguments and values of charts show them. What is between « and » is the secret.
var ofServices = `
# clouds
InvalidClientSecretProvided: '«abc8Q~LdKx2_mVtR.Yw7pZs1nQeUhGbJc4oFiTk»' of app 0f2c
could not sign in: AZURE_CLIENT_SECRET=«p7K~Zq9Lm2.Vx4Nw» tenant=contoso
aws_access_key_id = «AKIAIOSFODNN7EXAMPLE»
AWS_SECRET_ACCESS_KEY: «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»
cloudflare: CF_API_TOKEN=«v1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0»
cf: token «cfut_9aZ8yX7wV6uT5sR4qP3oN2mL1kJ0iH9gF8eD7cB6»
origin ca key «v1.0-e1f2a3b4c5d6e7f8a9b0c1d2-3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d» refused
scaleway: SCW_SECRET_KEY=«6f2c1d8e-3b57-4c09-9a41-8f0e2d7b5c13»
hcloud: token «jEheVytlAoFl7F8MqUQ7jAo2hOXASztXjEheVytlAoFl7F8MqUQ7jAo2hOXASztX» is not valid
digitalocean: «dop_v1_9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015»
linode: Authorization: Bearer «9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015»
oci: pass_phrase=«Kx9pLm2Qv7»
ibmcloud login --apikey «bHVrYXN6LXphc3R1cHVqZS1rbHVjeg0123456789aBcD»
tencent: secret-key: «Gu5t9xGARNpq86cd98joQYCN3EXAMPLE»
yandex: «t1.9euelZrPxsfOyZ6TlpGUmMrHzpuRjO3rnpWa.SIGNATUREsignature0123456789»
yandex key «AQVNzX2w7Jk9-Lp3Qs5Tv8Yb1Dc4Ef6Gh0IjKl» denied
ovh: OVH_CONSUMER_KEY=«9f86d081884c7d659a2feaa0c55ad015»
supabase «sbp_9f86d081884c7d659a2feaa0c55ad0159f86d081»
supabase key «sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz»
planetscale «pscale_tkn_Xk9_Lp3Qs5Tv8Yb1Dc4Ef6Gh0IjKlMnOpQrSt», «pscale_pw_Xk9Lp3Qs5Tv8Yb1Dc4Ef6Gh0IjKlMnOpQrSt»
databricks «dapi9f86d081884c7d659a2feaa0c55ad015-2»
heroku «HRKU-AAy9Ppr_HD2pPuTyIiTYInO0hbzhoERRSzO93ZQusSYHgaD7_WQ07FnF7L9FX»
fly «FlyV1 fm2_lJPECAAAAAAAC1dkxBBx0123456789» refused
vercel «vcp_8Zk2Lp3Qs5Tv8Yb1Dc4Ef6Gh»
neon «napi_3kx9lp3qs5tv8yb1dc4ef6gh0ijklmnopqrstuvwxyz012345»
render «rnd_Xk9Lp3Qs5Tv8Yb1Dc4Ef6Gh0IjKl»
# services
openai: Incorrect API key provided: «sk-proj-Ab1_Cd2-Ef3Gh4Ij5Kl6Mn7Op8Qr9St0T3BlbkFJUv1Wx2Yz3»
anthropic: «sk-ant-api03-Ab1_Cd2-Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3AA»
«sk-ant-admin01-Ab1_Cd2-Ef3Gh4Ij5Kl6Mn7Op8Qr9St0» is no key of the API
perplexity «pplx-Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3»
langsmith «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»
nvcr.io: «nvapi-Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3»
sentry: «sntryu_9f86d081884c7d659a2feaa0c55ad015»
datadog: DD_API_KEY=«9f86d081884c7d659a2feaa0c55ad015»
grafana cloud «glc_eyJvIjoiMTIzNDU2IiwibiI6InRlc3QifQ==»
honeycomb «hcaik_01hqk4k20cjeh63wca8vva5stw01hqk4k20cjeh63wca8vva5stw70b»
dynatrace «dt0c01.ST2EY72KQINMH574WMNVI7YN.G3DFPBEJYMODIDAEX454M7YWBUVEFOWKPRVMWFASS64NFH52PX6BNDVFFM572RZM»
newrelic «NRAK-9AZ8YX7WV6UT5SR4QP3ON2ML1KJ»
pagerduty: Token token=«y_NbAkKc66ryYTWUXYEu»
terraform: «Ab1Cd2Ef3Gh4Ij.atlasv1.Kl5Mn6Op7Qr8St9Uv0Wx1Yz2Ab3Cd4Ef5Gh6Ij7Kl8»
vault: «hvs.CAESIJlWKfrTyPsBxYVKlGzTn5oWz0123456789»
consul: X-Consul-Token: «6f2c1d8e-3b57-4c09-9a41-8f0e2d7b5c13»
nomad: NOMAD_TOKEN=«6f2c1d8e-3b57-4c09-9a41-8f0e2d7b5c13»
doppler «dp.st.prd.Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2»
infisical: «st.6f2c1d8e-3b57-4c09-9a41.9f86d081884c7d659a2feaa0c55ad015.0f1e2d3c4b5a6978»
jfrog: X-JFrog-Art-Api: «AKCp8nFvQRtA9z2Lm4Xk7Wp1Ys6Jd3Hb5Gc0Ve»
artifactory «cmVmdGtuOjAxOjE3MDAwMDAwMDA6QWIxQ2QyRWYzR2g0SWo1S2w2TW4» refused
sonar «sqp_9f86d081884c7d659a2feaa0c55ad0159f86d081», «squ_9f86d081884c7d659a2feaa0c55ad0159f86d081»
argo cd: argocd.token=«eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJhcmdvY2QifQ.Kx9pLm2Qv7»
buildkite «bkua_9f86d081884c7d659a2feaa0c55ad0159f86d081»
circleci «CCIPAT_Ab1Cd2Ef3Gh4Ij5Kl6Mn7O_9f86d081884c7d659a2feaa0c55ad0159f86d081»
atlassian «ATATT3xFfGF0Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0=9F86D081»
mapbox «sk.eyJ1IjoiYWNtZSIsImEiOiJjazEyMyJ9.Ab1Cd2Ef3Gh4Ij5Kl6Mn7O»
twilio: TWILIO_AUTH_TOKEN=«9f86d081884c7d659a2feaa0c55ad015»
mailgun «key-9f86d081884c7d659a2feaa0c55ad015»
brevo «xkeysib-9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d65-Ab1Cd2Ef3Gh4Ij5K»
postmark: X-Postmark-Server-Token: «6f2c1d8e-3b57-4c09-9a41-8f0e2d7b5c13»
airtable «patAb1Cd2Ef3Gh4Ij.9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015»
contentful «CFPAT-Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0»
huggingface_hub: 401 for token «hf_Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1W»
replicate «r8_Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Y»
wandb: WANDB_API_KEY=«9f86d081884c7d659a2feaa0c55ad0159f86d081»
clickup «pk_12345678_9F86D081884C7D659A2FEAA0C55AD015»
adyen «AQEyhmfxK4rKaBdEw0m/n3Q5qf3VaY9UCJ14XWZE03G/k2NFikzVGEiYj+4vtN01BchqAcwQwV1bDb7kfNy1WIxIIkxgBw==-JtQ5H0iXtu8rqQMD-3=k9»
# databases, brokers, caches
elasticsearch: ApiKey «VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==» is expired
kafka: sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="app" password="«Kx9pLm2Qv7»";
confluent: sasl.password=«Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3»
rabbitmq: amqps://svc:«p%40ss%2Fw0rd»@mq.example.com:5671/prod
nats: nkey seed «SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY»
mongodb://app:«Kx9pLm2Qv7»@m-0.db:27017,m-1.db:27017/shop?replicaSet=rs0
neo4j+s://neo4j:«Kx9pLm2Qv7»@x.databases.neo4j.io
clickhouse://default:«Kx9pLm2Qv7»@ch:9000/db
snowflake://svc:«Kx9pLm2Qv7»@acme-xy1/db
redis-sentinel --requirepass «Kx9pLm2Qv7» x
redis: AUTH «Kx9pLm2Qv7» failed
redis: AUTH default «Kx9pLm2Qv7» failed
CREATE USER app WITH PASSWORD '«Kx9pLm2Qv7»'; ERROR: role exists
ALTER USER 'app'@'%' IDENTIFIED BY '«Kx9pLm2Qv7»'
Server=tcp:x.database.windows.net,1433;Initial Catalog=a;User ID=b;Password={«Kx9p;Lm2Qv7»};Encrypt=True
etcdctl --user root:«Kx9pLm2Qv7» get x
PGPASSWORD='«Kx9pLm2Qv7»' pg_dump x
odbc: Driver={ODBC};Server=db;UID=app;PWD=«Kx9pLm2Qv7»;
# Kubernetes, registries, charts
user: {token: «kubeconfig-u-abc12:Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3»}
client-key-data: «LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFb3dJQkFBS0NBUUVB»
exec plugin said {"kind":"ExecCredential","status":{"token":"«k8s-aws-v1.aHR0cHM6Ly9zdHMuYW1hem9uYXdzLmNvbS8_»"}}
EKS answered «k8s-aws-v1.aHR0cHM6Ly9zdHMuYW1hem9uYXdzLmNvbS8_QWN0aW9uPUdldENhbGxlcklkZW50aXR5»
.dockerconfigjson: «eyJhdXRocyI6eyJyLmV4YW1wbGUuY29tIjp7ImF1dGgiOiJkVHB3In19fQ==»
"auth": "«dXNlcjpLeDlwTG0yUXY3»"
k3s: K3S_TOKEN=«K10a1b2c3d4e5f6::server:9f86d081884c7d659a2feaa0c55ad015»
k3s agent --token «K10a1b2c3d4e5f6a7b8c9d0e1f2::node:9f86d081884c7d659a2feaa0c55ad015»
rke2: joined with «K10a1b2c3d4e5f6a7b8c9d0e1f2a1b2c3d4e5f6a7b8c9d0e1f2a1b2c3d4e5f6a7b8c::server:9f86d081884c7d659a2f»
kubeadm join 10.0.0.1:6443 --token «abcdef.0123456789abcdef» --discovery-token-ca-cert-hash sha256:9f86d0
oc login --token=«sha256~Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3AbCd» x
helm upgrade shop --set-string postgresql.auth.postgresPassword=«Kx9pLm2Qv7»,image.tag=1.2
values: {adminPassword: «Kx9pLm2Qv7», replicaCount: 2}
grafana.ini: admin_password = «Kx9pLm2Qv7»
quay: robot acme+ci:«AB1CD2EF3GH4IJ5KL6MN7OP8QR9ST0UV1WX2YZ3AB4CD5EF6GH7IJ8KL9MN0OP1Q»@quay.io
harbor: robot$ci:«Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv»@harbor.example.com: 401
ghcr: «ghp_Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2» has no scope read:packages
sealed: age «AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ»
sops: «AGE-PLUGIN-YUBIKEY-1QQPQQQQQQQ»
wireguard PrivateKey = «yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=»
PresharedKey: «FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=»
# proxies and URLs
HTTPS_PROXY=http://«:Kx9pLm2Qv7»@proxy:3128
NO_PROXY= HTTP_PROXY=http://corp%5Cuser:«Kx9pLm2Qv7»@proxy:8080
Get "https://api.example.com/v1/x?jwt=«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.Kx9pLm2Qv7»": EOF
wss://x/socket?auth=«Kx9pLm2Qv7»&v=2
https://hooks.example.com/x?apikey=«Kx9pLm2Qv7»
s3://«AKIAIOSFODNN7EXAMPLE»:«wJalrXUtnFEMI»@bucket/x
oauth callback /cb?code=«Ab1Cd2Ef3»&state=x
https://outlook.office.com/webhook/«6f2c1d8e-3b57-4c09-9a41-8f0e2d7b5c13@6f2c1d8e/IncomingWebhook/9f86d081»: 400
https://acme.webhook.office.com/webhookb2/«6f2c1d8e-3b57-4c09@9a41/IncomingWebhook/9f86d081» failed
https://chat.googleapis.com/v1/spaces/AAA/messages?key=«AIzaSyAb1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0U»&token=«Kx9pLm2Qv7»
https://events.pagerduty.com/integration/«9f86d081884c7d659a2feaa0c55ad015/enqueue»: 400
https://hooks.zapier.com/hooks/catch/«1234567/Ab1Cd2E»
# environments and keys in logs
declare -x DB_PASSWORD="«Kx9pLm2Qv7»"
process.env: { NODE_ENV: 'production', JWT_SECRET: '«Kx9pLm2Qv7»', PORT: '80' }
os.environ({'HOME': '/root', 'SECRET_KEY_BASE': '«9f86d081884c7d659a2feaa0c55ad015»'})
environ DJANGO_SECRET_KEY=«django-insecure-k#x9!p» DEBUG=1
APP_KEY=«base64:Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3AbCd=»
level=info msg="config loaded" db.pass=«Kx9pLm2Qv7» db.user=app
{"level":"debug","headers":{"x-api-key":"«Kx9pLm2Qv7»","host":"a"}}
key -----BEGIN EC PRIVATE KEY-----«\nMHcCAQEEIBkg4LVWM9nuwNSk3yByxZpYRTBnVJTTvWPSM\n»-----END EC PRIVATE KEY-----\n x
TLS_KEY=-----BEGIN PRIVATE KEY----- «MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7» -----END PRIVATE KEY-----
-----BEGIN OPENSSH PRIVATE KEY-----«b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ»
-----BEGIN PGP PRIVATE KEY BLOCK-----« lQOYBGK0 »-----END PGP PRIVATE KEY BLOCK-----
tls.key: «LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURBTkJna3Foa2lHOXcwQkFRRUZBQVNDQktjd2dnU2pBZ0VBQW9JQkFRQzc=»
mount: «LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURBTkJna3Foa2lHOXcwQkFRRUZBQVNDQktjd2dnU2pBZ0VBQW9JQkFRQzc=» is no path
java -Djavax.net.ssl.keyStorePassword=«Kx9pLm2Qv7» -jar a.jar
slack: «xoxe.xoxp-1-Mi0yLTEyMzQ1Njc4OTAtMTIzNDU2»
`

// TestServices takes the credentials of services in common use out of texts, and nothing else.
func TestServices(t *testing.T) { holdMarked(t, ofServices) }

// holdMarked takes what stands between « and » out of texts, and nothing else.
func holdMarked(t *testing.T, all string) {
	t.Helper()
	for marked := range strings.Lines(all) {
		if marked = strings.TrimSuffix(marked, "\n"); marked == "" || strings.HasPrefix(marked, "#") {
			continue
		}
		text := strings.NewReplacer("«", "", "»", "").Replace(marked)
		got := Text(text)
		for rest := marked; ; {
			_, after, found := strings.Cut(rest, "«")
			if !found {
				break
			}
			secret, next, _ := strings.Cut(after, "»")
			if strings.Contains(got, strings.TrimSpace(secret)) ||
				len(secret) > 9 && strings.Contains(got, secret[len(secret)/2:]) {
				t.Errorf("%s\n became %s", marked, got)
				break
			}
			rest = next
		}
		for _, kept := range outside(marked) {
			if !strings.Contains(got, kept) {
				t.Errorf("%s\n lost %q: %s", marked, kept, got)
			}
		}
		if again := Text(got); again != got {
			t.Errorf("%s\n became %s\n a second time", got, again)
		}
	}
}

// outside are the words of a text that are not secret.
func outside(marked string) (words []string) {
	for rest := marked; ; {
		before, after, found := strings.Cut(rest, "«")
		words = append(words, strings.Fields(before)...)
		if !found {
			return words
		}
		_, rest, _ = strings.Cut(after, "»")
	}
}
