package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// check runs go/types over files with the given names in scope.
func (c *checking) check(names map[string]types.Object, bodies bool, build func() []*ast.File) []types.Error {
	for {
		c.fillScope(names)
		errs := c.checkOnce(bodies, build)
		if !c.qualify() && (len(errs) == 0 || !c.countProgress(errs)) {
			return errs
		}
	}
}

// fillScope makes names the session's package scope.
func (c *checking) fillScope(names map[string]types.Object) {
	sc := c.pkg.Scope()
	*sc = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "main")
	for _, o := range names {
		sc.Insert(o)
	}
	for _, o := range c.dotObjects() {
		sc.Insert(o) // has no effect where a name is taken
	}
	own := func(d *Decl) bool { return d.Recv == "" && contains(d.Names, mustName) }
	if !slices.ContainsFunc(c.units, own) {
		sc.Insert(c.must) // has no effect when an earlier cell declared a must of its own
	}
}

// countProgress turns display.Progress(n), with a number, into ProgressN(n): in a
// cell one name serves both, which Go's type parameters cannot say.
func (c *checking) countProgress(errs []types.Error) (changed bool) {
	look := func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "Progress" {
			return true
		}
		f, ok := c.info.Uses[sel.Sel].(*types.Func)
		if !ok || f.Pkg().Path() != symbols.Module+"display" {
			return true
		}
		for _, e := range errs {
			if call.Pos() <= e.Pos && e.Pos <= call.End() {
				sel.Sel.Name = "ProgressN"
				changed = true
			}
		}
		return true
	}
	c.part.inspect(look)
	return changed
}

func (c *checking) checkOnce(bodies bool, build func() []*ast.File) []types.Error {
	var errs []types.Error
	conf := types.Config{Importer: c.imp, Sizes: c.sizes, IgnoreFuncBodies: !bodies, Error: func(err error) {
		if e := err.(types.Error); !tolerated(e) {
			errs = append(errs, e)
		}
	}}
	types.NewChecker(&conf, c.fset, c.pkg, c.info).Files(build()) // errors came through conf.Error
	return errs
}

// tolerated reports errors that a notebook does not want: things left unused.
func tolerated(e types.Error) bool {
	return strings.HasPrefix(e.Msg, "declared and not used") || strings.HasSuffix(e.Msg, "imported and not used") || strings.Contains(e.Msg, "imported and not used as")
}

func (c *checking) namesWithout(skip map[string]bool) map[string]types.Object {
	m := make(map[string]types.Object, len(c.after.names))
	for n, s := range c.after.names {
		if !skip[n] {
			m[n] = s.Obj
		}
	}
	return m
}
