"""What the third lesson does, in Python: pandas, Dask, polars, and the best ways from JSON
lines to HDF5 that were found. e2e/bench_flights.py runs it."""

import glob
import json
import os
import sys

import dask
import h5py
import numpy as np
import pandas as pd
import polars as pl

PATTERN = "nycflights/*.csv"


def part(name):
    delays = pd.read_csv(name, dtype={"TailNum": str}).groupby("Origin").DepDelay
    return delays.sum(), delays.count()


def total(parts):
    return sum(s for s, _ in parts) / sum(c for _, c in parts)


def sequential(folder):
    return total([part(name) for name in sorted(glob.glob(f"{folder}/{PATTERN}"))])


def delayed(folder):
    return total(dask.compute(*map(dask.delayed(part), sorted(glob.glob(f"{folder}/{PATTERN}")))))


def projected(folder):
    flights = pl.scan_csv(f"{folder}/{PATTERN}", schema_overrides={"DepDelay": pl.Float64, "TailNum": pl.String})
    means = flights.group_by("Origin").agg(pl.col("DepDelay").mean()).sort("Origin").collect()
    return pd.Series(means["DepDelay"].to_list(), index=means["Origin"].to_list())


def by_lines(name, out):
    """As the lesson that this one copies does it."""
    with open(name) as f:
        rows = pd.DataFrame([json.loads(line) for line in f])
    if os.path.exists(out):
        os.remove(out)
    rows.to_hdf(out, key="data", format="table")


def by_h5py(name, out):
    """The fastest of those that were tried: pandas' reader of JSON lines, h5py's records."""
    rows = pd.read_json(name, lines=True)
    rows["timestamp"] = pd.to_datetime(rows["timestamp"]).astype("int64")
    with h5py.File(out, "w") as f:
        f["data"] = rows.to_records(index=False)


def by_polars(name, out):
    """polars' reader, and h5py's records."""
    rows = pl.read_ndjson(name).with_columns(pl.col("timestamp").str.to_datetime(time_unit="ns", time_zone="UTC").dt.epoch("ns"))
    records = np.empty(len(rows), dtype=[(n, rows[n].to_numpy().dtype) for n in rows.columns])
    for n in rows.columns:
        records[n] = rows[n].to_numpy()
    with h5py.File(out, "w") as f:
        f["data"] = records


def convert(how, folder, out, scheduler):
    """All companies' files, one after the other or as tasks in threads."""
    calls = [dask.delayed(how)(name, f"{out}/{os.path.basename(name)}.h5") for name in sorted(glob.glob(f"{folder}/daily-stock/*.json"))]
    dask.compute(*calls, scheduler=scheduler)
