package hdf5

// write takes a box of the region out of a result with these extents; w is the file of
// a region that is not in memory.
func (g *region) write(b box, extents []int, in feed, w *fileWriter) error {
	t := &transfer{region: g}
	src, dst := strides(g.dims), strides(extents)
	from, to := 0, 0
	for i := range b.count {
		from += b.start[i] * src[i]
		to += b.to[i] * dst[i]
		t.add(b.step[i], b.count[i], src[i], dst[i])
	}
	if len(t.count) == 0 {
		t.add(1, 1, 1, 1)
	}
	if w == nil {
		return t.scatter(in, 0, from, to)
	}
	buf := pieces.Get().(*[]byte)
	defer pieces.Put(buf)
	t.buf = *buf
	return t.save(in, w, 0, from, to)
}

// scatter puts the box's dimensions from d on into memory.
func (t *transfer) scatter(in feed, d, from, to int) error {
	step := t.step[d] * t.stride[d]
	if d == len(t.count)-1 && t.to[d] == 1 {
		return in.get(to, t.mem[from*t.size:], step*t.size, t.count[d])
	}
	for i := range t.count[d] {
		var err error
		if d == len(t.count)-1 {
			err = in.get(to+i*t.to[d], t.mem[(from+i*step)*t.size:], t.size, 1)
		} else {
			err = t.scatter(in, d+1, from+i*step, to+i*t.to[d])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// save writes the box's dimensions from d on to the file, run by run.
func (t *transfer) save(in feed, w *fileWriter, d, from, to int) error {
	step := t.step[d] * t.stride[d]
	last := d == len(t.count)-1
	n := 1
	if last && step == 1 && t.to[d] == 1 {
		n = max(1, len(t.buf)/t.size)
	}
	for i := 0; i < t.count[d]; i += n {
		n = min(n, t.count[d]-i)
		var err error
		if last {
			err = t.saveRun(in, w, from+i*step, to+i*t.to[d], n)
		} else {
			err = t.save(in, w, d+1, from+i*step, to+i*t.to[d])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *transfer) saveRun(in feed, w *fileWriter, from, to, n int) error {
	buf := room(t.buf, n*t.size)
	if err := in.get(to, buf, t.size, n); err != nil {
		return err
	}
	return w.writeAt(buf, t.addr+uint64(from)*uint64(t.size))
}
