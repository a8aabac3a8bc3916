package symbols

import "fmt"

// Format implements fmt.Formatter: the verbs for which fmt does not ask for String
// format the value itself, and not the struct that stands for it.
func (w _fmt_Stringer) Format(f fmt.State, verb rune) {
	switch verb {
	case 'v', 's', 'x', 'X', 'q':
		if !f.Flag('#') || verb != 'v' {
			fmt.Fprintf(f, fmt.FormatString(f, verb), w.String())
			return
		}
	}
	fmt.Fprintf(f, fmt.FormatString(f, verb), w.IValue)
}
