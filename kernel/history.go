package kernel

import (
	"context"
	"log/slog"
	"slices"

	"github.com/dagbook/dagbook/protocol"
)

// history is what was run in this session and, on disk, in the earlier ones of this user.
// The shell loop owns it.
type history struct {
	entries []protocol.HistoryEntry // of this session, with outputs
	session int                     // its number; 0: not known yet
	disk    *historyDir             // nil: only this session
	log     *slog.Logger
}

// sessionEntries is how many cells of the running session are kept at hand.
const sessionEntries = 20_000

func newHistory(dir string, log *slog.Logger) *history {
	h := &history{log: log}
	if dir != "" {
		h.disk = &historyDir{path: dir}
	}
	return h
}

// add keeps a cell. Failing to write it down is a matter for the log, not for the cell.
func (h *history) add(line int, input, output string) {
	h.begin()
	if len(h.entries) == sessionEntries {
		h.entries = slices.Delete(h.entries, 0, sessionEntries/2)
	}
	h.entries = append(h.entries, protocol.HistoryEntry{Session: h.session, Line: line, Input: input, Output: &output})
	if h.disk == nil {
		return
	}
	if err := h.disk.append(line, input, output); err != nil {
		h.log.Warn("the history is not written any more", "error", err)
		h.disk.stop()
	}
}

// begin finds the session's number, when it is first needed: a kernel that runs nothing
// leaves no trace.
func (h *history) begin() {
	if h.session != 0 {
		return
	}
	h.session = 1
	if h.disk == nil {
		return
	}
	number, err := h.disk.begin()
	if err != nil {
		h.log.Warn("the history of this session is not kept", "error", err)
		h.disk.stop()
	}
	h.session = max(number, 1)
}

// of returns a session's cells, oldest first.
func (h *history) of(session int) []protocol.HistoryEntry {
	if session == h.session || h.disk == nil {
		if session == h.session {
			return h.entries
		}
		return nil
	}
	return h.disk.read(session)
}

// backward goes through all cells, newest first, until visit returns false.
func (h *history) backward(visit func(protocol.HistoryEntry) bool) {
	for _, session := range h.sessions() {
		for _, e := range slices.Backward(h.of(session)) {
			if !visit(e) {
				return
			}
		}
	}
}

// sessions lists the numbers of all sessions, newest first.
func (h *history) sessions() []int {
	var all []int
	if h.disk != nil {
		all = h.disk.sessions()
	}
	if h.session != 0 && !slices.Contains(all, h.session) {
		all = append(all, h.session)
	}
	slices.Sort(all)
	slices.Reverse(all)
	return all
}

// historyRequest answers from the history. Raw makes no difference: cells are kept as they
// were typed.
func (k *Kernel) historyRequest(_ context.Context, _ *request, req protocol.HistoryRequest) protocol.Content {
	var found []protocol.HistoryEntry
	switch req.Access {
	case protocol.HistoryTail:
		found = k.history.tail(limit(req.N))
	case protocol.HistoryRange:
		found = k.history.span(req.Session, req.Start, req.Stop)
	case protocol.HistorySearch:
		found = k.history.search(req.Pattern, req.Unique, limit(req.N))
	}
	return protocol.HistoryReply{Status: protocol.OK, History: withOutputs(found, req.Output)}
}

// limit is how many entries are wanted, -1 for all.
func limit(n *int) int {
	if n == nil || *n < 0 {
		return -1
	}
	return *n
}

// tail returns the last n cells, oldest first.
func (h *history) tail(n int) []protocol.HistoryEntry {
	return h.collect(n, func(protocol.HistoryEntry) bool { return true })
}

// search returns the last n cells that the glob fits; with unique each input once, where
// it was last run.
func (h *history) search(pattern string, unique bool, n int) []protocol.HistoryEntry {
	if pattern == "" {
		pattern = "*"
	}
	seen := map[string]bool{}
	return h.collect(n, func(e protocol.HistoryEntry) bool {
		if unique && seen[e.Input] {
			return false
		}
		seen[e.Input] = unique
		return globMatch(pattern, e.Input)
	})
}

// collect returns the last n cells that are wanted, oldest first; all with n < 0.
func (h *history) collect(n int, wanted func(protocol.HistoryEntry) bool) []protocol.HistoryEntry {
	var found []protocol.HistoryEntry
	h.backward(func(e protocol.HistoryEntry) bool {
		if n >= 0 && len(found) >= n {
			return false
		}
		if wanted(e) {
			found = append(found, e)
		}
		return true
	})
	slices.Reverse(found)
	return found
}

// span returns the cells start to stop-1 of a session; 0 and negative sessions count back
// from this one. Without stop it goes to the end.
func (h *history) span(session, start int, stop *int) []protocol.HistoryEntry {
	h.begin()
	if session <= 0 {
		session += h.session
	}
	var found []protocol.HistoryEntry
	for _, e := range h.of(session) {
		if e.Line >= start && (stop == nil || e.Line < *stop) {
			found = append(found, e)
		}
	}
	return found
}

// withOutputs copies entries as they were asked for.
func withOutputs(entries []protocol.HistoryEntry, outputs bool) []protocol.HistoryEntry {
	copied := slices.Clone(entries)
	if !outputs {
		for i := range copied {
			copied[i].Output = nil
		}
	}
	return copied
}

// globMatch reports whether the whole text fits a pattern in which * stands for any text
// and ? for one character. It goes back to the last * only, so its time is bounded by the
// product of the lengths.
func globMatch(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	pi, ti, star, mark := 0, 0, -1, 0
	for ti < len(t) {
		switch {
		case pi < len(p) && p[pi] == '*':
			star, mark = pi, ti
			pi++
		case pi < len(p) && (p[pi] == '?' || p[pi] == t[ti]):
			pi++
			ti++
		case star >= 0:
			mark++
			pi, ti = star+1, mark
		default:
			return false
		}
	}
	for pi < len(p) && p[pi] == '*' {
		pi++
	}
	return pi == len(p)
}
