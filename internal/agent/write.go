package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
)

// writeTimeout is how long the API server has for an answer.
const writeTimeout = 15 * time.Second

// A writer writes one kind of object to one API server, and compares the clocks while it does.
type writer struct {
	rest   rest.Interface
	offset *offset
}

func newWriter(cfg *rest.Config) (*writer, error) {
	cfg = rest.CopyConfig(cfg)
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"}) // for the Status of an error
	cfg.GroupVersion, cfg.APIPath = &schema.GroupVersion{Version: "v1"}, "/apis"
	cfg.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	cfg.UserAgent, cfg.WarningHandler, cfg.QPS = "stuck-agent", rest.NoWarnings{}, -1
	o := new(offset)
	cfg.Wrap(func(t http.RoundTripper) http.RoundTripper { return timed{t, o} })
	c, err := rest.RESTClientFor(cfg)
	if err != nil {
		return nil, fmt.Errorf("cannot make a client for %s: %w", cfg.Host, err)
	}
	return &writer{c, o}, nil
}

// write creates or replaces the facts of a node, by server-side apply: one request whether or not they are there, and
// no version to lose a race over. Of the answer only the metadata is asked for. The error tells what to do where that
// is known.
func (w *writer) write(ctx context.Context, f *nodefacts.NodeFacts) error {
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	k := cluster.KindOf("NodeFacts")
	err = w.rest.Patch(types.ApplyPatchType).AbsPath("/apis", k.Group, k.Version, k.Resource(), f.Name).
		Param("fieldManager", "stuck-agent").Param("force", "true").
		SetHeader("Accept", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json").
		MaxRetries(0).Body(body).Do(ctx).Error()
	var unsent *url.Error
	switch {
	case err == nil:
		return nil
	case apierrors.IsForbidden(err):
		return fmt.Errorf("no right to write nodefacts %s (deploy/agent.yaml gives it): %s", f.Name, line(err))
	case apierrors.IsNotFound(err):
		return errors.New("the API server knows no NodeFacts: apply deploy/crd/stuck.dev_nodefacts.yaml")
	case apierrors.IsInvalid(err) || apierrors.IsBadRequest(err):
		return fmt.Errorf("the API server knows NodeFacts of another form, apply the CRD of this version: %s",
			line(err))
	case errors.As(err, &unsent):
		return fmt.Errorf("no answer: %s", line(unsent.Err))
	}
	return errors.New(line(err))
}

// line is an error in one line that is not too long: an API server may quote the object.
func line(err error) string {
	s := strings.Join(strings.Fields(err.Error()), " ")
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "..."
	}
	return s
}

// An offset is how far the node's clock is ahead of the API server's, as the last answer told.
type offset struct{ last atomic.Pointer[time.Duration] }

// into makes a fact of it, where there has been an answer.
func (o *offset) into(f *nodefacts.NodeFacts) {
	if d := o.last.Load(); d != nil {
		if f.Clock == nil {
			f.Clock = new(nodefacts.Clock)
		}
		ms := d.Milliseconds()
		f.Clock.OffsetMillis = &ms
	}
}

// maxRoundTrip is a round trip that is too long to tell when in it the server looked at its clock.
const maxRoundTrip = 5 * time.Second

// compare takes up an answer's Date, which the server wrote between two instants of the node's clock. It has no
// fractions of a second, so on average the server's clock is half a second further.
func (o *offset) compare(date string, sent time.Time, took time.Duration) {
	at, err := http.ParseTime(date)
	if err != nil || took > maxRoundTrip {
		return
	}
	d := sent.Add(took / 2).Sub(at.Add(500 * time.Millisecond))
	o.last.Store(&d)
}

// timed compares the clocks with each answer.
type timed struct {
	http.RoundTripper
	offset *offset
}

func (t timed) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := time.Now()
	answer, err := t.RoundTripper.RoundTrip(r)
	if err == nil {
		t.offset.compare(answer.Header.Get("Date"), sent.Round(0), time.Since(sent))
	}
	return answer, err
}
