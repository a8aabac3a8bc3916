"""The second lesson for h5py, NumPy, Dask and ipywidgets: what e2e/bench_*.py runs in ipykernel.

The same computation as the lesson's cells, written as a user of these libraries does.
"""

import glob
import io
import sys
import time

import dask.array as da
import h5py
import numpy as np
import PIL.Image
from dask import delayed


def scale(x):
    return ((x - x.min()) * (255 / (x.max() - x.min()))).astype(np.uint8)


def read(name):
    with h5py.File(name) as f:
        return scale(f["values"][:])


def empty(files):
    """Room for the film."""
    return np.empty((len(files), *read(files[0]).shape), np.uint8)


def fill(frames, files):
    for i, name in enumerate(files):
        frames[i] = read(name)


def rounds():
    """Fills a film for each line of the input; prints the ms that it took, and the sum of all pixels."""
    frames = empty(files)
    for _ in sys.stdin:
        start = time.perf_counter()
        fill(frames, files)
        print((time.perf_counter() - start) * 1000, frames.sum(), flush=True)


def lazy(files):
    """The film as a lazy array, ten frames in a block."""
    height, width = read(files[0]).shape
    frames = [da.from_delayed(delayed(read)(name), (height, width), np.uint8) for name in files]
    return da.stack(frames).rechunk((10, height, width))


def lazy_sum(files):
    return lazy(files).sum(0).compute(scheduler="threads")


def copies(files, folder):
    """Copies compressed by gzip and shuffle, with h5py's own chunks and level."""
    for i, name in enumerate(files):
        with h5py.File(name) as f, h5py.File(f"{folder}/{i:04}.h5", "w") as g:
            g.create_dataset("values", data=f["values"][:], compression="gzip", shuffle=True)


def offset(name):
    """Where the numbers of a file's dataset, which is not chunked, begin."""
    with h5py.File(name) as f:
        return f["values"].id.get_offset()


def png(frame):
    file = io.BytesIO()
    PIL.Image.fromarray(frame).save(file, "PNG")
    return file.getvalue()


def slider(frame, count):
    """A slider that shows pictures in an Image widget, the fastest that ipywidgets has."""
    import ipywidgets

    image = ipywidgets.Image(value=png(frame(0)), format="png")
    control = ipywidgets.IntSlider(max=count - 1)
    control.observe(lambda change: setattr(image, "value", png(frame(change["new"]))), "value")
    return ipywidgets.VBox([control, image])


files = sorted(glob.glob("data/fvalues/*.h5"))
