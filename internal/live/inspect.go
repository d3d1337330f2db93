package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	"google.golang.org/protobuf/encoding/protowire"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// maxInspected is how many Secrets and how many ConfigMaps are looked into.
const maxInspected = 10

// contents is what is kept of a Secret or ConfigMap: never a value.
type contents struct {
	secretType string
	keys       []string
	hosts      registryKeys // of a pull secret: the registries that it is for
}

// inspect looks into the first of the named Secrets or ConfigMaps that are there, for their keys.
func (r *reader) inspect(ctx context.Context, k cluster.Kind, refs []cluster.Ref) {
	refs = slices.SortedFunc(slices.Values(refs), cluster.Ref.Compare)
	for i, ref := range refs {
		if i == maxInspected {
			r.b.Gap(cluster.Gap{What: message.Of("gap.keys.more", "n", len(refs)-i, "kind", k.Name),
				Why: message.Of("gap.keys.limit", "n", maxInspected), Needs: message.Of("gap.keys.fewer")})
			return
		}
		answer, err := r.get(ctx, k, ref.Namespace, ref.Name, whole)
		var c contents
		if err == nil {
			c, err = contentsOf(answer)
		}
		switch {
		case apierrors.IsNotFound(err):
			r.b.Absent(ref)
		case err != nil:
			r.gap("get", k, ref.Namespace, message.Of("question.keys", "name", ref.Name), err)
			return
		default:
			r.b.Add(k.Name, c.object(k, ref))
		}
	}
}

// object is an object that has the keys, and nothing in them.
func (c contents) object(k cluster.Kind, ref cluster.Ref) metav1.Object {
	meta := metav1.ObjectMeta{Namespace: ref.Namespace, Name: ref.Name}
	if k.Name == "ConfigMap" {
		o := &corev1.ConfigMap{ObjectMeta: meta, Data: map[string]string{}}
		for _, key := range c.keys {
			o.Data[key] = ""
		}
		return o
	}
	o := &corev1.Secret{ObjectMeta: meta, Type: corev1.SecretType(c.secretType), Data: map[string][]byte{}}
	for _, key := range c.keys {
		o.Data[key] = nil
	}
	if len(c.hosts) > 0 {
		o.Annotations = map[string]string{pod.RegistriesAnnotation: strings.Join(c.hosts, ",")}
	}
	return o
}

// contentsOf reads the answer of a GET of a Secret or ConfigMap. Values are passed over where they stand;
// of a pull secret only the names of the registries are taken.
func contentsOf(answer []byte) (contents, error) {
	var c contents
	if !bytes.HasPrefix(answer, prefix) {
		var o struct {
			Type       string                  `json:"type"`
			Data       map[string]registryKeys `json:"data"`
			BinaryData map[string]discarded    `json:"binaryData"`
		}
		if err := json.Unmarshal(answer, &o); err != nil {
			return c, fmt.Errorf("the API server's answer is no object")
		}
		c.secretType = o.Type
		for key, v := range o.Data {
			c.add(key, v)
		}
		c.keys = slices.AppendSeq(c.keys, maps.Keys(o.BinaryData))
		slices.Sort(c.keys)
		return c, nil
	}
	object, err := field(answer[len(prefix):], 2)
	if err != nil {
		return c, err
	}
	// Secret: 2 data, 3 type; ConfigMap: 2 data, 3 binaryData. An entry of a map: 1 key, 2 value.
	err = eachField(object, func(num protowire.Number, value []byte) error {
		if num == 3 && len(value) > 0 && value[0] >= ' ' {
			c.secretType = string(value)
			return nil
		}
		if num != 2 && num != 3 {
			return nil
		}
		key, err := field(value, 1)
		if err != nil || key == nil {
			return err
		}
		var hosts registryKeys
		if pulls(string(key)) {
			v, err := field(value, 2)
			if err != nil {
				return err
			}
			hosts = hostsOf(v)
		}
		c.add(string(key), hosts)
		return nil
	})
	slices.Sort(c.keys)
	return c, err
}

func (c *contents) add(key string, hosts registryKeys) {
	c.keys = append(c.keys, key)
	if pulls(key) {
		c.hosts = hosts
	}
}

// pulls reports whether a key holds the credentials for registries.
func pulls(key string) bool {
	return key == corev1.DockerConfigJsonKey || key == corev1.DockerConfigKey
}

// nothing reads a value and keeps none of it.
type discarded struct{}

func (*discarded) UnmarshalJSON([]byte) error { return nil }

// registryKeys reads a value in base64 and keeps, if it is that of a pull secret, the names of the registries.
type registryKeys []string

func (k *registryKeys) UnmarshalJSON(value []byte) error {
	var decoded []byte
	if json.Unmarshal(value, &decoded) == nil { // text, as a ConfigMap has it, is none
		*k = hostsOf(decoded)
	}
	return nil
}

// hostsOf are the registries that a pull secret is for, in the new form {"auths": {HOST: ...}} or the old one {HOST:
// ...}. A name that is no host, such as one with a password in it, is left out.
func hostsOf(config []byte) registryKeys {
	var of struct {
		Auths map[string]discarded `json:"auths"`
	}
	if json.Unmarshal(config, &of) != nil {
		return nil
	}
	if of.Auths == nil {
		if json.Unmarshal(config, &of.Auths) != nil {
			return nil
		}
	}
	var out registryKeys
	for _, key := range slices.Sorted(maps.Keys(of.Auths)) {
		if host := pod.RegistryHost(key); host != "" && !slices.Contains(out, host) {
			out = append(out, host)
		}
	}
	return out
}

// eachField calls do for each field of bytes of a message.
func eachField(message []byte, do func(protowire.Number, []byte) error) error {
	for len(message) > 0 {
		num, typ, n := protowire.ConsumeTag(message)
		if n < 0 {
			return protowire.ParseError(n)
		}
		message = message[n:]
		if n = protowire.ConsumeFieldValue(num, typ, message); n < 0 {
			return protowire.ParseError(n)
		}
		if typ == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(message)
			if err := do(num, value); err != nil {
				return err
			}
		}
		message = message[n:]
	}
	return nil
}
