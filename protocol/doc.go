// Package protocol is the Jupyter messaging protocol, version 5.4, as Go values.
//
// A Jupyter client and a kernel talk over five ZeroMQ sockets, each with its own
// purpose: on shell the client asks (run this, complete that) and the kernel answers;
// control is a second shell for what must not wait behind a running cell (interrupt,
// shutdown); on stdin the kernel asks and the client answers; iopub broadcasts what
// happens (output, status) to every client; the heartbeat echoes bytes. This package
// knows what travels there and nothing of the sockets themselves: no network, no
// goroutines, no state. Package zmq, beside it, moves the bytes.
//
// A message on the wire is a list of byte frames:
//
//	identity...  <IDS|MSG>  signature  header  parent_header  metadata  content  buffer...
//
// Reading one is done in two steps, because the two kinds of mistakes are answered
// differently:
//
//  1. [Signer.Decode] turns frames into a [Message]. A failure (no delimiter, a forged
//     signature, broken JSON) means that there is nobody to answer: drop it and log it.
//  2. [DecodeContent] turns a message's content into the struct of its type, such as
//     [ExecuteRequest]. A failure is a [FieldError] that names the message type and the
//     field: the client gets an error reply, made by [NewErrorReply].
//
// Writing goes the other way: a [Session] makes a message from a content struct, with the
// message it answers as parent, and [Signer.Encode] makes the frames.
//
// There is one struct per message type, with the field names of the specification; what
// an absent field means is written beside it. Free-form JSON (comm data, metadata) stays
// [encoding/json.RawMessage]: who understands it decodes it.
//
// The values here are plain data. Sharing a *Message between goroutines is fine as long as
// nobody changes it; Signer and Session never change once made.
package protocol
