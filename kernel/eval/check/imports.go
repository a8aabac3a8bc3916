package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// refusedPackages are those that cells cannot import, with the reason.
var refusedPackages = map[string]string{
	"C":           "cgo is not available in a cell: no C compiler stands behind it",
	"runtime/cgo": "cgo is not available in a cell: no C compiler stands behind it",
	"syscall":     "package syscall is not available in a cell: its calls go to the system behind Go's back and would act on the kernel, its memory and its sockets, where nothing can stop them; os, os/exec, os/signal, os/user and net do what programs need of it (os.Interrupt is SIGINT, os.Getpid the process)",
}

func (c *checking) imports() error {
	for _, spec := range c.part.imports {
		path := strings.Trim(spec.Path.Value, "`\"")
		if why := refusedPackages[path]; why != "" {
			return Errors{c.errorAt(spec.Path.Pos(), why, "")}
		}
		full := symbols.Resolve(path)
		if _, err := c.imp.Import(full); err != nil {
			return Errors{c.errorAt(spec.Path.Pos(), err.Error(), nearestOf(path, symbols.Paths()))}
		}
		name := symbols.NameOf(full)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		switch name {
		case "_":
			continue
		case ".":
			name = dotAlias(full)
		}
		c.after.imports[name] = full
		delete(c.after.names, name) // the import is the newer meaning
	}
	c.autoImports()
	return nil
}

// autoImports finds names before a dot that no cell declared and that are
// package names.
func (c *checking) autoImports() {
	own := map[string]bool{}
	for _, d := range c.part.decls {
		for _, n := range d.Names {
			own[n] = true
		}
	}
	c.autos = map[string]string{}
	members := map[string][]string{} // what the part uses of a name that may be a package's
	look := func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := sel.X.(*ast.Ident)
		if !ok || own[id.Name] || c.after.names[id.Name] != nil || c.after.imports[id.Name] != "" {
			return true
		}
		if !contains(members[id.Name], sel.Sel.Name) {
			members[id.Name] = append(members[id.Name], sel.Sel.Name)
		}
		return true
	}
	c.part.inspect(look)
	for name, used := range members {
		if path := c.packageWith(name, used); path != "" {
			c.autos[name] = path
		}
	}
}

// packageWith chooses among the packages of a name the one that has the most of the
// members that are used, the first of several: math/rand, not math/rand/v2, when
// NewSource is among them. It is "" when no package is meant for sure.
func (c *checking) packageWith(name string, members []string) string {
	paths := symbols.Named(name)
	if len(paths) == 0 || symbols.Ambiguous(name) {
		return ""
	}
	best, most := paths[0], 0
	for _, path := range paths {
		if len(paths) == 1 {
			break
		}
		if n := c.has(path, members); n > most {
			best, most = path, n
		}
	}
	return best
}

// has counts the members that a package has.
func (c *checking) has(path string, members []string) (n int) {
	p, err := c.imp.Import(path)
	if err != nil {
		return 0
	}
	for _, m := range members {
		if p.Scope().Lookup(m) != nil {
			n++
		}
	}
	return n
}

// importsNow returns what package names mean in the part's own text.
func (c *checking) importsNow() map[string]string {
	m := make(map[string]string, len(c.after.imports)+len(c.autos))
	for a, p := range c.after.imports {
		m[a] = p
	}
	for a, p := range c.autos {
		m[a] = p
	}
	return m
}

// file makes a file of declarations with the given imports; a name that the
// session declares hides a package.
func (c *checking) file(at *Source, imports map[string]string, decls ...ast.Decl) *ast.File {
	pos := token.Pos(at.File.Base())
	f := &ast.File{Package: pos, Name: &ast.Ident{NamePos: pos, Name: "main"}, FileStart: pos, FileEnd: pos + token.Pos(at.File.Size())}
	used := usedPackages(decls)
	g := &ast.GenDecl{Tok: token.IMPORT, TokPos: pos}
	for alias, path := range imports {
		if !used[alias] || c.pkg.Scope().Lookup(alias) != nil {
			continue
		}
		g.Specs = append(g.Specs, &ast.ImportSpec{Name: &ast.Ident{NamePos: pos, Name: alias}, Path: &ast.BasicLit{ValuePos: pos, Kind: token.STRING, Value: fmt.Sprintf("%q", path)}})
	}
	if len(g.Specs) > 0 {
		f.Decls = append(f.Decls, g)
	}
	f.Decls = append(f.Decls, decls...)
	return f
}

// usedPackages returns the names that stand before a dot.
func usedPackages(decls []ast.Decl) map[string]bool {
	used := map[string]bool{}
	for _, d := range decls {
		ast.Inspect(d, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); ok {
					used[id.Name] = true
				}
			}
			return true
		})
	}
	return used
}
