package causes

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// wrapping is how components begin to tell of what another one said, outermost first. Group 1 is what has a name.
var wrapping = regexp.MustCompile(`^(?:\(combined from similar events\): |Failed (?:to )?create pod sandbox: |` +
	`rpc error: code = \w+ desc = |failed to (?:setup network for|start|create) sandbox "[^"]*": |` +
	`failed to set up sandbox container "[^"]*" network for pod "[^"]*": |` +
	`networkPlugin cni failed to set up pod "[^"]*" network: |plugin type="([^"]*)"(?: name="[^"]*")? failed \(add\): |` +
	`MountVolume\.SetUp failed for volume "([^"]*)" ?: |Failed to pull image "([^"]*)": |` +
	`failed to pull and unpack image "([^"]*)": |failed to resolve (?:reference|image)(?: "[^"]*")?: |Error: |` +
	`Error response from daemon: |failed to create containerd task: |failed to create shim task: |` +
	`failed to start container "[^"]*": |OCI runtime create failed: |runc create failed: |` +
	`unable to start container process: |container_linux\.go:\d+: starting container process caused: )`)

// rewrapped are the forms in which other components, and other versions of them, tell the same.
var rewrapped = []struct {
	within string   // what is among the wrappers that were taken off
	as     []string // NAME is the first thing named in them, CODE their first code
}{
	{`plugin type=`, []string{
		`Failed to create pod sandbox: rpc error: code = CODE desc = failed to setup network for sandbox "5965c53d01d6": ` +
			`plugin type="NAME" failed (add): `,
		`(combined from similar events): Failed to create pod sandbox: rpc error: code = CODE desc = ` +
			`failed to set up sandbox container "5965c53d01d6" network for pod "web": plugin type="NAME" name="k8s" failed ` +
			`(add): `,
		`Failed create pod sandbox: rpc error: code = CODE desc = failed to create pod network sandbox ` +
			`k8s_web_shop_5f0c2d54_0(5965c53d01d6): error adding pod shop_web to CNI network "k8s": plugin type="NAME" ` +
			`failed (add): `,
		`Failed to create pod sandbox: rpc error: code = CODE desc = failed to setup network for sandbox "5965c53d01d6": ` +
			`plugin type="NAME" name="k8s" failed (add): plugin type="NAME" failed (add): `,
	}},
	{`network for`, []string{
		`Failed to create pod sandbox: rpc error: code = CODE desc = failed to setup network for sandbox "5965c53d01d6": `,
		`Failed to create pod sandbox: rpc error: code = CODE desc = failed to set up sandbox container "5965c53d01d6" ` +
			`network for pod "web": networkPlugin cni failed to set up pod "web_shop" network: `,
		`Failed to create pod sandbox: rpc error: code = CODE desc = failed to setup network for sandbox "5965c53d01d6": ` +
			`go-cni: setup: `,
	}},
	{`OCI runtime create failed`, []string{
		`SAIDfailed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ` +
			`unable to start container process: `,
		`SAIDfailed to start container "app": Error response from daemon: OCI runtime create failed: ` +
			`container_linux.go:380: starting container process caused: `,
		`SAIDfailed to create containerd task: OCI runtime create failed: crun: youki: runtime error: `,
		`SAIDfailed to create containerd task: OCI runtime create failed: container_linux.go:380: starting container ` +
			`process caused: `,
	}},
	{`create pod sandbox: `, []string{
		`Failed to create pod sandbox: rpc error: code = CODE desc = `,
		`Failed create pod sandbox: rpc error: code = CODE desc = `,
		`(combined from similar events): Failed to create pod sandbox: rpc error: code = CODE desc = `,
		`Failed to create pod sandbox: rpc error: code = CODE desc = cri: error: `,
	}},
	{`MountVolume`, []string{
		`MountVolume.SetUp failed for volume "NAME" : RPC`,
		`(combined from similar events): MountVolume.SetUp failed for volume "NAME" : RPC`,
		`MountVolume.MountDevice failed for volume "NAME" : RPC`,
		`MountVolume.SetUp failed for volume "NAME" : RPCoperation failed: `,
	}},
	{`Failed to pull image`, []string{
		`Failed to pull image "NAME": RPC`,
		`Failed to pull image "NAME": RPCfailed to pull and unpack image "NAME": `,
		`Failed to pull image "NAME": RPCfailed to pull and unpack image "NAME": failed to resolve reference "NAME": `,
		`Failed to pull image "NAME": RPCfailed to pull and unpack image "NAME": failed to resolve image: `,
		`Failed to pull image "NAME": RPCError response from daemon: `,
		`Failed to pull image "NAME": RPCregistry client: `,
	}},
}

// TestWrappers holds law 3 (proven means that the evidence admits no other reading): a wrapper says nothing of what is
// inside it, so that what was said means the same in the words of every runtime.
func TestWrappers(t *testing.T) {
	alone(t)
	cat := catalogue(t)
	dumps(t, func(t *testing.T, dump fstest.MapFS) {
		s := read(t, dump)
		want := claims(diagnose.Run(s, cat, diagnose.Options{}))
		for kind := range 6 {
			s := read(t, dump)
			was := map[cluster.Ref]string{}
			for _, e := range cluster.Objects[corev1.Event](s) {
				if said := rewrap(e.Message); kind < len(said) {
					was[eventRef(e)] = e.Message
					e.Message = said[kind]
				}
			}
			if len(was) == 0 {
				continue
			}
			got := claims(diagnose.Run(s, cat, diagnose.Options{}))
			for ref, message := range was {
				if diff := cmp.Diff(want[ref], got[ref]); diff != "" {
					t.Errorf("%s\nas\n%s\nis\n%s", message, rewrap(message)[kind], diff)
				}
			}
		}
	})
}

func eventRef(e *corev1.Event) cluster.Ref {
	return cluster.Ref{Kind: "Event", Namespace: e.Namespace, Name: e.Name}
}

// claims are the causes of which each Event is evidence.
func claims(r *diagnose.Report) map[cluster.Ref][]string {
	out := map[cluster.Ref][]string{}
	for _, p := range r.Problems {
		for _, f := range slices.Concat(p.Findings, p.Effects) {
			for _, e := range f.Evidence {
				if e.Kind == cluster.SignEvent {
					out[e.Ref] = append(out[e.Ref], f.Certainty+" "+f.Cause)
				}
			}
		}
	}
	for ref := range out {
		slices.Sort(out[ref])
		out[ref] = slices.Compact(out[ref])
	}
	return out
}

// code is what gRPC says beside the words.
var code = regexp.MustCompile(`rpc error: code = (\w+) desc = `)

// rewrap says the same in other wrappers.
func rewrap(message string) []string {
	taken, name := "", "x"
	for {
		m := wrapping.FindStringSubmatch(message)
		if m == nil {
			break
		}
		taken += m[0]
		if n := m[1] + m[2] + m[3]; n != "" && name == "x" {
			name = n
		}
		if m[4] != "" { // with its registry
			name = m[4]
		}
		message = message[len(m[0]):]
	}
	for _, r := range rewrapped {
		if taken == "" || message == "" || !strings.Contains(taken, r.within) {
			continue
		}
		rpc, status, said := "", "Unknown", "Error: "
		if m := code.FindStringSubmatch(taken); m != nil {
			rpc, status = m[0], m[1]
		}
		if strings.Contains(taken, "sandbox") {
			said = "Failed to create pod sandbox: rpc error: code = Unknown desc = "
		}
		if status == "Unavailable" || status == "DeadlineExceeded" { // that is gRPC's own word: nobody was inside
			return nil
		}
		var out []string
		for _, w := range r.as {
			out = append(out, strings.NewReplacer("NAME", name, "CODE", status, "RPC", rpc, "SAID", said).Replace(w)+message)
		}
		return out
	}
	return nil
}
