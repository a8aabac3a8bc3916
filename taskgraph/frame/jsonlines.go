package frame

import (
	"context"

	"github.com/dagbook/dagbook/taskgraph/frame/csv"
	"github.com/dagbook/dagbook/taskgraph/frame/jsonlines"
)

// JSONLinesOptions say how ReadJSONLines reads: which keys, of which types, how many rows.
type JSONLinesOptions = jsonlines.Options

// ReadJSONLines reads a file with a JSON object on each line, on all processors: a column for
// each key, in the order in which they come first, with a missing value where an object lacks
// it or has null. Values are numbers, texts, truth values or times as texts; objects and
// arrays within are errors that name the line.
func ReadJSONLines(path string, options ...JSONLinesOptions) (*DataFrame, error) {
	o, err := only(options)
	if err != nil {
		return nil, err
	}
	t, err := jsonlines.Read(context.Background(), path, o)
	return fromTable(t, err)
}

// WriteJSONLines writes an object on each line, in which missing values are null. Labels that
// are not numbers of rows are its first keys. The file is there when all of it is written, in
// place of one of the same name.
func (df *DataFrame) WriteJSONLines(path string) error {
	whole := df
	if len(df.index.levels) > 0 {
		whole = df.ResetIndex()
	}
	return jsonlines.WriteFile(path, &csv.Table{Names: whole.names, Columns: whole.columns})
}
