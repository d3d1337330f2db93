package anonymize

import (
	"reflect"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// What a text field of an object may hold. The tables below name the exceptions: any other field holds a name, so that
// one which a later Kubernetes adds is not given away.
type rule int

const (
	isName  rule = iota // all of it is a name
	isText              // names stand in it among words
	isWord              // words of Kubernetes and of its components
	isImage             // the reference of an image
	isParts             // names joined by signs: aws:///eu-west-1a/NAME, NAME:6789
)

// wordFields are fields that hold no names.
var wordFields = wordSet(`APIVersion Kind APIGroup APIGroups APIVersions AdmissionReviewVersions Action Architecture
	OperatingSystem OSImage OS Kernel KernelVersion ContainerRuntimeVersion KubeProxyVersion KubeletVersion
	DeclaredFeatures FSType Type Types State Role Roles Code FieldsType Operation Operator ResourceVersion Subresource Scope
	KeyType Schedule TimeZone IPAM Wait Zone CgroupDriver Version Phase Status Reason Level AppProtocol TrafficDistribution
	CompletedIndexes FailedIndexes SucceededIndexes Health CachingMode Mode StorageMode NodeFacts.Source
	Program.Name Package.Name Package.Manager Package.Origin Installed.Name Installed.Package Helper.Name Runtime.Name
	Sysctl.Name Sysctl.Value DisableResizePreemption PodDNSConfigOption.Name RuntimeCondition.Type Usage.What User.Kind
	SELinuxOptions.User SELinuxOptions.Role SELinuxOptions.Type SELinuxOptions.Level ResourceFieldSelector.Resource`)

// textFields are fields in which names stand among words, and those whose names stay: of containers, their volumes and
// ports, of variables and keys.
var textFields = wordSet(`Message Why Args Command FieldPath MountPath Path SubPath SubPathExpr WorkingDir
	TerminationMessagePath MountOptions BindMountOptions Expression Lines
	ContainerID UID MachineID SystemUUID BootID IP PodIP HostIP ClusterIP ClusterIPs ExternalIPs LoadBalancerIP
	LoadBalancerSourceRanges Nameservers PodCIDR PodCIDRs From To Subnet URL Cgroup Device DevicePath SelfLink
	Error What Endpoint RuntimeEndpoint ConfigFile ResolvConf RootDir BinDirs ConfDir Target Invalid PodUID IDs ID Digest
	CNILoadStatus FlannelSubnet Component ReportingController ReportingInstance Finalizers TopologyKey TopologyKeys Key
	MatchLabelKeys MismatchLabelKeys Resources StrVal LocalhostProfile Quota Hardware HardwareAddress IPs Prefix
	SecretFile Keyring CertificateChainPath CredentialBundlePath KeyPath KubeletConfigKey ManagedFieldsEntry.Manager
	Mount.Source Mount.Volume Mount.Container Container.Name ContainerStatus.Name
	EphemeralContainerCommon.Name EphemeralContainer.TargetContainerName ContainerName Container.ID Volume.Name
	VolumeMount.Name VolumeMountStatus.Name VolumeDevice.Name FileKeySelector.VolumeName ContainerPort.Name
	ServicePort.Name EnvVar.Name PodResourceClaim.Name PodResourceClaimStatus.Name ResourceClaim.Name ResourceClaim.Request
	Requests Request RequestName Containers ObjectMeta.Name ObjectMeta.Namespace ObjectMeta.GenerateName
	OwnerReference.Name CNIFile.Name CNIFile.Network IPRange.Network ThinPool.Name HeldName.Name
	HeldDevice.Holder Handlers ContainerLog.Pod ContainerLog.Container PodDNSConfigOption.Value
	NodeAddress.Address CurrentRevision UpdateRevision Revision Interface ISCSIInterface InterfaceName
	MatchCondition.Name PodVolumeHealth.Name StorageHealth.Name PodCondition.Type ResourceName ManagedBy`)

// partFields are fields in which names are joined by signs, and imageFields those that refer to an image.
var (
	partFields = wordSet(`HolderIdentity PreferredHolder CSINodeDriver.NodeID DataDiskURI VolumeID VolumePath TargetPortal
		Portals Monitors CephMonitors Gateway Repository Host Server Registry ProviderID ExternalName DoNotUseExternalID
		VolumeHandle AttachedVolume.Name`)
	imageFields = wordSet(`Image Images Reference ImageRef ImageID Names`)
)

// prefixOf is what the pseudonym of a name begins with, by the field that holds it. Others are called name.
var prefixOf = map[string]string{
	"SchedulerName": "scheduler", "PriorityClassName": "priority", "RuntimeClassName": "runtimeclass",
	"Driver": "driver", "Provisioner": "driver", "Attacher": "driver", "CSINodeDriver.Name": "driver",
	"SecretReference.Name": "secret", "SecretName": "secret", "LocalObjectReference.Name": "secret",
	"SignerName": "signer", "Audience": "audience", "Hostnames": "host", "Searches": "domain", "Hostname": "host",
	"Subdomain": "host", "HostnameOverride": "host", "ClaimName": "claim", "VolumeName": "pv", "NodeName": "node",
	"StorageClassName": "class", "VolumeHandle": "handle", "SecretNamespace": "ns", "Namespace": "ns",
	"ServiceName": "service", "ServiceReference.Name": "service", "IQN": "iqn", "InitiatorName": "iqn",
	"MutatingWebhook.Name": "webhook", "ValidatingWebhook.Name": "webhook", "Handler": "handler",
	"PodSchedulingGate.Name": "gate", "Values": "value", "Value": "value", "RunAsUserName": "user", "User": "user",
	"RadosUser": "user", "Host": "host", "Server": "host", "ExternalName": "host", "Monitors": "host",
	"CephMonitors": "host", "Gateway": "host", "TargetPortal": "host", "Portals": "host", "Registry": "host",
	"NodeRuntimeHandler.Name": "handler", "HolderIdentity": "holder", "PreferredHolder": "holder",
	"DatasetName": "dataset",
	"Namespaces":  "ns", "Tenant": "tenant", "Group": "group",
}

// textTypes are types of texts, beside string itself, that hold names: all others are words of the API.
var textTypes = wordSet(`UID UniqueVolumeName ResourceName SecretType PodConditionType FinalizerName FullyQualifiedName
	ResourceID`)

func wordSet(text string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		all[w] = true
	}
	return all
}

// ruleOf is the rule for a field of a type, and the prefix of its pseudonyms.
func ruleOf(of, field, typ string) (rule, string) {
	whole := of + "." + field
	prefix := prefixOf[whole]
	if prefix == "" {
		prefix = prefixOf[field]
	}
	if prefix == "" {
		prefix = "name"
	}
	switch {
	case typ == "UniqueVolumeName":
		return isParts, prefix
	case textTypes[typ]:
		return isText, prefix
	case typ != "string", wordFields[whole]:
		return isWord, prefix
	case textFields[whole]:
		return isText, prefix
	case partFields[whole], partFields[field]:
		return isParts, prefix
	case imageFields[field]:
		return isImage, prefix
	case prefixOf[whole] != "":
		return isName, prefix
	case wordFields[field]:
		return isWord, prefix
	case textFields[field]:
		return isText, prefix
	}
	return isName, prefix
}

// A visitor is called for every text of an object that is no word. It returns what the text becomes.
type visitor interface {
	name(prefix, s string) string // all of it is a name
	parts(prefix, s string) string
	image(s string) string
	text(s string) string
}

// visit calls a visitor for all texts in a value, which is a field of a type.
func visit(v reflect.Value, of, field string, by visitor) {
	switch v.Kind() {
	case reflect.String:
		if s := becomes(v.String(), of, field, v.Type().Name(), by); s != v.String() {
			v.SetString(s)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			visit(v.Elem(), of, field, by)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			visit(v.Index(i), of, field, by)
		}
	case reflect.Map:
		visitMap(v, of, field, by)
	case reflect.Struct:
		t := v.Type()
		if t.Name() == "Time" || t.Name() == "MicroTime" || t.Name() == "Quantity" {
			return
		}
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				visit(v.Field(i), t.Name(), f.Name, by)
			}
		}
	}
}

func becomes(s, of, field, typ string, by visitor) string {
	if s == "" {
		return s
	}
	switch r, prefix := ruleOf(of, field, typ); r {
	case isName:
		return by.name(prefix, s)
	case isText:
		return by.text(s)
	case isParts:
		return by.parts(prefix, s)
	case isImage:
		return by.image(s)
	}
	return s
}

// visitMap calls a visitor for the keys of a map, which are texts, and for its values: those of labels are names.
func visitMap(v reflect.Value, of, field string, by visitor) {
	if v.Type().Key().Kind() != reflect.String {
		return
	}
	out := reflect.MakeMapWithSize(v.Type(), v.Len())
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, k := range keys { // numbers are given in the order of what is read
		value := reflect.New(v.Type().Elem()).Elem()
		value.Set(v.MapIndex(k))
		if value.Kind() == reflect.String {
			value.SetString(mapValue(field, k.String(), value.String(), by))
		} else {
			visit(value, of, field, by)
		}
		key := reflect.New(k.Type()).Elem()
		key.SetString(by.text(k.String()))
		out.SetMapIndex(key, value)
	}
	if v.Len() > 0 {
		v.Set(out)
	}
}

func mapValue(field, key, value string, by visitor) string {
	switch field {
	case "Annotations":
		if strings.HasSuffix(key, "/networks") {
			return by.parts("network", value)
		}
		if strings.HasSuffix(key, "/tracking-id") {
			return by.parts("value", value)
		}
		if strings.HasSuffix(key, "/release-name") {
			return by.name("value", value)
		}
	case "Labels", "MatchLabels", "NodeSelector", "Selector":
		if !plainLabel().MatchString(key) && value != "" {
			return by.name("value", value)
		}
	}
	return by.text(value)
}

// plainLabel are labels whose values belong to every cluster, or are found in texts.
var plainLabel = match.Lazy(`^(?:(?:beta\.)?kubernetes\.io/(?:os|arch|instance-type|metadata\.name|hostname)|` +
	`node\.kubernetes\.io/.*|node-role\.kubernetes\.io/.*|pod-template-(?:hash|generation)|controller-revision-hash|` +
	`(?:statefulset|apps|batch)\.kubernetes\.io/.*|controller-uid|job-name|app\.kubernetes\.io/version|` +
	`pod-security\.kubernetes\.io/.*)$`)
