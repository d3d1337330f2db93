// Package live reads from an API server what a diagnosis needs, and no more.
//
// It asks for few things and for each only once: one LIST of Pods and one of Events in the scope, then what the
// stuck Pods name. What it may not read, or cannot, becomes a gap in the snapshot.
package live

import (
	"fmt"
	"sync/atomic"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
)

// A Client asks one API server.
type Client struct {
	core     kubernetes.Interface
	meta     metadata.Interface // Secrets and ConfigMaps: names only, so that no value ever comes over the wire
	requests atomic.Int64
}

// NewClient makes a client of a kubeconfig's settings. Answers come as protobuf, which the server makes and we read fastest.
func NewClient(cfg *rest.Config) (*Client, error) {
	cfg = rest.CopyConfig(cfg)
	cfg.QPS, cfg.Burst = -1, 0 // a run makes a few dozen requests; the server's own fairness holds us back
	cfg.WarningHandler = rest.NoWarnings{}
	cfg.UserAgent = "kubectl-stuck"
	meta, err := metadata.NewForConfig(metadata.ConfigFor(cfg))
	if err != nil {
		return nil, fmt.Errorf("cannot make a client for %s: %w", cfg.Host, err)
	}
	cfg.ContentType, cfg.AcceptContentTypes = "application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf,application/json"
	core, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		return nil, fmt.Errorf("cannot make a client for %s: %w", cfg.Host, err)
	}
	return &Client{core: core, meta: meta}, nil
}

// Requests is the number of requests made so far.
func (c *Client) Requests() int64 { return c.requests.Load() }
