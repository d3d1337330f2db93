package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// callTimeout is how long one question to a kubelet may take, and firstTimeout how long the first one to a kubelet that
// the control plane does not hear either: most likely its machine is off, and nobody should wait for that. It is asked
// once: one that gives no answer is what is to be told.
const (
	callTimeout  = 5 * time.Second
	firstTimeout = 2 * time.Second
)

// maxErrorBody is how much of a statusError is read, in bytes.
const maxErrorBody = 4 << 10

// A statusError is an answer of the API server or the kubelet that is not the one that was asked for.
type statusError struct {
	code int
	text string
}

func (r *statusError) Error() string {
	if r.text == "" {
		return fmt.Sprintf("%d %s", r.code, http.StatusText(r.code))
	}
	return fmt.Sprintf("%d %s: %s", r.code, http.StatusText(r.code), r.text)
}

// withoutRedirects is a client that follows no redirect: it shows its credentials wherever it goes, and a kubelet's
// answer may come from anybody who has the node.
func withoutRedirects(c *http.Client) *http.Client {
	out := *c
	out.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &out
}

// proxy asks the kubelet of a node through the API server, once, and gives take the answer to read. The header is the
// kubelet's. Its errors are a [statusError], or that there was no answer in time.
func (c *Client) proxy(ctx context.Context, node, path string, query map[string][]string, header http.Header,
	take func(http.Header, io.Reader) error) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	place, err := placeOf(cluster.KindOf("Node"), "", node)
	if err != nil {
		return err
	}
	get, err := c.at(append(append(place, "proxy"), strings.Split(path, "/")...)...)
	if err != nil {
		return err
	}
	u := get.URL()
	q := u.Query()
	for key, values := range query {
		q[key] = values
	}
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	for key, values := range header {
		req.Header[key] = values
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return deadlineError(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusPartialContent {
		return statusErrorOf(resp)
	}
	return deadlineError(ctx, take(resp.Header, resp.Body))
}

// errLate is that the time was up before the answer was whole.
var errLate error = &message.Error{What: message.Of("live.late")}

// deadlineError puts it plainly where the time was up.
func deadlineError(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errLate
	}
	return err
}

// statusErrorOf reads what an answer says of why it is none.
func statusErrorOf(resp *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody)) // what can be read of it is enough
	text := strings.TrimSpace(strings.ToValidUTF8(string(body), ""))
	var status metav1.Status
	if json.Unmarshal(body, &status) == nil && status.Message != "" {
		text = status.Message
	}
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	return &statusError{resp.StatusCode, text}
}

// tail reads all and keeps the end, at most so many bytes.
func tail(r io.Reader, limit int) (end []byte, whole bool, err error) {
	buf, whole := make([]byte, 0, 64<<10), true
	for {
		if len(buf) == cap(buf) {
			if len(buf) >= 2*limit {
				buf, whole = append(buf[:0], buf[len(buf)-limit:]...), false
			} else {
				buf = append(make([]byte, 0, min(2*cap(buf), 2*limit)), buf...)
			}
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, false, err
		}
	}
	if len(buf) > limit {
		buf, whole = buf[len(buf)-limit:], false
	}
	return buf, whole, nil
}
