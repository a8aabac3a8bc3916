package hdf5

// Types of header messages: specification, section IV.A.2.
const (
	msgDataspace    = 0x01
	msgLinkInfo     = 0x02
	msgDatatype     = 0x03
	msgOldFill      = 0x04
	msgFill         = 0x05
	msgLink         = 0x06
	msgExternal     = 0x07
	msgLayout       = 0x08
	msgGroupInfo    = 0x0a
	msgFilters      = 0x0b
	msgAttribute    = 0x0c
	msgContinuation = 0x10
	msgSymbolTable  = 0x11
	msgAttrInfo     = 0x15
)

// message is one entry of an object's header: what it is, how it is shared, its bytes.
type message struct {
	kind  uint16
	flags byte
	data  []byte
}

// header is what a file says about one object.
type header []message

func (h header) find(kind uint16) (message, bool) {
	for _, m := range h {
		if m.kind == kind {
			return m, true
		}
	}
	return message{}, false
}

// isDataset and isGroup tell objects apart; a committed datatype is neither.
func (h header) isDataset() bool { _, ok := h.find(msgLayout); return ok }

func (h header) isGroup() bool {
	for _, kind := range []uint16{msgSymbolTable, msgLinkInfo, msgLink, msgGroupInfo} {
		if _, ok := h.find(kind); ok {
			return true
		}
	}
	return false
}

// headerReader collects the messages of one header, which may go on in other places.
type headerReader struct {
	*walk
	out  header
	more [][2]uint64 // address and length of continuations
}

// header reads the object header at addr: specification, section IV.A.1.
func (s *source) header(addr uint64) (header, error) {
	r := &headerReader{walk: s.walk()}
	b, err := s.upTo(addr, 16)
	if err != nil {
		return nil, err
	}
	c := s.cursor(b)
	if c.expect("OHDR") {
		err = r.version2(addr)
	} else if c = s.cursor(b); c.u8() == 1 {
		err = r.version1(addr, c)
	} else {
		err = damaged("there is no object at address %d", addr)
	}
	return r.out, err
}

func (r *headerReader) version1(addr uint64, c *cursor) error {
	c.skip(1 + 2 + 4)
	size := c.u32()
	if err := c.err("an object's header"); err != nil {
		return err
	}
	r.more = [][2]uint64{{addr + 16, uint64(size)}}
	for i := 0; i < len(r.more); i++ {
		c, err := r.at(r.more[i][0], int(min(r.more[i][1], 1<<31-1)))
		if err != nil {
			return err
		}
		for len(c.b) >= 8 {
			kind, size, flags := c.u16(), c.u16(), c.u8()
			c.skip(3)
			r.add(kind, flags, c.take(int(size)))
		}
		if err := c.err("an object's header"); err != nil {
			return err
		}
	}
	return nil
}

func (r *headerReader) version2(addr uint64) error {
	b, err := r.s.upTo(addr, 40)
	if err != nil {
		return err
	}
	c := r.s.cursor(b)
	c.skip(5)
	flags := c.u8()
	if flags&0x20 != 0 {
		c.skip(16)
	}
	if flags&0x10 != 0 {
		c.skip(4)
	}
	size := c.uint(1 << (flags & 3))
	if err := c.err("an object's header"); err != nil {
		return err
	}
	prefix := len(b) - len(c.b)
	r.more = [][2]uint64{{addr, uint64(prefix) + min(size, 1<<31-1) + 4}}
	for i := 0; i < len(r.more); i++ {
		c, err := r.checked(r.more[i][0], int(min(r.more[i][1], 1<<31-1)), "an object's header")
		if err != nil {
			return err
		}
		if i == 0 {
			c.skip(prefix)
		} else if !c.expect("OCHK") {
			return damaged("an object's header does not go on where it should")
		}
		if err := r.messages2(c, flags); err != nil {
			return err
		}
	}
	return nil
}

func (r *headerReader) messages2(c *cursor, flags byte) error {
	size := 4
	if flags&4 != 0 {
		size += 2 // the order of creation
	}
	for len(c.b) >= size {
		kind, n, shared := c.u8(), c.u16(), c.u8()
		c.skip(size - 4)
		r.add(uint16(kind), shared, c.take(int(n)))
	}
	return c.err("an object's header")
}

func (r *headerReader) add(kind uint16, flags byte, data []byte) {
	if kind == msgContinuation {
		c := r.s.cursor(data)
		r.more = append(r.more, [2]uint64{c.offset(), c.length()})
		return
	}
	r.out = append(r.out, message{kind, flags, data})
}

// resolve returns the message itself where another object holds it: a committed
// datatype, say. Specification, section IV.A.2.
func (s *source) resolve(m message) (message, error) {
	for range 8 {
		if m.flags&2 == 0 {
			return m, nil
		}
		addr, err := s.shared(m.data)
		if err != nil {
			return m, err
		}
		h, err := s.header(addr)
		if err != nil {
			return m, err
		}
		found, ok := h.find(m.kind)
		if !ok {
			return m, damaged("a shared message is not where it should be")
		}
		m = found
	}
	return m, damaged("a shared message points in a circle")
}

func (s *source) shared(data []byte) (uint64, error) {
	c := s.cursor(data)
	version, kind := c.u8(), c.u8()
	switch {
	case version == 1:
		c.skip(6)
	case version == 3 && kind == 1:
		return 0, unsupported("messages that objects share in a table of the file (SOHM)")
	}
	addr := c.offset()
	return addr, c.err("a shared message")
}
