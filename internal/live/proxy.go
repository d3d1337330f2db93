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

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// perCall is how long one question to a kubelet may take, and firstWord how long the first one to a kubelet that the control plane does not hear either:
// most likely its machine is off, and nobody should wait for that. It is asked once: one that gives no answer is what is to be told.
const (
	perCall   = 5 * time.Second
	firstWord = 2 * time.Second
)

// mostSaid is how much of a declined is read, in bytes.
const mostSaid = 4 << 10

// A declined is an answer of the API server or the kubelet that is not the one that was asked for.
type declined struct {
	code int
	text string
}

func (r *declined) Error() string {
	if r.text == "" {
		return fmt.Sprintf("%d %s", r.code, http.StatusText(r.code))
	}
	return fmt.Sprintf("%d %s: %s", r.code, http.StatusText(r.code), r.text)
}

// unled is a client that is not led elsewhere: it shows its credentials wherever it goes, and a kubelet's answer may come from anybody who has the node.
func unled(c *http.Client) *http.Client {
	out := *c
	out.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &out
}

// proxy asks the kubelet of a node through the API server, once, and gives take the answer to read. The header is the kubelet's.
// Its errors are a [declined], or that there was no answer in time.
func (c *Client) proxy(ctx context.Context, node, path string, query map[string][]string, header http.Header, take func(http.Header, io.Reader) error) error {
	ctx, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	c.requests.Add(1)
	u := c.rest.Get().AbsPath("/api/v1/nodes/" + node + "/proxy/" + path).URL()
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
		return late(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusPartialContent {
		return declinedBy(resp)
	}
	return late(ctx, take(resp.Header, resp.Body))
}

// late puts it plainly where the time was up.
func late(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.New("no whole answer in time")
	}
	return err
}

// declinedBy reads what an answer says of why it is none.
func declinedBy(resp *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, mostSaid)) // what can be read of it is enough
	text := strings.TrimSpace(strings.ToValidUTF8(string(body), ""))
	var status metav1.Status
	if json.Unmarshal(body, &status) == nil && status.Message != "" {
		text = status.Message
	}
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	return &declined{resp.StatusCode, text}
}

// tail reads all and keeps the end, at most so many bytes.
func tail(r io.Reader, most int) (end []byte, whole bool, err error) {
	buf, whole := make([]byte, 0, 64<<10), true
	for {
		if len(buf) == cap(buf) {
			if len(buf) >= 2*most {
				buf, whole = append(buf[:0], buf[len(buf)-most:]...), false
			} else {
				buf = append(make([]byte, 0, min(2*cap(buf), 2*most)), buf...)
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
	if len(buf) > most {
		buf, whole = buf[len(buf)-most:], false
	}
	return buf, whole, nil
}
