package mem

import (
	"reflect"
	"unsafe"
)

// Grow returns a slice with the same elements and room for n more; its length stays.
func (l *Layout) Grow(s Slice, n int) Slice {
	if s.Cap-s.Len >= n {
		return s
	}
	g := growslice(s.Data, s.Len+n, s.Cap, n, l.Word)
	g.Len = s.Len
	return g
}

//go:linkname growslice runtime.growslice
func growslice(old Ptr, newLen, oldCap, num int, elem Ptr) Slice

// Append appends the elements of t to s.
func (l *Layout) Append(s, t Slice) Slice {
	if t.Len == 0 {
		return s
	}
	g := l.Grow(s, t.Len)
	l.copyArray(Elem(g.Data, g.Len, l.Size), t.Data, t.Len)
	g.Len += t.Len
	return g
}

// CopySlice copies the elements of src to dst as copy does, and returns their number.
func (l *Layout) CopySlice(dst, src Slice) int {
	n := min(dst.Len, src.Len)
	l.copyArray(dst.Data, src.Data, n)
	return n
}

// copyArray copies n elements; source and destination may overlap.
func (l *Layout) copyArray(dst, src Ptr, n int) {
	switch {
	case n == 0 || l.Size == 0:
	case l.Pointers:
		t := reflect.SliceOf(l.Type)
		d, s := Slice{dst, n, n}, Slice{src, n, n}
		reflect.Copy(reflect.NewAt(t, unsafe.Pointer(&d)).Elem(), reflect.NewAt(t, unsafe.Pointer(&s)).Elem())
	default:
		copy(Bytes(dst, uintptr(n)*l.Size), Bytes(src, uintptr(n)*l.Size))
	}
}
