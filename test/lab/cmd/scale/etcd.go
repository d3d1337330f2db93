package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"

	"k8s.io/apimachinery/pkg/runtime"
)

// A store writes objects into an etcd as an API server does, a hundred at a time: through the API server 100,000 Pods
// take the better part of an hour on two cores.
type store struct {
	url    string
	puts   []op
	errs   chan error
	busy   sync.WaitGroup
	tokens chan struct{}
}

type op struct {
	Put put `json:"request_put"`
}

type put struct {
	Key   []byte `json:"key"`
	Value []byte `json:"value"`
}

// newStore refuses an etcd that is not on loopback: it writes over what is there.
func newStore(etcd string) (*store, error) {
	u, err := url.Parse(etcd)
	if err != nil || !net.ParseIP(u.Hostname()).IsLoopback() {
		return nil, fmt.Errorf("%s is not on loopback", etcd)
	}
	return &store{url: etcd + "/v3/kv/txn", errs: make(chan error, 1), tokens: make(chan struct{}, 4)}, nil
}

type object interface{ Marshal() ([]byte, error) }

// put writes an object of a resource: pods/shop/web-1.
func (s *store) put(key, version, kind string, o object) error {
	raw, err := o.Marshal()
	if err != nil {
		return err
	}
	value, err := (&runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: version, Kind: kind}, Raw: raw}).Marshal()
	if err != nil {
		return err
	}
	s.puts = append(s.puts, op{put{[]byte("/registry/" + key), append([]byte("k8s\x00"), value...)}})
	if len(s.puts) < 100 {
		return nil
	}
	return s.flush()
}

// flush sends what has come together, while more is made.
func (s *store) flush() error {
	body, err := json.Marshal(map[string]any{"success": s.puts})
	if err != nil {
		return err
	}
	s.puts = s.puts[:0]
	s.tokens <- struct{}{}
	s.busy.Go(func() {
		defer func() { <-s.tokens }()
		if err := s.send(body); err != nil {
			select {
			case s.errs <- err:
			default:
			}
		}
	})
	select {
	case err := <-s.errs:
		return err
	default:
		return nil
	}
}

func (s *store) send(body []byte) error {
	resp, err := http.Post(s.url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("etcd: %s: %s", resp.Status, answer)
	}
	return err
}

// close waits until all is written.
func (s *store) close() error {
	if err := s.flush(); err != nil {
		return err
	}
	s.busy.Wait()
	select {
	case err := <-s.errs:
		return err
	default:
		return nil
	}
}
