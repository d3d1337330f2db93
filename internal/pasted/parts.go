package pasted

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var probeText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(exec|http-get|tcp-socket|grpc|unknown) (.*?)\s*delay=(\S+) timeout=(\S+) period=(\S+) ` +
		`#success=(\d+) #failure=(\d+)`)
})

// probe reads http-get http://:8080/healthz delay=0s timeout=1s period=10s #success=1 #failure=3. Source: kubectl,
// describe.DescribeProbe.
func probe(text string) *corev1.Probe {
	m := probeText().FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	seconds := func(text string) int32 {
		d, _ := age(text)
		return int32(d.Seconds())
	}
	number := func(text string) int32 {
		n, _ := strconv.ParseInt(text, 10, 32)
		return int32(n)
	}
	p := &corev1.Probe{InitialDelaySeconds: seconds(m[3]), TimeoutSeconds: seconds(m[4]), PeriodSeconds: seconds(m[5]),
		SuccessThreshold: number(m[6]), FailureThreshold: number(m[7])}
	switch m[1] {
	case "exec":
		p.Exec = &corev1.ExecAction{Command: strings.Fields(strings.Trim(m[2], "[]"))}
	case "http-get":
		if u, err := url.Parse(m[2]); err == nil {
			p.HTTPGet = &corev1.HTTPGetAction{Scheme: corev1.URIScheme(strings.ToUpper(u.Scheme)), Host: u.Hostname(),
				Port: intstr.Parse(u.Port()), Path: u.Path}
		}
	case "tcp-socket":
		i := strings.LastIndexByte(m[2], ':')
		p.TCPSocket = &corev1.TCPSocketAction{Host: m[2][:max(i, 0)], Port: intstr.Parse(m[2][i+1:])}
	case "grpc":
		port, service, _ := strings.Cut(strings.TrimPrefix(m[2], "<pod>:"), " ")
		p.GRPC = &corev1.GRPCAction{Port: number(port)}
		if service != "" {
			p.GRPC.Service = &service
		}
	}
	return p
}

var keyOf = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^<set to the key '([^']*)' (?:of config map|in secret) '([^']*)'>` +
		`(?: +Optional: (true|false))?`)
})

// environment reads NAME: VALUE, and <set to the key 'x' of config map 'y'>. Values are not kept.
func environment(f *field) []corev1.EnvVar {
	var out []corev1.EnvVar
	for _, e := range fields(f.below) {
		v := corev1.EnvVar{Name: e.key}
		if m := keyOf().FindStringSubmatch(e.value); m != nil {
			optional := m[3] == "true"
			name := corev1.LocalObjectReference{Name: m[2]}
			v.ValueFrom = &corev1.EnvVarSource{}
			if strings.Contains(e.value, " in secret ") {
				v.ValueFrom.SecretKeyRef = &corev1.SecretKeySelector{LocalObjectReference: name, Key: m[1], Optional: &optional}
			} else {
				v.ValueFrom.ConfigMapKeyRef = &corev1.ConfigMapKeySelector{LocalObjectReference: name, Key: m[1],
					Optional: &optional}
			}
		}
		out = append(out, v)
	}
	return out
}

var fromSource = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\S+) +(ConfigMap|Secret)(?: with prefix '([^']*)')? +Optional: (true|false)`)
})

// environmentFrom reads NAME  ConfigMap  Optional: false.
func environmentFrom(f *field) []corev1.EnvFromSource {
	var out []corev1.EnvFromSource
	for _, text := range f.texts() {
		m := fromSource().FindStringSubmatch(text)
		if m == nil {
			continue
		}
		optional := m[4] == "true"
		name := corev1.LocalObjectReference{Name: m[1]}
		e := corev1.EnvFromSource{Prefix: m[3]}
		if m[2] == "Secret" {
			e.SecretRef = &corev1.SecretEnvSource{LocalObjectReference: name, Optional: &optional}
		} else {
			e.ConfigMapRef = &corev1.ConfigMapEnvSource{LocalObjectReference: name, Optional: &optional}
		}
		out = append(out, e)
	}
	return out
}

var mountText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\S.*) from (\S+) \((rw|ro)(?:,path="([^"]*)")?\)`)
})

// mounts reads /PATH from VOLUME (rw,path="SUBPATH").
func mounts(f *field) []corev1.VolumeMount {
	var out []corev1.VolumeMount
	for _, text := range f.texts() {
		if m := mountText().FindStringSubmatch(text); m != nil {
			out = append(out, corev1.VolumeMount{Name: m[2], MountPath: m[1], ReadOnly: m[3] == "ro", SubPath: m[4]})
		}
	}
	return out
}

// source is what is behind a volume. Source: kubectl, describe.describeVolumes.
func source(fs []field) corev1.VolumeSource {
	kind, _, _ := strings.Cut(get(fs, "Type"), " ")
	readOnly := get(fs, "ReadOnly") == "true"
	optional := get(fs, "Optional") == "true"
	switch kind {
	case "Secret":
		return corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: get(fs, "SecretName"), Optional: &optional}}
	case "ConfigMap":
		return corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
			LocalObjectReference: corev1.LocalObjectReference{Name: get(fs, "Name")}, Optional: &optional}}
	case "PersistentVolumeClaim":
		return corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{
			ClaimName: get(fs, "ClaimName"), ReadOnly: readOnly}}
	case "HostPath":
		t := corev1.HostPathType(get(fs, "HostPathType"))
		return corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: get(fs, "Path"), Type: &t}}
	case "EmptyDir":
		e := &corev1.EmptyDirVolumeSource{Medium: corev1.StorageMedium(get(fs, "Medium"))}
		if q, err := resource.ParseQuantity(get(fs, "SizeLimit")); err == nil {
			e.SizeLimit = &q
		}
		return corev1.VolumeSource{EmptyDir: e}
	case "NFS":
		return corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{Server: get(fs, "Server"), Path: get(fs, "Path"),
			ReadOnly: readOnly}}
	case "ISCSI":
		return corev1.VolumeSource{ISCSI: &corev1.ISCSIVolumeSource{TargetPortal: get(fs, "TargetPortal"),
			IQN: get(fs, "IQN"), FSType: get(fs, "FSType"), ReadOnly: readOnly}}
	case "CSI":
		return corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{Driver: get(fs, "Driver"), ReadOnly: &readOnly}}
	case "EphemeralVolume":
		return corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{}}
	case "Image":
		return corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: get(fs, "Reference"),
			PullPolicy: corev1.PullPolicy(get(fs, "PullPolicy"))}}
	case "Projected":
		return corev1.VolumeSource{Projected: projected(fs)}
	}
	return corev1.VolumeSource{}
}

// projected reads what is put together in one volume: tokens, ConfigMaps, Secrets, the downward API.
func projected(fs []field) *corev1.ProjectedVolumeSource {
	p := &corev1.ProjectedVolumeSource{}
	for i, f := range fs {
		optional := false
		if i+1 < len(fs) && strings.HasSuffix(fs[i+1].key, "Optional") { // Optional, ConfigMapOptional, SecretOptionalName
			optional = fs[i+1].value == "true"
		}
		name := corev1.LocalObjectReference{Name: f.value}
		switch f.key {
		case "TokenExpirationSeconds":
			p.Sources = append(p.Sources, corev1.VolumeProjection{
				ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token"}})
		case "ConfigMapName":
			p.Sources = append(p.Sources, corev1.VolumeProjection{
				ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: name, Optional: &optional}})
		case "SecretName":
			p.Sources = append(p.Sources, corev1.VolumeProjection{
				Secret: &corev1.SecretProjection{LocalObjectReference: name, Optional: &optional}})
		case "DownwardAPI":
			p.Sources = append(p.Sources, corev1.VolumeProjection{DownwardAPI: &corev1.DownwardAPIProjection{}})
		}
	}
	return p
}
