package hdf5

import (
	"fmt"
	"slices"
)

// attributed is what objects with attributes have in common.
type attributed struct {
	h      header
	ready  bool
	values []*attr
	dirty  bool // the object's header in the file is no longer right
}

// attr is an attribute: its bytes are as in the file.
type attr struct {
	name  string
	typ   *Datatype
	space *Dataspace
	data  []byte
}

// attrs reads the attributes of an object, in the order of the file.
func (f *File) attrs(a *attributed) ([]*attr, error) {
	if a.ready {
		return a.values, nil
	}
	for _, m := range a.h {
		var err error
		switch m.kind {
		case msgAttribute:
			var one *attr
			if m, err = f.s.resolve(m); err == nil {
				one, err = f.s.attribute(m.data)
				a.values = append(a.values, one)
			}
		case msgAttrInfo:
			err = f.s.denseAttributes(m.data, &a.values)
		}
		if err != nil {
			a.values = nil
			return nil, err
		}
	}
	a.ready = true
	return a.values, nil
}

// attribute reads an attribute message: specification, section IV.A.2.m.
func (s *source) attribute(data []byte) (*attr, error) {
	c := s.cursor(data)
	version, flags := c.u8(), c.u8()
	if version < 1 || version > 3 {
		return nil, unsupported("version %d of attributes", version)
	}
	if version == 1 {
		flags = 0
	}
	sizes := [3]int{int(c.u16()), int(c.u16()), int(c.u16())}
	if version == 3 {
		c.skip(1)
	}
	var parts [3][]byte
	for i, n := range sizes {
		if parts[i] = c.take(n); version == 1 {
			c.skip(-n & 7)
		}
	}
	a := &attr{name: zeroTerminated(parts[0])}
	if err := c.err("an attribute"); err != nil {
		return nil, err
	}
	typ, err := s.resolve(message{msgDatatype, flags & 1 << 1, parts[1]})
	if err != nil {
		return nil, err
	}
	if a.typ, err = s.cursor(typ.data).datatype(0); err != nil {
		return nil, fmt.Errorf("the attribute %q: %w", a.name, err)
	}
	space, err := s.resolve(message{msgDataspace, flags & 2, parts[2]})
	if err != nil {
		return nil, err
	}
	if a.space, err = s.cursor(space.data).dataspace(); err != nil {
		return nil, fmt.Errorf("the attribute %q: %w", a.name, err)
	}
	n, ok := volume(append(slices.Clone(a.space.dims), a.typ.size))
	if a.space.class == S_NULL {
		n = 0
	}
	if !ok || n > len(c.b) {
		return nil, damaged("the attribute %q has %d bytes and needs %d", a.name, len(c.b), n)
	}
	a.data = c.b[:n]
	return a, nil
}

// denseAttributes reads attributes that are too many or too large for the header: they
// are in a heap, and a tree of their names leads to them.
func (s *source) denseAttributes(data []byte, out *[]*attr) error {
	c := s.cursor(data)
	c.skip(1)
	if flags := c.u8(); flags&1 != 0 {
		c.skip(2)
	}
	heap, tree := c.offset(), c.offset()
	if err := c.err("an object's attributes"); err != nil || heap == undefined {
		return err
	}
	h, err := s.fractalHeap(heap)
	if err != nil {
		return err
	}
	return s.tree2(tree, func(record *cursor) error {
		b, err := h.object(record.take(min(h.idSize, len(record.b))))
		if err != nil {
			return err
		}
		if flags := record.u8(); flags&2 != 0 {
			return unsupported("attributes that objects share in a table of the file (SOHM)")
		}
		a, err := s.attribute(b)
		*out = append(*out, a)
		return err
	})
}

// Attribute is a small value with a name, attached to a group or dataset.
type Attribute struct {
	f    *File
	path string // of the object
	a    *attr
	of   *attributed
}

// Close does nothing; it is here for programs written for the C library.
func (s *Attribute) Close() error { return nil }

// Name is the attribute's name.
func (s *Attribute) Name() string { return s.a.name }

// Space is the attribute's shape.
func (s *Attribute) Space() *Dataspace {
	c := *s.a.space
	return &c
}

// Datatype is what one element of the attribute is.
func (s *Attribute) Datatype() *Datatype { return s.a.typ }

func (s *Attribute) failed(doing string, err error) error {
	return s.f.failed(fmt.Sprintf("%s the attribute %q of", doing, s.a.name), s.path, err)
}

// Read copies the attribute into what data points to, as Dataset.Read does. dtype is
// not needed; of the right type or nil, it changes nothing.
func (s *Attribute) Read(data any, dtype *Datatype) error {
	t, err := newTarget(s.a.typ, s.a.space.SimpleExtentNPoints(), data)
	if err == nil {
		err = s.fill(t.slice)
	}
	if err != nil {
		return s.failed("read", err)
	}
	t.commit()
	return nil
}

func (s *Attribute) fill(dst any) error {
	out, err := newSink(s.a.typ, dst, s.f.s.newHeaps())
	if err != nil {
		return err
	}
	return out.put(0, s.a.data, s.a.typ.size, s.a.space.SimpleExtentNPoints())
}

// Value returns a single value as itself (float64, string, bool, ...), an array as a
// flat slice, as Dataset.ReadAll does, and nil for an empty attribute.
func (s *Attribute) Value() (any, error) {
	n := s.a.space.SimpleExtentNPoints()
	if s.a.space.class == S_NULL {
		return nil, nil
	}
	dst, err := s.a.typ.flat(n)
	if err == nil {
		err = s.fill(dst)
	}
	if err != nil {
		return nil, s.failed("read", err)
	}
	if s.a.space.class == S_SCALAR && s.a.typ.class != T_ARRAY {
		return first(dst), nil
	}
	return dst, nil
}

// holder is an object with attributes, and where it is.
type holder struct {
	f    *File
	path string
	of   *attributed
}

func (g *CommonFG) holder() holder { return holder{g.f, g.g.path, &g.g.attributed} }
func (s *Dataset) holder() holder  { return holder{s.d.f, s.d.path, &s.d.attributed} }

func (h holder) all() ([]*attr, error) {
	if h.f.closed {
		return nil, h.f.failed("read the attributes of", h.path, errClosed)
	}
	values, err := h.f.attrs(h.of)
	if err != nil {
		return nil, h.f.failed("read the attributes of", h.path, err)
	}
	return values, nil
}

func (h holder) open(name string) (*Attribute, error) {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	values, err := h.all()
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, a := range values {
		if a.name == name {
			return &Attribute{h.f, h.path, a, h.of}, nil
		}
		names = append(names, validText(a.name))
	}
	return nil, h.f.failed(fmt.Sprintf("open the attribute %q of", name), h.path, missing{fmt.Sprintf("there is none of this name; it has %q", names)})
}

func (h holder) names() ([]string, error) {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	values, err := h.all()
	var names []string
	for _, a := range values {
		names = append(names, a.name)
	}
	return names, err
}

// OpenAttribute opens an attribute of the group.
func (g *CommonFG) OpenAttribute(name string) (*Attribute, error) { return g.holder().open(name) }

// AttributeNames are the names of the group's attributes.
func (g *CommonFG) AttributeNames() ([]string, error) { return g.holder().names() }

// OpenAttribute opens an attribute of the dataset.
func (s *Dataset) OpenAttribute(name string) (*Attribute, error) { return s.holder().open(name) }

// AttributeNames are the names of the dataset's attributes.
func (s *Dataset) AttributeNames() ([]string, error) { return s.holder().names() }
