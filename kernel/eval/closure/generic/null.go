package generic

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"reflect"
)

// The methods of sql.Null[T], whose memory is a T and a bool behind it.

func nullScan(r request) reflect.Value {
	t := r.targs[0]
	return r.as(func(p addr, value any) error {
		valid := offset(p, t.Size())
		if value == nil {
			view(t, p).SetZero()
			store(valid, false)
			return nil
		}
		store(valid, true)
		return convertAssign(reflect.NewAt(t, p).Interface(), value)
	})
}

func nullValue(r request) reflect.Value {
	t := r.targs[0]
	return r.as(func(p addr) (driver.Value, error) {
		if !load[bool](offset(p, t.Size())) {
			return nil, nil
		}
		v := view(t, p).Interface()
		return sql.Null[any]{V: v, Valid: true}.Value()
	})
}

// convertAssign converts value for the variable that dest points to, as package sql
// does it for a row: it asks a data base of one row that has the value.
func convertAssign(dest, value any) error {
	db := sql.OpenDB(oneRow{value})
	defer db.Close()
	rows, err := db.QueryContext(context.Background(), "")
	if err != nil {
		return err
	}
	defer rows.Close()
	rows.Next()
	if err := rows.Scan(dest); err != nil {
		return errors.Unwrap(err) // without the row and the column
	}
	return nil
}

// oneRow is a data base whose every answer is one row with the value: a connector, its
// connection and the rows.
type oneRow struct{ value any }

func (d oneRow) Connect(context.Context) (driver.Conn, error) { return d, nil }
func (d oneRow) Driver() driver.Driver                        { return nil }
func (d oneRow) Begin() (driver.Tx, error)                    { return nil, driver.ErrSkip }
func (d oneRow) Prepare(string) (driver.Stmt, error)          { return nil, driver.ErrSkip }
func (d oneRow) Close() error                                 { return nil }
func (d oneRow) Columns() []string                            { return []string{"value"} }

func (d oneRow) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	return d, nil
}

func (d oneRow) Next(dest []driver.Value) error {
	if len(dest) == 0 {
		return io.EOF
	}
	dest[0] = d.value
	return nil
}
