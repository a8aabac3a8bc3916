"""dagbook beside ipykernel, and its task graphs, arrays and slider beside their peers.

    python e2e/bench.py [--rounds 5] [kernels graphs arrays ...]

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

from bench_arrays import arrays
from bench_browser import browser
from bench_flights import flights
from bench_slider import slider
from timing import DATA, GO, PYTHON, milliseconds, run, timed
from wire import Client, Process, cell, text_of

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


SHAPES = ["fanin", "chain", "tree", "stencil"]
BENCH = os.path.join(os.path.dirname(__file__), "..", "testdata", "bench")


def floats(text: str) -> list[list[float]]:
    return [[float(word) for word in line.split()] for line in text.splitlines()]


def in_cells(n: int) -> list[list[float]]:
    """The shapes of graphs.go, pasted into a cell: us to build, to build and compute, bytes."""
    with open(os.path.join(BENCH, "graphs.go")) as f:
        program = f.read()
    program = program[program.index("import") : program.index("func main")]
    with Process(GO) as process, Client(process.info) as client:
        client.ready()
        run(client, program)
        rows = []
        for shape in SHAPES:
            run(client, f'measure("{shape}", {n});')  # the first is for the memory to grow
            rows += floats(text_of(run(client, f'fmt.Print(measure("{shape}", {n}));')[1]))
    return rows


def compiled(binary: str, n: int) -> list[list[float]]:
    return floats(subprocess.run([binary, str(n), *SHAPES], capture_output=True, text=True, check=True).stdout)


def dask(n: int) -> list[list[float]]:
    """As Dask does it with threads. Its chains end in a RecursionError before they are long."""
    script = os.path.join(BENCH, "graphs.py")
    return floats(subprocess.run([sys.executable, script, str(n), *SHAPES], capture_output=True, text=True, check=True).stdout)


def middle(runs: list[list[list[float]]]) -> list[list[float]]:
    """The medians of several tables."""
    return [[statistics.median(cells) for cells in zip(*rows)] for rows in zip(*runs)]


def graphs(rounds: int, scratch: str) -> None:
    binary = os.path.join(scratch, "graphs")
    subprocess.run(["go", "build", "-o", binary, os.path.join(BENCH, "graphs.go")], check=True)
    print("\nNo-op tasks: us each, to build and compute; bytes of a built node; times less than Dask's threads")
    print(f"{'':18}{'compiled':>10}{'cells':>8}{'Dask':>9}{'bytes':>7}{'compiled':>10}{'cells':>8}   bound 100x, 50x; 300 B")
    for n in (10_000, 100_000, 1_000_000):
        times = rounds if n < 100_000 else 1
        ours, own = middle([compiled(binary, n) for _ in range(times)]), middle([in_cells(n) for _ in range(times)])
        theirs = dask(n) if n <= 100_000 else [[float("nan")] * 2] * len(SHAPES)
        for shape, (_, go, size), (_, cell_, _), (_, py) in zip(SHAPES, ours, own, theirs):
            print(f"{n:>9,} {shape:8}{go:10.2f}{cell_:8.2f}{py:9.0f}{size:7.0f}{py / go:10.0f}{py / cell_:8.0f}", flush=True)


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


PARTS = {"kernels": lambda rounds, scratch: kernels(rounds), "graphs": graphs, "arrays": arrays, "flights": flights, "slider": slider, "browser": browser}


def main() -> None:
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--rounds", type=int, default=5)
    flags.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all when none is named")
    chosen = flags.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        flags.error(f"there is no part {', '.join(unknown)}")
    if missing := [name for name in ("fvalues", "nycflights", "daily-stock") if not (DATA / name).is_dir()]:
        flags.error(f"the data {', '.join(missing)} are not there: run make data")
    with tempfile.TemporaryDirectory(prefix="e2e-bench-") as scratch:
        os.environ["XDG_DATA_HOME"] = os.environ["IPYTHONDIR"] = scratch
        for part in chosen.parts or PARTS:
            PARTS[part](chosen.rounds, scratch)


if __name__ == "__main__":
    main()
