package check

import (
	"fmt"
	"go/ast"
	"go/types"
)

// doubts says what compiles and is hardly ever meant: string(n) of a number.
func (c *checking) doubts() []string {
	var notes []string
	c.part.inspect(func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || !c.info.Types[call.Fun].IsType() {
			return true
		}
		to, from := c.typeOf(call.Fun), c.typeOf(call.Args[0])
		if to == nil || from == nil || !isBasic(to, types.IsString) || !isBasic(from, types.IsInteger) || isCharacter(from) {
			return true
		}
		_, line, _ := c.Position(call.Pos())
		notes = append(notes, fmt.Sprintf("line %d: %s is the character with that number; fmt.Sprint(%s) writes the number", line, c.quote(call), c.quote(call.Args[0])))
		return true
	})
	return notes
}

// isCharacter reports whether numbers of a type stand for characters: runes and bytes.
func isCharacter(t types.Type) bool {
	b := t.Underlying().(*types.Basic)
	return b.Kind() == types.Rune || b.Kind() == types.Byte || b.Kind() == types.UntypedRune
}
