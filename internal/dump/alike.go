package dump

import (
	"errors"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Limits on what is remembered of one type: so many bytes of text, and so many parts that nothing else had in common
// until hardly any of the next ones is remembered.
const (
	maxAlike  = 4 << 20
	maxUnlike = 512
)

// errTwice is that a field stands in an object twice, which no program writes: the parts of both are joined.
var errTwice = errors.New("a field stands twice")

// newSharing are the options of a decoder of Pods. Those of one template have most of their text in common: a part is
// decoded once, and kept once, and Pods that have the same share it. They are of one worker, for what trims a Pod
// changes its parts. What cannot be decoded so is to be decoded without.
func newSharing() json.Options {
	var options json.Options
	of := func() func(*jsontext.Decoder, any) error { return (&alike{options: &options}).part }
	labels, resources, containers, volumes, mounts, env, ports := of(), of(), of(), of(), of(), of(), of()
	tolerations, owners, statuses, affinity, probe := of(), of(), of(), of(), of()
	security, podSecurity := of(), of()
	options = json.JoinOptions(decoding, json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o *map[string]string) error { return labels(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o *corev1.ResourceList) error { return resources(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o *[]corev1.Container) error { return containers(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o *[]corev1.Volume) error { return volumes(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o *[]corev1.VolumeMount) error { return mounts(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o *[]corev1.EnvVar) error { return env(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o *[]corev1.ContainerPort) error { return ports(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o *[]corev1.Toleration) error { return tolerations(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o *[]metav1.OwnerReference) error { return owners(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o *[]corev1.ContainerStatus) error { return statuses(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o **corev1.Affinity) error { return affinity(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o **corev1.Probe) error { return probe(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o **corev1.SecurityContext) error { return security(d, o) }),
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, o **corev1.PodSecurityContext) error {
			return podSecurity(d, o)
		}),
		withheld,
	)))
	return options
}

// An alike is the parts of one type that were decoded, by their text.
type alike struct {
	options *json.Options
	seen    map[string]reflect.Value
	bytes   int // of their text
	unlike  int // parts in a row, roughly, that were not there
}

// part decodes a part into what o points to: a list, a map or a pointer.
func (a *alike) part(d *jsontext.Decoder, o any) error {
	if d.StackDepth() == 0 { // the part itself, below
		return errors.ErrUnsupported
	}
	to := reflect.ValueOf(o).Elem()
	if !to.IsNil() {
		return errTwice
	}
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	if known, ok := a.seen[string(raw)]; ok {
		a.unlike = max(a.unlike-4, 0)
		to.Set(known)
		return nil
	}
	if err := json.Unmarshal(raw, o, *a.options); err != nil {
		return err
	}
	if to.Kind() == reflect.Slice { // whoever appends to it must not write into that of another Pod
		to.SetCap(to.Len())
	}
	if a.unlike++; a.unlike > maxUnlike && a.unlike%maxUnlike > 0 {
		return nil
	}
	if a.bytes += len(raw); a.bytes > maxAlike || a.seen == nil {
		a.seen, a.bytes = map[string]reflect.Value{}, len(raw)
	}
	part := reflect.New(to.Type()).Elem()
	part.Set(to)
	a.seen[string(raw)] = part
	return nil
}
