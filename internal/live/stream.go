package live

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// How long a stream waits before it asks a server again that failed, and how often one that it may not watch is listed.
const (
	minBackoff = time.Second
	maxBackoff = 30 * time.Second
	listEvery  = 15 * time.Second
)

// A stream keeps one kind of object in a scope current: by a LIST, and a WATCH from where the LIST ended. It is in the
// place of client-go's reflector and informer because those keep every object whole, and we keep few,
// and of those little.
type stream struct {
	*Client
	kind      cluster.Kind
	namespace string
	opts      metav1.ListOptions // of the first LIST; the selectors are those of all requests
	thinner   *thinner           // of Pods; nil for other kinds
	out       chan<- change
	known     bool // it was listed once
}

// A change is what a stream tells of its kind.
type change struct {
	kind   string
	verb   verb
	object metav1.Object // of put and gone
	clean  bool          // object went through cluster.Clean
	err    error         // of refused and lost
}

type verb int

const (
	// a LIST begins: what is updated from now on replaces all that was there, once it is listed
	listStarted  verb = iota
	updated           // an object is new or has changed
	deleted           // an object is deleted
	listed            // the LIST is complete
	refused           // the LIST failed
	disconnected      // the WATCH failed: it is not known what changed from now on
	reconnected       // the WATCH goes on
)

// run lists and watches until the context ends. A server that ends a watch after a while does what it should: it is
// asked again at once. One that fails is asked again after a pause that doubles.
func (s *stream) run(ctx context.Context) {
	version, pause := "", minBackoff
	for ctx.Err() == nil {
		var err error
		failed := refused
		if version == "" {
			version, err = s.list(ctx)
		}
		brought := 0
		if err == nil {
			failed = disconnected
			began := time.Now()
			version, brought, err = s.watch(ctx, version)
			if brought > 0 || time.Since(began) > maxBackoff {
				pause = minBackoff
			}
		}
		switch {
		// the server has forgotten what was then: list anew
		case apierrors.IsResourceExpired(err) || apierrors.IsGone(err):
			version, s.opts.ResourceVersion = "", ""
			if brought > 0 {
				continue
			}
		case apierrors.IsForbidden(err) && failed == disconnected:
			s.send(ctx, change{verb: failed, err: err})
			version, pause = "", listEvery
		case err != nil:
			s.send(ctx, change{verb: failed, err: err})
		case brought > 0:
			continue
		}
		sleep(ctx, pause, err)
		pause = min(2*pause, maxBackoff)
	}
}

// sleep waits for a while: as long as the server asked for, or about as long as was given, lest all clients come
// back at once.
func sleep(ctx context.Context, d time.Duration, err error) {
	d += rand.N(d / 4)
	if seconds, ok := apierrors.SuggestsClientDelay(err); ok {
		d = max(d, time.Duration(seconds)*time.Second)
	}
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func (s *stream) send(ctx context.Context, c change) {
	c.kind = s.kind.Name
	select {
	case <-ctx.Done():
	case s.out <- c:
	}
}

// update tells of an object that is new or has changed; of a Pod what is kept of it.
func (s *stream) update(ctx context.Context, o metav1.Object) {
	if p, ok := o.(*corev1.Pod); ok && s.thinner != nil {
		p, thin := s.thinner.take(p)
		s.sendPod(ctx, p, thin)
		return
	}
	s.send(ctx, change{verb: updated, object: o})
}

// sendPod tells of a Pod, and cleans it where that is not done: a snapshot is made of all Pods again and again.
func (s *stream) sendPod(ctx context.Context, p *corev1.Pod, thin bool) {
	if !thin {
		p.ManagedFields = cluster.Managers(p.ManagedFields)
		cluster.Clean(p)
	}
	s.send(ctx, change{verb: updated, object: p, clean: true})
}

// list reads the list, page by page, and returns its resourceVersion. All pages together may take as long as a
// collection may: who drips would never be found out by the time of one page.
func (s *stream) list(ctx context.Context) (version string, err error) {
	limited, cancel := context.WithTimeoutCause(ctx, s.wholeTime(), s.tooLong())
	defer cancel()
	s.send(ctx, change{verb: listStarted})
	take := func(item []byte, isJSON bool) error {
		if s.thinner != nil {
			p, thin, err := s.thinner.read(item, isJSON)
			if err == nil {
				s.sendPod(ctx, p, thin)
			}
			return err
		}
		o := s.kind.New()
		err := decode(item, isJSON, o)
		if err == nil {
			s.update(ctx, o)
		}
		return err
	}
	ask := s.ask
	if s.known { // it is said at once that a server is gone which was there; run asks it again
		ask = s.once
	}
	version, err = s.pages(s.kind, s.opts, take,
		func(opts metav1.ListOptions, do func([]byte, bool) error) (listMeta, error) {
			return s.page(limited, ask, s.kind, s.namespace, whole, opts, do)
		})
	if o, ok := s.only(limited, s.kind, s.namespace, s.opts, err); ok {
		return s.listedOne(ctx, o), nil
	}
	switch {
	case err != nil && limited.Err() != nil && ctx.Err() == nil:
		return "", s.tooLong()
	case err != nil:
		return "", err
	}
	s.known = true
	s.send(ctx, change{verb: listed})
	return version, nil
}

// listedOne hands on the one object that there is in place of a list, if any, and returns the version to watch from.
func (s *stream) listedOne(ctx context.Context, o metav1.Object) (version string) {
	if o != nil {
		version = o.GetResourceVersion()
		s.update(ctx, o)
	}
	s.known = true
	s.send(ctx, change{verb: listed})
	return version
}

// watch tells what changes from a resourceVersion on until the server ends it, and returns the version reached and how
// many messages came.
func (s *stream) watch(ctx context.Context, version string) (string, int, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	opts := metav1.ListOptions{LabelSelector: s.opts.LabelSelector, FieldSelector: s.opts.FieldSelector,
		ResourceVersion: version}
	seconds := 300 + rand.N(300) // as reflectors do: the server ends it in time, so that no proxy does
	req, err := s.request(s.kind, s.namespace, "", whole, opts)
	if err != nil {
		return version, 0, err
	}
	w, err := req.Param("watch", "true").Param("allowWatchBookmarks", "true").
		Param("timeoutSeconds", strconv.Itoa(seconds)).Watch(ctx)
	if err != nil {
		return version, 0, err
	}
	defer w.Stop()
	// what client-go gives for a connection that was closed before an answer
	if _, ok := w.(*watch.StreamWatcher); !ok {
		return version, 0, errors.New("the connection was closed")
	}
	s.send(ctx, change{verb: reconnected})
	brought := 0
	for e := range w.ResultChan() {
		if e.Type == watch.Error {
			return version, brought, apierrors.FromObject(e.Object)
		}
		o, ok := e.Object.(metav1.Object)
		if !ok {
			continue
		}
		brought++
		version = o.GetResourceVersion()
		switch e.Type {
		case watch.Added, watch.Modified:
			s.update(ctx, o)
		case watch.Deleted:
			s.send(ctx, change{verb: deleted, object: o})
		}
	}
	return version, brought, ctx.Err()
}
