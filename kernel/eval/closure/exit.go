package closure

import (
	"log"
	"runtime"

	"github.com/dagbook/dagbook/kernel/eval"
)

// Exit implements [eval.Exiter]. The goroutines of the cell end with it. Not by a panic: fmt,
// encoding/json and many others recover those.
func (e *Engine) Exit(code int) {
	r := e.runOf(nil)
	quit := eval.Exit{Code: code}
	if r.quit.CompareAndSwap(nil, &quit) && r.finished() { // nobody waits for the cell any more
		e.host.GoPanic(&eval.Panic{Value: quit})
	}
	r.interrupt()
	runtime.Goexit()
}

// finish notes that the cell itself has ended, while its goroutines may go on.
func (r *run) finish() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
}

// finished reports whether the cell itself has ended; a run that is no cell's has none.
func (r *run) finished() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ended || r.main == nil
}

// exits stand for the methods that end the process: here they end the cell.
func (e *Engine) exits() map[string]any {
	return map[string]any{
		"*log.Logger.Fatal":   func(l *log.Logger, v ...any) { l.Print(v...); e.host.Exit(1) },
		"*log.Logger.Fatalf":  func(l *log.Logger, f string, v ...any) { l.Printf(f, v...); e.host.Exit(1) },
		"*log.Logger.Fatalln": func(l *log.Logger, v ...any) { l.Println(v...); e.host.Exit(1) },
	}
}
