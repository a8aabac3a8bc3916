package trace

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// Profile records runs, one after the other or at once: which task ran when and where,
// and how much memory and CPU the process used meanwhile. Its methods may be called by
// several goroutines at once.
type Profile struct {
	sampler sampler

	mu   sync.Mutex
	runs []*profiledRun
}

// NewProfile makes an empty Profile. Its clock starts now.
func NewProfile() *Profile { return &Profile{sampler: sampler{began: time.Now()}} }

// profiledRun is one run of a Profile.
type profiledRun struct {
	*Recorder
	p     *Profile
	start time.Duration // since the Profile was made

	once sync.Once
	end  time.Duration // 0 while it runs; guarded by Profile.mu, as is err
	err  error
}

// RunEnded closes the run.
func (r *profiledRun) RunEnded(err error) {
	r.once.Do(func() {
		end := time.Since(r.p.sampler.began)
		r.p.sampler.stop()
		r.p.mu.Lock()
		defer r.p.mu.Unlock()
		r.end, r.err = max(end, 1), err
	})
}

// Observe is called at the start of a run and returns who is to be told of its tasks and
// of its end, an Ender.
func (p *Profile) Observe(g *graph.Graph) Observer {
	r := &profiledRun{Recorder: NewRecorder(g), p: p}
	r.start = r.began.Sub(p.sampler.began)
	p.sampler.start()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs = append(p.runs, r)
	return r
}

// Run is one run as a Profile recorded it.
type Run struct {
	Start, End time.Duration // since the Profile was made; End is 0 while it runs
	Tasks      int           // of its graph
	Err        error
	Records    []Record // of the tasks that ran, in order of start; their times since the Profile was made
}

// Runs returns a copy of what was recorded so far, in order of start.
func (p *Profile) Runs() []Run {
	p.mu.Lock()
	recorded := slices.Clone(p.runs)
	runs := make([]Run, len(recorded))
	for i, r := range recorded {
		runs[i] = Run{Start: r.start, End: r.end, Tasks: r.g.Len(), Err: r.err}
	}
	p.mu.Unlock()
	for i, r := range recorded {
		runs[i].Records = r.Records()
		for j := range runs[i].Records {
			rec := &runs[i].Records[j]
			if rec.Start += r.start; rec.End > 0 {
				rec.End += r.start
			}
		}
	}
	return runs
}

// Samples returns a copy of what was sampled so far, in order of time.
func (p *Profile) Samples() []Sample { return p.sampler.all() }

// Function is what a Profile knows of the tasks of one name.
type Function struct {
	Name   string
	Calls  int // that have ended
	Failed int // of these
	Total  time.Duration
	Mean   time.Duration // of a call
	Max    time.Duration
	Bytes  int64 // of all their values, roughly
}

// Functions adds up tasks by the names in their keys, those that took longest first.
func (p *Profile) Functions() []Function { return functionsOf(p.Runs()) }

func functionsOf(runs []Run) []Function {
	at := map[string]int{}
	var all []Function
	for _, r := range runs {
		for _, rec := range r.Records {
			if rec.End == 0 {
				continue
			}
			i, ok := at[rec.Key.Name]
			if !ok {
				i = len(all)
				at[rec.Key.Name] = i
				all = append(all, Function{Name: rec.Key.Name})
			}
			all[i].Add(rec)
		}
	}
	slices.SortStableFunc(all, func(a, b Function) int { return cmp.Compare(b.Total, a.Total) })
	return all
}

// Add counts a task that has ended.
func (f *Function) Add(rec Record) {
	f.Calls++
	if rec.Err != nil {
		f.Failed++
	}
	f.Total += rec.End - rec.Start
	f.Mean = f.Total / time.Duration(f.Calls)
	f.Max = max(f.Max, rec.End-rec.Start)
	f.Bytes += rec.Bytes
}
