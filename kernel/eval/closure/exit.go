package closure

import (
	"log"
	"runtime"

	"github.com/dagbook/dagbook/kernel/eval"
)

// Exit implements [eval.Exiter]. The goroutines of the cell end with it. Not by a panic: fmt,
// encoding/json and many others recover those.
func (e *Engine) Exit(code int) {
	var r *run
	if g := e.seats.here(); g != nil {
		r = g.run
	} else {
		r = e.runOf(nil)
	}
	quit := eval.Exit{Code: code}
	if r.exit(&quit) { // nobody waits for the cell any more
		e.host.GoPanic(&eval.Panic{Value: quit})
	}
	r.interrupt()
	runtime.Goexit()
}

// exit notes the first exit. It reports whether nobody will ask for it.
func (r *run) exit(quit *eval.Exit) (untold bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.quit.CompareAndSwap(nil, quit) && r.told
}

// tell returns the exit, nil when there was none, and leaves later ones to [run.exit].
func (r *run) tell() *eval.Exit {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = true
	return r.quit.Load()
}

// exitsOf are what stands for the methods that end the process: here they end the cell.
func exitsOf(e *Engine) map[string]any {
	return map[string]any{
		"*log.Logger.Fatal":   func(l *log.Logger, v ...any) { l.Print(v...); e.host.Exit(1) },
		"*log.Logger.Fatalf":  func(l *log.Logger, f string, v ...any) { l.Printf(f, v...); e.host.Exit(1) },
		"*log.Logger.Fatalln": func(l *log.Logger, v ...any) { l.Println(v...); e.host.Exit(1) },
	}
}
