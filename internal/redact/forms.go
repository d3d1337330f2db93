package redact

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
)

// The forms that follow are those of well-kept secret scanners (gitleaks, detect-secrets, trufflehog), without their
// demands on length: half a key in a message is still one.
var (
	pemBlock = lazy(`(?s)(-{4,5} ?BEGIN [A-Z0-9 ]+-{4,5})(.*?)(-{4,5} ?END [A-Z0-9 ]+-{4,5}|$)`)
	putty    = lazy(`(?s)(PuTTY-User-Key-File-\d: )(.*)`)

	xmlElement = lazy(`<([A-Za-z][\w.:-]*)(?:\s[^<>]*)?>([^<>]+)</`)
)

// pemBlocks leaves of a block what kind it is of. A block that is cut off goes to the end of the text.
func pemBlocks(s string) string {
	s = group(pemBlock(), s, 2, func(body string) bool { return strings.Trim(body, "\\nr\n\r ") == Redacted })
	return group(putty(), s, 2, nil)
}

// keyPrefixes are what the keys begin with that clouds and services give out, each with what follows.
var keyPrefixes = []string{
	`(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA|AIPA|ABIA|ACCA|A3T[A-Z0-9])[A-Za-z0-9]{6,}`, // AWS
	`LTAI[A-Za-z0-9]{6,}`, `AKID[A-Za-z0-9]{10,}`, // Alibaba, Tencent
	`AIza[\w-]{10,}`, `ya29\.[\w-]{6,}`, `GOCSPX-[\w-]{6,}`, `GOOG[\w]{10,}`, // Google
	`[\w~.]{3}\dQ~[\w~.-]{20,}`,             // Azure
	`gh[pousr]_\w{6,}`, `github_pat_\w{6,}`, // GitHub
	`gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct)-[\w.-]{6,}`, `_gitlab_session=[\w-]+`, // GitLab
	`xox[a-z](?:\.xox[a-z])?-[\w-]{6,}`, `xapp-\d-[\w-]{6,}`, `xwfp-[\w-]{6,}`, // Slack
	`(?:sk|rk|pk)_(?:live|test|prod)_\w{6,}`, `whsec_[\w+/=]{6,}`, // Stripe
	`sk-(?:proj|svcacct|admin|ant-[a-z]+\d*|or-v1)-[\w-]{12,}`, `sk-\w{16,}`, `pplx-[A-Za-z0-9]{16,}`,
	`nvapi-[\w-]{16,}`, `lsv2_[a-z]{2}_\w{16,}`, `hf_[A-Za-z]{10,}`, `r8_\w{10,}`, `gsk_\w{10,}`,
	`xai-[\w-]{16,}`,
	`npm_\w{6,}`, `pypi-[\w-]{10,}`, `rubygems_\w{6,}`, `CLOJARS_\w{10,}`, `dckr_(?:pat|oat)_[\w-]{6,}`,
	`hv[sbr]\.[\w-]{6,}`, `s\.[A-Za-z0-9]{24}\b`, `b\.AAAAAQ[\w-]{10,}`, `[\w]{14}\.atlasv1\.[\w=-]{6,}`, // HashiCorp
	`do[opr]_v1_\w{6,}`, `shp(?:at|ca|pa|ss)_\w{6,}`, `SG\.[\w-]{6,}\.[\w-]{6,}`, `key-[0-9a-f]{32}\b`,
	`sq0(?:atp|csp|idp)-[\w-]{6,}`, `EAAA[\w-]{20,}`, `lin_api_\w{6,}`, `PMAK-[\w-]{10,}`, `nfp_\w{10,}`,
	`fo1_[\w-]{10,}`, `fm[12]_[\w+/=-]{10,}`, `pul-[0-9a-f]{40}`, `ntn_\w{10,}`, `secret_[A-Za-z0-9]{20,}`,
	`fig[dour]_[\w-]{10,}`, `sntry[su]_[\w+/=-]{6,}`, `dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{6,}`, `dapi[0-9a-f]{32}`,
	`NR(?:AK|JS|II|BR)-?[\w-]{10,}`, `gl(?:sa|c)_[\w+/=]{6,}`, `AT(?:ATT|CTT|BB)[\w=-]{10,}`,
	`AGE-SECRET-KEY-1[0-9A-Za-z]{6,}`, `tskey-[\w-]{6,}`, `v1\.0-[0-9a-f]{24}-[0-9a-f]{20,}`,
	`tfp_\w{10,}`, `xkeysib-[\w-]{6,}`,
	`SK[0-9a-f]{32}\b`, `\d{8,10}:AA[\w-]{20,}`, `EZ[AT]K\w{20,}`, `ops_eyJ[\w+/=-]{6,}`,
	`t1\.9eu[\w-]{16,}={0,2}\.[\w-]{10,}`, `AQVN[\w-]{20,}`, // Yandex
	`sbp_[0-9a-f]{16,}`, `sb_(?:secret|publishable)_[\w-]{10,}`, `pscale_[a-z]+_[\w.=-]{16,}`, `HRKU-[\w-]{16,}`,
	`vc[a-z]_[A-Za-z0-9]{16,}`, `napi_[a-z0-9]{16,}`, `rnd_[A-Za-z0-9]{16,}`, `cfu?t?_[A-Za-z0-9]{32,}`,
	`hc[a-z]ik_[a-z0-9]{16,}`, `dt0[a-zA-Z]\d\d\.[A-Z0-9]{10,}\.[A-Z0-9]{10,}`, `bk[a-z]{2}_\w{16,}`,
	`st\.[0-9a-f-]{16,}\.[0-9a-f]{16,}\.[0-9a-f]{8,}`, `AKC\w{20,}`, `cmVmdGtuO[\w+/=]{12,}`, // Infisical; JFrog
	`sq[apu]_[0-9a-f]{16,}`, `CCI(?:PAT|PRJ)_\w{16,}`, `pat[A-Za-z0-9]{14}\.[0-9a-f]{20,}`, `CFPAT-[\w-]{16,}`,
	`pk_\d+_[A-Z0-9]{16,}`, `AQE[\w+/]{30,}={0,2}-[^\s"'\\]{6,}`, `S[AUONCX][A-Z2-7]{54,56}\b`, // Adyen; NATS
	`k8s-aws-v1\.[\w-]{10,}`, `K10[0-9a-z]{8,}::[\w.:-]{6,}`, `AGE-PLUGIN-[A-Z0-9]+-1[0-9A-Z]{6,}`,
	`A3-[A-Z0-9]{6}-[A-Z0-9-]{10,}`, `AQ[A-Za-z0-9+/]{36}==`, // 1Password; Ceph
	`M(?:II[A-Za-z0-9+/]{3}IBA|HcCAQ|C4CAQ)[A-Za-z0-9+/]{16,}={0,2}`, `b3BlbnNzaC1rZXktdj[A-Za-z0-9+/]{16,}={0,2}`, // DER
	`AQ\.Ab8[\w-]{20,}`, `APA91b[\w-]{20,}`, // Google
	`sk_[0-9a-f]{40,}`, `sk-(?:lf|None)-[\w-]{16,}`, `pcsk_\w{16,}`, `tgp_v\d_\w{16,}`, `jina_\w{24,}`, `tvly-[\w-]{16,}`,
	`ph[cx]_\w{20,}`, `pnu_\w{20,}`, `GR1348941[\w-]{10,}`, `[0-9a-f]{32}-us\d{1,2}\b`, `1//0[\w-]{20,}`, `AKLT\w{10,}`,
	`access_token\$\w+\$\w+\$[0-9a-f]{16,}`, `\{S?SHA\d*\}[\w+/]{16,}={0,2}`, // PayPal; LDAP
	`\$(?:2[abxy]?|5|6|1|y|gy|apr1|argon2\w*|pbkdf2[\w-]*|scrypt)\$[^\s:"']{8,}`, // of crypt
	`sha256~[\w-]{10,}`, `[a-z0-9]{6}\.[a-z0-9]{16}\b`, `kubeconfig-[\w-]+:[\w]{20,}`, // OpenShift, kubeadm, Rancher
	`eyJ[\w-]{8,}={0,2}(?:\.[\w-]+={0,2}){1,4}`, `eyJ[A-Za-z0-9+/_-]{16,}={0,2}`, `ewogI[A-Za-z0-9+/]{16,}={0,2}`,
}

// keyWords is one word of each of the prefixes, and of the addresses that are a secret as a whole.
var keyWords = []string{"akia", "asia", "aroa", "aida", "agpa", "anpa", "anva", "aipa", "abia", "acca", "a3t", "ltai",
	"akid", "aiza", "ya29.", "gocspx-", "goog", "q~", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "v1.0-",
	"glpat-",
	"gloas-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "glsoat-", "glffct-",
	"_gitlab_session", "xox", "xapp-", "xwfp-", "_live_", "_test_", "_prod_", "whsec_", "sk-", "hf_", "r8_", "gsk_",
	"xai-", "npm_", "pypi-", "rubygems_", "clojars_", "dckr_", "hvs.", "hvb.", "hvr.", "vault", "b.aaaa", ".atlasv1.",
	"_v1_", "shpat_", "shpca_", "shppa_", "shpss_", "sg.", "key-", "sq0", "eaaa", "lin_api_", "pmak-", "nfp_", "fo1_",
	"fm1_", "fm2_", "pul-", "ntn_", "secret_", "figd_", "figo_", "figu_", "figr_", "sntry", "dp.pt.", "dp.st.",
	"dp.ct.", "dp.sa.", "dp.scim.", "dp.audit.", "dapi", "nrak", "nrjs",
	"nrii", "nrbr", "glsa_", "glc_", "atatt", "atctt", "atbb", "age-secret", "tskey-", "tfp_", "xkeysib-", ":aa",
	"pplx-", "nvapi-", "lsv2_", "t1.9eu", "aqvn", "sbp_", "sb_secret_", "sb_publishable_", "pscale_", "hrku-",
	"vcp_", "vca_", "vci_", "vcr_", "vck_",
	"napi_", "rnd_", "cfut_", "cfat_", "cfk_", "hcaik_", "hcbik_", "hcxik_", "dt0", "bkua_", "bkat_", "bkpt_", "bkct_",
	"infisical", "akc", "cmvmdgtuo", "sqa_", "sqp_", "squ_", "ccipat", "cciprj", "airtable", "cfpat-", "pk_", "aqe",
	"nkey", "nats",
	"seed", "sua", "saa", "soa", "k8s-aws", "k10", "age-plugin",
	"ezak", "eztk", "ops_", "a3-", "==", "sha256~", "kubeconfig-", "eyj", "ewog", "token", "hook",
	"sk_", "pcsk_", "tgp_v", "jina_", "tvly-", "phc_", "phx_", "pnu_", "gr1348941", "-us", "1//0", "aklt", "access_token$",
	"{sha", "{ssha", "$2", "$5$", "$6$", "$1$", "$y$", "$gy$", "$apr1$", "$argon2", "$pbkdf2", "$scrypt",
	"discord", "api.telegram.org", "pagerduty", "ls0tls1crudjti", "ifttt"}

var (
	ownForm = lazy(`(?:^|[^A-Za-z0-9_])(` + strings.Join(keyPrefixes, "|") + `)`)
	// secretPath is the part of an address that is its secret.
	secretPath = lazy(`(?i)(?:hooks\.slack\.com/(?:services|workflows|triggers)/|\.webhook\.office\.com/webhookb2/|` +
		`discord(?:app)?\.com/api/webhooks/\d+/|api\.telegram\.org/bot\d+:|outlook\.office\.com/webhook/|` +
		`events\.pagerduty\.com/integration/|hooks\.zapier\.com/hooks/catch/|ifttt\.com/trigger/\w+/with/key/|` +
		`(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/|/hooks/(?:[0-9a-zA-Z]{17}/)?)([^\s"'\\?:,]+)`)

	// pemBase64 is what begins like a file of PEM in base64. A certificate is public, what it stands with may not be.
	pemBase64 = lazy(`LS0tLS1CRUdJTi[A-Za-z0-9+/]+={0,2}`)
)

func ownForms(s string) string {
	s = group(pemBase64(), s, 0, public)
	return group(secretPath(), group(ownForm(), s, 1, notAKey), 1, func(v string) bool { return len(v) < 8 })
}

// public reports whether there is no private key in a file that stands in base64, as far as it goes.
func public(encoded string) bool {
	encoded = strings.TrimRight(encoded, "=")
	file, err := base64.RawStdEncoding.DecodeString(encoded[:len(encoded)/4*4])
	return err == nil && !bytes.Contains(file, []byte("PRIVATE KEY")) && !bytes.HasSuffix(file, []byte("BEGIN"))
}

// dotted is a name with a dot in it that only looks like a key: kubeadm's tokens have the form of a host.
var dotted = lazy(`^[a-z]{6}\.[a-z]{16}$`)

// podName is the name of a Pod that begins like the key of a service whose keys have capitals.
var podName = lazy(`^(?:sk|pplx|nvapi)-[a-z0-9-]*-[a-z0-9-]*$`)

// notAKey reports whether what has the form of a key is a word.
func notAKey(key string) bool {
	return dotted().MatchString(key) || podName().MatchString(key) && !strings.HasPrefix(key, "sk-lf-") ||
		!strings.ContainsAny(key, "0123456789") && strings.ToLower(key) == key && !strings.HasPrefix(key, "eyj") &&
			!strings.ContainsAny(key, "~=")
}

// elements takes the text out of elements of XML with a telling name.
func elements(s string) string {
	return replaceNamed(xmlElement(), s)
}

// xmlAttribute is a setting as an element with two attributes: <property name="password" value="x"/>.
var xmlAttribute = lazy(`(?i)\b(?:name|key)\s*=\s*\\?["']([\w.:-]+)\\?["']\s+value\s*=\s*\\?["']([^"'\\]+)`)

func attributesOfXML(s string) string { return replaceNamed(xmlAttribute(), s) }

// replaceNamed replaces group 2 of the matches whose group 1 is the name of a secret.
func replaceNamed(re *regexp.Regexp, s string) string {
	var b strings.Builder
	from := 0
	for _, m := range re.FindAllStringSubmatchIndex(s, -1) {
		if telling(s[m[2]:m[3]]) == notTelling || harmless(s[m[4]:m[5]]) {
			continue
		}
		b.WriteString(s[from:m[4]])
		b.WriteString(Redacted)
		from = m[5]
	}
	b.WriteString(s[from:])
	return b.String()
}
