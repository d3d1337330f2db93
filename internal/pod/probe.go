package pod

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// ProbeText is what a probe does, in the words of kubectl describe: http-get http://:8080/healthz, tcp-socket :9,
// grpc :50051, exec pg_isready. Of a command no more than what it runs: its arguments may hold what nobody is to see.
func ProbeText(p *corev1.Probe) string {
	switch {
	case p.HTTPGet != nil:
		g := p.HTTPGet
		scheme := strings.ToLower(string(g.Scheme))
		if scheme == "" {
			scheme = "http"
		}
		return fmt.Sprintf("http-get %s://%s:%s/%s", scheme, g.Host, g.Port.String(), strings.TrimPrefix(g.Path, "/"))
	case p.TCPSocket != nil:
		return fmt.Sprintf("tcp-socket %s:%s", p.TCPSocket.Host, p.TCPSocket.Port.String())
	case p.GRPC != nil:
		return fmt.Sprintf("grpc :%d", p.GRPC.Port)
	case p.Exec != nil && len(p.Exec.Command) > 0:
		return "exec " + commandText(p.Exec.Command)
	}
	return "probe"
}

// commandText is what a command runs: of a shell's script, how it begins.
func commandText(command []string) string {
	word := path.Base(command[0])
	for i := 1; i+1 < len(command); i++ {
		if strings.HasPrefix(command[i], "-") && strings.HasSuffix(command[i], "c") && strings.HasSuffix(word, "sh") {
			script := strings.Fields(command[i+1])
			if len(script) == 0 || strings.ContainsAny(script[0], "=@:") {
				return word + " -c"
			}
			return word + " -c " + path.Base(script[0])
		}
	}
	return word
}

// ProbeTiming is how a probe is set, in the words of kubectl describe.
func ProbeTiming(p *corev1.Probe) string {
	set := func(n, otherwise int32) int32 { // what an API server sets where nothing is said
		if n == 0 {
			return otherwise
		}
		return n
	}
	return fmt.Sprintf("delay=%ds timeout=%ds period=%ds #success=%d #failure=%d", p.InitialDelaySeconds,
		set(p.TimeoutSeconds, 1), set(p.PeriodSeconds, 10), set(p.SuccessThreshold, 1), set(p.FailureThreshold, 3))
}

// ProbePort is the port that a probe asks: its number where it is known, and the name that the container gives to none
// of its ports. Both are empty for a command.
func ProbePort(c *corev1.Container, p *corev1.Probe) (number, missing string) {
	var port intstr.IntOrString
	switch {
	case p.HTTPGet != nil:
		port = p.HTTPGet.Port
	case p.TCPSocket != nil:
		port = p.TCPSocket.Port
	case p.GRPC != nil:
		port = intstr.FromInt32(p.GRPC.Port)
	default:
		return "", ""
	}
	if port.Type == intstr.Int {
		return strconv.Itoa(port.IntValue()), ""
	}
	for _, d := range c.Ports {
		if d.Name == port.StrVal {
			return strconv.Itoa(int(d.ContainerPort)), ""
		}
	}
	return "", port.StrVal
}

// What a probe was answered.
const (
	AnswerRefused = "refused" // nothing listens on the port
	AnswerTimeout = "timeout" // nothing came in time
	AnswerPath    = "path"    // the server does not know the path: 404, 405, 410
	AnswerLogin   = "login"   // the server wants to know who asks: 401, 403
	AnswerError   = "error"   // the server answers with an error: 5xx
	AnswerScheme  = "scheme"  // http where it should be https, or the other way round
	AnswerPort    = "port"    // the container has no port of that name: no probe was made
	AnswerCommand = "command" // the command is not in the container: no probe was made
	AnswerOther   = ""        // what else there is
)

var answers = []struct {
	answer string
	said   *match.Expr
}{
	{AnswerPort, match.MustExpr(`probe errored.{0,60}: port \S+ not found|invalid port number`)},
	{AnswerCommand, match.MustExpr(`executable file not found|exec: \S+: (stat|fork/exec) \S+: |exec failed.{0,200}` +
		`(no such file or directory|permission denied)`)},
	{AnswerRefused, match.MustExpr(`connect: connection refused`)},
	{AnswerScheme, match.MustExpr(`server gave HTTP response to HTTPS client|malformed HTTP (response|status code) ` +
		`|first record does not look like a TLS handshake`)},
	{AnswerPath, match.MustExpr(`statuscode: (404|405|410)`)},
	{AnswerLogin, match.MustExpr(`statuscode: (401|403|407)`)},
	{AnswerError, match.MustExpr(`statuscode: 5\d\d`)},
	{AnswerTimeout, match.MustExpr(`context deadline exceeded|Client\.Timeout|i/o timeout|request canceled|` +
		`timed out|probe failed: timeout: |: timeout: `)},
}

// Answer is what a probe was answered, by what the kubelet says of its failure.
func Answer(message string) string {
	for _, a := range answers {
		if a.said.Match(message) {
			return a.answer
		}
	}
	return AnswerOther
}

// KillBudget is how long after its start a container is killed whose liveness or startup probe never passes.
func KillBudget(p *corev1.Probe) time.Duration {
	period, failures := max(p.PeriodSeconds, 1), max(p.FailureThreshold, 1)
	return time.Duration(p.InitialDelaySeconds+period*(failures-1)) * time.Second
}
