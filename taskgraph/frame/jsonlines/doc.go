// Package jsonlines reads and writes files that have one flat JSON object on each line
// (https://jsonlines.org), as columns.
//
//	{"timestamp": "2026-01-02T09:30:00Z", "open": 12.5, "volume": 300}
//	{"timestamp": "2026-01-02T09:31:00Z", "open": null}
//
//	t, err := jsonlines.Read(ctx, "AAPL.json", jsonlines.Options{})
//	t.Names   // [timestamp open volume]
//
// The columns are the keys, in the order in which they first appear; a key that a line does
// not have, and null, are missing values. Numbers without a point and an exponent make a
// column of int64, unless there are others; texts that are all written as points in time in
// the same form of ISO 8601 make one of timestamps. Lists and objects within an object are
// errors, and so are values of different types under one key, unless Options.Types says what
// they shall be.
//
// The file is cut at ends of lines, and goroutines parse the pieces. The parser is this
// package's own, because those of the standard library take some five times as long for the
// same flat lines; it takes what encoding/json takes, which a fuzz test compares.
package jsonlines
