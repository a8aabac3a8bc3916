"""What the benchmarks share: a kernel's cell, timed, and tables of medians with their peers."""

import json
import os
import pathlib
import statistics
import sys
import time

from wire import Client, cell

GO, PYTHON = "dagbook", "python3"
ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = ROOT / "testdata" / "bench"
DATA = ROOT / "notebooks" / "data"  # made by `make data`


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


def lesson(name: str) -> list[str]:
    """The code cells of a notebook."""
    with open(ROOT / "notebooks" / f"{name}.ipynb") as f:
        cells = json.load(f)["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]


def with_text(cells: list[str], text: str) -> str:
    """The only cell that contains a text; KeyError when the lesson has changed."""
    found = [c for c in cells if text in c]
    if len(found) != 1:
        raise KeyError(f"{len(found)} cells contain {text!r}")
    return found[0]


def in_turns(round_: int, *names: str) -> list[str]:
    """The order of the peers in a round: each round begins with another."""
    at = round_ % len(names)
    return [*names[at:], *names[:at]]


def progress(what: str, round_: int, rounds: int) -> None:
    print(f"{what}: round {round_ + 1} of {rounds}", file=sys.stderr, flush=True)


def heading(title: str, peer: str) -> None:
    """The head of a table. Others' load on the machine costs the parallel forms most; the
    ratio of the fastest rounds is the least disturbed."""
    print(f"\n{title} (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)")
    print(f"{'':46}{'dagbook':>10}{peer:>11}{'ratio':>8}{'fastest':>9}   bound")


def line(what: str, ours: list[float], theirs: list[float] | None = None, bound: str = "") -> None:
    """A row of a table: the medians of ours and of a peer's, their ratio, and that of the least."""
    row = f"{what:46}{statistics.median(ours):10.2f}"
    if theirs:
        peer = statistics.median(theirs)
        row += f"{peer:11.2f}{statistics.median(ours) / peer:8.3f}{min(ours) / min(theirs):9.3f}"
    else:
        row += " " * 28
    print(f"{row}   {bound}", flush=True)
