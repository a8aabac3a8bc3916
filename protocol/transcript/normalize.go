package transcript

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// clipLength is how many characters of a long string are kept.
const clipLength = 1200

var (
	clipped = regexp.MustCompile(`\.\.\.<\d+ chars>$`)
	// What Jupyter's programs use as ids: UUIDs with and without hyphens, and
	// jupyter_client's session_process_count.
	anyID = regexp.MustCompile(`[0-9a-f]{8}-?(?:[0-9a-f]{24}|[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:_\d+_\d+)?`)
	date  = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$`)
)

// group is a sequence whose order means something: one channel, one direction.
type group struct {
	channel   string
	direction Direction
}

// groups fixes the order in which ids get their names: requests first, since all else
// refers to them.
func (t Transcript) groups() []group {
	var gs []group
	for _, e := range t {
		g := group{e.Channel, e.Direction}
		if e.Note == "" && !slices.Contains(gs, g) {
			gs = append(gs, g)
		}
	}
	slices.SortFunc(gs, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.direction, b.direction), cmp.Compare(order(a.channel), order(b.channel)), cmp.Compare(a.channel, b.channel))
	})
	return gs
}

func order(channel string) int {
	return 1 + slices.Index([]string{"shell", "control", "iopub", "stdin"}, channel)
}

// Normalize returns the messages, channel by channel, as another run of the same
// conversation would give them: ids replaced by names, dates and times gone, long strings
// clipped, notes left out, JSON with sorted keys.
func (t Transcript) Normalize() (Transcript, error) {
	n := &names{known: map[string]string{}, count: map[string]int{}}
	var ordered Transcript
	for _, g := range t.groups() {
		ordered = append(ordered, t.Messages(g.channel, g.direction)...)
	}
	for _, e := range ordered {
		n.learn(e)
	}
	for i, e := range ordered {
		content, err := n.rewrite(e.Content)
		if err != nil {
			return nil, fmt.Errorf("the content of %s %s: %w", e.MsgType, e.MsgID, err)
		}
		metadata, err := n.rewrite(e.Metadata)
		if err != nil {
			return nil, fmt.Errorf("the metadata of %s %s: %w", e.MsgType, e.MsgID, err)
		}
		ordered[i] = Entry{
			Channel: e.Channel, Direction: e.Direction, MsgType: e.MsgType,
			MsgID: n.known[e.MsgID], ParentType: e.ParentType, ParentMsgID: n.known[e.ParentMsgID],
			Metadata: metadata, Content: content, Buffers: e.Buffers,
		}
	}
	return ordered, nil
}

// Clip returns the recording with long strings cut to their first 1200 characters and their
// length, for files that people look at.
func (t Transcript) Clip() (Transcript, error) {
	out := slices.Clone(t)
	for i, e := range out {
		if e.Note != "" {
			continue
		}
		content, err := rewrite(e.Content, clip)
		if err != nil {
			return nil, fmt.Errorf("the content of %s %s: %w", e.MsgType, e.MsgID, err)
		}
		out[i].Content = content
	}
	return out, nil
}

func clip(s string) string {
	if len(s) <= clipLength || clipped.MatchString(s) {
		return s
	}
	n := utf8.RuneCountInString(s)
	if n <= clipLength {
		return s
	}
	return string([]rune(s)[:clipLength]) + fmt.Sprintf("...<%d chars>", n)
}

// names gives ids their names by first appearance.
type names struct {
	known map[string]string
	count map[string]int
}

func (n *names) name(id, kind string) {
	if id == "" || n.known[id] != "" {
		return
	}
	n.count[kind]++
	n.known[id] = fmt.Sprintf("%s-%d", kind, n.count[kind])
}

// learn names the ids whose meaning is known.
func (n *names) learn(e Entry) {
	n.name(e.MsgID, string(e.MsgType))
	n.name(e.ParentMsgID, cmp.Or(string(e.ParentType), "message"))
	n.name(e.Header.Session, "session")
	var comm struct {
		CommID string                     `json:"comm_id"`
		Comms  map[string]json.RawMessage `json:"comms"`
	}
	// A content of another form has no comms to name; rewrite reports what is not JSON.
	_ = json.Unmarshal(e.Content, &comm)
	n.name(comm.CommID, "comm")
	for _, id := range slices.Sorted(maps.Keys(comm.Comms)) {
		n.name(id, "comm")
	}
}

// rewrite names all ids in JSON.
func (n *names) rewrite(raw json.RawMessage) (json.RawMessage, error) {
	return rewrite(raw, func(s string) string {
		if name, ok := n.known[s]; ok {
			return name
		}
		if date.MatchString(s) {
			return "DATE"
		}
		return clip(anyID.ReplaceAllStringFunc(s, func(id string) string {
			n.name(id, "id")
			return n.known[id]
		}))
	})
}

// rewrite applies edit to every string in JSON, keys included, and sorts the keys. Nothing
// counts as an empty object.
func rewrite(raw json.RawMessage, edit func(string) string) (json.RawMessage, error) {
	if len(raw) == 0 {
		return json.RawMessage("{}"), nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return marshal(rewriteValue(v, edit))
}

func rewriteValue(v any, edit func(string) string) any {
	switch v := v.(type) {
	case string:
		return edit(v)
	case []any:
		for i := range v {
			v[i] = rewriteValue(v[i], edit)
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) { // sorted, so that names do not depend on chance
			out[edit(k)] = rewriteValue(v[k], edit)
		}
		return out
	}
	return v
}

// title is a message's line in a difference.
func (e Entry) title() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", e.Channel, e.Direction, e.MsgType)
	if e.ParentMsgID != "" {
		fmt.Fprintf(&b, " (parent %s)", e.ParentMsgID)
	}
	return b.String()
}

// body is what a message says, a value to a line.
func (e Entry) body() []string {
	var lines []string
	for _, part := range []struct {
		name string
		raw  json.RawMessage
	}{{"content", e.Content}, {"metadata", e.Metadata}} {
		if string(part.raw) == "{}" && part.name == "metadata" {
			continue
		}
		var b bytes.Buffer
		// Normalize has made this JSON itself.
		_ = json.Indent(&b, part.raw, "", "  ")
		lines = append(lines, strings.Split(part.name+" "+b.String(), "\n")...)
	}
	for i, b := range e.Buffers {
		lines = append(lines, fmt.Sprintf("buffer %d: %d bytes, %x", i, b.Size, b.Head))
	}
	return lines
}
