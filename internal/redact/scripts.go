package redact

import "strings"

// Other scripts than Latin: what Chinese texts have for quotes and colons, and what passwords are called.

// narrow has the plain form of wide punctuation.
var narrow = strings.NewReplacer("：", ":", "＝", "=", "，", ",", "；", ";", "。", ". ", "“", `"`, "”", `"`,
	"「", `"`, "」", `"`, "『", `"`, "』", `"`, "‘", "'", "’", "'", "（", "(", "）", ")", "【", "[", "】", "]", "　", " ")

// widePunctuation takes credentials out of a text in which wide punctuation stands around them. It has the plain one
// then.
func widePunctuation(s string, clean func(string) string) string {
	plain := narrow.Replace(s)
	if without := clean(plain); without != plain {
		return without
	}
	return s
}

const (
	passwordElsewhere = `密码|密碼|口令|パスワード|비밀번호|парол[ьяю]|contraseña|senha|mot de passe`
	tokenElsewhere    = `令牌|密钥|密鑰|私钥|凭证|凭据|トークン|토큰`
	valueElsewhere    = `["'(]?([^\s"',;)\]{}\x{80}-\x{10ffff}]{4,})`
)

var (
	// passwordOf is what a password is called in other languages, with its value.
	passwordOf = lazy(`(?i:` + passwordElsewhere + `)[^\x00-\x7f]{0,12}\s*[:=]\s*` + valueElsewhere)
	// told is what is told of a password or a key there.
	told = lazy(`(?i:` + passwordElsewhere + `|` + tokenElsewhere + `)[^\x00-\x7f]{0,12}\s*[:=]?\s*` + valueElsewhere)
)

// elsewhere takes out what stands behind such a name: a value, and no word of the sentence.
func elsewhere(s string) string {
	s = group(passwordOf(), s, 1, func(v string) bool { return harmless(v) || sayings[strings.ToLower(v)] || isURL(v) })
	return group(told(), s, 1, notMadeUp)
}

// elsewhereWords is one word of each of the names.
var elsewhereWords = []string{"密码", "密碼", "口令", "パスワード", "비밀번호", "парол", "contrase", "senha", "mot de passe",
	"令牌", "密钥", "密鑰", "私钥", "凭证", "凭据", "トークン", "토큰"}
