package hdf5

// tree2 visits the records of a B-tree, version 2, in order: specification, section
// III.A.2.
func (s *source) tree2(addr uint64, visit func(record *cursor) error) error {
	w := s.walk()
	c, err := w.checked(addr, 22+s.offsetSize+s.lengthSize, "a tree (version 2)")
	if err != nil {
		return err
	}
	if !c.expect("BTHD") {
		return damaged("a tree (version 2) is not where it should be")
	}
	c.skip(2)
	t := &tree2{walk: w, visit: visit, nodeSize: int(min(c.u32(), 1<<30)), recordSize: int(c.u16())}
	depth := int(c.u16())
	c.skip(2)
	root, n := c.offset(), int(c.u16())
	if root == undefined {
		return nil
	}
	if t.recordSize == 0 || t.nodeSize < 16 || depth > 64 {
		return damaged("a tree (version 2) has records of %d bytes in nodes of %d", t.recordSize, t.nodeSize)
	}
	t.measure(depth)
	return t.node(root, n, depth)
}

type tree2 struct {
	*walk
	visit                func(record *cursor) error
	nodeSize, recordSize int
	countSize            int   // bytes of a child's number of records
	totalSize            []int // by depth: bytes of the number of all records below
}

// measure works out how wide the pointers to children are, which follows from how many
// records fit into nodes.
func (t *tree2) measure(depth int) {
	most := uint64(max(0, t.nodeSize-10) / t.recordSize)
	t.countSize = bytesFor(most)
	t.totalSize = make([]int, depth+1)
	total := most
	for d := 1; d <= depth; d++ {
		pointer := t.pointerSize(d)
		n := uint64(max(0, t.nodeSize-10-pointer) / (t.recordSize + pointer))
		if total < 1<<40 {
			total = (n+1)*total + n
		}
		t.totalSize[d] = bytesFor(total)
	}
}

// pointerSize is the size of a pointer in a node of depth d to its children.
func (t *tree2) pointerSize(d int) int {
	size := t.s.offsetSize + t.countSize
	if d > 1 {
		size += t.totalSize[d-1]
	}
	return size
}

func (t *tree2) node(addr uint64, n, depth int) error {
	signature, size := "BTLF", 6+n*t.recordSize
	if depth > 0 {
		signature = "BTIN"
		size += (n + 1) * t.pointerSize(depth)
	}
	c, err := t.checked(addr, size+4, "a tree (version 2)")
	if err != nil {
		return err
	}
	if !c.expect(signature) {
		return damaged("a node of a tree (version 2) is not where it should be")
	}
	c.skip(2)
	records := t.s.cursor(c.take(n * t.recordSize))
	for i := range n + 1 {
		if depth > 0 {
			child, count := c.offset(), int(c.uint(t.countSize))
			if depth > 1 {
				c.uint(t.totalSize[depth-1])
			}
			if err := t.node(child, count, depth-1); err != nil {
				return err
			}
		}
		if i < n {
			if err := t.visit(t.s.cursor(records.take(t.recordSize))); err != nil {
				return err
			}
		}
	}
	return nil
}
