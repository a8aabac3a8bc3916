"""The programs of programs_test.go in Python. Prints the name and the best of three times in seconds."""

import functools
import math
import queue
import threading
import time


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def loops(n):
    s = 0
    for i in range(n):
        for j in range(n):
            s += i ^ j
    return s


def matmul(n):
    a = [[float(i + j) for j in range(n)] for i in range(n)]
    b = [[float(i - j) for j in range(n)] for i in range(n)]
    c = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            s = 0.0
            for k in range(n):
                s += a[i][k] * b[k][j]
            c[i][j] = s
    return int(c[3][4])


def sieve(n):
    crossed = [False] * (n + 1)
    c = 0
    for i in range(2, n + 1):
        if not crossed[i]:
            c += 1
            for j in range(i + i, n + 1, i):
                crossed[j] = True
    return c


def build(n):
    parts = []
    for _ in range(n):
        parts.append("ab")
    return len("".join(parts))


def count(n):
    keys = [str(i) for i in range(1000)]
    m = {}
    for i in range(n):
        k = keys[i % 1000]
        m[k] = m.get(k, 0) + 1
    return m["77"] + len(m)


def lookup(n):
    m = {}
    for i in range(n):
        m[i] = i * 2
    s = 0
    for i in range(n):
        s += m[i]
    return s


def sortBy(n):
    x = []
    r = 1
    for _ in range(n):
        r = (r * 1103515245 + 12345) % 2147483648
        x.append(r)
    x.sort(key=functools.cmp_to_key(lambda a, b: -1 if a < b else a > b))
    return x[0] + x[n // 2]


class Pt:
    def __init__(self):
        self.x = self.y = 0

    def sum(self):
        return self.x + self.y

    def add(self, d):
        self.x += d
        self.y -= 1


def methods(n):
    p, s = Pt(), 0
    for i in range(n):
        p.add(i)
        s += p.sum()
    return s


class Square:
    def __init__(self, a):
        self.a = a

    def area(self):
        return self.a * self.a


class Rect:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def area(self):
        return self.a * self.b


def interfaces(n):
    xs, s = [Square(3), Rect(2, 5)], 0
    for i in range(n):
        s += xs[i % 2].area()
    return s


def counter(n):
    c = 0

    def inc():
        nonlocal c
        c += 1
        return c

    for _ in range(n):
        inc()
    return c


def roots(n):
    s = 0.0
    for i in range(n):
        s += math.sqrt(float(i))
    return int(s)


def pingpong(n):
    there, back = queue.Queue(1), queue.Queue(1)

    def answer():
        while (v := there.get()) is not None:
            back.put(v + 1)

    threading.Thread(target=answer).start()
    v = 0
    for _ in range(n):
        there.put(v)
        v = back.get()
    there.put(None)
    return v


if __name__ == "__main__":
    import sys

    for call in sys.argv[1:]:
        best = math.inf
        for _ in range(3):
            begin = time.perf_counter()
            eval(call)
            best = min(best, time.perf_counter() - begin)
        print(call, best)
