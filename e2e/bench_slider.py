"""What a move of the second lesson's sliders costs the kernel, beside ipywidgets.

A move is sent as JupyterLab sends it, and ends when the kernel is idle again. The peer
is ipykernel with an Image widget, which is the fastest that ipywidgets has, on the same
frames. At last the lesson's slider is moved ten thousand times, for its memory.
"""

import time

from bench_arrays import LAZY_SUM, LESSON, SERIAL, kernel
from timing import GO, PYTHON, heading, in_turns, line, milliseconds, progress, run, with_text
from wire import Client, Process

MOVES = {"film": 100, "lazy": 20}  # in a round
COUNTED = 20  # moves whose bytes are counted
LONG = (1_000, 10_000)  # moves after which memory is looked at

SLIDERS = {
    GO: {"film": with_text(LESSON, "return serialFrames.At(iframe).Image()"),
         "lazy": with_text(LESSON, "must(frames.At(iframe).Compute()).Image()")},
    PYTHON: {"film": "slider(lambda i: serialFrames[i], len(files))",
             "lazy": "slider(lambda i: frames[i].compute(), len(files))"},
}
# What the sliders need; the sum itself is not needed.
READY = {GO: [SERIAL, *LAZY_SUM[:-1]], PYTHON: ["fill(serialFrames, files)", "frames = lazy(files)"]}


class Slider:
    """A slider that a cell has shown, as a front end knows it."""

    def __init__(self, client: Client, code: str):
        opened = [m["content"] for m in run(client, code)[1] if m["type"] == "comm_open"]
        self.client = client
        self.comm = next(c["comm_id"] for c in opened if c["data"]["state"]["_model_name"] == "IntSliderModel")
        self.value = 0

    def move(self) -> tuple[float, int]:
        """A move by one until the kernel is idle: its ms, and the bytes that the kernel has sent."""
        self.value = (self.value + 1) % 1000
        update = {"method": "update", "state": {"value": self.value}, "buffer_paths": []}
        start = time.perf_counter()
        moved = self.client.send("comm_msg", {"comm_id": self.comm, "data": update})
        size, pictures = 0, 0
        while True:
            frames = self.client.socket["iopub"].recv_multipart()
            message = self.client.decode(frames)
            if message["parent"].get("msg_id") != moved:
                continue
            size += sum(map(len, frames))
            pictures += message["content"].get("data", {}).get("buffer_paths") == [["value"]]
            if message["content"].get("execution_state") == "idle":
                break
        took = milliseconds(start)
        if pictures != 1:
            raise RuntimeError(f"a move has sent {pictures} pictures")
        return took, size


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def rounds_of(sliders: dict[str, dict[str, Slider]], rounds: int) -> dict[tuple[str, str], list[list[tuple[float, int]]]]:
    """The moves of each kernel's sliders, round by round."""
    found = {}
    for turn in range(rounds):
        for what, moves in MOVES.items():
            for name in in_turns(turn, GO, PYTHON):
                found.setdefault((what, name), []).append([sliders[name][what].move() for _ in range(moves)])
        progress("slider", turn, rounds)
    return found


def memory(process: Process, slider: Slider) -> list[float]:
    """Resident memory in MB after each number of moves in LONG."""
    found, done = [], 0
    for moves in LONG:
        for _ in range(moves - done):
            slider.move()
        done = moves
        found.append(process.rss() / 1e6)
    return found


def table(found: dict) -> None:
    heading("A slider's move, from the front end's update to the kernel's idle", "ipykernel")
    for what, title in {"film": "film in memory", "lazy": "lazy film"}.items():
        for name, part in {"p50": 0.5, "p90": 0.9}.items():
            ours, theirs = ([percentile([ms for ms, _ in r], part) for r in found[what, n]] for n in (GO, PYTHON))
            line(f"{title}, {name}, ms", ours, theirs, "<= 10 ms")
    ours, theirs = ([sum(size for _, size in r[:COUNTED]) / 1e6 for r in found["film", n]] for n in (GO, PYTHON))
    line(f"sent for {COUNTED} moves, MB", ours, theirs, "<= 1 MB")


def slider(rounds: int, scratch: str) -> None:
    """Measures and prints."""
    with kernel(GO) as (process, go), kernel(PYTHON) as (_, python):
        sliders = {}
        for name, client in {GO: go, PYTHON: python}.items():
            for code in READY[name]:
                run(client, code)
            sliders[name] = {what: Slider(client, code) for what, code in SLIDERS[name].items()}
        table(rounds_of(sliders, rounds))
        before, after = memory(process, sliders[GO]["film"])
        line(f"memory after {LONG[0]:,} moves, MB", [before])
        line(f"memory after {LONG[1]:,} moves, MB", [after], bound="as before")
