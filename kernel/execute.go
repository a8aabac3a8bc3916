package kernel

import (
	"context"
	"errors"
	"time"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/protocol"
)

// promptly is how soon the evaluator should return once a cell is interrupted.
const promptly = 200 * time.Millisecond

// abortGrace is how long a failed cell waits with its reply for requests that are on their
// way: a front end that runs all cells has sent them before it could know of the failure.
const abortGrace = 10 * time.Millisecond

// execute runs a cell.
func (k *Kernel) execute(ctx context.Context, r *request, req protocol.ExecuteRequest) protocol.Content {
	cell := k.cell(req)
	if req.Silent {
		r.out.silence()
	} else {
		r.out.publish(protocol.ExecuteInput{Code: req.Code, ExecutionCount: cell.Number})
	}
	result := k.runCell(ctx, r, req, cell)
	if result.Err == nil && !result.Value.Empty() {
		r.out.result(result.Value, cell.Number)
	}
	if req.StoreHistory {
		k.history.add(cell.Number, req.Code, shownText(result.Value))
	}
	if result.Err != nil {
		return k.failed(r, req, cell, result.Err)
	}
	return protocol.ExecuteReply{
		Status:          protocol.OK,
		ExecutionCount:  cell.Number,
		Payload:         result.Payload,
		UserExpressions: k.userExpressions(ctx, r, req, cell),
	}
}

// cell numbers a cell. As the specification wants, only those that are kept in the history
// count; a silent one carries the number of the last, any other the number that is next.
func (k *Kernel) cell(req protocol.ExecuteRequest) Cell {
	if req.StoreHistory {
		k.count++
	}
	number := k.count
	if !req.StoreHistory && !req.Silent {
		number++
	}
	return Cell{Code: req.Code, Number: number, Silent: req.Silent, Attended: req.AllowStdin}
}

func (k *Kernel) runCell(ctx context.Context, r *request, req protocol.ExecuteRequest, cell Cell) Result {
	var interrupted time.Time
	stopWatching := watchEnd(ctx, &interrupted)
	result := k.eval.Execute(ctx, cell, r.out, k.input(ctx, r, req.AllowStdin))
	if stopWatching(); !interrupted.IsZero() && time.Since(interrupted) > promptly {
		k.log.Warn("an interrupted cell took long to stop", "cell", cell.Number, "after", time.Since(interrupted))
	}
	return result
}

// watchEnd notes when ctx ends; *at may be read once the result has been called.
func watchEnd(ctx context.Context, at *time.Time) (stop func()) {
	noted := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		*at = time.Now()
		close(noted)
	})
	return func() {
		if !cancel() {
			<-noted
		}
	}
}

// failed reports a cell's error and, with stop_on_error, gives up the cells behind it.
func (k *Kernel) failed(r *request, req protocol.ExecuteRequest, cell Cell, f *Failure) protocol.Content {
	r.out.fail(f)
	if req.StopOnError {
		r.out.finish() // the person sees the error now, whatever we wait for
		time.Sleep(abortGrace)
		k.staleUntil = k.arrived.Load()
	}
	return protocol.ErrorReply{
		Type: protocol.TypeExecuteReply, Status: protocol.Failed,
		EName: f.Name, EValue: f.Value, Traceback: f.Traceback, ExecutionCount: &cell.Number,
	}
}

// abort answers a cell that was queued when one before it failed.
func (k *Kernel) abort(_ context.Context, r *request) protocol.Content {
	reply := protocol.NewErrorReply(r.msg.Header.MsgType, "Aborted", errors.New("the cell was not run, because a cell before it failed"))
	reply.Status = protocol.Abort
	return reply
}

// userExpressions evaluates what the front end asked for beside the cell.
func (k *Kernel) userExpressions(ctx context.Context, r *request, req protocol.ExecuteRequest, cell Cell) map[string]protocol.ExpressionResult {
	results := make(map[string]protocol.ExpressionResult, len(req.UserExpressions))
	for name, code := range req.UserExpressions {
		expression := Cell{Code: code, Number: cell.Number, Silent: true}
		results[name] = expressionResult(k.eval.Execute(ctx, expression, r.out, k.input(ctx, r, false)))
	}
	return results
}

func expressionResult(result Result) protocol.ExpressionResult {
	failure := result.Err
	metadata, err := encodeMetadata(result.Value.Metadata)
	switch {
	case failure != nil:
	case err != nil:
		failure = &Failure{Name: "ValueError", Value: err.Error()}
	case result.Value.Empty():
		failure = &Failure{Name: "ValueError", Value: "the expression has no value"}
	}
	if failure != nil {
		return protocol.ExpressionResult{Status: protocol.Failed, EName: failure.Name, EValue: failure.Value, Traceback: failure.Traceback}
	}
	return protocol.ExpressionResult{Status: protocol.OK, Data: result.Value.Data, Metadata: metadata}
}

// silence drops everything that the request prints and shows.
func (o *output) silence() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.silent = true
}

// shownText is a value as text, empty when it has no such form.
func shownText(b display.Bundle) string {
	text, _ := b.Data[display.MIMEText].(string)
	return text
}
