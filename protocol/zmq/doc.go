// Package zmq opens the five sockets of a kernel and moves messages through them.
//
// ZeroMQ's patterns are simple once the framing is done, and they are written here in full,
// over the handshake and framing of go-zeromq/zmq4: that library's own sockets let one idle
// or stalled connection hold up all others. What each socket promises:
//
//   - shell, control, stdin (ROUTER): every client has an identity; what it sends is
//     received in order, and an answer finds its way back by that identity.
//   - iopub (XPUB): what is published goes to every subscriber whose topic fits, in one
//     order for all. Each has a queue of its own. A subscriber that reads gets everything; one
//     that has stopped reading loses messages, nobody waits for it, and when it reads again a
//     message on stderr tells it how many it lost. A new subscription is greeted by an
//     iopub_welcome (JEP 65), after which nothing is missed.
//   - hb (REP): whatever arrives goes back as it came.
//
// Strangers may connect to any port, so each connection has a goroutine of its own from the
// first byte, its handshake a deadline, and the length of every frame is checked before
// memory is taken for it. What cannot be understood is dropped, and logged once per cause.
//
// [Listen] opens the sockets and [Conn.Close] ends them: first everything that was sent is
// delivered, then the connections close, then every goroutine has ended. All methods of a
// [Conn] may be called from any goroutine.
package zmq
