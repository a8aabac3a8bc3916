"""The third lesson's cells beside pandas, dask.delayed with pandas, polars, and Python's ways
from JSON lines to HDF5.

Both kernels do the same work in turns on the same files, which are in the page cache. What
memory is needed at most is measured in kernels and processes of their own, that do but one
thing. What dagbook runs are the cells of notebooks/03-frames-solutions as they are, with
their progress bar.
"""

import json
import math
import re
import subprocess
import sys

from timing import BENCH, DATA, GO, PYTHON, heading, in_turns, lesson, line, progress, run, with_text
from wire import Client, Process, text_of

LESSON = lesson("03-frames-solutions")
FILES = with_text(LESSON, 'Glob("data/nycflights/*.csv")')
NAMES = with_text(LESSON, 'archive.Extract("data/nycflights.tar.gz"')
DELAYED = "delayed := taskgraph.Delayed"
LOOP = with_text(LESSON, "var sums, counts []*frame.Series")
TASKS = with_text(LESSON, "readCSV, sum := delayed(frame.ReadCSV), delayed(frame.Sum)")
LAZY = [with_text(LESSON, "frame.ReadCSVs("), with_text(LESSON, "lateness := ")]
LAZY_RESULT = with_text(LESSON, "lateness.Compute()")
CONVERT = with_text(LESSON, "func convertColumns(")
CONVERT_TASKS = with_text(LESSON, "delayed(convertColumns)")

# Python's ways from JSON lines to HDF5: by which function, and with what scheduler of Dask's.
JSON_WAYS = {f"{how}, {scheduler}": f'convert({how}, {{folder}}, {{out}}, "{scheduler}")'
             for how in ("by_lines", "by_h5py", "by_polars") for scheduler in ("synchronous", "threads")}


def prepared(name: str, client: Client, folder: str) -> None:
    if name == PYTHON:
        run(client, f"import os; os.chdir({folder})\n" + (BENCH / "flights.py").read_text())
        return
    for code in (f"os.Chdir({folder})", DELAYED, NAMES, FILES, CONVERT):
        run(client, code)


class Work:
    """The cells of each row, by who runs them."""

    def __init__(self, out: str):
        self.rows = {
            "loop": {GO: [LOOP], PYTHON: ["m = sequential('data')"]},
            "tasks": {GO: [TASKS], PYTHON: ["m = delayed('data')"]},
            "lazy": {GO: [*LAZY, LAZY_RESULT], PYTHON: ["m = projected('data')"]},
            "json": {GO: [CONVERT_TASKS]},
        }
        for way, code in JSON_WAYS.items():
            self.rows[way] = {PYTHON: [code.format(folder="'data'", out=repr(out))]}


def same(go: Client, python: Client) -> None:
    """Checks that all have found the same means, to 1e-12."""
    ours = json.loads(text_of(run(go, 'm1, m2 := mean.Floats(), must(lateness.Compute()).Floats()\nfmt.Println(string(must(json.Marshal([][]float64{m1, m2}))))')[1]).strip())
    theirs = [json.loads(text_of(run(python, f"print(list({f}('data')))")[1]).strip()) for f in ("sequential", "projected")]
    for found in (*ours, *theirs):
        if not all(math.isclose(a, b, rel_tol=1e-12) for a, b in zip(found, theirs[0], strict=True)):
            raise RuntimeError(f"the means differ: {ours} {theirs}")


def peak(name: str, cells: list[str], what: str) -> float:
    """The most memory, in MB, of a process that does one thing."""
    if name == PYTHON:
        code = (f"import resource, sys; sys.path.insert(0, {str(BENCH)!r}); import flights; flights.{what}({str(DATA)!r});"
                "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)")
        return float(subprocess.run([sys.executable, "-B", "-c", code], check=True, capture_output=True, text=True).stdout)
    with Process(GO) as process, Client(process.info) as client:
        client.ready()
        prepared(GO, client, json.dumps(str(DATA.parent)))
        for code in cells:
            run(client, code)
        with open(f"/proc/{process.pid}/status") as f:
            return int(re.search(r"VmHWM:\s+(\d+)", f.read())[1]) / 1000


def flights(rounds: int, scratch: str) -> None:
    """Measures and prints; scratch is a folder for Python's HDF5 files."""
    work, times = Work(scratch).rows, {}
    with Process(GO) as a, Process(PYTHON) as b, Client(a.info) as go, Client(b.info) as python:
        clients = {GO: go, PYTHON: python}
        for name, client in clients.items():
            client.ready()
            prepared(name, client, json.dumps(str(DATA.parent)))
        for turn in range(rounds):
            for what, cells in work.items():
                for who in in_turns(turn, *cells):
                    times.setdefault((what, who), []).append(sum(run(clients[who], code)[0] for code in cells[who]))
            progress("flights", turn, rounds)
        same(go, python)
    ways = sorted(JSON_WAYS, key=lambda way: min(times[way, PYTHON]))
    heading("Ten years of flights, 239 MB of CSV, the lesson's cells; ms", "peer")
    line("all columns, a loop | pandas", times["loop", GO], times["loop", PYTHON], "<= 0.5x")
    line("all columns, as tasks | dask.delayed, pandas", times["tasks", GO], times["tasks", PYTHON], "<= 0.67x")
    line("lazy frame, two columns | polars' scan_csv", times["lazy", GO], times["lazy", PYTHON], "<= 1x")
    for way in ways:
        line(f"JSON lines to HDF5, as tasks | {way}", times["json", GO], times[way, PYTHON], "<= 0.56x" if way == ways[0] else "")
    heading("The most memory that it takes, MB", "peer")
    for title, cells, what in (("all columns, a loop | pandas", [LOOP], "sequential"), ("all columns, as tasks | dask.delayed", [TASKS], "delayed"),
                               ("lazy frame, two columns | polars", [*LAZY, LAZY_RESULT], "projected")):
        line(title, [peak(GO, cells, what) for _ in range(3)], [peak(PYTHON, [], what) for _ in range(3)], "<= 1x")
