package anonymize

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A renamer puts pseudonyms in place of names, wherever in a text they stand as a word of their own, and of IDs and
// addresses. What it has not seen before it gives the next number:
// who reads the same objects in the same order gets the same.
type renamer struct {
	names   map[string]string
	lengths []int // of the names, the longest first: of two names at one place the longer one is meant
	ids     map[string]string
	nets    map[string]int
}

// renamer numbers the names in their order, so that what is ordered by name stays in order.
func (n *names) renamer() *renamer {
	to := &renamer{names: map[string]string{}, ids: map[string]string{}, nets: map[string]int{}}
	count, lengths, pseudonyms := map[string]int{}, map[int]bool{}, map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(n.of)) {
		if n.derived(name) {
			continue
		}
		prefix := n.of[name]
		same := name // a host has the same name in capitals, and an image keeps what may be wrong with its name
		if prefix != "Image" {
			same = strings.ToLower(name)
		}
		pseudonym := pseudonyms[same]
		if pseudonym == "" {
			count[prefix]++
			pseudonym = fmt.Sprintf("%s-%03d", prefix, count[prefix])
			if withDot[prefix] && strings.Contains(name, ".") || prefix == "registry" || prefix == "domain" {
				pseudonym += ".example" // a host without a dot would be read as a path on Docker Hub
			}
			if domain, _, ok := strings.Cut(name, "/"); ok && strings.Contains(domain, ".") {
				pseudonym = "domain-" + pseudonym[len(prefix)+1:] + ".example/" + pseudonym // acme.com/signer
			}
			pseudonyms[same] = pseudonym
		}
		to.names[name] = pseudonym
		lengths[len(name)] = true
		if dashed := strings.ReplaceAll(name, ".", "-"); prefix == "driver" && dashed != name && n.of[dashed] == "" {
			to.names[dashed] = strings.ReplaceAll(pseudonym, ".", "-") // in the names of Leases
			lengths[len(dashed)] = true
		}
	}
	for name := range n.stays {
		to.names[name] = name
		lengths[len(name)] = true
	}
	to.lengths = slices.Sorted(maps.Keys(lengths))
	slices.Reverse(to.lengths)
	return to
}

// generated is what controllers put behind a name: a hash, an index, letters at random. It tells nothing.
// Where the other one is a word that stays, it has to be as long as a hash is.
var (
	generated = match.Lazy(`^-[bcdfghjklmnpqrstvwxz]*[2456789][bcdfghjklmnpqrstvwxz2456789]*` +
		`(?:-[bcdfghjklmnpqrstvwxz2456789]{2,5})?$|^-\d{1,4}$`)
	hashed = match.Lazy(`^-[bcdfghjklmnpqrstvwxz2456789]{5,10}(?:-[bcdfghjklmnpqrstvwxz2456789]{5})?$`)
)

// derived reports whether a name is another one with what controllers put behind it. Then the other one is renamed in
// it, and it stays plain whose it is.
func (n *names) derived(name string) bool {
	for i := len(name) - 1; i > 1; i-- {
		if name[i] != '-' {
			continue
		}
		base := name[:i]
		if generated().MatchString(name[i:]) && (n.of[base] != "" ||
			n.keep(strings.ToLower(base)) && hashed().MatchString(name[i:])) {
			return true
		}
	}
	return false
}

// withDot are prefixes of names that have the form of a host where they have a dot.
var withDot = wordSet("host driver webhook node name value service signer scheduler priority audience gate")

// object renames in a copy of an object.
func (t *renamer) object(k cluster.Kind, o metav1.Object) (metav1.Object, error) {
	out, err := copyOf(k, o)
	if err == nil {
		visitObject(out, t)
	}
	return out, err
}

// visitObject calls a visitor for all texts of an object, and of the template that it may keep as one text.
func visitObject(o metav1.Object, by visitor) {
	if r, ok := o.(*appsv1.ControllerRevision); ok {
		if t, ok := cluster.Template(r); ok {
			visit(reflect.ValueOf(t).Elem(), "", "", by)
			cluster.SetTemplate(r, t)
		}
	}
	visit(reflect.ValueOf(o).Elem(), "", "", by)
}

// copyOf is a copy of an object that shares nothing with it.
func copyOf(k cluster.Kind, o metav1.Object) (metav1.Object, error) {
	raw, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	out := k.New()
	return out, json.Unmarshal(raw, out)
}

func (t *renamer) ref(r cluster.Ref) cluster.Ref {
	return cluster.Ref{Kind: r.Kind, Namespace: t.text(r.Namespace), Name: t.text(r.Name)}
}

// name is the pseudonym of a name. One that stays may have others in it.
func (t *renamer) name(_, s string) string { return t.text(s) }

// parts and image are what they are: a text with names in it.
func (t *renamer) parts(_, s string) string { return t.text(s) }
func (t *renamer) image(s string) string    { return t.text(s) }

// text renames in a text.
func (t *renamer) text(s string) string {
	if s == "" {
		return s
	}
	s = ids().ReplaceAllStringFunc(t.words(s), t.id)
	s = replaceAddresses(s, t.address)
	return accounts().ReplaceAllStringFunc(s, t.account)
}

// words puts pseudonyms in place of the names: of each place where a word begins,
// the longest name that ends with a word.
func (t *renamer) words(s string) string {
	var b strings.Builder
	from := 0
	for i := 0; i < len(s); i++ {
		if i > 0 && alnum(s[i-1]) || !alnum(s[i]) {
			continue
		}
		for _, n := range t.lengths {
			if i+n > len(s) || i+n < len(s) && alnum(s[i+n]) {
				continue
			}
			if p, ok := t.names[s[i:i+n]]; ok {
				b.WriteString(s[from:i])
				b.WriteString(p)
				from = i + n
				i = from - 1
				break
			}
		}
	}
	b.WriteString(s[from:])
	return b.String()
}

func alnum(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }

var (
	// ids are UIDs, as they are and as cgroups have them, the digits of container IDs and digests, those of clouds, and
	// the addresses of network cards.
	ids = match.Lazy(`(?i)[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{12,}|` +
		`\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b|\b(?:i|vol|vpc|subnet|sg|eni|snap|ami|lt|rtb|igw|nat|tgw|acl)-` +
		`[0-9a-f]{8,}\b|\b(?:fs|fsap)-[0-9a-f]{4,}\b`)
	// accounts are numbers of accounts at a cloud.
	accounts = match.Lazy(`\b\d{12}\b`)
)

// id gives an ID the next number, in the ID's own form. Its case is of no account.
func (t *renamer) id(id string) string {
	if strings.Trim(id, "0123456789") == "" || strings.Trim(id, "abcdefABCDEF") == "" {
		return id // a number or a word
	}
	key := strings.ToLower(strings.ReplaceAll(id, "_", "-"))
	kind, rest, ok := strings.Cut(key, "-")
	if ok && strings.Trim(kind, "0123456789abcdef") != "" || ok && len(kind) < 4 && len(rest) >= 4 && !isMAC(key) {
		return kind + "-" + t.once(key, func(n int) string { return fmt.Sprintf("%0*x", len(rest), n) })
	}
	if isMAC(key) {
		sep := string(id[2])
		fake := t.once(strings.ReplaceAll(key, "-", ":"), func(n int) string { return fmt.Sprintf("%012x", n) })
		return strings.Join([]string{"02", fake[2:4], fake[4:6], fake[6:8], fake[8:10], fake[10:12]}, sep)
	}
	digits := strings.ReplaceAll(key, "-", "")
	fake := t.once(digits, func(n int) string { return fmt.Sprintf("%0*x", len(digits), n) })
	if !strings.Contains(key, "-") {
		return fake
	}
	sep := string(id[8])
	return strings.Join([]string{fake[:8], fake[8:12], fake[12:16], fake[16:20], fake[20:]}, sep)
}

func isMAC(s string) bool { return len(s) == 17 && (s[2] == ':' || s[2] == '-') && s[5] == s[2] }

func (t *renamer) once(key string, fake func(n int) string) string {
	if t.ids[key] == "" {
		t.ids[key] = fake(len(t.ids) + 1)
	}
	return t.ids[key]
}

// account gives the number of an account the next one. What was made up has leading zeros.
func (t *renamer) account(a string) string {
	if strings.HasPrefix(a, "0000") {
		return a
	}
	return t.once("account "+a, func(n int) string { return fmt.Sprintf("%012d", n) })
}

// address gives the network of an address another number (of IPv4 the first three bytes, of IPv6 the first half), and
// leaves the host's of IPv4: what was a range stays one.
func (t *renamer) address(a netip.Addr) string {
	if a.IsLoopback() || a.IsUnspecified() || a.Is4() && a.As4()[0] == 255 {
		return a.String()
	}
	if a.Is4() {
		b := a.As4()
		n := t.net(fmt.Sprint(b[:3]))
		return fmt.Sprintf("10.%d.%d.%d", 100+n/250, n%250, b[3])
	}
	b := a.As16()
	n := t.net(fmt.Sprint(b[:8]))
	if [8]byte(b[8:]) == [8]byte{} {
		return fmt.Sprintf("fd00:0:0:%x::", n)
	}
	return fmt.Sprintf("fd00:0:0:%x::%s", n, t.once(fmt.Sprint("host ", b[8:]), func(n int) string {
		return fmt.Sprintf("%x", n)
	}))
}

func (t *renamer) net(key string) int {
	n, ok := t.nets[key]
	if !ok {
		n = len(t.nets) + 1
		t.nets[key] = n
	}
	return n
}

// candidate is what may be an address: digits with dots, or with colons.
var candidate = match.Lazy(`(?:\d{1,3}\.){3}\d{1,3}|` +
	`[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*:[0-9A-Fa-f]{0,4}`)

// replaceAddresses puts something else in place of addresses, whatever their form.
func replaceAddresses(s string, by func(netip.Addr) string) string {
	var b strings.Builder
	from := 0
	for _, m := range candidate().FindAllStringIndex(s, -1) {
		begin, end := m[0], m[1]
		for end > begin+2 && s[end-1] == ':' && !strings.HasSuffix(s[begin:end], "::") {
			end-- // of the sentence
		}
		if begin > 0 && (alnum(s[begin-1]) || s[begin-1] == '.') || end < len(s) && alnum(s[end]) {
			continue
		}
		a, err := netip.ParseAddr(s[begin:end])
		if err != nil {
			continue
		}
		b.WriteString(s[from:begin])
		if a.Is4In6() {
			b.WriteString("::ffff:")
		}
		b.WriteString(by(a.Unmap()))
		from = end
	}
	b.WriteString(s[from:])
	return b.String()
}
