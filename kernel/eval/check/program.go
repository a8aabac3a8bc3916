package check

import (
	"go/ast"
	"go/types"
)

// Program is a cell, or the part of one up to a redeclaration, checked and ready
// for an engine: declarations to make, variables to create, steps to take.
type Program struct {
	Cell  int
	Info  *types.Info
	Decls []*Decl       // to declare: types with their methods, constants, functions; types come before what needs them
	Again []*Decl       // functions and methods to compile once more against new names; their symbols stay
	Vars  []*Symbol     // variables to create, zeroed, before the first step
	Steps []Step        // in order
	Src   *Source       // of the steps
	Calls []*Symbol     // functions of a whole program to call after the steps: init, main
	Body  *ast.FuncDecl // holds the steps: defer, goto and labels work across them

	local  map[types.Object]*Symbol // variables as the statements see them
	before *scope
	after  *scope

	withdraw func() // takes back what the check did to earlier declarations
}

// Step is one top-level statement or magic of a cell.
type Step struct {
	Stmt  ast.Stmt   // nil for a magic
	Show  []ast.Expr // when the step is the last and shown: its expressions (Stmt is then an ExprStmt)
	Time  string     // "time" or "timeit" when it is to be timed
	Magic string     // the name of a magic
	Args  string     // and its argument
	Line  int
	Defs  []*Symbol // the variables that the statement declares or sets by :=
	quiet bool      // the last expression, kept from being shown by a semicolon
}

// Symbol returns the session's name that an object of the checked cell stands
// for, nil for what is local to a function or comes from a package.
func (p *Program) Symbol(o types.Object) *Symbol {
	if f, ok := o.(*types.Func); ok && f.Origin() != nil {
		o = f.Origin()
	}
	if s := p.local[o]; s != nil {
		return s
	}
	if s := p.after.objects[o]; s != nil {
		return s
	}
	return p.before.objects[o]
}

// SymbolOf returns the current symbol of a name after the program, nil if none.
func (p *Program) SymbolOf(name string) *Symbol { return p.after.names[name] }

// Must reports whether an identifier is the built-in function must.
func (p *Program) Must(id *ast.Ident) bool {
	f, ok := p.Info.Uses[id].(*types.Func)
	return ok && f.Name() == mustName && p.Symbol(f) == nil && f.Pkg() != nil && f.Pkg().Path() == "main" && f.Signature().Recv() == nil
}

// Mentions reports whether the program uses a member of an imported package.
func (p *Program) Mentions(path, name string) bool {
	for _, o := range p.Info.Uses {
		if o.Name() == name && o.Pkg() != nil && o.Pkg().Path() == path {
			return true
		}
	}
	return false
}

// Fallible reports whether an expression is a call whose one result is an error that
// says how the call went: as the last expression of a cell it shows nothing, or fails
// the cell. Calls that make or look up an error are not meant; their result is shown.
func (p *Program) Fallible(x ast.Expr) bool {
	c, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || p.Info.Types[x].Type == nil || !types.Identical(p.Info.Types[x].Type, types.Universe.Lookup("error").Type()) || p.Info.Types[c.Fun].IsType() {
		return false
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return true
	}
	switch sel.Sel.Name {
	case "Err", "Unwrap", "Cause", "Errorf":
		return false
	}
	f := p.Info.Uses[sel.Sel]
	return f == nil || f.Pkg() == nil || f.Pkg().Path() != "errors" && f.Pkg().Path() != "context"
}
