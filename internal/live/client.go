// Package live reads from an API server what a diagnosis needs, and no more.
//
// It asks for few things and for each only once: one LIST of Pods and one of Events in the scope, then what the
// stuck Pods name. What it may not read, or cannot, becomes a gap in the snapshot.
package live

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"
)

// What the API server is asked to answer with: protobuf, which it makes and we read fastest.
const (
	whole    = "application/vnd.kubernetes.protobuf,application/json"
	metaOnly = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata" + meta +
		",application/json;as=PartialObjectMetadata" + meta
	metaList = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList" + meta +
		",application/json;as=PartialObjectMetadataList" + meta
	meta = ";g=meta.k8s.io;v=v1"
)

// A Client asks one API server. It knows no kinds by itself: a clientset of all of them would be two thirds of the
// program.
type Client struct {
	rest     rest.Interface
	http     *http.Client  // the same connections, for what is not of the Kubernetes API: the kubelet's answers
	host     string        // as errors name the server
	timeout  time.Duration // for how long one thing is asked for, all tries together
	refused  time.Duration // the same where a server refuses all connections from the beginning
	answered atomic.Bool   // the server has answered before
	down     atomic.Bool   // the server was asked in vain for that long
	requests atomic.Int64
	clock    *clock
	limits   limits
}

// DefaultTimeout is for how long one thing is asked for, all tries together, where --request-timeout does not say.
// With a server that refuses every connection from the beginning, which may as well be the wrong one, it ends sooner.
const (
	DefaultTimeout = 30 * time.Second
	refusedTimeout = 5 * time.Second
)

// NoTimeout is the timeout of a client that waits for an answer without limit.
const NoTimeout time.Duration = math.MaxInt64

// NewClient makes a client of a kubeconfig's settings.
func NewClient(cfg *rest.Config) (*Client, error) {
	cfg = rest.CopyConfig(cfg)
	cfg.QPS, cfg.Burst = -1, 0 // a run makes a few dozen requests; the server's own fairness holds us back
	cfg.WarningHandler = rest.NoWarnings{}
	cfg.UserAgent = "kubectl-stuck"
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"}) // for the Status of an error
	for _, k := range cluster.Kinds {                                    // for what a watch brings
		scheme.AddKnownTypes(schema.GroupVersion{Group: k.Group, Version: k.Version}, k.New().(runtime.Object))
	}
	cfg.GroupVersion, cfg.APIPath = &schema.GroupVersion{Version: "v1"}, "/api"
	cfg.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	timeout, refused := cfg.Timeout, cfg.Timeout
	switch timeout {
	case 0:
		timeout, refused = DefaultTimeout, refusedTimeout
	case NoTimeout:
		refused = refusedTimeout
	}
	cfg.Timeout = 0 // it counts for all tries together, see get
	clock := &clock{}
	cfg.Wrap(clock.wrap)
	cfg.Wrap(func(t http.RoundTripper) http.RoundTripper { return refusals{t} })
	client, err := rest.HTTPClientFor(cfg)
	var c *rest.RESTClient
	if err == nil {
		client.CheckRedirect = stay
		c, err = rest.RESTClientForConfigAndClient(cfg, client)
	}
	if err != nil {
		return nil, &message.Error{What: message.Of("live.client", "host", cfg.Host, "why", err.Error()), Err: err}
	}
	return &Client{
		rest: c, http: withoutRedirects(client), host: cfg.Host, timeout: timeout, refused: refused, clock: clock,
		limits: defaultLimits,
	}, nil
}

// Requests is the number of requests made so far.
func (c *Client) Requests() int64 { return c.requests.Load() }

// request is a GET of a kind or an object of it, which is yet to be made.
func (c *Client) request(k cluster.Kind, namespace, name, accept string, opts metav1.ListOptions) (*rest.Request,
	error) {
	segments, err := placeOf(k, namespace, name)
	if err != nil {
		return nil, err
	}
	r, err := c.at(segments...)
	if err != nil {
		return nil, err
	}
	r = r.SetHeader("Accept", accept)
	for param, value := range map[string]string{
		"resourceVersion": opts.ResourceVersion, "labelSelector": opts.LabelSelector,
		"fieldSelector": opts.FieldSelector, "continue": opts.Continue,
	} {
		if value != "" {
			r = r.Param(param, value)
		}
	}
	if opts.Limit > 0 {
		r = r.Param("limit", fmt.Sprint(opts.Limit))
	}
	return r, nil
}

// unmarshaler is what every type of the Kubernetes API is.
type unmarshaler interface{ Unmarshal([]byte) error }

// decode decodes an item of a list.
func decode(item []byte, isJSON bool, into any) error {
	if isJSON {
		return json.Unmarshal(item, into)
	}
	m, ok := into.(unmarshaler)
	if !ok {
		return fmt.Errorf("%T cannot be read from protobuf", into)
	}
	return senseless(m.Unmarshal(item))
}

// senseless is the error of an object in protobuf that came whole and makes no sense: lengths in it may lie. That it
// ends too soon is not that the connection broke, and would be no better another time.
func senseless(err error) error {
	if err == nil {
		return nil
	}
	return errors.New("an object in the API server's answer is no protobuf: " + err.Error())
}

// decodeOne decodes the answer of a GET of one object.
func decodeOne(answer []byte, into any) error {
	if !bytes.HasPrefix(answer, prefix) {
		return decode(answer, true, into)
	}
	raw, err := field(answer[len(prefix):], 2)
	if err != nil {
		return err
	}
	return decode(raw, false, into)
}
