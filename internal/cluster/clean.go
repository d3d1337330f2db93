package cluster

import (
	"reflect"
	"sync"

	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	"github.com/kubestuck/stuck/internal/redact"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Clean takes out of an object, in place, what looks like a credential, wherever in it: any field that is a text may
// have been written by whoever likes. It also takes out what no cause reads (see [kept]). A node's own facts go through
// it before they leave the node, and everything does before it is in a Snapshot.
func Clean(o metav1.Object) {
	if v := reflect.ValueOf(o); v.Kind() == reflect.Pointer && !v.IsNil() {
		cleanerOf(v.Type().Elem()).clean(v.Elem())
	}
}

// A cleaner knows where the texts of a type are. Most fields hold none, so it is made once for each type.
type cleaner struct {
	kind   reflect.Kind
	fields []field                  // of a struct: those with texts
	elem   *cleaner                 // of what holds others: theirs
	before func(of any)             // leaves out what is not kept, before the texts in it are looked at
	named  func(k, v string) string // of a map: what becomes of a value
	none   bool                     // there are no texts in it
}

type field struct {
	index int
	*cleaner
}

var cleaners sync.Map // by reflect.Type

func cleanerOf(t reflect.Type) *cleaner {
	if c, ok := cleaners.Load(t); ok {
		return c.(*cleaner)
	}
	c := newCleaner(t, map[reflect.Type]*cleaner{})
	cleaners.Store(t, c)
	return c
}

// newCleaner makes the cleaner of a type. A type that holds itself is found among those that are being made.
func newCleaner(t reflect.Type, making map[reflect.Type]*cleaner) *cleaner {
	if c := making[t]; c != nil {
		return c
	}
	c := &cleaner{kind: t.Kind()}
	making[t] = c
	switch t.Kind() {
	case reflect.String:
	case reflect.Pointer, reflect.Slice:
		c.elem = newCleaner(t.Elem(), making)
		c.none = c.elem.none
	case reflect.Map:
		c.elem = newCleaner(t.Elem(), making)
		c.none = t.Key().Kind() != reflect.String || t.Elem().Kind() != reflect.String
		c.named = redact.Value
	case reflect.Struct:
		c.before = hooks[t]
		for i := range t.NumField() {
			f := t.Field(i)
			if fc := newCleaner(f.Type, making); f.IsExported() && !fc.none {
				c.fields = append(c.fields, field{i, fc})
			}
		}
		c.none = len(c.fields) == 0 && c.before == nil
	default:
		c.none = true
	}
	return c
}

func (c *cleaner) clean(v reflect.Value) {
	if c.none {
		return
	}
	switch c.kind {
	case reflect.String:
		if s := v.String(); s != "" {
			if clean := redact.Text(s); clean != s {
				v.SetString(clean)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			c.elem.clean(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.elem.clean(v.Index(i))
		}
	case reflect.Map:
		c.cleanMap(v)
	case reflect.Struct:
		if c.before != nil {
			c.before(v.Addr().Interface())
		}
		for i := range c.fields {
			c.fields[i].clean(v.Field(c.fields[i].index))
		}
	}
}

// cleanMap changes the values of a map of texts.
func (c *cleaner) cleanMap(v reflect.Value) {
	for i := v.MapRange(); i.Next(); {
		was := i.Value().String()
		if is := c.named(i.Key().String(), was); is != was {
			v.SetMapIndex(i.Key(), reflect.ValueOf(is).Convert(v.Type().Elem()))
		}
	}
}

// hooks are what is done to values of some types before the texts in them are looked at.
var hooks = map[reflect.Type]func(any){
	reflect.TypeFor[metav1.ObjectMeta]():               on(keepAnnotations),
	reflect.TypeFor[corev1.PodTemplateSpec]():          on(withhold),
	reflect.TypeFor[corev1.EnvVar]():                   on(func(e *corev1.EnvVar) { e.Value = "" }),
	reflect.TypeFor[corev1.Container]():                on(func(c *corev1.Container) { redact.Args(c.Command, c.Args) }),
	reflect.TypeFor[corev1.EphemeralContainerCommon](): on(cleanEphemeral),
	reflect.TypeFor[corev1.ExecAction]():               on(func(e *corev1.ExecAction) { redact.Args(e.Command) }),
	reflect.TypeFor[corev1.HTTPGetAction]():            on(func(g *corev1.HTTPGetAction) { g.HTTPHeaders = nil }),
	reflect.TypeFor[corev1.Lifecycle]():                on(keepLifecycle),
	reflect.TypeFor[corev1.CSIVolumeSource]():          on(func(s *corev1.CSIVolumeSource) { s.VolumeAttributes = nil }),
	reflect.TypeFor[corev1.FlexVolumeSource]():         on(func(s *corev1.FlexVolumeSource) { s.Options = nil }),
	reflect.TypeFor[corev1.FlexPersistentVolumeSource](): on(func(s *corev1.FlexPersistentVolumeSource) {
		s.Options = nil
	}),
	reflect.TypeFor[corev1.CSIPersistentVolumeSource](): on(keepAttributes),
	reflect.TypeFor[corev1.PersistentVolumeStatus]():    on(func(s *corev1.PersistentVolumeStatus) { s.Message = "" }),
	reflect.TypeFor[storagev1.StorageClass]():           on(func(c *storagev1.StorageClass) { c.Parameters = nil }),
	reflect.TypeFor[storagev1.VolumeAttachmentStatus](): on(func(s *storagev1.VolumeAttachmentStatus) {
		s.AttachmentMetadata = nil
	}),
	reflect.TypeFor[containerlog.ContainerLog](): on(func(l *containerlog.ContainerLog) { redact.Each(l.Lines) }),
}

// on makes a hook of a function for one type.
func on[T any](do func(*T)) func(any) { return func(of any) { do(of.(*T)) } }

func cleanEphemeral(c *corev1.EphemeralContainerCommon) { redact.Args(c.Command, c.Args) }
