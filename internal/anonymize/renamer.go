package anonymize

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
)

// A renamer puts pseudonyms in place of names, wherever in a text they stand as a word of their own, and of IDs and IP
// addresses. What it has not seen before it gives the next number:
// who reads the same objects in the same order gets the same.
type renamer struct {
	names   map[string]string
	lengths []int // of the names, the longest first: of two names at one place the longer one is meant
	ids     map[string]string
	nets    map[string]int
}

var (
	addresses = match.Lazy(`\b(?:\d{1,3}\.){3}\d{1,3}\b`)
	// ids are UIDs, as they are and as cgroups have them, and the digits of container IDs and digests.
	ids = match.Lazy(`[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{12,}|` +
		`\b(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{1,4}\b`)
	// ownAddress are addresses that every machine has.
	ownAddress = match.Lazy(`^(?:127\.|0\.0\.0\.0|255\.)`)
)

// asTheyAre are fields that hold words of Kubernetes and of its components, not names.
var asTheyAre = map[string]bool{"kind": true, "apiVersion": true, "reason": true, "type": true, "phase": true,
	"component": true, "reportingComponent": true, "reportingController": true, "provisioner": true, "attacher": true,
	"driver": true, "status": true, "operator": true, "effect": true, "creationTimestamp": true, "resourceVersion": true,
	"imagePullPolicy": true, "terminationMessagePath": true, "mountPath": true, "devicePath": true}

// ofMaps are fields that hold maps: there the keys are texts, too.
var ofMaps = map[string]bool{"labels": true, "annotations": true, "matchLabels": true, "nodeSelector": true,
	"data": true, "binaryData": true, "requests": true, "limits": true, "capacity": true, "allocatable": true,
	"parameters": true, "volumeAttributes": true, "attributes": true, "attachmentMetadata": true, "overhead": true}

// tree renames in all texts of a JSON value.
func (t *renamer) tree(v any, keys bool) any {
	switch v := v.(type) {
	case string:
		return t.text(v)
	case []any:
		for i := range v {
			v[i] = t.tree(v[i], false)
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) { // numbers are given in the order of what is read
			switch value := v[key]; {
			case keys:
				out[t.text(key)] = t.tree(value, false)
			case asTheyAre[key] && !isObject(value):
				out[key] = value
			default:
				out[key] = t.tree(value, ofMaps[key])
			}
		}
		return out
	}
	return v
}

func isObject(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// annotations drops those that are not of Kubernetes itself: whoever set them may have written anything.
func (t *renamer) annotations(metadata map[string]any) {
	all, _ := metadata["annotations"].(map[string]any)
	for key := range all {
		domain, _, _ := strings.Cut(key, "/")
		if !strings.HasSuffix(domain, "kubernetes.io") && !strings.HasSuffix(domain, "k8s.io") && domain != cluster.Group {
			delete(all, key)
		}
	}
}

func (t *renamer) ref(r cluster.Ref) cluster.Ref {
	return cluster.Ref{Kind: r.Kind, Namespace: t.text(r.Namespace), Name: t.text(r.Name)}
}

// text renames in a text.
func (t *renamer) text(s string) string {
	if s == "" {
		return s
	}
	return addresses().ReplaceAllStringFunc(ids().ReplaceAllStringFunc(t.words(s), t.id), t.address)
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

// id gives an ID the next number, in the ID's own form.
func (t *renamer) id(id string) string {
	if strings.Contains(id, ":") {
		if strings.Count(id, ":") < 4 && strings.Trim(id, "0123456789:") == "" {
			return id // a time
		}
		return t.once(id, func(n int) string { return fmt.Sprintf("fd00:0:0:%x", n) })
	}
	if strings.Trim(id, "0123456789") == "" || strings.Trim(id, "abcdef") == "" {
		return id // a number or a word
	}
	key := strings.ReplaceAll(id, "_", "-")
	fake := t.once(key, func(n int) string { return fmt.Sprintf("%0*x", len(strings.ReplaceAll(key, "-", "")), n) })
	if !strings.Contains(key, "-") {
		return fake
	}
	sep := string(id[8])
	return strings.Join([]string{fake[:8], fake[8:12], fake[12:16], fake[16:20], fake[20:]}, sep)
}

func (t *renamer) once(key string, fake func(n int) string) string {
	if t.ids[key] == "" {
		t.ids[key] = fake(len(t.ids) + 1)
	}
	return t.ids[key]
}

// address gives the network of an IPv4 address (its first three bytes) another number, and leaves the host's:
// what was a range stays one.
func (t *renamer) address(a string) string {
	if ownAddress().MatchString(a) {
		return a
	}
	i := strings.LastIndexByte(a, '.')
	n, ok := t.nets[a[:i]]
	if !ok {
		n = len(t.nets) + 1
		t.nets[a[:i]] = n
	}
	return fmt.Sprintf("10.%d.%d%s", 100+n/250, n%250, a[i:])
}
