package hdf5

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxHops bounds how many soft links a path may follow.
const maxHops = 32

// CommonFG is what files and groups have in common: objects with names. Names are paths
// as in a file system: "values", "run1/values", from the root "/run1/values".
type CommonFG struct {
	f *File
	g *group
}

// Group is a group of a file.
type Group struct{ CommonFG }

// Close does nothing; it is here for programs written for the C library.
func (g *Group) Close() error { return nil }

// Name is the path of the group in its file.
func (g *CommonFG) Name() string { return g.g.path }

// group is a group of a file, as far as it is known.
type group struct {
	path   string
	addr   uint64 // of its header; undefined for one that was made
	h      header
	loaded bool
	links  []entry // in order of names
	attributed
}

// entry is a link of a group and, of one that was made, its object.
type entry struct {
	link
	made any
}

// at returns the group or dataset at an address, the same one each time.
func (f *File) at(addr uint64, path string) (any, error) {
	if g, ok := f.groups[addr]; ok {
		return g, nil
	}
	if d, ok := f.datasets[addr]; ok {
		return d, nil
	}
	h, err := f.s.header(addr)
	if err != nil {
		return nil, err
	}
	switch {
	case h.isDataset():
		d, err := f.describe(h, path)
		if err != nil {
			return nil, err
		}
		d.addr = addr
		f.datasets[addr] = d
		return d, nil
	case h.isGroup():
		g := &group{path: path, addr: addr, h: h, attributed: attributed{h: h}}
		f.groups[addr] = g
		return g, nil
	}
	if _, ok := h.find(msgDatatype); ok {
		return nil, fmt.Errorf("%s is a datatype, neither a group nor a dataset", path)
	}
	// A group of the newest kind may say nothing about itself while it is empty.
	g := &group{path: path, addr: addr, h: h, loaded: true, attributed: attributed{h: h}}
	f.groups[addr] = g
	return g, nil
}

// entries are the links of a group.
func (f *File) entries(g *group) ([]entry, error) {
	if g.loaded {
		return g.links, nil
	}
	links, err := f.s.links(g.h)
	if err != nil {
		return nil, fmt.Errorf("the group %s: %w", g.path, err)
	}
	for _, l := range links {
		g.links = append(g.links, entry{link: l})
	}
	g.loaded = true
	return g.links, nil
}

func (f *File) entry(g *group, name string) (entry, bool, error) {
	links, err := f.entries(g)
	if err != nil {
		return entry{}, false, err
	}
	i, ok := slices.BinarySearchFunc(links, name, func(e entry, name string) int { return cmp.Compare(e.name, name) })
	if !ok {
		return entry{}, false, nil
	}
	return links[i], true, nil
}

// find returns the group or dataset that a path leads to.
func (f *File) find(from *group, path string, hops int) (any, error) {
	var here any = from
	if strings.HasPrefix(path, "/") {
		here = f.g
	}
	for name := range strings.SplitSeq(path, "/") {
		if name == "" || name == "." {
			continue
		}
		g, ok := here.(*group)
		if !ok {
			return nil, missing{fmt.Sprintf("%s is a dataset, and %q cannot be in it", here.(*stored).path, name)}
		}
		e, ok, err := f.entry(g, name)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, f.notFound(g, name)
		}
		if here, err = f.follow(g, e, hops); err != nil {
			return nil, err
		}
	}
	return here, nil
}

// notFound names what the group has instead.
func (f *File) notFound(g *group, name string) error {
	if len(g.links) == 0 {
		return missing{fmt.Sprintf("there is no %q in the group %s, which is empty", name, g.path)}
	}
	return missing{fmt.Sprintf("there is no %q in the group %s; it has %s", name, g.path, someNames(g.links))}
}

// someNames are the names of links, at most ten: "a, b" or "a, b, and 5 more".
func someNames(links []entry) string {
	var names []string
	for i, e := range links {
		if i == 10 {
			names = append(names, fmt.Sprintf("and %d more", len(links)-i))
			break
		}
		names = append(names, validText(e.name))
	}
	return strings.Join(names, ", ")
}

// notDataset is the error of a group where a dataset was wanted, with the names that may
// have been meant.
func (f *File) notDataset(g *group) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	links, err := f.entries(g)
	switch {
	case err != nil:
		return err
	case len(links) == 0:
		return fmt.Errorf("it is the group %s, which is empty; OpenGroup opens it", g.path)
	}
	return fmt.Errorf("it is the group %s, which OpenGroup opens; it has %s", g.path, someNames(links))
}

func (f *File) follow(g *group, e entry, hops int) (any, error) {
	path := join(g.path, e.name)
	switch {
	case e.made != nil:
		return e.made, nil
	case e.kind == hardLink:
		return f.at(e.addr, path)
	case e.kind == softLink && hops == 0:
		return nil, fmt.Errorf("the soft link %s leads in a circle", path)
	case e.kind == softLink:
		found, err := f.find(g, e.path, hops-1)
		if err != nil {
			return nil, fmt.Errorf("following the soft link %s to %s: %w", path, e.path, err)
		}
		return found, nil
	case e.kind == externalLink:
		return nil, unsupported("%s is an external link, to %s in the file %s; open that file", path, e.path, e.file)
	}
	return nil, unsupported("%s is a link of kind %d", path, e.kind)
}

func join(path, name string) string {
	if path == "/" {
		return path + name
	}
	return path + "/" + name
}

// locate is find for users: locked, and with a complete error.
func (g *CommonFG) locate(doing, path string) (any, error) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	if g.f.closed {
		return nil, g.f.failed(doing, path, errClosed)
	}
	o, err := g.f.find(g.g, path, maxHops)
	if err != nil {
		return nil, g.f.failed(doing, path, err)
	}
	return o, nil
}

// OpenDataset opens the dataset at path. The error says what is in the group instead.
func (g *CommonFG) OpenDataset(path string) (*Dataset, error) {
	o, err := g.locate("open the dataset", path)
	if err != nil {
		return nil, err
	}
	d, ok := o.(*stored)
	if !ok {
		return nil, g.f.failed("open the dataset", path, g.f.notDataset(o.(*group)))
	}
	return &Dataset{d}, nil
}

// OpenDatasetWith is OpenDataset; access properties change nothing here.
func (g *CommonFG) OpenDatasetWith(path string, _ *PropList) (*Dataset, error) {
	return g.OpenDataset(path)
}

// OpenGroup opens the group at path.
func (g *CommonFG) OpenGroup(path string) (*Group, error) {
	o, err := g.locate("open the group", path)
	if err != nil {
		return nil, err
	}
	found, ok := o.(*group)
	if !ok {
		return nil, g.f.failed("open the group", path, fmt.Errorf("it is a dataset; OpenDataset opens it"))
	}
	return &Group{CommonFG{g.f, found}}, nil
}

// Names are the names in the group, in order, links that lead nowhere included.
func (g *CommonFG) Names() ([]string, error) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	links, err := g.f.entries(g.g)
	if err != nil {
		return nil, g.f.failed("read the group", g.g.path, err)
	}
	names := make([]string, len(links))
	for i, l := range links {
		names[i] = l.name
	}
	return names, nil
}

// NumObjects is the number of names in the group.
func (g *CommonFG) NumObjects() (uint, error) {
	names, err := g.Names()
	return uint(len(names)), err
}

// ObjectNameByIndex is the name at position idx, in the order of names.
func (g *CommonFG) ObjectNameByIndex(idx uint) (string, error) {
	names, err := g.Names()
	if err != nil {
		return "", err
	}
	if idx >= uint(len(names)) {
		return "", fmt.Errorf("hdf5: the group %s of %s has %d names, and there is no number %d (they count from 0)", g.g.path, g.f.name, len(names), idx)
	}
	return names[idx], nil
}

// GType is what a name stands for.
type GType int

// H5G_LINK and H5G_UDLINK are links that were not followed: soft and external ones.
const (
	H5G_UNKNOWN GType = -1
	H5G_GROUP   GType = 0
	H5G_DATASET GType = 1
	H5G_TYPE    GType = 2
	H5G_LINK    GType = 3
	H5G_UDLINK  GType = 4
)

// String is the name of the kind, as in C.
func (t GType) String() string {
	names := []string{"group", "dataset", "type", "link", "udlink"}
	if t < 0 || int(t) >= len(names) {
		return "unknown"
	}
	return names[t]
}

// ObjectTypeByIndex is what the name at position idx stands for.
func (g *CommonFG) ObjectTypeByIndex(idx uint) (GType, error) {
	name, err := g.ObjectNameByIndex(idx)
	if err != nil {
		return H5G_UNKNOWN, err
	}
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	e, _, err := g.f.entry(g.g, name)
	if err != nil {
		return H5G_UNKNOWN, err
	}
	return g.f.kind(e)
}

func (f *File) kind(e entry) (GType, error) {
	switch {
	case e.made != nil:
		if _, ok := e.made.(*group); ok {
			return H5G_GROUP, nil
		}
		return H5G_DATASET, nil
	case e.kind == softLink:
		return H5G_LINK, nil
	case e.kind != hardLink:
		return H5G_UDLINK, nil
	}
	h, err := f.s.header(e.addr)
	if err != nil {
		return H5G_UNKNOWN, f.failed("read", e.name, err)
	}
	if h.isDataset() {
		return H5G_DATASET, nil
	}
	if _, ok := h.find(msgDatatype); ok {
		return H5G_TYPE, nil
	}
	return H5G_GROUP, nil
}

// LinkExists reports whether there is something at path; a link that leads nowhere
// counts when it is the last name of the path.
func (g *CommonFG) LinkExists(path string) bool {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	path = strings.TrimRight(path, "/")
	if path == "" {
		return true
	}
	dir, name := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, name = path[:i+1], path[i+1:]
	}
	o, err := g.f.find(g.g, dir, maxHops)
	parent, ok := o.(*group)
	if err != nil || !ok || g.f.closed {
		return false
	}
	_, ok, err = g.f.entry(parent, name)
	return ok && err == nil
}
