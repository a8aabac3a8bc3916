package layout

import (
	"math"
	"slices"
)

// place gives each vertex its coordinate along its layer, in the way of
// Brandes and Köpf: vertices are aligned with the median of their neighbours
// into blocks that stand straight, four times over (from the first layer
// and from the last, to the left and to the right); the average of the
// middle two of the four coordinates is taken. Bends of the same edge are
// always aligned. Afterwards the leftmost border is at margin.
func (n *net) place() {
	n.x = make([]float64, len(n.layer))
	if n.tasks == 0 {
		return
	}
	crossed := n.crossedSegments()
	var sides [4][]float64
	for i := range sides {
		p := placing{n: n, crossed: crossed, down: i < 2, mirrored: i%2 == 1}
		p.alignVertices()
		sides[i] = p.compact()
	}
	n.average(sides)
	left := math.Inf(1)
	for v, x := range n.x {
		left = min(left, x-n.size[v]/2)
	}
	for v := range n.x {
		n.x[v] += margin - left
	}
}

// segment is two vertices of neighbouring layers, the upper one first.
type segment struct{ a, b int32 }

// crossedSegments are those that cross a segment between two bends: the
// bends win, and these may not be aligned.
func (n *net) crossedSegments() map[segment]bool {
	crossed := map[segment]bool{}
	for l := 1; l+1 < len(n.layers); l++ {
		n.crossedBelow(n.layers[l], n.layers[l+1], crossed)
	}
	return crossed
}

func (n *net) crossedBelow(upper, lower []int32, crossed map[segment]bool) {
	from, scanned := int32(0), 0
	for i, v := range lower {
		inner := n.inner(v)
		if inner < 0 && i < len(lower)-1 {
			continue
		}
		to := int32(len(upper))
		if inner >= 0 {
			to = n.pos[inner]
		}
		for ; scanned <= i; scanned++ {
			w := lower[scanned]
			for _, u := range n.up[w] {
				if p := n.pos[u]; (p < from || p > to) && !(n.inner(w) == u) {
					crossed[segment{u, w}] = true
				}
			}
		}
		from = to
	}
}

// inner is the bend before v, if v is a bend as well; -1 otherwise.
func (n *net) inner(v int32) int32 {
	if !n.isTask(v) && !n.isTask(n.up[v][0]) {
		return n.up[v][0]
	}
	return -1
}

// placing is one of the four.
type placing struct {
	n        *net
	crossed  map[segment]bool
	down     bool // aligns with the layer before
	mirrored bool
	root     []int32 // of each vertex's block
	next     []int32 // around the block
}

// layer is a layer as this placing sees it.
func (p *placing) layer(i int) []int32 {
	if !p.down {
		i = len(p.n.layers) - 1 - i
	}
	layer := p.n.layers[i]
	if p.mirrored {
		layer = slices.Clone(layer)
		slices.Reverse(layer)
	}
	return layer
}

// pos is a vertex's place as this placing sees it.
func (p *placing) pos(v int32) int32 {
	if p.mirrored {
		return int32(len(p.n.layers[p.n.layer[v]])) - 1 - p.n.pos[v]
	}
	return p.n.pos[v]
}

func (p *placing) alignVertices() {
	p.root, p.next = make([]int32, len(p.n.layer)), make([]int32, len(p.n.layer))
	for v := range p.root {
		p.root[v], p.next[v] = int32(v), int32(v)
	}
	var sorted []int32
	for i := range p.n.layers {
		taken := int32(-1)
		for _, v := range p.layer(i) {
			sorted = p.neighbours(v, sorted[:0])
			taken = p.alignOne(v, sorted, taken)
		}
	}
}

func (p *placing) neighbours(v int32, buf []int32) []int32 {
	if p.down {
		buf = append(buf, p.n.up[v]...)
	} else {
		buf = append(buf, p.n.down[v]...)
	}
	slices.SortFunc(buf, func(a, b int32) int { return int(p.pos(a) - p.pos(b)) })
	return buf
}

// alignOne puts v into the block of its median neighbour, unless that one
// is taken or a vertex to the right of it is.
func (p *placing) alignOne(v int32, sorted []int32, taken int32) int32 {
	for m := (len(sorted) - 1) / 2; m <= len(sorted)/2 && m < len(sorted); m++ {
		w := sorted[m]
		if p.next[v] != v || p.pos(w) <= taken || p.isCrossed(v, w) {
			continue
		}
		p.next[w] = v
		p.root[v] = p.root[w]
		p.next[v] = p.root[v]
		taken = p.pos(w)
	}
	return taken
}

func (p *placing) isCrossed(v, w int32) bool {
	if p.down {
		return p.crossed[segment{w, v}]
	}
	return p.crossed[segment{v, w}]
}

// compact places blocks beside each other as closely as they go, and then
// moves each as far to the right as it can without pushing others.
// (The original has a subtler way with classes of blocks, and an error in
// it; longest paths over the blocks are as fast and easier to trust.)
func (p *placing) compact() []float64 {
	before, after := p.besides()
	order := p.blocksInOrder(before)
	x := make([]float64, len(p.root))
	for _, b := range order {
		for _, l := range before[b] {
			x[b] = max(x[b], x[l.block]+l.apart)
		}
	}
	for _, b := range slices.Backward(order) {
		room := math.Inf(1)
		for _, l := range after[b] {
			room = min(room, x[l.block]-l.apart)
		}
		if !math.IsInf(room, 1) {
			x[b] = max(x[b], room)
		}
	}
	for v, root := range p.root {
		x[v] = x[root]
	}
	if p.mirrored {
		for v := range x {
			x[v] = -x[v]
		}
	}
	return x
}

// link is a block beside another, at least so far apart.
type link struct {
	block int32
	apart float64
}

// besides lists for each block those next to it, to the left and right.
func (p *placing) besides() (before, after [][]link) {
	before, after = make([][]link, len(p.root)), make([][]link, len(p.root))
	for i := range p.n.layers {
		layer := p.layer(i)
		for j := 1; j < len(layer); j++ {
			u, v := layer[j-1], layer[j]
			apart := (p.n.size[u] + p.n.size[v] + p.n.gap[u] + p.n.gap[v]) / 2
			a, b := p.root[u], p.root[v]
			before[b] = append(before[b], link{a, apart})
			after[a] = append(after[a], link{b, apart})
		}
	}
	return before, after
}

// blocksInOrder lists roots, left neighbours first.
func (p *placing) blocksInOrder(before [][]link) []int32 {
	order := make([]int32, 0, len(p.root))
	entered, done := make([]int, len(p.root)), make([]bool, len(p.root))
	var stack []int32
	for v, root := range p.root {
		if int32(v) != root {
			continue
		}
		stack = append(stack, root)
		for len(stack) > 0 {
			b := stack[len(stack)-1]
			if entered[b] < len(before[b]) {
				l := before[b][entered[b]].block
				entered[b]++
				if !done[l] {
					stack = append(stack, l)
				}
				continue
			}
			stack = stack[:len(stack)-1]
			if !done[b] {
				done[b] = true
				order = append(order, b)
			}
		}
	}
	return order
}

// average moves the four so that they lie over the narrowest of them, left
// borders for those placed to the left and right borders for the others, and
// takes the mean of the middle two.
func (n *net) average(sides [4][]float64) {
	var lo, hi [4]float64
	narrowest := 0
	for i, xs := range sides {
		lo[i], hi[i] = n.borders(xs)
		if hi[i]-lo[i] < hi[narrowest]-lo[narrowest] {
			narrowest = i
		}
	}
	for i := range sides {
		shift := lo[narrowest] - lo[i]
		if i%2 == 1 {
			shift = hi[narrowest] - hi[i]
		}
		for v := range sides[i] {
			sides[i][v] += shift
		}
	}
	for v := range n.x {
		four := [4]float64{sides[0][v], sides[1][v], sides[2][v], sides[3][v]}
		slices.Sort(four[:])
		n.x[v] = (four[1] + four[2]) / 2
	}
}

func (n *net) borders(xs []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for v, x := range xs {
		lo, hi = min(lo, x-n.size[v]/2), max(hi, x+n.size[v]/2)
	}
	return lo, hi
}
