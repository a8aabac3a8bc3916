package column

import (
	"testing"
	"time"
)

// TestParseTimeDays compares every day of 600 years with package time.
func TestParseTimeDays(t *testing.T) {
	for day := time.Date(1678, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2262; day = day.AddDate(0, 0, 1) {
		ns, form := ParseTime([]byte(day.Format(time.DateOnly)))
		if form != DateOnly || ns != day.UnixNano() {
			t.Fatalf("%v is %v, %v", day, Time(ns), form)
		}
	}
}

func TestParseTime(t *testing.T) {
	for _, tc := range []struct {
		text string
		form TimeForm
		want string
	}{
		{"2026-01-02 03:04", Clock, "2026-01-02T03:04:00Z"},
		{"2026-01-02T03:04:05", Clock, "2026-01-02T03:04:05Z"},
		{"2026-01-02T03:04:05.123456789", Clock, "2026-01-02T03:04:05.123456789Z"},
		{"1969-12-31T23:59:59.5Z", Zoned, "1969-12-31T23:59:59.5Z"},
		{"2026-01-02 03:04:05+05:30", Zoned, "2026-01-01T21:34:05Z"},
		{"2026-01-02 03:04-0800", Zoned, "2026-01-02T11:04:00Z"},
		{"2026-01-02 03:04:05+01", Zoned, "2026-01-02T02:04:05Z"},
		{"2024-02-29", DateOnly, "2024-02-29T00:00:00Z"},
		{"2026-02-29", NoTime, ""}, {"1900-02-29", NoTime, ""}, {"2026-13-01", NoTime, ""}, {"2026-00-01", NoTime, ""},
		{"2026-01-32", NoTime, ""}, {"2026-01-00", NoTime, ""}, {"2026-1-2", NoTime, ""}, {"20260102", NoTime, ""},
		{"2026-01-02 24:00", NoTime, ""}, {"2026-01-02 03:60", NoTime, ""}, {"2026-01-02 03:04:60", NoTime, ""},
		{"2026-01-02T", NoTime, ""}, {"2026-01-02 03", NoTime, ""}, {"2026-01-02 03:04:05.", NoTime, ""},
		{"2026-01-02 03:04:05.1234567890", NoTime, ""}, {"2026-01-02 03:04:05z", NoTime, ""}, {"2026-01-02 03:04:05+1", NoTime, ""},
		{"2026-01-02 03:04:05+24:00", NoTime, ""}, {"2026-01-02 03:04:05+", NoTime, ""}, {"2026-01-02x03:04", NoTime, ""},
		{"1600-01-01", NoTime, ""}, {"2300-01-01", NoTime, ""}, {"9999-12-31", NoTime, ""}, {"", NoTime, ""}, {"2026-01-0", NoTime, ""},
	} {
		ns, form := ParseTime([]byte(tc.text))
		if form != tc.form {
			t.Errorf("%q has the form %d, not %d", tc.text, form, tc.form)
		}
		if got := Time(ns).Format(time.RFC3339Nano); form != NoTime && got != tc.want {
			t.Errorf("%q is %s, not %s", tc.text, got, tc.want)
		}
	}
}

func TestWords(t *testing.T) {
	var w Words
	var b []byte
	codes := make(map[string]int32)
	for i := range 20_000 {
		b = append(b[:0], 'a'+byte(i%26))
		for n := i / 26 % 777; n > 0; n /= 3 {
			b = append(b, '0'+byte(n%3))
		}
		code, isNew := w.Code(b)
		old, known := codes[string(b)]
		if known == isNew || known && old != code || w.Words[code] != string(b) {
			t.Fatalf("the code of %q is %d (new: %v), it was %d (%v)", b, code, isNew, old, known)
		}
		codes[string(b)] = code
	}
	if len(codes) != len(w.Words) {
		t.Errorf("%d words, not %d", len(w.Words), len(codes))
	}
	if code, isNew := w.Code(nil); !isNew || w.Words[code] != "" {
		t.Errorf("the empty word has the code %d", code)
	}
}
