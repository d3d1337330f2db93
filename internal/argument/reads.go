package argument

import (
	"slices"
	"strings"
)

// readers are programs that only read, whatever they are told.
var readers = words("[ aa-status awk base64 blkid cat cd cut date df diff dmesg du echo false file findmnt " +
	"fuser getent getenforce grep head hostname host id jq journalctl ls lsblk lsmod lsof nc nslookup dig " +
	"nvidia-smi ping printf ps readlink rpcinfo sestatus showmount sort ss stat tail test tr true uname uniq " +
	"wc which zcat zgrep")

// readVerbs are what else only reads: the first words behind a program's name, without flags.
var readVerbs = map[string][]string{
	"kubectl": words("get describe logs top explain api-resources api-versions version cluster-info events diff wait " +
		"stuck auth:can-i rollout:status rollout:history config:view"),
	"crictl":     words("ps pods inspect inspecti inspectp images img logs stats statsp info version imagefsinfo"),
	"docker":     words("ps inspect images info version logs history manifest:inspect image:inspect image:ls"),
	"podman":     words("ps inspect images info version logs history manifest:inspect image:inspect image:ls"),
	"ctr":        words("images:ls images:check images:list containers:ls tasks:ls snapshots:ls"),
	"skopeo":     words("inspect list-tags"),
	"cosign":     words("tree verify"),
	"systemctl":  words("status is-active is-enabled is-failed cat show list-units list-unit-files"),
	"multipath":  words("-ll"),
	"rpm":        words("-q -qa -qf -qi -ql"),
	"dpkg":       words("-l -s -S -L"),
	"openssl":    words("s_client x509"),
	"ip":         words("a: addr: link: route: neigh: addr:show link:show route:show neigh:show"),
	"runc":       words("--version list"),
	"containerd": words("--version config:dump"),
	"kubelet":    words("--version"),
}

// prefixes are words before the program that a command runs.
var prefixes = words("sudo time env nice timeout xargs do then else if while until ! { }")

func words(list string) []string { return strings.Fields(list) }

// Changes reports whether a command may change something: a program in it is not known to only read, or what it prints
// goes into a file.
func Changes(run string) bool {
	line := Read(run)
	return line.Writes || slices.ContainsFunc(line.Commands, func(c []string) bool { return !reads(c) })
}

// reads reports whether a program with its words only reads.
func reads(c []string) bool {
	for len(c) > 0 && (slices.Contains(prefixes, c[0]) || isAssignment(c[0])) {
		c = c[1:]
		for len(c) > 1 && strings.HasPrefix(c[0], "-") { // flags of sudo, and of xargs: -n 1
			if c = c[1:]; strings.Trim(c[0], "0123456789") == "" {
				c = c[1:]
			}
		}
	}
	if len(c) == 0 || c[0] == "for" || c[0] == "done" || c[0] == "fi" {
		return true
	}
	program := c[0][strings.LastIndexByte(c[0], '/')+1:]
	switch verbs := readVerbs[program]; {
	case slices.Contains(readers, program):
		return true
	case program == "command":
		return len(c) > 1 && c[1] == "-v"
	case program == "python3":
		return len(c) > 2 && c[1] == "-m" && c[2] == "json.tool"
	case program == "mount":
		return len(c) == 1
	case program == "sysctl":
		return !slices.ContainsFunc(c[1:], func(w string) bool { return w == "-w" || strings.Contains(w, "=") })
	case program == "curl":
		return !slices.ContainsFunc(c[1:], sends)
	case program == "kubectl" && slices.ContainsFunc(c, func(w string) bool {
		return w == "--local" || strings.HasPrefix(w, "--dry-run=")
	}):
		return true
	case verbs == nil:
		return false
	default:
		return startsWith(c[1:], verbs)
	}
}

// isAssignment reports whether a word gives a variable its value.
func isAssignment(word string) bool {
	name, _, ok := strings.Cut(word, "=")
	return ok && name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789") == ""
}

// sends reports whether a word lets curl send something, or keep what it is sent.
func sends(word string) bool {
	return slices.Contains(words("-X -d -T -F -O -K --request --data --upload-file --form --config"), word)
}

// flagValues are the flags before a verb that have a value behind them, and may be written apart from it.
var flagValues = words("-n --namespace --context --kubeconfig -H --address")

// startsWith reports whether the verb of a program is one of some: a flag before all others, or the first word that is
// none, which may need a second: a:b.
func startsWith(words, verbs []string) bool {
	if len(words) > 0 && strings.HasPrefix(words[0], "-") && slices.Contains(verbs, words[0]) {
		return true
	}
	var plain []string
	for i := 0; i < len(words); i++ {
		if slices.Contains(flagValues, words[i]) {
			i++
		} else if !strings.HasPrefix(words[i], "-") {
			plain = append(plain, words[i])
		}
	}
	plain = append(plain, "", "")
	return slices.Contains(verbs, plain[0]) || slices.Contains(verbs, plain[0]+":"+plain[1])
}
