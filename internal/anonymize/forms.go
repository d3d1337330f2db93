package anonymize

import (
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

var (
	// hosts are names with dots in them that end as a name in the DNS does.
	hosts = match.Lazy(`(?i)(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z]\b`)
	// emails are addresses, the first group being whose.
	emails = match.Lazy(`(?i)([a-z0-9][a-z0-9._%+-]*)@([a-z0-9][a-z0-9.-]*)`)
	// arns are names at AWS: arn:aws:iam::123456789012:role/path/name.
	arns = match.Lazy(`\barn:[\w-]+:[\w-]*:[\w-]*:\d*:([^\s"'\\,;)\]]+)`)
	// paths are parts of addresses at a cloud, at a registry of code, and of the API server.
	paths = match.Lazy(`(?i)\b(projects?|subscriptions?|resourcegroups?|accounts?|clusters?|managedclusters|` +
		`repositories|` +
		`tenants?|organizations?|orgs|folders|serviceaccounts?|instances|disks|snapshots|vaults?|secrets|keys|users|roles?|` +
		`buckets?|networks?|subnetworks|subnets|nodepools|node-?groups?|namespaces|pods|services|configmaps|nodes|` +
		`teams|groups|` +
		`persistentvolumeclaims|persistentvolumes|deployments|statefulsets|daemonsets|replicasets|jobs|leases|topics|` +
		`keyrings|cryptokeys|storageaccounts|virtualmachines|assumed-role|instance-profile|policy|workspaces|realms|` +
		`databases|servers)/([\w.+@-]+)`)
	// repos are addresses of two parts.
	repos = match.Lazy(`\b(github\.com|gitlab\.com|bitbucket\.org|assumed-role)[/:]([\w.+@-]+)/([\w.+@-]+)`)
	// quoted are names in quotes behind what they are of.
	quoted = match.Lazy(`(?i)\b([a-z]+)(?:s|\.[a-z0-9.-]+)?(?: (?:name|id|named|called|at))?` +
		`(?: ?[:=])? ?\\*["'‘“]([^"'’”\\\s]{2,120})\\*["'’”]`)
	// given are names behind what they are of, as options and structured logs have them.
	given = match.Lazy(`(?i)(?:^|[\s,;?&({\["'-])(project(?:_?id)?|account(?:_?name)?|tenant(?:_?id)?|` +
		`cluster(?:_?name)?|` +
		`user(?:_?name)?|login|role(?:_?name)?|bucket|vault|database|dbname|db|host(?:_?name)?|server|realm|org|` +
		`organization|` +
		`team|customer|subscription|resource_?group|vpc|subnet|domain|group|owner|principal|issuer|share|pool|fsname|` +
		`namespace|node|pod|deployment|workspace|environment|instance|scope|queue|topic|keyspace|schema|tenant|zone|dc|` +
		`nodename|service|secret(?:_?name)?|profile|client_?id|app(?:_?name)?|repo(?:sitory)?|sub|iss|aud|driver|` +
		`provisioner|scheduler)` +
		`(?:\\*["']?=\\*["']?|\\*["']: ?\\*["'])([A-Za-z][\w.@+-]+)`)
	// bare are hosts without a dot where nothing else can stand.
	bare = match.Lazy(`(?:\blookup |\bdial (?:tcp|udp)4?6? |://(?:[^/\s@"']*@)?|\bto host )` +
		`([A-Za-z0-9][\w.-]*)|(?:^|[\s"'=])([a-z0-9][a-z0-9.-]*):/[\w]|(?:^|[\s"'=])//([A-Za-z0-9][\w.-]*)/([\w.$-]+)`)
	// userOf are the users of URLs, of Windows and of Kerberos, and of scp.
	userOf = match.Lazy(`://([^/\s:@"']+)(?::[^/\s@"']*)?@|\b([A-Z][A-Z0-9-]+)\\{1,2}([A-Za-z][\w.-]+)|` +
		`\b([a-z][\w.-]*)/[\w.-]+@[A-Z]`)
	// spoken are names without quotes behind what they are of.
	spoken = match.Lazy(`\b(project|bucket|tenant|vault|realm|organization|subscription|team|customer|workspace) ` +
		`([a-z][a-z0-9-]+)\b`)
	// subjects are parts of the names of certificates: CN=acme-root,O=Acme.
	subjects = match.Lazy(`\b(CN|O|OU|L|ST|DC|SERIALNUMBER|UID) ?= ?"?([^,/+;"'\\)\]\n]{2,80})`)
	// valid are the names that a certificate has.
	valid = match.Lazy(`certificate is (?:valid for|` +
		`not valid for any names, but wanted to match) ([^"'\n]+?)(?:, not (\S+)|$)`)
	// iqns are names of targets of iSCSI, and wwns of disks.
	iqns = match.Lazy(`(?i)\b(?:iqn\.\d{4}-\d{2}\.[\w.:-]+|nqn\.\d{4}-\d{2}\.[\w.:-]+)`)
	// service accounts and nodes, as the API server calls them.
	identities = match.Lazy(`system:serviceaccounts?:([\w.-]+)(?::([\w.-]+))?|system:node:([\w.-]+)`)
	// pathsOfImages are what follows the host of a registry.
	pathsOfImages = match.Lazy(`(?i)\b(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/((?:[\w.-]+/)*[\w.-]+)`)
	// namedUser is a user without quotes: User alice cannot …, for user app.
	namedUser = match.Lazy(`\b(?:[Uu]ser|principal|[Ll]ogged in as|account) ([A-Za-z][\w.@+-]+) (?:cannot|is not|` +
		`does not|has no|lacks|was)`)
)

// forms takes up the names that stand in a text, by their form.
func (n *names) forms(s string) {
	if len(s) < 3 || n.seen[s] {
		return
	}
	n.seen[s] = true
	if strings.Contains(s, "@") {
		for _, m := range emails().FindAllStringSubmatch(s, -1) {
			if !strings.HasPrefix(m[2], "sha") {
				n.add("user", m[1])
				n.hostName(m[2])
			}
		}
	}
	if strings.Contains(s, ".") {
		for _, m := range hosts().FindAllStringIndex(s, -1) {
			n.hostAt(s, m[0], m[1])
		}
		n.imagesIn(s)
	}
	if strings.Contains(s, "/") {
		n.pathsIn(s)
	}
	if strings.ContainsAny(s, `"'‘“`) {
		for _, m := range quoted().FindAllStringSubmatch(s, -1) {
			n.subject(strings.ToLower(m[1]), m[2])
		}
	}
	if strings.ContainsAny(s, "=:") {
		n.givenIn(s)
	}
	for _, m := range bare().FindAllStringSubmatch(s, -1) {
		for _, host := range m[1:4] {
			n.hostName(host)
		}
		n.found("share", m[4])
	}
	for _, m := range spoken().FindAllStringSubmatch(s, -1) {
		if strings.ContainsAny(m[2], "-0123456789") {
			n.subject(m[1], m[2])
		}
	}
	for _, m := range valid().FindAllStringSubmatch(s, -1) {
		for host := range strings.SplitSeq(m[1]+", "+m[2], ", ") {
			n.hostName(strings.TrimPrefix(strings.TrimSpace(host), "*."))
		}
	}
	for _, m := range namedUser().FindAllStringSubmatch(s, -1) {
		n.found("user", m[1])
	}
}

func (n *names) givenIn(s string) {
	for _, iqn := range iqns().FindAllString(s, -1) {
		n.found("iqn", strings.TrimRight(iqn, ".:-"))
	}
	for _, m := range given().FindAllStringSubmatch(s, -1) {
		n.subject(strings.ToLower(m[1]), m[2])
	}
	for _, m := range subjects().FindAllStringSubmatch(s, -1) {
		n.found("subject", strings.TrimSpace(m[2]))
	}
	for _, m := range identities().FindAllStringSubmatch(s, -1) {
		n.found("ns", m[1])
		n.found("account", m[2])
		n.found("node", m[3])
	}
	for _, m := range userOf().FindAllStringSubmatch(s, -1) {
		for _, user := range m[1:] {
			n.found("user", user)
		}
	}
	for _, m := range arns().FindAllStringSubmatch(s, -1) {
		parts := strings.FieldsFunc(m[1], func(r rune) bool { return r == '/' || r == ':' })
		for i, part := range parts {
			if i > 0 || len(parts) == 1 {
				n.found(kindOf(parts[0]), strings.TrimRight(part, ".*"))
			}
		}
	}
}

func (n *names) pathsIn(s string) {
	for _, m := range paths().FindAllStringSubmatch(s, -1) {
		if kind := strings.ToLower(m[1]); m[2] != "" && !strings.Contains(m[2], "kubernetes.io") {
			n.found(kindOf(kind), m[2])
		}
	}
	for _, m := range repos().FindAllStringSubmatch(s, -1) {
		n.found(kindOf(m[1]), m[2])
		n.found("name", strings.TrimSuffix(m[3], ".git"))
	}
}

// imagesIn takes up the paths of images that stand in a text with the host of their registry.
func (n *names) imagesIn(s string) {
	for _, m := range pathsOfImages().FindAllStringSubmatch(s, -1) {
		host, _, _ := strings.Cut(m[0], "/")
		if host, _, _ = strings.Cut(host, ":"); n.registry(host) {
			n.imageParts(host + "/" + m[1])
		}
	}
}

// registry reports whether images are pulled from a host: it is one that all the world pulls from, or has a name for
// them already.
func (n *names) registry(host string) bool {
	return n.of[host] == "registry" || publicRegistry().MatchString(host)
}

var publicRegistry = match.Lazy(`^(?:docker\.io|index\.docker\.io|registry-1\.docker\.io|quay\.io|gcr\.io|` +
	`(?:\w+\.)?gcr\.io|` +
	`ghcr\.io|[\w-]+\.pkg\.dev|registry\.gitlab\.com|public\.ecr\.aws|[\w.-]+\.amazonaws\.com|[\w-]+\.azurecr\.io|` +
	`[\w.-]+\.aliyuncs\.com)$`)

// subjectKinds are what names in quotes, or behind an equals sign, are of.
var subjectKinds = map[string]string{"user": "user", "username": "user", "login": "user", "principal": "user",
	"owner": "user", "sub": "user", "clientid": "user", "client_id": "user", "role": "role", "clusterrole": "role",
	"rolebinding": "role", "clusterrolebinding": "role", "rolename": "role", "policy": "role", "profile": "role",
	"project": "project", "projectid": "project", "project_id": "project", "account": "account", "accountname": "account",
	"serviceaccount": "account", "bucket": "bucket", "database": "database", "dbname": "database", "db": "database",
	"schema": "database", "keyspace": "database", "table": "database", "relation": "database", "tenant": "tenant",
	"workspace": "workspace", "organization": "org", "org": "org", "team": "team", "group": "group",
	"customer": "customer",
	"cluster":  "cluster", "clustername": "cluster", "cluster_name": "cluster",
	"vault": "vault", "subscription": "project",
	"resourcegroup": "group", "resource_group": "group", "certificate": "certificate", "issuer": "issuer",
	"clusterissuer": "issuer", "iss": "issuer", "signer": "signer", "signername": "signer", "aud": "audience",
	"audience": "audience", "realm": "realm", "domain": "domain", "host": "host", "hostname": "host", "server": "host",
	"nodename": "node", "instance": "host", "node": "node", "pod": "pod", "namespace": "ns", "secret": "secret",
	"secretname": "secret", "configmap": "configmap", "persistentvolumeclaim": "claim", "pvc": "claim", "claim": "claim",
	"persistentvolume": "pv", "storageclass": "class", "runtimeclass": "runtimeclass", "priorityclass": "priority",
	"service": "service", "deployment": "workload", "statefulset": "workload", "daemonset": "workload",
	"replicaset": "workload", "job": "workload", "cronjob": "workload", "resourceclaim": "devices", "app": "workload",
	"appname": "workload", "vpc": "network", "subnet": "network", "network": "network", "queue": "queue", "topic": "topic",
	"share": "share", "pool": "pool", "fsname": "pool", "repository": "image", "repo": "image", "webhook": "webhook",
	"driver": "driver", "provisioner": "driver", "scheduler": "scheduler", "environment": "name", "scope": "name",
	"zone": "zone", "dc": "zone", "quota": "quota", "resourcequota": "quota", "limitrange": "limitrange", "lease": "lease",
	"podgroup": "name", "nodepool": "pool", "nodegroup": "pool", "machine": "host", "endpoint": "service",
	"ingress": "service", "gateway": "service", "volumesnapshot": "pv", "volumeattachment": "attachment",
	"snapshot": "pv", "trustbundle": "certificate", "clustertrustbundle": "certificate", "ca": "certificate",
	"key": "", "volume": "", "container": "", "file": "", "field": "", "label": "", "annotation": "", "port": ""}

// subject takes up a name that stands behind what it is of.
func (n *names) subject(of, name string) {
	kind, ok := subjectKinds[of]
	if !ok {
		kind, ok = subjectKinds[strings.TrimSuffix(of, "s")]
	}
	if !ok || kind == "" {
		return
	}
	switch {
	case strings.HasPrefix(name, "system:"), strings.Contains(name, "://"), strings.HasPrefix(name, "/"):
		return // found by other forms
	case strings.Contains(name, "@"):
		return
	case strings.Count(name, "/") == 1 && kind != "signer" && kind != "image":
		namespace, object, _ := strings.Cut(name, "/")
		n.found("ns", namespace)
		n.found(kind, object)
		return
	}
	n.found(kind, name)
}

// kindOf is what the pseudonym of a part of an address begins with: projects/acme, resourceGroups/acme.
func kindOf(segment string) string {
	one := strings.TrimSuffix(strings.ToLower(segment), "s")
	if kind := subjectKinds[one]; kind != "" {
		return kind
	}
	switch one {
	case "assumed-role", "instance-profile":
		return "role"
	}
	return "name"
}

// found takes up a name that was found by its form, unless it is a word, a number, a version or an address, which have
// forms of their own.
func (n *names) found(kind, name string) {
	name = strings.Trim(name, ".:,;")
	if len(name) < 2 || !plainName().MatchString(name) || notName().MatchString(name) {
		return
	}
	if strings.Contains(name, ".") && dnsName().MatchString(strings.ToLower(name)) {
		n.hostAt(name, 0, len(name))
		return
	}
	n.add(kind, name)
}

var (
	plainName = match.Lazy(`^[\pL\d_][\pL\d_.@+$&: -]*$`)
	notName   = match.Lazy(`^(?:[\d.:]+|v?\d+(?:\.\d+)+(?:[-+]\S*)?|[0-9a-fA-F]{12,}|[0-9a-fA-F-]{36}|REDACTED|` +
		`(?:i|vol|vpc|subnet|sg|eni|snap|ami|lt|rtb|igw|nat|tgw|acl|fs|fsap)-[0-9a-f]+|[A-Z][a-z]+ [a-z].*)$`)
	dnsName = match.Lazy(`^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$`)
)
