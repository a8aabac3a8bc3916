"""The second lesson's cells beside h5py + NumPy, dask.array, and a compiled loop.

Both kernels run for the whole of it and do the same work in turns, on the same files,
which are in the page cache. What dagbook runs are the cells of notebooks/02-arrays as
they are, so a time includes their progress bar and what they show.
"""

import contextlib
import json
import os
import pathlib
import subprocess
import sys

import psutil

from timing import BENCH, DATA, GO, PYTHON, heading, in_turns, lesson, line, progress, run, with_text
from wire import Client, Process, text_of

COMPRESSED = 200  # files
REPEATS = {"sum": 5, "png": 100}  # in a cell, where one is too short to be measured

LESSON = lesson("02-arrays")
SERIAL = with_text(LESSON, "display.Progress(files)")
PRELUDE = LESSON[: LESSON.index(SERIAL)]
LAZY = with_text(LESSON, "array.FromDelayed(frame")
LAZY_SUM = [LAZY] + [with_text(LESSON, t) for t in ("array.Stack(lazyFrames", "frames.Rechunk(10, height", "frames.Sum(0).Compute()")]
FILM = [LAZY, "film := must(array.Stack(lazyFrames, 0).Compute());"]  # all frames at once, into memory

SCRIPT, COMPILED = "script", "compiled"  # peers that have no cells: they do but one thing
# The cells of each row of the table, by who runs them.
WORK = {
    "serial": {GO: [SERIAL], PYTHON: ["fill(serialFrames, files)"], SCRIPT: []},
    "film": {GO: FILM, COMPILED: []},
    "lazy sum": {GO: [*LAZY_SUM, "lazyTotal := total;"], PYTHON: ["lazy_total = lazy_sum(files)"]},
    "sum": {GO: [f"for range {REPEATS['sum']} {{ total = serialFrames.Along(0).Sum() }}"],
            PYTHON: [f"for _ in range({REPEATS['sum']}): total = serialFrames.sum(0)"]},
    "png": {GO: [f"for range {REPEATS['png']} {{ file = must(display.EncodePNG(picture)) }}"],
            PYTHON: [f"for _ in range({REPEATS['png']}): file = png(picture)"],
            "image/png": [f"for range {REPEATS['png']} {{ buffer.Reset(); png.Encode(&buffer, picture) }}"]},
}
GZIP = {"gzip": {GO: FILM, PYTHON: ["fill(serialFrames, files)"]}}
# What the rows need besides the lesson.
READY = {GO: ['import ("bytes"; "image/png")', "var (buffer bytes.Buffer; file []byte); picture := img.Image();"],
         PYTHON: ["picture = serialFrames[0].copy()"]}


class Loop:
    """A peer in a process of its own, which reads and scales all files for each line of its input."""

    def __init__(self, argv: list, **environment: str):
        self.popen = subprocess.Popen(argv, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=DATA.parent, env=os.environ | environment)
        self.pid = self.popen.pid

    def round(self) -> tuple[float, int]:
        """The ms of a round, and the sum of all pixels."""
        self.popen.stdin.write("\n")
        self.popen.stdin.flush()
        took, total = self.popen.stdout.readline().split()
        return float(took), int(total)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.popen.stdin.close()
        self.popen.wait()


def compiled(scratch: str, offset: int) -> Loop:
    """The loop of testdata/bench/frames.go."""
    binary = pathlib.Path(scratch) / "frames"
    subprocess.run(["go", "build", "-o", binary, BENCH / "frames.go"], check=True)
    return Loop([binary, str(offset), *sorted((DATA / "fvalues").glob("*.h5"))])


def script() -> Loop:
    """The loop of testdata/bench/arrays.py in plain Python. Without what ipykernel has done
    before, the C library gives each frame's memory back to the system and asks for it anew."""
    return Loop([sys.executable, "-B", "-c", "import arrays; arrays.rounds()"], PYTHONPATH=str(BENCH))


def processor_ms(pid: int) -> float:
    """What a process has used of the processors, in steps of 10 ms."""
    times = psutil.Process(pid).cpu_times()
    return (times.user + times.system) * 1000


@contextlib.contextmanager
def kernel(name: str):
    """A kernel that has what the lesson has before its first long cell, beside the data."""
    with Process(name) as process, Client(process.info) as client:
        client.ready()
        folder = json.dumps(str(DATA.parent))
        if name == GO:
            cells = [f"os.Chdir({folder})", *PRELUDE]
        else:
            cells = [f"import os; os.chdir({folder})", (BENCH / "arrays.py").read_text(), "serialFrames = empty(files)"]
        for code in cells:
            run(client, code)
        yield process, client


def took(client: Client, cells: list[str]) -> float:
    return sum(run(client, code)[0] for code in cells)


def printed(client: Client, code: str) -> str:
    return text_of(run(client, code)[1]).strip()


class Race:
    """The two kernels, the loops, and what was found: the ms of each row by who ran it."""

    def __init__(self, clients: dict[str, Client], pids: dict[str, int], loops: dict[str, Loop]):
        self.clients, self.loops = clients, loops
        self.pids = pids | {who: loop.pid for who, loop in loops.items()}
        self.times: dict[tuple[str, str], list[float]] = {}

    def once(self, who: str, cells: list[str]) -> float:
        if who in self.loops:
            return self.loops[who].round()[0]
        return took(self.clients[PYTHON if who == PYTHON else GO], cells)

    def measure(self, what: str, who: str, cells: list[str]) -> None:
        pid = self.pids[who if who in self.pids else GO]
        before = processor_ms(pid)
        self.times.setdefault((what, who), []).append(self.once(who, cells) / REPEATS.get(what, 1))
        self.times.setdefault((f"{what} processors", who), []).append(processor_ms(pid) - before)

    def round(self, turn: int, work: dict) -> None:
        for what, cells in work.items():
            for who in in_turns(turn, *cells):
                self.measure(what, who, cells[who])

    def same(self, ours: str, theirs: str, *more: int) -> None:
        """Checks that all have computed the same: the sums of all pixels."""
        formats = " ".join(["%.0f"] * ours.count("Sum()"))
        sums = {*map(str, more), *printed(self.clients[GO], f'fmt.Printf("{formats}", {ours})').split(),
                *printed(self.clients[PYTHON], f"print({theirs})").split()}
        if len(sums) != 1:
            raise RuntimeError(f"the sums of all pixels differ: {sums}")

    def compress(self, folder: str) -> None:
        """Makes compressed copies of some files, and lets files be them in both kernels."""
        run(self.clients[PYTHON], f"copies(files[:{COMPRESSED}], {folder!r})")
        run(self.clients[PYTHON], f"files = sorted(glob.glob('{folder}/*.h5')); serialFrames = empty(files)")
        run(self.clients[GO], f'files = must(filepath.Glob("{folder}/*.h5"));')

    def line(self, what: str, ours: tuple[str, str], theirs: tuple[str, str], bound: str = "") -> None:
        line(what, self.times[ours], self.times[theirs], bound)

    def table(self) -> None:
        film, loop, h5py = ("film", GO), ("film", COMPILED), ("serial", PYTHON)
        used, loop_used, h5py_used = ((f"{what} processors", who) for what, who in (film, loop, h5py))
        heading("A thousand files of 257x257 float64, the lesson's cells; ms", "peer")
        self.line("read + scale, as tasks | h5py in ipykernel", film, h5py, "<= 0.33x")
        self.line("read + scale, as tasks | h5py in a script", film, ("serial", SCRIPT), "<= 0.33x")
        self.line("read + scale, as tasks | compiled loop", film, loop, "<= 1.5x")
        self.line("  used of processors | h5py in ipykernel", used, h5py_used)
        self.line("  used of processors | compiled loop", used, loop_used)
        self.line("read + scale, lesson's loop | h5py in ipykernel", ("serial", GO), h5py)
        self.line("(the compiled loop itself | h5py in ipykernel)", loop, h5py)
        self.line(f"{COMPRESSED} gzip files, as tasks | h5py in ipykernel", ("gzip", GO), ("gzip", PYTHON), "<= 0.5x")
        self.line("stack, rechunk(10), sum(0) | dask.array", ("lazy sum", GO), ("lazy sum", PYTHON), "<= 0.33x")
        self.line("sum over axis 0 in memory | NumPy", ("sum", GO), ("sum", PYTHON), "<= 1x")
        self.line("PNG of a frame | Pillow", ("png", GO), ("png", PYTHON), "<= 2 ms")
        self.line("PNG of a frame | image/png", ("png", GO), ("png", "image/png"))


def arrays(rounds: int, scratch: str) -> None:
    """Measures and prints; scratch is a folder for a program and for compressed files."""
    with kernel(GO) as (ours, go), kernel(PYTHON) as (theirs, python):
        offset = int(printed(python, "print(offset(files[0]))"))
        with compiled(scratch, offset) as loop, script() as plain:
            race = Race({GO: go, PYTHON: python}, {GO: ours.pid, PYTHON: theirs.pid}, {COMPILED: loop, SCRIPT: plain})
            for name, cells in READY.items():
                took(race.clients[name], cells)
            for turn in range(rounds):
                race.round(turn, WORK)
                progress("arrays", turn, rounds)
            race.same("serialFrames.Sum(), film.Sum(), lazyTotal.Sum()", "serialFrames.sum(), lazy_total.sum()",
                      loop.round()[1], plain.round()[1])
        race.compress(scratch)
        for turn in range(rounds):
            race.round(turn, GZIP)
        race.same("film.Sum()", "serialFrames.sum()")
    race.table()
