// Package randprog makes random Go programs that are correct, end, and print what they
// compute, so that an engine can be compared with the compiler.
//
//	src := randprog.Program(7)                       // always the same text for 7
//	small := randprog.Shrink(src, stillDiffers, 200) // the least of it that still differs
//
// A program has types, functions, methods, generics, package variables and a main. It is
// well typed because every expression is made for a type; it ends because loops have
// bounds, functions call only those above them, and each has an allowance of steps. What it
// prints is settled by Go's specification: where that leaves an order open (reading a
// variable beside a call that changes it, the capacity append chooses, the order of maps)
// the generator stays away, and products of floats are rounded before they are added to.
package randprog

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Program returns the program of a seed: a package main with gofmt's imports but not its
// spacing. The variables of odd seeds print nothing when they are initialized, so that
// their order does not matter.
func Program(seed uint64) string {
	g := &generator{
		r:       rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15)),
		imports: map[string]bool{"fmt": true},
		place:   place{limit: mainSteps, mult: 1},
	}
	g.declareTypes()
	g.declareConstants()
	g.declareGenerics()
	g.declareFunctions()
	g.declareGlobals(seed%2 == 0)
	g.declareMain()
	return g.source()
}

// How many statements a program may run.
const (
	mainSteps     = 4000
	functionSteps = 150
	methodSteps   = 25
)

// generator is a program in the making.
type generator struct {
	r       *rand.Rand
	imports map[string]bool
	decls   []string // finished declarations, of which the order is open
	body    strings.Builder
	indent  int
	names   int // for fresh names

	named    []*typ // declared types that are values (no interfaces)
	consts   []variable
	funcs    []*function
	generics []generic
	methods  bool // are all declared, so that bodies may call them

	place
}

// place is where the generator writes: what is in scope, and what may be done there.
type place struct {
	vars    []variable
	frozen  int  // vars below are only read
	block   int  // where the innermost block begins in vars
	calls   bool // calls that print are allowed in expressions
	risky   bool // what panics is
	pure    bool // nothing is changed through pointers, slices and maps
	loop    bool // break and continue are
	mult    int  // how often the place runs
	cost    int  // steps of the function so far
	limit   int  // how many it may have
	nesting int
	results []*typ // of the function
}

// variable is a name in scope. One that is fixed is not assigned to, one that is silent
// is not printed (its value has an address in it, or is a func).
type variable struct {
	name   string
	t      *typ
	fixed  bool
	silent bool
}

// function is a declared function or method: its receiver, "" for none, its parameters
// and results. One that changes what it is given is called in statements of its own.
type function struct {
	name     string
	params   []*typ
	variadic bool
	results  []*typ
	changes  bool
	cost     int
}

// source puts the program together; declarations are shuffled, as Go does not mind.
func (g *generator) source() string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n")
	paths := make([]string, 0, len(g.imports))
	for p := range g.imports {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		fmt.Fprintf(&b, "\t%q\n", p)
	}
	b.WriteString(")\n\n")
	for _, p := range paths { // what needed it may not have been kept
		b.WriteString(anchors[p])
	}
	g.r.Shuffle(len(g.decls), func(i, j int) { g.decls[i], g.decls[j] = g.decls[j], g.decls[i] })
	for _, d := range g.decls {
		b.WriteString(d + "\n")
	}
	return b.String()
}

// anchors use what is imported.
var anchors = map[string]string{
	"cmp":     "var _ = cmp.Compare[int]\n",
	"slices":  "var _ = slices.Max[[]int]\n",
	"sort":    "var _ = sort.Ints\n",
	"strconv": "var _ = strconv.Itoa\n",
	"strings": "var _ strings.Builder\n",
	"sync":    "var _ sync.Mutex\n",
}

// declare takes what f writes as a declaration of its own.
func (g *generator) declare(f func()) {
	g.body.Reset()
	f()
	g.decls = append(g.decls, g.body.String())
	g.body.Reset()
}

func (g *generator) line(format string, args ...any) {
	g.body.WriteString(strings.Repeat("\t", g.indent))
	fmt.Fprintf(&g.body, format, args...)
	g.body.WriteByte('\n')
}

// open and end write the lines around an indented part.
func (g *generator) open(format string, args ...any) {
	g.line(format, args...)
	g.indent++
}

func (g *generator) end(text string) {
	g.indent--
	g.line("%s", text)
}

func (g *generator) fresh(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

func (g *generator) n(n int) int              { return g.r.IntN(n) }
func (g *generator) chance(percent int) bool  { return g.r.IntN(100) < percent }
func (g *generator) pick(of ...string) string { return of[g.n(len(of))] }

// visible returns the variables in scope that ok takes, the inner ones of a name only.
func (g *generator) visible(ok func(i int, v variable) bool) []variable {
	var out []variable
	seen := map[string]bool{}
	for i := len(g.vars) - 1; i >= 0; i-- {
		v := g.vars[i]
		if !seen[v.name] && ok(i, v) {
			out = append(out, v)
		}
		seen[v.name] = true
	}
	return out
}

func (g *generator) add(v variable) { g.vars = append(g.vars, v) }

// name returns a name for a new variable of the innermost block, sometimes one that hides
// an outer one.
func (g *generator) name() string {
	if g.block > 0 && g.chance(12) {
		v := g.vars[g.n(g.block)]
		if !slices.ContainsFunc(g.vars[g.block:], func(w variable) bool { return w.name == v.name }) && v.name[0] == 'v' {
			return v.name
		}
	}
	return g.fresh("v")
}

// within writes a block: braces are the caller's. What it declares is used at its end.
func (g *generator) within(f func()) {
	outer, n := g.block, len(g.vars)
	g.block = n
	f()
	g.use(n)
	g.vars, g.block = g.vars[:n], outer
}

// use uses the variables from the nth on, as Go demands, mostly by printing them.
func (g *generator) use(n int) {
	var shown []string
	for _, v := range g.vars[n:] {
		if v.silent || g.mult > 30 || !g.chance(70) {
			g.line("_ = %s", v.name)
			continue
		}
		shown = append(shown, v.name)
	}
	if len(shown) > 0 {
		g.line("fmt.Println(%s)", strings.Join(shown, ", "))
		g.cost += g.mult
	}
}

// apart runs f as in a function of its own, outside which variables are only read if
// frozen. It returns what a call costs.
func (g *generator) apart(frozen bool, limit int, results []*typ, f func()) (cost int) {
	saved := g.place
	if frozen {
		g.frozen, g.pure = len(g.vars), true
	}
	g.block, g.mult, g.cost, g.limit = len(g.vars), 1, 0, limit
	g.nesting, g.loop, g.results = g.nesting+1, false, results
	f()
	cost = g.cost + 1
	g.place = saved
	return cost
}

// affords says whether n steps more are allowed here.
func (g *generator) affords(n int) bool { return g.cost+n*g.mult <= g.limit }
