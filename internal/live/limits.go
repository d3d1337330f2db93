package live

import (
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/kubestuck/stuck/internal/message"
)

// What an API server may answer. Whoever is one, or stands between, decides what comes, and how long it takes.
const (
	// bytes of an answer that is an error; the rest is not read
	maxRefusal = 64 << 10
	// pages of a list, and how many of them in a row may be empty: a page of what is selected by a field may be
	maxPages, maxEmpty = 2000, 100
	// how long a collection may take, in timeouts of one request
	maxTimeouts = 10
)

// limits are how many bytes an answer may have.
type limits struct {
	object int64 // one object
	list   int64 // a list, all pages together
}

// defaultLimits are above all that is real: etcd takes objects of 1.5 MiB, where that is not raised
// (--max-request-bytes), and 100,000 Pods, of 150,000 that Kubernetes supports, have about 0.5 GiB.
var defaultLimits = limits{object: 16 << 20, list: 2 << 30}

// tooLarge is the error where an answer is larger than any can be.
func tooLarge(limit int64) error {
	return &message.Error{What: message.Of("live.large", "n", limit>>20)}
}

// wholeTime is for how long a collection may read.
func (c *Client) wholeTime() time.Duration {
	if c.timeout > NoTimeout/maxTimeouts {
		return NoTimeout
	}
	return maxTimeouts * c.timeout
}

// tooLong is the error where a collection took as long as it may.
func (c *Client) tooLong() error {
	return &message.Error{What: message.Of("live.long", "time", c.wholeTime().String())}
}

// A refusals transport reads only so much of an answer that is an error.
type refusals struct{ http.RoundTripper }

func (t refusals) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(req)
	if err == nil && resp.StatusCode >= http.StatusMultipleChoices {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, maxRefusal), resp.Body}
	}
	return resp, err
}

// stay follows no redirect: the credentials would go along, to whatever host it names.
func stay(to *http.Request, _ []*http.Request) error {
	target := url.URL{Scheme: to.URL.Scheme, Host: to.URL.Host}
	return &message.Error{What: message.Of("live.redirect", "target", target.String())}
}
