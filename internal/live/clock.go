package live

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// clock tells how far the API server's clock is ahead of ours, by the Date of its answers.
type clock struct {
	ahead atomic.Int64 // a Duration
	known atomic.Bool
}

// wrap makes a transport listen to the Date of what is not a kubelet's answer.
func (c *clock) wrap(t http.RoundTripper) http.RoundTripper { return &listener{t, c} }

type listener struct {
	http.RoundTripper
	clock *clock
}

func (l *listener) RoundTrip(req *http.Request) (*http.Response, error) {
	began := time.Now()
	resp, err := l.RoundTripper.RoundTrip(req)
	if err != nil || strings.Contains(req.URL.Path, "/proxy/") {
		return resp, err
	}
	if ahead, ok := dated(resp.Header, began, time.Since(began)); ok {
		l.clock.ahead.Store(int64(ahead))
		l.clock.known.Store(true)
	}
	return resp, err
}

// dated is how far ahead of ours the clock is that an answer's Date tells, which is without fractions of a second.
func dated(h http.Header, began time.Time, took time.Duration) (time.Duration, bool) {
	date, err := http.ParseTime(h.Get("Date"))
	return date.Add(time.Second / 2).Sub(began.Add(took / 2)), err == nil
}

// offset is how far a node's clock is ahead of the API server's, by the Date of a kubelet's answer, which the API
// server hands on. It is 0 where it is too little to be told for sure: that says nothing, since what stands between may
// put a Date of its own in place of both.
func (c *clock) offset(h http.Header, began time.Time, took time.Duration) time.Duration {
	ahead, ok := dated(h, began, took)
	if !ok || !c.known.Load() {
		return 0
	}
	offset := (ahead - time.Duration(c.ahead.Load())).Round(time.Second)
	if offset.Abs() <= 2*time.Second+took {
		return 0
	}
	return offset
}
