package frame

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// indexLevels is the key of Arrow's metadata that says how many of the first columns are
// labels.
const indexLevels = "dagbook.index_levels"

// Arrow is the frame as a record batch of arrow-go, which shares the memory of its columns.
// Labels that are not numbers of rows are its first columns.
func (df *DataFrame) Arrow() arrow.RecordBatch {
	whole, levels := df, len(df.index.levels)
	if levels > 0 {
		whole = &DataFrame{append(append([]string{}, df.index.names...), df.names...), append(append([]column.Column{}, df.index.levels...), df.columns...), rangeIndex(df.Len())}
	}
	fields, columns := make([]arrow.Field, len(whole.names)), make([]arrow.Array, len(whole.names))
	for i, c := range whole.columns {
		columns[i] = c.Arrow()
		fields[i] = arrow.Field{Name: whole.names[i], Type: columns[i].DataType(), Nullable: true}
	}
	meta := arrow.NewMetadata([]string{indexLevels}, []string{strconv.Itoa(levels)})
	return array.NewRecordBatch(arrow.NewSchema(fields, &meta), columns, int64(df.Len()))
}

// FromArrow is the frame of a record batch; see column.FromArrow for the types.
func FromArrow(r arrow.RecordBatch) (*DataFrame, error) {
	out := newFrame(nil, nil)
	for i, f := range r.Schema().Fields() {
		c, err := column.FromArrow(r.Column(i))
		if err != nil {
			return nil, fmt.Errorf("the column %q: %w", f.Name, err)
		}
		out.add(&Series{name: f.Name, values: c})
	}
	out = numbered(out, int(r.NumRows()))
	meta := r.Schema().Metadata()
	text, _ := meta.GetValue(indexLevels)
	if n, err := strconv.Atoi(text); err == nil && n > 0 && n <= len(out.names) {
		return &DataFrame{out.names[n:], out.columns[n:], newIndex(out.names[:n], out.columns[:n])}, nil
	}
	return out, nil
}

// WriteArrow writes the frame as an Arrow file (also called Feather), which pandas, polars and
// DuckDB read. The file is there when all of it is written, in place of one of the same name.
func (df *DataFrame) WriteArrow(path string) error {
	return writeWhole(path, func(w io.Writer) error {
		r := df.Arrow()
		out, err := ipc.NewFileWriter(w, ipc.WithSchema(r.Schema()))
		if err != nil {
			return err
		}
		return errors.Join(out.Write(r), out.Close())
	})
}

// writeWhole writes a file under another name first.
func writeWhole(path string, write func(w io.Writer) error) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the folder %s is not there", filepath.Dir(path))
	}
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("%s cannot be written: %w", path, err), os.Remove(tmp.Name()))
		}
	}()
	if err = errors.Join(write(tmp), tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// ReadArrow reads an Arrow file, or what was written as a stream.
func ReadArrow(path string) (df *DataFrame, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	defer broken(path, &err)
	magic := make([]byte, 6)
	if _, err := f.ReadAt(magic, 0); err != nil {
		return nil, fmt.Errorf("%s is no Arrow file: it has less than 6 bytes", path)
	}
	if string(magic) != "ARROW1" {
		df, err = readStream(f)
	} else {
		df, err = readFile(f)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read as an Arrow file: %w", path, err)
	}
	return df, nil
}

// broken makes an error of a panic in a library that reads a damaged file.
func broken(path string, err *error) {
	switch problem := recover().(type) {
	case nil:
	case runtime.Error: // of the library, which believed what the file says
		*err = fmt.Errorf("%s is damaged: what it says of itself does not agree", path)
	default:
		*err = fmt.Errorf("%s is damaged: %v", path, problem)
	}
}

func readFile(f ipc.ReadAtSeeker) (*DataFrame, error) {
	r, err := ipc.NewFileReader(f)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var parts []*DataFrame
	for i := range r.NumRecords() {
		batch, err := r.RecordBatchAt(i)
		if err != nil {
			return nil, err
		}
		df, err := FromArrow(batch)
		if err != nil {
			return nil, err
		}
		parts = append(parts, df)
	}
	if len(parts) == 0 {
		return emptyOf(r.Schema())
	}
	return concatFrames(parts)
}

// readStream reads a stream of record batches.
func readStream(from io.Reader) (*DataFrame, error) {
	r, err := ipc.NewReader(from)
	if err != nil {
		return nil, err
	}
	defer r.Release()
	var parts []*DataFrame
	for r.Next() {
		batch := r.RecordBatch()
		batch.Retain() // the columns share its memory
		df, err := FromArrow(batch)
		if err != nil {
			return nil, err
		}
		parts = append(parts, df)
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return emptyOf(r.Schema())
	}
	return concatFrames(parts)
}

// emptyOf is a frame without rows.
func emptyOf(schema *arrow.Schema) (*DataFrame, error) {
	columns := make([]arrow.Array, schema.NumFields())
	for i, f := range schema.Fields() {
		b := array.NewBuilder(memory.DefaultAllocator, f.Type)
		columns[i] = b.NewArray()
	}
	return FromArrow(array.NewRecordBatch(schema, columns, 0))
}

// MarshalBinary is the frame as a stream of Arrow: how it travels to worker processes, and
// waits on the disk where memory is short.
func (df *DataFrame) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	r := df.Arrow()
	w := ipc.NewWriter(&b, ipc.WithSchema(r.Schema()))
	err := errors.Join(w.Write(r), w.Close())
	return b.Bytes(), err
}

// UnmarshalBinary is the reverse of MarshalBinary.
func (df *DataFrame) UnmarshalBinary(data []byte) (err error) {
	defer broken("the frame", &err)
	read, err := readStream(bytes.NewReader(data))
	if err == nil {
		*df = *read
	}
	return err
}

// MarshalBinary is the series as that of a frame of it alone.
func (s *Series) MarshalBinary() ([]byte, error) { return s.Frame().MarshalBinary() }

// UnmarshalBinary is the reverse of MarshalBinary.
func (s *Series) UnmarshalBinary(data []byte) error {
	var df DataFrame
	if err := df.UnmarshalBinary(data); err != nil {
		return err
	}
	if len(df.columns) != 1 {
		return fmt.Errorf("a series has one column, and the data %d", len(df.columns))
	}
	*s = *df.series(0)
	return nil
}
