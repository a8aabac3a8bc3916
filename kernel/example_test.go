package kernel_test

import (
	"context"
	"fmt"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

// A front end runs one cell and asks for shutdown. In a real kernel the connection is that
// of protocol/zmq, and the evaluator understands Go.
func Example() {
	conn, front := kerneltest.NewConn(), protocol.NewSession("student")
	for _, request := range []protocol.Content{
		protocol.ExecuteRequest{Code: "greet", StoreHistory: true},
		protocol.ShutdownRequest{},
	} {
		m, err := front.New(nil, request)
		if err != nil {
			panic(err)
		}
		m.Channel = protocol.Shell
		conn.Deliver(m)
	}

	greet := func(_ context.Context, _ kernel.Cell, out display.Output, _ kernel.Input) kernel.Result {
		out.Stream("stdout", "hello\n")
		return kernel.Result{Value: display.Text("42")}
	}
	k := kernel.New(protocol.NewSession("kernel"), conn, fake{"greet": greet}, kernel.Options{})
	if err := k.Run(context.Background()); err != nil {
		panic(err)
	}
	for _, m := range conn.Sent() {
		if m.Header.MsgType != protocol.TypeStatus {
			fmt.Println(m.Channel, m.Header.MsgType, string(m.Content))
		}
	}
	// Output:
	// iopub execute_input {"code":"greet","execution_count":1}
	// iopub stream {"name":"stdout","text":"hello\n"}
	// iopub execute_result {"execution_count":1,"data":{"text/plain":"42"},"metadata":{},"transient":{}}
	// shell execute_reply {"status":"ok","execution_count":1,"payload":[],"user_expressions":{}}
	// iopub shutdown_reply {"status":"ok","restart":false}
	// shell shutdown_reply {"status":"ok","restart":false}
}
