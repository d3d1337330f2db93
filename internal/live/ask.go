package live

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"syscall"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// How long it waits between two tries, where the server does not ask for more.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 3 * time.Second
)

// get asks for an object, again and again until there is an answer or the time for it ends.
func (c *Client) get(ctx context.Context, k cluster.Kind, namespace, name, accept string) (answer []byte, err error) {
	err = c.ask(ctx, k, namespace, name, accept, metav1.ListOptions{}, func(r io.Reader) error {
		answer, err = readAll(r, c.limits.object)
		return err
	})
	return answer, err
}

// An asker makes a GET: ask or once.
type asker func(ctx context.Context, k cluster.Kind, namespace, name, accept string, opts metav1.ListOptions,
	take func(io.Reader) error) error

// page asks for one page of a list, and hands over each item while it comes. Where that is asked for again because the
// connection broke before its end, its items come twice.
func (c *Client) page(ctx context.Context, ask asker, k cluster.Kind, namespace, accept string, opts metav1.ListOptions,
	do func(item []byte, isJSON bool) error) (meta listMeta, err error) {
	err = ask(ctx, k, namespace, "", accept, opts, func(r io.Reader) error {
		meta, err = eachItem(r, c.limits.object, do)
		return err
	})
	return meta, err
}

// list reads one list, page by page, and hands over each item as it came. Where a page is too late, because the server
// has forgotten what the list looked like when it began, the list is read once more from its beginning: items come
// twice then. A server that has always one more page is not read for ever.
func (c *Client) list(ctx context.Context, k cluster.Kind, namespace, accept string, opts metav1.ListOptions,
	do func([]byte, bool) error) (version string, err error) {
	return c.pages(k, opts, do, func(opts metav1.ListOptions, do func([]byte, bool) error) (listMeta, error) {
		return c.page(ctx, c.ask, k, namespace, accept, opts, do)
	})
}

// pages reads a list by what reads a page of it, and returns its resourceVersion.
func (c *Client) pages(k cluster.Kind, opts metav1.ListOptions, do func([]byte, bool) error,
	page func(metav1.ListOptions, func([]byte, bool) error) (listMeta, error)) (version string, err error) {
	began, again, size, empty := opts, false, int64(0), 0
	counted := func(item []byte, isJSON bool) error {
		if size += int64(len(item)); size > c.limits.list {
			return tooLarge(c.limits.list)
		}
		return do(item, isJSON)
	}
	for n := 1; ; n++ {
		before := size
		meta, err := page(opts, counted)
		if (apierrors.IsResourceExpired(err) || apierrors.IsGone(err)) && !again {
			opts, again = began, true
			opts.ResourceVersion = ""
			continue
		}
		if err != nil || meta.next == "" {
			return meta.version, err
		}
		if empty++; size > before {
			empty = 0
		}
		if meta.next == opts.Continue || empty == maxEmpty || n == maxPages {
			return "", &message.Error{What: message.Of("live.endless", "resource", k.Resource())}
		}
		opts.Continue, opts.ResourceVersion = meta.next, ""
	}
}

// once makes one GET, of an object or with an empty name of a list, and gives take the answer to read.
func (c *Client) once(ctx context.Context, k cluster.Kind, namespace, name, accept string, opts metav1.ListOptions,
	take func(io.Reader) error) error {
	req, err := c.request(k, namespace, name, accept, opts)
	if err != nil {
		return err
	}
	body, err := req.Stream(ctx)
	if err != nil {
		return err
	}
	defer body.Close()
	return take(body)
}

// ask makes a GET like once, again and again until there is an answer or the time for it ends, which begins anew
// whenever something comes. A server that one thing was asked of in vain is asked for each other thing once: what is
// read by then is worth an answer soon.
func (c *Client) ask(ctx context.Context, k cluster.Kind, namespace, name, accept string, opts metav1.ListOptions,
	take func(io.Reader) error) error {
	if _, err := placeOf(k, namespace, name); err != nil {
		return err
	}
	timeout := c.timeout
	if c.down.Load() {
		timeout = min(timeout, lastPause)
	}
	start := time.Now()
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	silence := time.AfterFunc(timeout, cancel)
	defer silence.Stop()
	read := func(r io.Reader) error { return take(&meter{r, func() { silence.Reset(timeout) }}) }
	var last error
	for tries, pause := 1, firstPause; ; tries, pause = tries+1, min(2*pause, lastPause) {
		err := c.once(limited, k, namespace, name, accept, opts, read)
		switch {
		case err == nil:
			c.down.Store(false)
			c.answered.Store(true)
			return nil
		case ctx.Err() != nil: // Ctrl-C, or the time for all is up
			return ended(ctx)
		case limited.Err() == nil && !passes(err):
			return err
		}
		switch {
		case limited.Err() == nil:
			last = err
		case last == nil: // that time is up is not why
			last = errLate
		}
		wait := max(pause, delayOf(err))
		giveUp := errors.Is(err, syscall.ECONNREFUSED) && !c.answered.Load() && time.Since(start)+pause > c.refused
		if limited.Err() == nil && !c.down.Load() && !giveUp && wait < timeout {
			select {
			case <-limited.Done():
			case <-time.After(wait):
				continue
			}
			if ctx.Err() != nil {
				return ended(ctx)
			}
		}
		c.down.Store(true)
		return &NoAnswerError{c.host, time.Since(start), tries, last}
	}
}

// delayOf is how long a server asks to be left alone.
func delayOf(err error) time.Duration {
	seconds, _ := apierrors.SuggestsClientDelay(err)
	return time.Duration(seconds) * time.Second
}

// ended is why a context ended: that it took too long is said in words of ours.
func ended(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	return ctx.Err()
}

// A meter says of each read that something came.
type meter struct {
	io.Reader
	came func()
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	if n > 0 {
		m.came()
	}
	return n, err
}

// readAll reads an answer whole, which may have so many bytes.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	answer, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(answer)) > limit {
		return nil, tooLarge(limit)
	}
	return answer, err
}

// eachItem calls do with the bytes of every item of a list, one after another while they come, so that what is not
// wanted is never held; an item may have most bytes. They are valid until do returns. JSON, which a server without
// protobuf sends, is understood too.
func eachItem(answer io.Reader, most int64, do func(item []byte, isJSON bool) error) (listMeta, error) {
	r := bufio.NewReaderSize(answer, 64<<10)
	if start, _ := r.Peek(len(prefix)); !bytes.Equal(start, prefix) {
		return eachJSON(r, most, do)
	}
	return eachProto(r, most, do)
}

// listMeta is what a list says of itself.
type listMeta struct{ version, next string }
