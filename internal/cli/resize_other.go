//go:build !unix

package cli

// resized does nothing where no signal tells that a terminal has another size: the next report is drawn to fit.
func resized(func()) (stop func()) { return func() {} }
