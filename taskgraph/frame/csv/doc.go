// Package csv reads files of comma-separated values into columns, with several goroutines
// and at a speed near that of only looking for the commas, and writes them.
//
//	t, err := csv.Read(ctx, "1999.csv", csv.Options{Columns: []string{"Origin", "DepDelay"}})
//	t.Names, t.Columns[1].Dtype()   // [Origin DepDelay], float64
//
// A file is cut into blocks at ends of records, which knows about quotes (RFC 4180, and
// where that is silent as pandas.read_csv does it). Each block is scanned by itself: numbers
// are parsed where they stand, and go straight to their row in the column, for which room is
// made once. Texts become numbers of words at once.
//
// The types are those of all values, not of the first thousand: each block begins with what
// is known, whole numbers widen to floating-point ones, and a column that turns out to be
// text is read again in the blocks where it had looked like something else.
//
// Some things differ from pandas: whole numbers with missing ones stay whole numbers, times in
// a form of ISO 8601 are timestamps if all of a column are written in the same form, and a row
// with too few or too many fields is an error, as bytes that are no UTF-8 are.
package csv
