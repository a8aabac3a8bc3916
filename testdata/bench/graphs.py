"""The graphs of graphs.go for Dask: us per task to build, and to build and compute."""

import sys
import time

from dask import compute, delayed


@delayed
def inc(x): return x + 1
@delayed
def add(x, y): return x + y
@delayed
def mid(x, y, z): return (x + y + z) // 3
@delayed
def total(xs): return sum(xs)


def fanin(n):
    return total([inc(i) for i in range(n - 1)])


def chain(n):
    x = inc(0)
    for _ in range(n - 1):
        x = inc(x)
    return x


def tree(n):
    row = [inc(i) for i in range(n // 2)]
    while len(row) > 1:
        following = [add(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        if len(row) % 2:
            following.append(row[-1])
        row = following
    return row[0]


def stencil(n):
    width = 100
    row = [inc(i) for i in range(width)]
    for _ in range(n // width - 1):
        row = [mid(row[max(i - 1, 0)], row[i], row[min(i + 1, width - 1)]) for i in range(width)]
    return total(row)


n = int(sys.argv[1])
for shape in sys.argv[2:]:
    try:
        start = time.perf_counter()
        z = globals()[shape](n)
        built = time.perf_counter() - start
        compute(z, scheduler="threads")
        print(built / n * 1e6, (time.perf_counter() - start) / n * 1e6, flush=True)
    except RecursionError:  # Dask follows a chain by recursion
        print("nan nan", flush=True)
