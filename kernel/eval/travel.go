package eval

import (
	"errors"
	"fmt"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
	"github.com/dagbook/dagbook/taskgraph/codec"
	"github.com/dagbook/dagbook/taskgraph/process"
)

// Portable is an Engine whose functions can run in other processes. Its methods may be called
// from any goroutine.
type Portable interface {
	Engine
	// Variable returns a variable of the session, which can be set; false for one that was
	// taken back.
	Variable(*check.Symbol) (reflect.Value, bool)
	// Type is the type that values of t have in compiled code.
	Type(t types.Type) reflect.Type
	// Declared is the named type of cells behind a reflect type, nil for others.
	Declared(t reflect.Type) types.Type
	// Trace returns where the panic was that came out of fn, a func value of cells, and
	// forgets it.
	Trace(fn any) []Frame
}

// Origin says where a func value of a cell comes from, so that other processes can be told.
// The zero Origin is that of a function nobody can tell about. Its engine makes one for each
// function, not for each value.
type Origin struct {
	check.Root
	Bound string // of a method value x.M: the method

	mu     sync.Mutex
	state  uint64 // of the session when the ID was made
	id     string
	source *process.Source
}

// errUnknown is about a func value that came from compiled code.
var errUnknown = errors.New("worker processes do not know this function, which compiled code made: write a function that calls it, and make that one delayed")

// root is what travels for a function.
func (o *Origin) root() (check.Root, error) {
	switch {
	case o.Bound != "":
		return o.Root, fmt.Errorf("worker processes do not know the value that the method %s belongs to: make the method itself delayed, as in taskgraph.Delayed(T.%s), and give it the value as its first argument", o.Bound, o.Bound)
	case o.Decl == nil && o.Lit == nil && o.Package == "" && o.Recv == nil && o.Type == nil:
		return o.Root, errUnknown
	}
	return o.Root, nil
}

// Origin implements [Host].
func (s *Session) Origin(o *Origin) (id string, source *process.Source) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.source == nil {
		o.source = s.sourceOf(o)
	}
	if now := s.front.State(); o.state != now {
		o.id, o.state = "", now
		if root, err := o.root(); err == nil {
			o.id = s.front.Identity(root)
		}
	}
	return o.id, o.source
}

// sourceOf is the source of a function, or of a type.
func (s *Session) sourceOf(o *Origin) *process.Source {
	name := ""
	if o.Type == nil {
		name = fmt.Sprintf("%p", o) // o is there as long as the source is
	}
	return &process.Source{Func: name, Make: func() ([]any, uint64, error) {
		root, err := o.root()
		if err != nil {
			return nil, 0, err
		}
		state := s.front.State()
		data, err := s.types.pack(root, name, state)
		return []any{data}, state, err
	}}
}

// cargo is what travels for a root: what [Worker.Load] gets.
type cargo struct {
	Travel check.Travel
	Func   string // the name of the root; empty for a type
	State  uint64 // of the session
	Values []byte // of the variables, in the order of the layers
}

var cargoCodec = func() *codec.Codec {
	r := codec.NewRegistry()
	r.Add(reflect.TypeFor[cargo]())
	return codec.New(r)
}()

// Types are those of the session's values, for package process: the ones of cells go by the
// number of their declaration. It is nil when the engine is not [Portable].
func (s *Session) Types() process.Sourced {
	if s.types == nil {
		return nil
	}
	return s.types
}

// travelTypes writes the types of a session for another one, and reads those that come back.
type travelTypes struct {
	*codec.Registry
	s      *Session
	engine Portable

	mu      sync.Mutex                         // taken while package check holds its own, never before
	have    check.Loaded                       // types of cells that have travelled, by ID
	ids     map[*check.Symbol]string           // of those in a worker; nil in the session they come from
	read    map[string]types.Type              // what names meant
	sources map[reflect.Type][]*process.Source // of what a type is made of
}

func newTravelTypes(s *Session) *travelTypes {
	engine, ok := s.engine.(Portable)
	if !ok {
		return nil
	}
	t := &travelTypes{s: s, engine: engine}
	t.reset()
	t.Registry = codec.With(named{t, func(*check.Symbol) {}})
	return t
}

func (t *travelTypes) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.have, t.read = check.Loaded{}, map[string]types.Type{}
	t.sources = map[reflect.Type][]*process.Source{}
}

// named writes and reads the named types of cells and of compiled packages. met is told of the
// former.
type named struct {
	t   *travelTypes
	met func(*check.Symbol)
}

// The first byte of a name.
const (
	declaredType = 'd'
	compiledType = 'c'
)

// Name implements [codec.Types].
func (n named) Name(typ reflect.Type) (string, error) {
	if declared := n.t.engine.Declared(typ); declared != nil {
		name, err := n.t.s.front.TypeName(declared, func(sym *check.Symbol) string {
			n.met(sym)
			return n.t.id(sym)
		})
		return string(declaredType) + name, err
	}
	if n.t.compiled(typ.PkgPath(), typ.Name()) == typ {
		return string(compiledType) + typ.PkgPath() + "\n" + typ.Name(), nil
	}
	return "", fmt.Errorf("worker processes do not know the type %v", typ)
}

// id is the ID of a type, which finds it again when it comes back.
func (t *travelTypes) id(sym *check.Symbol) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ids != nil {
		return t.ids[sym]
	}
	t.have[sym.ID()] = sym
	return sym.ID()
}

// compiled is a type that compiled packages have under a name.
func (t *travelTypes) compiled(path, name string) reflect.Type {
	syms, ok := t.s.bound.of(path)
	if !ok {
		return nil
	}
	if v := syms[name]; v.IsValid() && v.Kind() == reflect.Pointer && v.IsNil() {
		return v.Type().Elem()
	}
	return nil
}

// Type implements [codec.Types].
func (n named) Type(name string) (reflect.Type, error) {
	if rest, ok := strings.CutPrefix(name, string(compiledType)); ok {
		path, member, _ := strings.Cut(rest, "\n")
		if typ := n.t.compiled(path, member); typ != nil {
			return typ, nil
		}
		return nil, fmt.Errorf("there is no type %s.%s", path, member)
	}
	typ, err := n.t.typeNamed(name)
	if err != nil {
		return nil, err
	}
	return n.t.engine.Type(typ), nil
}

func (t *travelTypes) typeNamed(name string) (types.Type, error) {
	t.mu.Lock()
	typ := t.read[name]
	t.mu.Unlock()
	if typ != nil {
		return typ, nil
	}
	typ, err := t.s.front.NamedType(strings.TrimPrefix(name, string(declaredType)), t.symbol)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read[name] = typ
	return typ, nil
}

func (t *travelTypes) symbol(id string) *check.Symbol {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.have[id]
}

// Sources implements [process.Sourced].
func (t *travelTypes) Sources(typ reflect.Type) []*process.Source {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sourcesOf(typ)
}

func (t *travelTypes) sourcesOf(typ reflect.Type) []*process.Source {
	if list, known := t.sources[typ]; known {
		return list
	}
	t.sources[typ] = nil // of one that contains itself
	var list []*process.Source
	if declared := t.engine.Declared(typ); declared != nil {
		list = []*process.Source{t.s.sourceOf(&Origin{Root: check.Root{Type: declared}})}
	} else if typ.Name() == "" {
		for _, part := range parts(typ) {
			list = append(list, t.sourcesOf(part)...)
		}
	}
	t.sources[typ] = list
	return list
}

// parts are the types that an unnamed type is made of.
func parts(t reflect.Type) []reflect.Type {
	switch t.Kind() {
	case reflect.Map:
		return []reflect.Type{t.Key(), t.Elem()}
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return []reflect.Type{t.Elem()}
	case reflect.Struct:
		var list []reflect.Type
		for i := range t.NumField() {
			list = append(list, t.Field(i).Type)
		}
		return list
	}
	return nil
}

// pack gathers what a root reaches with the values of the variables. Values may have types
// that no text mentions: they are gathered as well, and what these reach.
func (t *travelTypes) pack(root check.Root, name string, state uint64) ([]byte, error) {
	also := map[*check.Symbol]bool{}
	for {
		r, err := t.s.front.Reach(root, slices.Collect(maps.Keys(also))...)
		if err != nil {
			return nil, err
		}
		before := len(also)
		values, err := t.values(r.Vars, func(sym *check.Symbol) { also[sym] = true })
		if err != nil {
			return nil, err
		}
		if len(also) == before {
			t.remember(r)
			return cargoCodec.Append(nil, cargo{r.Travel, name, state, values})
		}
	}
}

// remember makes the types that travel known for when values of them come back.
func (t *travelTypes) remember(r *check.Reach) {
	t.mu.Lock()
	defer t.mu.Unlock()
	maps.Copy(t.have, r.Types)
}

// stays says why variables of a type stay in the session, where it is a matter of what the
// function does and not of what they hold; "" for others.
func stays(t reflect.Type) string {
	elem := t
	if t.Kind() == reflect.Pointer {
		elem = t.Elem()
	}
	switch {
	case elem.PkgPath() == symbols.Module+"taskgraph" && elem.Name() == "Node":
		return "is a task, and worker processes do not share tasks: give it to the delayed function as an argument, which gets its value"
	case elem.PkgPath() == symbols.Module+"taskgraph" && elem.Name() == "DelayedFunc":
		return "is a delayed function, which stays in this process: call the plain function in a task"
	}
	return ""
}

// values writes the values of variables, together: what they share is shared there.
func (t *travelTypes) values(vars []*check.Symbol, met func(*check.Symbol)) ([]byte, error) {
	if len(vars) == 0 {
		return nil, nil
	}
	c := codec.New(codec.With(named{t, met}))
	list := make([]any, len(vars))
	for i, sym := range vars {
		v, ok := t.engine.Variable(sym)
		if !ok {
			return nil, fmt.Errorf("the variable %s is not there any more: the statement that declares it was not reached", sym.Name)
		}
		if why := stays(v.Type()); why != "" {
			return nil, fmt.Errorf("the variable %s %s", sym.Name, why)
		}
		if t := v.Type(); t != reflect.TypeFor[sync.Mutex]() && t != reflect.TypeFor[sync.RWMutex]() { // each process has its own, unlocked
			list[i] = v.Interface()
		}
	}
	data, err := c.Append(nil, list)
	if err == nil {
		return data, nil
	}
	for i, v := range list {
		if _, err := c.Append(nil, v); err != nil {
			return nil, fmt.Errorf("the variable %s: %w", vars[i].Name, err)
		}
	}
	return nil, err
}
