// Package kernel is the loop of a Jupyter kernel: it takes requests from a connection,
// has cells run by an evaluator, and tells the front ends what happens.
//
// A front end asks on one of two channels. What arrives on shell (run this, complete
// that, a slider moved) is served one after the other, by one goroutine, in which all
// user code begins. What arrives on control (interrupt, shutdown) is served at once by
// another goroutine, which never waits for a cell. Every request is framed the same way:
//
//	iopub:  status busy
//	iopub:  what the request prints and shows, in order
//	shell:  exactly one reply
//	iopub:  status idle
//
// Messages of comms (widgets) are framed too, but are owed no reply. A request that cannot
// be served, because a field is missing or nobody knows its type, is answered by an error
// reply: a client that waits for an answer always gets one.
//
// The package knows neither sockets nor the interpreter; it declares what it needs of
// them: a [Conn], which protocol/zmq implements and kerneltest fakes, and an [Evaluator].
//
//	k := kernel.New(session, conn, evaluator, kernel.Options{Version: "1.0"})
//	err := k.Run(ctx) // until a shutdown_request, the parent's death or ctx
//	conn.Close()      // delivers what was sent
//
// The one rule of concurrency: Run owns every goroutine and waits for each of them before
// it returns, except for user code that does not stop when it is told to; Run gives it a
// second, says so in its error, and the process should then exit.
//
// [Capture] is for the process, not for the loop: it turns what is written to the file
// descriptors 1 and 2 past every Go layer into output of the running cell.
package kernel
