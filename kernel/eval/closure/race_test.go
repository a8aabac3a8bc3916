//go:build race

package closure

const raceEnabled = true
