package cli

import (
	"cmp"
	"context"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/message"
)

// unpackers are the programs that unpack what Go's library cannot, and what makes each a filter: it reads from its
// input and takes no more memory than that, whatever the file asks for.
var unpackers = map[string][]string{
	"xz":   {"--decompress", "--stdout", "--quiet", "--memlimit-decompress=256MiB"},
	"zstd": {"--decompress", "--stdout", "--quiet", "--memory=256MB"},
}

// unpackWith unpacks a stream with one of them, found on PATH and run without a shell.
func unpackWith(ctx context.Context) func(program string, in io.Reader) (io.ReadCloser, error) {
	return func(program string, in io.Reader) (io.ReadCloser, error) {
		args, known := unpackers[program]
		path, err := exec.LookPath(program)
		if !known || err != nil {
			return nil, nil
		}
		u := &unpacker{program: program}
		ctx, u.stop = context.WithCancel(ctx)
		u.cmd = exec.CommandContext(ctx, path, args...)
		u.cmd.Stdin, u.cmd.Stderr, u.cmd.WaitDelay = in, &u.said, time.Second
		u.cmd.Env = []string{"LC_ALL=C"} // and none of XZ_OPT and the like
		if u.out, err = u.cmd.StdoutPipe(); err == nil {
			err = u.cmd.Start()
		}
		if err != nil {
			u.stop()
			return nil, err
		}
		return u, nil
	}
}

// An unpacker is a program at work.
type unpacker struct {
	program string
	cmd     *exec.Cmd
	stop    context.CancelFunc
	out     io.ReadCloser
	said    beginning
	ended   bool
}

// Read reads what was unpacked. At its end, that the program failed is the error.
func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.out.Read(p)
	if err != io.EOF || u.ended {
		return n, err
	}
	u.ended = true
	if failed := u.cmd.Wait(); failed != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(u.said.String()), "\n")
		err = &message.Error{What: message.Of("archive.program-failed", "program", u.program,
			"why", cmp.Or(line, failed.Error()))}
	}
	return n, err
}

// Close ends the program, and waits until it has.
func (u *unpacker) Close() error {
	u.stop()
	if !u.ended {
		u.ended = true
		_ = u.cmd.Wait() // it was ended before it was done, and nobody asks any more
	}
	return nil
}

// A beginning keeps the first bytes of what is written to it.
type beginning struct{ kept []byte }

func (b *beginning) Write(p []byte) (int, error) {
	const most = 300
	b.kept = append(b.kept, p[:min(len(p), most-len(b.kept))]...)
	return len(p), nil
}

func (b *beginning) String() string { return string(b.kept) }
