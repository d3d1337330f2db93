package redact

import "strings"

// How much the name of a value tells of it.
type tells int

const (
	notTelling tells = iota
	ofAddress        // a connection string: what its parts are called tells more, where it has parts
	weakly           // secret, token: in a sentence such a word is a subject as often as a name
	strongly         // password, apiKey
)

// nameWords are words of which every telling name holds one.
var nameWords = []string{"pass", "pwd", "secret", "token", "cred", "key", "auth", "sig", "jwt", "bearer", "licen",
	"cookie", "sess", "connection", "connstr", "conn_str", "dsn", "verify", "hmac", "otp", "pin=", "pin:", "--pin",
	"pw=", "pw:", "--pw", "_pw",
	"salt", "seed", "mnemonic", "webhook", "x-amz", "x-goog", "pat=", "--pat", "assertion", "ticket", "sas",
	"community", "art-api", "psk", "code=", "sign=", "policy=",
	"q-ak=", "hdnts=", "hdnea=", "samlresponse="}

// harmlessEnds are the last words of names of what is about a secret and is none: tokenFile, secretName, password-ttl.
var harmlessEnds = wordSet(`file files filename path paths dir directory folder name names ref refs reference url uri urls
	type types ttl expiry expires expiration expired seconds minutes length len size count mount mounts policy policies
	namespace namespaces provider providers manager controller store stores class classes version versions endpoint
	endpoints host hosts port ports server servers service services issuer audience audiences mode enabled disabled required
	driver rotation sync syncer reloader algorithm alg algo method methods field fields format template prefix suffix env var
	cache review reviews request requests response limit limits lifetime age stdin prompt lookup
	account accounts kind group groups projection volume volumes binding bindings operator webhook injector agent
	id ids index usage usages label labels annotation annotations selector status reason error errors message scope
	scopes realm number rate allowed denied interval period timeout retries backoff source sources target targets plugin
	hint generator creator updater validator verifier checker management map maps list admission created updated managed
	certificate cert certs ca fingerprint thumbprint keyref bits pair rotations autodetect automount automounting`)

// strongWords are what names of secrets hold, in lower case and without what stands between their words.
var strongWords = strings.Fields(`password passwd passwort passphrase passcode apikey accesskey secretkey privatekey accountkey sharedkey authkey
	encryptionkey signingkey masterkey storagekey userkey adminkey clientsecret clientkey securitytoken accesstoken
	refreshtoken authtoken idtoken sessiontoken bearertoken apitoken privatetoken identitytoken registrytoken
	deploykey licensekey authorization restuserkey rootkey servicekey appkey subscriptionkey xapikey secretaccesskey
	sharedaccesskey sharedaccesssignature amzsignature googsignature amzcredential googcredential webhooksecret
	sessionkey hmackey cryptkey ossaccesskeyid accesskeyid mnemonic unsealkey psk presharedkey wireguardkey joinkey
	masterauth enrollmentkey ingestkey writekey consumerkey jfrogartapi`)

// telling finds how much a name tells of its value.
func telling(name string) tells {
	words, joined := split(name)
	if len(words) == 0 {
		return notTelling
	}
	last := words[len(words)-1]
	switch {
	case strings.HasSuffix(joined, "ossaccesskeyid"), strings.HasSuffix(joined, "accesskeyid"):
		return strongly
	case harmlessEnds[last] && len(words) > 1, strings.HasSuffix(joined, "tokens") && len(words) > 1:
		return notTelling
	}
	for _, w := range strongWords {
		if strings.Contains(joined, w) && !endsHarmlessly(joined, w) {
			return strongly
		}
	}
	for _, w := range words {
		switch w {
		case "pwd", "pass", "pw", "jwt", "otp", "psk", "passwords", "bearer":
			return strongly
		}
	}
	switch {
	case strings.HasSuffix(joined, "pwd"), strings.HasSuffix(joined, "pass") && !strings.HasSuffix(joined, "bypass"):
		return strongly
	case strings.HasSuffix(joined, "sessid"), strings.HasSuffix(joined, "sessionid"),
		strings.HasSuffix(joined, "certificatekey"):
		return strongly
	case words[0] == "x" && len(words) > 2 && (last == "token" || last == "key" || last == "secret"): // a header
		return strongly
	case strings.HasSuffix(joined, "connectionstring"), strings.HasSuffix(joined, "connstr"), last == "dsn":
		return ofAddress
	}
	for _, w := range []string{"secret", "token", "credential", "credentials", "creds", "cred"} {
		if strings.HasSuffix(joined, w) || strings.HasPrefix(joined, w) && len(joined) > len(w)+2 && w != "cred" &&
			!endsHarmlessly(joined, w) {
			return weakly
		}
	}
	switch last {
	case "auth", "license", "licence", "cookie", "signature", "sig", "session", "sessionid", "salt", "seed", "pin",
		"pat", "assertion", "community", "secrets":
		return weakly
	}
	return notTelling
}

// endsHarmlessly reports whether what stands behind a word in a name is one of the harmless ends: passwordfile.
func endsHarmlessly(joined, word string) bool {
	_, after, _ := strings.Cut(joined, word)
	return harmlessEnds[after]
}

// split is a name in its words, in lower case, and all of them together: X-Api-Key, apiKey, API_KEY.
func split(name string) (words []string, joined string) {
	begin := 0
	var all strings.Builder
	add := func(end int) {
		if end > begin {
			w := strings.ToLower(name[begin:end])
			words = append(words, w)
			all.WriteString(w)
		}
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case !letter(c) && (c < '0' || c > '9'):
			add(i)
			begin = i + 1
		case upper(c) && i > begin && (!upper(name[i-1]) || i+1 < len(name) && letter(name[i+1]) && !upper(name[i+1])):
			add(i)
			begin = i
		}
	}
	add(len(name))
	return words, all.String()
}

func upper(c byte) bool  { return c >= 'A' && c <= 'Z' }
func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func wordSet(text string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		all[w] = true
	}
	return all
}

// Value returns the value of a map under a key: nothing of it where the key tells that it is a secret.
func Value(key, value string) string {
	name := key[strings.LastIndexByte(key, '/')+1:]
	if t := telling(name); t > ofAddress && value != "" && !harmless(value) {
		return Redacted
	}
	return Text(value)
}

// Attribute is as [Value], for what drivers and plugins are given: there "key" is a name, too.
func Attribute(key, value string) string {
	if strings.EqualFold(key, "key") && !harmless(value) {
		return Redacted
	}
	return Value(key, value)
}
