"""Executes lesson notebooks with `jupyter nbconvert --execute` and leaves HTML.

    python e2e/lessons.py build/lessons notebooks/01-delayed.ipynb ...

Exits with 1 when a cell of any lesson fails; the others are still executed.
"""

import pathlib
import subprocess
import sys
import time


def execute(notebook: pathlib.Path, out: pathlib.Path) -> bool:
    start = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--execute", "--output-dir", str(out), "--log-level", "WARN", str(notebook)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    ok = run.returncode == 0
    print(f"{'ok    ' if ok else 'FAILED'} {notebook}  {time.monotonic() - start:.1f} s", flush=True)
    if not ok:
        print(run.stdout)
    return ok


def main() -> int:
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    results = [execute(pathlib.Path(nb), out) for nb in sys.argv[2:]]
    if not results:
        print("there are no lessons to run")
        return 1
    print(f"{sum(results)} of {len(results)} lessons ran; their HTML is in {out.resolve()}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
