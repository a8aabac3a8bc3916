"""dagbook beside ipykernel, and its task graphs beside Dask, in one run.

    python e2e/bench.py [--rounds 5]

Both kernels are driven by the same plain ZeroMQ client (wire.py), in turns, because a
machine's speed changes from minute to minute: what counts is the ratio. The bounds are
those of the project; nothing is judged here, it is printed. Times are medians.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

from wire import Client, Process, cell, text_of

GO, PYTHON = "dagbook", "python3"

LINES = {GO: 'for i := range 10_000 { fmt.Println("line", i) }',
         PYTHON: "for i in range(10_000): print('line', i)"}
LARGE = {GO: 'display.Show(display.HTML(strings.Repeat("x", 20_000_000)));',
         PYTHON: "from IPython.display import HTML, display\ndisplay(HTML('x' * 20_000_000))"}
COMPLETE = {GO: "strings.Has", PYTHON: "import os; os.pat"}
HANG = {"interrupt of an endless loop": {GO: "for {}", PYTHON: "while True: pass"},
        "interrupt of a sleep": {GO: "time.Sleep(time.Hour)", PYTHON: "import time; time.sleep(3600)"}}

# What must hold: a bound on dagbook's own figure, or on its ratio to ipykernel's.
BOUNDS = {
    "start to kernel_info_reply, ms": "<= 60 ms",
    "first cell, ms": "<= 1x",
    "trivial cell, ms": "<= 0.2x",
    "10,000 printed lines, ms": "<= 1x",
    "  in how many messages": "<= 20",
    "20 MB of display data, ms": "<= 1x",
    "memory at start, MB": "<= 40 MB",
    "interrupt of an endless loop, ms": "<= 200 ms",
    "interrupt of a sleep, ms": "<= 200 ms",
}


def milliseconds(since: float) -> float:
    return (time.perf_counter() - since) * 1000


def timed(client: Client, kind: str, content: dict, timeout: float = 120) -> tuple[float, dict, list[dict]]:
    """A request until its reply and its idle are here, in ms."""
    start = time.perf_counter()
    reply, published = client.request(kind, content, timeout=timeout)
    return milliseconds(start), reply, published


def run(client: Client, code: str) -> tuple[float, list[dict]]:
    took, reply, published = timed(client, "execute_request", cell(code))
    if reply["content"]["status"] != "ok":
        raise RuntimeError(f"{code}: {reply['content']['ename']}: {reply['content']['evalue']}")
    return took, published


def interrupted(client: Client, process: Process, code: str) -> float:
    """The time from SIGINT to the cell's reply, in ms."""
    msg_id = client.send("execute_request", cell(code))
    while client.receive("iopub")["type"] != "execute_input":
        pass
    time.sleep(0.3)  # so that the cell is inside
    start = time.perf_counter()
    process.interrupt()
    reply = client.reply_to(msg_id)
    took = milliseconds(start)
    assert reply["content"]["status"] == "error"
    client.until_idle(msg_id)
    return took


def measure(name: str) -> dict[str, float]:
    """One round of a kernel, from its start to its end."""
    figures = {}
    with Process(name) as process, Client(process.info) as client:
        client.reply_to(client.send("kernel_info_request", {}), timeout=60)
        figures["start to kernel_info_reply, ms"] = milliseconds(process.started)
        client.subscribed()
        figures["memory at start, MB"] = process.rss() / 1e6
        figures["first cell, ms"] = run(client, "1 + 1")[0]
        figures["trivial cell, ms"] = statistics.median(run(client, "1 + 1")[0] for _ in range(100))
        figures["kernel_info, ms"] = statistics.median(timed(client, "kernel_info_request", {})[0] for _ in range(100))
        code = COMPLETE[name]
        run(client, {GO: "1", PYTHON: "import os"}[name])
        figures["completion, ms"] = statistics.median(
            timed(client, "complete_request", {"code": code, "cursor_pos": len(code)})[0] for _ in range(20))
        lines = [run(client, LINES[name]) for _ in range(3)]
        assert all(len(text_of(published).splitlines()) == 10_000 for _, published in lines)
        figures["10,000 printed lines, ms"] = statistics.median(took for took, _ in lines)
        figures["  in how many messages"] = statistics.median(sum(m["type"] == "stream" for m in p) for _, p in lines)
        figures["20 MB of display data, ms"] = statistics.median(run(client, LARGE[name])[0] for _ in range(3))
        for what, code in HANG.items():
            figures[f"{what}, ms"] = interrupted(client, process, code[name])
        figures["memory at the end, MB"] = process.rss() / 1e6
    return figures


GRAPH = """
noop := taskgraph.Delayed(func() int { return 1 })
func build(n int) []*taskgraph.Node {
	nodes := make([]*taskgraph.Node, n)
	for i := range nodes {
		nodes[i] = noop()
	}
	return nodes
}
func graph(n int) string {
	start := time.Now()
	nodes := build(n)
	built := time.Since(start)
	if _, err := taskgraph.Compute(nodes...); err != nil {
		panic(err)
	}
	return fmt.Sprintln(built.Seconds(), time.Since(start).Seconds())
}"""
# Every task has a reader, so that a scheduler does work for each; Dask's keys are distinct
# because delayed(pure=False), its default, makes them so.
CHAIN = """
inc := taskgraph.Delayed(func(x int) int { return x + 1 })
func chain(n int) string {
	start := time.Now()
	x := inc(0)
	for range n - 1 {
		x = inc(x)
	}
	built := time.Since(start)
	v, err := x.Compute()
	if err != nil {
		panic(err)
	}
	if v != n {
		panic(v)
	}
	return fmt.Sprintln(built.Seconds(), time.Since(start).Seconds())
}"""
DASK = """
import sys, time
from dask import compute, delayed, threaded
n = int(sys.argv[1])
@delayed
def noop(): return 1
def graph():
    start = time.perf_counter()
    nodes = [noop() for _ in range(n)]
    built = time.perf_counter() - start
    compute(*nodes, scheduler="threads")
    return built, time.perf_counter() - start
def scheduler():
    keys = [f"noop-{i}" for i in range(n)]
    tasks = {k: (int,) for k in keys}
    start = time.perf_counter()
    threaded.get(tasks, keys)
    return time.perf_counter() - start
graph()
scheduler()
print(*graph(), 0, scheduler())
"""


def go_graph(client: Client, call: str) -> tuple[float, float]:
    """Seconds to build, and to build and compute, as the cell measured them."""
    _, published = run(client, f"fmt.Print({call});")
    built, total = text_of(published).split()
    return float(built), float(total)


def graphs(rounds: int) -> None:
    n, dask_n = 100_000, 10_000
    rows = {"dagbook, independent": [], "dagbook, chain": [], "dask, delayed and threads": [], "dask, its threads alone": []}
    with Process(GO) as process, Client(process.info) as client:
        client.ready()
        run(client, GRAPH)
        run(client, CHAIN)
        for _ in range(rounds):
            rows["dagbook, independent"].append([s / n * 1e6 for s in go_graph(client, f"graph({n})")])
            rows["dagbook, chain"].append([s / n * 1e6 for s in go_graph(client, f"chain({n})")])
            dask = subprocess.run([sys.executable, "-c", DASK, str(dask_n)], capture_output=True, text=True, check=True)
            each = [float(s) / dask_n * 1e6 for s in dask.stdout.split()]
            rows["dask, delayed and threads"].append(each[:2])
            rows["dask, its threads alone"].append(each[2:])
    print(f"\nNo-op tasks, us each ({n:,} of dagbook's, {dask_n:,} of Dask's; medians of {rounds} rounds)")
    print(f"{'':34}{'build':>9}{'build + compute':>18}   bound")
    for name, figures in rows.items():
        built, total = (statistics.median(column) for column in zip(*figures))
        print(f"{name:34}{built:9.2f}{total:18.2f}   {'<= 5 us' if name.startswith('dagbook') else ''}")


def kernels(rounds: int) -> None:
    found = {GO: [], PYTHON: []}
    for i in range(rounds):
        for name in ((GO, PYTHON), (PYTHON, GO))[i % 2]:
            found[name].append(measure(name))
        print(f"round {i + 1} of {rounds}", file=sys.stderr, flush=True)
    print(f"Medians of {rounds} rounds, in turns, in one run")
    print(f"{'':34}{'dagbook':>10}{'ipykernel':>11}{'ratio':>8}   bound")
    for what in found[GO][0]:
        go, python = (statistics.median(f[what] for f in found[n]) for n in (GO, PYTHON))
        print(f"{what:34}{go:10.2f}{python:11.2f}{go / python:8.3f}   {BOUNDS.get(what, '')}")


def main() -> None:
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--rounds", type=int, default=5)
    rounds = flags.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="e2e-bench-") as scratch:
        os.environ["XDG_DATA_HOME"] = os.environ["IPYTHONDIR"] = scratch
        kernels(rounds)
        graphs(rounds)


if __name__ == "__main__":
    main()
