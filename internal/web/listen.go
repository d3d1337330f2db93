package web

import (
	"net"
	"sync"
)

// A limited listener has so many connections at a time: who opens more of them waits.
type limited struct {
	net.Listener
	free chan struct{}
}

// Accept is part of net.Listener.
func (l *limited) Accept() (net.Conn, error) {
	l.free <- struct{}{}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.free
		return nil, err
	}
	return &counted{Conn: c, free: l.free}, nil
}

// A counted connection leaves room for another one when it is closed.
type counted struct {
	net.Conn
	free chan struct{}
	once sync.Once
}

// Close is part of net.Conn.
func (c *counted) Close() error {
	c.once.Do(func() { <-c.free })
	return c.Conn.Close()
}
