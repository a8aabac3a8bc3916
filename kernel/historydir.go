package kernel

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dagbook/dagbook/protocol"
)

// historyDir keeps history as one file per session, SESSION.jsonl, with a JSON object per
// cell and line. A file has one writer, the kernel that created it, so kernels that run at
// the same time never write into each other's lines; what a crash cut off is one line at
// the end of one file, which reading skips.
type historyDir struct {
	path    string
	session int   // whose file is ours to write; 0: none, nothing is written
	size    int64 // of our file
}

// Bounds of what is kept; the oldest sessions go first.
const (
	maxHistoryBytes  = 16 << 20 // of all sessions
	maxSessionBytes  = 4 << 20  // of one
	maxSessions      = 1000
	maxHistoryOutput = 4 << 10 // of one cell's value
	historyExt       = ".jsonl"
)

// historyLine is a cell on disk.
type historyLine struct {
	Line   int    `json:"line"`
	Input  string `json:"input"`
	Output string `json:"output,omitempty"`
}

// begin makes a file for a new session, numbered after the last, and removes the oldest
// ones beyond the bounds. With an error nothing is kept.
func (d *historyDir) begin() (session int, err error) {
	if err := os.MkdirAll(d.path, 0o700); err != nil {
		return 0, fmt.Errorf("its directory cannot be made: %w", err)
	}
	all := d.sessions()
	d.prune(all)
	next := 1
	if len(all) > 0 {
		next = all[len(all)-1] + 1
	}
	// Kernels that begin at the same moment want the same number; one gets it.
	for number := next; number < next+maxSessions; number++ {
		f, err := os.OpenFile(d.name(number), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("its file cannot be made: %w", err)
		}
		d.session = number
		return number, f.Close()
	}
	return 0, fmt.Errorf("no number for a new session is free in %s", d.path)
}

func (d *historyDir) name(session int) string {
	return filepath.Join(d.path, strconv.Itoa(session)+historyExt)
}

// sessions lists the sessions on disk, oldest first; none when there is no directory yet.
func (d *historyDir) sessions() []int {
	files, _ := os.ReadDir(d.path)
	var all []int
	for _, f := range files {
		digits, isOurs := strings.CutSuffix(f.Name(), historyExt)
		if n, err := strconv.Atoi(digits); isOurs && err == nil && n > 0 {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all
}

// prune removes the oldest sessions until the rest keeps the bounds.
func (d *historyDir) prune(sessions []int) {
	var total int64
	for i, session := range slices.Backward(sessions) {
		info, err := os.Stat(d.name(session))
		if err != nil {
			continue // another kernel has removed it
		}
		total += info.Size()
		if total > maxHistoryBytes || len(sessions)-i >= maxSessions {
			// What cannot be removed is tried again by the next session.
			_ = os.Remove(d.name(session))
		}
	}
}

// append writes a cell to our file, in one write. It is closed again each time: cells are
// rare, and so there is nothing to close when the process is killed.
func (d *historyDir) append(line int, input, output string) error {
	if d.session == 0 {
		return nil
	}
	record, err := json.Marshal(historyLine{Line: line, Input: input, Output: clip(output, maxHistoryOutput)})
	if err != nil {
		return err
	}
	record = append(record, '\n')
	if d.size += int64(len(record)); d.size > maxSessionBytes {
		return fmt.Errorf("this session has filled its %d MB of history", maxSessionBytes>>20)
	}
	f, err := os.OpenFile(d.name(d.session), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(record)
	return errors.Join(err, f.Close())
}

// stop ends writing; reading goes on.
func (d *historyDir) stop() { d.session = 0 }

// clip cuts text at a character's start to at most n bytes.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// read returns the cells of a session, without the lines that are damaged; nil when there
// is no such session.
func (d *historyDir) read(session int) []protocol.HistoryEntry {
	data, err := os.ReadFile(d.name(session))
	if err != nil {
		return nil
	}
	var entries []protocol.HistoryEntry
	for raw := range bytes.Lines(data) {
		var l historyLine
		if json.Unmarshal(raw, &l) != nil || l.Line <= 0 {
			continue
		}
		entries = append(entries, protocol.HistoryEntry{Session: session, Line: l.Line, Input: l.Input, Output: &l.Output})
	}
	return entries
}
