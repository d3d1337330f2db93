// Package fault switches faults on. The code that mutate writes asks it at each place where a fault could be; at most
// one is on at a time.
package fault

import (
	"os"
	"strconv"
)

// Env names the variable that holds the number of the fault that is on from the start.
const Env = "STUCK_FAULT"

var (
	active, _ = strconv.Atoi(os.Getenv(Env))
	reached   = map[int]bool{}
	watching  = true
)

// On reports whether a fault is on.
func On(n int) bool {
	if watching {
		reached[n] = true
	}
	return n == active
}

// Pick is a value, or where the fault is on another.
func Pick[T any](n int, right, wrong T) T {
	if On(n) {
		return wrong
	}
	return right
}

// Zero is a value, or where the fault is on nothing.
func Zero[T any](n int, right T) T {
	var none T
	return Pick(n, right, none)
}

// Set switches one fault on and the others off; 0 switches all off.
func Set(n int) { active = n }

// Watch begins or ends to note which faults are asked about.
func Watch(on bool) { watching = on }

// Reached returns the faults that were asked about since it was last called.
func Reached() map[int]bool {
	r := reached
	reached = map[int]bool{}
	return r
}
