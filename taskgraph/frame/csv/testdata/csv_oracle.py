"""Random CSV files, and what pandas reads in CSV files, as JSON lines.

    csv_oracle.py make FOLDER SEED N     writes N files and tells of each
    csv_oracle.py tell FILE...           tells of files
"""

import csv
import json
import random
import sys

import pandas as pd

WORDS = ["JFK", "LGA", "EWR", "a,b", 'say "so"', "two\nlines", "münchen", "longer than seven bytes", "x y", "-", "1a"]


def number(r):
    return r.choice([
        lambda: "%d.0" % r.randrange(3000), lambda: repr(r.gauss(0, 1)), lambda: "%.3f" % r.uniform(-99, 99),
        lambda: repr(r.uniform(-1, 1) * 10 ** r.randrange(-300, 300)), lambda: "1e%d" % r.randrange(-5, 30),
        lambda: "inf", lambda: "-Infinity", lambda: ".5", lambda: "7.", lambda: "12345678901234567890.5",
    ])()


KINDS = {
    "int": lambda r, i: str(r.randrange(-10 ** r.randrange(1, 18), 10 ** r.randrange(1, 18))),
    "small": lambda r, i: "%03d" % r.randrange(100),
    "float": lambda r, i: number(r),
    "huge": lambda r, i: "%d.0" % r.randrange(10**25),
    "bool": lambda r, i: r.choice(["true", "False", "TRUE"]),
    "word": lambda r, i: r.choice(WORDS),
    "unique": lambda r, i: "row %d %x" % (i, r.getrandbits(40)),
    "date": lambda r, i: "19%02d-%02d-%02d" % (r.randrange(100), r.randrange(1, 13), r.randrange(1, 29)),
    "clock": lambda r, i: "2026-%02d-%02d %02d:%02d:%02d.%03d" % (r.randrange(1, 13), r.randrange(1, 29), r.randrange(24), r.randrange(60), r.randrange(60), r.randrange(1000)),
    "late": lambda r, i: "word" if i == 150 else str(i),
    "wide": lambda r, i: "2.5" if i > 120 else str(i),
    "mixed": lambda r, i: r.choice(["true", "1", "2.5", "x"]),
    "empty": lambda r, i: "",
}


def make(folder, seed, n):
    r = random.Random(seed)
    for k in range(n):
        names = r.sample(list(KINDS), r.randrange(1, 8))
        holes = {name: r.choice([0, 0, 0.05, 0.5]) for name in names}
        path = "%s/t%d.csv" % (folder, k)
        sep = r.choice([",", ",", ";"])
        with open(path, "w", newline="", encoding=r.choice(["utf-8", "utf-8-sig"])) as f:
            w = csv.writer(f, delimiter=sep, quoting=r.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), lineterminator=r.choice(["\n", "\r\n"]))
            w.writerow(names)
            for i in range(r.choice([0, 1, 3, 200, 400])):
                w.writerow([r.choice(["", "NA", "null"]) if r.random() < holes[n] else KINDS[n](r, i) for n in names])
                if r.random() < 0.02 and len(names) > 1:
                    f.write("\n")
        tell(path, sep)


def tell(path, sep=","):
    frame = pd.read_csv(path, sep=sep)
    columns = []
    for name in frame:
        c = frame[name]
        if name in ("date", "clock") and len(c.dropna()):
            c = pd.to_datetime(c, format="ISO8601").astype("datetime64[ns]")
        values = [None if pd.isna(v) else value(v, c.dtype) for v in c]
        columns.append({"name": name, "dtype": str(c.dtype), "values": values})
    print(json.dumps({"path": path, "sep": sep, "rows": len(frame), "columns": columns}))


def value(v, dtype):
    if dtype.kind == "f":
        return float(v).hex()
    if dtype.kind == "M":
        return str(v.value)
    return str(v)


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
else:
    for path in sys.argv[2:]:
        tell(path)
