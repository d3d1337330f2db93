//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// resized calls do whenever the terminal gets another size, until what it returns is called.
func resized(do func()) (stop func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGWINCH)
	go func() {
		for range c {
			do()
		}
	}()
	return func() {
		signal.Stop(c)
		close(c)
	}
}
