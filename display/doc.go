// Package display says how a Go value looks in a notebook and where it is shown.
package display
