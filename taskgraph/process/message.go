package process

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// A message is one byte that says what it is, the length as a varint, and
// the data.
const (
	msgLoad   = 'L' // to the worker: the values of a Source
	msgCall   = 'C' // to the worker: the function's name and the arguments
	msgValue  = 'V' // from the worker: what the call gave
	msgError  = 'E' // from the worker: text, type
	msgPanic  = 'P' // from the worker: text, type, stack
	msgOutput = 'O' // from the worker: what was printed
)

func writeMessage(w *bufio.Writer, kind byte, data []byte) error {
	w.WriteByte(kind)
	w.Write(binary.AppendUvarint(nil, uint64(len(data))))
	_, err := w.Write(data)
	return err
}

var errDamaged = errors.New("process: a message is damaged")

func readMessage(r *bufio.Reader) (kind byte, data []byte, err error) {
	if kind, err = r.ReadByte(); err != nil {
		return 0, nil, err
	}
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return 0, nil, err
	}
	if n > 1<<40 {
		return 0, nil, errDamaged
	}
	data = make([]byte, n)
	_, err = io.ReadFull(r, data)
	return kind, data, err
}
