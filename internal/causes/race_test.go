//go:build race

package causes

// underRace says that the race detector is on: see alone.
const underRace = true
