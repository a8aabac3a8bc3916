"""Tasks in worker processes: interrupts, killed workers, and that no process is left."""

import contextlib
import os
import signal
import time

import psutil
import pytest

from notebook import PATIENCE, Notebook

SETUP = """
away := taskgraph.Processes(2)
func hard(x int) int { fmt.Println("inside", os.Getpid()); for { x++ } }
func idle(x int) int { fmt.Println("inside", os.Getpid()); time.Sleep(time.Hour); return x }
func pid() int { return os.Getpid() }
"""


@pytest.fixture(scope="module")
def nb():
    with Notebook() as nb:
        nb.ok(SETUP)
        yield nb


def children(nb):
    return psutil.Process(nb.pid).children(recursive=True)


def workers_at_work(nb, msg_id, n):
    """Waits until n tasks run and returns their processes' numbers."""
    text = ""
    while len(text.split()) < 2 * n:
        text += nb.wait_for_output(msg_id, "stream")["content"]["text"]
    return sorted(int(word) for word in text.split()[1::2])


def gone(nb):
    """The workers end with the computation; how long the system takes to say so varies."""
    deadline = time.monotonic() + PATIENCE
    while (left := children(nb)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left == []


def test_tasks_run_elsewhere(nb):
    value = nb.value("must(taskgraph.Delayed(pid)().Compute(away))")
    assert value != str(nb.pid) and value != str(os.getpid())
    assert gone(nb)


@pytest.mark.parametrize("task", ["hard", "idle"])
@pytest.mark.parametrize("by", ["message", "signal", "signal to all"])
def test_an_interrupt_ends_the_run_and_its_processes(nb, task, by):
    msg_id = nb.start(f"d := taskgraph.Delayed({task})\ntaskgraph.With(away).Compute(d(1), d(2), d(3))")
    pids = workers_at_work(nb, msg_id, 2)
    assert sorted(p.pid for p in children(nb)) == pids
    sent = time.monotonic()
    if by == "message":
        nb.client.control_channel.send(nb.client.session.msg("interrupt_request", {}))
    elif by == "signal":
        os.kill(nb.pid, signal.SIGINT)
    else:  # as a terminal does, and Jupyter to a kernel's process group
        for pid in [nb.pid, *pids]:
            with contextlib.suppress(ProcessLookupError):  # the kernel may have ended the workers by now
                os.kill(pid, signal.SIGINT)
    cell = nb.finish(msg_id, sent)
    assert cell.status == "error", cell.outputs
    assert "interrupt" in (cell.error["ename"] + cell.error["evalue"]).lower()
    assert gone(nb)
    print(f"{task}, by {by}: the cell ended after {cell.seconds * 1000:.0f} ms, the processes after {(time.monotonic() - sent) * 1000:.0f} ms")
    assert nb.value("must(taskgraph.Delayed(func(x int) int { return x + 1 })(1).Compute(away))") == "2"


def test_a_killed_worker_fails_its_task(nb):
    msg_id = nb.start("taskgraph.Delayed(idle)(1).Compute(away)")
    (pid,) = workers_at_work(nb, msg_id, 1)
    os.kill(pid, signal.SIGKILL)
    cell = nb.finish(msg_id)
    assert "task idle-" in cell.error["evalue"] and "its worker process ended (signal: killed)" in cell.error["evalue"]
    assert gone(nb)


def test_a_killed_worker_is_replaced_for_a_retry(nb):
    nb.ok("""
func once(path string) string {
	if _, err := os.Stat(path); err == nil { return "again" }
	os.WriteFile(path, nil, 0o600)
	fmt.Println("inside", os.Getpid())
	time.Sleep(time.Hour)
	return "never"
}
path := filepath.Join(must(os.MkdirTemp("", "retry")), "there")""")
    msg_id = nb.start("taskgraph.Delayed(once, taskgraph.Retries(1))(path).Compute(away)")
    (pid,) = workers_at_work(nb, msg_id, 1)
    os.kill(pid, signal.SIGKILL)
    cell = nb.finish(msg_id)
    assert cell.status == "ok" and cell.value == "again", cell.outputs
    assert gone(nb)


def test_what_tasks_print_is_the_cells(nb):
    cell = nb.ok('taskgraph.Delayed(func() { fmt.Println("out"); fmt.Fprintln(os.Stderr, "err") })().Compute(away);')
    assert cell.text() == "out\n" and cell.text("stderr") == "err\n"


@pytest.mark.parametrize("end", ["os.Exit(3)", 'log.Fatal("end")', 'log.New(os.Stderr, "", 0).Fatal("end")', "done := make(chan int); go os.Exit(3); <-done"])
def test_what_a_worker_printed_before_it_ended(nb, end):
    cell = nb.run(f'taskgraph.Delayed(func() {{ defer fmt.Println("deferred"); fmt.Println("last"); {end} }})().Compute(away)')
    assert cell.text() == "last\n" and "its worker process ended (exit status" in cell.error["evalue"], cell.outputs


def test_workers_end_with_their_kernel(fresh):
    fresh.ok(SETUP)
    msg_id = fresh.start("d := taskgraph.Delayed(hard)\ntaskgraph.With(away).Compute(d(1), d(2))")
    pids = workers_at_work(fresh, msg_id, 2)
    workers = [psutil.Process(pid) for pid in pids]
    os.kill(fresh.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(workers, timeout=PATIENCE)
    assert not alive


def test_a_future_outlives_its_cell(nb):
    nb.ok("slow := taskgraph.Delayed(func(x int) int { time.Sleep(200 * time.Millisecond); return x + 1 })\nfuture := slow(3).Submit()")
    assert nb.value("must(slow(future).Compute())") == "5"


def test_a_worker_out_of_memory_fails_its_task():
    with Notebook(env={"GOMEMLIMIT": "200MiB"}) as nb:
        nb.ok("func fill(n int) int { x := make([]byte, 1<<20); for i := range x { x[i] = 1 }; return fill(n+1) + int(x[n]) }")
        cell = nb.run("taskgraph.Delayed(fill)(1).Compute(taskgraph.Processes(1))")
        assert cell.status == "error" and "out of memory" in cell.error["evalue"], cell.outputs
        assert gone(nb)
