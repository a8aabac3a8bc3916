package closure

import (
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// Elements of elements of slices have code of their own.
func TestRows(t *testing.T) {
	const decl = "type pair struct{ a, b int }\nfunc sum(x [][]int, y [][]string, z [][]pair, i, j int) string {\n\tx[i][j] += 2\n\tx[i][j]++\n\ty[i][j] += \"!\"\n\tz[i][j].a = x[i][j] * x[j][i]\n\tz[j][i] = z[i][j]\n\tw := [][][]int{x}\n\tk := 0\n\treturn fmt.Sprint(x[i][j], y[i][j], z[j][i], w[k][i][j])\n}\n"
	const data = "x := [][]int{{1, 2}, {3, 4}, nil}\ny := [][]string{{\"a\", \"b\"}, {\"c\", \"d\"}}\nz := [][]pair{make([]pair, 2), make([]pair, 2)}\n"
	for _, c := range []struct{ code, want string }{
		{"sum(x, y, z, 0, 1)", "value: 5b!{15 0} 5\n"},
		{"sum(x, y, z, 1, 1)", "value: 7d!{49 0} 7\n"},
		{"sum(x, y, z, 3, 0)", "error: panic: runtime error: index out of range [3] with length 3\nat: cell 1, line 3, column 2, in sum\nat: cell 1, line 15, column 1\n"},
		{"sum(x, y, z, 0, 2)", "error: panic: runtime error: index out of range [2] with length 2\nat: cell 1, line 3, column 2, in sum\nat: cell 1, line 15, column 1\n"},
		{"sum(x, y, z, 2, 0)", "error: panic: runtime error: index out of range [0] with length 0\nat: cell 1, line 3, column 2, in sum\nat: cell 1, line 15, column 1\n"},
		{"sum(x, y, z, -1, 0)", "error: panic: runtime error: index out of range [-1]\nat: cell 1, line 3, column 2, in sum\nat: cell 1, line 15, column 1\n"},
		{"func at(x [][]int, i, j int) int {\n\treturn 1 +\n\t\tx[i][j]\n}\nat(x, 0, 7)", "error: panic: runtime error: index out of range [7] with length 2\nat: cell 1, line 17, column 3, in at\nat: cell 1, line 19, column 1\n"},
	} {
		if got := enginetest.Run(session(t), 1, decl+data+c.code); got != c.want {
			t.Errorf("%s\n  gives\n%s  and should give\n%s", c.code, got, c.want)
		}
	}
}
