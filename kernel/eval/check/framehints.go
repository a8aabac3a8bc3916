package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// This file explains what pandas writes with brackets, dots and operators, and frames do with
// methods.

// frameType is the name of the type of a frame or series, "" for others.
func (c *checking) frameType(x ast.Expr) string {
	if x == nil {
		return ""
	}
	p, ok := types.Unalias(c.info.TypeOf(x)).(*types.Pointer)
	if !ok {
		return ""
	}
	n := namedOrNil(p)
	if n == nil || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != symbols.Module+"taskgraph/frame" {
		return ""
	}
	return n.Obj().Name()
}

func (c *checking) isFrame(x ast.Expr) bool {
	t := c.frameType(x)
	return t == "DataFrame" || t == "LazyFrame"
}

func (c *checking) isSeries(x ast.Expr) bool {
	t := c.frameType(x)
	return t == "Series" || t == "LazySeries"
}

// frameHint names the method that does what the cell writes as pandas has it.
func (c *checking) frameHint(e types.Error, m []string) (hint string) {
	if strings.Contains(e.Msg, "undefined (type") {
		if hint := c.pandasHint(e); hint != "" {
			return hint
		}
		if hint := c.selectorHint(e, m); hint != "" {
			return hint // a method has nearly that name
		}
	}
	assigned := false
	c.nodes(e.Pos, func(n ast.Node) {
		text := c.frameMethod(n)
		if text == "" || assigned {
			return // of df["a"] = s, which says more than that of df["a"]
		}
		_, assigned = n.(*ast.AssignStmt)
		hint = text
	})
	if hint != "" {
		return hint + " does"
	}
	return ""
}

func (c *checking) frameMethod(n ast.Node) string {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return c.frameOperator(n)
	case *ast.UnaryExpr:
		if method := map[token.Token]string{token.NOT: "Not", token.SUB: "Neg"}[n.Op]; method != "" && c.isSeries(n.X) {
			return c.operand(n.X) + "." + method + "()"
		}
	case *ast.AssignStmt:
		return c.frameAssignment(n)
	case *ast.IndexExpr:
		return c.frameIndex(n)
	case *ast.SliceExpr:
		if c.isFrame(n.X) || c.isSeries(n.X) {
			return fmt.Sprintf("%s.Slice(%s, %s)", c.quote(n.X), c.bound(n.Low), c.bound(n.High))
		}
	case *ast.SelectorExpr:
		if c.isFrame(n.X) && c.info.Selections[n] == nil && !c.called(n.Sel.Name, n.Sel.Pos()) {
			return fmt.Sprintf("for a column, %s.Col(%q)", c.quote(n.X), n.Sel.Name)
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "len" && len(n.Args) == 1 && (c.isFrame(n.Args[0]) || c.isSeries(n.Args[0])) {
			return c.quote(n.Args[0]) + ".Len()"
		}
	case *ast.RangeStmt:
		if x := c.quote(n.X); c.isFrame(n.X) {
			return fmt.Sprintf("for i := range %s.Len(), with %s.ILoc(i), or for _, s := range %s.Columns()", x, x, x)
		} else if c.isSeries(n.X) {
			return fmt.Sprintf("for i, v := range %s.Values()", x)
		}
	}
	return ""
}

// seriesText is an expression that is a series, or is meant to be one as pandas writes it,
// df.a and df["a"]; "" for others.
func (c *checking) seriesText(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.SelectorExpr:
		if c.isFrame(x.X) && c.info.Selections[x] == nil {
			return fmt.Sprintf("%s.Col(%q)", c.quote(x.X), x.Sel.Name)
		}
	case *ast.IndexExpr:
		if c.isFrame(x.X) {
			return fmt.Sprintf("%s.Col(%s)", c.quote(x.X), c.quote(x.Index))
		}
	}
	if c.isSeries(x) || c.isFrame(x) {
		return c.operand(x)
	}
	return ""
}

// frameOperator is the method for an operator with a series or frame on one side.
func (c *checking) frameOperator(b *ast.BinaryExpr) string {
	method := nodeMethods[b.Op]
	left, right := c.seriesText(b.X), c.seriesText(b.Y)
	switch {
	case method == "" || left == "" && right == "":
		return ""
	case left != "" && right != "":
		return fmt.Sprintf("%s.%s(%s)", left, method, right)
	case left != "":
		return fmt.Sprintf("%s.%s(%s)", left, method, c.quote(b.Y))
	}
	switch b.Op {
	case token.ADD, token.MUL, token.EQL, token.NEQ:
		return fmt.Sprintf("%s.%s(%s)", right, method, c.quote(b.X))
	case token.SUB, token.QUO, token.REM:
		return fmt.Sprintf("%s.R%s(%s)", right, method, c.quote(b.X))
	}
	turned := map[token.Token]string{token.LSS: "Gt", token.LEQ: "Ge", token.GTR: "Lt", token.GEQ: "Le"}[b.Op]
	if turned == "" {
		return ""
	}
	return fmt.Sprintf("%s.%s(%s)", right, turned, c.quote(b.X))
}

// frameAssignment is for df["a"] = s and s += 1.
func (c *checking) frameAssignment(n *ast.AssignStmt) string {
	if len(n.Lhs) != 1 || len(n.Rhs) != 1 {
		return ""
	}
	x := c.quote(n.Lhs[0])
	if method := nodeMethods[n.Tok]; method != "" && (c.isSeries(n.Lhs[0]) || c.isFrame(n.Lhs[0])) {
		return fmt.Sprintf("%s = %s.%s(%s)", x, x, method, c.quote(n.Rhs[0]))
	}
	switch to := n.Lhs[0].(type) {
	case *ast.IndexExpr:
		if c.isFrame(to.X) {
			return fmt.Sprintf("%s = %s.With(%s, %s)", c.quote(to.X), c.quote(to.X), c.quote(to.Index), c.assigned(n.Rhs[0]))
		}
	case *ast.SelectorExpr:
		if c.isFrame(to.X) {
			return fmt.Sprintf("%s = %s.With(%q, %s)", c.quote(to.X), c.quote(to.X), to.Sel.Name, c.assigned(n.Rhs[0]))
		}
	}
	return ""
}

// assigned is what a cell assigns to a column, with methods for operators.
func (c *checking) assigned(x ast.Expr) string {
	if b, ok := x.(*ast.BinaryExpr); ok {
		if text := c.frameOperator(b); text != "" {
			return text
		}
	}
	if text := c.seriesText(x); text != "" {
		return text
	}
	return c.quote(x)
}

// frameIndex is for df["a"], df[mask] and s[3].
func (c *checking) frameIndex(n *ast.IndexExpr) string {
	if b, ok := n.Index.(*ast.BinaryExpr); ok {
		if mask := c.frameOperator(b); mask != "" {
			return fmt.Sprintf("%s.Filter(%s)", c.quote(n.X), mask)
		}
	}
	text := false
	if b, ok := types.Unalias(c.typeOf(n.Index)).(*types.Basic); ok {
		text = b.Info()&types.IsString != 0
	}
	switch x, index := c.quote(n.X), c.quote(n.Index); {
	case c.isFrame(n.X) && c.isSeries(n.Index):
		return fmt.Sprintf("%s.Filter(%s)", x, index)
	case c.isFrame(n.X) && text:
		return fmt.Sprintf("%s.Col(%s)", x, index)
	case c.frameType(n.X) == "Series" && text:
		return fmt.Sprintf("%s.Loc(%s)", x, index)
	case c.isSeries(n.X) && c.isSeries(n.Index):
		return fmt.Sprintf("%s.Filter(%s)", x, index)
	case c.frameType(n.X) == "Series" || c.frameType(n.X) == "DataFrame":
		return fmt.Sprintf("%s.ILoc(%s)", x, index)
	}
	return ""
}

// pandasNames are methods whose names in pandas are others.
var pandasNames = map[string]string{
	"merge": "Join", "join": "Join", "fillna": "FillNull", "dropna": "DropNull", "isna": "IsNull", "isnull": "IsNull", "notna": "NotNull", "notnull": "NotNull",
	"sort_values": "Sort", "sort_index": "SortIndex", "value_counts": "ValueCounts", "drop_duplicates": "DropDuplicates", "nunique": "NUnique", "isin": "IsIn",
	"to_csv": "WriteCSV", "to_hdf": "WriteHDF5", "to_parquet": "WriteParquet", "to_feather": "WriteArrow", "to_json": "WriteJSONLines",
	"T": "Transpose", "iloc": "ILoc", "loc": "Loc", "iat": "ILoc", "at": "Loc", "assign": "With", "query": "Filter", "where": "Filter", "astype": "AsType",
	"set_index": "SetIndex", "reset_index": "ResetIndex", "pivot_table": "Pivot", "columns": "Names", "values": "Values", "to_numpy": "Floats", "str": "Str", "dt": "Dt",
	"plot": "Line", "hist": "Hist", "cumsum": "CumSum", "cumcount": "CumCount", "pct_change": "PctChange", "idxmax": "IdxMax", "idxmin": "IdxMin", "nlargest": "NLargest",
	"append": "Concat", "itertuples": "ILoc", "iterrows": "ILoc", "groupby": "GroupBy", "agg": "Agg", "npartitions": "NPartitions", "map_partitions": "MapPartitions",
}

// pandasHint names the method that does what one of pandas does.
func (c *checking) pandasHint(e types.Error) (hint string) {
	c.nodes(e.Pos, func(n ast.Node) {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || c.frameType(sel.X) == "" || pandasNames[sel.Sel.Name] == "" {
			return
		}
		method := pandasNames[sel.Sel.Name]
		if obj, _, _ := types.LookupFieldOrMethod(c.typeOf(sel.X), true, nil, method); obj != nil {
			hint = fmt.Sprintf("%s.%s does", c.quote(sel.X), method)
		} else if method == "Concat" {
			hint = "frame.Concat does"
		}
	})
	return hint
}
