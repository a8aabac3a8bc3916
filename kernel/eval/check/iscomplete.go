package check

import (
	"strings"
)

// IsComplete reports whether a console should run what was typed so far:
// "complete", "incomplete" (with the indent of the next line) or "invalid".
func (s *Session) IsComplete(code string) (status, indent string) {
	if strings.HasPrefix(strings.TrimSpace(code), "%%") {
		if strings.Contains(strings.TrimSpace(code), "\n") && strings.HasSuffix(code, "\n\n") {
			return "complete", ""
		}
		return "incomplete", ""
	}
	open := closers(code)
	if open != "" {
		return "incomplete", strings.Repeat("\t", strings.Count(open, "}"))
	}
	if _, err := s.parse(0, code); err != nil {
		es, ok := err.(Errors)
		if ok && strings.Contains(es[0].Msg, "ends too early") || inText(code) && strings.Count(code, "`")%2 == 1 {
			return "incomplete", ""
		}
		return "invalid", ""
	}
	return "complete", ""
}
