package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// FieldError says which field of which message is wrong, and how.
type FieldError struct {
	Type    MessageType
	Field   string // as on the wire; empty when the content as a whole is wrong
	Problem string // "is missing", "must be a string, not a number"
}

func (e *FieldError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("The content of this %s %s.", e.Type, e.Problem)
	}
	return fmt.Sprintf("The field %q of this %s %s.", e.Field, e.Type, e.Problem)
}

// DecodeContent reads a message's content as T. The error is a *FieldError when a field is
// missing, of the wrong type or out of range, or when the message is of another type, and
// an ErrorReply when the message is a reply that says so.
func DecodeContent[T Content](m *Message) (T, error) {
	var v T
	if want := v.MsgType(); m.Header.MsgType != want {
		return v, &FieldError{m.Header.MsgType, "", fmt.Sprintf("was read as a %s", want)}
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(m.Content, &fields); err != nil || fields == nil {
		return v, &FieldError{m.Header.MsgType, "", "must be a JSON object"}
	}
	if err := checkStatus(m.Header.MsgType, fields, m.Content); err != nil {
		return v, err
	}
	if d, ok := any(&v).(interface{ beforeDecode() }); ok {
		d.beforeDecode()
	}
	if err := decodeFields(m.Header.MsgType, fields, reflect.ValueOf(&v).Elem()); err != nil {
		var zero T
		return zero, err
	}
	if d, ok := any(&v).(interface{ afterDecode() }); ok {
		d.afterDecode()
	}
	return v, nil
}

// checkStatus turns an error reply into an error. is_complete_reply uses its status for
// something else; it too says error when the request was refused.
func checkStatus(t MessageType, fields map[string]json.RawMessage, content []byte) error {
	if !strings.HasSuffix(string(t), "_reply") {
		return nil
	}
	var status Status
	// A status of another type is reported by decodeFields, with its name.
	_ = json.Unmarshal(fields["status"], &status)
	if status != Failed && status != Abort && status != "abort" {
		return nil
	}
	reply := ErrorReply{}
	if err := json.Unmarshal(content, &reply); err != nil {
		return &FieldError{t, "", "says that it failed, but not in the form of an error reply"}
	}
	reply.Type = t
	return reply
}

func decodeFields(t MessageType, fields map[string]json.RawMessage, v reflect.Value) error {
	for i := range v.NumField() {
		spec := v.Type().Field(i)
		name, _, _ := strings.Cut(spec.Tag.Get("json"), ",")
		rules := strings.Split(spec.Tag.Get("wire"), ",")
		raw, ok := fields[name]
		if !ok || string(raw) == "null" {
			if slices.Contains(rules, "required") {
				return &FieldError{t, name, "is missing"}
			}
			continue
		}
		if err := decodeField(raw, v.Field(i), rules); err != nil {
			return &FieldError{t, name, err.Error()}
		}
	}
	return nil
}

func decodeField(raw json.RawMessage, v reflect.Value, rules []string) error {
	if v.Type() == reflect.TypeFor[json.RawMessage]() {
		return decodeObject(raw, v)
	}
	if err := json.Unmarshal(raw, v.Addr().Interface()); err != nil {
		return typeProblem(err, v.Type(), raw)
	}
	for _, rule := range rules {
		if err := checkRule(rule, v); err != nil {
			return err
		}
	}
	return nil
}

// decodeObject keeps free-form JSON. Everywhere in the protocol that is an object, with the
// one exception of codemirror_mode, which may be a string.
func decodeObject(raw json.RawMessage, v reflect.Value) error {
	if raw[0] != '{' && raw[0] != '"' {
		return fmt.Errorf("must be an object, not %s", kindOfJSON(raw))
	}
	v.SetBytes(raw)
	return nil
}

func checkRule(rule string, v reflect.Value) error {
	key, arg, _ := strings.Cut(rule, "=")
	switch key {
	case "min":
		if least, _ := strconv.ParseInt(arg, 10, 64); v.Int() < least {
			return fmt.Errorf("must be at least %d, not %d", least, v.Int())
		}
	case "oneof":
		if got := fmt.Sprint(v.Interface()); !slices.Contains(strings.Split(arg, "|"), got) {
			return fmt.Errorf("must be one of %s, not %q", strings.ReplaceAll(arg, "|", ", "), got)
		}
	}
	return nil
}

// typeProblem says in the words of JSON what encoding/json says in those of Go.
func typeProblem(err error, want reflect.Type, raw json.RawMessage) error {
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) && mismatch.Field != "" {
		return fmt.Errorf("holds, at %s, a JSON %s where %s belongs", mismatch.Field, mismatch.Value, nameOfType(mismatch.Type))
	}
	if want.Kind() == reflect.Int && kindOfJSON(raw) == "a number" {
		return fmt.Errorf("must be a whole number, not %s", raw)
	}
	if k := kindOfJSON(raw); k != nameOfType(want) {
		return fmt.Errorf("must be %s, not %s", nameOfType(want), k)
	}
	return fmt.Errorf("is %s whose parts are of the wrong type", kindOfJSON(raw))
}

func nameOfType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	case reflect.Pointer:
		return nameOfType(t.Elem())
	default:
		return "an object"
	}
}

func kindOfJSON(raw json.RawMessage) string {
	switch raw[0] {
	case '"':
		return "a string"
	case 't', 'f':
		return "true or false"
	case '[':
		return "a list"
	case '{':
		return "an object"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}

// EncodeContent writes content as JSON. It fails only for values that JSON cannot express
// in MIMEData or json.RawMessage fields.
func EncodeContent(c Content) (json.RawMessage, error) {
	if a, ok := c.(interface {
		appendJSON([]byte) ([]byte, error)
	}); ok {
		raw, err := a.appendJSON(nil)
		return raw, encodeProblem(c, err)
	}
	given := reflect.Indirect(reflect.ValueOf(c))
	v := reflect.New(given.Type()).Elem()
	v.Set(given)
	fillEmpty(v)
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v.Interface()); err != nil {
		return nil, encodeProblem(c, err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

func encodeProblem(c Content, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("a %s cannot be written as JSON: %w", c.MsgType(), err)
}

// fillEmpty replaces nil maps and slices by empty ones: clients want {} and [], not null.
func fillEmpty(v reflect.Value) {
	for i := range v.NumField() {
		f := v.Field(i)
		if strings.Contains(v.Type().Field(i).Tag.Get("json"), ",omitempty") {
			continue
		}
		switch {
		case f.Kind() == reflect.Struct:
			fillEmpty(f)
		case f.Type() == reflect.TypeFor[json.RawMessage]() && f.Len() == 0:
			f.SetBytes(emptyObject())
		case f.Kind() == reflect.Slice && f.IsNil():
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		case f.Kind() == reflect.Map && f.IsNil():
			f.Set(reflect.MakeMap(f.Type()))
		}
	}
}
