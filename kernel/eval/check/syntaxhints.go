package check

import (
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"strings"
)

// misspelt is a place where a cell does not parse.
type misspelt struct {
	msg   string
	line  string // the line of the cell
	rest  string // of the line, from the place of the error
	below string // the first line below that is not blank
}

// syntaxAdvice is what is said behind a syntax error: each of the patterns that are
// given must match.
type syntaxAdvice struct {
	msg, line, rest *regexp.Regexp
	hint            string // $1 is the first group of line
}

func re(pattern string) *regexp.Regexp {
	if pattern == "" {
		return nil
	}
	return regexp.MustCompile(pattern)
}

// syntaxAdvices is in the order in which they are tried: what is written as in another
// language, then what is easily forgotten.
var syntaxAdvices = []syntaxAdvice{
	{re(`rune literal`), nil, nil, "single quotes hold one character; a string takes double quotes"},
	{nil, re(`^\s*while\b`), nil, "Go's only loop is for: for condition { … }"},
	{nil, re(`^\s*(?:do\b|foreach\b|until\b|repeat\b|loop\b|\}\s*(?:while|until)\b)`), nil, "Go's only loop is for: for condition { … }, for _, x := range list { … }"},
	{nil, re(`^\s*for\s+\w+\s*:?=[^;{]*,[^;{]*[<>!=]`), nil, "; stands between the parts of for: for i := 0; i < n; i++ { … }"},
	{re(`found assignment`), re(`^\s*for\s+(\w+)\s*:?=\s*([^;,{]*[^;,{\s])\s*\{`), nil, "range is missing: for _, $1 := range $2 goes over the elements, for $1 := range $2 over their numbers"},
	{re(`found assignment`), re(`^\s*for\s+(\w+\s*,\s*\w+)\s*:?=\s*([^;,{]*[^;,{\s])\s*\{`), nil, "range is missing: for $1 := range $2"},
	{nil, re(`^\s*var\s+(\w+)\s*:=`), nil, "it is $1 := value, or var $1 = value"},
	{nil, re(`^\s*const\s+(\w+)\s*:=`), nil, "it is const $1 = value; $1 := value declares a variable"},
	{nil, re(`^\s*(?:type\s+|struct\s+)(\w+)\s*\{`), nil, "it is type $1 struct { … }"},
	{nil, re(`^\s*interface\s+(\w+)\s*\{`), nil, "it is type $1 interface { … }"},
	{nil, re(`^\s*func\b[^{]*\)\s*([^\s(){},][^(){}]*,[^(){}]*[^(){}\s])\s*(?:\{|$)`), re(`^,`), "several results stand in brackets: ($1)"},
	{nil, nil, re(`^#`), "a comment begins with //"},
	{re(`expression in (?:go|defer) must`), re(`\}\s*$`), nil, "go and defer take a call: put () behind the }"},
	{nil, re(`^\s*for\s*\(`), nil, "for has no brackets around its head: for i := 0; i < n; i++ { … }"},
	{nil, re(`^\s*import\s+(\w+(?:/\w+)*)\s*$`), nil, `an import path is a string: import "$1"; most packages need no import here`},
	{nil, re(`^\s*from\s+(\w+)\s+import\b`), nil, `import "$1" imports a package; most need no import here`},
	{nil, re(`^\s*(?:async\s+)?(?:def|function|fn|fun)\s+\w`), nil, "a function is declared by func name(parameters) result { … }"},
	{nil, re(`\blambda\b`), nil, "a function without a name is func(x int) int { return … }"},
	{nil, re(`^\s*(?:public\s+)?class\s+(\w+)`), nil, "a type is declared by type $1 struct { … }, its methods by func (x $1) Name() { … }"},
	{nil, re(`^\s*(?:\}\s*)?(?:elif|elseif|elsif)\b`), nil, "it is } else if condition {"},
	{nil, re(`^\s*(?:try|except|catch|raise|throw|finally)\b`), nil, "errors are values: if err != nil { … }, or must(f())"},
	{nil, re(`^\s*(?:let|var|const)\s+(?:mut\s+)?(\w+)\s+\w+\s*:=`), nil, "with a type it is = : var x T = value; without one x := value"},
	{nil, re(`^\s*let\s+(?:mut\s+)?(\w+)`), nil, "$1 := value declares a variable"},
	{nil, re(`^\s*print(?:ln|f)?\s+[^(]`), nil, "fmt.Println(…) prints; the last expression of a cell is shown by itself"},
	{nil, re(`\bfor\s+(\w+)\s+in\s+range\b`), nil, "for $1 := range n { … } goes over a slice, a map, a number"},
	{nil, re(`\[.*\bfor\s+\w+\s+in\b.*\]`), nil, "a loop fills a slice: for _, x := range list { out = append(out, …) }"},
	{nil, re(`\bfor\s+\(?\s*(?:\w+\s+)?(\w+)\s+(?:in|of)\b`), nil, "for _, $1 := range list { … } goes over a slice, a map, a number"},
	{nil, re(`\bfor\s+(\w+(?:,\s*\w+)?)\s+range\b`), nil, "it is for $1 := range"},
	{nil, re(`^\s*with\s+\w.*:\s*$`), nil, "f := must(os.Open(name)), and defer f.Close() in a function"},
	{nil, re(`^\s*del\s+\w`), nil, "delete(m, key) takes a key out of a map, slices.Delete(s, i, j) elements out of a slice"},
	{nil, re(`"""`), nil, "a text of several lines stands between back quotes"},
	{re(`raw string literal not terminated`), nil, nil, "the string is not closed: a ` ends it"},
	{re(`string literal not terminated`), nil, nil, `the string is not closed: a " ends it, on the same line`},
	{nil, re(`===`), nil, "equality is written =="},
	{nil, re(`<>`), nil, "inequality is written !="},
	{nil, re(`=>`), nil, "greater or equal is written >=; a function is func(x int) int { return … }"},
	{nil, nil, re(`^and\b`), "and is written &&"},
	{nil, nil, re(`^or\b`), "or is written ||"},
	{nil, re(`\bnot\s+\w`), nil, "not is written !"},
	{nil, nil, re(`^is\b`), "equality is written =="},
	{nil, nil, re(`^\?`), "Go has no a ? b : c: if … { x = b } else { x = c }"},
	{nil, re(`\S\s+if\b.*\belse\b`), re(`^if\b`), "Go has no b if a else c: if … { x = b } else { x = c }"},
	{nil, re(`(?:^|[^\w])[fF]["']`), nil, `fmt.Sprintf("hello %v", x) puts values into a string`},
	{nil, nil, re(`^\+\+\s*\w`), "x++ stands behind its variable, as a statement of its own"},
	{nil, nil, re(`^--\s*\w`), "x-- stands behind its variable, as a statement of its own"},
	{nil, nil, re(`^(?:\+\+|--)`), "x++ and x-- are statements and have no value: put them on a line of their own"},
	{re(`found assignment`), nil, nil, "= sets a variable, == compares"},
	{nil, re(`^\s*(?:if|for|else|func|switch|def)\b[^"]*:\s*$`), nil, "what belongs together stands between { and }, not behind a :"},
	{re(`found 'else'`), re(`^\s*else\b`), nil, "else stands on the line of the } before it: } else {"},
	{nil, re(`^\s*if\s*\(.*\)\s*[^{]*$`), re(`^\w`), "an if has a block, also around one statement: if condition { … }"},
	{nil, re(`\w\s*:\s+=`), re(`^=`), "x := value declares a variable: := is one sign"},
	{re(`comma; expecting \]|found 'for'|missing before '\['`), re(`[=(,]\s*\[[^\]]*,`), nil, "a list is a slice: []int{1, 2, 3}"},
	{re(`value missing before '\{'`), re(`\{[^:}]+:`), nil, `a table is a map: map[string]int{"a": 1}`},
	{re(`value missing before '\{'`), nil, nil, "a list is a slice: []int{1, 2, 3}"},
	{re(`found ','`), re(`\bstruct\s*\{`), nil, "fields stand on lines of their own, or with ; between them"},
	{re(`in parameter list`), nil, nil, "a comma stands between parameters: (a int, b int)"},
	{re(`missing ',' before newline`), nil, nil, "the last line of a list ends in a comma, too"},
	{nil, re(`^\s*([\w.]+\.\w+)\s+["\w]`), nil, "the arguments of a call stand in brackets: $1(…)"},
	{nil, re(`"\s*"`), re(`^"`), "strings are joined by +"},
	{re(`in argument list`), nil, re(`^["\w]`), "a comma stands between arguments"},
	{nil, re(`^\s*(?:go|defer)\s+[\w.]+\s*$`), nil, "go and defer take a call: put () behind it"},
	{re(`ends too early`), headOnly, nil, "a block follows the head: { at the end of the line"},
}

// syntaxHint says what was probably meant at a place that does not parse; "" when there is
// nothing to say.
func syntaxHint(at misspelt) string {
	for _, a := range syntaxAdvices {
		if a.msg != nil && !a.msg.MatchString(at.msg) || a.rest != nil && !a.rest.MatchString(at.rest) {
			continue
		}
		if a.line == nil {
			return a.hint
		}
		if m := a.line.FindStringSubmatchIndex(at.line); m != nil {
			return string(a.line.ExpandString(nil, a.hint, at.line, m))
		}
	}
	if strings.HasPrefix(at.below, "{") && strings.Contains(at.msg, "newline") {
		return "the { stands at the end of the line before it"
	}
	return firstWordHint(at.line)
}

// firstWordHint is for a statement that begins with two words.
func firstWordHint(line string) string {
	words := strings.Fields(strings.TrimRight(line, "; "))
	if len(words) < 2 {
		return ""
	}
	if hint := foreignNames[words[0]]; hint != "" && token.IsIdentifier(words[1]) {
		return hint + ", and it stands behind the name: var " + words[1] + " T"
	}
	if o, ok := types.Universe.Lookup(words[0]).(*types.TypeName); ok && token.IsIdentifier(words[1]) {
		return fmt.Sprintf("the name comes first: var %s %s, or %s := with a value", words[1], o.Name(), words[1])
	}
	if token.IsIdentifier(words[0]) && len(words[0]) > 3 {
		var keywords []string
		for t := token.BREAK; t <= token.VAR; t++ {
			keywords = append(keywords, t.String())
		}
		if near := nearestName(words[0], keywords); near != "" {
			return "did you mean " + near + "?"
		}
	}
	return ""
}
