package redact

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// ofWrapped are credentials that are packed, in texts of another script, or of no form that is known.
const ofWrapped = `
# Chinese and other scripts
密码:«Kx9pLm2Qv7»,
密码为«Kx9pLm2Qv7»
口令: «Kx9pLm2Qv7» 无效
密码: «hunter» 无效
令牌 «Kx9pLm2Qv7Kx9pLm2Qv7» 无效
password:«Kx9pLm2Qv7»,已过期
パスワード: «Kx9pLm2Qv7»
пароль: «Kx9pLm2Qv7»
contraseña: «Kx9pLm2Qv7»
senha=«Kx9pLm2Qv7»
비밀번호: «Kx9pLm2Qv7»
# no form that is known
session «IQoJb3JpZ2luX2VjEJv//////////wEaCXVzLWVhc3QtMSJHMEUCIQDk9xyz» expired
bedrock «ABSKQmVkcm9ja0FQSUtleS1hYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eg==»
oauth «1//0gabcdefGHIJKLmnop-QRSTUV_wxyz0123456789» is gone
twilio «SK0123456789abcdef0123456789abcdef» x
mailchimp «9f86d081884c7d659a2feaa0c55ad015-us12» is not valid
okta SSWS «00abcdefGHIJKLmnopQRSTuvwxyz0123456789ABCD»
tts «sk_9f86d081884c7d659a2feaa0c55ad0159f86d0818abc»
langfuse «sk-lf-6f2c1d8e-3b57-4c09-9a41-8f0e2d7b5c13»
search «tvly-dev-abcdefghijklmnopqrstuvwxyz012345»
shadow: root:«$6$saltsalt$hashhashhashhashhashhashhash»:19000:0:99999:7:::
htpasswd: «$2y$05$QcTKKFDD.cXVoYRkCLDrFOvfxKbqxLrB3XPZqxYXqBLPg8P1ABCDE»
key «b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ» no header
der «MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj» oops
jwk {"kty":"RSA","e":"AQAB","d":"«Kx9pLm2Qv7Xy3Ab8Kx9pLm2Qv7Xy3Ab8Kx9pLm2Qv7Xy3Ab8Kx»"}
# packed
url https://x/?a=1\u0026token=«Kx9pLm2Qv7»\u0026b=2
url https://x/?sv=1\u0026sig=«Kx9pLm2Qv7»
password\u003d«Kx9pLm2Qv7»
x%253Ftoken%253D«Kx9pLm2Qv7»%2526a
{"u":"https:\/\/u:«Kx9pLm2Qv7»@h\/x"}
base64 «dXNlcjpLeDlwTG0yUXY3» here
base64 «cGFzc3dvcmQ9aHVudGVyMnNlY3JldA==» here
twice «WTJ4cFpXNTBMWE5sWTNKbGREb2dTM2c1Y0V4dE1sRjJOdz09» x
[112 97 115 115 119 111 114 100 61 «104 117 110 116 101 114 50 115 101 99 114 101 116»] at
<add key="ClearTextPassword" value="«Kx9pLm2Qv7»" />
<property name="db.password" value="«Kx9pLm2Qv7»"/>
# commands and sentences
password=«p&ss9» x
user=a&password=«Kx9pLm2Qv7»&c=d
curl -uadmin:«Kx9pLm2Qv7» x
curl -su admin:«Kx9pLm2Qv7» x
rabbitmqctl add_user app «Kx9pLm2Qv7»
rabbitmqadmin -u u -p «Kx9pLm2Qv7» list
lftp -u u,«Kx9pLm2Qv7» ftp://h
openssl enc -aes-256-cbc -k «Kx9pLm2Qv7» -in x
snmpwalk -v3 -u u -A «Kx9pLm2Qv7» -X «Kx9pLm2Qv8» h
iscsiadm -n node.session.auth.password -v «Kx9pLm2Qv7»
redis-server --masterauth «Kx9pLm2Qv8» x
mc config host add m http://minio AKXX «Kx9pLm2Qv7»
printf '%s' '«Kx9pLm2Qv7»' | docker login --password-stdin
http -a u:«Kx9pLm2Qv7» GET x
Generated password for user elastic: «Kx9pLm2Qv7»
A temporary password is generated for root@localhost: «Kx9pLm2Qv7,x!»
wrong password '«hunter2»' for app
`

// TestWrapped takes credentials out that nothing but their form, or what they are packed in, gives away.
func TestWrapped(t *testing.T) { holdMarked(t, ofWrapped) }

// TestPlainPunctuation has plain punctuation in a text that held a credential between wide one.
func TestPlainPunctuation(t *testing.T) {
	for text, want := range map[string]string{
		"密码：Kx9pLm2Qv7，用户：app":   "密码:REDACTED,用户:app",
		"api_key：“Kx9pLm2Qv7”":   `api_key:"REDACTED"`,
		"password＝Kx9pLm2Qv7":    "password=REDACTED",
		"访问密钥「Kx9pLm2Qv7Kx9」不正确": `访问密钥"REDACTED"不正确`,
		"密码错误：用户 app":            "密码错误：用户 app",
	} {
		if got := Text(text); got != want {
			t.Errorf("%s became %s, want %s", text, got, want)
		}
	}
}

// TestAnnounced takes a password out that stands on a line of its own below the one that says so.
func TestAnnounced(t *testing.T) {
	lines := []string{"Please use the following password to proceed to installation:", "",
		"9f86d081884c7d659a2feaa0c55ad015", "",
		"It is also in /var/jenkins_home/secrets/initialAdminPassword",
		"token:", "see below", "done1234"}
	Each(lines)
	want := []string{lines[0], "", Redacted, "", lines[4], "token:", "see below", Redacted}
	if !slices.Equal(lines, want) {
		t.Errorf("%q", lines)
	}
}

// TestNotByChance leaves alone what is long and no key.
func TestNotByChance(t *testing.T) {
	for _, text := range []string{
		"eksctl-shop-nodegroup-ng-1-NodeInstanceRole-1A2B3C4D5E6F7", "FailedToCreatePodSandBoxV2Handler3",
		"CNI_ARGS=IgnoreUnknown=1;K8S_POD_UID=0b9d7f5e-3c1a-4e2d-8f6b-7a5c4d3e2f10;K8S_POD_NAMESPACE=shop",
		"/subscriptions/6f2c1d8e-3b57-4c09-9a41-8f0e2d7b5c13/resourceGroups/MC_rg_aks_westeurope/providers/Microsoft.Compute",
		"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "app:1.2.3-SNAPSHOT-20260102T030405Z-9f86d081",
		"vault-token-7d9c5b64f8-x2x9k",
		"sha256:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08", "k8s.io/apimachinery/pkg/util/ClientV2",
		"arn:aws:iam::123456789012:role/AmazonEKSTagNodeGroupResources", "[1 2 3 4 5 6 7 8 9 10 11 12 13 14]",
		"secretproviderclass/my-secret-token-7d9c5b64f8",
		"凭据：shop/app", "密钥 kms:CreateGrant", "密码或 token 错误",
		"i-0abcdef1234567890", "snap-0123456789ABCDEF0", fmt.Sprint([]byte("nothing to see here, really")),
		"password for user app: dial tcp 10.0.0.1:5432", "incorrect password 'DB_PASSWORD_1'",
	} {
		if got := Text(text); got != text {
			t.Errorf("%s became %s", text, strings.ReplaceAll(got, Redacted, "§"))
		}
	}
}
