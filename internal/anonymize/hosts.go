package anonymize

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// endings are what the names of hosts end in, beside the two letters of a country: what is registered most, and what
// networks of their own use.
var endings = wordSet(`com net org info biz edu gov mil int arpa io ai app dev cloud tech systems network company group
	bank solutions digital online site store services agency team software engineering technology computer center health
	finance capital money insurance energy media news global international world europe asia africa eu example test invalid
	internal local lan corp home intra intranet private localdomain lab priv ad dmz prod`)

// files are endings of files with two letters, and small words those of countries that are words, too: at the end of a
// sentence without a space.
var (
	files      = wordSet(`go py js ts rb gz xz bz db so md rs hh`)
	smallWords = wordSet(`cc pl sh ml vm id is it at to in on no my me as be by do us`)
)

// publicHosts belong to everyone: software and services whose names tell nothing of who uses them.
var publicHosts = strings.Fields(`k8s.io kubernetes.io x-k8s.io k8s.gcr.io docker.io docker.com quay.io gcr.io ghcr.io
	github.com githubusercontent.com github.io gitlab.com bitbucket.org microsoft.com azure.com google.com googleapis.com
	amazonaws.com aws.com aws.dev azurecr.io windows.net azmk8s.io pkg.dev goog gke.io cluster.local svc in-addr.arpa
	ip6.arpa nvidia.com amd.com intel.com habana.ai xilinx.com cncf.io istio.io linkerd.io cilium.io projectcalico.org
	tigera.io rook.io ceph.com ceph.io longhorn.io openebs.io rancher.io rancher.com cattle.io k3s.io rke2.io openshift.io
	redhat.com redhat.io coreos.com hashicorp.com vaultproject.io argoproj.io fluxcd.io helm.sh cert-manager.io jetstack.io
	letsencrypt.org kyverno.io gatekeeper.sh sigstore.dev knative.dev tekton.dev keda.sh karpenter.sh crossplane.io
	external-secrets.io volcano.sh kubevirt.io metal3.io opencontainers.org openstack.org vmware.com netapp.io
	purestorage.com dell.com hpe.com ibm.com portworx.io storageos.com digitalocean.com linode.com hetzner.cloud
	scaleway.com aliyun.com aliyuncs.com alibabacloud.com tencent.com myqcloud.com huawei.com ubuntu.com debian.org
	alpinelinux.org fedoraproject.org golang.org go.dev npmjs.org pypi.org python.org maven.org apache.org nginx.org
	nginx.com linuxfoundation.org stuck.dev kubeflow.org ray.io spark.apache.org multus.io k8s.cni.cncf.io
	containerd.io runc.io cri-o.io dockerproject.org servicebus.windows.net mongodb.net cloudfront.net azure.net
	gserviceaccount.com snapcraft.io weave.works flannel.io velero.io prometheus.io grafana.com elastic.co hub.docker.com
	kubernetes.default trafficmanager.net azurewebsites.net oci.oraclecloud.com oraclecloud.com ocir.io public.ecr.aws
	localhost.localdomain`)

// serviceLabels are labels of hosts at a cloud that say which service it is, and not whose.
var serviceLabels = match.Lazy(`^(?:s3|dkr|ecr|api|sts|ec2|elb|rds|eks|iam|kms|sqs|sns|efs|fsx|cache|compute|` +
	`internal|www|auth|` +
	`login|management|storage|blob|file|queue|table|dfs|vault|registry|production|cdn|oauth2|container|compute|dns|` +
	`registry-1|index|download|docker|iam|database|servicebus|documents|logs|monitoring|dualstack|fips|cn|us|eu|ap|` +
	`[a-z]{2}(?:-[a-z]+)+-?\d[a-z]?|[a-z]+-[a-z]+\d|[a-z]+us\d?|[a-z]+europe|mcr|raw|objects|codeload|pkg|http|` +
	`secretsmanager|autoscaling|logs|ssm|lambda|dynamodb|cloudformation|gcr|k8s|kubernetes|csi|cloud|azmk8s|hcp|` +
	`\w+-docker|\w+\d?-docker|oss|cos|obs|disk|file|pd|ebs|gp\d|node|topology|accounts?|metadata|disks?)$`)

// cloudHosts are public hosts whose first labels may be whose they are: acme.azurecr.io.
var cloudHosts = strings.Fields(`amazonaws.com azurecr.io windows.net azmk8s.io pkg.dev aliyuncs.com myqcloud.com
	mongodb.net cloudfront.net azure.net gserviceaccount.com azure.com trafficmanager.net azurewebsites.net
	oraclecloud.com ocir.io googleapis.com github.io`)

// serviceHost is the name of a Service in the DNS of a cluster.
var serviceHost = match.Lazy(`^(?:[\w.-]+\.)?([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?$`)

func endsIn(host string, domains []string) (domain string, ok bool) {
	i := slices.IndexFunc(domains, func(d string) bool {
		return host == d || strings.HasSuffix(host, d) && host[len(host)-len(d)-1] == '.'
	})
	if i < 0 {
		return "", false
	}
	return domains[i], true
}

// hostAt takes up a host that stands in a text, unless it only looks like one: a file, a field, a version, a word of a
// program.
func (n *names) hostAt(s string, begin, end int) {
	host := s[begin:end]
	if begin > 0 && strings.IndexByte(`/.\`, s[begin-1]) >= 0 && !strings.HasSuffix(s[:begin], "//") ||
		end < len(s) && (s[end] == '(' || s[end] == '_') {
		return
	}
	if ownHost(host) {
		n.hostName(host)
	}
}

// ownHost reports whether a name with dots is that of a host.
func ownHost(host string) bool {
	labels := strings.Split(host, ".")
	last := strings.ToLower(labels[len(labels)-1])
	if strings.ContainsRune(host, '_') || strings.Trim(host, "0123456789.") == "" {
		return false
	}
	mixed := strings.ToLower(host) != host && strings.ToUpper(host) != host
	switch {
	case last == "svc":
		return true
	case endings[last]:
		return !mixed || len(labels) > 2 || strings.ContainsRune(host, '-')
	case len(last) == 2 && !files[last]:
		return !mixed && (len(labels) > 2 || !smallWords[last])
	}
	return false
}

// hostName takes up a host. At a cloud it is only its first labels that tell whose it is.
func (n *names) hostName(host string) {
	host = strings.Trim(host, ".")
	low := strings.ToLower(host)
	if host == "" || n.of[host] != "" || strings.Trim(host, "0123456789.:") == "" {
		return
	}
	if domain, ok := endsIn(low, cloudHosts); ok {
		for label := range strings.SplitSeq(strings.TrimSuffix(host[:len(host)-len(domain)], "."), ".") {
			if !serviceLabels().MatchString(label) && strings.Trim(label, "0123456789") != "" {
				n.add("name", label)
			}
		}
		return
	}
	if m := serviceHost().FindStringSubmatch(low); m != nil {
		n.add("service", m[1])
		n.add("ns", m[2])
		return
	}
	if domain, ok := endsIn(low, publicHosts); ok {
		if domain != "svc" && domain != "cluster.local" { // there the first parts are names of objects
			n.stays[host] = true
		}
		return
	}
	n.add("host", host)
	if _, domain, ok := strings.Cut(host, "."); ok && strings.Contains(domain, ".") && ownHost(domain) {
		if _, public := endsIn(strings.ToLower(domain), publicHosts); !public {
			n.add("domain", domain) // as one searches it
		}
	}
}
