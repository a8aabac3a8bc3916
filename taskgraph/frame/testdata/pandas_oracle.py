"""Answers what pandas makes of frames: reads cases as JSON and writes a result for each expression.

A case is {"frames": {name: [[column, type, values], ...]}, "files": {name: path of a CSV},
"times": [columns of files], "expressions": [...]}. The values of
a column are JSON values, null for a missing one; floating-point numbers are texts, times are
nanoseconds. A result is {"error": ...}, a value, or {"index": columns, "columns": columns}.
"""
import json
import sys
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")


def column(kind, values):
    missing = any(v is None for v in values)
    if kind == "int64":
        # NumPy's whole numbers cannot be missing: pandas makes floating-point numbers of them.
        return pd.Series(values, dtype="float64" if missing else "int64")
    if kind == "float64":
        return pd.Series([np.nan if v is None else float(v) for v in values], dtype="float64")
    if kind == "bool":
        return pd.Series(values, dtype="boolean" if missing else "bool")
    if kind == "timestamp":
        return pd.Series(pd.to_datetime(pd.Series(values, dtype="Int64")).astype("datetime64[ns]"))
    return pd.Series(values, dtype="str")


def frame(columns):
    return pd.DataFrame({name: column(kind, values) for name, kind, values in columns})


def told(x):
    """A value as the test compares it: ["n", number], ["s", text], ["t", nanoseconds] or null."""
    if x is None or x is pd.NaT or x is pd.NA:
        return None
    if isinstance(x, (pd.Timestamp, np.datetime64)):
        return ["t", str(pd.Timestamp(x).as_unit("ns").value)]
    if isinstance(x, pd.Timedelta):
        return ["n", repr(x.total_seconds())]
    if isinstance(x, str):
        return ["s", x]
    if isinstance(x, (bool, np.bool_)):
        return ["n", "1" if x else "0"]
    x = float(x)
    return None if np.isnan(x) else ["n", repr(x)]


def levels(index):
    if isinstance(index, pd.MultiIndex):
        return [[told(x) for x in index.get_level_values(i)] for i in range(index.nlevels)]
    return [[told(x) for x in index]]


def answer(x):
    if isinstance(x, pd.Series):
        return {"index": levels(x.index), "names": [""], "columns": [[told(v) for v in x]]}
    if isinstance(x, pd.DataFrame):
        columns = [[told(v) for v in x.iloc[:, i]] for i in range(x.shape[1])]
        names = ["_".join(str(p) for p in n) if isinstance(n, tuple) else str(n) for n in x.columns]
        return {"index": levels(x.index), "names": names, "columns": columns}
    if isinstance(x, (np.ndarray, pd.api.extensions.ExtensionArray, list)):
        return {"index": [], "names": [""], "columns": [[told(v) for v in x]]}
    return {"value": told(x)}


def run(case):
    names = {name: frame(columns) for name, columns in (case["frames"] or {}).items()}
    for name, path in (case["files"] or {}).items():
        names[name] = pd.read_csv(path, parse_dates=case["times"])
    out = []
    for expression in case["expressions"]:
        try:
            out.append(answer(eval(expression, {"pd": pd, "np": np, **names})))
        except Exception as problem:  # the test says whether ours has to be one, too
            out.append({"error": f"{type(problem).__name__}: {problem}"})
    return out


json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
