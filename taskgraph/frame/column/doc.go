// Package column holds the values of a data frame's columns in the memory layout of Apache
// Arrow (https://arrow.apache.org/docs/format/Columnar.html): one type a column, the values
// beside each other, and one bit a value that says whether it is there.
//
//	b := column.NewText(3)
//	b.Append("JFK")
//	b.AppendMissing()
//	b.Append("LGA")
//	c := b.Column()           // a column.Strings
//	c.Value(0), c.Missing()   // "JFK", 1
//
// There are five types. Ints, Times and Bools have a Bitmap of the values that are there;
// in Floats a value that is missing is NaN, as it is in pandas, so that the loops that add
// them up need no second array; Strings have Arrow's offsets and bytes, or, where the same
// few words come again and again, are a Dict: the number of its word for each row.
//
// Columns never change, so that frames share them and any number of goroutines read them.
// FromArrow and Arrow pass numbers and bytes to and from arrow-go without copying them.
package column
