package taskgraph

import "github.com/dagbook/dagbook/taskgraph/trace"

// Profile records what computations did: which task ran when and where, and
// how much memory and CPU the process used meanwhile. One profile may record
// several computations, also at once:
//
//	p := taskgraph.NewProfile()
//	v, err := z.Compute(p.Record())
//	p // in a notebook: the picture
//
// A notebook shows it as SVG; String is a table. ColorBy takes one. It may be
// used by several goroutines at once. Between computations it costs nothing.
type Profile struct{ *recording }

// recording is what of it needs nothing of this package.
type recording = trace.Profile

// NewProfile makes an empty Profile. Its clock starts now.
func NewProfile() *Profile { return &Profile{trace.NewProfile()} }

// Record is the option of computations that the profile is to record, beside
// whoever else watches them.
func (p *Profile) Record() Option {
	if p == nil || p.recording == nil {
		panic(errorf("Record: the profile was not made by NewProfile"))
	}
	return Observer(p.Observe)
}
