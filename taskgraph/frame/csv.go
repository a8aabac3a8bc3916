package frame

import (
	"context"
	"io"

	"github.com/dagbook/dagbook/taskgraph/frame/csv"
)

// CSVOptions say how ReadCSV reads: which columns, of which types, how many rows, what
// stands between fields and what for missing values.
type CSVOptions = csv.Options

// ReadCSV reads a file of comma-separated values with the names of its columns in the first
// line, on all processors. The types of the columns are found from all of their values. A
// line with too few or too many fields, and a value that is not of the type that options
// ask for, is an error that names the line.
func ReadCSV(path string, options ...CSVOptions) (*DataFrame, error) {
	o, err := only(options)
	if err != nil {
		return nil, err
	}
	t, err := csv.Read(context.Background(), path, o)
	return fromTable(t, err)
}

// ReadCSVFrom is ReadCSV for what a reader gives; name stands in errors.
func ReadCSVFrom(r io.Reader, name string, options ...CSVOptions) (*DataFrame, error) {
	o, err := only(options)
	if err != nil {
		return nil, err
	}
	t, err := csv.ReadFrom(context.Background(), r, name, o)
	return fromTable(t, err)
}

// only is the options of a call: none are the zero value.
func only[O any](options []O) (o O, err error) {
	switch len(options) {
	case 0:
		return o, nil
	case 1:
		return options[0], nil
	}
	return o, errorf("", "options are given once: put all fields into one %T", o)
}

func fromTable(t *csv.Table, err error) (*DataFrame, error) {
	if err != nil {
		return nil, err
	}
	return newFrame(t.Names, t.Columns), nil
}

// CSVWriteOptions say how WriteCSV writes.
type CSVWriteOptions = csv.WriteOptions

// WriteCSV writes the frame as a file of comma-separated values, with the names of the
// columns in the first line. Labels that are not numbers of rows are its first columns. The
// file is there when all of it is written, in place of one of the same name.
func (df *DataFrame) WriteCSV(path string, options ...CSVWriteOptions) error {
	o, err := only(options)
	if err != nil {
		return err
	}
	whole := df
	if len(df.index.levels) > 0 {
		whole = df.ResetIndex()
	}
	return csv.WriteFile(path, &csv.Table{Names: whole.names, Columns: whole.columns}, o)
}
