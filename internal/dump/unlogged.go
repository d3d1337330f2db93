package dump

import (
	"bufio"
	"bytes"
)

// An unlogged is the stream that `kubectl cluster-info dump` prints without the logs of containers in it. Their lines
// are empty instead, so that all others keep their numbers.
type unlogged struct {
	in      *bufio.Reader
	rest    []byte
	inLog   bool
	midLine bool
	err     error
}

// What kubectl prints before and after the log of a container. Source: kubectl, clusterinfo_dump.go.
const (
	beginLog = "==== START logs for container "
	endLog   = "==== END logs for container "
)

func (u *unlogged) Read(p []byte) (int, error) {
	for len(u.rest) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		if u.rest = u.lines(); len(u.rest) == 0 {
			u.rest = u.line()
		}
	}
	n := copy(p, u.rest)
	u.rest = u.rest[n:]
	return n, nil
}

// lines are as many whole lines as are there and plainly of no log; none where they have to be looked at one by one.
func (u *unlogged) lines() []byte {
	if _, err := u.in.Peek(1); err != nil || u.inLog {
		return nil
	}
	there, _ := u.in.Peek(u.in.Buffered())
	there = there[:bytes.LastIndexByte(there, '\n')+1]
	if !u.midLine && bytes.HasPrefix(there, []byte("=")) || bytes.Contains(there, []byte("\n=")) {
		return nil
	}
	u.in.Discard(len(there))
	u.midLine = u.midLine && len(there) == 0
	return there
}

// line is the next line, or a part of it where it is long; of a log its end alone.
func (u *unlogged) line() []byte {
	line, err := u.in.ReadSlice('\n')
	begins := !u.midLine
	if u.midLine = err == bufio.ErrBufferFull; err != nil && !u.midLine {
		u.err = err
	}
	starts := begins && !u.inLog && bytes.HasPrefix(line, []byte(beginLog))
	ends := begins && u.inLog && bytes.HasPrefix(line, []byte(endLog))
	hidden := u.inLog || starts
	u.inLog = hidden && !ends
	if hidden {
		return line[len(bytes.TrimRight(line, "\n")):]
	}
	return line
}
