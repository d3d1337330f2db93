package applog

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// A form is one way in which programs say something of a kind.
type form struct {
	kind  string
	words []string // one of them is in every line of this form, in lower case
	re    func() *regexp.Regexp
}

func (f *form) mayBe(low string) bool {
	return slices.ContainsFunc(f.words, func(w string) bool { return strings.Contains(low, w) })
}

// Words that are in every line of some forms.
var (
	portWords = []string{"address already in use", "address in use", "eaddrinuse", "already bound",
		"already in use"}
	hostWords = []string{"no such host", "enotfound", "eai_again", "unknownhost", "not known", "bad address",
		"temporary failure in name", "could not translate", "can't resolve", "nxdomain", "host not found",
		"could not resolve host"}
	refusedWords = []string{"refused", "no route to host", "i/o timeout", "connection timed out", "etimedout",
		"can't connect to", "failed to connect", "could not be established"}
	settingWords = []string{"required", "missing", "not set", "unset", "keyerror", "placeholder", "must be",
		"not defined", "undefined", "is empty", "not found"}
)

var certificateWords = []string{"x509", "certificate", "pkix", "private key does not match", "key values mismatch",
	"altname", "subject alternative", "unknown ca"}

// rules: istio-iptables, linkerd's proxy-init, kumactl; iptables, legacy and nft. NVML, CUDA, PyTorch.
var rules = []form{
	{Iptables, []string{"tables"}, match.Lazy(`(?i)tables[^;]{0,200}(?P<again>chain already exists)`)},
	{Iptables, []string{"tables"}, match.Lazy(`(?i)tables[^;]{0,300}(?P<root>you must be root)`)},
	{Iptables, []string{"tables"},
		match.Lazy(`(?i)tables[^;]{0,300}(?:no chain/target/match by that name|can't initialize ` +
			`iptables table|table does not exist|chain '\S+' does not exist|couldn't load match|failed to initialize nft|` +
			`rule_append failed|-restore[^;]{0,120}exit status [12]\b|cache initialization failed)`)},
	{NoDriver, []string{"nvml", "libnvidia-ml", "libcuda.so", "cuda-capable", "nvidia driver"},
		match.Lazy(`(?i)could not load NVML library|NVML[^;]{0,60}(?:ERROR_LIBRARY_NOT_FOUND|library not found|driver not ` +
			`loaded)|(?:libnvidia-ml|libcuda)\.so[.\d]*: cannot open shared|no CUDA-capable device|found no NVIDIA driver`)},
}

// forms are the ways in which the languages, libraries and servers that are run most say it. The first that fits
// counts.
var forms = slices.Concat(rules, data, limits, ports, accesses, files, networks, parts)

// data: PostgreSQL; MongoDB; MySQL and MariaDB; Elasticsearch and OpenSearch; Redis; etcd; RabbitMQ; Gitea; Nextcloud.
// A lock on it: PostgreSQL, MongoDB, InnoDB, Lucene, Kafka, Prometheus, RocksDB and LevelDB, SQLite, H2.
var data = []form{
	{OtherVersion, []string{"version", "downgrad", "upgrade problem", "incompatible with server", "feature flag"},
		match.Lazy(`(?i)data directory was initialized by \w+ version (?P<dataversion>[\d.]+), which is not compatible ` +
			`with this version (?P<programversion>[\d.]+)|` +
			`cannot boot server version (?P<programversion>\d+) on data directory built by version ` +
			`(?P<dataversion>\d+)|` +
			`cannot (?:up|down)grade (?:a )?node from version \[(?P<dataversion>[\w.-]+)\] (?:directly )?to version ` +
			`\[(?P<programversion>[\w.-]+)\]|` +
			`version of the data \((?P<dataversion>[\d.]+)\) is (?:higher|lower) than the docker image version ` +
			`\((?P<programversion>[\d.]+)\)|` +
			`database files are incompatible with server|UPGRADE PROBLEM: |invalid featureCompatibilityVersion document|` +
			`Wrong mongod version|invalid mysql server (?:up|down)grade|(?:downgrade|upgrade after a crash) is not supported|` +
			`can't handle RDB format version|cluster cannot be downgraded|required feature flag not enabled|` +
			`is for a newer \w+, you can ?not use`)},
	{Locked, []string{"lock", "dbpathinuse", "another mongod", "already in use by", "instance in another process"},
		match.Lazy(`(?i)lock file "[^"]{1,200}" already exists|DBPathInUse|unable to lock the lock file|` +
			`another (?:mongod|mysqld|postmaster) (?:instance|process)|unable to lock \.?/\S+ error: 11|` +
			`failed to obtain node locks?|LockObtainFailed|failed to acquire lock on file|` +
			`lock DB directory: resource temporarily|/LOCK: resource temporarily unavailable|` +
			`locked by another process|database may be already in use|storage .{0,60}already (?:open|locked) by another|` +
			`database is locked`)},
}

// limits: Elasticsearch, OpenSearch, SonarQube; InnoDB, ScyllaDB; chokidar and fsnotify; Go, Java, glibc, shells;
// initdb of PostgreSQL, mysqld, MongoDB. They come first, for some of them look like a full disk or too little memory.
var limits = []form{
	{KernelLimit, []string{"max_map_count", "aio-max-nr", "io_setup", "inotify", "file watch", "fsnotify",
		"watcher", "failed complete"},
		match.Lazy(`(?i)(?P<sysctl>vm\.max_map_count)\b.{0,60}\btoo low|/proc/sys/(?P<sysctl>fs/aio-max-nr)\b|` +
			`(?P<aio>io_setup\(\) failed with EAGAIN)|(?P<watches>(?:inotify|file watch)\w*.{0,80}` +
			`(?:limit|no space left|reached)|limit.{0,40}(?:inotify|file watch))|` +
			`(?P<instances>(?:inotify|fsnotify|watchers?\b|^(?:\S+ +){0,5}failed complete:)\w*.{0,80}too many open files)`)},
	{NoThreads, []string{"thread", "fork", "newosproc"},
		match.Lazy(`(?i)failed to create new OS thread|unable to create (?:new )?native thread|pthread_create.{0,60}` +
			`(?:EAGAIN|resource temporarily|failed)|can't start new thread|fork: (?:retry: )?resource temporarily ` +
			`unavailable|fork.{0,40}EAGAIN|^fatal error: newosproc`)},
	{OpenFiles, []string{"too many open files", "emfile"}, match.Lazy(`(?i)too many open files|\bEMFILE\b`)},
	{LineEnds, []string{`\r`, "^m", "bad interpreter"},
		match.Lazy(`(?i)\\r['’"]?: (?:no such file|command not found)|\^M: bad interpreter|\$'\\r'`)},
	{NotEmpty, []string{"not empty", "lost+found", "has files in it", "already contains"},
		match.Lazy(`(?i)directory ["'](?P<path>/[^"']+)["'] exists but is not empty|lost\+found|` +
			`data directory has files in it`)},
}

// ports: Go: listen tcp :8080: bind: address already in use; Node.js: EADDRINUSE: address already in use :::8080;
// nginx: bind() to 0.0.0.0:80 failed (98: Address already in use); Python: [Errno 98] Address already in use.
var ports = []form{
	{PortTaken, portWords,
		match.Lazy(`(?i)^.*(?:[:\]]|', )(?P<port>\d{2,5})\b.{0,60}?(?:in use|EADDRINUSE|already bound)`)},
	{PortTaken, portWords, match.Lazy(`(?i)(?:in use|EADDRINUSE|already bound).{0,40}?:(?P<port>\d{2,5})\b`)},
	{PortTaken, portWords, match.Lazy(`(?i)\bport (?P<port>\d{2,5}) (?:was |is )?already in use`)}, // Spring Boot
	{PortTaken, []string{"address already in use", "address in use", "eaddrinuse", "already bound"},
		match.Lazy(`(?i)in use|EADDRINUSE|already bound`)},
	{PortRefused, []string{"bind"}, match.Lazy(`(?i)^.*[:\]](?P<port>\d{1,5})\b.{0,30}permission denied`)},
	{PortRefused, []string{"bind"}, match.Lazy(`(?i)bind(?:\(\))?.{0,40}permission denied`)},
	{NoAddress, []string{"assign requested address", "eaddrnotavail"},
		match.Lazy(`(?i)(?:listen|bind)\S* .{0,30}?(?P<address>\[?[0-9a-f.:]+\]?:\d{1,5})\b.{0,30}assign requested address|` +
			`listen EADDRNOTAVAIL.{0,40}?(?P<address>[0-9a-f.:]+:\d{1,5})|bind[^c]{0,20}cannot assign requested address`)},
}

// accesses: client-go: configmaps "x" is forbidden: User "system:serviceaccount:ns:sa" cannot get resource "configmaps"
// in API group "" in the namespace "ns". Databases and registries: password authentication failed for user "x".
var accesses = []form{
	{Forbidden, []string{"cannot"}, match.Lazy(`(?i)User \\?"(?P<user>[^"\\]+)\\?" cannot (?P<verb>[a-z]+) resource ` +
		`\\?"(?P<resource>[a-z./-]+)\\?" in API group \\?"(?P<apigroup>[a-z0-9.-]*)\\?"` +
		`(?: in the namespace \\?"(?P<inspace>[a-z0-9-]+)\\?"| at the cluster scope)`)},
	// PostgreSQL: no such user; RabbitMQ; MongoDB; Kafka and LDAP by SASL; Oracle; Redis by its client
	{Login, []string{"auth", "access denied for user", "wrongpass", "credentials", "login", "invalid token",
		"access_refused", "ora-01017", "sasl", "role \""},
		match.Lazy(`(?i)authentication ?failed|access denied for user|WRONGPASS|NOAUTH|(?:invalid|bad) (?:client )?` +
			`credentials|401 unauthorized|login (?:failed|was refused)|invalid token|ACCESS_REFUSED|ORA-01017|` +
			`(?:command )?requires authentication|authentication required|SASL\w* (?:authentication )?(?:failed|error|fail)|` +
			`failed authentication|not authorized on \w+ to execute|role "[^"]{1,63}" does not exist`)},
	{Certificate, certificateWords, match.Lazy(`(?i)(?P<unknown>signed by unknown authority|PKIX path|` +
		`self[- ]signed certificate|unable to get (?:local )?issuer certificate|certificate is not trusted|unknown ca\b)`)},
	{Certificate, certificateWords, match.Lazy(`(?i)x509: |certificate (?:verify failed|has expired|expired)|` +
		`CertificateExpired|subject alternative|altnames:|private key does not match|key values mismatch`)},
	// client-go and controller-runtime, where a CustomResourceDefinition is not installed
	{NoResource, []string{"no matches for kind", "no kind match"},
		match.Lazy(`(?i)no (?:matches for )?kind(?: match for)? \\?"(?P<kind>[A-Za-z][A-Za-z0-9]{0,62})\\?" in ` +
			`(?:version|group) \\?"(?P<group>[a-z0-9.-]{1,253})(?:/[a-z0-9]+)?\\?"`)},
	// PostgreSQL; MySQL
	{NoDatabase, []string{"database"}, match.Lazy(`(?i)(?:database "(?P<database>[\w.-]{1,63})" does not exist|` +
		`unknown database '(?P<database>[\w.-]{1,63})')`)},
}

// files: the kernel's words for an errno, with a path before them (Go, C, shells) or behind them (Python, Node.js).
var files = []form{
	{NoSpace, []string{"no space left", "enospc"},
		match.Lazy(`(?i)["'‘]?(?P<path>/[^\s"'’:,()]*)["'’]?[^/]{0,60}?no space left on device`)},
	{NoSpace, []string{"no space left", "enospc"},
		match.Lazy(`(?i)(?:no space left on device|ENOSPC)(?:.{0,30}?["'](?P<path>/[^"']+))?`)},
	{ReadOnly, []string{"read-only file system", "erofs"},
		match.Lazy(`(?i)["'‘]?(?P<path>/[^\s"'’:,()]*)["'’]?[^/]{0,60}?read-only file system`)},
	{ReadOnly, []string{"read-only file system", "erofs"},
		match.Lazy(`(?i)(?:read-only file system|EROFS)(?:.{0,30}?["'](?P<path>/[^"']+))?`)},
	{Denied, []string{"permission denied", "operation not permitted"},
		match.Lazy(`(?i)["'‘]?(?P<path>/[^\s"'’:,()]*)["'’]?[^/]{0,60}?(?:permission denied|operation not permitted)`)},
	{Denied, []string{"permission denied", "eacces", "operation not permitted"},
		match.Lazy(`(?i)(?:permission denied|EACCES|operation not permitted)(?:.{0,30}?["'](?P<path>/[^"']+))?`)},
}

// networks: Go, Node.js, Java, glibc, libpq, MySQL, busybox, nslookup, nginx.
var networks = []form{
	{NoHost, hostWords, match.Lazy(`(?i)lookup (?P<host>[a-z0-9][a-z0-9.-]*)(?: on \S+)?: no such host`)},
	{NoHost, hostWords, match.Lazy(`(?i)(?:ENOTFOUND|EAI_AGAIN|UnknownHost(?:Exception)?:) ` +
		`(?P<host>[a-z0-9][a-z0-9.-]*)`)},
	{NoHost, hostWords, match.Lazy(`(?i)(?:translate host name|bad address|can't resolve|find|in upstream|` +
		`resolve host:?) ["'‘]?(?P<host>[a-z0-9][a-z0-9.-]*)`)},
	{NoHost, hostWords, match.Lazy(`(?i)no such host|name or service not known|temporary failure in name resolution`)},
	// Kafka: Connection to node -1 (kafka/10.96.0.44:9093) could not be established.
	{Refused, refusedWords, match.Lazy(`(?i)connection to node \S+ \((?P<host>[a-z0-9][a-z0-9.-]*)/[0-9a-f.:]*:` +
		`(?P<port>\d{1,5})\)`)},
	{Refused, refusedWords, match.Lazy(`(?i)\b\w+://(?:[^/@\s]*@)?(?P<host>[a-z0-9][a-z0-9.-]*):(?P<port>\d{1,5})\b`)},
	{Refused, refusedWords, match.Lazy(`(?i)(?:dial \w+|ECONNREFUSED|ETIMEDOUT) \[?(?P<host>[a-z0-9:][a-z0-9.:-]*?)\]?:` +
		`(?P<port>\d{1,5})\b`)},
	{Refused, refusedWords, match.Lazy(`(?i)\b(?:at|on|to|host) ["'(](?P<host>[a-z0-9][a-z0-9.-]*)["')]` +
		`(?: \([^)]*\))?(?:.{0,60}? port |:)(?P<port>\d{1,5})\b`)},
	{Refused, refusedWords, match.Lazy(`(?i)^(?:.*[^a-z0-9.-])?(?P<host>[a-z0-9][a-z0-9.-]*):(?P<port>\d{2,5})\b.{0,60}` +
		`(?:refused|timed out|timeout|no route)`)},
	{Refused, refusedWords, match.Lazy(`(?i)(?:server on|connect to) ["'(](?P<host>[a-z0-9][a-z0-9.-]*)["')]`)},
	{Refused, refusedWords, match.Lazy(`(?i)connection refused|no route to host|i/o timeout|connection timed out`)},
}

// parts: what the program is made of, and what it was given.
var parts = []form{
	{WrongCPU, []string{"exec format error"}, match.Lazy(`(?i)exec format error`)},
	{NoMemory, []string{"memory", "bad_alloc", "object heap"},
		match.Lazy(`(?i)(?P<jvm>OutOfMemoryError: (?:Java heap|GC overhead)|reserve enough space for .{0,20}object heap|` +
			`insufficient memory for the Java|failed to map \d+ bytes)|(?P<node>JavaScript heap out|reached heap limit)|` +
			`OutOfMemory(?:Error|Exception)|heap out of memory|runtime: out of memory|\bMemoryError\b|` +
			`cannot allocate memory|memory allocation of \d+ bytes failed|bad_alloc`)},
	{NoLibrary, []string{"no module named", "cannot find module", "classnotfound", "noclassdef", "shared librar",
		"load main class", "cannot find package"},
		match.Lazy(`(?i)(?:no module named|cannot find (?:module|package)|ClassNotFoundException:|NoClassDefFoundError:|` +
			`loading shared libraries:|load main class) ["']?(?P<library>[\w@./-]+)`)},
	{BadArgument, []string{"flag", "option", "argument"},
		match.Lazy(`(?i)(?:unknown (?:shorthand )?(?:flag|option|argument)|flag provided but not defined|` +
			`unrecognized (?:option|arguments?)|invalid option|unexpected argument)s?:? ?["'‘]?(?P<argument>-{0,2}[\w=.-]+)?`)},
	{NoFile, []string{"no such file"}, // env(1) is there, what it is to start is not
		match.Lazy(`(?i)\benv: ["'‘]?(?P<path>[^\s"'’:]+)["'’]?: no such file or directory`)},
	{NoFile, []string{"no such file"},
		match.Lazy(`(?i)["'‘]?(?P<path>/[^\s"'’:,()]*)["'’]?[^/]{0,60}?no such file or directory`)},
	{NoFile, []string{"no such file", "enoent", "filenotfound"},
		match.Lazy(`(?i)(?:no such file or directory|ENOENT|FileNotFound(?:Exception)?:)` +
			`(?:.{0,30}?["' ](?P<path>/[^"'\s]+))?`)},
	{IsFolder, []string{"is a directory", "eisdir"},
		match.Lazy(`(?i)["'‘]?(?P<path>/[^\s"'’:,()]*)["'’]?[^/]{0,60}?is a directory`)},
	{IsFolder, []string{"is a directory", "eisdir"},
		match.Lazy(`(?i)(?:is a directory|EISDIR)(?:.{0,50}?["' ](?P<path>/[^"'\s]+))?`)},
	// Shells: api.sh: line 3: DB_HOST: unbound variable
	{SettingUnset, slices.Concat(settingWords, []string{"unbound variable", "parameter null"}),
		match.Lazy(`\b(?P<key>[A-Z][A-Z0-9_]{2,62}): (?:(?:is |must be )?(?:not set|unset|set|required|undefined|missing)` +
			`|unbound variable|parameter (?:null or )?not set)\b`)},
	// docker-entrypoint.sh of PostgreSQL, MySQL and others
	{SettingUnset, []string{"specify"}, match.Lazy(`(?i)\b(?:must|need to) specify (?P<key>[A-Z][A-Z0-9_]{3,62})\b`)},
	{SettingUnset, []string{"- m", "- p"}, match.Lazy(`^- (?P<key>[A-Z][A-Z0-9]*_ROOT_PASSWORD)$`)},
	// Python: KeyError: 'X'; Spring: Could not resolve placeholder 'X'.
	{SettingUnset, settingWords,
		match.Lazy(`(?i)(?:^KeyError: '|resolve placeholder ['"])(?P<key>[a-z_][a-z0-9_.-]{1,62})\b`)},
	// required key X missing; missing required environment variable: X
	{SettingUnset, settingWords,
		match.Lazy(`(?i)\b(?:required|missing|undefined|unset|mandatory) (?:(?:required|mandatory|environment|env|config|` +
			`configuration|variable|var|key|setting|field|option|parameter|property|value)s? ?)*:? ?["'‘\[]*` +
			`(?P<key>[a-z_][a-z0-9_.-]{1,62})\b`)},
	// the environment variable "X" is not set; X must be set; X is required
	{SettingUnset, settingWords,
		match.Lazy(`(?i)["'‘\[]?\b(?P<key>[a-z_][a-z0-9_.-]{1,62})["'’\]]* (?:(?:environment|env) (?:variable|var) )?` +
			`(?:is |are |was |must be )?(?:not set|not defined|not found|required|missing|unset|undefined|empty|` +
			`set|provided)\b`)},
}
