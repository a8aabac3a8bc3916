"""Interrupts, and the ends of a kernel. Latencies are printed (pytest -s), not judged:
what a test waits for is the next cell's answer."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

import wire
from notebook import PATIENCE, Notebook

GENEROUS = 5.0  # seconds; a kernel that needs longer for an interrupt has not noticed it

BUSY = {
    "loop": "for {}",
    "counting": "n := 0\nfor { n++ }",
    "call": "func spin() { for {} }\nspin()",
    "sleep": "time.Sleep(time.Hour)",
    "channel": "<-make(chan int)",
    "send": "make(chan int) <- 1",
    "select": "select {}",
    "mutex": "var mu sync.Mutex\nmu.Lock()\nmu.Lock()",
    "wait group": "var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()",
    "range": "for range make(chan int) {}",
    "compute": """
delayed := taskgraph.Delayed
func slow(x int) int { time.Sleep(time.Hour); return x }
delayed(slow)(1).Compute()""",
    "compute loop": """
delayed := taskgraph.Delayed
func hard(x int) int { for { x++ } }
delayed(hard)(1).Compute()""",
    "compute many": """
delayed := taskgraph.Delayed
func step(x int) int { time.Sleep(100 * time.Millisecond); return x }
all := []*taskgraph.Node{}
for i := range 10_000 { all = append(all, delayed(step)(i)) }
taskgraph.Compute(all...)""",
    "command": "!sleep 1000",
    "printing": 'for { fmt.Println("again and again") }',
}


def by_message(nb):
    nb.client.control_channel.send(nb.client.session.msg("interrupt_request", {}))


def by_signal(nb):
    os.kill(nb.pid, signal.SIGINT)


@pytest.fixture(scope="module")
def interrupted():
    with Notebook() as nb:
        yield nb


@pytest.mark.parametrize("interrupt", [by_message, by_signal])
@pytest.mark.parametrize("name", BUSY)
def test_an_interrupt_keeps_the_state(interrupted, name, interrupt):
    nb = interrupted
    nb.ok(f"state := {len(name)}")
    msg_id = nb.start(BUSY[name])
    nb.wait_for_output(msg_id, "execute_input")
    time.sleep(0.3)  # so that it is inside, not before
    sent = time.monotonic()
    interrupt(nb)
    cell = nb.finish(msg_id, sent)
    assert cell.status == "error", cell.outputs
    assert "interrupt" in (cell.error["ename"] + cell.error["evalue"]).lower()
    assert nb.value("state + 1") == str(len(name) + 1)
    took = time.monotonic() - sent
    print(f"{name}, {interrupt.__name__}: the cell ended after {cell.seconds * 1000:.0f} ms, the next after {took * 1000:.0f} ms")
    assert took < GENEROUS


# What the default engine interrupts inside, and inside what compiled code calls: the cells say
# when they are there, and count their turns where they turn.
REACHED = {
    "deep recursion": """
func down(n int) int {
	if n == 0 {
		fmt.Println("inside")
		for { turns.Add(1) }
	}
	return down(n-1) + 1
}
down(100_000)""",
    "wide recursion": """
func fib(n int) int { turns.Add(1); if n < 2 { return n }; return fib(n-1) + fib(n-2) }
fmt.Println("inside")
fib(90)""",
    "sort callback": """
sort.Slice([]int{3, 1, 2}, func(i, j int) bool {
	fmt.Println("inside")
	for { turns.Add(1) }
})""",
    "generic sort callback": """
slices.SortFunc([]int{3, 1, 2}, func(a, b int) int {
	fmt.Println("inside")
	for { turns.Add(1) }
})""",
    "goroutines of a wait group": """
var wg sync.WaitGroup
wg.Go(func() { for { turns.Add(1) } })
wg.Go(func() { <-make(chan int) })
fmt.Println("inside")
wg.Wait()""",
    "select": """
fmt.Println("inside")
select {
case <-make(chan int):
case make(chan string) <- "nobody takes it":
case <-time.After(time.Hour):
}""",
    "range over a channel": """
numbers := make(chan int)
go func() { for { numbers <- 1 } }()
fmt.Println("inside")
for n := range numbers { turns.Add(int64(n)) }""",
    "timer callback": """
time.AfterFunc(time.Millisecond, func() {
	fmt.Println("inside")
	for { turns.Add(1) }
})
time.Sleep(time.Hour)""",
    "http handler": """
server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	fmt.Println("inside")
	for { turns.Add(1) }
}))
http.Get(server.URL)""",
    "http request": """
silent := must(net.Listen("tcp", "127.0.0.1:0"))
request := must(http.NewRequestWithContext(context.Background(), "GET", "http://"+silent.Addr().String(), nil))
fmt.Println("inside")
http.DefaultClient.Do(request)""",
}


@pytest.mark.parametrize("name", REACHED)
def test_an_interrupt_ends_what_the_cell_began(interrupted, name):
    nb = interrupted
    nb.ok(f"state := {len(name)}\nvar turns atomic.Int64")
    msg_id = nb.start(REACHED[name])
    while "inside" not in nb.wait_for_output(msg_id, "stream")["content"]["text"]:
        pass
    by_message(nb)
    cell = nb.finish(msg_id)
    assert cell.error["ename"] == "interrupted", cell.error
    assert nb.value("state + 1") == str(len(name) + 1)
    ended = """
for before := int64(-1); before != turns.Load(); time.Sleep(200 * time.Millisecond) { before = turns.Load() }
true"""
    assert nb.value(ended) == "true"  # a goroutine that goes on would keep this cell from its end


def test_an_interrupt_between_cells_does_nothing(interrupted):
    for interrupt in (by_message, by_signal):
        interrupt(interrupted)
        time.sleep(0.1)
        assert interrupted.value("1 + 1") == "2"


def test_an_interrupt_aborts_the_cells_behind(interrupted):
    first = interrupted.start("time.Sleep(time.Hour)")
    second = interrupted.start("ranBehind := 1")
    interrupted.wait_for_output(first, "execute_input")
    by_message(interrupted)
    assert interrupted.finish(first).status == "error"
    assert interrupted.finish(second).status == "aborted"


def test_what_a_goroutine_was_sending_survives_an_interrupt(interrupted):
    """The goroutine itself ends with the interrupt: a known limit of yaegi, told in docs/cells.md."""
    interrupted.ok("""
ticks := make(chan int)
go func() { for i := 0; ; i++ { ticks <- i } }()
<-ticks;""")
    msg_id = interrupted.start("time.Sleep(time.Hour)")
    interrupted.wait_for_output(msg_id, "execute_input")
    by_message(interrupted)
    interrupted.finish(msg_id)
    assert interrupted.value("<-ticks") == "1"


def test_what_was_interrupted_computes_no_more(fresh):
    """An interrupt that only stops waiting would leave loops behind that take a processor each."""
    for name in ("loop", "call", "compute loop", "printing"):
        msg_id = fresh.start(BUSY[name])
        fresh.wait_for_output(msg_id, "execute_input")
        time.sleep(0.2)
        by_message(fresh)
        fresh.finish(msg_id)
    kernel = psutil.Process(fresh.pid)
    before = sum(kernel.cpu_times()[:2])
    time.sleep(2)
    assert sum(kernel.cpu_times()[:2]) - before < 1


# Ends

def test_shutdown_by_message():
    nb = Notebook()
    pid, file = nb.pid, pathlib.Path(nb.manager.connection_file)
    assert file.stat().st_mode & 0o077 == 0
    nb.ok("x := 1")
    nb.client.shutdown()
    reply = nb.client.get_control_msg(timeout=PATIENCE)
    assert reply["msg_type"] == "shutdown_reply" and reply["content"]["status"] == "ok" and reply["content"]["restart"] is False
    nb.manager.finish_shutdown(waittime=PATIENCE)
    assert wire.gone(pid)
    nb.manager.cleanup_resources()
    assert not file.exists()
    nb.client.stop_channels()


@pytest.mark.parametrize("code", ["for {}", "time.Sleep(time.Hour)", "<-make(chan int)", "!sleep 1000"])
def test_shutdown_while_a_cell_runs(code):
    with wire.Process() as p, wire.Client(p.info) as c:
        c.ready()
        c.send("execute_request", wire.cell(code))
        while c.receive("iopub")["type"] != "execute_input":
            pass
        time.sleep(0.2)
        reply, _ = c.request("shutdown_request", {"restart": False}, "control")
        assert reply["content"]["status"] == "ok"
        p.popen.wait(timeout=PATIENCE)


def test_a_kernel_that_was_asked_to_end_ends_well():
    with wire.Process() as p, wire.Client(p.info) as c:
        c.ready()
        c.request("shutdown_request", {"restart": False}, "control")
        assert p.popen.wait(timeout=PATIENCE) == 0


def test_restart():
    with Notebook() as nb:
        pid = nb.pid
        nb.ok("beforeRestart := 1")
        nb.manager.restart_kernel()
        nb.client.wait_for_ready(timeout=PATIENCE)
        assert nb.pid != pid and wire.gone(pid)
        cell = nb.run("beforeRestart")
        assert cell.status == "error"
        assert nb.ok("1").reply["execution_count"] == 2


def test_sigterm_ends_the_kernel():
    with wire.Process() as p, wire.Client(p.info) as c:
        c.ready()
        p.popen.terminate()
        p.popen.wait(timeout=PATIENCE)


@pytest.mark.parametrize("code", ["1", "for {}", "time.Sleep(time.Hour)"])
def test_no_kernel_outlives_its_jupyter(tmp_path, code):
    """Jupyter is killed without a chance to end its kernels."""
    jupyter = tmp_path / "jupyter.py"
    jupyter.write_text(textwrap.dedent(f"""
        import sys, time
        sys.path.insert(0, {str(pathlib.Path(__file__).parent)!r})
        from notebook import Notebook
        nb = Notebook()
        nb.wait_for_output(nb.start({code!r}), "execute_input")
        print(nb.pid, flush=True)
        time.sleep(1000)
    """))
    parent = subprocess.Popen([sys.executable, str(jupyter)], stdout=subprocess.PIPE, text=True)
    try:
        kernel = int(parent.stdout.readline())
    finally:
        parent.kill()
        parent.wait()
    killed = time.monotonic()
    assert wire.gone(kernel)
    print(f"the kernel was gone {(time.monotonic() - killed) * 1000:.0f} ms after its Jupyter")


def test_two_kernels_do_not_know_each_other():
    with Notebook() as a, Notebook() as b:
        a.ok("mine := 1")
        assert b.run("mine").status == "error"


@pytest.mark.parametrize("args,part", [
    ([], "connection file"),
    (["-f", "/no/such/file.json"], "/no/such/file.json"),
    (["-f", "{garbage}"], "garbage.json"),
    (["-f", "{busy}"], "use"),
])
def test_a_kernel_that_cannot_start_says_why(tmp_path, args, part):
    (tmp_path / "garbage.json").write_text("{")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = wire.free_ports(4)
        info = {"ip": "127.0.0.1", "transport": "tcp", "key": "k", "signature_scheme": "hmac-sha256", "shell_port": taken.getsockname()[1]}
        info |= {f"{c}_port": p for c, p in zip(("control", "stdin", "iopub", "hb"), ports)}
        (tmp_path / "busy.json").write_text(json.dumps(info))
        args = [a.format(garbage=tmp_path / "garbage.json", busy=tmp_path / "busy.json") for a in args]
        run = subprocess.run([wire.kernel_argv()[0], "kernel", *args], capture_output=True, text=True, timeout=PATIENCE)
    assert run.returncode != 0
    assert part in run.stderr and "panic" not in run.stderr and "goroutine" not in run.stderr


def test_ipc_transport(tmp_path):
    """Unix sockets instead of ports: ip is a path, the ports are its suffixes."""
    info = {"ip": str(tmp_path / "k"), "transport": "ipc", "key": "k", "signature_scheme": "hmac-sha256"}
    info |= {f"{c}_port": i + 1 for i, c in enumerate(wire.CHANNELS)}
    file = tmp_path / "connection.json"
    file.write_text(json.dumps(info))
    kernel = subprocess.Popen([wire.kernel_argv()[0], "kernel", "-f", str(file)], stderr=subprocess.DEVNULL)
    try:
        with wire.Client(info) as c:
            c.ready()
            assert c.execute("1 + 1")[0]["content"]["status"] == "ok"
            c.request("shutdown_request", {"restart": False}, "control")
        kernel.wait(timeout=PATIENCE)
        assert not list(tmp_path.glob("k-*")), "the sockets' files are left"
    finally:
        kernel.kill()
        kernel.wait()

