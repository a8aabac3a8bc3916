package zmq

import (
	"encoding/json"
	"sync"
	"time"
)

// item is what a writer writes: a message, the answer to a PING, or the place where
// messages were lost.
type item struct {
	frames [][]byte
	pong   []byte
	lost   *loss
	size   int
	kept   bool // not to be lost while there is any room: see pushOrLose
}

// loss counts messages that a subscriber did not get.
type loss struct {
	count  int
	parent json.RawMessage // of the last one, so that the notice appears where it was missed
}

const (
	batchItems = 64
	batchBytes = 1 << 20
	// waitBudget bounds how long publishers wait in all for one subscriber that reads, but
	// too slowly, until its queue has been half empty again.
	waitBudget = 10 * time.Second
)

// queue holds what one client is still to get. Publishers push, its writer takes. It is
// bounded in messages and bytes.
type queue struct {
	maxItems, maxBytes int
	stall              time.Duration

	ready chan struct{} // cap 1: there is something to take, or the queue was closed
	space chan struct{} // cap 1: something was taken, or the queue was closed

	mu       sync.Mutex
	items    []item
	bytes    int
	closed   bool          // takes what is left, accepts nothing
	progress time.Time     // when the client last took bytes, or the queue began to fill
	waited   time.Duration // of the budget
	losing   *loss         // the last loss in items, while messages are being lost
}

func newQueue(o Options) *queue {
	return &queue{
		maxItems: o.QueueMessages, maxBytes: o.QueueBytes, stall: o.StallTimeout,
		ready: make(chan struct{}, 1), space: make(chan struct{}, 1),
	}
}

func messageItem(frames [][]byte) item {
	size := 0
	for _, f := range frames {
		size += len(f)
	}
	return item{frames: frames, size: size}
}

// push adds an item if there is room. A message larger than all the room is let in when
// nothing else waits.
func (q *queue) push(it item) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.pushLocked(it)
}

func (q *queue) pushLocked(it item) bool {
	if q.closed {
		return true // nobody will miss it
	}
	full := len(q.items) >= q.maxItems || q.bytes > 0 && q.bytes+it.size > q.maxBytes
	if full || q.losing != nil {
		return false
	}
	q.append(it)
	return true
}

func (q *queue) append(it item) {
	if len(q.items) == 0 {
		q.progress = time.Now()
	}
	q.items = append(q.items, it)
	q.bytes += it.size
	signal(q.ready)
}

// pushOrLose adds an item, waiting for room while the client reads. If the client has
// stopped reading the item is lost, and so is all that follows until the queue is half
// empty. Items to be kept go on being queued, up to as many again: without its idle a front
// end shows a cell as running for ever.
func (q *queue) pushOrLose(it item, parent json.RawMessage) {
	for {
		q.mu.Lock()
		if q.pushLocked(it) {
			q.mu.Unlock()
			return
		}
		patience := min(q.stall-time.Since(q.progress), waitBudget-q.waited)
		if q.losing != nil || patience <= 0 {
			if it.kept && len(q.items) < 2*q.maxItems {
				q.append(it)
			} else {
				q.lose(parent)
			}
			q.mu.Unlock()
			return
		}
		q.mu.Unlock()
		start := time.Now()
		wait := time.NewTimer(patience)
		select {
		case <-q.space:
		case <-wait.C:
		}
		wait.Stop()
		q.mu.Lock()
		q.waited += time.Since(start)
		q.mu.Unlock()
	}
}

func (q *queue) lose(parent json.RawMessage) {
	if q.losing == nil {
		q.losing = &loss{}
		q.append(item{lost: q.losing})
	}
	q.losing.count++
	q.losing.parent = parent
}

// take waits for items and removes up to a batch of them, appended to batch. It returns
// none when the queue is closed and empty.
func (q *queue) take(batch []item) []item {
	for {
		q.mu.Lock()
		batch = q.takeLocked(batch)
		done := q.closed
		q.mu.Unlock()
		if len(batch) > 0 || done {
			return batch
		}
		<-q.ready
	}
}

func (q *queue) takeLocked(batch []item) []item {
	n, size := 0, 0
	for n < len(q.items) && n < batchItems && (n == 0 || size+q.items[n].size <= batchBytes) {
		size += q.items[n].size
		n++
	}
	if n == 0 {
		return batch
	}
	for _, it := range q.items[:n] {
		if it.lost != nil && it.lost == q.losing {
			q.losing = nil // it is about to be told; what is lost from now on counts anew
		}
		batch = append(batch, it)
	}
	rest := copy(q.items, q.items[n:])
	clear(q.items[rest:])
	q.items = q.items[:rest]
	q.bytes -= size
	if len(q.items) <= q.maxItems/2 && q.bytes <= q.maxBytes/2 {
		q.losing, q.waited = nil, 0
	}
	signal(q.space)
	return batch
}

// moved notes that the client has taken bytes.
func (q *queue) moved() {
	q.mu.Lock()
	q.progress = time.Now()
	q.mu.Unlock()
}

// close lets the writer end after what is queued; with discard, at once.
func (q *queue) close(discard bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	if discard {
		q.items, q.bytes = nil, 0
	}
	signal(q.ready)
	signal(q.space)
}

func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
