package dump

import (
	"bytes"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// decoding decodes as Kubernetes does, but for what a snapshot must not hold or need not: that is skipped
// while it is still text. [cluster.Builder.Add] removes the same from objects that come from elsewhere.
var decoding = json.JoinOptions(
	jsontext.AllowDuplicateNames(true),
	jsontext.AllowInvalidUTF8(true),
	json.WithUnmarshalers(withheld),
)

var withheld = json.JoinUnmarshalers(
	json.UnmarshalFromFunc(managedFields),
	json.UnmarshalFromFunc(images),
	json.UnmarshalFromFunc(envVar),
	json.UnmarshalFromFunc(secret),
	json.UnmarshalFromFunc(configMap),
	json.UnmarshalFromFunc(instant),
)

// managedFields reads of managed fields what a snapshot keeps. They are most of the text of an object.
func managedFields(d *jsontext.Decoder, o *[]metav1.ManagedFieldsEntry) error {
	v, err := d.ReadValue()
	if err != nil || v.Kind() != '[' || !bytes.Contains(v, []byte(`"f:spec"`)) {
		return err
	}
	var all []metav1.ManagedFieldsEntry
	if jsonv1.Unmarshal(v, &all) == nil { // what is of another form is of no use, and of no account
		*o = cluster.Managers(all)
	}
	return nil
}

// images reads of the images of a node what a snapshot may keep: most of them nobody asks about.
func images(d *jsontext.Decoder, o *[]corev1.ContainerImage) error {
	if d.PeekKind() != '[' {
		return d.SkipValue()
	}
	var all []struct {
		Names []string `json:"names"`
	}
	if err := json.UnmarshalDecode(d, &all); err != nil {
		return err
	}
	for _, i := range all {
		if names := cluster.TagsOf(i.Names); len(names) > 0 {
			*o = append(*o, corev1.ContainerImage{Names: names})
		}
	}
	return nil
}

func envVar(d *jsontext.Decoder, o *corev1.EnvVar) error {
	var e struct {
		Name      string               `json:"name"`
		ValueFrom *corev1.EnvVarSource `json:"valueFrom"`
	}
	err := json.UnmarshalDecode(d, &e)
	*o = corev1.EnvVar{Name: e.Name, ValueFrom: e.ValueFrom}
	return err
}

// keys are the keys of a map whose values are nobody's business.
type keys []string

func (k *keys) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() != '{' {
		return d.SkipValue()
	}
	d.ReadToken()
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		*k = append(*k, name.String())
		if err := d.SkipValue(); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// blank is a map with these keys and nothing in them.
func blank[V any](ks ...keys) map[string]V {
	var m map[string]V
	for _, k := range ks {
		for _, key := range k {
			if m == nil {
				m = map[string]V{}
			}
			m[key] = *new(V)
		}
	}
	return m
}

func secret(d *jsontext.Decoder, o *corev1.Secret) error {
	var s struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
		Immutable         *bool             `json:"immutable"`
		Data              keys              `json:"data"`
		StringData        keys              `json:"stringData"`
		Type              corev1.SecretType `json:"type"`
	}
	err := json.UnmarshalDecode(d, &s)
	*o = corev1.Secret{TypeMeta: s.TypeMeta, ObjectMeta: s.ObjectMeta, Immutable: s.Immutable,
		Data: blank[[]byte](s.Data, s.StringData), Type: s.Type}
	return err
}

func configMap(d *jsontext.Decoder, o *corev1.ConfigMap) error {
	var c struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
		Immutable         *bool `json:"immutable"`
		Data              keys  `json:"data"`
		BinaryData        keys  `json:"binaryData"`
	}
	err := json.UnmarshalDecode(d, &c)
	*o = corev1.ConfigMap{TypeMeta: c.TypeMeta, ObjectMeta: c.ObjectMeta, Immutable: c.Immutable,
		Data: blank[string](c.Data), BinaryData: blank[[]byte](c.BinaryData)}
	return err
}

// instant reads a time as metav1.Time does. That one goes through encoding/json, and a dump is full of times.
func instant(d *jsontext.Decoder, o *metav1.Time) error {
	v, err := d.ReadValue()
	if err != nil {
		return err
	}
	if s := strings.Trim(string(v), `"`); v.Kind() == '"' && len(s) == len(v)-2 {
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			o.Time = t.Local()
			return nil
		}
	}
	return o.UnmarshalJSON(v)
}
