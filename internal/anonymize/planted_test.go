package anonymize

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/dump"
	"github.com/kubestuck/stuck/internal/message"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// told are texts in which names stand, each where % is. A name is told by its form alone: no object has it.
var told = []string{
	// hosts
	`dial tcp: lookup %.corp.internal on 10.96.0.10:53: no such host`, `Get "https://%.acme-corp.com/v2/": EOF`,
	`dial tcp: lookup % on 10.96.0.10:53: no such host`, `dial tcp %:5432: connect: connection refused`,
	`postgres://app@%/x`, `connection to server at "%" (10.1.2.3), port 5432 failed`,
	`could not resolve host: %.acme.local`,
	`mount.nfs: access denied by server while mounting %:/export`, `//%/share`, `//nas01/%`,
	`x509: certificate is valid for %.acme.io, b.acme.io, not c.acme.io`,
	`x509: certificate is valid for a.acme.io, not %.acme.io`,
	`wss://%.acme.de:8443/x`, `HOST=%.acme.co.uk`, `smtp %.mail.acme.eu refused`, `%.ACME-CORP.COM is down`,
	`redis://%:6379/0`, `host=% port=5432`, `"host":"%"`, `%.eu-west-1.rds.amazonaws.com:3306`,
	`Post "https://%.x1.svc:443/v": EOF`, `x1.%.svc.cluster.local`, `project %`, `%.doe@acme.com`,
	`https://%.blob.core.windows.net/c`, `%.azurecr.io/app:1`, `%.s3.eu-west-1.amazonaws.com`,
	`%.privatelink.westeurope.azmk8s.io`, `kafka-0.%.acme.cloud:9092`,
	// people
	`User "%@acme.com" cannot get`, `mail to %@acme.com`, `user=%`, `username=%,password=REDACTED`,
	`password authentication failed for user "%"`, `Access denied for user '%'@'10.0.0.1'`,
	`https://%:REDACTED@git.acme.com/x`,
	`ACME\%: logon failure`, `nfs/%@ACME.COM: no such principal`, `User % cannot list resource`,
	`principal "%" is unknown`, `owner "%"`, `"username":"%"`, `login failed for '%@acme.com'`, `sub=%`,
	// clouds
	`arn:aws:iam::123456789012:role/%`, `arn:aws:iam::123456789012:role/team/%`,
	`arn:aws:sts::123456789012:assumed-role/%/x`,
	`arn:aws:sts::123456789012:assumed-role/x1/%`, `arn:aws:eks:eu-west-1:123456789012:cluster/%`,
	`arn:aws:secretsmanager:eu-west-1:123456789012:secret:%`, `arn:aws:s3:::%`, `arn:aws:iam::123456789012:user/%`,
	`projects/%/zones/europe-west1-b`, `projects/p1/serviceAccounts/%@p1.iam.gserviceaccount.com`,
	`x@%.iam.gserviceaccount.com`, `/subscriptions/1c9e5b8a-7f30-4b02-9d4f-6a3f1f0c2b11/resourceGroups/%/providers/x`,
	`/resourcegroups/%/`, `project "%" not found`, `project=%`, `europe-docker.pkg.dev/%/repo/app:1`,
	`europe-docker.pkg.dev/p1/%/app:1`, `gcr.io/%/app:1`, `ghcr.io/%/app:1`, `docker.io/%/app:1`, `quay.io/acme/%:1`,
	`role "%" is not authorized`, `not authorized to assume role %.acme.io`, `bucket "%"`, `bucket=%`, `cluster "%"`,
	`account "%"`, `tenant=%`, `vault "%"`, `subscription "%"`, `resource group "%" could not be found`, `disks/%`,
	`clusters/%`, `keyRings/%/cryptoKeys/k`, `storageAccounts/%`, `virtualMachines/%`, `https://github.com/%/x.git`,
	`https://github.com/acme/%.git`, `organizations/%`, `database "%" does not exist`, `dbname=%`, `topic "%"`, `queue=%`,
	`workspace "%"`, `realm="%"`, `cluster_name=%`, `resourceGroup=%`, `snapshots/%`,
	// certificates
	`CN=%,O=Acme`, `CN=x1,O=%`, `subject: CN = %, OU = x1`, `OU=%`, `candidate authority certificate "%"`,
	`certificate "%" has expired`, `issuer "%" not found`, `clusterissuer "%" not ready`, `signer "%"`,
	// objects of kinds that a snapshot does not have, or that it lacks
	`secret "%" not found`, `configmaps "%" is forbidden`, `serviceaccounts "%" not found`,
	`persistentvolumeclaim "%" not found`,
	`storageclass.storage.k8s.io "%" not found`, `node "%" not found`, `namespaces "%" not found`, `priorityclass "%"`,
	`runtimeclass "%" not found`, `/api/v1/namespaces/%/pods`, `/api/v1/namespaces/x1/secrets/%`, `nodes/%/proxy`,
	`system:serviceaccount:%:default`, `system:serviceaccount:x1:%`, `system:node:%`, `secret="x1/%"`, `secret="%/x1"`,
	`ingress "%"`, `webhook "%.acme.io" denied`, `failed calling webhook "%"`, `endpoints "%" not found`, `team=%`,
	`iqn.2001-04.com.acme:%`, `share=%`, `pool "%"`, `customer "%"`, `environment=%`, `provisioner "%"`, `driver=%`,
}

// formed are values that are told by their form, and have none of the planted name in it.
var formed = []string{"2001:db8:85a3::8a2e:370:7334", "2001:0DB8:85A3:0000:0000:8A2E:0370:7335",
	"fe80::1ff:fe23:4567:890a",
	"::ffff:192.168.77.9", "2001:db8:1::/48", "1C9E5B8A-7F30-4B02-9D4F-6A3F1F0C2B11",
	"7d9c5b64-f8a1-4b02-9d4f-6a3f1f0c2b12",
	"210987654321", "52:54:00:a1:b2:c3", "i-0abc12def3456789a", "vol-0123abcd", "subnet-0a1b2c3d", "192.168.77.5",
	"9F86D081884C7D659A2FEAA0C55AD015", "vpc-0abc1234"}

// stay are fields of which the names stay, as --help says: those of containers, their volumes and ports, of variables,
// keys and labels, and what is no name.
var stay = regexp.MustCompile(`^(?:(?:Container|ContainerStatus|EphemeralContainerCommon|Volume|VolumeMount|` +
	`VolumeDevice|` +
	`VolumeMountStatus|ContainerPort|ServicePort|EnvVar|PodResourceClaim\w*|ResourceClaim|PodVolumeHealth)\.Name|` +
	`.*\.Key|` +
	`.*Keys|.*Path|.*ContainerName|KeyToPath.*|.*\.Prefix|ContainerLog\..*|.*\.Requests?|.*\.RequestName|` +
	`.*\.Containers|.*Key|` +
	`.*\.SubPath(?:Expr)?|.*\.Expression|.*\.WorkingDir|.*\.FieldPath|Labels key|.*\.Resources?|.*Keyring|` +
	`.*\.SecretFile|` +
	`.*\.Finalizers|.*ResourceName|.*\.Args|.*\.Command|.*\.Message|.*MountOptions|.*\.ConditionType|.*\.Type|.*\.Lines|` +
	`.*LocalhostProfile|IntOrString\.StrVal|.*\.ManagedBy|.*\.Component|.*\.Reporting\w+|.*\.VolumesInUse|` +
	`MatchCondition\.Name|` +
	`.*\.Manager|.*\.Device|.*\.Directory|.*\.Revision|.*\.Name \(NodeFacts\)|.*\.Description|.*Interface\w*|` +
	`.*\.ResourceID|` +
	`StorageHealth\.Name|ObjectMeta\.Name(?:space)?|OwnerReference\.Name|.*IPs?|.*CIDRs?|.*SourceRanges|Nameservers|` +
	`.*ContainerID|.*MachineID|.*UUID|.*BootID|.*\.VolumeName|.*Nameservers|Node\w*Resources\.Name|ResourceStatus\.Name|` +
	`.*Index|.*\.URL|StatefulSetStatus.*|Uncounted.*|DeviceDerived.*|.*Attribute|.*HardwareAddress|.*ShareID|` +
	`PodDNSConfigOption\.Value|.*\.Error|.*\.GenerateName|.*\.SelfLink|.*\.UID)$`)

// fields fills every field of an object that may hold a name with one that no other has.
type fields struct{ all map[string]string }

func (f *fields) next(where string) string {
	name := fmt.Sprintf("qx%04dz", len(f.all)+1)
	f.all[name] = where
	return name
}

func (f *fields) fill(v reflect.Value, of, field string, depth int) {
	if depth > 12 || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if r, _ := ruleOf(of, field, v.Type().Name()); r != isWord && !stay.MatchString(of+"."+field) {
			v.SetString(f.next(of + "." + field))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), of, field, depth+1)
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			f.fill(v.Index(0), of, field, depth+1)
		}
	case reflect.Map:
		if field == "Labels" || field == "MatchLabels" || field == "NodeSelector" || field == "Selector" {
			v.Set(reflect.ValueOf(map[string]string{"team": f.next(of + "." + field)}))
		}
	case reflect.Struct:
		if n := v.Type().Name(); n == "Time" || n == "MicroTime" || n == "Quantity" || n == "ManagedFieldsEntry" {
			return
		}
		for i := range v.NumField() {
			f.fill(v.Field(i), v.Type().Name(), v.Type().Field(i).Name, depth+1)
		}
	}
}

// TestPlantedNames plants a name in every field of every kind that may hold one, and in texts in every form in which
// names are told there; under pseudonyms none of them is left.
func TestPlantedNames(t *testing.T) {
	f := &fields{map[string]string{}}
	b := cluster.NewBuilder(time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC))
	for _, k := range cluster.Kinds {
		if k.Name == "ContainerLog" || k.Name == "NodeFacts" {
			continue
		}
		o := k.New()
		f.fill(reflect.ValueOf(o).Elem(), "", "", 0)
		b.Add(k.Name, o)
	}
	for i, text := range told {
		b.Add("Event", &corev1.Event{ObjectMeta: metav1.ObjectMeta{Namespace: "x", Name: fmt.Sprint("e", i)},
			Reason: "Failed", Message: strings.ReplaceAll(text, "%", f.next(text))})
	}
	var forms []string
	for i, value := range formed {
		f.all[value] = "by its form"
		forms = append(forms, value)
		b.Add("Event", &corev1.Event{ObjectMeta: metav1.ObjectMeta{Namespace: "x", Name: fmt.Sprint("f", i)},
			Message: "cannot reach [" + value + "]: " + value + ", or " + value})
	}
	gap := f.next("a gap")
	b.Gap(cluster.Gap{What: message.Quote("pods"), Why: message.Quote(`Get "https://` + gap + `.acme.com": EOF`)})
	t.Logf("%d names, %d by their form alone", len(f.all), len(told)+len(forms))
	if len(f.all) < 195 {
		t.Fatalf("only %d names are planted", len(f.all))
	}
	s, _, err := Pseudonyms(b.Snapshot(), func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	files := memory{}
	if err := dump.Write(files.create, s); err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	for _, file := range files {
		all.Write(file.Bytes())
	}
	low := strings.ToLower(all.String())
	var left []string
	for name, where := range f.all {
		if strings.Contains(low, strings.ToLower(strings.TrimSuffix(name, "/48"))) {
			left = append(left, name+" in "+where)
		}
	}
	slices.Sort(left)
	if len(left) > 0 {
		t.Errorf("%d of %d names are left:\n%s", len(left), len(f.all), strings.Join(left, "\n"))
	}
}
