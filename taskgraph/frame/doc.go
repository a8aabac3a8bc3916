// Package frame is tables with named columns, as pandas has them: a DataFrame is read from
// CSV, JSON lines, Parquet, Arrow or HDF5 files, looked at, filtered, grouped and joined.
//
//	df, err := frame.ReadCSV("flights.csv")
//	df.Head()                                        // the first five rows, as a table
//	df.Col("Origin").Unique()                        // what airports there are
//	df.GroupBy("Origin").Col("DepDelay").Mean()      // a Series with a row for each airport
//	late := df.Filter(df.Col("DepDelay").Gt(15))     // the rows where it holds
//	df = df.With("Hours", df.Col("AirTime").Div(60)) // a further column
//	df.Sort("Origin", frame.Desc("DepDelay"))        // the rows in order
//	df.Join(airlines, frame.Left, "Carrier")         // columns of another frame beside them
//	means.Bar()                                      // a plot, shown as SVG
//
// A column has one type: Int64, Float64, Bool, String or Timestamp. Values may be missing in
// columns of any type; reductions leave them out. A column that is taken from a frame is a
// Series: its values and its index, the labels of the rows. Arithmetic of two series puts
// together the values of equal labels, wherever they stand.
//
// Frames, series and what they share never change: every method returns a new one, which
// shares the columns that stay as they are, so nothing is copied that need not be and all
// may be used from several goroutines at once.
//
// Mistakes in a call (a column that is not there, text where a number is needed) panic with
// an *Error, so that calls can be chained; what depends on the world outside, as reading a
// file does, returns an error.
//
// What names and results mean follows pandas (https://pandas.pydata.org/docs/reference), and
// the tests compare them. What differs: whole numbers with missing values stay whole
// numbers, times are recognised when CSV files are read, Concat numbers rows anew, and series
// whose labels are there twice are not put together but panic.
package frame
