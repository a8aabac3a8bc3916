package layout

import (
	"cmp"
	"math"
	"slices"
)

// reduceCrossings orders the vertices of each layer. It starts from several
// orders (depth first from the results and from the inputs, and each of them
// relaxed) and improves each: sweeps over the layers move vertices to the
// median of their neighbours and exchange those side by side while that
// helps; at last each vertex is moved to its best place. The best of the
// orders is kept. Large graphs start from the relaxed ones only, which
// are better there.
func (n *net) reduceCrossings() {
	n.pos = make([]int32, len(n.layer))
	starts := []start{{fromResults: true}, {fromResults: false}, {true, true}, {false, true}}
	if len(n.layer) > largeNet {
		starts = starts[2:]
	}
	best, fewest := [][]int32(nil), -1
	for _, at := range starts {
		n.begin(at)
		if crossings := n.improve(); fewest < 0 || crossings < fewest {
			best, fewest = n.layers, crossings
		}
		if fewest == 0 {
			break
		}
	}
	n.layers = best
	n.number()
}

// start is an order to begin with.
type start struct{ fromResults, relaxed bool }

func (n *net) begin(at start) {
	n.layers = n.depthFirst(at.fromResults)
	n.number()
	if at.relaxed {
		n.relax()
	}
}

// depthFirst fills the layers in the order in which a walk meets vertices.
func (n *net) depthFirst(fromResults bool) [][]int32 {
	count := int32(0)
	for _, l := range n.layer {
		count = max(count, l+1)
	}
	layers := make([][]int32, count)
	seen := make([]bool, len(n.layer))
	ahead := n.up
	if !fromResults {
		ahead = n.down
	}
	var stack []int32
	for _, start := range n.ends(fromResults) {
		stack = append(stack, start)
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if seen[v] {
				continue
			}
			seen[v] = true
			layers[n.layer[v]] = append(layers[n.layer[v]], v)
			for _, w := range slices.Backward(ahead[v]) {
				stack = append(stack, w)
			}
		}
	}
	return layers
}

// ends are the tasks without readers, or those without inputs.
func (n *net) ends(results bool) []int32 {
	behind := n.up
	if results {
		behind = n.down
	}
	var ends []int32
	for v := range int32(n.tasks) {
		if len(behind[v]) == 0 {
			ends = append(ends, v)
		}
	}
	return ends
}

// relax orders all layers at once: every vertex is pulled to the mean of its
// neighbours above and below, again and again, and the layers are sorted by
// where that leads. (It is a power iteration towards the Fiedler vector of
// the graph, which puts what belongs together side by side over all layers;
// sweeps look at two layers at a time and do not find that by themselves.)
func (n *net) relax() {
	const rounds = 60
	x, next := make([]float64, len(n.layer)), make([]float64, len(n.layer))
	for v, p := range n.pos {
		x[v] = (float64(p) + 0.5) / float64(len(n.layers[n.layer[v]]))
	}
	for range rounds {
		for v := range x {
			sum, count := x[v], 1.0
			for _, w := range n.up[v] {
				sum, count = sum+x[w], count+1
			}
			for _, w := range n.down[v] {
				sum, count = sum+x[w], count+1
			}
			next[v] = sum / count
		}
		x, next = next, x
		n.spread(x)
	}
	for _, layer := range n.layers {
		slices.SortStableFunc(layer, func(a, b int32) int { return cmp.Compare(x[a], x[b]) })
	}
	n.number()
}

// spread moves the mean to 0 and the scale to 1, weighted by degree, so that
// relaxing does not end with all vertices at one place.
func (n *net) spread(x []float64) {
	sum, weight, most := 0.0, 0.0, 0.0
	for v := range x {
		w := float64(len(n.up[v]) + len(n.down[v]) + 1)
		sum, weight = sum+w*x[v], weight+w
	}
	mean := sum / weight
	for v := range x {
		x[v] -= mean
		most = max(most, math.Abs(x[v]))
	}
	if most == 0 {
		return
	}
	for v := range x {
		x[v] /= most
	}
}

func (n *net) number() {
	for _, layer := range n.layers {
		for i, v := range layer {
			n.pos[v] = int32(i)
		}
	}
}

// How much is done. Sweeps stop after so many, or when so many in a row
// brought nothing, or when they have looked at so many vertices together.
const (
	maxSweeps = 24
	patience  = 4
	maxEffort = 600_000
	maxPasses = 6    // of exchanges in a sweep
	maxSifts  = 5    // passes of moves to the best place
	maxReach  = 200  // how far such a move goes
	largeNet  = 1000 // vertices
)

// improve sweeps over the layers and leaves the best order found. It returns
// the number of crossings.
func (n *net) improve() int {
	s := newSweeper(n)
	fewest := s.crossings()
	best := n.copyLayers()
	sweeps := min(maxSweeps, max(2, maxEffort/(len(n.layer)+1)))
	for i, idle := 0, 0; i < sweeps && idle < patience && fewest > 0; i++ {
		s.medians(i%2 == 0)
		s.exchange(i%4 < 2)
		idle++
		if c := s.crossings(); c < fewest {
			fewest, idle = c, 0
			best = n.copyLayers()
		}
	}
	n.layers = best
	n.number()
	if fewest == 0 {
		return 0
	}
	s.sift()
	return s.crossings()
}

func (n *net) copyLayers() [][]int32 {
	layers := make([][]int32, len(n.layers))
	for i, l := range n.layers {
		layers[i] = slices.Clone(l)
	}
	return layers
}

// sweeper has the scratch space of the sweeps.
type sweeper struct {
	n       *net
	median  []float64
	free    []int32
	tree    []int32   // of crossings
	targets []int32   // of crossings
	above   [][]int32 // sorted places of neighbours
	below   [][]int32
}

func newSweeper(n *net) *sweeper {
	s := &sweeper{n: n, median: make([]float64, len(n.layer))}
	s.above, s.below = make([][]int32, len(n.layer)), make([][]int32, len(n.layer))
	return s
}

// medians moves the vertices of each layer to the median place of their
// neighbours in the layer visited before.
func (s *sweeper) medians(down bool) {
	layers := s.n.layers
	for i := range layers {
		if down {
			s.sortLayer(layers[i], s.n.up)
		} else {
			s.sortLayer(layers[len(layers)-1-i], s.n.down)
		}
	}
}

// sortLayer orders a layer by medians; vertices without neighbours keep
// their places.
func (s *sweeper) sortLayer(layer []int32, neighbours [][]int32) {
	s.free = s.free[:0]
	for _, v := range layer {
		s.median[v] = s.medianOf(neighbours[v])
		if s.median[v] >= 0 {
			s.free = append(s.free, v)
		}
	}
	slices.SortStableFunc(s.free, func(a, b int32) int {
		switch {
		case s.median[a] < s.median[b]:
			return -1
		case s.median[a] > s.median[b]:
			return 1
		}
		return 0
	})
	next := 0
	for i, v := range layer {
		if s.median[v] >= 0 {
			layer[i] = s.free[next]
			next++
		}
	}
	for i, v := range layer {
		s.n.pos[v] = int32(i)
	}
}

// medianOf is the weighted median of Gansner and others: between the two
// middle places, nearer to the side where the others are closer together.
func (s *sweeper) medianOf(neighbours []int32) float64 {
	p := s.places(s.targets[:0], neighbours)
	s.targets = p
	m := len(p) / 2
	switch {
	case len(p) == 0:
		return -1
	case len(p)%2 == 1:
		return float64(p[m])
	case len(p) == 2:
		return float64(p[0]+p[1]) / 2
	}
	left, right := float64(p[m-1]-p[0]), float64(p[len(p)-1]-p[m])
	if left+right == 0 {
		return float64(p[m-1]+p[m]) / 2
	}
	return (float64(p[m-1])*right + float64(p[m])*left) / (left + right)
}

// places appends the sorted places of vertices to buf.
func (s *sweeper) places(buf, vertices []int32) []int32 {
	from := len(buf)
	for _, v := range vertices {
		buf = append(buf, s.n.pos[v])
	}
	if !slices.IsSorted(buf[from:]) {
		slices.Sort(buf[from:])
	}
	return buf
}

// exchange lets neighbours within layers change places while that removes
// crossings. With ties, they also change places when it makes no difference,
// which gets out of dead ends.
func (s *sweeper) exchange(ties bool) {
	for range maxPasses {
		better := false
		for _, layer := range s.n.layers {
			better = s.exchangeIn(layer, ties) || better
		}
		if !better {
			return
		}
		ties = false
	}
}

func (s *sweeper) exchangeIn(layer []int32, ties bool) bool {
	if len(layer) < 2 {
		return false
	}
	s.sortNeighbours(layer)
	better := false
	for i := range len(layer) - 1 {
		v, w := layer[i], layer[i+1]
		gain := s.gain(v, w)
		if gain > 0 || ties && gain == 0 {
			layer[i], layer[i+1] = w, v
			s.n.pos[w], s.n.pos[v] = int32(i), int32(i+1)
			better = better || gain > 0
		}
	}
	return better
}

// sift moves vertices, one by one, to the best place of their layer, the
// others staying where they are. It finds what exchanges of neighbours do
// not: a way to a better place that leads past worse ones.
func (s *sweeper) sift() {
	for range maxSifts {
		better := false
		for _, layer := range s.n.layers {
			better = s.siftLayer(layer) || better
		}
		if !better {
			return
		}
	}
}

func (s *sweeper) siftLayer(layer []int32) bool {
	s.sortNeighbours(layer)
	better := false
	for _, v := range slices.Clone(layer) {
		from := int(s.n.pos[v])
		to, gain := s.bestPlace(layer, from)
		if gain <= 0 {
			continue
		}
		better = true
		step := 1
		if to < from {
			step = -1
		}
		for i := from; i != to; i += step {
			layer[i] = layer[i+step]
			s.n.pos[layer[i]] = int32(i)
		}
		layer[to] = v
		s.n.pos[v] = int32(to)
	}
	return better
}

// bestPlace is where in its layer a vertex has fewest crossings, and how
// many fewer than now.
func (s *sweeper) bestPlace(layer []int32, from int) (place, gain int) {
	v := layer[from]
	place = from
	sum := 0
	for i := from + 1; i < len(layer) && i <= from+maxReach; i++ {
		if sum += s.gain(v, layer[i]); sum > gain {
			place, gain = i, sum
		}
	}
	sum = 0
	for i := from - 1; i >= 0 && i >= from-maxReach; i-- {
		if sum += s.gain(layer[i], v); sum > gain {
			place, gain = i, sum
		}
	}
	return place, gain
}

// gain is by how many crossings fewer there are when v and w, its right
// neighbour, change places.
func (s *sweeper) gain(v, w int32) int {
	return between(s.above[v], s.above[w]) + between(s.below[v], s.below[w])
}

func (s *sweeper) sortNeighbours(layer []int32) {
	for _, v := range layer {
		s.above[v] = s.places(s.above[v][:0], s.n.up[v])
		s.below[v] = s.places(s.below[v][:0], s.n.down[v])
	}
}

// between is by how many crossings fewer the edges of two neighbours have
// when they change places; v and w are the sorted places at the other ends.
func between(v, w []int32) int {
	gain, i, j := 0, 0, 0 // of v: places below and not above those of w
	for _, place := range v {
		for i < len(w) && w[i] < place {
			i++
		}
		for j < len(w) && w[j] <= place {
			j++
		}
		gain += i - (len(w) - j)
	}
	return gain
}

// crossings counts all of them, layer by layer: inversions among the
// segments sorted by their upper ends (Barth, Jünger, Mutzel).
func (s *sweeper) crossings() int {
	total := 0
	for _, layer := range s.n.layers[:max(len(s.n.layers)-1, 0)] {
		s.targets = s.targets[:0]
		for _, v := range layer {
			s.targets = s.places(s.targets, s.n.down[v])
		}
		if len(layer) > 0 {
			total += s.inversions(s.targets, s.n.layers[s.n.layer[layer[0]]+1])
		}
	}
	return total
}

func (s *sweeper) inversions(places, next []int32) int {
	first := 1
	for first < len(next) {
		first *= 2
	}
	s.tree = append(s.tree[:0], make([]int32, 2*first)...)
	total := 0
	for _, p := range places {
		at := first - 1 + int(p)
		s.tree[at]++
		for at > 0 {
			if at%2 == 1 {
				total += int(s.tree[at+1])
			}
			at = (at - 1) / 2
			s.tree[at]++
		}
	}
	return total
}
