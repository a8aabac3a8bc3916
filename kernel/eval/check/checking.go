package check

import (
	"go/ast"
	"go/types"
)

// checking is the state of one part's check.
type checking struct {
	*Session
	part   *part
	before *scope
	after  *scope
	info   *types.Info

	units     []*Decl            // to be declared: the part's own, then those pulled in after a change
	pull      map[*Decl]bool     // units from earlier cells
	again     map[*Decl]bool     // functions of earlier cells to compile again: signature and symbol stay
	repeats   map[*Decl]*Decl    // live declarations of generics -> the part's own that repeats them
	stale     map[*Decl]bool     // declarations that no longer compile and keep the old names
	wait      map[*Decl]*waiting // units that wait for a name
	postponed map[*Decl]*waiting // functions and methods that wait and are no units
	pending   map[*Decl]*waiting // units that have been waiting since an earlier cell
	objs      map[string]types.Object
	funcs     map[*Decl]*types.Func // of units: functions and methods
	autos     map[string]string     // packages imported on use
	notes     []string
	vars      []*types.Var                 // of the statements, in order
	late      map[*types.Func]*types.Named // methods added to types of earlier cells
	undo      []func()                     // takes back other changes to what earlier cells declared
}

func (s *Session) newChecking(sc *scope, p *part) *checking {
	return &checking{Session: s, part: p, before: sc, after: sc.clone(), pull: map[*Decl]bool{}, again: map[*Decl]bool{}, repeats: map[*Decl]*Decl{}, stale: map[*Decl]bool{}, wait: map[*Decl]*waiting{}, postponed: map[*Decl]*waiting{}, pending: map[*Decl]*waiting{}, late: map[*types.Func]*types.Named{},
		info: &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}, Implicits: map[ast.Node]types.Object{},
			Instances: map[*ast.Ident]types.Instance{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{}}}
}

// complete checks the part to its end, doubts included.
func (c *checking) complete() (*Program, error) {
	prog, err := c.run()
	if err == nil {
		c.notes = append(c.notes, c.doubts()...)
	}
	return prog, err
}

func (c *checking) run() (*Program, error) {
	if err := c.imports(); err != nil {
		return nil, err
	}
	for {
		c.ownUnits()
		switch err := c.settle(); {
		case err == nil:
			return c.program()
		case err != errAnew:
			return nil, err
		}
	}
}

// settle checks the part until nothing more changes by that. It returns errAnew when
// functions of it were postponed.
func (c *checking) settle() error {
	for {
		if err := c.declare(); err != nil {
			return err
		}
		if c.pullDependents() {
			continue
		}
		if err := c.statements(); err != nil {
			return err
		}
		c.againForVars()
		retry, err := c.bodies()
		if err != nil {
			return err
		}
		if !retry {
			return c.spread()
		}
	}
}
